"""The search engines of one state of the index: a base from the caches, and what came since.

Knows when a cache may be used, how one is made again, and how the passages added and removed
since it was made are taken into account. Does not know how either engine searches.

    base    all passages of the state the caches were made of
    tail    passages added since, indexed in memory
    dead    passages of the base that were removed since
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.index import caches
from qa.index.bm25 import FIELDS, Bm25, Totals
from qa.index.dense import Dense
from qa.index.kept import Kept
from qa.index.records import Base
from qa.index.scope import condition
from qa.index.sparse import Sparse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.index.database import SqliteStore
    from qa.index.records import State
    from qa.index.store import Store
    from qa.types import Scope

log = logging.getLogger(__name__)

SCOPES_KEPT = 16  # a user tries a few filters on many questions
TERMS_KEPT = 4096
# Up to here the caches are made anew with every update: two seconds' work.
ALWAYS_ANEW = 20_000  # passages
# Beyond, when so many passages were added or removed; a tail of this size opens in half a second.
LONGEST_TAIL = 5_000  # passages
# FAISS adds in single precision; it is never further from the exact score.
ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Part:
    """Both engines over the same passages."""

    dense: Dense
    sparse: Sparse


class Engines:
    """A `Searcher` (place.py) by FAISS and tantivy. Safe for many threads."""

    def __init__(
        self, state: State, name: str, parts: tuple[Part, ...], graves: list[tuple[int, int, int]]
    ) -> None:
        """Hold the base, of that name, and the tail if there is one."""
        self.state = state
        self.name = name
        self.parts = parts
        self._dead = np.array([pid for pid, _, _ in graves], dtype=np.int64)
        self._no_dead = parts[0].sparse.numbered(self._dead.tolist()) if graves else None
        buried = (Totals(1, (tokens, title)) for _, tokens, title in graves)
        self.totals = sum((part.sparse.totals for part in parts), Totals()) - sum(buried, Totals())
        self._scopes: Kept[Scope, NDArray[np.int64]] = Kept(SCOPES_KEPT)
        self._holding: Kept[str, tuple[int, ...]] = Kept(TERMS_KEPT)

    @property
    def kind(self) -> str:
        """How the base is searched by meaning, for people."""
        return self.parts[0].dense.kind

    def nearest(
        self, vector: NDArray[np.float32], count: int, scope: Scope, store: Store
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher cosine."""
        among = self._passages_in(scope, store)
        found: list[int] = []
        bound = -math.inf
        for part in self.parts:
            pids, scores = part.dense.search(vector, count, among, self._dead)
            found.extend(pids.tolist())
            if len(pids) == count < len(part.dense):
                bound = max(bound, float(scores[-1]) + ROUNDING)
        return found, bound

    def wordiest(
        self,
        formula: Bm25,
        count: int,
        scope: Scope,
        store: Store,  # noqa: ARG002  # tantivy holds what a scope asks for
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher BM25."""
        found: list[int] = []
        bound = -math.inf
        for part in self.parts:
            pids, most = part.sparse.search(formula, count, scope, self._no_dead)
            found.extend(pids)
            bound = max(bound, most)
        return found, bound

    def formula(self, terms: Sequence[str], store: Store) -> Bm25:  # noqa: ARG002  # as above
        """Return BM25 for these terms over the passages of this state."""
        frequencies = {
            (field, term): holding
            for term in dict.fromkeys(terms)
            for field, holding in zip(FIELDS, self._frequencies(term), strict=True)
            if holding
        }
        return Bm25(self.totals, frequencies)

    def _frequencies(self, term: str) -> tuple[int, ...]:
        """Return how many passages hold a term, for each of FIELDS."""

        def counted(field: str) -> int:
            holding = sum(part.sparse.holding(field, term) for part in self.parts)
            if holding and self._no_dead is not None:
                holding -= self.parts[0].sparse.holding(field, term, self._no_dead)
            return holding

        return self._holding.get(term, lambda: tuple(map(counted, FIELDS)))

    def holding_all(self, terms: Sequence[str], store: Store) -> int:  # noqa: ARG002  # as above
        """Return how many passages hold every term in their text or title."""
        return sum(part.sparse.holding_all(terms, self._no_dead) for part in self.parts)

    def _passages_in(self, scope: Scope, store: Store) -> NDArray[np.int64] | None:
        """Return the numbers of the passages in `scope`, ascending; None: all of them."""
        if scope.everything:
            return None

        def looked_up() -> NDArray[np.int64]:
            sql, values = condition(scope, store)
            articles = f"SELECT key FROM articles WHERE {sql}"  # noqa: S608  # scope.py's
            with store.lock:
                rows = store.rows(
                    f"SELECT pid FROM passages WHERE article IN ({articles}) ORDER BY pid",  # noqa: S608  # ours
                    *values,
                )
            return np.array([pid for (pid,) in rows], dtype=np.int64)

        return self._scopes.get(scope, looked_up)


def load(store: SqliteStore, before: Engines | None = None) -> Engines | None:
    """Return the engines of the state `store` sees, from the caches; None if they are no use.

    `before` lends its base when that is still the one.
    """
    base = store.base()
    if base is None:
        return None
    if before is not None and before.name == base.name:
        part: Part | None = before.parts[0]
    else:
        part = _read(caches.place(store.folder, base.name), base)
    if part is None:
        return None
    graves = [grave for grave in store.graves() if grave[0] <= base.last]
    parts: tuple[Part, ...] = (part,)
    if store.rows("SELECT 1 FROM passages WHERE pid > ? LIMIT 1", base.last):
        parts = (part, _make(store, None, after=base.last))
    found = Engines(store.state(), base.name, parts, graves)
    return found if found.totals.passages == store.count("passages") else None


def in_memory(store: SqliteStore) -> Engines:
    """Return the engines of the state `store` sees, made from the store alone."""
    return Engines(store.state(), "", (_make(store, None),), [])


def wants_base(store: SqliteStore, *, last: bool) -> bool:
    """Say whether the caches should be made anew now.

    During an update only when they have doubled, so that the whole costs no more than twice.
    """
    base = store.base()
    last_held, held = (base.last, base.passages) if base else (0, 0)
    tail = store.rows("SELECT count(*) FROM passages WHERE pid > ?", last_held)[0][0]
    since = max(tail, store.count("graves"))
    if not last:
        return bool(since > max(LONGEST_TAIL, held))
    if base is None or not caches.looks_whole(caches.place(store.folder, base.name)):
        return True
    return bool(since > (0 if held + tail <= ALWAYS_ANEW else LONGEST_TAIL))


def rebase(store: SqliteStore) -> None:
    """Make the caches anew of what `store` sees, and note so in its open transaction.

    A large base with few dead grows by the tail instead; the dead stay noted.
    The caller holds the writer's lock.
    """
    name = str(store.state())
    before = store.base()
    last = store.rows("SELECT coalesce(max(pid), 0) FROM passages")[0][0]
    with caches.saving(caches.place(store.folder, name)) as folder:
        part = before and _grown(store, before, folder)
        grown = part is not None
        part = part or _make(store, folder)
    store.note("base", json.dumps(asdict(Base(name, last, len(part.dense)))))
    if not grown:
        store.rows("DELETE FROM graves")


def _grown(store: SqliteStore, base: Base, folder: Path) -> Part | None:
    """Make the caches of a large base and its tail, if the base is there and worth it."""
    before = caches.place(store.folder, base.name)
    if (
        base.passages <= ALWAYS_ANEW
        or store.count("graves") > LONGEST_TAIL
        or before.name == str(store.state())
        or not caches.is_whole(before)
    ):
        return None
    dense = Dense.load(before / caches.DENSE, to_grow=True)
    if dense.outgrown(store.count("passages")):
        return None
    dense = dense.grown(store.vectors(after=base.last))
    dense.save(folder / caches.DENSE)
    inside = folder / caches.SPARSE
    inside.mkdir()
    sparse = Sparse.grow(before / caches.SPARSE, inside, store.texts(after=base.last))
    # Those of the tail that were removed again are in neither.
    store.rows("DELETE FROM graves WHERE pid > ?", base.last)
    return Part(dense, sparse)


def sweep(store: SqliteStore) -> None:
    """Remove all caches but those in use. The caller holds the writer's lock."""
    base = store.base()
    caches.sweep(store.folder, base.name if base else "")


def _make(store: SqliteStore, folder: Path | None, after: int = 0) -> Part:
    rows = store.rows("SELECT count(*) FROM passages WHERE pid > ?", after)
    dense = Dense.build(store.manifest().dimension, rows[0][0], store.vectors(after=after))
    inside = None
    if folder is not None:
        dense.save(folder / caches.DENSE)
        inside = folder / caches.SPARSE
        inside.mkdir()
    return Part(dense, Sparse.build(inside, store.texts(after=after)))


def _read(folder: Path, base: Base) -> Part | None:
    if not caches.is_whole(folder):
        return None
    try:
        part = Part(Dense.load(folder / caches.DENSE), Sparse.load(folder / caches.SPARSE))
    except (ValueError, OSError) as error:
        log.info("%s: %s", folder, error)
        return None
    return part if len(part.dense) == len(part.sparse) == base.passages else None
