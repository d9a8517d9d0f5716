"""The rows of an index in PostgreSQL.

Knows how statements and transactions run there. Does not know what is in the rows (the `Store`
it is knows that), nor who writes.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.index.postgres.connect import connect
from qa.index.postgres.failures import damaged, translated
from qa.index.postgres.postings import Pending
from qa.index.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa.errors import IndexDamaged
    from qa.index.postgres.address import Address

AT_ONCE = 1000  # rows of a stream
DAMAGED = "damaged"  # in the meta table: the next update must check every row


class PostgresStore(Store):
    """The rows of an index in a schema of a database, over one connection."""

    def __init__(self, address: Address) -> None:
        """Connect.

        Raises:
            StoreError: The server gives no connection.
        """
        super().__init__(address)
        self.address = address
        self.connection = connect(address)
        weakref.finalize(self, self.connection.close)  # at the latest when the process ends
        self.pending = Pending()
        self._streams = 0

    def is_current(self) -> bool:
        """Say whether the server still answers on this connection."""
        with suppress(QAError):
            return self.rows("SELECT 1") == [(1,)]
        return False

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def damaged(self, what: str) -> IndexDamaged:
        """Return the error of an index that does not hold what it should, and note it."""
        # On a connection of its own: this one may be in a transaction that only reads.
        with suppress(QAError):
            note = PostgresStore(self.address)
            try:
                note.note(DAMAGED, what)
            finally:
                note.close()
        return damaged(self.address, what)

    # -- statements

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with translated(self.address), self.connection.cursor(binary=True) as cursor:
            cursor.execute(sql.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []

    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run one statement and yield its rows as they come."""
        if not self.in_transaction:
            with self.reading():
                yield from self.stream(sql, *values)
            return
        self._streams += 1
        with (
            translated(self.address),
            self.connection.cursor(f"qa_{self._streams}", binary=True) as cursor,
        ):
            cursor.itersize = AT_ONCE
            cursor.execute(sql.replace("?", "%s"), values)
            yield from cursor

    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of `values`."""
        with translated(self.address), self.connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), list(values))

    def listed(self, column: str, values: Sequence[int] | Sequence[str]) -> tuple[str, Any]:
        """Return the condition that `column` is one of `values`, and its one value."""
        kind = "text" if any(isinstance(value, str) for value in values) else "bigint"
        if not values:
            return "?::text IS NOT NULL", None  # nothing is
        return f"{column} = ANY(?::{kind}[])", list(values)

    # -- transactions

    @property
    def in_transaction(self) -> bool:
        """Say whether one is open."""
        return bool(self.connection.info.transaction_status.name != "IDLE")

    def begin(self) -> None:
        """See one generation from now on, however others write meanwhile."""
        self.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make all changes inside the block, or none."""
        self.rows("BEGIN")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            self.pending.clear()
            with suppress(QAError):
                self.rows("ROLLBACK")
            raise

    def numbers(self, count: int) -> int:
        """Return the first of `count` numbers for new passages, none of them used before."""
        if not count:
            return 0
        last = self.rows("SELECT setval('pids', nextval('pids') + ? - 1)", count)[0][0]
        return int(last) - count + 1
