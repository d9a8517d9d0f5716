"""A question with the passages it is read against, and how these are cut.

Knows words, sentences and where an answer stands. Does not know which groups a mixture holds
(qa/train/mixture), tokens or the model. A group is one question with one to three passages; at
most one of them answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa import heads
from qa.train.negatives import holds_any, terms

if TYPE_CHECKING:
    import random

    from qa.train.data import Asked

MOST_WORDS = 230  # of a passage in training; the tokens beyond the model's window would be lost
LEAST_WORDS = 15  # of what a cut leaves over; less is no passage
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Window:
    """A passage as the reader sees it; `passage[start:end]` answers, or start is -1."""

    head: str  # what stands over the passage: a title, what came before it, or nothing
    passage: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Group:
    """A question and the passages it is read against together."""

    question: str
    windows: tuple[Window, ...]
    kind: str
    accepted: tuple[str, ...] = ()  # answers that count as right; none: unanswerable
    doubtful: bool = False  # the label was made by matching, not by a person


def sentences(text: str) -> list[tuple[int, int]]:
    """Return rough sentences that tile `text`, as (start, end)."""
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def sides(text: str, start: int, end: int) -> tuple[str, list[str]]:
    """Return the sentences that `start` to `end` touches, and each of the others."""
    pieces = sentences(text)
    touched = [text[left:right] for left, right in pieces if left < end and start < right]
    others = [text[left:right] for left, right in pieces if not (left < end and start < right)]
    return "".join(touched), others


def cut_away(text: str, asked: Asked, draw: random.Random) -> str | None:
    """Return the side of `text` that a boundary before or after the answer leaves over.

    None where nothing is left, or where what is left still holds an accepted answer.
    """
    pieces = sentences(text)
    starts = [gold.start for gold in asked.answers]
    ends = [gold.start + len(gold.text) for gold in asked.answers]
    before = [end for _, end in pieces if end <= min(starts)]
    after = [start for start, _ in pieces if start >= max(ends)]
    sides = [text[: before[-1]]] if before else []
    sides += [text[after[0] :]] if after else []
    holds = holds_any([gold.text for gold in asked.answers])
    sides = [side.strip() for side in sides if len(side.split()) >= LEAST_WORDS and not holds(side)]
    return draw.choice(sides) if sides else None


def fit(window: Window, draw: random.Random, most: int = MOST_WORDS) -> Window:
    """Return the window with at most `most` words, cut between words around the answer."""
    return _around(window, (window.start, window.end), most, draw)


def shorten(group: Group, most: int, draw: random.Random, told: float = 0.0) -> Group:
    """Return the group with passages of at most `most` words.

    A passage without an answer is cut around the sentence that shares most words with the
    question, where a wrong answer is likeliest; so length says nothing about the answer.
    Of the passages, a share of `told` has in its head what the reader will be told of what
    comes before a passage (qa/heads.py): a name may stand there and a pronoun here.
    """
    asked = set(terms(group.question))
    windows = []
    for window in group.windows:
        place = (window.start, window.end)
        if window.start < 0 and window.passage:
            place = max(
                sentences(window.passage),
                key=lambda piece: (
                    len(asked.intersection(terms(window.passage[piece[0] : piece[1]]))),
                    -piece[0],
                ),
            )
        cut = _around(window, place, most, draw)
        if cut is not window and draw.random() < told:
            start = window.passage.index(cut.passage)
            first, last = _before(window.passage, start)
            shown = draw.choice(((first, last), (first, ""), ("", last)))
            cut = replace(cut, head=heads.lines(window.head, *shown))
        windows.append(cut)
    return replace(group, windows=tuple(windows))


def _before(text: str, start: int) -> tuple[str, str]:
    """Return the first sentence of `text`, and the one `start` stands in or after, up to there."""
    ends = [end for _, end in sentences(text) if end <= start]
    first = text[: ends[0]] if ends else ""
    begin = max((place for place, _ in sentences(text) if place < start - heads.LEAST), default=0)
    last = text[begin:start] if begin or not ends else ""
    return first, last


def _around(window: Window, place: tuple[int, int], most: int, draw: random.Random) -> Window:
    """Return at most `most` words of the passage that hold `place`, if it is no longer."""
    words = [match.span() for match in re.finditer(r"\S+", window.passage)]
    if len(words) <= most:
        return window
    low, high = 0, len(words) - most
    if place[0] >= 0:
        first = next(n for n, (_, end) in enumerate(words) if end > place[0])
        last = max(n for n, (start, _) in enumerate(words) if start < place[1])
        low = max(low, min(high, last - most + 1))
        high = max(low, min(high, first))
    begin = draw.randint(low, high)
    left, right = words[begin][0], words[begin + most - 1][1]
    if window.start < 0:
        return Window(window.head, window.passage[left:right])
    if window.start < left or window.end > right:  # an answer longer than a passage may be
        return window
    return Window(window.head, window.passage[left:right], window.start - left, window.end - left)
