"""A pasted sentence held against the articles.

Knows what is shown of a checked quotation. Does not know how one is found (`qa.quotes`), how
its differences are cut (`quote_view.py`), nor Gradio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.web.quote_view import pieces
from qa.web.render import render

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from qa.web.session import Session

MOST_SHOWN = 50  # places of one quotation


class Checking:
    """Whether the articles hold a sentence."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Look in the articles of `pipeline`."""
        self._pipeline = pipeline

    def check(self, session: Session, text: str) -> str:
        """Return whether the articles hold a pasted sentence, and where."""
        if not text.strip():
            return render("quote", trouble="", check=None, matches=())
        try:
            found = self._pipeline.find_quote(text)
        except QAError as error:
            return render("quote", trouble=str(error), check=None, matches=())
        session.matches = found.matches[:MOST_SHOWN]
        return render(
            "quote",
            trouble="",
            check=found,
            matches=[
                {"article": match.article, "paragraph": match.paragraph, "pieces": pieces(match)}
                for match in session.matches
            ],
        )
