"""What the rows of the store are, and their checksums.

Knows the shape of what is stored. Does not know where it is stored.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.types import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from qa.types import Article

LONG = 200  # characters


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """One article without its text, for lists."""

    id: str
    title: str
    path: str
    source: str | None
    byline: str | None
    published: date | None
    url: str | None
    length: int  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One passage as it is stored: everything but its text."""

    pid: int
    article: int  # key of its article
    start: int
    end: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Text:
    """One passage as the words in it are searched."""

    pid: int
    article: Article
    text: str
    tokens: tuple[int, int]  # in the text, in the title


@dataclass(frozen=True, slots=True)
class Base:
    """What the caches on disk were made of: all passages of one state."""

    name: str  # the state's
    last: int  # highest passage number; later passages are not in the caches
    passages: int


@dataclass(frozen=True, slots=True)
class State:
    """Which state of an index: every change raises the number and draws a new token.

    The token tells apart two states of the same number, one of which was never committed.
    """

    generation: int
    token: str

    def __str__(self) -> str:
        """Return what is stored."""
        return f"{self.generation}-{self.token}"

    def following(self) -> State:
        """Return the state after this one."""
        return State(self.generation + 1, secrets.token_hex(4))


def passage_of(article: Article, start: int, end: int) -> Passage:
    """Return the passage of `article` at these offsets."""
    return Passage(f"{article.id}#{start}", article.id, start, end, article.text[start:end])


def row_checksum(fields: Sequence[Any]) -> int:
    """Return the checksum of the fields of an article's or a passage's row."""
    # Long texts straight, the rest as Python writes it: much faster than all as JSON.
    checksum = 0
    short = list(fields)
    for place, field in enumerate(short):
        if isinstance(field, str) and len(field) > LONG:
            checksum = zlib.crc32(field.encode(), checksum)
            short[place] = len(field)
    return zlib.crc32(repr(short).encode(), checksum)


def vector_checksum(pid: int, vector: bytes) -> int:
    """Return the checksum of a stored vector; the number guards against a swap."""
    return zlib.crc32(vector, pid & 0xFFFFFFFF)


def pack(vector: NDArray[np.float32]) -> bytes:
    """Return a vector as it is stored: little-endian half precision."""
    return vector.astype("<f2").tobytes()
