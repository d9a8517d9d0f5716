"""The articles folder: which files it holds, and the bytes of one.

Knows the file system: hidden files, links, devices, sizes. Does not know formats.
"""

from __future__ import annotations

import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ArticleError

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class FileInfo:
    """A file of the articles folder, as cheaply as it can be told from a changed one."""

    path: str  # inside the folder, with "/" between the parts
    size: int  # bytes
    mtime_ns: int  # time of the last change, ns since 1970


def scan(folder: Path) -> list[FileInfo]:
    """Return the files under `folder`, sorted by path; no file is opened.

    Hidden files and folders are left out. A link to a folder is not followed, so there are no
    loops: what it shows is either in the folder anyway, or outside and refused by name.

    Raises:
        ArticleError: There is no such folder.
    """
    if not folder.is_dir():
        raise ArticleError(
            f"{folder}: there is no such folder.", cure="Name a folder that holds articles."
        )
    root = folder.resolve()
    found: list[FileInfo] = []
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(os.scandir(folder / inside))
        except OSError as error:
            log.warning("%s: left out: %s", folder / inside, error.strerror or error)
            continue
        for entry in entries:
            path = f"{inside}{entry.name}"
            if entry.name.startswith(".") or not _is_sound(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path + "/")
            elif info := _info(entry, path, root):
                found.append(info)
    return sorted(found)


def bytes_of(folder: Path, path: str, most: int) -> bytes:
    """Return the content of one file of the folder.

    Raises:
        ArticleError: The file is outside the folder, is no ordinary file, holds more than
            `most` bytes, or cannot be read.
    """
    file = folder / path
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise ArticleError(
                f"{path}: it leads out of the articles folder.",
                cure="Copy the file into the folder, or index its own folder.",
            )
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ArticleError(f"{path}: it is not an ordinary file.", cure="Remove it.")
        if status.st_size > most:
            raise ArticleError(
                f"{path}: it has {status.st_size / MEGABYTE:,.0f} MB, more than the "
                f"{most / MEGABYTE:,.0f} MB that are read.",
                cure="Split it into one file an article.",
            )
        return file.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        reason = getattr(error, "strerror", None) or error
        raise ArticleError(
            f"{path}: it cannot be read ({reason}).", cure="Check that it is there and readable."
        ) from error


def _is_sound(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        log.warning("%r: left out: its name is not UTF-8; rename it", path)
        return False
    return True


def _info(entry: os.DirEntry[str], path: str, root: Path) -> FileInfo | None:
    """Describe a file; a link that leads out of the folder is described as the link it is."""
    try:
        link = entry.stat(follow_symlinks=False)
        if not entry.is_symlink():
            return FileInfo(path, link.st_size, link.st_mtime_ns)
        try:
            target = Path(entry.path).resolve()
        except RuntimeError:  # it leads to itself
            return FileInfo(path, link.st_size, link.st_mtime_ns)
        if target.is_dir() and target.is_relative_to(root):
            return None
        if target.is_file() and target.is_relative_to(root):
            there = target.stat()
            return FileInfo(path, there.st_size, max(link.st_mtime_ns, there.st_mtime_ns))
        return FileInfo(path, link.st_size, link.st_mtime_ns)
    except OSError as error:
        log.warning("%s: left out: %s", path, error.strerror or error)
        return None
