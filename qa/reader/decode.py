"""Tokens to spans: start and end decoded jointly, in one sentence, whole words, no overlaps.

Knows arrays of scores and the characters they stand for. Does not know models or passages.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.text import NUMBER

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TOKENS = 64  # longest span in tokens; the word limit is applied to the text
# Two answers in one sentence ("390 crowns, a private cabin 1,450") can make one span, from the
# start of the one to the end of the other, where neither's start nor end is this much weaker than
# the span's (logits). Such a span is no candidate; its two parts are. Of 1,296 questions of SQuAD
# 2.0 dev 8 best spans change and no score; at 1.0 26 do (exact match 76.7 instead of 76.4,
# best-threshold F1 70.1 instead of 70.2), at 2.0 68 (77.0, 70.0).
JOINED = 0.5
PAIRS = 256  # best (start, end) pairs looked at for one window, before overlaps are dropped

# Of 9,534 answers that people marked, one starts behind such a hyphen; 18 end before one.
_HYPHENED = re.compile(r"(?<=[^\W\d_][-‐‑])[a-z]")  # "sixth-|formers"
_PAIRED = {"“": "”", "‘": "’", '"': '"', "(": ")", "[": "]", "«": "»", "„": "“"}
_EDGE = " \t\r\n\xa0,;:–—-"


class Cut(NamedTuple):
    """A candidate in one window; `start` and `end` are characters of the window's text."""

    start: int
    end: int
    score: float


def decode(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    offsets: NDArray[np.int64],
    sentence: NDArray[np.int64],
    text: str,
    *,
    best: int,
    most_words: int,
) -> list[Cut]:
    """Return the `best` candidates that do not overlap, best first.

    Args:
        starts: (t,) how well a span begins with each token.
        ends: (t,) how well it ends with it.
        offsets: (t, 2) characters of `text` that each token covers, end exclusive.
        sentence: (t,) number of the sentence that the token stands in; a span stays in one.
        text: What the offsets point into.
        best: Most candidates to return, at least 1.
        most_words: Longest span, in words.

    Returns:
        Candidates whose score is that of the first token as a start plus that of the last as an
        end; ties are broken by the earlier start, then the earlier end.
    """
    uncut = _word_insides(text)
    firsts, lasts = (
        np.array([at for at, place in enumerate(places) if int(place) not in uncut], dtype=np.int64)
        for places in (offsets[:, 0], offsets[:, 1])
    )
    if not len(firsts) or not len(lasts):
        return []
    scores = starts[firsts][:, None].astype(np.float64) + ends[lasts][None, :]
    length = lasts[None, :] - firsts[:, None]
    apart = sentence[lasts][None, :] != sentence[firsts][:, None]
    scores[(length < 0) | (length >= MOST_TOKENS) | apart] = -np.inf
    flat = scores.ravel()
    count = min(PAIRS, flat.size)
    top = np.argpartition(-flat, count - 1)[:count]
    rows, columns = np.divmod(top, len(lasts))
    order = np.lexsort((columns, rows, -flat[top]))
    chosen: list[Cut] = []
    for at in order:
        score = float(flat[top[at]])
        if not np.isfinite(score):
            break
        first, last = firsts[rows[at]], lasts[columns[at]]
        if _joins_two(starts, ends, firsts, lasts, first, last):
            continue
        start, end = tidy(text, int(offsets[first, 0]), int(offsets[last, 1]))
        if start >= end or len(text[start:end].split()) > most_words:
            continue
        if all(end <= other.start or start >= other.end for other in chosen):
            chosen.append(Cut(start, end, score))
            if len(chosen) == best:
                break
    return chosen


def _joins_two(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    firsts: NDArray[np.int64],
    lasts: NDArray[np.int64],
    first: int,
    last: int,
) -> bool:
    """Say whether an answer seems to end, and another to begin, inside a span (see JOINED)."""
    stops = lasts[(lasts >= first) & (lasts < last)]
    stops = stops[ends[stops] >= ends[last] - JOINED]
    begins = firsts[(firsts > first) & (firsts <= last)]
    begins = begins[starts[begins] >= starts[first] - JOINED]
    return bool(len(stops) and len(begins) and stops[0] < begins[-1])


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without loose punctuation at its edges or half a pair of quotes."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    for opening, closing in _PAIRED.items():
        inside = text[start:end]
        if inside.startswith(opening) and closing not in inside[1:]:
            return tidy(text, start + 1, end)
        if inside.endswith(closing) and opening not in inside[:-1] and not _apostrophe(inside):
            return tidy(text, start, end - 1)
    return start, end


def _apostrophe(text: str) -> bool:
    return len(text) > 1 and text[-1] == "’" and text[-2].isalpha()


def _word_insides(text: str) -> set[int]:
    """Return the places where a cut would fall inside a word or a number ("20|,000")."""
    inside = {
        at
        for at in range(1, len(text))
        if (text[at].isalnum() and text[at - 1].isalnum() and not _ideograph(text[at]))
        or unicodedata.combining(text[at])
    }
    inside.update(match.start() for match in _HYPHENED.finditer(text))
    for number in NUMBER.finditer(text):
        inside.update(range(number.start() + 1, number.end()))
    for amount in re.finditer(r"[$€£¥]\s?\d", text):  # "$|5" says less than "$5"
        inside.update(range(amount.start() + 1, amount.end()))
    return inside


def _ideograph(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"
