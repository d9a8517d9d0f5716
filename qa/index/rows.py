"""What an update writes into the store, row by row.

Knows which rows belong together. Does not know why something is written (plan.py), nor where
a transaction ends (build.py).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.index import copies
from qa.index.plan import NEVER, Known, KnownFile
from qa.index.records import row_checksum, vector_checksum
from qa.index.sparse import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa.index.plan import Begin, Done, Forget
    from qa.index.store import Store
    from qa.index.vectors import Encoded
    from qa.types import Article


def known(store: Store, articles: Path) -> Known:
    """Return what the index holds of the folder `articles`."""
    found = Known()
    same = store.manifest().articles == str(articles.resolve())
    for path, size, mtime_ns, sha256, skipped in store.rows(
        "SELECT path, size, mtime_ns, sha256, skipped FROM files"
    ):
        # In another folder the same size and time prove nothing.
        found.files[path] = KnownFile(
            size,
            mtime_ns if same else NEVER,
            sha256,
            tuple((where, reason) for where, reason in json.loads(skipped)),
        )
    for article_id, path, kept in store.rows("SELECT article_id, path, kept FROM claims"):
        found.claims.setdefault(article_id, {})[path] = bool(kept)
    for article_id, path, sha256 in store.rows("SELECT id, path, sha256 FROM articles"):
        found.held[article_id] = (path, sha256)
    return found


class Rows:
    """Writes the steps of a plan. The caller opens and ends the transaction."""

    def __init__(self, store: Store) -> None:
        """Write into `store`."""
        self._store = store

    def forget(self, step: Forget) -> None:
        """Forget a file that is gone."""
        self._store.rows("DELETE FROM files WHERE path = ?", step.path)
        if step.keep:
            self._store.rows("UPDATE claims SET kept = 1 WHERE path = ?", step.path)
        else:
            self._store.rows("DELETE FROM claims WHERE path = ?", step.path)

    def begin(self, step: Begin) -> None:
        """Write what a file offers, and that it is not read to its end."""
        store, path = self._store, step.path
        store.rows("UPDATE files SET sha256 = '' WHERE path = ?", path)
        store.many(
            "DELETE FROM claims WHERE article_id = ? AND path = ?", _with(path, step.dropped)
        )
        for kept, ids in ((0, step.offered), (1, step.kept)):
            store.many(
                "INSERT INTO claims (article_id, path, kept) VALUES (?, ?, ?)"
                " ON CONFLICT (article_id, path) DO UPDATE SET kept = excluded.kept",
                [(article_id, path, kept) for article_id in ids],
            )

    def done(self, step: Done) -> None:
        """Write that a file was read to its end."""
        file = step.file
        self._store.rows(
            "INSERT INTO files (path, size, mtime_ns, sha256, skipped) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,"
            " sha256 = excluded.sha256, skipped = excluded.skipped",
            step.path,
            file.size,
            file.mtime_ns,
            file.sha256,
            json.dumps(file.skipped),
        )

    def put(self, article: Article, encoded: Encoded) -> None:
        """Write an article with its passages and vectors in place of what was there."""
        self.remove([article.id])
        marks = json.dumps([[mark.start, mark.end, mark.role.value] for mark in article.marks])
        published = article.published.isoformat() if article.published else None
        fields = (
            article.id, article.path, article.sha256, article.source, article.byline,
            published, article.url, article.title, marks, article.text,
            len(tokens(article.title)), len(article.text),
        )  # fmt: skip
        store = self._store
        store.rows(
            "INSERT INTO articles (id, path, sha256, source, byline, published, url, title, marks,"
            " text, tokens, length, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *fields,
            row_checksum(fields),
        )
        key = store.rows("SELECT key FROM articles WHERE id = ?", article.id)[0][0]
        first = store.numbers(len(encoded.passages))
        rows = [
            (pid, key, passage.start, passage.end, len(tokens(passage.text)))
            for pid, passage in enumerate(encoded.passages, start=first)
        ]
        store.many(
            'INSERT INTO passages (pid, article, start, "end", tokens, checksum)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(*row, row_checksum(row)) for row in rows],
        )
        self._put_vectors(
            [
                (row[0], vector_checksum(row[0], vector), vector)
                for row, vector in zip(rows, encoded.vectors, strict=True)
            ]
        )
        self._publish(article, [(row[0], row[2], row[3]) for row in rows])
        copies.link(store, key, article)
        if encoded.vectors:
            self._note_dimension(len(encoded.vectors[0]) // 2)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove articles with all that belongs to them."""
        store, ids = self._store, [(article_id,) for article_id in article_ids]
        for article_id in article_ids:
            for (key,) in store.rows("SELECT key FROM articles WHERE id = ?", article_id):
                copies.unlink(store, key)
        self._bury(article_ids)
        theirs = "article = (SELECT key FROM articles WHERE id = ?)"
        for sql in (
            f"DELETE FROM vectors WHERE pid IN (SELECT pid FROM passages WHERE {theirs})",  # noqa: S608  # ours
            f"DELETE FROM passages WHERE {theirs}",  # noqa: S608  # ours
            "DELETE FROM articles WHERE id = ?",
        ):
            store.many(sql, ids)

    def _put_vectors(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        """Write (passage number, checksum, vector) rows."""
        self._store.many("INSERT INTO vectors (pid, checksum, vector) VALUES (?, ?, ?)", rows)

    def _publish(self, article: Article, passages: Sequence[tuple[int, int, int]]) -> None:
        """Note (passage number, start, end) of new passages, for engines that must be told."""

    def _bury(self, article_ids: Sequence[str]) -> None:
        """Note which passages are about to go, for the caches that hold them."""
        self._store.many(
            "INSERT INTO graves SELECT pid, passages.tokens, articles.tokens FROM passages"
            " JOIN articles ON articles.key = passages.article WHERE articles.id = ?",
            [(article_id,) for article_id in article_ids],
        )

    def _note_dimension(self, dimension: int) -> None:
        manifest = self._store.manifest()
        if manifest.dimension != dimension:
            self._store.note("manifest", replace(manifest, dimension=dimension).dump())


def _with(path: str, ids: Iterable[str]) -> list[tuple[str, str]]:
    return [(article_id, path) for article_id in ids]
