"""Where in a long list of words a short one stands nearly, and what differs.

Knows two lists of words. Does not know articles, offsets or typography.

A semi-global alignment: the quotation is aligned in full, the text may begin and end anywhere.
Leaving out a stretch of the text costs little more than leaving out a word of it, since whole
sentences are dropped from quotations; an ellipsis in the quotation makes that free.
Source: Needleman & Wunsch (1970) with affine gaps, Gotoh (1982), in one of the directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

GAP = 1.0  # leaving out the first word of the text
GAP_MORE = 0.1  # each further word
SKIP = 1.05  # a word of the quotation that the text has not; dearer, so that words pair up
CHANGE = 1.02  # a word for another; dearer than a gap, so that later words agree
_TINY = 1e-4  # two ways of equal cost within rounding
ANY = "…"


@dataclass(frozen=True, slots=True)
class Step:
    """One pair of the alignment; None on the side that has no word."""

    given: int | None
    found: int | None
    same: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """The cheapest way to read the quotation as a stretch of the text."""

    steps: tuple[Step, ...]
    similarity: float  # in [0, 1]; 1: word for word the same


def align(given: Sequence[str], found: Sequence[str]) -> Alignment | None:
    """Align all of `given` with the stretch of `found` it is nearest to; None if none is."""
    if not given or not found:
        return None
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys([*given, *found]))}
    text = np.array([vocabulary[word] for word in found])
    costs = np.zeros((len(given) + 1, len(found) + 1), dtype=np.float32)
    reach = np.arange(len(found) + 1, dtype=np.float32)
    for row, word in enumerate(given, start=1):
        above = costs[row - 1]
        if word == ANY:
            costs[row] = np.minimum.accumulate(above)
            continue
        best = above + SKIP
        changed = np.where(text == vocabulary[word], 0.0, CHANGE)
        np.minimum(best[1:], above[:-1] + changed, out=best[1:])
        # A gap of n words that ends at j: best[j - n] + GAP + GAP_MORE * (n - 1).
        gaps = np.minimum.accumulate(best - GAP_MORE * reach)[:-1] + GAP_MORE * reach[1:]
        np.minimum(best[1:], gaps + (GAP - GAP_MORE), out=best[1:])
        costs[row] = best
    steps = _trace(given, found, costs)
    return Alignment(steps, _similarity(given, found, steps)) if steps else None


def _trace(given: Sequence[str], found: Sequence[str], costs: np.ndarray) -> tuple[Step, ...]:
    """Walk back from the cheapest end; the first of equals wins."""
    row, column = len(given), int(np.argmin(costs[-1]))
    back: list[Step] = []
    while row:
        here, word = costs[row, column], given[row - 1]
        if word == ANY:
            before = costs[row - 1, : column + 1]
            column = int(np.flatnonzero(before <= here + _TINY)[-1])
            row -= 1
            continue
        same = column > 0 and word == found[column - 1]
        if column and abs(costs[row - 1, column - 1] + (0.0 if same else CHANGE) - here) < _TINY:
            row, column = row - 1, column - 1
            back.append(Step(row, column, same))
        elif abs(costs[row - 1, column] + SKIP - here) < _TINY:
            row -= 1
            back.append(Step(row, None, same=False))
        else:
            lengths = column - np.arange(column)
            reached = costs[row, :column] + GAP + GAP_MORE * (lengths - 1)
            start = int(np.argmin(np.abs(reached - here)))
            back.extend(Step(None, place, same=False) for place in range(column - 1, start - 1, -1))
            column = start
    while back and back[-1].given is None:  # a gap before the first word is no part of it
        back.pop()
    return tuple(reversed(back))


def _similarity(given: Sequence[str], found: Sequence[str], steps: Sequence[Step]) -> float:
    """Share of what agrees; a misspelt word counts by the letters it shares."""
    agreed = wanted = 0.0
    gap = False
    for step in steps:
        if step.given is None:
            wanted += GAP_MORE if gap else GAP
            gap = True
            continue
        gap = False
        wanted += 1.0
        if step.same:
            agreed += 1.0
        elif step.found is not None:
            agreed += likeness(given[step.given], found[step.found])
    return agreed / wanted if wanted else 0.0


def likeness(one: str, other: str) -> float:
    """Return how alike two words are, in [0, 1]; 0 below a half, where likeness is chance."""
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= 0.6 else 0.0  # "Grass" for "Gross" is 0.8
