"""Risk, coverage and calibration of a confidence.

Knows two rows of numbers: how sure the answers were, and whether they were right. Does not
know questions. A confidence of -inf means that there was no candidate, so no threshold would
have answered; such a question still counts as asked.

Every measure takes weights: (b, n) counts of how often each question stands in each of b
resamples, so that a bootstrap is a few array operations. Without weights it is a plain number.

Sources: El-Yaniv & Wiener (JMLR 2010) for risk and coverage; Geifman & El-Yaniv (NeurIPS 2017)
for the area; Guo et al. (ICML 2017) for ECE over equal widths, Nguyen & O'Connor (EMNLP 2015)
for equal masses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BINS = 15  # Guo et al. 2017
NEVER = float("-inf")  # the confidence where there is no candidate
_SLACK = 1e-9  # counts are whole, so this only forgives rounding


class Ranking:
    """Questions from the surest to the least sure; equally sure ones form one group."""

    def __init__(self, confidence: ArrayLike, right: ArrayLike) -> None:
        """Sort once; both are (n,), `right` is 1 or 0.

        Raises:
            EvaluationError: The lengths differ, or a confidence is not a number.
        """
        sure, correct = _pair(confidence, right)
        self._order = np.argsort(-sure, kind="stable")
        ranked = sure[self._order]
        new = np.ones(len(ranked), dtype=bool)
        new[1:] = ranked[1:] != ranked[:-1]
        self._starts = np.flatnonzero(new)
        self.thresholds: Floats = ranked[self._starts]  # (g,) one for each group, falling
        self._right = correct[self._order]

    def counts(self, weights: Floats | None = None) -> tuple[Floats, Floats]:
        """Return (b, g) how many are answered at each threshold, and how many of them right."""
        ones = np.ones((1, len(self._order)))
        ranked = (ones if weights is None else weights)[:, self._order]
        answered = np.add.reduceat(ranked, self._starts, axis=1).cumsum(axis=1)
        right = np.add.reduceat(ranked * self._right, self._starts, axis=1).cumsum(axis=1)
        return answered, right

    def aurc(self, weights: Floats | None = None) -> Floats:
        """Return (b,) the area under the risk-coverage curve; smaller is better.

        It is the mean, over i = 1…n, of the share of wrong answers among the i surest. Within
        a group of equally sure ones the expected share under any order counts, so the area
        does not depend on how ties happen to be sorted. With N asked and E wrong before a group
        of w with e wrong, its terms (E + e·j/w) / (N + j), j = 1…w, sum to
        e + (E - e·N/w)·(H(N + w) - H(N)), H being the harmonic numbers.
        """
        answered, right = self.counts(weights)
        wrong = answered - right
        answered_before, wrong_before = _before(answered), _before(wrong)
        size, misses = answered - answered_before, wrong - wrong_before
        share = np.divide(misses, size, out=np.zeros_like(misses), where=size > 0)
        total = answered[:, -1]
        harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, total.max() + 1))])
        steps = harmonic[answered.astype(int)] - harmonic[answered_before.astype(int)]
        terms = misses + (wrong_before - share * answered_before) * steps
        return np.asarray(terms.sum(axis=1) / total)

    def coverage_at(self, accuracy: float, weights: Floats | None = None) -> Floats:
        """Return (b,) the greatest share of questions answered with at least `accuracy` right."""
        answered, right = self.counts(weights)
        fits = self._fits(accuracy, answered, right)
        return np.asarray(np.where(fits, answered, 0).max(axis=1) / answered[:, -1])

    def threshold_at(self, accuracy: float) -> float:
        """Return the threshold of the greatest coverage with that accuracy; inf: there is none."""
        answered, right = self.counts()
        fitting = np.flatnonzero(self._fits(accuracy, answered, right)[0])
        return float(self.thresholds[fitting[-1]]) if len(fitting) else float("inf")

    def points(self) -> list[tuple[float, float, float]]:
        """Return (threshold, coverage, accuracy) for each threshold that can be set."""
        answered, right = self.counts()
        share = answered[0] / answered[0, -1]
        rows = zip(self.thresholds, share, right[0] / answered[0], strict=True)
        return [(float(t), float(c), float(a)) for t, c, a in rows if t != NEVER]

    def _fits(self, accuracy: float, answered: Floats, right: Floats) -> NDArray[np.bool_]:
        can_be_set = self.thresholds != NEVER
        enough = right >= accuracy * answered - _SLACK
        return np.asarray(enough & (answered > 0) & can_be_set)


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence."""

    low: float
    high: float
    count: int
    confidence: float  # mean
    accuracy: float


class Calibration:
    """How far confidences are from the shares of right answers; over candidates only.

    The bins are fixed by all questions, and resamples fall into them. The error of few
    questions is biased upwards: a bin of ten is off by 0.1 by chance alone.
    """

    def __init__(
        self, confidence: ArrayLike, right: ArrayLike, *, equal_mass: bool = True, bins: int = BINS
    ) -> None:
        """Fix the bins: each of the same number of answers, or of the same width.

        Raises:
            EvaluationError: A confidence is not a probability, or the lengths differ.
        """
        sure, correct = _pair(confidence, right)
        self._kept = np.flatnonzero(sure != NEVER)
        self._sure, self._right = sure[self._kept], correct[self._kept]
        if len(self._kept) and (self._sure.min() < 0 or self._sure.max() > 1):
            raise EvaluationError(
                "A confidence outside [0, 1] has no calibration error.",
                cure="Give probabilities, not raw scores.",
            )
        self._edges = self._cut(bins, equal_mass=equal_mass)
        inner = self._edges[1:-1]
        self._bin = np.searchsorted(inner, self._sure, side="right")  # edge: in the upper bin
        self._member = np.eye(len(self._edges) - 1)[self._bin]  # (kept, bins), one 1 a row

    def _cut(self, bins: int, *, equal_mass: bool) -> Floats:
        if not equal_mass or not len(self._sure):
            return np.linspace(0, 1, bins + 1)
        # Equal confidences share a bin, so many ties make fewer bins.
        edges = np.unique(np.quantile(self._sure, np.linspace(0, 1, bins + 1)))
        return edges if len(edges) > 1 else np.array([edges[0], edges[0]])

    def error(self, weights: Floats | None = None) -> Floats:
        """Return (b,) the expected calibration error; nan where there is no candidate."""
        ones = np.ones((1, len(self._kept)))
        counts = ones if weights is None else weights[:, self._kept]
        gaps = np.abs((counts * (self._right - self._sure)) @ self._member).sum(axis=1)
        total = counts.sum(axis=1)
        return np.asarray(np.divide(gaps, total, out=np.full_like(total, np.nan), where=total > 0))

    def bins(self) -> list[Bin]:
        """Return the bins that hold an answer, for a reliability diagram."""
        found = []
        for index in range(len(self._edges) - 1):
            inside = self._bin == index
            if inside.any():
                low, high = self._edges[index : index + 2]
                sure, right = self._sure[inside].mean(), self._right[inside].mean()
                found.append(
                    Bin(float(low), float(high), int(inside.sum()), float(sure), float(right))
                )
        return found


def aurc(confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the area under the risk-coverage curve; any score will do, higher is surer."""
    return float(Ranking(confidence, right).aurc()[0])


def coverage_at(accuracy: float, confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the greatest share of questions that is answered with `accuracy`."""
    return float(Ranking(confidence, right).coverage_at(accuracy)[0])


def threshold_at(accuracy: float, confidence: ArrayLike, right: ArrayLike) -> float:
    """Return the threshold that gives that coverage; inf when none does."""
    return Ranking(confidence, right).threshold_at(accuracy)


def ece(
    confidence: ArrayLike, right: ArrayLike, *, equal_mass: bool = True, bins: int = BINS
) -> float:
    """Return the expected calibration error of probabilities, in [0, 1]."""
    return float(Calibration(confidence, right, equal_mass=equal_mass, bins=bins).error()[0])


def _before(cumulated: Floats) -> Floats:
    shifted = np.zeros_like(cumulated)
    shifted[:, 1:] = cumulated[:, :-1]
    return shifted


def _pair(confidence: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    sure, correct = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    if sure.shape != correct.shape or sure.ndim != 1 or not len(sure):
        raise EvaluationError(
            f"{sure.shape} confidences for {correct.shape} judgements.",
            cure="Give one of each for every question, and at least one question.",
        )
    if np.isnan(sure).any():
        raise EvaluationError("A confidence is not a number.", cure="Give -inf for no candidate.")
    return sure, correct
