"""What an update writes, where PostgreSQL does it otherwise than SQLite.

Knows how vectors travel in bulk and that words are kept beside the rows. Does not know which rows
there are (qa/index/rows.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.index.postgres.connect import Half
from qa.index.postgres.failures import translated
from qa.index.rows import Rows
from qa.index.sparse import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.index.postgres.postings import Pending
    from qa.index.postgres.store import PostgresStore
    from qa.types import Article


class PostgresRows(Rows):
    """Writes the steps of a plan. The caller opens and ends the transaction."""

    def __init__(self, store: PostgresStore) -> None:
        """Write into `store`."""
        super().__init__(store)
        self._ours = store

    def _put_vectors(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        sql = "COPY vectors (pid, checksum, vector) FROM STDIN (FORMAT BINARY)"
        with (
            translated(self._ours.address),
            self._ours.connection.cursor() as cursor,
            cursor.copy(sql) as copy,
        ):
            copy.set_types(["int8", "int8", "halfvec"])
            for pid, checksum, vector in rows:
                copy.write_row((pid, checksum, Half(vector)))

    def _publish(self, article: Article, passages: Sequence[tuple[int, int, int]]) -> None:
        title = tokens(article.title)
        for pid, start, end in passages:
            self._ours.pending.add(pid, (tokens(article.text[start:end]), title))

    def _bury(self, article_ids: Sequence[str]) -> None:
        for article_id in article_ids:
            take_out(self._ours, article_id, self._ours.pending)


def take_out(store: PostgresStore, article_id: str, pending: Pending) -> None:
    """Note that the words of an article's passages are to go."""
    article = store.article("id", article_id)
    if article is None:
        return
    title = tokens(article.title)
    key = store.rows("SELECT key FROM articles WHERE id = ?", article_id)[0][0]
    for row in store.passage_rows_of(key):
        pending.remove(row.pid, (tokens(article.text[row.start : row.end]), title))
