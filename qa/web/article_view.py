"""An article's text cut into paragraphs and pieces, ready to be shown.

Knows which stretch is the quotation, which its sentence, which boilerplate. Every character of
the text but line ends is in exactly one piece. Does not know HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.types import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Article

# A page with more text than this scrolls badly; an article is hardly ever longer.
MOST_SHOWN = 150_000  # code points


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one paragraph that is shown in one way."""

    text: str
    quoted: bool = False
    sentence: bool = False  # of the quotation
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One non-empty line of an article."""

    number: int  # from 1, as in a citation
    role: Role | None  # of the whole line, if it has one
    pieces: tuple[Piece, ...]

    @property
    def quoted(self) -> bool:
        """Say whether any of the quotation is in here."""
        return any(piece.quoted for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Place:
    """What to mark in an article; offsets are the article's, empty for nothing."""

    start: int = 0
    end: int = 0
    sentence_start: int = 0
    sentence_end: int = 0


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What is shown of an article."""

    paragraphs: tuple[Paragraph, ...]
    cut_before: int = 0  # code points that are left out
    cut_after: int = 0


def view(article: Article, place: Place | None = None) -> ArticleView:
    """Return the paragraphs of `article`, the part around `place` if it is very long."""
    place = place or Place()
    low, high = _shown(article.text, place)
    paragraphs, offset, number = [], 0, 0
    for line in article.text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        end = start + len(line.rstrip())
        number += bool(line.strip())
        if line.strip() and low <= start < high:
            pieces = tuple(_pieces(article, start, min(end, high), place))
            paragraph = Paragraph(number, _role(article, start, end), pieces)
            if not _repeats_title(article, paragraph):
                paragraphs.append(paragraph)
    return ArticleView(tuple(paragraphs), low, len(article.text) - high)


def _shown(text: str, place: Place) -> tuple[int, int]:
    if len(text) <= MOST_SHOWN:
        return 0, len(text)
    middle = (place.start + place.end) // 2
    low = max(0, min(middle - MOST_SHOWN // 2, len(text) - MOST_SHOWN))
    newline = text.rfind("\n", 0, low)
    # A text that is one endless line has no better place to cut than where it is.
    low = newline + 1 if low - newline < MOST_SHOWN // 4 else 0
    return low, max(min(len(text), low + MOST_SHOWN), place.end)


def _pieces(article: Article, start: int, end: int, place: Place) -> Iterator[Piece]:
    cuts = {start, end}
    stretches = [
        (place.start, place.end),
        (place.sentence_start, place.sentence_end),
        *((mark.start, mark.end) for mark in article.boilerplate),
    ]
    cuts.update(cut for stretch in stretches for cut in stretch if start < cut < end)
    ordered = sorted(cuts)
    for low, high in pairwise(ordered):
        yield Piece(
            article.text[low:high],
            quoted=place.start <= low < place.end,
            sentence=place.sentence_start <= low < place.sentence_end,
            boilerplate=any(mark.start <= low < mark.end for mark in article.boilerplate),
        )


def _role(article: Article, start: int, end: int) -> Role | None:
    covering = (mark for mark in article.marks if mark.start <= start and end <= mark.end)
    return next((mark.role for mark in covering), None)


def _repeats_title(article: Article, paragraph: Paragraph) -> bool:
    """Say whether the paragraph only says again what stands above the article."""
    text = "".join(piece.text for piece in paragraph.pieces)
    return paragraph.role is Role.TITLE and not paragraph.quoted and text.strip() == article.title
