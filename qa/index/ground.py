"""The folder an index stands in, before anything is written to it.

Knows which folders may be written to, and when an index must be made anew. Does not know
what is written.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexMismatch, StoreError
from qa.index import caches, lock
from qa.index.database import APPLICATION_ID, NAME, SqliteStore, open_writing, reset
from qa.index.failures import DAMAGED
from qa.index.mend import mend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.index.manifest import Manifest
    from qa.types import Encoder

log = logging.getLogger(__name__)

# An index of this size is checked in full before each update: a fifth of a second.
CHECKED_UP_TO = 20_000  # passages
DATABASE = (NAME, f"{NAME}-wal", f"{NAME}-shm", f"{NAME}-journal")
OURS = {
    *DATABASE, caches.FOLDER, lock.LOCK, lock.HOLDER, f"{lock.HOLDER}.new", DAMAGED,
    "README.md", ".gitignore", ".gitkeep",
}  # fmt: skip
_MAGIC = b"SQLite format 3\x00"
_ID_AT = 68  # bytes into the header; sqlite.org/fileformat.html


@contextmanager
def prepared(index: Path) -> Iterator[None]:
    """Make the folder if it is missing, and say the system's errors in our words.

    Raises:
        StoreError: It is a file, holds something else, or cannot be written.
    """
    try:
        if index.exists() and not index.is_dir():
            raise StoreError(f"{index} is a file, not a folder.", cure="Name another with --index.")
        index.mkdir(parents=True, exist_ok=True)
        strangers = sorted(entry.name for entry in index.iterdir() if entry.name not in OURS)
        if strangers and not _is_ours(index / NAME):
            raise StoreError(
                f"{index} is no index but holds {strangers[0]!r}.",
                cure="Name an empty or a new folder with --index.",
            )
        yield
    except OSError as error:
        raise StoreError(
            f"{index} cannot be written: {error.strerror or error}.",
            cure="Check its permissions and the free space, or name another with --index.",
        ) from error


def open_store(index: Path, manifest: Manifest, encoder: Encoder) -> SqliteStore:
    """Open the store for writing; make it anew if it is damaged or of another recipe.

    The caller holds the writer's lock.
    """
    try:
        store = open_writing(index, manifest)
    except (IndexDamaged, IndexMismatch) as error:
        if isinstance(error, IndexMismatch) and not _is_ours(index / NAME):
            raise
        log.warning("%s It is made anew.", error.what)
        return _anew(index, manifest)
    try:
        if (index / DAMAGED).exists() or store.count("passages") <= CHECKED_UP_TO:
            _check(store)
        found = store.manifest()
        if (found.encoder_sha256, found.passage_words) != (
            manifest.encoder_sha256,
            manifest.passage_words,
        ):
            log.warning("%s was made with another recipe; it is made anew", index)
            _ = encoder.dimension  # loads the model: it must work before anything is lost
            reset(store, manifest)
    except IndexDamaged as error:
        store.close()
        log.warning("%s It is made anew.", error.what)
        return _anew(index, manifest)
    except BaseException:
        store.close()
        raise
    return store


def _check(store: SqliteStore) -> None:
    found = store.rows("PRAGMA integrity_check(1)")
    if found != [("ok",)]:
        raise store.damaged(f"SQLite says {found[0][0]}")

    def forget() -> None:
        store.rows("DELETE FROM graves")
        store.rows("DELETE FROM meta WHERE key = 'base'")

    mend(store, forget)


def _anew(index: Path, manifest: Manifest) -> SqliteStore:
    shutil.rmtree(index / caches.FOLDER, ignore_errors=True)
    for name in reversed(DATABASE):
        (index / name).unlink(missing_ok=True)
    return open_writing(index, manifest)


def _is_ours(file: Path) -> bool:
    """Say whether a file's header is that of our database."""
    try:
        with file.open("rb") as stream:
            header = stream.read(_ID_AT + 4)
    except OSError:
        return False
    return header.startswith(_MAGIC) and header[_ID_AT:] == APPLICATION_ID.to_bytes(4, "big")
