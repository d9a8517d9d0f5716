"""An evaluation for people: tables for the terminal, and a folder with a page and pictures.

Knows how a number is written. Does not know how it was measured, nor HTML (qa/evaluate/page).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError
from qa.evaluate import breakdown, page, plots
from qa.evaluate.metrics import confidences, measure, right
from qa.evaluate.reader import percentile
from qa.evaluate.results import write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from qa.evaluate.metrics import Difference, Measured, Metric
    from qa.evaluate.reader import Reading
    from qa.evaluate.results import Results

NONE = "–"


def table(measured: Sequence[Measured], title: str = "") -> Table:
    """Return the metrics as a table for the terminal."""
    from rich.table import Table

    shown = Table(title=title or None, title_justify="left")
    shown.add_column("")
    shown.add_column("value", justify="right")
    shown.add_column("95 % interval", justify="right")
    shown.add_column("questions", justify="right")
    group = ""
    for one in measured:
        if one.metric.group != group:
            group = one.metric.group
            shown.add_section()
            shown.add_row(f"[bold]{group}[/bold]")
        shown.add_row(
            f"  {one.metric.label}",
            written(one.value, one.metric),
            interval(one.low, one.high, one.metric),
            str(one.metric.questions),
        )
    return shown


def outcome_table(results: Results, threshold: float) -> Table:
    """Return what became of the questions, stage by stage, as a table for the terminal."""
    from rich.table import Table

    shown = Table(title="What became of the questions", title_justify="left")
    shown.add_column("outcome")
    shown.add_column("questions", justify="right")
    shown.add_column("share", justify="right")
    total = len(results.records)
    for outcome, count in breakdown.outcomes(results.records, threshold).items():
        shown.add_row(outcome.value, str(count), f"{count / total:.1%}")
    return shown


def kind_table(results: Results, threshold: float) -> Table | None:
    """Return how each kind of question fared; None when there is only one kind."""
    from rich.table import Table

    kinds = breakdown.kinds(results.records, threshold)
    if len(kinds) < 2:  # one kind is the whole, which stands elsewhere
        return None
    shown = Table(title="By kind of question", title_justify="left")
    for heading in ("kind", "questions", "answered", "right of these", "answered, unanswerable"):
        shown.add_column(heading, justify="left" if heading == "kind" else "right")
    for kind in kinds:
        shown.add_row(
            kind.kind,
            str(kind.questions),
            _of(kind.answered, kind.questions),
            _of(kind.right, kind.answered),
            _of(kind.wrong_on_unanswerable, kind.questions - kind.answerable),
        )
    return shown


def reader_table(reading: Reading, threshold: float) -> Table:
    """Return the official SQuAD 2.0 scores, by source, as a table for the terminal.

    "Forced" is HasAns F1 as if every best candidate were answered, whatever its score.
    """
    from rich.table import Table

    p50, p95 = (1000 * percentile(reading.seconds, share) for share in (0.5, 0.95))
    shown = Table(
        title=f"SQuAD 2.0, percent; {p50:.1f} ms a passage (p95 of batches {p95:.1f})",
        title_justify="left",
    )
    headings = ("source", "questions", "EM", "F1", "HasAns EM", "HasAns F1", "NoAns", "forced F1")
    for heading in (*headings, "best EM", "best F1", "its threshold"):
        first = heading == "source"
        shown.add_column(heading, justify="left" if first else "right", no_wrap=first)
    for name, one in reading.scores(threshold).items():
        scores = (
            one.exact,
            one.f1,
            one.has_answer_exact,
            one.has_answer_f1,
            one.no_answer,
            one.candidate_f1,
        )
        best = (one.best_exact, one.best_f1, one.best_f1_threshold)
        cells = (NONE if math.isnan(value) else f"{value:.1f}" for value in (*scores, *best))
        shown.add_row(name, str(one.questions), *cells)
    return shown


def comparison(differences: Sequence[Difference], names: tuple[str, str]) -> Table:
    """Return what changed from one run to the other as a table for the terminal."""
    from rich.table import Table

    shown = Table()
    shown.add_column("")
    for heading in (*names, "change", "95 % interval (paired)"):
        shown.add_column(heading, justify="right")
    shown.add_column("beyond noise")
    for one in differences:
        verdict = "no"
        if one.beyond_noise:
            verdict = "yes, better" if one.better else "yes, worse"
        shown.add_row(
            one.metric.label,
            written(one.before, one.metric),
            written(one.after, one.metric),
            written(one.change, one.metric, sign="+"),
            interval(one.low, one.high, one.metric, sign="+"),
            verdict,
        )
    return shown


def written(value: float, metric: Metric, sign: str = "") -> str:
    """Return a value with its unit: "81.2 %", "35 ms" or "0.143"."""
    if math.isnan(value):
        return NONE
    if metric.unit == "%":  # a difference of shares is in points, not in percent
        return f"{100 * value:{sign}.1f} {'points' if sign else '%'}"
    if metric.unit == "s":
        return f"{1000 * value:{sign}.1f} ms"
    return f"{value:{sign}.3f}"


def interval(low: float, high: float, metric: Metric, sign: str = "") -> str:
    """Return an interval with its unit."""
    if math.isnan(low) or math.isnan(high):
        return NONE
    return f"{written(low, metric, sign)} … {written(high, metric, sign)}"


def plain(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return the metrics as plain values by name, for JSON; null where no question counts."""
    return {
        one.metric.name: {
            "label": one.metric.label,
            "value": _finite(one.value),
            "low": _finite(one.low),
            "high": _finite(one.high),
            "questions": one.metric.questions,
            "unit": one.metric.unit,
        }
        for one in measured
    }


def write_report(
    results: Results,
    folder: str | Path,
    threshold: float | None = None,
    measured: Sequence[Measured] | None = None,
) -> Path:
    """Write `index.html`, its pictures (also as files) and `results.json`; return the page.

    Raises:
        EvaluationError: The folder cannot be written, or matplotlib is missing.
    """
    chosen = results.threshold if threshold is None else threshold
    numbers = list(measured or measure(results, chosen))
    sure = confidences(results.records)
    runs = {"measured": plots.Run(sure, [right(r) for r in results.records], chosen)}
    figures = {
        "coverage-accuracy": plots.coverage_accuracy(runs),
        "reliability": plots.reliability(results.records),
        "latency": plots.latency(results.records),
    }
    images = {name: plots.image(figure, "svg") for name, figure in figures.items()}
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, figure in figures.items():
            (place / f"{name}.svg").write_bytes(images[name])
            (place / f"{name}.png").write_bytes(plots.image(figure, "png"))
        whole = page.page(results, chosen, _rows(numbers), images)
        (place / "index.html").write_text(whole, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"{folder}: the report cannot be written: {error.strerror or error}.",
            cure="Choose another folder.",
        ) from error
    write_json(results, place / "results.json", metrics=plain(numbers))
    return place / "index.html"


def _rows(measured: Sequence[Measured]) -> list[page.Row]:
    return [
        page.Row(
            one.metric.group,
            one.metric.label,
            written(one.value, one.metric),
            interval(one.low, one.high, one.metric),
            str(one.metric.questions),
        )
        for one in measured
    ]


def _of(count: int, total: int) -> str:
    return f"{count} of {total} ({count / total:.0%})" if total else NONE


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
