"""BM25, exactly.

Knows the formula and how a score is the same number for the same words, whatever else is in
the index and in whatever order it came. Does not know tantivy, which only proposes candidates:
it adds single-precision numbers in an order that depends on its segments, and counts deleted
passages until they are merged away.

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework (2009), with the inverse
document frequency of Lucene and tantivy, which is never negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

K1 = 1.2  # tantivy's; how soon a repeated word stops counting
B = 0.75  # tantivy's; how much longer passages are discounted
TEXT, TITLE = "text", "title"
# A passage's own words count in full, its headline's half: news passages say "the president"
# where only the headline names him, but a headline stands over every passage of its article.
WEIGHTS = {TEXT: 1.0, TITLE: 0.5}
FIELDS = tuple(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Totals:
    """What BM25 must know of all passages together."""

    passages: int = 0
    tokens: tuple[int, ...] = (0,) * len(FIELDS)  # in all passages, for each of FIELDS

    def __add__(self, other: Totals) -> Totals:
        """Return the totals of both together."""
        tokens = tuple(a + b for a, b in zip(self.tokens, other.tokens, strict=True))
        return Totals(self.passages + other.passages, tokens)

    def __sub__(self, other: Totals) -> Totals:
        """Return the totals of these without the others."""
        tokens = tuple(a - b for a, b in zip(self.tokens, other.tokens, strict=True))
        return Totals(self.passages - other.passages, tokens)

    def average(self, field: str) -> float:
        """Return the mean length of a field, in tokens."""
        return self.tokens[FIELDS.index(field)] / max(1, self.passages)


@dataclass(frozen=True, slots=True)
class Bm25:
    """Scores passages for the terms of one question."""

    totals: Totals
    frequencies: Mapping[tuple[str, str], int]  # (field, term) → passages that hold it

    def score(self, tokens: Mapping[str, Sequence[str]]) -> float:
        """Return the score of a passage, given the tokens of each of its fields."""
        return self.scorer()(tokens)

    def scorer(self) -> Callable[[Mapping[str, Sequence[str]]], float]:
        """Return `score` for many passages, with what they have in common worked out once."""
        fields = []
        for field in FIELDS:
            weights = [
                (term, WEIGHTS[field] * idf(self.totals.passages, holding))
                for (where, term), holding in self.frequencies.items()
                if where == field
            ]
            if weights:
                terms = frozenset(term for term, _ in weights)
                fields.append((field, self.totals.average(field), weights, terms))

        def score(tokens: Mapping[str, Sequence[str]]) -> float:
            total = 0.0
            for field, average, weights, terms in fields:
                held = tokens[field]
                there = terms.intersection(held)  # most passages hold few of a question's terms
                if not there:
                    continue
                norm = K1 * (1 - B + B * quantised(len(held)) / average)
                for term, weight in weights:
                    if term in there:
                        count = held.count(term)
                        total += weight * count * (K1 + 1) / (count + norm)
            return total

        return score


def idf(passages: int, holding: int) -> float:
    """Return the weight of a term that `holding` of `passages` passages hold."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def quantised(length: int) -> int:
    """Return a length as tantivy and Lucene keep it, in one byte: exact up to 40, then coarser.

    Values from 24 on are stored as a floating-point number of 3 bits, 24 apart (Lucene's
    SmallFloat). The coarser value is never above the true one.
    """
    exact, bits = 24, 3
    over = length - exact
    if over < 1 << (bits + 1):
        return length
    shift = over.bit_length() - 1 - bits
    return exact + ((over >> shift) << shift)
