"""Vectors for the passages of articles, encoded once each.

Knows passages, the encoder and where a vector can be taken from instead of encoding. Does not
know when something is written.

The passages of many articles are encoded together, in a thread of its own, while the next
articles are read: torch leaves the interpreter to others while it computes. A vector does not
depend on its company (see qa/encoder.py), so an index does not depend on how articles were
batched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.index.records import pack

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from qa.index.store import Store
    from qa.types import Article, Encoder, Passage, Vectors


@dataclass(frozen=True, slots=True)
class Encoded:
    """The passages of one article with their vectors as they are stored."""

    passages: tuple[Passage, ...]
    vectors: tuple[bytes, ...]


class Batch:
    """Articles to be written together, whose passages are being encoded or taken over."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        """Take vectors from `store` where an equal article has them, else from `encoder`."""
        self._store = store
        self._encoder = encoder
        self._waiting: dict[str, list[Passage]] = {}
        self._encoded: dict[str, Encoded] = {}
        self._rows: Future[Vectors] | None = None

    def add(self, article: Article, words: int) -> int:
        """Cut an article into passages; return how many must be encoded."""
        from qa.passages import passages

        cut = passages(article, words)
        found = self._stored(article, cut)
        if found is not None:
            self._encoded[article.id] = found
            return 0
        self._waiting[article.id] = cut
        return len(cut)

    def begin(self, thread: Executor) -> None:
        """Start to encode what waits, in `thread`."""
        texts = [passage.text for cut in self._waiting.values() for passage in cut]
        if texts:
            self._rows = thread.submit(self._encoder.encode, texts)

    def finish(self) -> None:
        """Wait until everything is encoded.

        Raises:
            IndexMismatch: The encoder's vectors have another length than those stored.
        """
        vectors: list[bytes] = []
        if self._rows is not None:
            rows = self._rows.result()
            self._store.manifest().check_dimension(rows.shape[1], self._store.place)
            vectors = [pack(row) for row in rows]
        first = 0
        for article_id, cut in self._waiting.items():
            last = first + len(cut)
            self._encoded[article_id] = Encoded(tuple(cut), tuple(vectors[first:last]))
            first = last
        self._waiting.clear()

    def of(self, article_id: str) -> Encoded:
        """Return what was encoded for an article."""
        return self._encoded[article_id]

    def _stored(self, article: Article, cut: list[Passage]) -> Encoded | None:
        """Return the vectors of a stored article of the same bytes, as after a renaming."""
        for (key,) in self._store.rows(
            "SELECT key FROM articles WHERE sha256 = ? ORDER BY key", article.sha256
        ):
            twin = self._store.article("key", key)
            rows = self._store.passage_rows_of(key)
            if (
                twin is not None
                and twin.text == article.text
                and [(row.start, row.end) for row in rows] == [(one.start, one.end) for one in cut]
            ):
                pairs = self._store.vectors([row.pid for row in rows])
                return Encoded(tuple(cut), tuple(vector for _, vector in pairs))
        return None
