"""A conversation as Markdown, with its citations, to keep or to send.

Knows Markdown and what in a text would be taken for it. Does not know the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from qa.web.render import confidence_words, day, original_url, percent, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.types import Citation
    from qa.web.turns import Numbered, Turn


def markdown(turns: Iterable[Turn]) -> str:
    """Return the conversation so far; pending turns are left out."""
    lines = ["# Conversation with the articles", ""]
    for turn in turns:
        if not turn.pending:
            lines += [*_turn(turn), ""]
    return "\n".join(lines)


def data_url(turns: Iterable[Turn]) -> str:
    """Return the conversation as an address that a link can save, so no file stays behind."""
    return "data:text/markdown;charset=utf-8," + quote(markdown(turns), safe="")


def _turn(turn: Turn) -> Iterator[str]:
    yield f"## {plain(turn.question)}"
    yield ""
    answer = turn.answer
    if answer is None:
        yield plain(turn.trouble)
        return
    if turn.rewritten:
        yield f"Searched as: {plain(answer.searched_as)}"
        yield ""
    if answer.text is None:
        yield f"*The articles do not say.* {plain(answer.explanation)}".rstrip()
        return
    for quotation in answer.items if len(answer.items) > 1 else (answer.text,):
        yield f"> “{plain(quotation)}”"
        yield ">"
    yield ""
    sure = f"{confidence_words(answer.confidence)} ({percent(answer.confidence)})"
    yield f"Confidence: {sure}"
    yield ""
    yield from (_citation(numbered) for numbered in turn.citations)
    if answer.differs:
        yield ""
        yield "Other articles answer differently:"
        yield ""
        for other in turn.others:
            yield f"- “{plain(other.alternative.text)}”"
            yield from ("  " + _citation(numbered) for numbered in other.citations)


def _citation(numbered: Numbered) -> str:
    citation: Citation = numbered.citation
    article = citation.article
    told = [article.source or article.byline or article.path, day(article.published)]
    url = original_url(citation)
    place = f"¶ {citation.paragraph}, characters {citation.start}–{citation.end}"
    line = f"[{numbered.number}] {plain(article.title)} — {plain(', '.join(told))}, {place}"
    return f"- {line}" + (f" <{url}>" if url else "") + f"  \n  {plain(citation.sentence)}"


def plain(text: str) -> str:
    """Return `text` on one line with nothing in it that Markdown or HTML would act on."""
    folded = " ".join(str(visible(text)).split())
    return re.sub(r"([\\`*_{}\[\]<>#|~!&]|^[-+]|(?<=^\d)[.)])", r"\\\1", folded)
