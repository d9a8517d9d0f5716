"""Files that come from the page into the articles folder, and go again.

Knows names, sizes and types, and which articles came this way. Does not know the page or how
files are read: after each change the index is brought up to date by `pipeline.refresh`.
"""

from __future__ import annotations

import re
import shutil
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ArticleError
from qa.web.render import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.index import Progress
    from qa.pipeline import Pipeline

FOLDER = "uploads"  # inside the articles folder
TYPES = (".txt", ".md", ".html", ".htm", ".pdf", ".jsonl")
MOST_BYTES = 20_000_000  # of one file
MOST_FILES = 50  # at once
LONGEST_NAME = 100  # characters


class UploadError(ArticleError):
    """A file from the page is not taken."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some files, in a sentence for people."""

    taken: tuple[str, ...]  # paths inside the articles folder
    refused: tuple[tuple[str, str], ...]  # file name and why

    def __str__(self) -> str:
        """Return what to tell the reader."""
        said = [f"{amount(len(self.taken), 'file')} added."] if self.taken else []
        said += [f"{name}: {why}" for name, why in self.refused]
        return " ".join(said) or "Nothing was added."


class Uploads:
    """The uploaded part of the articles folder. Safe to call from many threads."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Use the articles folder that the index was made from."""
        self._pipeline = pipeline
        self._root = Path(pipeline.index.manifest.articles)
        self._lock = threading.Lock()

    def add(self, files: Sequence[tuple[str, Path]], progress: Progress | None = None) -> Outcome:
        """Take files, each with the name it had on the reader's machine, and index them."""
        taken: list[str] = []
        refused: list[tuple[str, str]] = []
        with self._lock:
            for name, path in files[:MOST_FILES]:
                try:
                    taken.append(self._take(name, path))
                except (UploadError, OSError) as error:
                    refused.append((name, str(error)))
            refused += [
                (name, f"More than {MOST_FILES} at once.") for name, _ in files[MOST_FILES:]
            ]
            unread = self._index(progress) if taken else {}
            for name in [name for name in taken if name in unread]:
                # What cannot be read is of no use in the folder.
                (self._root / name).unlink(missing_ok=True)
                taken.remove(name)
                refused.append((Path(name).name, unread[name]))
        return Outcome(tuple(taken), tuple(refused))

    def remove(self, path: str) -> None:
        """Delete an uploaded file, by its path inside the articles folder, and its articles.

        Raises:
            UploadError: It is not one that came from the page.
        """
        folder = (self._root / FOLDER).resolve()
        file = (self._root / path).resolve()
        if not self.holds(path) or folder not in file.parents or not file.is_file():
            raise UploadError(f"{path}: not a file that was added here.")
        with self._lock:
            file.unlink(missing_ok=True)
            self._pipeline.refresh()

    @staticmethod
    def holds(path: str) -> bool:
        """Say whether the article file of this path came from the page."""
        return path.startswith(f"{FOLDER}/")

    def _take(self, name: str, path: Path) -> str:
        plain = plain_name(name)
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise UploadError(f"Larger than {MOST_BYTES // 1_000_000} MB.")
        if not size:
            raise UploadError("Empty.")
        folder = self._root / FOLDER
        folder.mkdir(exist_ok=True)
        target = _free(folder / plain)
        # The watcher and the indexer must never see half a file.
        part = folder / f".{target.name}.part"
        shutil.copyfile(path, part)
        part.rename(target)
        return f"{FOLDER}/{target.name}"

    def _index(self, progress: Progress | None) -> dict[str, str]:
        changes = self._pipeline.refresh(progress)
        return {skipped.path: skipped.reason for skipped in changes.skipped}


def plain_name(name: str) -> str:
    """Return a file name that is only a name: no folders, no control characters, not hidden.

    Raises:
        UploadError: Its type is not one that can be read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char if char.isalnum() or char in " ._-()" else "_" for char in last).strip(" .")
    stem, suffix = Path(kept).stem, Path(kept).suffix.lower()
    if suffix not in TYPES or not stem.strip("_. "):
        raise UploadError(f"Only {', '.join(TYPES)} files are read.")
    return f"{stem[:LONGEST_NAME].strip()}{suffix}"


def _free(path: Path) -> Path:
    """Return `path`, or the first of its numbered fellows that is not taken."""
    candidate, number = path, 2
    # An id is the path without ".txt", so a.txt and a.md could be one article's.
    while candidate.exists():
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return candidate
