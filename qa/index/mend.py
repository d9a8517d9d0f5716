"""Check every row of a damaged store, and take out what cannot be trusted.

Knows what must hold between rows. Does not know the article files: what is taken out here is
read from them again by the update that follows.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged
from qa.index.records import row_checksum, vector_checksum

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.index.store import Store

log = logging.getLogger(__name__)


def mend(store: Store, forget: Callable[[], None]) -> None:
    """Remove the articles that are damaged, and have all files read again if there are any.

    Args:
        store: Open for writing.
        forget: Called inside the transaction: drops what may have been made of the damage.

    Raises:
        IndexDamaged: More is damaged than articles.
    """
    store.manifest()
    store.state()
    bad = _bad_articles(store)
    if store.rows(
        "SELECT 1 FROM vectors WHERE pid NOT IN (SELECT pid FROM passages) LIMIT 1"
    ):  # and whose they were is lost with them
        raise store.damaged("passages are missing")
    if not bad and not _strays(store):
        return
    log.warning("%s: %d damaged articles are read again", store.place, len(bad))
    with store.writing():
        store.many("DELETE FROM articles WHERE key = ?", [(key,) for key in sorted(bad)])
        store.rows("DELETE FROM passages WHERE article NOT IN (SELECT key FROM articles)")
        store.rows("DELETE FROM vectors WHERE pid NOT IN (SELECT pid FROM passages)")
        for table in ("bands", "copies"):
            store.rows(f"DELETE FROM {table} WHERE article NOT IN (SELECT key FROM articles)")  # noqa: S608  # ours
        store.rows("DELETE FROM copies WHERE other NOT IN (SELECT key FROM articles)")
        store.rows("UPDATE files SET sha256 = ''")
        forget()
        store.note("state", str(store.state().following()))


def _bad_articles(store: Store) -> set[int]:
    """Return the keys of the articles of which some row is not what was stored."""
    bad = set()
    held = {key for (key,) in store.rows("SELECT key FROM articles")}
    for key in sorted(held):
        try:
            store.article("key", key)
            store.passage_rows_of(key)
        except IndexDamaged:
            bad.add(key)
    for key, pid, checksum, vector in store.stream(
        "SELECT article, passages.pid, vectors.checksum, vector FROM passages"
        " LEFT JOIN vectors ON vectors.pid = passages.pid"
    ):
        if vector is None or vector_checksum(pid, vector) != checksum:
            bad.add(key)
    for article, other, checksum in store.rows("SELECT article, other, checksum FROM copies"):
        if row_checksum((article, other)) != checksum:
            bad |= min({article, other}, held)
    return bad


def _strays(store: Store) -> bool:
    """Say whether there are rows that belong to nothing."""
    return bool(
        store.rows("SELECT 1 FROM passages WHERE article NOT IN (SELECT key FROM articles) LIMIT 1")
    )
