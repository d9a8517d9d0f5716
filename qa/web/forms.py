"""What the REST routes read and return, as pydantic sees it.

Knows request bodies. The forms of answers are `qa.schema`'s own, only registered here for the
OpenAPI page. Does not know routes.
"""

from __future__ import annotations

from datetime import date  # pydantic reads the annotation

from pydantic import BaseModel, ConfigDict, Field, with_config

from qa import schema
from qa.types import Scope

MOST_CHARS = 20_000  # of a pasted quotation

documented = with_config(ConfigDict(use_attribute_docstrings=True))
for _form in (
    schema.ArticleInfo,
    schema.MarkForm,
    schema.ArticleForm,
    schema.CitationForm,
    schema.AlternativeForm,
    schema.HitForm,
    schema.AnswerForm,
    schema.DifferenceForm,
    schema.QuoteMatchForm,
    schema.QuoteForm,
):
    documented(_form)


class Strict(BaseModel):
    """A body in which a misspelt field is an error, not silently nothing."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Scoped(Strict):
    """Which articles are searched; everything when nothing is given."""

    sources: list[str] | None = Field(default=None, max_length=1000)
    """Publishers."""
    articles: list[str] | None = Field(default=None, max_length=1000)
    """Article ids."""
    after: date | None = None
    """First date of publication, inclusive."""
    before: date | None = None
    """Last date of publication, inclusive."""
    undated: bool = True
    """Keep articles without a date when a date is given."""

    @property
    def scope(self) -> Scope:
        """The scope these fields mean."""
        return Scope(
            sources=None if self.sources is None else frozenset(self.sources),
            articles=None if self.articles is None else frozenset(self.articles),
            after=self.after,
            before=self.before,
            undated=self.undated,
        )


class AskRequest(Scoped):
    """A question to the articles."""

    question: str
    threshold: float | None = Field(default=None, ge=0.0, le=1.0)
    """Least confidence that is answered; null: the server's."""


class SearchRequest(Scoped):
    """A search for passages."""

    question: str
    k: int = Field(default=10, ge=1, le=100)
    """Most passages to return."""


class QuoteRequest(Strict):
    """A sentence to look for."""

    text: str = Field(max_length=MOST_CHARS)


class SearchResponse(Strict):
    """Passages, best first."""

    hits: list[schema.HitForm]
    generation: int
    """The state of the index that was searched."""


class Trouble(Strict):
    """What went wrong, and what to do about it."""

    what: str
    cure: str


class TroubleResponse(Strict):
    """Every answer that is not a success has this form."""

    error: Trouble


class Health(Strict):
    """Whether the server takes questions."""

    status: str
    articles: int
    generation: int
