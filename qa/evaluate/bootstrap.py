"""How sure a measured number is: the bootstrap over questions.

Knows statistics that take weights: (b, n) counts of how often each of n questions stands in
each of b resamples. Does not know what they measure. The same seed gives the same intervals.

Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), percentile intervals;
for the paired form Berg-Kirkpatrick, Burkett & Klein (EMNLP 2012).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Statistic = Callable[["Floats"], "Floats"]  # (b, n) counts -> (b,) values, nan where undefined

REPLICATES = 1000  # the ends of a 95 % interval then rest on 25 resamples each
LEVEL = 0.95
_CELLS = 1_000_000  # counts held at a time: 8 MB


def resamples(n: int, replicates: int = REPLICATES, seed: int = 0) -> Iterator[Floats]:
    """Yield the counts of `replicates` resamples of n questions, some rows at a time."""
    generator = np.random.default_rng(seed)
    left, most = replicates, max(1, _CELLS // n)
    while left > 0:
        rows = min(left, most)
        drawn = generator.integers(0, n, size=(rows, n)) + n * np.arange(rows)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=rows * n)
        yield counts.reshape(rows, n).astype(np.float64)
        left -= rows


def value(statistic: Statistic, n: int) -> float:
    """Return the statistic of the questions as they are."""
    return float(statistic(np.ones((1, n)))[0])


def intervals(
    statistics: Mapping[str, Statistic], n: int, *, replicates: int = REPLICATES, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each statistic; (nan, nan) where it is never defined."""
    drawn: dict[str, list[Floats]] = {name: [] for name in statistics}
    for counts in resamples(n, replicates, seed):
        for name, statistic in statistics.items():
            drawn[name].append(statistic(counts))
    return {name: _interval(np.concatenate(parts)) for name, parts in drawn.items()}


def differences(
    before: Mapping[str, Statistic],
    after: Mapping[str, Statistic],
    n: int,
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of after - before for each statistic that both have.

    Both are taken over the same resample of the same questions, so what makes a question
    hard for both cancels out.
    """
    paired: dict[str, Statistic] = {
        name: _minus(after[name], before[name]) for name in before if name in after
    }
    return intervals(paired, n, replicates=replicates, seed=seed)


def _minus(after: Statistic, before: Statistic) -> Statistic:
    return lambda counts: after(counts) - before(counts)


def _interval(values: Floats) -> tuple[float, float]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
