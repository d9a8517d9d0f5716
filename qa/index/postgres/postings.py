"""Which passages hold which words, as posting lists in a table.

Knows how lists are cut into blocks, written and read. Does not know questions or scores. A row
holds what the 4,096 passages of one block say of one term in one field: place in the block, count
of the term, length of the field, two bytes each. A list grows at its end, as passages' numbers
only rise, and an update rewrites only the blocks it touches.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qa.index.bm25 import FIELDS, Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from qa.index.postgres.store import PostgresStore

BLOCK = 4096  # passages
MOST = 65_535  # what two bytes hold; a longer field counts as this long
ENTRY = np.dtype([("at", "<u2"), ("count", "<u2"), ("length", "<u2")])

Words = tuple[list[str], ...]  # the terms of a passage, for each of FIELDS
Key = tuple[str, int, int]  # term, number of the field, block


@dataclass(frozen=True, slots=True)
class List:
    """Every passage that holds a term in a field, by number."""

    pids: NDArray[np.int64]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.uint16]  # of the field, in tokens

    def __len__(self) -> int:
        """Number of passages."""
        return len(self.pids)


@dataclass(slots=True)
class Pending:
    """What a transaction adds and removes, until it is written at its end."""

    added: dict[int, Words] = field(default_factory=dict)
    removed: dict[int, Words] = field(default_factory=dict)

    def add(self, pid: int, words: Words) -> None:
        """Take a new passage."""
        self.added[pid] = words

    def remove(self, pid: int, words: Words) -> None:
        """Take out a passage."""
        if self.added.pop(pid, None) is None:
            self.removed[pid] = words

    def clear(self) -> None:
        """Forget all."""
        self.added.clear()
        self.removed.clear()

    def totals(self) -> Totals:
        """Return what all this adds to the totals, removals taken off."""
        return _totals(self.added.values()) - _totals(self.removed.values())

    def write(self, store: PostgresStore) -> None:
        """Write it into the caller's transaction, and forget it.

        Raises:
            IndexDamaged: What is to be removed is not there.
        """
        if self.removed:
            _take_out(store, _entries(self.removed))
        if self.added:
            _append(store, _entries(self.added))
        self.clear()


def read(store: PostgresStore, term: str) -> tuple[List, ...]:
    """Return the lists of a term, one for each of FIELDS."""
    rows = store.rows(
        "SELECT field, block, entries FROM postings WHERE term = ? ORDER BY field, block", term
    )
    return tuple(
        _joined([(block, entries) for where, block, entries in rows if where == number])
        for number in range(len(FIELDS))
    )


def _joined(rows: list[tuple[int, bytes]]) -> List:
    entries = np.frombuffer(b"".join(data for _, data in rows), dtype=ENTRY)
    firsts = np.array([block * BLOCK for block, _ in rows], dtype=np.int64)
    sizes = [len(data) // ENTRY.itemsize for _, data in rows]
    return List(
        np.repeat(firsts, sizes) + entries["at"].astype(np.int64),
        entries["count"].copy(),
        entries["length"].copy(),
    )


def _totals(passages: Iterable[Words]) -> Totals:
    held = list(passages)
    tokens = tuple(sum(len(words[at]) for words in held) for at in range(len(FIELDS)))
    return Totals(len(held), tokens)


def _entries(passages: dict[int, Words]) -> dict[Key, list[tuple[int, int, int]]]:
    """Return what stands in the lists for these passages."""
    found: dict[Key, list[tuple[int, int, int]]] = {}
    for pid in sorted(passages):
        block, at = divmod(pid, BLOCK)
        for number, words in enumerate(passages[pid]):
            length = min(len(words), MOST)
            for term, count in Counter(words).items():
                entry = at, min(count, MOST), length
                found.setdefault((term, number, block), []).append(entry)
    return found


def _append(store: PostgresStore, entries: dict[Key, list[tuple[int, int, int]]]) -> None:
    store.rows(
        "INSERT INTO postings (term, field, block, entries)"
        " SELECT * FROM unnest(?::text[], ?::smallint[], ?::bigint[], ?::bytea[])"
        " ON CONFLICT (term, field, block)"
        " DO UPDATE SET entries = postings.entries || excluded.entries",
        *_columns(list(entries)),
        [np.array(some, dtype=ENTRY).tobytes() for some in entries.values()],
    )


def _take_out(store: PostgresStore, entries: dict[Key, list[tuple[int, int, int]]]) -> None:
    keys = list(entries)
    rows = store.rows(
        "SELECT term, field, block, entries FROM postings JOIN"
        " unnest(?::text[], ?::smallint[], ?::bigint[]) AS asked (term, field, block)"
        " USING (term, field, block)",
        *_columns(keys),
    )
    left: dict[Key, bytes] = {}
    for term, number, block, data in rows:
        key = term, number, block
        before = np.frombuffer(data, dtype=ENTRY)
        gone = [at for at, _, _ in entries[key]]
        after = before[~np.isin(before["at"], gone)]
        if len(before) - len(after) != len(gone):
            raise store.damaged(f"the passages that hold {term!r} are not as noted")
        left[key] = after.tobytes()
    if len(left) != len(keys):
        raise store.damaged("words of its passages are missing")
    kept = [key for key in keys if left[key]]
    store.rows(
        "UPDATE postings SET entries = new.entries FROM"
        " unnest(?::text[], ?::smallint[], ?::bigint[], ?::bytea[])"
        " AS new (term, field, block, entries) WHERE postings.term = new.term"
        " AND postings.field = new.field AND postings.block = new.block",
        *_columns(kept),
        [left[key] for key in kept],
    )
    store.rows(
        "DELETE FROM postings USING unnest(?::text[], ?::smallint[], ?::bigint[])"
        " AS old (term, field, block) WHERE postings.term = old.term"
        " AND postings.field = old.field AND postings.block = old.block",
        *_columns([key for key in keys if not left[key]]),
    )


def _columns(keys: Sequence[Key]) -> tuple[list[str], list[int], list[int]]:
    return [key[0] for key in keys], [key[1] for key in keys], [key[2] for key in keys]
