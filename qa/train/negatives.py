"""Passages that retrieval would offer for a question, and that do not answer it.

Knows two rankings over the training paragraphs, cosine of the project's encoder and BM25, and
what "does not answer" means: no accepted answer occurs in the text. Does not know how a
retrieved passage is used.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from qa.types import Vectors

K1, B = 1.2, 0.75  # Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009
_COMMON = 0.08  # a term in more than this share of the passages ranks nothing
_BLOCK = 512  # questions ranked at a time


class Bm25:
    """BM25 over a fixed list of texts, in memory; built once for mining."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        counted = [Counter(terms(text)) for text in texts]
        lengths = [sum(counts.values()) for counts in counted]
        mean = sum(lengths) / max(1, len(lengths))
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (counts, length) in enumerate(zip(counted, lengths, strict=True)):
            for term, times in counts.items():
                weight = times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean))
                postings[term].append((number, weight))
        self._size = len(texts)
        self._postings: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for term, places in postings.items():
            df = len(places)
            if df > max(2, _COMMON * self._size):
                continue
            idf = math.log(1 + (self._size - df + 0.5) / (df + 0.5))
            numbers, weights = zip(*places, strict=True)
            self._postings[term] = (
                np.array(numbers, dtype=np.int32),
                np.array(weights, dtype=np.float32) * np.float32(idf),
            )

    def best(self, text: str, k: int) -> list[int]:
        """Return the numbers of at most `k` texts that share a term, best first."""
        import numpy as np

        scores = np.zeros(self._size, dtype=np.float32)
        for term in sorted(set(terms(text))):
            if term in self._postings:
                numbers, weights = self._postings[term]
                scores[numbers] += weights
        return [n for n in _top(scores, k) if scores[n] > 0]


def terms(text: str) -> list[str]:
    """Return lower-case words without their plural s: enough to rank by."""
    return [word.removesuffix("s") for word in re.findall(r"\w+", text.lower())]


def dense_best(questions: Vectors, passages: Vectors, k: int) -> list[list[int]]:
    """Return for each question the numbers of the `k` nearest passages, best first."""
    best: list[list[int]] = []
    for start in range(0, len(questions), _BLOCK):
        scores = questions[start : start + _BLOCK] @ passages.T
        best.extend(_top(row, k) for row in scores)
    return best


def _top(scores: np.ndarray, k: int) -> list[int]:
    import numpy as np

    k = min(k, len(scores))
    kept = np.argpartition(-scores, k - 1)[:k]
    return [int(n) for n in sorted(kept, key=lambda n: (-scores[n], n))]


def holds_any(answers: Sequence[str]) -> Callable[[str], bool]:
    """Return a test whether a text holds one of `answers`, whatever the case."""
    patterns = [
        re.compile(rf"(?<!\w){re.escape(' '.join(answer.lower().split()))}(?!\w)")
        for answer in answers
    ]

    def holds(text: str) -> bool:
        lower = " ".join(text.lower().split())
        return any(pattern.search(lower) for pattern in patterns)

    return holds


def hard_negatives(
    own: int,
    answers: Sequence[str],
    texts: Sequence[str],
    rankings: Sequence[Sequence[int]],
    k: int,
) -> list[int]:
    """Return up to `k` numbers of `texts` that look right for a question and are not.

    The rankings take turns, so that each one's kind of mistake is represented.

    Args:
        own: Number of the text the question was asked about.
        answers: Accepted answers; a text that holds one is no negative.
        texts: All texts.
        rankings: Numbers of texts, best first, by each way to rank them.
        k: Most numbers to return.
    """
    holds = holds_any(answers)
    found: list[int] = []
    for turn in zip_longest(*rankings, fillvalue=own):
        for number in turn:
            if number == own or number in found or holds(texts[number]):
                continue
            if texts[number] in texts[own] or texts[own] in texts[number]:
                continue  # the same paragraph, kept whole in one source and in part in another
            found.append(number)
            if len(found) == k:
                return found
    return found
