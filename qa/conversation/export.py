"""A conversation as Markdown, with its citations.

Knows the turns and Markdown. Does not know how anything was answered. Article text, titles,
addresses and questions are untrusted: nothing in them may become markup, a link or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from qa.confidence import words as in_words

if TYPE_CHECKING:
    from qa.conversation.focus import Said
    from qa.types import Answer, Citation

CLOSEST = 3  # passages shown where there is no answer
SHOWN = 300  # characters of each

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:@^=$%])")
_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def to_markdown(turns: Iterable[Said], title: str = "Conversation") -> str:
    """Write turns down: question, quotation, its sentence and where it stands.

    Args:
        turns: With `question` and `answer`; a turn without an answer is left out.
        title: The heading.
    """
    lines = [f"# {plain(title)}", ""]
    for number, turn in enumerate((turn for turn in turns if turn.answer is not None), start=1):
        if turn.answer is None:  # narrows the type; the line above leaves none
            continue
        lines += [f"## {number}\\. {plain(turn.question)}", ""]
        if turn.answer.searched_as not in {"", turn.question}:
            lines += [f"Searched as: {plain(turn.answer.searched_as)}", ""]
        lines += _answered(turn.answer) if turn.answer.text is not None else _abstained(turn.answer)
    lines += [
        "---",
        "",
        "Every quotation is cut from an article and stands there word for word.",
        "",
    ]
    return "\n".join(lines)


def _answered(answer: Answer) -> Iterator[str]:
    yield f"**“{plain(answer.text or '')}”**"
    yield ""
    yield f"Confidence: {in_words(answer.confidence)} ({answer.confidence:.0%})"
    yield ""
    yield from _cited(answer.citations)
    if answer.differs and answer.alternatives:
        yield "Other articles give another answer:"
        yield ""
        for other in answer.alternatives:
            yield f"**“{plain(other.text)}”** ({in_words(other.confidence)} confidence)"
            yield ""
            yield from _cited(other.citations)


def _cited(citations: Sequence[Citation]) -> Iterator[str]:
    for citation in citations:
        yield f"> {_marked(citation)}"
        yield ">"
        yield f"> — {_place(citation)}"
        yield ""


def _marked(citation: Citation) -> str:
    """Return the sentence with the quotation in it marked."""
    at = citation.start - citation.sentence_start
    end = at + len(citation.quote)
    before, after = citation.sentence[:at], citation.sentence[end:]
    left = f"{plain(before)} " if before[-1:].isspace() else plain(before)
    right = f" {plain(after)}" if after[:1].isspace() else plain(after)
    return f"{left}**{plain(citation.quote)}**{right}"


def _place(citation: Citation) -> str:
    article = citation.article
    when = article.published.isoformat() if article.published else "undated"
    told = [plain(article.title)]
    told += [plain(part) for part in (article.source, article.byline) if part]
    told += [when, f"¶ {citation.paragraph}"]
    address = safe_url(article.url)
    return ", ".join(told) + (f", <{address}>" if address else "")


def _abstained(answer: Answer) -> Iterator[str]:
    reason = answer.reason.value if answer.reason else "no answer"
    yield f"*No answer: {plain(reason)}.*" + (
        f" {plain(answer.explanation)}" if answer.explanation else ""
    )
    yield ""
    if answer.hits:
        yield "Closest passages (not an answer):"
        yield ""
    for hit in answer.hits[:CLOSEST]:
        text = hit.passage.text
        cut = f"{text[:SHOWN].rsplit(None, 1)[0]} …" if len(text) > SHOWN else text
        yield f"> {plain(cut)}"
        yield ">"
        yield f"> — {plain(hit.passage.article_id)}"
        yield ""


def plain(text: str) -> str:
    """Return `text` as one line of Markdown that shows just these characters."""
    line = " ".join(_HIDDEN.sub(" ", text).split())
    return _MARKUP.sub(r"\\\1", line).translate(_ENTITIES)


def safe_url(url: str | None) -> str:
    """Return a web address that can stand between < and >, or "" for any other."""
    if not url:
        return ""
    address = quote("".join(_HIDDEN.sub("", url).split()), safe=":/?#@!$&'()*+,;=%~-._")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = re.fullmatch(r"[\w.-]+(?::\d+)?", parts.netloc)
    return address if parts.scheme in {"http", "https"} and host else ""
