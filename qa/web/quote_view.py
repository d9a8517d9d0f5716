"""A checked quotation cut into what is the same, only pasted, or only in the article.

Knows differences and their offsets. Does not know HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.quotes import QuoteMatch

SAME, GONE, THERE = "same", "gone", "there"
Piece = tuple[str, str]  # kind, text


def pieces(match: QuoteMatch) -> list[Piece]:
    """Return the article's stretch with what was changed in it, in reading order."""
    return [piece for piece in _pieces(match) if piece[1]]


def _pieces(match: QuoteMatch) -> Iterator[Piece]:
    text, at = match.article.text, match.start
    for difference in sorted(match.differences, key=lambda one: (one.start, one.end)):
        yield SAME, text[at : difference.start]
        yield GONE, difference.given
        yield THERE, text[difference.start : difference.end]
        at = max(at, difference.end)
    yield SAME, text[at : match.end]
