"""Text to sentences, as offsets.

Knows the splitter `sentencex` (alone in the project), which line breaks end a paragraph and
which only wrap it, and the few boundaries the splitter gets wrong in news. Does not know
articles, passages or marks. Offsets count code points, as sentencex's do.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import pairwise
from operator import and_, itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Stretch = tuple[int, int]  # start, end (exclusive), in code points

# A sentence longer than this is split inside its quotations, which the splitter keeps whole. Of
# 109,128 sentences of Wikipedia, reviews and forums 1,324 were longer; 204 of those were several
# in one quotation, or behind an inch mark.
LONG_SENTENCE = 60  # words; three times the mean of news prose
# Wrapped text (PDF, old newswire) has lines between these lengths; one-line paragraphs are longer.
SHORTEST_WRAP, LONGEST_WRAP = 40, 130  # characters
WRAP_SLACK = 0.85  # proportional fonts: the characters of a full line vary by this much
MOSTLY = 0.7  # share of full lines that makes a block wrapped text

_ITEM = re.compile(r"(?:[-*•–—▪●◦‣>|#]|\(?\d{1,3}[.)]|\(?[A-Za-z][.)])\s")
_BREAKS = str.maketrans(dict.fromkeys("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", " "))
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»‹›()[]「」『』', " "))

# Boundaries the splitter makes inside a sentence: (end of one piece, start of the next).
_WRONG = (
    # "D-N." "J., said", "J." "K. Rowling": a run of initials
    (re.compile(r"(?:^|[\s(.–-])[A-Z]\.$"), re.compile(r"[A-Z]\.")),
    # "the Board of Ed." "was cited": an abbreviation, for the sentence goes on in lower case
    (re.compile(r"\b[A-Z][A-Za-z]{0,4}\.$"), re.compile(r"[a-z]")),
    # "approx." "5 km"
    (
        re.compile(r"\b(?:approx|ca|est|nr|pp?|vol|art|sec|fig|al)\.$", re.IGNORECASE),
        re.compile(r"\d"),
    ),
    # "9 a.m." "Monday", "5 p.m." "ET"
    (
        re.compile(r"\b[ap]\.?m\.$", re.IGNORECASE),
        re.compile(
            r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b"
            r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d"
            r"|(?:[ECMP][SD]?T|GMT|UTC|BST|CET)\b)"
        ),
    ),
    # "am 3." "Oktober": an ordinal before a month
    (
        re.compile(r"\b\d{1,2}\.$"),
        re.compile(
            r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
            r"|Dezember|januar|februar|mars|april|maj|mai|juni|juli|august|oktober|desember)\b"
        ),
    ),
    # "1." "First item": the number of a list item
    (re.compile(r"^\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)]$"), re.compile(r"\S")),
    # a closing quotation mark or a footnote left over
    (re.compile(r"\S$"), re.compile(r"(?:[\"'”’»)\]]|\[\d{1,3}\])+$")),
)


def sentences(text: str, language: str = "en") -> list[Stretch]:
    """Return where each sentence stands, in order.

    The stretches are trimmed, never overlap, hold every character that is not white space,
    and never cross a line break that ends a paragraph.
    """
    return [
        sentence
        for start, end in paragraphs(text)
        for sentence in within(text, start, end, language)
    ]


def sentence_around(text: str, start: int, end: int, language: str = "en") -> Stretch:
    """Return the smallest run of whole sentences of `text` that holds `start:end`.

    Hand it a passage's text, not a long article's: it splits all it is given.
    """
    found = sentences(text, language)
    first = bisect_right(found, start, key=itemgetter(1))  # the first that ends behind `start`
    last = bisect_left(found, end, key=itemgetter(0)) - 1  # the last that begins before `end`
    return (
        min(start, found[first][0]) if first < len(found) else start,
        max(end, found[last][1]) if last >= 0 else end,
    )


def paragraphs(text: str) -> list[Stretch]:
    """Return where each paragraph stands, trimmed, in order.

    A paragraph is one line, or several that were wrapped: a line is wrapped into the next one
    when the next one's first word would not have fitted.
    """
    return [paragraph for block in blocks(text) for paragraph in paragraphs_of(text, block)]


def paragraphs_of(text: str, block: list[Stretch]) -> list[Stretch]:
    """Return the paragraphs of one block of lines."""
    found: list[Stretch] = []
    start = block[0][0]
    for ((_, end), (after, _)), wrapped in zip(pairwise(block), _wraps(text, block), strict=True):
        if not wrapped:
            found.append((start, end))
            start = after
    found.append((start, block[-1][1]))
    return found


def within(text: str, start: int, end: int, language: str = "en") -> list[Stretch]:
    """Return the sentences of one paragraph that stands at `start:end`."""
    paragraph = text[start:end]
    if len(paragraph.splitlines()) > 1:  # wrapped; a break inside is a space to the splitter
        paragraph = paragraph.translate(_BREAKS)
    found: list[Stretch] = []
    for first, last in _mended(paragraph, _pieces(paragraph, language)):
        if paragraph.count(" ", first, last) >= LONG_SENTENCE:
            found.extend(_inside_quotation(paragraph, first, last, language))
        else:
            found.append((first, last))
    return [(start + first, start + last) for first, last in found]


def blocks(text: str) -> Iterator[list[Stretch]]:
    """Yield runs of lines without an empty line between them, each line trimmed."""
    block: list[Stretch] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            start = offset + line.index(body[0])
            block.append((start, start + len(body)))
        elif block:
            yield block
            block = []
        offset += len(line)
    if block:
        yield block


def _wraps(text: str, block: list[Stretch]) -> list[bool]:
    """Say for each line of `block` but the last whether the next one continues it.

    A line is full when the next one's first word would not have fitted. Full lines are wrapped
    ones where they follow each other and often break before a small letter; headlines under
    each other do neither.
    """
    width = max(end - start for start, end in block)
    if len(block) == 1 or not SHORTEST_WRAP <= width <= LONGEST_WRAP:
        return [False] * (len(block) - 1)
    full, goes_on = [], []
    for (start, end), (after, stop) in pairwise(block):
        word = text[after:stop].split(maxsplit=1)[0]
        full.append(
            end - start >= SHORTEST_WRAP * WRAP_SLACK
            and end - start + 1 + len(word) > width * WRAP_SLACK
            and not _ITEM.match(text, after, stop)
        )
        goes_on.append(text[after].isalpha() and not text[after].isupper())
    if 3 * sum(map(and_, full, goes_on)) < sum(full):
        return [False] * len(full)
    mostly = len(full) > 1 and sum(full) >= MOSTLY * len(full)
    beside = [any(pair) for pair in zip([False, *full[:-1]], [*full[1:], False], strict=True)]
    return [
        is_full and (mostly or near or on)
        for is_full, near, on in zip(full, beside, goes_on, strict=True)
    ]


def _pieces(paragraph: str, language: str) -> list[Stretch]:
    """Split by the library; trim each piece."""
    return [
        trimmed
        for found in _splitter()(language, paragraph)
        if (trimmed := _trim(paragraph, found["start_index"], found["end_index"]))
    ]


def _mended(paragraph: str, pieces: list[Stretch]) -> list[Stretch]:
    """Join pieces where the library split inside a sentence."""
    mended: list[Stretch] = []
    for start, end in pieces:
        if mended:
            before = paragraph[max(mended[-1][0], mended[-1][1] - 12) : mended[-1][1]]
            whole = mended[-1][1] - mended[-1][0] <= len(before)
            after = paragraph[start : min(end, start + 12)]
            if any(
                left.search(before) and right.match(after)
                for left, right in _WRONG
                if whole or not left.pattern.startswith("^")
            ):
                mended[-1] = (mended[-1][0], end)
                continue
        mended.append((start, end))
    return mended


def _inside_quotation(paragraph: str, start: int, end: int, language: str) -> list[Stretch]:
    """Split a long sentence as if it held no quotation marks, which go with what they open."""
    bare = paragraph[start:end].translate(_QUOTES)
    cuts = [start + piece[0] for piece in _mended(bare, _pieces(bare, language))]
    borders = [start]
    for cut in cuts[1:]:
        border = cut
        while border > borders[-1] and paragraph[border - 1] in "\"“„«‹([「『'‘":
            border -= 1
        if border > borders[-1] and (border == cut or paragraph[border - 1].isspace()):
            borders.append(border)
    borders.append(end)
    return [
        trimmed for first, last in pairwise(borders) if (trimmed := _trim(paragraph, first, last))
    ]


def _trim(text: str, start: int, end: int) -> Stretch | None:
    """Drop white space at both ends; None when nothing is left."""
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return None
    lead = len(piece) - len(piece.lstrip())
    return (start + lead, start + lead + len(bare))


@lru_cache(maxsize=1)
def _splitter() -> Any:
    from sentencex import get_sentence_boundaries

    return get_sentence_boundaries
