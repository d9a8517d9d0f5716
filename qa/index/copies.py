"""Articles that are one story printed twice: syndicated copies, re-posts, light edits.

Knows when two articles count as copies, and keeps the pairs in the store. Does not know who
asks. Whether two articles are copies depends on their texts alone, so the pairs are the same
in whatever order the articles came; a group is all that hang together by pairs.

Two articles are copies when the five-word shingles of their running text overlap by `LIKE`
(Jaccard), computed exactly. Candidates are found by MinHash with banding (Broder 1997; Leskovec,
Rajaraman & Ullman, Mining of Massive Datasets, ch. 3): 25 bands of 4 find a pair at the limit
with probability 1 - (1 - 0.7⁴)²⁵ = 0.999, and nearly all unlike pairs are never looked at.
The signatures are kept, so they must never change with a library's version: they are ours.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from qa.index.records import row_checksum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.index.store import Store
    from qa.types import Article

WORDS = 5  # to a shingle
LIKE = 0.7  # least overlap of copies
LEAST = 20  # shingles; shorter texts are copies only when all their words are the same
BANDS, ROWS = 25, 4
CHUNK = 8192  # shingles hashed at once

_WORD = re.compile(r"\w+")


def link(store: Store, key: int, article: Article) -> None:
    """Note the pairs of a newly stored article, in the caller's transaction."""
    words = running_words(article)
    if not words:
        return
    mine = shingles(words)
    whole, *bands = _keys(words, mine)
    listed, values = store.listed("key", [whole, *bands])
    found = store.rows(f"SELECT key, article FROM bands WHERE {listed}", values)  # noqa: S608  # ours
    store.many(
        "INSERT INTO bands (key, article) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(band, key) for band in (whole, *bands)],
    )
    same = {other for band, other in found if band == whole}
    for other in sorted({other for _, other in found} - {key}):
        if other in same or _alike(mine, store, other):
            store.many(
                "INSERT INTO copies (article, other, checksum) VALUES (?, ?, ?)"
                " ON CONFLICT (article, other) DO UPDATE SET checksum = excluded.checksum",
                [(*pair, row_checksum(pair)) for pair in ((key, other), (other, key))],
            )


def unlink(store: Store, key: int) -> None:
    """Forget the pairs of an article, in the caller's transaction."""
    store.rows(
        "DELETE FROM copies WHERE (article, other) IN"
        " (SELECT other, article FROM copies WHERE article = ?)",
        key,
    )
    store.rows("DELETE FROM copies WHERE article = ?", key)
    store.rows("DELETE FROM bands WHERE article = ?", key)


def group(store: Store, article_id: str) -> tuple[str, ...]:
    """Return the ids of an article and all its copies, in order."""
    rows = store.rows(
        "WITH RECURSIVE found (key) AS (SELECT key FROM articles WHERE id = ?"
        " UNION SELECT other FROM copies JOIN found ON article = found.key)"
        " SELECT id FROM articles JOIN found USING (key) ORDER BY id",
        article_id,
    )
    return tuple(found for (found,) in rows)


def running_words(article: Article) -> list[str]:
    """Return the lower-case words of an article but for its headline, byline and boilerplate."""
    parts, start = [], 0
    for mark in article.marks:
        parts.append(article.text[start : mark.start])
        start = mark.end
    parts.append(article.text[start:])
    return _WORD.findall(" ".join(parts).lower())


def shingles(words: list[str]) -> NDArray[np.uint64]:
    """Return the distinct hashes of all runs of five words, ascending."""
    hashes = {
        zlib.crc32(" ".join(words[at : at + WORDS]).encode())
        for at in range(max(1, len(words) - WORDS + 1))
    }
    return np.array(sorted(hashes), dtype=np.uint64)


def overlap(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Return the Jaccard similarity of two sets of shingles."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(1, len(one) + len(other) - shared)


def _alike(mine: NDArray[np.uint64], store: Store, key: int) -> bool:
    article = store.article("key", key)
    if article is None:
        return False
    theirs = shingles(running_words(article))
    return min(len(mine), len(theirs)) >= LEAST and overlap(mine, theirs) >= LIKE


def _keys(words: list[str], hashes: NDArray[np.uint64]) -> list[int]:
    """Return the keys under which candidates meet: of the whole text, then of each band."""
    keys = [_key(b"whole", " ".join(words).encode())]
    if len(hashes) >= LEAST:
        signature = _signature(hashes)
        for band in range(BANDS):
            rows = signature[band * ROWS : (band + 1) * ROWS]
            keys.append(_key(str(band).encode(), rows.astype("<u8").tobytes()))
    return keys


def _key(kind: bytes, value: bytes) -> int:
    digest = hashlib.blake2b(value, digest_size=8, person=kind).digest()
    return int.from_bytes(digest, "big", signed=True)


def _signature(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the MinHash of a set: for each of the hash functions its least value."""
    factors, offsets = _functions()
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), CHUNK):
        # Multiply-shift (Dietzfelbinger et al. 1997): the upper half of a 64-bit product.
        values = (hashes[start : start + CHUNK, None] * factors + offsets) >> np.uint64(32)
        least = np.minimum(least, values.min(axis=0))
    return least


@lru_cache(maxsize=1)
def _functions() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    def draw(kind: str) -> list[int]:
        return [
            int.from_bytes(hashlib.blake2b(f"{kind}{at}".encode(), digest_size=8).digest(), "big")
            for at in range(BANDS * ROWS)
        ]

    factors = np.array([number | 1 for number in draw("factor")], dtype=np.uint64)
    return factors, np.array(draw("offset"), dtype=np.uint64)
