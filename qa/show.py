"""Answers, hits and indexes as text for a terminal.

Knows rich. Does not know how anything it shows came about. On a pipe rich writes no colour,
and the lines stay whole.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from qa.confidence import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.index import Progress as Told
    from qa.pipeline import Pipeline
    from qa.quotes import QuoteCheck
    from qa.types import Alternative, Answer, Citation, Hit

PIPE_WIDTH = 10_000  # columns; a pipe gets its lines unbroken


def console() -> Console:
    """Return where results go."""
    return Console(
        highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH
    )


def as_json(form: Any) -> None:
    """Write a plain value as JSON."""
    sys.stdout.write(json.dumps(form, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress() -> Iterator[Told]:
    """Show a progress bar on stderr when it is a terminal; nothing otherwise."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    tasks: dict[str, Any] = {}

    def told(done: int, total: int, what: str) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    with bar:
        yield told


def answer(found: Answer) -> None:
    """Write an answer with its citations, or why there is none."""
    out = console()
    if found.searched_as and found.searched_as != found.question:
        out.print(Text(f"searched as: {found.searched_as}", style="dim"))
    if found.text is None:
        _abstention(out, found)
        return
    for item in found.items or (found.text,):
        out.print(Text(item, style="bold"))
    out.print()
    for number, citation in enumerate(found.citations, start=1):
        _citation(out, number, citation, found.text)
    agree = found.support > 1 and not found.items
    support = f", {found.support} independent articles" if agree else ""
    out.print(
        Text(
            f"confidence: {words(found.confidence)} ({found.confidence:.0%}){support}", style="dim"
        )
    )
    _others(out, "The articles differ:" if found.differs else "Less likely:", found.alternatives)


def _abstention(out: Console, found: Answer) -> None:
    reason = found.reason.value if found.reason else ""
    out.print(Text("The articles do not say.", style="bold"))
    out.print(Text(f"{found.explanation} ({reason})"))
    _others(out, "Candidates:", found.alternatives)
    if found.hits:
        out.print()
        out.print(Text("Closest passages (not an answer):", style="dim"))
        for near in found.hits[:3]:
            out.print(Text(f"  {near.passage.id}: {_short(near.passage.text)}", style="dim"))


def _others(out: Console, heading: str, others: Sequence[Alternative]) -> None:
    if others:
        out.print()
        out.print(Text(heading, style="dim"))
    for other in others:
        line = Text(f"  {other.text}")
        line.append(f"  ({other.confidence:.0%}; {source_line(other.citations[0])})", style="dim")
        out.print(line)


def _citation(out: Console, number: int, citation: Citation, said: str) -> None:
    """Write a citation with its sentence, unless that is all that was `said` above."""
    if citation.sentence != said:
        shift = citation.start - citation.sentence_start
        sentence = Text(citation.sentence)
        sentence.stylize("bold underline", shift, shift + len(citation.quote))
        out.print(sentence)
    out.print(Text(f"[{number}] {source_line(citation)}", style="cyan"))
    out.print()


def source_line(citation: Citation) -> str:
    """Return "title — source, byline, date, file, ¶ n", less what is not stated."""
    article = citation.article
    stated = [
        article.source,
        article.byline,
        article.published.isoformat() if article.published else None,
        article.path,
        f"¶ {citation.paragraph}",
    ]
    return f"{article.title} — {', '.join(part for part in stated if part)}"


def hits(found: Sequence[Hit], pipeline: Pipeline) -> None:
    """Write retrieved passages, best first."""
    out = console()
    snapshot = pipeline.index.snapshot()
    for hit in found:
        title = snapshot.article(hit.passage.article_id).title
        out.print(Text(f"{hit.rank:>2}  {hit.score:.3f}  {title}  {hit.passage.id}", style="cyan"))
        out.print(Text(f"    {_short(hit.passage.text)}"))


def facts(pipeline: Pipeline) -> dict[str, Any]:
    """Return what an index holds, its recipe, and whether it is up to date."""
    snapshot = pipeline.index.snapshot()
    manifest = snapshot.manifest
    first, last = snapshot.dates()
    return {
        "index": str(pipeline.index.place),
        "articles folder": manifest.articles,
        "articles": len(snapshot.articles()),
        "passages": len(snapshot),
        "sources": dict(snapshot.sources()),
        "published": [first.isoformat(), last.isoformat()] if first and last else None,
        "generation": snapshot.generation,
        "up to date": not pipeline.staleness(),
        "created": manifest.created,
        "format": manifest.format,
        "encoder": manifest.encoder,
        "encoder sha256": manifest.encoder_sha256,
        "dimension": manifest.dimension,
        "passage words": manifest.passage_words,
        "reader": pipeline.reader.name,
        "threshold": pipeline.threshold,
    }


def quote(check: QuoteCheck) -> None:
    """Write where a quotation stands and what was changed in it."""
    out = console()
    out.print(Text(check.verdict.value, style="bold"))
    for match in check.matches:
        out.print()
        out.print(Text(match.quote))
        for difference in match.differences:
            out.print(
                Text(f"  given “{difference.given}”, stands “{difference.found}”", style="dim")
            )
        article = match.article
        stated = [article.source, article.published and article.published.isoformat(), article.path]
        place = ", ".join(str(part) for part in stated if part)
        out.print(
            Text(f"{article.title} — {place}, ¶ {article.paragraph(match.start)}", style="cyan")
        )


def _short(text: str, most: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
