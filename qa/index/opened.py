"""An open index: hands out snapshots of its newest generation.

Knows connections, and when the engines must be loaded again. Does not know how snapshots
search or how the index is written.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QAError, StoreError
from qa.index.build import plan_only
from qa.index.place import place_of
from qa.index.snapshot import Snapshot

if TYPE_CHECKING:
    from qa.config import Settings
    from qa.index.changes import Changes
    from qa.index.manifest import Manifest
    from qa.index.place import Place, Searcher
    from qa.index.store import Store
    from qa.types import Encoder

log = logging.getLogger(__name__)

CONNECTIONS_KEPT = 8


class Index:
    """An index open for reading. Safe to use from many threads."""

    def __init__(self, place: Place, settings: Settings, encoder: Encoder) -> None:
        """Note where the index is; `open` checks it."""
        self.place = place
        self._settings = settings
        self._encoder = encoder
        self._loaded: tuple[Searcher, Manifest] | None = None
        self._loading = threading.Lock()
        self._idle: deque[Store] = deque()
        self._closed = False
        weakref.finalize(self, _close_all, self._idle).atexit = False

    @classmethod
    def open(cls, name: Path | str | Place, settings: Settings, encoder: Encoder) -> Index:
        """Open the index in a folder, or at the URL of a database, and load its engines.

        Raises:
            IndexMissing: There is none.
            IndexMismatch: It was made by another format, encoder or passage size.
            IndexDamaged: It does not hold what its checksums say.
        """
        index = cls(place_of(name), settings, encoder)
        index.snapshot()
        return index

    @property
    def path(self) -> Path:
        """Folder of this machine for what goes with the index: its own, if it is in one."""
        return self.place.folder

    @property
    def manifest(self) -> Manifest:
        """The recipe of the newest generation."""
        return self.snapshot().manifest

    def snapshot(self) -> Snapshot:
        """Return a view of the newest generation; cheap when nothing was written since."""
        store = self._take()
        try:
            store.begin()
            found, manifest = self._load(store)
        except BaseException:
            store.close()
            raise
        return Snapshot(store, found, manifest, self._release)

    def _load(self, store: Store) -> tuple[Searcher, Manifest]:
        loaded = self._loaded
        if loaded and loaded[0].state == store.state():
            return loaded
        with self._loading:
            # While this thread waited, another may have loaded a newer state: look again, or
            # the two would take turns at loading what the other has just replaced.
            store.end()
            store.begin()
            before = self._loaded[0] if self._loaded else None
            if self._loaded is None or self._loaded[0].state != store.state():
                manifest = store.manifest()
                manifest.check(self._settings, self._encoder, self.place)
                self._loaded = self.place.searcher(store, before), manifest
                log.info("%s: generation %d", self.place, store.state().generation)
            return self._loaded

    def changes(self) -> Changes:
        """Return what an update would do now, without doing it.

        Raises:
            ArticleError: The folder of articles is not there.
        """
        return plan_only(Path(self.manifest.articles), self.place, self._settings, self._encoder)

    def close(self) -> None:
        """Close what is idle; snapshots still in use close when they end."""
        self._closed = True
        _close_all(self._idle)

    def _take(self) -> Store:
        """Return an idle connection, or a new one; never one to a file that was replaced."""
        while True:
            try:
                store = self._idle.pop()
            except IndexError:
                return self.place.reading()
            if store.is_current():
                return store
            store.close()

    def _release(self, store: Store) -> None:
        """Take back the connection of a snapshot that has ended."""
        with suppress(QAError):
            store.end()
            if not self._closed and len(self._idle) < CONNECTIONS_KEPT:
                self._idle.append(store)
                return
        store.close()


def _close_all(stores: deque[Store]) -> None:
    while stores:
        stores.pop().close()


def articles_of(name: Path | str) -> Path | None:
    """Return the folder of articles that the index at `name` was made from; None: no index."""
    try:
        store = place_of(name).reading()
    except StoreError:
        return None
    try:
        with store.reading():
            return Path(store.manifest().articles)
    except StoreError:
        return None
    finally:
        store.close()
