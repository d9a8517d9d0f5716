"""A scope as a condition of SQL.

Knows the columns of the articles table. Does not know who asks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Scope


def condition(scope: Scope) -> tuple[str, list[str]]:
    """Return what a row of `articles` must meet to be in `scope`, and its values."""
    sql, values = _named(scope)
    if not scope.undated:
        sql.append("published IS NOT NULL")
    for bound, comparison in ((scope.after, ">="), (scope.before, "<=")):
        if bound is not None:
            sql.append(f"(published IS NULL OR published {comparison} ?)")
            values.append(bound.isoformat())
    return " AND ".join(sql), values


def undated(scope: Scope) -> tuple[str, list[str]]:
    """Return what an undated article must meet to be in `scope` but for its lack of a date."""
    sql, values = _named(scope)
    return " AND ".join([*sql, "published IS NULL"]), values


def _named(scope: Scope) -> tuple[list[str], list[str]]:
    sql, values = ["1"], []
    for column, allowed in (
        ("source IN (SELECT value FROM json_each(?))", scope.sources),
        ("id IN (SELECT value FROM json_each(?))", scope.articles),
    ):
        if allowed is not None:
            sql.append(column)
            values.append(json.dumps(sorted(allowed)))
    return sql, values
