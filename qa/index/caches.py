"""The caches of one generation on disk: saved whole or not at all, checked before use.

Knows folders, stamps and checksums. Does not know what the caches hold.

    caches/<generation>-<token>/
        stamp.json      the checksum of every file
        dense.faiss     qa/index/dense.py
        sparse/         qa/index/sparse.py
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = "caches"
STAMP = "stamp.json"
DENSE = "dense.faiss"
SPARSE = "sparse"
CHUNK = 1 << 20  # bytes


def place(index: Path, name: str) -> Path:
    """Return the folder of the caches made of the state of that name."""
    return index / FOLDER / name


def is_whole(folder: Path) -> bool:
    """Say whether the caches in `folder` are complete and undamaged."""
    return _stamp(folder) == {name: list(pair) for name, pair in _files(folder, _checksum).items()}


def looks_whole(folder: Path) -> bool:
    """Say whether the caches in `folder` have all their files, in their sizes."""
    found = {name: size for name, (size, _) in _files(folder, lambda _: 0).items()}
    return {name: pair[0] for name, pair in _stamp(folder).items()} == found


def _stamp(folder: Path) -> dict[str, list[int]]:
    """Return (size, checksum) of every file as it was saved; nothing if that is not known."""
    try:
        stamp = json.loads((folder / STAMP).read_text())
        if stamp["folder"] == folder.name:
            return {
                str(name): [int(size), int(sum_)] for name, (size, sum_) in stamp["files"].items()
            }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return {"": [-1, -1]}  # like nothing there is


@contextmanager
def saving(folder: Path) -> Iterator[Path]:
    """Yield a fresh folder that becomes `folder` when the block ends without an error.

    The caller holds the writer's lock. A kill leaves a folder without the final name, which
    nobody reads and the next `sweep` removes.
    """
    folder.parent.mkdir(exist_ok=True)
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        stamp = {"folder": folder.name, "files": _files(temporary, _checksum)}
        (temporary / STAMP).write_text(json.dumps(stamp, sort_keys=True))
        for file in sorted(temporary.rglob("*")):
            if file.is_file():  # tantivy hides some from other users; the umask is to decide
                file.chmod((temporary / STAMP).stat().st_mode)
            _sync(file)
        _sync(temporary)
        shutil.rmtree(folder, ignore_errors=True)  # damaged, or it would have been used
        temporary.rename(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def sweep(index: Path, keep: str) -> None:
    """Remove all caches but those of the name `keep`. The caller holds the writer's lock.

    A process that reads older ones has their files open and keeps them on POSIX; where an
    open file cannot be removed it stays until a later sweep.
    """
    if (index / FOLDER).is_dir():
        for other in (index / FOLDER).iterdir():
            if other.name != keep:
                shutil.rmtree(other, ignore_errors=True)


def _files(folder: Path, checksum: Callable[[Path], int]) -> dict[str, tuple[int, int]]:
    """Return (size, checksum) of every file below `folder` that holds data."""
    try:
        return {
            file.relative_to(folder).as_posix(): (file.stat().st_size, checksum(file))
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file.name != STAMP and not file.name.endswith(".lock")
        }
    except OSError:  # removed while we looked
        return {}


def _checksum(file: Path) -> int:
    checksum = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def _sync(path: Path) -> None:
    with suppress(PermissionError):  # Windows cannot sync a folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
