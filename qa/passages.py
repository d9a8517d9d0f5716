"""Article to passages: whole sentences, packed to a size, with offsets.

Knows marks, sentences and how much text the models read at once. Does not know files, the
index or any model. The passages of an article depend on that article and the size alone; they
tile all of it that is not boilerplate.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.sentences import Stretch, paragraphs, within
from qa.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Article

# A word of English news is 1.3 word-pieces of BERT's vocabulary; a passage that is richer in
# pieces (numbers, other scripts) is measured by them, so that the encoder (256) sees all of it.
PIECES_PER_WORD = 1.6
# A sentence may pass the size by this much, and so may a passage to take in a heading or a tail.
SLACK = 1.25
TINY = 12  # words; a passage as short as this is joined to a neighbour
WELL_FILLED = 0.5  # of the size; from here on a new paragraph rather opens a new passage

_PIECE = re.compile(r"[A-Za-zÀ-ɏ]{1,8}|\d{1,3}|\S")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟:;,][\"'”’»)\]]*$")
# Units a sentence that is too long is cut between; none is longer than 24 characters.
_UNIT = re.compile(r"\s*(?:[^\s、，；：。！？]{1,24}[、，；：。！？]*|[、，；：。！？]{1,24})")
_CLAUSE_END = re.compile(r"[,;:—–)\]、，；：。！？.!?][\"'”’»]*$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long: what passages are packed from."""

    start: int
    end: int
    cost: float  # words
    opens: bool  # the first of a paragraph
    heading: bool = False  # stands over what follows, so it goes with it


def passages(article: Article, words: int) -> list[Passage]:
    """Return the passages of `article`, in order, of up to `words` words each.

    A passage holds whole sentences and rather ends with a paragraph. Only a sentence of more
    than 1.25 × `words` is cut, at the end of a clause if there is one. A heading goes with
    what follows it. A passage may be up to a quarter longer to take in a heading or a tail.

    Args:
        article: What to cut. Text marked as boilerplate is in no passage.
        words: The size, at least 1. Text in scripts or formats of many word-pieces a word is
            measured by pieces, 1.6 to a word.
    """
    return [
        Passage(
            id=f"{article.id}#{start}",
            article_id=article.id,
            start=start,
            end=end,
            text=article.text[start:end],
        )
        for region_start, region_end in _regions(article)
        for start, end in _packed(_pieces(article.text, region_start, region_end, words), words)
    ]


def _regions(article: Article) -> Iterator[Stretch]:
    """Yield the stretches between boilerplate."""
    start = 0
    for mark in article.boilerplate:
        if mark.start > start:
            yield start, mark.start
        start = max(start, mark.end)
    if start < len(article.text):
        yield start, len(article.text)


def _pieces(text: str, start: int, end: int, words: int) -> list[_Piece]:
    region = text[start:end]
    found: list[_Piece] = []
    for paragraph in paragraphs(region):
        opens = True
        inside = within(region, *paragraph)
        for first, last in inside:
            cost = size_in_words(region[first:last])
            if cost <= words * SLACK:
                heading = len(inside) == 1 and _is_heading(region[first:last], cost)
                found.append(_Piece(start + first, start + last, cost, opens, heading))
            else:
                for index, (head, tail) in enumerate(_cut(region, first, last, words)):
                    part = region[head:tail]
                    found.append(
                        _Piece(start + head, start + tail, size_in_words(part), opens and not index)
                    )
            opens = False
    return found


def _packed(pieces: list[_Piece], words: int) -> list[Stretch]:
    """Pack pieces greedily into stretches, then take in what was left too small to stand."""
    packs: list[list[_Piece]] = []
    pack: list[_Piece] = []
    filled = 0.0
    for piece, rest in zip(pieces, _rest_of_paragraphs(pieces), strict=True):
        too_much = filled + piece.cost > words
        rather_new = piece.opens and filled >= words * WELL_FILLED and filled + rest > words
        small = filled <= min(TINY, words / 4) and filled + piece.cost <= words * SLACK
        if pack and (too_much or rather_new) and not small:
            carried = _headings_at_end(pack)
            if len(carried) < len(pack):
                del pack[len(pack) - len(carried) :]
            else:
                carried = []
            packs.append(pack)
            pack, filled = carried, sum(heading.cost for heading in carried)
        pack.append(piece)
        filled += piece.cost
    if pack:
        packs.append(pack)
    if len(packs) > 1:
        tail, before = sum(p.cost for p in packs[-1]), sum(p.cost for p in packs[-2])
        if tail <= min(TINY, words / 4) and tail + before <= words * SLACK:
            packs[-2:] = [packs[-2] + packs[-1]]
    return [(pack[0].start, pack[-1].end) for pack in packs]


def _rest_of_paragraphs(pieces: list[_Piece]) -> list[float]:
    """Return for each piece the words from it to the end of its paragraph."""
    rests: list[float] = []
    rest = 0.0
    for piece in reversed(pieces):
        rest += piece.cost
        rests.append(rest)
        if piece.opens:
            rest = 0.0
    rests.reverse()
    return rests


def _headings_at_end(pack: list[_Piece]) -> list[_Piece]:
    count = 0
    while count < min(2, len(pack)) and pack[-1 - count].heading:
        count += 1
    return pack[len(pack) - count :]


def _is_heading(text: str, cost: float) -> bool:
    """Say whether a paragraph looks like a heading: one short line that is no sentence."""
    return cost <= TINY and not _SENTENCE_END.search(text)


def size_in_words(text: str) -> float:
    """Return how many words `text` counts as."""
    return max(len(text.split()), len(_PIECE.findall(text)) / PIECES_PER_WORD)


def _cut(text: str, start: int, end: int, words: int) -> Iterator[Stretch]:
    """Cut a sentence that is too long into parts of up to `words` words.

    Each part ends with a clause in its second half if it can, else with a word, and else,
    where there is no space at all, between two characters.
    """
    first = start  # of the part
    best, rank = start, -1  # where to cut it, and how good that is
    cost = since_best = 0.0
    for unit in _UNIT.finditer(text, start, end):
        stop = _whole_characters(text, unit.end(), end)
        size = max(float(bool(unit[0].strip())), len(_PIECE.findall(unit[0])) / PIECES_PER_WORD)
        if cost + size > words and rank >= 0:
            if part := _trimmed(text, first, best):
                yield part
            first, cost, rank, since_best = best, since_best, -1, 0.0
        cost += size
        since_best += size
        quality = (
            2
            if _CLAUSE_END.search(unit[0])
            and (stop == end or text[stop].isspace() or ord(unit[0][-1]) > 0x2FFF)
            else 1
            if stop == end or text[stop].isspace()
            else 0
        )
        if stop > first and (quality >= rank or cost < words * WELL_FILLED):
            best, rank, since_best = stop, quality, 0.0
    if part := _trimmed(text, first, end):
        yield part


def _whole_characters(text: str, offset: int, end: int) -> int:
    """Move `offset` on so that no accent or joined emoji is cut from its base."""
    limit = min(end, offset + 16)
    while offset < limit and (
        unicodedata.combining(text[offset])
        or text[offset] in "\u200d\ufe0f"
        or text[offset - 1] == "\u200d"
    ):
        offset += 1
    return offset


def _trimmed(text: str, start: int, end: int) -> Stretch | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
