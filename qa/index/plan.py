"""What must be done so that the index holds exactly what the files hold.

Knows how files, article ids and stored articles relate. Does not know SQLite, passages or
vectors: it is told what is known and yields steps. Where two files offer the same article id,
the first by path has it and the other is skipped by name, in whatever order they came.
"""

from __future__ import annotations

import hashlib
import heapq
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.index.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from qa.articles import FileInfo, Reading, Skipped
    from qa.types import Article

# A file written this shortly before it was looked at may be written again within the same
# tick of its clock, so its time proves nothing. (Git calls such entries racy.)
RACY_NS = 2_000_000_000
NEVER = -1  # a time that no file has: look inside next time


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the index remembers of a file."""

    size: int
    mtime_ns: int
    sha256: str  # "": it was not read to its end
    skipped: tuple[tuple[str, str], ...] = ()  # (path, reason)


@dataclass(slots=True)
class Known:
    """What the index holds; a plan keeps it up to date as it goes."""

    files: dict[str, KnownFile] = field(default_factory=dict)
    # article id → the files that offer it; True: no longer offered, but kept
    claims: dict[str, dict[str, bool]] = field(default_factory=dict)
    held: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → (path, sha256)

    def owner(self, article_id: str) -> str | None:
        """Return the file that has the id: the first that still offers it."""
        claims = self.claims.get(article_id)
        return min(claims, key=lambda path: (claims[path], path)) if claims else None

    def drop(self, article_id: str, path: str) -> None:
        """Forget that `path` offers the id."""
        claims = self.claims.get(article_id, {})
        claims.pop(path, None)
        if not claims:
            self.claims.pop(article_id, None)


@dataclass(frozen=True, slots=True)
class Forget:
    """A file is gone."""

    path: str
    keep: bool  # its articles stay


@dataclass(frozen=True, slots=True)
class Begin:
    """A file is about to be read anew; it offers these ids, and no longer those."""

    path: str
    offered: tuple[str, ...]
    dropped: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """An article is new or differs from the stored one."""

    article: Article
    weight: float  # its share of the file's bytes


@dataclass(frozen=True, slots=True)
class Done:
    """A file was read to its end; nothing but its row is written."""

    path: str
    file: KnownFile
    weight: float


@dataclass(frozen=True, slots=True)
class Remove:
    """Articles that no file offers any more."""

    articles: tuple[str, ...]


Step = Forget | Begin | Put | Done | Remove


class Plan:
    """The steps from what is known to what the files hold."""

    def __init__(
        self,
        files: Sequence[FileInfo],
        known: Known,
        read: Callable[[str], Reading],
        folder: Path,
        *,
        prune: bool = True,
    ) -> None:
        """Compare the files in `folder` with what is known; `read` reads one of them."""
        self._files = {file.path: file for file in files}
        self._known = known
        self._before = dict(known.held)
        self._read = read
        self._folder = folder
        self._prune = prune
        self._now = time.time_ns()
        self._offers: dict[str, list[str]] = {}
        for article_id, paths in known.claims.items():
            for path in paths:
                self._offers.setdefault(path, []).append(article_id)
        self._queue = [path for path in self._files if self._looks_different(path)]
        self._owed: set[str] = set()  # files to read although they are as they were
        self.bytes = sum(self._files[path].size for path in self._queue)

    def steps(self) -> Iterator[Step]:
        """Yield the steps in order; `changes` is complete once they are all taken."""
        yield from self._gone()
        self._owed.update(self._owing())
        self._queue.extend(self._owed)
        heapq.heapify(self._queue)
        seen: set[str] = set()
        while self._queue:
            path = heapq.heappop(self._queue)
            if path in self._files and path not in seen:
                seen.add(path)
                yield from self._file(self._files[path])
        removed = tuple(sorted(set(self._known.held) - set(self._known.claims)))
        for article_id in removed:
            del self._known.held[article_id]
        if removed:
            yield Remove(removed)

    def changes(self, generation: int) -> Changes:
        """Return what the steps amount to."""
        before, after = self._before, self._known.held
        added = tuple(sorted(after.keys() - before.keys()))
        changed = tuple(sorted(key for key in after.keys() & before if after[key] != before[key]))
        return Changes(
            added=added,
            changed=changed,
            removed=tuple(sorted(before.keys() - after.keys())),
            unchanged=len(after) - len(added) - len(changed),
            skipped=self._skipped(),
            generation=generation,
        )

    # -- files

    def _looks_different(self, path: str) -> bool:
        file, known = self._files[path], self._known.files.get(path)
        return (
            known is None
            or not known.sha256
            or (file.size, file.mtime_ns) != (known.size, known.mtime_ns)
        )

    def _gone(self) -> Iterator[Step]:
        """Give up the claims of files that are gone, and those kept before."""
        for path in sorted((self._known.files.keys() | self._offers) - self._files.keys()):
            self._known.files.pop(path, None)
            for article_id in self._offers.get(path, []):
                if self._prune:
                    self._known.drop(article_id, path)
                else:
                    self._known.claims[article_id][path] = True
            yield Forget(path, keep=not self._prune)
        if self._prune:
            # A file with an id that was only kept is read again, and gives it up.
            for path, file in self._known.files.items():
                if any(self._known.claims[i].get(path) for i in self._offers.get(path, [])):
                    self._known.files[path] = replace(file, sha256="")
                    self._queue.append(path)

    def _owing(self) -> Iterator[str]:
        """Yield the files to read because an article is not from the file that has its id.

        So it is when the file that had it before is gone, or an earlier update was cut short.
        """
        for article_id in self._known.held.keys() | self._known.claims.keys():
            owner = self._known.owner(article_id)
            path = self._known.held.get(article_id, ("",))[0]
            if owner != path:
                yield path if owner is None else owner

    def _file(self, file: FileInfo) -> Iterator[Step]:
        known = self._known.files.get(file.path)
        # The time is taken before the file is read, so a change meanwhile is seen next time.
        racy = file.mtime_ns > self._now - RACY_NS
        mtime_ns = NEVER if racy else file.mtime_ns
        try:
            sha256 = _sha256(self._folder / file.path)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            yield from self._offer(
                file, {}, KnownFile(file.size, NEVER, "", ((file.path, reason),))
            )
            return
        if known is not None and known.sha256 == sha256 and file.path not in self._owed:
            row = KnownFile(file.size, mtime_ns, sha256, known.skipped)
            self._known.files[file.path] = row
            yield Done(file.path, row, file.size)
            return
        reading = self._read(file.path)
        articles, skipped = _storable(reading)
        yield from self._offer(file, articles, KnownFile(file.size, mtime_ns, sha256, skipped))

    def _offer(
        self, file: FileInfo, articles: dict[str, Article], row: KnownFile
    ) -> Iterator[Step]:
        """Let `file` offer `articles`, and yield those that it is to give."""
        path, claims = file.path, self._known.claims
        before = self._offers.get(path, [])
        lost = tuple(sorted(i for i in before if i not in articles))
        for article_id in lost:
            if self._prune:
                self._known.drop(article_id, path)
            else:
                claims[article_id][path] = True
        for article_id in articles:
            claims.setdefault(article_id, {})[path] = False
        self._offers[path] = list(articles) if self._prune else [*articles, *lost]
        yield Begin(
            path,
            tuple(articles),
            lost if self._prune else (),
            () if self._prune else lost,
        )
        for article_id in lost:
            owner = self._known.owner(article_id)
            if owner not in {None, path}:
                self._owed.add(str(owner))
                heapq.heappush(self._queue, str(owner))
        share = file.size / max(1, len(articles))
        given = 0.0
        for article in articles.values():
            found = (path, article.sha256)
            if self._known.owner(article.id) == path and self._known.held.get(article.id) != found:
                self._known.held[article.id] = found
                given += share
                yield Put(article, share)
        self._known.files[path] = row
        yield Done(path, row, file.size - given)

    def _skipped(self) -> tuple[Skipped, ...]:
        """Return all that is not in the index and why, by path."""
        from qa.articles import Skipped

        found = [pair for file in self._known.files.values() for pair in file.skipped]
        for article_id, claims in self._known.claims.items():
            owner = self._known.owner(article_id)
            found.extend(
                (path, f"article id {article_id!r} is taken by {owner}")
                for path, kept in claims.items()
                if path != owner and not kept
            )
        return tuple(Skipped(path, reason) for path, reason in sorted(found))


def _storable(reading: Reading) -> tuple[dict[str, Article], tuple[tuple[str, str], ...]]:
    """Return the articles of a reading by id, and what is skipped besides."""
    articles: dict[str, Article] = {}
    skipped = [(item.path, item.reason) for item in reading.skipped]
    for article in reading.articles:
        if article.id in articles:
            skipped.append((article.path, f"article id {article.id!r} comes twice in this file"))
        elif not _is_unicode(article):
            skipped.append((article.path, f"article {article.id!r} holds half a character"))
        else:
            articles[article.id] = article
    return articles, tuple(skipped)


def _is_unicode(article: Article) -> bool:
    """Say whether all strings are text: a JSON escape can hold half of a surrogate pair."""
    texts = (
        article.id, article.path, article.title, article.text,
        article.source, article.byline, article.url,
    )  # fmt: skip
    try:
        for text in texts:
            (text or "").encode()
    except UnicodeEncodeError:
        return False
    return True


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
