"""What the REST routes read and return, as pydantic sees it.

Knows request bodies. The forms of answers are `qa.schema`'s own, only registered here for the
OpenAPI page. Does not know routes.
"""

from __future__ import annotations

import ast
import inspect
from datetime import date  # pydantic reads the annotation
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qa import schema
from qa.types import Scope

MOST_CHARS = 20_000  # of a pasted quotation


def describe(openapi: dict[str, Any]) -> dict[str, Any]:
    """Put the descriptions that stand under each field in `qa.schema` into an OpenAPI document.

    pydantic could look them up itself, but reads the source anew for each of the forms.
    """
    forms = openapi["components"]["schemas"]
    for name, described in _descriptions().items():
        for field, text in described.items():
            if name in forms and field in forms[name]["properties"]:
                forms[name]["properties"][field]["description"] = text
    return openapi


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    """Return form → field → the string that stands under the field."""
    found: dict[str, dict[str, str]] = {}
    for form in ast.parse(inspect.getsource(schema)).body:
        if isinstance(form, ast.ClassDef):
            for field, below in pairwise(form.body):
                if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                    text = ast.literal_eval(below.value)
                    found.setdefault(form.name, {})[ast.unparse(field.target)] = text
    return found


class Strict(BaseModel):
    """A body in which a misspelt field is an error, not silently nothing."""

    model_config = ConfigDict(extra="forbid")


class Scoped(Strict):
    """Which articles are searched; everything when nothing is given."""

    sources: list[str] | None = Field(None, max_length=1000, description="Publishers.")
    articles: list[str] | None = Field(None, max_length=1000, description="Article ids.")
    after: date | None = Field(None, description="First date of publication, inclusive.")
    before: date | None = Field(None, description="Last date of publication, inclusive.")
    undated: bool = Field(True, description="Keep undated articles when a date is given.")

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
    threshold: float | None = Field(
        None, ge=0.0, le=1.0, description="Least confidence that is answered; null: the server's."
    )


class SearchRequest(Scoped):
    """A search for passages."""

    question: str
    k: int = Field(10, ge=1, le=100, description="Most passages to return.")


class QuoteRequest(Strict):
    """A sentence to look for."""

    text: str = Field(max_length=MOST_CHARS)


class SearchResponse(Strict):
    """Passages, best first."""

    hits: list[schema.HitForm]
    generation: int = Field(description="The state of the index that was searched.")


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
