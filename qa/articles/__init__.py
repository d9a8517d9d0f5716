"""Article files to `Article`s.

Knows which reader reads which file, and what an article is called. Does not know the index:
whether two files give the same id is the index's matter. Text is never altered: what is not
the article is marked, and offsets point into the file's own text (for HTML and PDF, into the
text extracted from it).

    scan(folder)             the files, cheaply, to see what changed
    read_file(folder, path)  one file's articles, and what of it was skipped and why
    read(folder, path)       the same, but a file that must be refused raises
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qa.articles.folder import MEGABYTE, FileInfo, bytes_of, scan
from qa.articles.pdf import pdf
from qa.articles.plain import markdown, plain
from qa.articles.records import records
from qa.articles.webpage import webpage
from qa.errors import ArticleError
from qa.types import Article

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.articles.draft import Draft

__all__ = ["KINDS", "FileInfo", "Reading", "Skipped", "read", "read_file", "scan"]

log = logging.getLogger(__name__)

_READERS: dict[str, Callable[[bytes, str], Draft]] = {
    ".txt": plain,
    ".md": markdown,
    ".markdown": markdown,
    ".html": webpage,
    ".htm": webpage,
    ".pdf": pdf,
}
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
KINDS = (*_READERS, ".jsonl")  # suffixes, in lower case
# A larger file is refused by name. A page of 20 MB already takes over a gigabyte to parse.
MOST_BYTES = 64 * MEGABYTE
MOST_BYTES_OF = {".html": 20 * MEGABYTE, ".htm": 20 * MEGABYTE, ".jsonl": 1024 * MEGABYTE}


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a record of one, that was not read."""

    path: str
    reason: str  # one line, with the path or the line in it, and the cure


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave."""

    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def read_file(folder: Path, path: str) -> Reading:
    """Read one file of the folder. Never raises for what is in it, or for its absence.

    Args:
        folder: The articles folder.
        path: The file inside it, with "/" between the parts, as `scan` gives it.
    """
    try:
        return _read(folder, path)
    except ArticleError as error:
        log.warning("skipped: %s", error)
        return Reading(skipped=(Skipped(path, str(error)),))
    except (MemoryError, RecursionError) as error:
        reason = f"{path}: it is too large or too deeply nested to be read."
        log.warning("skipped: %s (%r)", reason, error)
        return Reading(skipped=(Skipped(path, reason),))


def read(folder: Path, path: str) -> list[Article]:
    """Return the articles of one file.

    Raises:
        ArticleError: The file is refused, or none of its records can be read.
    """
    reading = _read(folder, path)
    if reading.skipped and not reading.articles:
        raise ArticleError(reading.skipped[0].reason)
    return list(reading.articles)


def _read(folder: Path, path: str) -> Reading:
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in KINDS:
        raise ArticleError(
            f"{path}: files of this kind are not read.",
            cure=f"Save it as one of {', '.join(KINDS)}.",
        )
    data = bytes_of(folder, path, MOST_BYTES_OF.get(suffix, MOST_BYTES))
    if suffix == ".jsonl":
        return _records(data, path)
    name = path[: -len(suffix)] if suffix == ".txt" else path
    read_data = webpage if suffix == ".txt" and _HTML.match(data) else _READERS[suffix]
    draft = read_data(data, path)
    return Reading((_article(name, path, hashlib.sha256(data).hexdigest(), draft),))


def _records(data: bytes, path: str) -> Reading:
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for record in records(data, path):
        if isinstance(record, ArticleError):
            log.warning("skipped: %s", record)
            skipped.append(Skipped(path, str(record)))
        else:
            articles.append(_article(record.id, path, record.sha256, record.draft))
    if not articles and not skipped:
        raise ArticleError(f"{path}: it is empty.", cure="Remove it, or write one record a line.")
    return Reading(tuple(articles), tuple(skipped))


def _article(name: str, path: str, sha256: str, draft: Draft) -> Article:
    return Article(
        id=name,
        title=draft.title or PurePosixPath(name).stem.replace("_", " "),
        text=draft.text,
        path=path,
        sha256=sha256,
        source=draft.source,
        byline=draft.byline,
        published=draft.published,
        url=draft.url,
        marks=draft.marks,
    )
