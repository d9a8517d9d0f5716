"""One probability that a candidate is right, from the evidence for and against it.

Knows the fitted weights and how to apply them. Does not know where evidence comes from
(qa/evidence) or how the weights were fitted (qa/train/confidence, `qa train-confidence`).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

FITTED = Path(__file__).parent / "confidence.json"

# Least probability that is called so; the README gives each word's measured accuracy.
HIGH = 0.8
MEDIUM = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression over named evidence."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float  # treats most questions of the fit set rightly; see qa/train/confidence.py
    provenance: Mapping[str, Any]

    def probability(self, evidence: Mapping[str, float]) -> float:
        """Return the probability, in [0, 1], that the candidate with `evidence` is right."""
        total = self.intercept + sum(
            weight * evidence[name] for name, weight in self.weights.items()
        )
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=4)
def load(path: Path = FITTED) -> Calibration:
    """Read fitted weights.

    Raises:
        ModelError: The file is missing or not a calibration.
    """
    try:
        fitted = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(
            float(fitted["intercept"]),
            {str(name): float(weight) for name, weight in fitted["weights"].items()},
            float(fitted["threshold"]),
            fitted["provenance"],
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{path}: not a fitted confidence: {error!r}.",
            cure="Run `qa train-confidence`, or reinstall Quoth.",
        ) from error


def words(confidence: float) -> str:
    """Return "high", "medium" or "low"."""
    if confidence >= HIGH:
        return "high"
    return "medium" if confidence >= MEDIUM else "low"
