"""Nearest passages by meaning: the only user of FAISS.

Knows how vectors are searched and which FAISS index suits how many of them. Does not know
passages, articles or SQLite: it maps a vector to candidate passage numbers. Its scores are
approximate; the caller scores candidates exactly from the store.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

# Up to here every vector is compared: exact, 10 to 17 ms at 100,000 on one thread.
EXACT_UP_TO = 100_000  # passages
# Beyond, a graph. 16 neighbours and 128 steps gave recall@10 0.972 on 100,000 real passages.
HNSW_NEIGHBOURS = 16
HNSW_BUILD_STEPS = 80
HNSW_SEARCH_STEPS = 256
# A filter that leaves fewer passages than this is searched exactly, past the graph.
NARROW = 20_000
MAPPED_FROM = 1 << 26  # bytes
MOST_THREADS = 8  # that build a graph
ADD_AT_ONCE = 4096  # vectors


class Dense:
    """An immutable FAISS index over passage vectors. Safe to search from many threads."""

    def __init__(self, index: Any) -> None:
        """Take over a FAISS `IndexIDMap`."""
        self._index = index
        faiss = _faiss()
        self._inner = faiss.downcast_index(index.index)
        self.pids: NDArray[np.int64] = faiss.vector_to_array(index.id_map)  # ascending

    @classmethod
    def build(cls, dimension: int, count: int, vectors: Iterable[tuple[int, bytes]]) -> Dense:
        """Make an index of `count` vectors, given as (passage number, half-precision bytes).

        Half precision inside FAISS holds the stored numbers exactly.
        """
        faiss = _faiss()
        kind = faiss.ScalarQuantizer.QT_fp16
        metric = faiss.METRIC_INNER_PRODUCT
        if count <= EXACT_UP_TO:
            inner = faiss.IndexScalarQuantizer(dimension, kind, metric)
        else:
            inner = faiss.IndexHNSWSQ(dimension, kind, HNSW_NEIGHBOURS, metric)
            inner.hnsw.efConstruction = HNSW_BUILD_STEPS
        # Nothing is learnt for half precision, but FAISS wants to be told so.
        inner.train(np.zeros((1, dimension), dtype=np.float32))
        index = faiss.IndexIDMap(inner)
        _fill(index, dimension, vectors)
        return cls(index)

    @classmethod
    def load(cls, file: Path, *, to_grow: bool = False) -> Dense:
        """Read what `save` wrote; raise ValueError if it is not that.

        A large file is mapped into memory rather than read, unless it is `to_grow`.
        """
        faiss = _faiss()
        mapped = file.stat().st_size >= MAPPED_FROM and not to_grow
        try:
            index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC if mapped else 0)
            return cls(index)
        except (RuntimeError, AttributeError) as error:
            raise ValueError(f"{file}: FAISS cannot read it: {error}") from error

    def grown(self, vectors: Iterable[tuple[int, bytes]]) -> Dense:
        """Add vectors with higher numbers, and return the index for both; use only that."""
        _fill(self._index, self._index.d, vectors)
        return Dense(self._index)

    def save(self, file: Path) -> None:
        """Write the index to `file`."""
        try:
            _faiss().write_index(self._index, str(file))
        except RuntimeError as error:  # FAISS says so of a full disk
            raise OSError(f"{file} cannot be written: {error}") from error

    def __len__(self) -> int:
        """Number of vectors."""
        return len(self.pids)

    @property
    def kind(self) -> str:
        """How it searches, for people."""
        return "exact, half precision" if self._exact else f"HNSW{HNSW_NEIGHBOURS}, half precision"

    def outgrown(self, count: int) -> bool:
        """Say whether `count` vectors want another kind of index than this."""
        return self._exact and count > EXACT_UP_TO

    @property
    def _exact(self) -> bool:
        return isinstance(self._inner, _faiss().IndexScalarQuantizer)

    def search(
        self,
        vector: NDArray[np.float32],
        count: int,
        among: NDArray[np.int64] | None,
        without: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return numbers and approximate scores of the nearest passages, best first.

        Args:
            vector: (d,), of unit length.
            count: How many; fewer come back when there are fewer.
            among: Only these passage numbers; None: all.
            without: None of these passage numbers.
        """
        faiss = _faiss()
        mask = None
        if among is not None or len(without):
            mask = np.full(len(self.pids), among is None)
            if among is not None:
                mask[self._places(among)] = True
            mask[self._places(without)] = False
        available = len(self.pids) if mask is None else int(mask.sum())
        count = min(count, available)
        if not count:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        only = {} if mask is None else {"sel": _selector(mask)}
        index = self._inner
        if not self._exact and available <= NARROW:
            index = faiss.downcast_index(index.storage)
        if self._exact or available <= NARROW:
            params = faiss.SearchParameters(**only)
        else:
            steps = max(HNSW_SEARCH_STEPS, 2 * count)
            params = faiss.SearchParametersHNSW(efSearch=steps, **only)
        # One question gains nothing by a second thread, and waits for it on a busy machine (p50
        # 176 against 16 ms at 10,000 passages and a load of 15). OpenMP keeps the number for
        # each calling thread, hence every time.
        faiss.omp_set_num_threads(1)
        scores, found = index.search(vector.reshape(1, -1), count, params=params)
        there = found[0] >= 0
        return self.pids[found[0][there]], scores[0][there]

    def _places(self, pids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where in the index these passages stand, leaving out those that do not."""
        if not len(self.pids):
            return np.zeros(0, dtype=np.int64)
        places = np.searchsorted(self.pids, pids)
        places = np.minimum(places, len(self.pids) - 1)
        known: NDArray[np.int64] = places[self.pids[places] == pids].astype(np.int64)
        return known


def _selector(mask: NDArray[np.bool_]) -> Any:
    return _faiss().IDSelectorBitmap(np.packbits(mask, bitorder="little"))


def _fill(index: Any, dimension: int, vectors: Iterable[tuple[int, bytes]]) -> None:
    _faiss().omp_set_num_threads(max(1, min(MOST_THREADS, os.cpu_count() or 1)))
    batch: list[tuple[int, bytes]] = []
    for item in vectors:
        batch.append(item)
        if len(batch) == ADD_AT_ONCE:
            _add(index, batch, dimension)
            batch = []
    _add(index, batch, dimension)


def _add(index: Any, batch: list[tuple[int, bytes]], dimension: int) -> None:
    if batch:
        rows = unpack((vector for _, vector in batch), dimension)
        index.add_with_ids(rows, np.array([pid for pid, _ in batch], dtype=np.int64))


def unpack(vectors: Iterable[bytes], dimension: int) -> NDArray[np.float32]:
    """Return stored vectors as (n, d) float32."""
    rows = np.frombuffer(b"".join(vectors), dtype="<f2").reshape(-1, dimension)
    return rows.astype(np.float32)


def _faiss() -> Any:
    # Spinning OpenMP threads cost a busy machine hundreds of milliseconds a query; the policy
    # only counts before the library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import faiss

    return faiss
