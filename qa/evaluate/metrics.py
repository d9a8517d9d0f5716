"""Every number of an evaluation, each with how sure it is.

Knows what each metric is a share of. Does not know how the records came about nor how the
numbers are shown. Rates are in [0, 1], times in seconds; nan means that no question counts.

An answer is *right* when its F1 with a right answer is more than a half, else *wrong*; any
answer to an unanswerable question is wrong. Exact match is reported beside it and is harsher
than people are: on SQuAD a second person's words match the first one's in 4 of 5 cases only
(Rajpurkar et al., EMNLP 2016), so that no reader could be 90 % accurate by it. Of 20 partial
overlaps read by hand (SQuAD 2.0 dev, open corpus), 9 of the 10 above a half answered the
question, and 4 of the 10 below it: the rule is rather too strict than too kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qa.evaluate import bootstrap
from qa.evaluate.curves import NEVER, Calibration, Ranking
from qa.evaluate.squad import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from qa.evaluate.bootstrap import Floats, Statistic
    from qa.evaluate.results import Found, Record, Results

RIGHT_F1 = 0.5  # more than this; "George W. Bush" for "George Bush" has 0.8, 1970 for 1969 has 0
CUTS = (1, 5, 10)  # hits looked at
ACCURACIES = (0.8, 0.9, 0.95)
PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True)
class Metric:
    """What is measured, and how to take it over resamples."""

    name: str  # in JSON
    label: str  # for people
    statistic: Statistic
    questions: int  # that count for it
    unit: str = "%"  # "%": a rate; "s": a time; "": a plain number
    higher_is_better: bool = True
    group: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric's value with its bootstrap 95 % interval; nan where no question counts."""

    metric: Metric
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric in two runs over the same questions."""

    metric: Metric
    before: float
    after: float
    low: float  # of after - before, 95 %, paired
    high: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def beyond_noise(self) -> bool:
        """Say whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    @property
    def better(self) -> bool:
        """Say whether the change is for the better."""
        return self.change != 0 and (self.change > 0) is self.metric.higher_is_better


def right(record: Record) -> bool:
    """Say whether the best candidate is a right answer."""
    return record.answerable and record.text is not None and record.f1 > RIGHT_F1


def confidences(records: Iterable[Record]) -> list[float]:
    """Return each confidence; -inf where there is no candidate, so that none is answered."""
    return [NEVER if record.text is None else record.confidence for record in records]


def answered(record: Record, threshold: float) -> bool:
    """Say whether the pipeline answers at `threshold`."""
    return record.text is not None and record.confidence >= threshold


def measure(
    results: Results,
    threshold: float | None = None,
    *,
    replicates: int = bootstrap.REPLICATES,
    seed: int = 0,
) -> list[Measured]:
    """Return every metric of `results` at `threshold` (None: the pipeline's default)."""
    known = metrics(results.records, results.threshold if threshold is None else threshold)
    n = len(results.records)
    bounds = bootstrap.intervals(
        {metric.name: metric.statistic for metric in known}, n, replicates=replicates, seed=seed
    )
    values = {metric.name: bootstrap.value(metric.statistic, n) for metric in known}
    return [
        Measured(
            metric,
            values[metric.name],
            *_widened(metric, values[metric.name], bounds[metric.name]),
        )
        for metric in known
    ]


def _widened(metric: Metric, value: float, bounds: tuple[float, float]) -> tuple[float, float]:
    """Return bounds that a rate of all or none deserves: resampling 100 % gives 100 % only.

    Source: Clopper & Pearson, Biometrika 1934; at n of n the lower bound is 0.025^(1/n).
    """
    if metric.unit != "%" or not metric.questions or value not in {0.0, 1.0}:
        return bounds
    low, high = bounds
    reach = ((1 - bootstrap.LEVEL) / 2) ** (1 / metric.questions)
    return (min(low, reach), 1.0) if value == 1.0 else (0.0, max(high, 1 - reach))


def compare(
    before: Results, after: Results, *, replicates: int = bootstrap.REPLICATES, seed: int = 0
) -> list[Difference]:
    """Return how each metric changed; records are joined by id, whatever their order.

    Each run is taken at its own default threshold. Some thirty metrics are compared, so one
    or two look beyond noise by chance alone.

    Raises:
        EvaluationError: The two runs did not ask the same questions.
    """
    join(
        ("first results", [record.id for record in before.records]),
        ("second results", [record.id for record in after.records]),
    )
    by_id = {record.id: record for record in after.records}
    paired = [by_id[record.id] for record in before.records]
    old = {metric.name: metric for metric in metrics(before.records, before.threshold)}
    new = {metric.name: metric for metric in metrics(paired, after.threshold)}
    n = len(paired)
    bounds = bootstrap.differences(
        {name: metric.statistic for name, metric in old.items()},
        {name: metric.statistic for name, metric in new.items()},
        n,
        replicates=replicates,
        seed=seed,
    )
    return [
        Difference(
            metric,
            bootstrap.value(metric.statistic, n),
            bootstrap.value(new[name].statistic, n),
            *bounds[name],
        )
        for name, metric in old.items()
        if name in new
    ]


def metrics(records: Sequence[Record], threshold: float) -> list[Metric]:
    """Return every metric of `records`, group by group."""
    groups = {
        "Retrieval": _retrieval(records),
        "Best candidate, whatever its confidence": _candidates(records),
        "Answering at the threshold": _decisions(records, threshold),
        "Confidence": _confidence(records),
        "Latency": _latency(records),
    }
    return [replace(metric, group=name) for name, group in groups.items() for metric in group]


def _retrieval(records: Sequence[Record]) -> list[Metric]:
    answerable = np.array([r.answerable for r in records])
    located = answerable & [r.gold_article is not None for r in records]
    articles = np.array([_rank(r, lambda hit: hit.right_article) for r in records])
    passages = np.array([_rank(r, _right_passage(r)) for r in records])
    return [
        *(_rate(f"hits@{k}", f"Right article in first {k}", articles <= k, located) for k in CUTS),
        replace(_rate("mrr", "Mean reciprocal rank of it", 1 / articles, located), unit=""),
        *(
            _rate(f"passage_hits@{k}", f"The answer stands in first {k}", passages <= k, answerable)
            for k in CUTS
        ),
    ]


def _right_passage(record: Record) -> Callable[[Found], bool]:
    if record.gold_article is None:
        return lambda hit: hit.holds_answer
    return lambda hit: hit.holds_answer and hit.right_article


def _rank(record: Record, wanted: Callable[[Found], bool]) -> float:
    """Return the rank, from 1, of the first hit that is wanted; inf: none is."""
    return next((rank for rank, hit in enumerate(record.hits, 1) if wanted(hit)), float("inf"))


def _candidates(records: Sequence[Record]) -> list[Metric]:
    answerable = np.array([r.answerable for r in records])
    retrieved = answerable & [any(hit.right_article for hit in r.hits) for r in records]
    citing = answerable & [r.gold_article is not None and r.text is not None for r in records]
    quoting = [r.valid is not None for r in records]
    exacts, f1s = [r.exact for r in records], [r.f1 for r in records]
    cited = [r.article == r.gold_article for r in records]
    valid = [r.valid is True for r in records]
    return [
        _rate("exact", "Exact match, answerable", exacts, answerable),
        _rate("f1", "F1, answerable", f1s, answerable),
        _rate("exact_retrieved", "Exact match, right article retrieved", exacts, retrieved),
        _rate("f1_retrieved", "F1, right article retrieved", f1s, retrieved),
        _rate("right_citation", "Cites the right article", cited, citing),
        _rate("valid_citation", "Quotation stands byte for byte", valid, quoting),
    ]


def _decisions(records: Sequence[Record], threshold: float) -> list[Metric]:
    everyone = np.ones(len(records), dtype=bool)
    says = np.array([answered(r, threshold) for r in records])
    has = np.array([r.answerable for r in records])
    good = np.array([right(r) for r in records])
    exacts, f1s = np.array([r.exact for r in records]), np.array([r.f1 for r in records])
    citing = says & has & [r.gold_article is not None for r in records]
    cited = [r.article == r.gold_article for r in records]
    return [
        _rate("coverage", "Questions answered", says, everyone),
        _rate("accuracy", "Given answers that are right", good, says),
        _rate("exact_accuracy", "Given answers that match exactly", has & (exacts == 1), says),
        _rate("answered_right", "Answerable questions answered rightly", says & good, has),
        _rate("given_citation", "Given answers that cite the right article", cited, citing),
        _rate("abstention_precision", "Abstentions on unanswerable questions", ~has, ~says),
        _rate("abstention_recall", "Unanswerable questions abstained on", ~says, ~has),
        _rate("spared", "Abstentions that spared a wrong answer", ~good, ~says),
        _rate("squad_exact", "SQuAD 2.0 exact match, all", np.where(says, exacts, ~has), everyone),
        _rate("squad_f1", "SQuAD 2.0 F1, all", np.where(says, f1s, ~has), everyone),
    ]


def _confidence(records: Sequence[Record]) -> list[Metric]:
    sure, good = confidences(records), [right(r) for r in records]
    ranking, n = Ranking(sure, good), len(records)
    by_mass = Calibration(sure, good)
    by_width = Calibration(sure, good, equal_mass=False)
    candidates = sum(r.text is not None for r in records)

    def coverage(accuracy: float) -> Metric:
        return Metric(
            f"coverage@{accuracy:.0%}",
            f"Coverage at {accuracy:.0%} accuracy",
            lambda weights: ranking.coverage_at(accuracy, weights),
            n,
        )

    def loss(name: str, label: str, statistic: Statistic, questions: int) -> Metric:
        return Metric(name, label, statistic, questions, unit="", higher_is_better=False)

    return [
        *(coverage(accuracy) for accuracy in ACCURACIES),
        loss("aurc", "Area under risk–coverage", ranking.aurc, n),
        loss("ece", "Calibration error (ECE, equal masses)", by_mass.error, candidates),
        loss("ece_width", "Calibration error (ECE, equal widths)", by_width.error, candidates),
    ]


def _latency(records: Sequence[Record]) -> list[Metric]:
    found = []
    for stage in dict.fromkeys(stage for record in records for stage in record.seconds):
        kept = np.flatnonzero([stage in record.seconds for record in records])
        times = np.array([r.seconds[stage] for r in records if stage in r.seconds])
        for percent in PERCENTILES:
            name, label = f"{stage}_p{percent}", f"{stage}, p{percent}"
            statistic = _quantile(times, kept, percent / 100)
            found.append(
                Metric(name, label, statistic, len(kept), unit="s", higher_is_better=False)
            )
    return found


def _quantile(times: Floats, kept: NDArray[np.intp], share: float) -> Statistic:
    """Return the smallest time that `share` of the questions do not exceed."""
    order = np.argsort(times, kind="stable")
    ranked, columns = times[order], kept[order]

    def statistic(weights: Floats) -> Floats:
        reached = weights[:, columns].cumsum(axis=1)
        enough = reached >= share * reached[:, -1:] - 1e-9
        values = ranked[enough.argmax(axis=1)]
        return np.where(reached[:, -1] > 0, values, np.nan)

    return statistic


def _rate(name: str, label: str, values: ArrayLike, among: ArrayLike) -> Metric:
    """Return the metric that is the mean of `values` over the questions `among` all."""
    counts = np.asarray(among, dtype=float)
    totals = np.where(counts > 0, np.asarray(values, dtype=float), 0)

    def statistic(weights: Floats) -> Floats:
        number = weights @ counts
        none = np.full_like(number, np.nan)
        return np.asarray(np.divide(weights @ totals, number, out=none, where=number > 0))

    return Metric(name, label, statistic, int(counts.sum()))
