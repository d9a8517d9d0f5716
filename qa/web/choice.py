"""What the reader has chosen to search: the filter form's fields and the Scope they mean.

Knows the form's names and how to read them from a browser that may send anything. Does not
know HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from qa.types import Scope
from qa.web.render import amount, unkey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.index import Snapshot

MOST_CHOSEN = 1000  # names a browser may send; a page offers fewer


@dataclass(frozen=True, slots=True)
class Choice:
    """The filters as chosen. `Choice()` with the pipeline's threshold filters nothing."""

    threshold: float
    sources: frozenset[str] = frozenset()  # none chosen: all
    articles: frozenset[str] = frozenset()  # ids; none chosen: all
    after: str = ""  # ISO date, inclusive; "": any
    before: str = ""  # ISO date, inclusive; "": any
    undated: bool = True

    @property
    def scope(self) -> Scope:
        """The scope that these filters mean."""
        return Scope(
            sources=self.sources or None,
            articles=self.articles or None,
            after=_date(self.after),
            before=_date(self.before),
            # Undated articles may only be dropped by a date filter, never by a stray box.
            undated=self.undated or not (self.after or self.before),
        )


def read(form: Mapping[str, Any], threshold: float) -> Choice:
    """Return the choice that a submitted form means; what cannot be read is left out."""
    after, before = (_iso(form.get(name)) for name in ("after", "before"))
    return Choice(
        threshold=_share(form.get("threshold"), threshold),
        sources=frozenset(_names(form.get("source"))),
        articles=frozenset(_names(form.get("article"))),
        after=after,
        before=before,
        undated=bool(form.get("undated")),
    )


def summary(choice: Choice, snapshot: Snapshot) -> str:
    """Say how many articles are in scope and how many undated ones were left out."""
    every, _ = snapshot.in_scope(Scope())
    inside, left_out = snapshot.in_scope(choice.scope)
    said = f"{inside:,} of {amount(every, 'article')} in scope."
    if left_out:
        said += f" {amount(left_out, 'undated article')} left out."
    elif choice.after or choice.before:
        dated, _ = snapshot.in_scope(replace(choice.scope, undated=False))
        said += f" {inside - dated:,} of them undated." if inside > dated else ""
    if choice.after and choice.before and choice.after > choice.before:
        said += " The first date is after the second."
    return said


def in_words(choice: Choice, snapshot: Snapshot) -> str:
    """Return what was searched, for the turn that was answered under it; "" for everything."""
    if choice.scope.everything:
        return ""
    every, _ = snapshot.in_scope(Scope())
    inside, _ = snapshot.in_scope(choice.scope)
    return f"{inside:,} of {amount(every, 'article')}"


def _names(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [unkey(name) for name in values[:MOST_CHOSEN] if isinstance(name, str) and name]


def _iso(value: object) -> str:
    return value if isinstance(value, str) and _date(value) else ""


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _share(value: object, default: float) -> float:
    try:
        share = float(value)  # type: ignore[arg-type]  # anything else raises TypeError
    except (TypeError, ValueError):
        return default
    return share if 0.0 <= share <= 1.0 else default
