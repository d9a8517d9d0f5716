"""How the store says what went wrong.

Knows SQLite's errors and our own. Does not know rows or statements.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qa.errors import IndexBusy, IndexDamaged, StoreError
from qa.index.manifest import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAMAGED = "damaged"  # a file that says: the next update must check every row


def damaged(folder: Path, what: str) -> IndexDamaged:
    """Return the error of an index that does not hold what it should.

    It leaves a note in the folder, so that the next update checks all there is (mend.py).
    """
    with suppress(OSError):  # a read-only folder
        (folder / DAMAGED).touch()
    return IndexDamaged(f"{folder} is damaged: {what}.", cure=rebuild(folder))


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Say SQLite's errors in our words."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise damaged(folder, f"SQLite says {error}") from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise IndexBusy(f"{folder} is being written to.", cure="Try again.") from error
        if name.startswith("SQLITE_FULL"):
            raise StoreError(
                f"{folder}: the disk is full.", cure="Free some space and run it again."
            ) from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise StoreError(
                f"{folder} cannot be written to.", cure="Check its permissions, or name another."
            ) from error
        if name.startswith("SQLITE_IOERR"):
            raise StoreError(
                f"{folder}: the disk cannot be read or written ({name}).",
                cure="Check the disk and its free space, and run it again.",
            ) from error
        if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError):
            raise damaged(folder, f"SQLite says {error}") from error
        raise
