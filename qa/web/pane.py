"""The article beside the conversation, open at a place.

Knows what a click on a citation, a match, a passage or an article opens. Does not know how a
text is cut for showing (`article_view.py`), nor Gradio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.web.article_view import Place, view
from qa.web.render import original_url, render, safe_url, unkey
from qa.web.sent import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.pipeline import Pipeline
    from qa.types import Article, Citation
    from qa.web.session import Session


class Pane:
    """Where articles are read."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Show the articles of `pipeline`."""
        self._pipeline = pipeline

    def nothing(self, notice: str = "", *, focus: bool = False) -> str:
        """Return the pane with no article in it."""
        return render(
            "article", article=None, opening=notice, notice=notice, focus="yes" if focus else "no"
        )

    def open(self, session: Session, clicked: Mapping[str, Any]) -> str:
        """Return the article that a click asks for, at its place."""
        turn, cited = session.turn(clicked.get("turn")), number(clicked.get("citation"))
        found = turn.place(cited) if turn is not None and cited is not None else None
        if found is not None:
            return self.citation(session, found.citation, found.number, focus=True)
        at = number(clicked.get("match"))
        if at is not None and 0 <= at < len(session.matches):
            match = session.matches[at]
            place = Place(match.start, match.end)
            return self._at(session, match.article, place, at + 1, "quotation", focus=True)
        try:
            article_id = unkey(text(clicked.get("article")))
            article = self._pipeline.index.snapshot().article(article_id)
        except QAError:
            return self.nothing("That article is no longer in the index.", focus=True)
        start, end = number(clicked.get("start")), number(clicked.get("end"))
        place = Place()
        if start is not None and end is not None and 0 <= start < end <= len(article.text):
            place = Place(start, end)
        return self._at(session, article, place, None, "passage", focus=True)

    def citation(self, session: Session, citation: Citation, count: int, *, focus: bool) -> str:
        """Return the cited article, as it was quoted, at the quotation."""
        place = Place(
            citation.start,
            citation.end,
            citation.sentence_start,
            citation.sentence_start + len(citation.sentence),
        )
        return self._at(
            session, citation.article, place, count, "quotation",
            focus=focus, url=original_url(citation),
        )  # fmt: skip

    def _at(
        self,
        session: Session,
        article: Article,
        place: Place,
        count: int | None,
        kind: str,
        *,
        focus: bool,
        url: str | None = None,
    ) -> str:
        return render(
            "article",
            article=article,
            shown=view(article, place),
            number=count,
            kind=kind,
            url=url or safe_url(article.url),
            opening=session.opening(),
            focus="yes" if focus else "no",
        )
