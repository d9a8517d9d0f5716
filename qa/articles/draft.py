"""What a format's reader hands over: a text and what is stated about it.

Knows the stage between bytes and `Article`. Does not know paths, ids or hashes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from qa.types import Mark


@dataclass(frozen=True, slots=True)
class Draft:
    """An article without an identity. What is not stated is None."""

    text: str = field(repr=False)
    title: str | None = None
    source: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    marks: tuple[Mark, ...] = field(default=(), repr=False)  # by start, never overlapping
    start: int = 0  # where the article begins in the text: after front matter
