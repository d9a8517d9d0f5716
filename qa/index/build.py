"""Bring the index up to date with a folder of articles.

Knows the order of an update: lock, plan, encode, write, cache, and what survives a kill at any
point. Does not know how a plan is made (plan.py) nor how rows are read (store.py).

Articles are written in batches, each in one transaction with the file rows that prove it, so
what was encoded before a kill is kept and the next update goes on from there.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing
from qa.index.changes import Changes, Progress, silent
from qa.index.manifest import Manifest
from qa.index.place import place_of
from qa.index.plan import Begin, Done, Forget, Known, Plan, Put, Remove
from qa.index.rows import known
from qa.index.vectors import Batch

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from qa.articles import FileInfo, Reading
    from qa.config import Settings
    from qa.index.place import Place
    from qa.index.plan import Step
    from qa.index.store import Store
    from qa.types import Encoder

log = logging.getLogger(__name__)

BATCH = 512  # passages to a transaction; a kill may cost two, some seconds of encoding


def update(
    articles: Path,
    index: Path | str | Place,
    settings: Settings,
    encoder: Encoder,
    *,
    prune: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Changes:
    """Make the index at `index` hold exactly what the folder `articles` holds.

    Only what differs by sha256 is read and encoded. An index of another recipe, or a damaged
    one, is made anew.

    Args:
        articles: The folder of articles.
        index: The folder of the index, or the URL of a database; made when missing.
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
    articles, place = Path(articles), place_of(index)
    if dry_run:
        return plan_only(articles, place, settings, encoder, prune=prune)
    files = _scan(articles, place)
    manifest = Manifest.of(settings, encoder, articles)
    with place.writing(manifest, encoder) as store:
        tell = progress or silent
        try:
            return _run(place, store, files, articles, encoder, prune=prune, tell=tell)
        except IndexMismatch as error:  # the encoder's dimension, known once it encodes
            log.warning("%s It is made anew.", error.what)
            place.reset(store, manifest)
            return _run(place, store, files, articles, encoder, prune=prune, tell=tell)


def plan_only(
    articles: Path, place: Place, settings: Settings, encoder: Encoder, *, prune: bool = True
) -> Changes:
    """Return what `update` would do."""
    files = _scan(articles, place)
    before, generation = Known(), 0
    try:
        store = place.reading()
    except (IndexDamaged, IndexMismatch, IndexMissing):  # it would be made, or made anew
        pass
    else:
        try:
            with store.reading():
                store.manifest().check(settings, encoder, place)
                before, generation = known(store, articles), store.state().generation
        except (IndexDamaged, IndexMismatch):
            before = Known()
        finally:
            store.close()
    plan = Plan(files, before, _reader(articles), articles, prune=prune)
    for _ in plan.steps():
        pass
    return plan.changes(generation)


def _run(
    place: Place,
    store: Store,
    files: list[FileInfo],
    articles: Path,
    encoder: Encoder,
    *,
    prune: bool,
    tell: Progress,
) -> Changes:
    plan = Plan(files, known(store, articles), _reader(articles), articles, prune=prune)
    tell(0, plan.bytes, "indexing")
    with ThreadPoolExecutor(1, "qa-encode") as thread:
        writer = _Writer(place, store, encoder, plan.bytes, tell, thread)
        for step in plan.steps():
            writer.take(step)
        _follow(store, articles)
        writer.finish()
    place.settle(store)
    return plan.changes(store.state().generation)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps that are written in one transaction, and the vectors they need."""

    steps: list[Step]
    batch: Batch


class _Writer:
    """Gathers steps until there are enough passages, and writes them while the next are encoded."""

    def __init__(
        self,
        place: Place,
        store: Store,
        encoder: Encoder,
        total: int,
        tell: Progress,
        thread: Executor,
    ) -> None:
        self._place = place
        self._store = store
        self._rows = place.rows(store)
        self._encoder = encoder
        self._thread = thread
        self._words = store.manifest().passage_words
        self._total = total
        self._tell = tell
        self._gathered = _Steps([], Batch(store, encoder))
        self._encoding: _Steps | None = None
        self._passages = 0  # of `_gathered` that must be encoded
        self._done = 0.0  # bytes

    def take(self, step: Step) -> None:
        """Take one step; when there are enough, encode them and write those before them."""
        self._gathered.steps.append(step)
        if isinstance(step, Put):
            self._passages += self._gathered.batch.add(step.article, self._words)
        if self._passages >= BATCH:
            self._turn()

    def finish(self) -> None:
        """Write all that is left, and the caches."""
        self._turn()
        self._write(last=True)

    def _turn(self) -> None:
        gathered, self._gathered = self._gathered, _Steps([], Batch(self._store, self._encoder))
        self._passages = 0
        gathered.batch.begin(self._thread)
        self._write(last=False)
        self._encoding = gathered

    def _write(self, *, last: bool) -> None:
        """Write what was encoded, in one transaction; with the caches at the last."""
        if self._encoding is None:
            return
        steps, batch = self._encoding.steps, self._encoding.batch
        batch.finish()
        changes_answers = any(isinstance(step, Put | Remove) for step in steps)
        with self._store.writing():
            for step in steps:
                self._apply(step, batch)
            if changes_answers:
                self._store.note("state", str(self._store.state().following()))
            self._place.before_commit(self._store, self._tell, last=last)
        self._encoding = None

    def _apply(self, step: Step, batch: Batch) -> None:
        match step:
            case Forget():
                self._rows.forget(step)
            case Begin():
                self._rows.begin(step)
            case Put():
                self._rows.put(step.article, batch.of(step.article.id))
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
            store.note("manifest", replace(manifest, articles=str(articles.resolve())).dump())


def _scan(articles: Path, place: Place) -> list[FileInfo]:
    """Return the article files, leaving out the index where it lies among them."""
    from qa.articles import scan

    files = scan(articles)
    inside = place.inside(articles)
    if inside is None:
        return files
    return [file for file in files if not file.path.startswith(f"{inside}/")]


def _reader(articles: Path) -> Callable[[str], Reading]:
    from qa.articles import read_file

    def read(path: str) -> Reading:
        return read_file(articles, path)

    return read
