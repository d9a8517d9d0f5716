"""Bring the index up to date with a folder of articles.

Knows the order of an update: lock, plan, encode, write, cache, and what survives a kill at any
point. Does not know how a plan is made (plan.py) nor how rows are read (store.py).

Articles are written in batches, each in one transaction with the file rows that prove it, so
what was encoded before a kill is kept and the next update goes on from there.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexMismatch, StoreError
from qa.index import engines, ground, lock
from qa.index.changes import Changes, Progress, silent
from qa.index.database import open_reading, open_writing, reset, write_meta
from qa.index.failures import DAMAGED
from qa.index.manifest import Manifest
from qa.index.plan import Begin, Done, Forget, Known, Plan, Put, Remove
from qa.index.rows import Rows, known
from qa.index.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.articles import FileInfo, Reading
    from qa.config import Settings
    from qa.index.plan import Step
    from qa.index.store import Store
    from qa.types import Encoder

log = logging.getLogger(__name__)

BATCH = 512  # passages to a transaction: some seconds of encoding that a kill may cost

LOG_WAIT_MS = 500  # for readers to finish their answers


def update(
    articles: Path,
    index: Path,
    settings: Settings,
    encoder: Encoder,
    *,
    prune: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Changes:
    """Make the index in the folder `index` hold exactly what the folder `articles` holds.

    Only what differs by sha256 is read and encoded. An index of another recipe, or a damaged
    one, is made anew.

    Args:
        articles: The folder of articles.
        index: The folder of the index; made when missing.
        settings: Holds the passage size.
        encoder: Makes the vectors.
        prune: Remove articles that the folder no longer holds.
        dry_run: Change nothing; only say what would be done.
        progress: Told how far it has come: bytes of the files that differ, then caches.

    Raises:
        ArticleError: The folder of articles is not there.
        IndexBusy: Another process is writing the index.
        StoreError: The index cannot be written, or the folder holds something else.
    """
    articles, index = Path(articles), Path(index)
    if dry_run:
        return plan_only(articles, index, settings, encoder, prune=prune)
    files = _scan(articles, index)
    with ground.prepared(index), lock.writer(index):
        manifest = Manifest.of(settings, encoder, articles)
        store = ground.open_store(index, manifest, encoder)
        tell = progress or silent
        try:
            try:
                return _run(store, files, articles, encoder, prune=prune, tell=tell)
            except IndexMismatch as error:  # the encoder's dimension, known once it encodes
                log.warning("%s It is made anew.", error.what)
                reset(store, manifest)
                return _run(store, files, articles, encoder, prune=prune, tell=tell)
        finally:
            store.close()


def plan_only(
    articles: Path, index: Path, settings: Settings, encoder: Encoder, *, prune: bool = True
) -> Changes:
    """Return what `update` would do."""
    files = _scan(articles, index)
    before, generation = Known(), 0
    try:
        store = open_reading(index)
    except StoreError:  # it would be made, or made anew
        pass
    else:
        try:
            with store.reading():
                store.manifest().check(settings, encoder, index)
                before, generation = known(store, articles), store.state().generation
        except (IndexDamaged, IndexMismatch):
            before = Known()
        finally:
            store.close()
    plan = Plan(files, before, _reader(articles), articles, prune=prune)
    for _ in plan.steps():
        pass
    return plan.changes(generation)


def repair(index: Path) -> None:
    """Make the caches anew. The caller holds the writer's lock."""
    store = open_writing(index)
    try:
        with store.writing():
            if engines.load(store) is None:
                engines.rebase(store)
        engines.sweep(store)
    finally:
        store.close()


def _run(
    store: Store,
    files: list[FileInfo],
    articles: Path,
    encoder: Encoder,
    *,
    prune: bool,
    tell: Progress,
) -> Changes:
    plan = Plan(files, known(store, articles), _reader(articles), articles, prune=prune)
    batch = _Batch(store, encoder, plan.bytes, tell)
    tell(0, plan.bytes, "indexing")
    for step in plan.steps():
        batch.take(step)
    _follow(store, articles)
    batch.write(last=True)
    engines.sweep(store)
    _shrink_log(store)
    (store.folder / DAMAGED).unlink(missing_ok=True)
    return plan.changes(store.state().generation)


class _Batch:
    """Steps gathered until there are enough passages to encode and write at once."""

    def __init__(self, store: Store, encoder: Encoder, total: int, tell: Progress) -> None:
        self._store = store
        self._rows = Rows(store)
        self._vectors = Vectors(store, encoder)
        self._words = store.manifest().passage_words
        self._total = total
        self._tell = tell
        self._steps: list[Step] = []
        self._passages = 0
        self._done = 0.0  # bytes

    def take(self, step: Step) -> None:
        """Take one step, and write when there is enough."""
        self._steps.append(step)
        if isinstance(step, Put):
            self._passages += self._vectors.add(step.article, self._words)
        if self._passages >= BATCH:
            self.write()

    def write(self, *, last: bool = False) -> None:
        """Encode and write what was taken, in one transaction; with the caches at the last."""
        self._vectors.encode()
        changes_answers = any(isinstance(step, Put | Remove) for step in self._steps)
        with self._store.writing():
            for step in self._steps:
                self._apply(step)
            if changes_answers:
                write_meta(self._store, "state", str(self._store.state().following()))
            if engines.wants_base(self._store, last=last):
                # Before the commit: when readers see the new state, its caches are there.
                self._tell(0, 1, "caching")
                engines.rebase(self._store)
                self._tell(1, 1, "caching")
        self._steps, self._passages = [], 0
        self._vectors.clear()

    def _apply(self, step: Step) -> None:
        match step:
            case Forget():
                self._rows.forget(step)
            case Begin():
                self._rows.begin(step)
            case Put():
                self._rows.put(step.article, self._vectors.of(step.article.id))
            case Done():
                self._rows.done(step)
            case Remove():
                self._rows.remove(step.articles)
        self._done += step.weight if isinstance(step, Put | Done) else 0
        self._tell(min(self._total, round(self._done)), self._total, "indexing")


def _follow(store: Store, articles: Path) -> None:
    """Remember which folder the index follows."""
    manifest = store.manifest()
    if manifest.articles != str(articles.resolve()):
        with store.writing():
            write_meta(
                store, "manifest", replace(manifest, articles=str(articles.resolve())).dump()
            )


def _shrink_log(store: Store) -> None:
    """Move the log into the database, so that removed text is gone from the log too.

    A reader in the middle of an answer can prevent it; the next update tries again.
    """
    store.rows(f"PRAGMA busy_timeout = {LOG_WAIT_MS}")
    if store.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
        log.info("%s: readers kept the log from being emptied", store.folder)


def _scan(articles: Path, index: Path) -> list[FileInfo]:
    """Return the article files, leaving out the index where it lies among them."""
    from qa.articles import scan

    files = scan(articles)
    try:
        inside = index.resolve().relative_to(articles.resolve()).as_posix()
    except ValueError:
        return files
    return [file for file in files if not file.path.startswith(f"{inside}/")]


def _reader(articles: Path) -> Callable[[str], Reading]:
    from qa.articles import read_file

    def read(path: str) -> Reading:
        return read_file(articles, path)

    return read
