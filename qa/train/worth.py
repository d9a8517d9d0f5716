"""What a confidence is worth on questions it was not fitted on: figures, and a picture.

Knows questions with their candidates' evidence and which of these are right. Does not know how
the weights were found (qa/train/confidence).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from qa.evaluate import plots
from qa.evaluate.curves import aurc, coverage_at, ece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.confidence import Calibration
    from qa.evaluate.datasets import Question
    from qa.evidence import Candidate

OWN, ELSEWHERE, COLLECTION = "own", "elsewhere", "collection"
BINS = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.0))  # low, medium, high


class Judged(NamedTuple):
    """How sure each question's answer is, and whether it is right; both (n,)."""

    sure: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, bool]]) -> Judged:
        """Return pairs as two columns."""
        return cls(np.array([sure for sure, _ in pairs]), np.array([good for _, good in pairs]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its candidates and, for each, whether it is right."""

    question: Question
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]
    raw: tuple[float, bool]  # the reader's best score, read once, and whether that span is right
    kind: str = OWN  # "elsewhere": its own article was passed over; "collection": of real articles

    @property
    def answerable(self) -> bool:
        """Say whether the articles it was asked of answer it."""
        return self.question.answerable and self.kind != ELSEWHERE

    @property
    def group(self) -> str:
        """Which kind of question it is, for the mixture that is fitted on."""
        if self.kind != OWN:
            return self.kind
        if self.question.answerable:
            return "answerable"
        return "near miss" if "~swap" in self.question.id else "unanswerable"


def chosen(calibration: Calibration, asked: Sequence[Asked]) -> Judged:
    """Return the confidence of each question's best candidate, and whether it is right."""
    pairs = [
        (calibration.probability(one.candidates[0].evidence), one.right[0])
        if one.candidates
        else (0.0, False)
        for one in asked
    ]
    return Judged.of(pairs)


def _raw(asked: Sequence[Asked]) -> Judged:
    """Return the same by the reader's score alone: its best span, its margin over null."""
    return Judged.of([one.raw for one in asked])


def figures(
    calibration: Calibration, asked: Sequence[Asked], near: Sequence[Asked]
) -> dict[str, Any]:
    """Return what the README and `qa/confidence.json` tell, over `asked` and near-misses."""
    (sure, right), raw = chosen(calibration, asked), _raw(asked)
    near_sure, near_raw = chosen(calibration, near).sure, _raw(near).sure
    given = sure >= calibration.threshold
    answerable = np.array([one.question.answerable for one in asked])
    return {
        "questions": len(asked),
        "answerable": int(answerable.sum()),
        "accuracy": _rounded(right[given].mean()) if given.any() else None,
        "coverage": _rounded(given.mean()),
        "answerable answered rightly": _rounded((right & given)[answerable].mean()),
        "coverage at accuracy": {
            f"{accuracy:.0%}": _rounded(coverage_at(accuracy, sure, right))
            for accuracy in (0.8, 0.9, 0.95)
        },
        "ece": _rounded(ece(sure, right)),
        "aurc": _rounded(aurc(sure, right)),
        "aurc raw score": _rounded(aurc(raw.sure, raw.right)),
        "near misses": len(near),
        "near misses answered": _rounded((near_sure >= calibration.threshold).mean()),
        "near misses answered raw score": _rounded((near_raw >= _as_many(raw, given)).mean()),
        "accuracy by confidence": {
            f"{low:.1f}–{high:.1f}": [
                int(inside.sum()), _rounded(right[inside].mean()) if inside.any() else None
            ]
            for low, high in BINS
            for inside in [(sure >= low) & ((sure < high) | (high == 1.0))]
        },
    }  # fmt: skip


def picture(calibration: Calibration, asked: Sequence[Asked]) -> bytes:
    """Return accuracy over coverage as PNG, the reader's score alone beside the confidence."""
    sure, right = chosen(calibration, asked)
    raw = _raw(asked)
    runs = {
        "fitted confidence": plots.Run(sure, right, calibration.threshold),
        "the reader's score alone": plots.Run(
            raw.sure, raw.right, _as_many(raw, sure >= calibration.threshold)
        ),
    }
    return plots.image(plots.coverage_accuracy(runs), "png")


def _as_many(raw: Judged, given: NDArray[np.bool_]) -> float:
    """Return the raw score's threshold that answers as many questions as are `given`."""
    return float(np.sort(raw.sure)[::-1][max(0, int(given.sum()) - 1)])


def _rounded(value: float) -> float:
    return round(float(value), 4)
