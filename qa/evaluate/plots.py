"""The pictures of an evaluation: coverage and accuracy, reliability, latency.

Knows matplotlib, alone in the project. Does not know files or pages. Colours are those of
Okabe & Ito, which people with any colour vision can tell apart; nothing is told by colour only.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from qa.errors import EvaluationError
from qa.evaluate.bootstrap import resamples
from qa.evaluate.curves import NEVER, Calibration, Ranking
from qa.evaluate.metrics import confidences, right

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from qa.evaluate.results import Record

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#595959"
LINES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, "-."), ("#CC79A7", ":"))
SIZE = (6.4, 4.2)  # inches
DPI = 150
BAND_REPLICATES = 200
BAND_POINTS = 200  # thresholds at which the band is computed
STYLE: Any = {"svg.hashsalt": "quoth", "font.size": 10, "axes.grid": True, "grid.alpha": 0.3}


class Run(NamedTuple):
    """How sure some answers were, each (n,), whether they were right, and where silence ends."""

    confidence: ArrayLike
    right: ArrayLike
    threshold: float


def coverage_accuracy(runs: Mapping[str, Run]) -> Any:
    """Draw accuracy over coverage for each named run; return the figure.

    The band is the bootstrap 95 % interval, of the first run only.
    """
    figure, axes = _axes("Share of questions answered", "Share of given answers that are right")
    for (name, run), (colour, line) in zip(runs.items(), _lines(runs), strict=True):
        sure, good = np.asarray(run.confidence), np.asarray(run.right)
        ranking = Ranking(sure, good)
        points = ranking.points()
        if not points:
            continue
        first = name == next(iter(runs))
        coverage, accuracy = [p[1] for p in points], [p[2] for p in points]
        axes.plot(coverage, accuracy, line, color=colour, label=name)
        if first:
            _band(axes, ranking, len(sure), colour)
        given = sure >= run.threshold
        if given.any():
            at = (float(given.mean()), float(good[given].mean()))
            axes.plot(*at, "o", color=colour)
            axes.annotate(
                f"threshold {run.threshold:.2f}: {at[0]:.0%} answered, {at[1]:.0%} right",
                at,
                xytext=(10, 24) if first else (-10, -30),
                textcoords="offset points",
                ha="left" if first else "right",
                color=colour,
                bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": colour},
            )
    axes.axhline(0.9, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.08))
    if len(runs) > 1:
        axes.legend(loc="lower left")
    return figure


def reliability(records: Sequence[Record]) -> Any:
    """Draw how often answers of each confidence are right; return the figure."""
    figure, axes = _axes("Confidence (mean of a bin)", "Share of answers that are right")
    found = Calibration(confidences(records), [right(r) for r in records])
    bins = found.bins()
    axes.plot([0, 1], [0, 1], ":", color=GREY, label="as sure as right")
    spread = [1.96 * np.sqrt(b.accuracy * (1 - b.accuracy) / b.count) for b in bins]
    axes.errorbar(
        [b.confidence for b in bins],
        [b.accuracy for b in bins],
        yerr=spread,
        fmt="o-",
        color=BLUE,
        capsize=3,
        label=f"measured, {len(bins)} bins of equal mass (ECE {float(found.error()[0]):.3f})",
    )
    axes.set(xlim=(0, 1), ylim=(-0.02, 1.02))
    axes.legend(loc="upper left")
    return figure


def latency(records: Sequence[Record]) -> Any:
    """Draw the times of each stage, in milliseconds on a logarithmic scale; return the figure."""
    stages = list(dict.fromkeys(stage for record in records for stage in record.seconds))
    times = [[1000 * r.seconds[s] for r in records if s in r.seconds] for s in stages]
    figure, axes = _axes("Milliseconds", "")
    if stages:
        axes.boxplot(times, orientation="horizontal", tick_labels=stages, whis=(5, 95), sym="")
        axes.set_xscale("log")
        axes.invert_yaxis()
    axes.set_title("box: middle half; whiskers: 5th to 95th percentile", fontsize=9)
    return figure


def image(figure: Any, form: str) -> bytes:
    """Return a figure as "svg" or "png" bytes, the same for the same figure."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else {"Software": None}
    with rc_context(STYLE):  # the salt is read while drawing
        figure.savefig(buffer, format=form, dpi=DPI, metadata=metadata)
    return buffer.getvalue()


def _axes(x: str, y: str) -> tuple[Any, Any]:
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure  # no pyplot: it keeps global state
    except ImportError as error:
        raise EvaluationError(
            "A report needs matplotlib, which is not installed.",
            cure='Run: pip install "quoth-qa[evaluate]"',
        ) from error
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    return figure, axes


def _lines(runs: Mapping[str, object]) -> list[tuple[str, str]]:
    return [LINES[index % len(LINES)] for index in range(len(runs))]


def _band(axes: Any, ranking: Ranking, n: int, colour: str) -> None:
    can_be_set = np.flatnonzero(ranking.thresholds != NEVER)
    kept = can_be_set[np.unique(np.linspace(0, len(can_be_set) - 1, BAND_POINTS).astype(int))]
    rows = []
    for counts in resamples(n, BAND_REPLICATES):
        given, good = (one[:, kept] for one in ranking.counts(counts))
        rows.append(np.divide(good, given, out=np.ones_like(good), where=given > 0))
    low, high = np.quantile(np.concatenate(rows), [0.025, 0.975], axis=0)
    coverage = ranking.counts()[0][0, kept] / n
    axes.fill_between(coverage, low, high, color=colour, alpha=0.15, linewidth=0)
