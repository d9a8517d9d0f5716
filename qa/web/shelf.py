"""The list of articles: found by their heads and by their text, added and removed.

Knows what the collection holds. Does not know how files are taken (`uploads.py`), nor Gradio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.text import fold
from qa.types import Scope
from qa.web.render import amount, day, render, unkey
from qa.web.sent import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qa.index import Progress, Snapshot
    from qa.pipeline import Pipeline
    from qa.web.uploads import Uploads

PAGE = 50  # articles shown at a time
TEXT_HITS = 5  # passages shown under a search


class Shelf:
    """What can be asked."""

    def __init__(self, pipeline: Pipeline, uploads: Uploads | None) -> None:
        """List what the index of `pipeline` holds; `uploads` None: files cannot be added."""
        self._pipeline = pipeline
        self._uploads = uploads

    @property
    def open(self) -> bool:
        """Say whether files can be added."""
        return self._uploads is not None

    def masthead(self) -> str:
        """Return the page's head: how many articles, from when to when."""
        snapshot = self._pipeline.index.snapshot()
        return render("masthead", holdings=holdings(snapshot, snapshot.in_scope(Scope())[0]))

    def listed(self, wanted: str = "", shown: object = 0, notice: str = "") -> str:
        """Return the list of articles whose head has the words `wanted`, and text that fits."""
        snapshot = self._pipeline.index.snapshot()
        every = snapshot.articles()
        words = fold(wanted).split()
        found = [article for article in every if all(word in _head(article) for word in words)]
        count = min((number(shown) or 0) + PAGE, len(found))
        said = (
            f"{amount(len(found), 'article')} of {len(every):,} with these words in their head."
            if words
            else holdings(snapshot, len(every))
        )
        return render(
            "corpus",
            summary=f"{notice} {said}".strip(),
            articles=found[:count],
            more=len(found) - count,
            page=PAGE,
            hits=self._text_hits(wanted) if words else (),
            removable=self._removable(found[:count]),
        )

    def add(self, files: Sequence[tuple[str, Path]], progress: Progress | None) -> str:
        """Add files, and say what became of them."""
        if self._uploads is None:
            return "Adding files is switched off."
        try:
            return str(self._uploads.add(files, progress))
        except QAError as error:
            return str(error)

    def remove(self, clicked: Mapping[str, Any]) -> str:
        """Remove an uploaded article's file, and say so."""
        if self._uploads is None:
            return "Removing files is switched off."
        try:
            article_id = unkey(text(clicked.get("article")))
            article = self._pipeline.index.snapshot().article(article_id)
            self._uploads.remove(article.path)
        except QAError as error:
            return str(error)
        return f"“{article.title}” was removed."

    def _text_hits(self, wanted: str) -> Sequence[Any]:
        try:
            return self._pipeline.search(wanted, TEXT_HITS)
        except QAError:  # too long to be searched
            return ()

    def _removable(self, articles: Sequence[Any]) -> frozenset[str]:
        if self._uploads is None:
            return frozenset()
        return frozenset(article.id for article in articles if self._uploads.holds(article.path))


def holdings(snapshot: Snapshot, count: int) -> str:
    """Say how many articles there are, from when to when, and how many are undated."""
    first, last = snapshot.dates()
    undated = count - snapshot.in_scope(Scope(undated=False))[0]
    said = [amount(count, "article")]
    if first and last:
        said.append(f"from {day(first)} to {day(last)}" if first != last else f"of {day(first)}")
    if undated:
        said.append("undated" if undated == count else f"{undated:,} undated")
    return ", ".join(said)


def _head(article: Any) -> str:
    told = (article.title, article.source, article.byline, article.path)
    return fold(" ".join([*(part for part in told if part), day(article.published)]))
