"""The filter form: drawn as it stands, and taken as the reader leaves it.

Knows what the form offers. Does not know what its fields mean (`choice.py`), nor Gradio.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.web import choice as choices
from qa.web.render import render, unkey
from qa.web.sent import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.pipeline import Pipeline
    from qa.web.session import Session

LISTED = 200  # articles offered in the form; the others are chosen from the list


class Filters:
    """What a visit searches."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Offer what the index of `pipeline` holds."""
        self._pipeline = pipeline

    def everything(self) -> choices.Choice:
        """Return the choice that filters nothing."""
        return choices.Choice(threshold=self._pipeline.threshold)

    def form(self, session: Session) -> str:
        """Return the form as it stands."""
        snapshot = self._pipeline.index.snapshot()
        articles = snapshot.articles()
        chosen = session.choice.articles
        # What is chosen is always in the list, wherever it stands among the others.
        ordered = sorted(articles, key=lambda article: article.id not in chosen)
        listed = max(LISTED, len(chosen))
        return render(
            "filters",
            sources=snapshot.sources(),
            articles=ordered[:listed],
            unlisted=max(0, len(articles) - listed),
            chosen=session.choice,
            summary=choices.summary(session.choice, snapshot),
        )

    def choose(self, session: Session, form: Mapping[str, Any]) -> None:
        """Take the filters as the form has them."""
        session.choice = choices.read(form, self._pipeline.threshold)

    def choose_only(self, session: Session, clicked: Mapping[str, Any]) -> None:
        """Ask only one article from now on."""
        session.choice = replace(
            choices.Choice(threshold=session.choice.threshold),
            articles=frozenset({unkey(text(clicked.get("only")))}),
        )

    def choose_all(self, session: Session) -> None:
        """Drop all filters."""
        session.choice = self.everything()
