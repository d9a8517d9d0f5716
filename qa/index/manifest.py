"""The recipe of an index: what an index must have been made with to be used.

Knows what makes two recipes differ. Does not know where a manifest is kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qa.errors import IndexMismatch

if TYPE_CHECKING:
    from pathlib import Path

    from qa.config import Settings
    from qa.types import Encoder

# Raise it with every change to the schema, to how articles are read or passages are cut: an
# index of another format is made anew, never read.
FORMAT = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the passages and vectors of an index were made with."""

    format: int
    encoder: str
    encoder_sha256: str
    dimension: int  # numbers in a vector; 0 until the first passage was encoded
    passage_words: int
    created: str  # ISO 8601, UTC
    articles: str  # the folder that was indexed

    @classmethod
    def of(cls, settings: Settings, encoder: Encoder, articles: Path) -> Manifest:
        """Return the recipe that `settings` and `encoder` ask for."""
        return cls(
            format=FORMAT,
            encoder=encoder.name,
            encoder_sha256=encoder.sha256,
            dimension=0,
            passage_words=settings.passage_words,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            articles=str(articles.resolve()),
        )

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read what `dump` wrote; raise ValueError, KeyError or TypeError if it is not that."""
        values = json.loads(text)
        return cls(**values)

    def dump(self) -> str:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def check(self, settings: Settings, encoder: Encoder, place: object) -> None:
        """Raise IndexMismatch unless the index was made with this encoder and passage size."""
        pairs = (
            ("encoder", encoder.sha256, self.encoder_sha256),
            ("passage_words", settings.passage_words, self.passage_words),
        )
        for what, expected, found in pairs:
            if expected != found:
                raise mismatch(place, what, expected, found, self.articles)

    def check_dimension(self, dimension: int, place: object) -> None:
        """Raise IndexMismatch unless a vector of `dimension` numbers fits the index."""
        if self.dimension and dimension != self.dimension:
            raise mismatch(place, "dimension", dimension, self.dimension, self.articles)


def mismatch(
    place: object, what: str, expected: object, found: object, articles: str = "FOLDER"
) -> IndexMismatch:
    """Return the error of an index whose `what` is not the expected."""
    return IndexMismatch(
        f"{place}: made with {what} {_short(found)}, but {_short(expected)} is asked for.",
        cure=f"{rebuild(place, articles)}, which makes it anew, or go back to the old setting.",
    )


def rebuild(place: object, articles: str = "FOLDER") -> str:
    """Return the command that makes or repairs the index at `place`."""
    return f"Run: qa index {articles} --index {place}"


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:12]}…" if len(text) > 40 else text  # a hash
