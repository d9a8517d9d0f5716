"""What the REST routes read and return, as pydantic sees it.

Knows request bodies. The forms of answers are `qa.schema`'s own, only registered here for the
OpenAPI page. Does not know routes.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
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
    _describe(openapi["components"]["schemas"])
    return openapi


def described(form: dict[str, Any]) -> dict[str, Any]:
    """Put the same descriptions into the JSON schema of one form."""
    _describe({**form.get("$defs", {}), form["title"]: form})
    return form


def _describe(forms: dict[str, Any]) -> None:
    for name, fields in _descriptions().items():
        for field, text in fields.items():
            if name in forms and field in forms[name]["properties"]:
                forms[name]["properties"][field]["description"] = text


def unreadable(errors: Sequence[Mapping[str, Any]]) -> str:
    """Say in a sentence where the first of pydantic's errors is, and what is wrong there."""
    where = ".".join(str(part) for part in errors[0]["loc"] if part != "body") or "the body"
    return f"{where}: {errors[0]['msg']}."


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

    sources: list[str] | None = Field(default=None, max_length=1000, description="Publishers.")
    articles: list[str] | None = Field(default=None, max_length=1000, description="Article ids.")
    after: date | None = Field(default=None, description="First date of publication, inclusive.")
    before: date | None = Field(default=None, description="Last date of publication, inclusive.")
    undated: bool = Field(default=True, description="Keep undated articles when a date is given.")

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

    question: str = Field(description="One question about what the articles report.")
    threshold: float | None = Field(
        default=None,
        ge=0.0,
        le=1.0,
        description="Least confidence that is answered; null: the server's.",
    )


class SearchRequest(Scoped):
    """A search for passages."""

    question: str = Field(description="What to look for.")
    k: int = Field(default=10, ge=1, le=100, description="Most passages to return.")


class QuoteRequest(Strict):
    """A sentence to look for."""

    text: str = Field(max_length=MOST_CHARS, description="The sentence to look for.")


class ArticleRequest(Strict):
    """An article by its id."""

    article_id: str = Field(description="The article's id, as in a citation.")


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
