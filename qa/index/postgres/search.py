"""Likely passages by meaning and by words, proposed by PostgreSQL.

Knows pgvector's operators and the posting lists. Does not know exact scores or their order
(qa/index/snapshot.py), nor how rows are written.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from qa.index.bm25 import FIELDS, K1, WEIGHTS, B, Bm25, Totals, idf, quantised
from qa.index.kept import Kept
from qa.index.postgres.connect import SEARCH_STEPS, Half
from qa.index.postgres.postings import BLOCK, List, read
from qa.index.scope import condition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa.index.postgres.store import PostgresStore
    from qa.index.records import State
    from qa.index.store import Store
    from qa.types import Scope

# Up to here every vector is compared (8 ms for 6,000), beyond there is a graph (HNSW).
EXACT_UP_TO = 20_000  # passages
# A filter that leaves fewer passages than this is searched exactly, past the graph.
NARROW = 5_000
MOST_STEPS = 1000  # pgvector's limit
SCOPES_KEPT = 16
LISTED = 8_000_000  # entries of posting lists kept; 12 bytes each
# Single-precision sums are never further from the exact ones, nor is a list's two-byte count.
ROUNDING, ROUNDING_OF_WORDS = 1e-4, 1e-3
CHECKED_AT_ONCE = 2000  # passages


@dataclass(frozen=True, slots=True)
class _Within:
    """A scope as SQL, and how many passages are in it."""

    sql: str  # what a row of `articles` must meet
    values: list[object]
    passages: int
    pids: NDArray[np.int64] | None  # ascending, where they are few


class PostgresSearcher:
    """A `Searcher` (qa/index/place.py) of one state. Safe for many threads."""

    def __init__(self, state: State, totals: Totals, graph: int) -> None:
        """Search by a graph over vectors of `graph` numbers; 0: there is none."""
        self.state = state
        self.totals = totals
        self._graph = graph
        self._scopes: Kept[Scope, _Within] = Kept(SCOPES_KEPT)
        self._lists: OrderedDict[str, tuple[List, ...]] = OrderedDict()
        self._listed = 0
        self._lock = threading.Lock()

    @property
    def kind(self) -> str:
        """How it searches by meaning, for people."""
        return "pgvector HNSW, half precision" if self._graph else "pgvector exact, half precision"

    # -- by meaning

    def nearest(
        self, vector: NDArray[np.float32], count: int, scope: Scope, store: Store
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher cosine."""
        ours = _ours(store)
        within = self._within(scope, ours)
        count = min(count, within.passages)
        if not count:
            return [], -math.inf
        rows: list[tuple[int, float]] = []
        if self._graph and within.passages > NARROW:
            rows = self._by_graph(vector, count, within, ours)
        if len(rows) < count:  # a graph can give out under a filter
            rows = self._exactly(vector, count, within, ours)
        if len(rows) < count:
            raise ours.damaged("vectors are missing")
        bound = -math.inf if len(rows) == within.passages else -rows[-1][1] + ROUNDING
        return [pid for pid, _ in rows], bound

    def _exactly(
        self, vector: NDArray[np.float32], count: int, within: _Within, store: PostgresStore
    ) -> list[tuple[int, float]]:
        question = "[" + ",".join(map(repr, vector.astype(np.float32).tolist())) + "]"
        only, values = "", list[object]()
        if within.pids is not None and self._graph:  # few of many
            only, values = "WHERE pid = ANY(?::bigint[])", [within.pids.tolist()]
        elif within.sql:
            only = (
                "WHERE pid IN (SELECT pid FROM passages WHERE article IN"  # noqa: S608  # scope.py's
                f" (SELECT key FROM articles WHERE {within.sql}))"
            )
            values = within.values
        # Widened to single precision: the question is not rounded, and no index fits.
        rows = store.rows(
            "SELECT pid, vector::vector <#> ?::vector AS distance FROM vectors"  # noqa: S608  # ours
            f" {only} ORDER BY distance, pid LIMIT ?",
            question,
            *values,
            count,
        )
        return [(int(pid), float(distance)) for pid, distance in rows]

    def _by_graph(
        self, vector: NDArray[np.float32], count: int, within: _Within, store: PostgresStore
    ) -> list[tuple[int, float]]:
        only = ""
        if within.sql:
            # Not a join, which could sort: the graph yields the nearest, and each is looked up.
            only = (
                f"WHERE (SELECT {within.sql} FROM articles JOIN passages"  # noqa: S608  # scope.py's
                " ON passages.article = articles.key WHERE passages.pid = vectors.pid)"
            )
        # Without sorting the graph is what gives the order, whatever the planner thinks it costs.
        store.rows(
            "SELECT set_config('enable_sort', 'off', true), set_config('hnsw.ef_search', ?, true)",
            str(min(MOST_STEPS, max(SEARCH_STEPS, 2 * count))),
        )
        rows = store.rows(
            f"SELECT pid, vector::halfvec({self._graph}) <#> ?::halfvec({self._graph}) AS distance"  # noqa: S608  # ours
            f" FROM vectors {only} ORDER BY distance LIMIT ?",
            Half(vector.astype("<f2").tobytes()),
            *within.values,
            count,
        )
        return sorted(((int(pid), float(d)) for pid, d in rows), key=lambda row: (row[1], row[0]))

    # -- by words

    def formula(self, terms: Sequence[str], store: Store) -> Bm25:
        """Return BM25 for these terms over the passages of this state."""
        frequencies = {
            (field, term): len(held)
            for term in dict.fromkeys(terms)
            for field, held in zip(FIELDS, self._held(term, _ours(store)), strict=True)
            if len(held)
        }
        return Bm25(self.totals, frequencies)

    def wordiest(
        self, formula: Bm25, count: int, scope: Scope, store: Store
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher BM25."""
        ours = _ours(store)
        within = self._within(scope, ours)
        pids, scores = self._scored(formula, ours)
        if within.pids is not None:
            inside = np.isin(pids, within.pids, assume_unique=True)
            pids, scores = pids[inside], scores[inside]
        order = np.lexsort((pids, -scores))
        pids, scores = pids[order], scores[order]
        if within.sql and within.pids is None:
            pids, scores = _first_of(pids, scores, count, _check(within, ours))
        if len(pids) <= count:
            return pids.tolist(), -math.inf
        return pids[:count].tolist(), float(scores[count]) * (1 + ROUNDING_OF_WORDS)

    def holding_all(self, terms: Sequence[str], store: Store) -> int:
        """Return how many passages hold every term in their text or title."""
        found: NDArray[np.int64] | None = None
        for term in dict.fromkeys(terms):
            lists = [held.pids for held in self._held(term, _ours(store))]
            holding = np.unique(np.concatenate(lists))
            found = holding if found is None else np.intersect1d(found, holding, assume_unique=True)
        return 0 if found is None else len(found)

    def _scored(
        self, formula: Bm25, store: PostgresStore
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return all passages that hold a term, and their BM25."""
        parts = [
            (self._held(term, store)[FIELDS.index(field)], field, holding)
            for (field, term), holding in formula.frequencies.items()
        ]
        if not parts:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        blocks = np.unique(np.concatenate([np.unique(held.pids // BLOCK) for held, _, _ in parts]))
        scores = np.zeros(len(blocks) * BLOCK)
        for held, field, holding in parts:
            average = formula.totals.average(field)
            norms = K1 * (1 - B + B * _quantised()[held.lengths] / average)
            weight = WEIGHTS[field] * idf(formula.totals.passages, holding) * (K1 + 1)
            places = np.searchsorted(blocks, held.pids // BLOCK) * BLOCK + held.pids % BLOCK
            scores[places] += weight * held.counts / (held.counts + norms)  # no place comes twice
        places = np.flatnonzero(scores)
        return blocks[places // BLOCK] * BLOCK + places % BLOCK, scores[places]

    def _held(self, term: str, store: PostgresStore) -> tuple[List, ...]:
        with self._lock:
            if term in self._lists:
                self._lists.move_to_end(term)
                return self._lists[term]
        with store.lock:
            lists = read(store, term)
        with self._lock:
            if term not in self._lists:
                self._lists[term] = lists
                self._listed += sum(map(len, lists))
            while self._listed > LISTED and len(self._lists) > 1:
                self._listed -= sum(map(len, self._lists.popitem(last=False)[1]))
        return lists

    # -- scopes

    def _within(self, scope: Scope, store: PostgresStore) -> _Within:
        if scope.everything:
            return _Within("", [], self.totals.passages, None)

        def looked_up() -> _Within:
            sql, values = condition(scope, store)
            within = f"FROM passages WHERE article IN (SELECT key FROM articles WHERE {sql})"  # noqa: S608  # scope.py's
            with store.lock:
                passages = int(store.rows(f"SELECT count(*) {within}", *values)[0][0])
                pids = None
                if passages <= NARROW:
                    rows = store.rows(f"SELECT pid {within} ORDER BY pid", *values)
                    pids = np.array([pid for (pid,) in rows], dtype=np.int64)
            return _Within(sql, values, passages, pids)

        return self._scopes.get(scope, looked_up)


def _check(
    within: _Within, store: PostgresStore
) -> Callable[[NDArray[np.int64]], NDArray[np.bool_]]:
    """Return what says which of some passages are in a scope."""

    def inside(pids: NDArray[np.int64]) -> NDArray[np.bool_]:
        rows = store.rows(
            "SELECT pid FROM passages WHERE pid = ANY(?::bigint[]) AND article IN"  # noqa: S608  # scope.py's
            f" (SELECT key FROM articles WHERE {within.sql})",
            pids.tolist(),
            *within.values,
        )
        return np.isin(pids, np.array([pid for (pid,) in rows], dtype=np.int64))

    return inside


def _first_of(
    pids: NDArray[np.int64],
    scores: NDArray[np.float64],
    count: int,
    inside: Callable[[NDArray[np.int64]], NDArray[np.bool_]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the first of some ordered passages that are in a scope: one more than `count`."""
    found, start, size = np.zeros(0, dtype=np.int64), 0, max(CHECKED_AT_ONCE, 4 * count)
    while len(found) <= count and start < len(pids):
        places = np.arange(start, min(start + size, len(pids)))
        found = np.concatenate([found, places[inside(pids[places])]])
        start += size
    return pids[found], scores[found]


def _quantised() -> NDArray[np.float64]:
    """Return BM25's coarse length for each length that a list can hold."""
    global _QUANTISED  # noqa: PLW0603  # made once, on first use
    if _QUANTISED is None:
        _QUANTISED = np.array([quantised(length) for length in range(1 << 16)], dtype=np.float64)
    return _QUANTISED


_QUANTISED: NDArray[np.float64] | None = None


def _ours(store: Store) -> PostgresStore:
    return cast("PostgresStore", store)
