"""Vectors for the passages of articles, encoded once each.

Knows passages, the encoder and where a vector can be taken from instead of encoding. Does not
know when something is written.

An article's passages are encoded by themselves. Batched with another article's, a vector would
differ in its last bits with its company, and then copies of one text could change ranks with
the order in which they came. It costs about 5 % of the speed on a processor (measured: 60
articles, 386 passages, 0.88 to 1.14 of the time of one batch in three rounds).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.index.records import pack

if TYPE_CHECKING:
    from qa.index.store import Store
    from qa.types import Article, Encoder, Passage


@dataclass(frozen=True, slots=True)
class Encoded:
    """The passages of one article with their vectors as they are stored."""

    passages: tuple[Passage, ...]
    vectors: tuple[bytes, ...]


class Vectors:
    """Encodes articles in batches."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        """Take vectors from `store` where an equal article has them, else from `encoder`."""
        self._store = store
        self._encoder = encoder
        self._waiting: dict[str, tuple[Article, list[Passage]]] = {}
        self._encoded: dict[str, Encoded] = {}

    def add(self, article: Article, words: int) -> int:
        """Cut an article into passages; return how many must be encoded."""
        from qa.passages import passages

        cut = passages(article, words)
        found = self._stored(article, cut)
        if found is not None:
            self._encoded[article.id] = found
            return 0
        self._waiting[article.id] = article, cut
        return len(cut)

    def encode(self) -> None:
        """Encode what waits.

        Raises:
            IndexMismatch: The encoder's vectors have another length than those stored.
        """
        for article_id, (_, cut) in self._waiting.items():
            texts = [passage.text for passage in cut]
            vectors: tuple[bytes, ...] = ()
            if texts:
                rows = self._encoder.encode(texts)
                self._store.manifest().check_dimension(rows.shape[1], self._store.place)
                vectors = tuple(pack(row) for row in rows)
            self._encoded[article_id] = Encoded(tuple(cut), vectors)
        self._waiting.clear()

    def of(self, article_id: str) -> Encoded:
        """Return what was encoded for an article."""
        return self._encoded[article_id]

    def clear(self) -> None:
        """Forget what was written."""
        self._encoded.clear()

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
