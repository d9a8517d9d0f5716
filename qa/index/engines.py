"""The search engines of one state of the index, from their caches or from the store.

Knows when a cache may be used and how one is made again. Does not know how either engine
searches.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import IndexBusy, IndexDamaged, StoreError
from qa.index import caches, lock
from qa.index.dense import Dense
from qa.index.scope import condition
from qa.index.sparse import Sparse

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.index.store import State, Store
    from qa.types import Scope

log = logging.getLogger(__name__)

SCOPES_KEPT = 16  # a user tries a few filters on many questions


class Engines:
    """Dense and sparse search over one state of the index. Safe for many threads."""

    def __init__(self, state: State, dense: Dense, sparse: Sparse) -> None:
        """Hold two engines that were made from the same state."""
        self.state = state
        self.dense = dense
        self.sparse = sparse
        self._scopes: OrderedDict[Scope, NDArray[np.int64]] = OrderedDict()
        self._lock = threading.Lock()

    def passages_in(self, scope: Scope, store: Store) -> NDArray[np.int64] | None:
        """Return the numbers of the passages in `scope`, ascending; None: all of them."""
        if scope.everything:
            return None
        with self._lock:
            if scope in self._scopes:
                self._scopes.move_to_end(scope)
                return self._scopes[scope]
        sql, values = condition(scope)
        rows = store.rows(
            "SELECT pid FROM passages WHERE article IN"
            f" (SELECT key FROM articles WHERE {sql}) ORDER BY pid",  # noqa: S608  # scope.py's
            *values,
        )
        found = np.array([pid for (pid,) in rows], dtype=np.int64)
        with self._lock:
            self._scopes[scope] = found
            while len(self._scopes) > SCOPES_KEPT:
                self._scopes.popitem(last=False)
        return found


def load(index: Path, store: Store) -> Engines:
    """Return the engines for the state `store` sees: its caches, or made anew and saved.

    Where nothing can be saved (a read-only folder, a writer at work) they are made in memory.
    """
    state = store.state()
    folder = caches.place(index, state)
    found = _load(folder, state, store)
    if found is not None:
        return found
    log.info("%s: its caches are missing or damaged; making them again", index)
    try:
        with lock.writer(index, wait=0):
            return _build(index, store, state)
    except IndexDamaged:
        raise
    except (IndexBusy, StoreError, OSError) as error:
        log.info("%s: its caches are kept in memory only: %s", index, error)
        return _make(store, state, None)


def ensure(index: Path, store: Store) -> None:
    """Make and save the engines of the state `store` sees, unless they are there.

    The caller holds the writer's lock.
    """
    state = store.state()
    if not caches.is_whole(caches.place(index, state)):
        _build(index, store, state)


def _build(index: Path, store: Store, state: State) -> Engines:
    """Make and save the engines of `state`, which `store` sees.

    The caller holds the writer's lock.
    """
    folder = caches.place(index, state)
    with caches.saving(folder) as temporary:
        made = _make(store, state, temporary)
    return _load(folder, state, store) or made


def _make(store: Store, state: State, folder: Path | None) -> Engines:
    dense = Dense.build(store.manifest().dimension, store.count("passages"), store.vectors())
    inside = None
    if folder is not None:
        dense.save(folder / caches.DENSE)
        inside = folder / caches.SPARSE
        inside.mkdir()
    return Engines(state, dense, Sparse.build(inside, store.texts()))


def _load(folder: Path, state: State, store: Store) -> Engines | None:
    if not caches.is_whole(folder):
        return None
    try:
        dense = Dense.load(folder / caches.DENSE)
        sparse = Sparse.load(folder / caches.SPARSE)
    except (ValueError, OSError) as error:
        log.info("%s: %s", folder, error)
        return None
    if not len(dense) == len(sparse) == store.count("passages"):
        return None
    return Engines(state, dense, sparse)
