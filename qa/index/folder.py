"""An index in a folder of this machine: SQLite, with FAISS and tantivy as caches beside it.

Knows which module does what of a `Place` (place.py). Does not know rows or engines.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from qa.errors import IndexDamaged, StoreError
from qa.index import engines, ground, lock
from qa.index.database import SqliteStore, open_reading, open_writing, reset
from qa.index.failures import DAMAGED
from qa.index.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.index.changes import Progress
    from qa.index.manifest import Manifest
    from qa.index.place import Searcher
    from qa.index.store import Store
    from qa.types import Encoder

log = logging.getLogger(__name__)

LOG_WAIT_MS = 500  # for readers to finish their answers


@dataclass(frozen=True, slots=True)
class Folder:
    """A `Place`: a folder with articles.db and its caches."""

    folder: Path

    def __str__(self) -> str:
        """Return the folder's path."""
        return str(self.folder)

    def inside(self, articles: Path) -> str | None:
        """Return its path inside the folder `articles`, if it stands there."""
        try:
            return self.folder.resolve().relative_to(articles.resolve()).as_posix()
        except ValueError:
            return None

    def reading(self) -> SqliteStore:
        """Open articles.db for reading."""
        return open_reading(self.folder)

    @contextmanager
    def writing(self, manifest: Manifest, encoder: Encoder) -> Iterator[Store]:
        """Open articles.db for writing, as its only writer."""
        with ground.prepared(self.folder), lock.writer(self.folder):
            store = ground.open_store(self.folder, manifest, encoder)
            try:
                yield store
            finally:
                store.close()

    def reset(self, store: Store, manifest: Manifest) -> None:
        """Empty the store and give it another recipe."""
        reset(_ours(store), manifest)

    def rows(self, store: Store) -> Rows:
        """Return what writes the steps of an update."""
        return Rows(store)

    def before_commit(self, store: Store, tell: Progress, *, last: bool) -> None:
        """Make the caches anew when it is time: when readers see the new state, they are there."""
        if engines.wants_base(_ours(store), last=last):
            tell(0, 1, "caching")
            engines.rebase(_ours(store))
            tell(1, 1, "caching")

    def settle(self, store: Store) -> None:
        """Remove old caches, the log, and the note that something is damaged."""
        engines.sweep(_ours(store))
        self._shrink_log(store)
        (self.folder / DAMAGED).unlink(missing_ok=True)

    def searcher(self, store: Store, before: Searcher | None) -> Searcher:
        """Return the engines from the caches, made anew on disk or in memory if need be."""
        ours = _ours(store)
        held = cast("engines.Engines | None", before)
        found = engines.load(ours, held)
        if found is None and self._repaired():
            store.end()
            store.begin()
            found = engines.load(ours, held)
        return found or engines.in_memory(ours)

    def _repaired(self) -> bool:
        """Make the caches anew on disk, if that can be done now."""
        log.info("%s: its caches are missing or damaged; making them again", self)
        try:
            with lock.writer(self.folder, wait=0):
                self._repair()
        except IndexDamaged:
            raise
        except (StoreError, OSError) as error:
            log.info("%s: its caches are kept in memory only: %s", self, error)
            return False
        return True

    def _repair(self) -> None:
        store = open_writing(self.folder)
        try:
            with store.writing():
                if engines.load(store) is None:
                    engines.rebase(store)
            engines.sweep(store)
        finally:
            store.close()

    def _shrink_log(self, store: Store) -> None:
        """Move the log into the database, so that removed text is gone from the log too.

        A reader in the middle of an answer can prevent it; the next update tries again.
        """
        store.rows(f"PRAGMA busy_timeout = {LOG_WAIT_MS}")
        if store.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            log.info("%s: readers kept the log from being emptied", self)


def _ours(store: Store) -> SqliteStore:
    return cast("SqliteStore", store)
