"""One writer at a time, wherever it runs.

Knows the server's advisory locks and who holds ours. Does not know what is written. The server
frees the lock when the connection of its holder ends, however it ends.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qa.errors import IndexBusy, QAError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.index.postgres.store import PostgresStore

WAIT = 5.0  # seconds a second writer waits before it gives up
EVERY = 0.1  # seconds between two tries


@contextmanager
def writer(store: PostgresStore, wait: float | None = None) -> Iterator[None]:
    """Be the only writer of the index inside the block.

    Raises:
        IndexBusy: Another one still writes after `wait` seconds (`WAIT` if None).
    """
    key = _key(store.address.schema)
    until = time.monotonic() + (WAIT if wait is None else wait)
    while store.rows("SELECT pg_try_advisory_lock(?)", key) != [(True,)]:
        if time.monotonic() >= until:
            raise IndexBusy(
                f"{store.address} is being written by {_holder(store, key)}.",
                cure="Wait until it is done, then run it again.",
            )
        time.sleep(EVERY)
    try:
        yield
    finally:
        with suppress(QAError):
            store.rows("SELECT pg_advisory_unlock(?)", key)


def _key(schema: str) -> int:
    """Return the number of the lock; the server keeps those of each database apart."""
    digest = hashlib.blake2b(f"Quoth {schema}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _holder(store: PostgresStore, key: int) -> str:
    rows = store.rows(
        "SELECT application_name, pid FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted"
        " AND ((classid::bigint << 32) | objid::bigint) = ?"
        " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        key,
    )
    if not rows:
        return "another process"
    name, session = rows[0]
    return str(name).removeprefix("qa: ") if name else f"another process (session {session})"
