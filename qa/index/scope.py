"""A scope as a condition of SQL.

Knows the columns of the articles table. Does not know who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.index.store import Store
    from qa.types import Scope


def condition(scope: Scope, store: Store) -> tuple[str, list[Any]]:
    """Return what a row of `articles` must meet to be in `scope`, and its values."""
    sql, values = _named(scope, store)
    if not scope.undated:
        sql.append("published IS NOT NULL")
    for bound, comparison in ((scope.after, ">="), (scope.before, "<=")):
        if bound is not None:
            sql.append(f"(published IS NULL OR published {comparison} ?)")
            values.append(bound.isoformat())
    return " AND ".join(sql), values


def undated(scope: Scope, store: Store) -> tuple[str, list[Any]]:
    """Return what an undated article must meet to be in `scope` but for its lack of a date."""
    sql, values = _named(scope, store)
    return " AND ".join([*sql, "published IS NULL"]), values


def _named(scope: Scope, store: Store) -> tuple[list[str], list[Any]]:
    sql, values = ["1 = 1"], []
    for column, allowed in (("source", scope.sources), ("id", scope.articles)):
        if allowed is not None:
            listed, value = store.listed(column, sorted(allowed))
            sql.append(listed)
            values.append(value)
    return sql, values
