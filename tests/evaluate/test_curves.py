import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import EvaluationError
from qa.evaluate import bootstrap
from qa.evaluate.curves import NEVER, Calibration, Ranking, aurc, coverage_at, ece, threshold_at

# Few distinct values, so that ties are common; NEVER is a question without a candidate.
SURE = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0, NEVER])
answers = st.lists(st.tuples(SURE, st.booleans()), min_size=1, max_size=14)


def split(pairs):
    return [sure for sure, _ in pairs], [float(right) for _, right in pairs]


def slow_aurc(sure, right):
    """The definition, in two loops: a tie's errors are spread evenly over its places."""
    order = sorted(range(len(sure)), key=lambda i: -sure[i])
    total = 0.0
    for length in range(1, len(order) + 1):
        edge = sure[order[length - 1]]
        above = [i for i in order if sure[i] > edge]
        tied = [i for i in order if sure[i] == edge]
        wrong = sum(1 - right[i] for i in above)
        wrong += sum(1 - right[i] for i in tied) * (length - len(above)) / len(tied)
        total += wrong / length
    return total / len(order)


def test_hand_worked_aurc():
    # Right, wrong, right: risks 0, 1/2, 1/3.
    assert aurc([0.9, 0.8, 0.7], [1, 0, 1]) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    # Two tied, one of them wrong: expected risks 1/2, 1/2.
    assert aurc([0.5, 0.5], [1, 0]) == pytest.approx(0.5)
    assert aurc([3.0, -2.0], [1, 1]) == 0


@given(answers)
def test_aurc_equals_its_definition(pairs):
    sure, right = split(pairs)
    assert aurc(sure, right) == pytest.approx(slow_aurc(sure, right))


@given(answers)
def test_ties_make_aurc_the_mean_over_all_orders(pairs):
    sure, right = split(pairs[:6])
    orders = [
        list(itertools.permutations(group))
        for _, group in itertools.groupby(
            sorted(range(len(sure)), key=lambda i: -sure[i]), key=lambda i: sure[i]
        )
    ]
    areas = []
    for chosen in itertools.product(*orders):
        ranked = [i for group in chosen for i in group]
        areas.append(aurc([-place for place in range(len(ranked))], [right[i] for i in ranked]))
    assert aurc(sure, right) == pytest.approx(sum(areas) / len(areas))


@given(answers)
def test_a_perfect_ranking_has_the_least_area_and_its_reverse_the_greatest(pairs):
    sure, right = split(pairs)
    perfect = aurc(right, right)
    worst = aurc([-value for value in right], right)
    assert perfect - 1e-12 <= aurc(sure, right) <= worst + 1e-12


@given(answers, st.permutations(range(14)))
def test_the_order_of_questions_changes_nothing(pairs, order):
    shuffled = [pairs[i] for i in order if i < len(pairs)]
    for measure in (aurc, ece):
        assert measure(*split(shuffled)) == pytest.approx(measure(*split(pairs)), nan_ok=True)


@given(answers, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_coverage_equals_trying_all_thresholds(pairs, accuracy):
    sure, right = split(pairs)
    tried = {}
    for cut in set(sure) - {NEVER}:
        shown = [right[i] for i in range(len(sure)) if sure[i] >= cut]
        if sum(shown) >= accuracy * len(shown) - 1e-9:
            tried[cut] = len(shown) / len(sure)
    assert coverage_at(accuracy, sure, right) == pytest.approx(max(tried.values(), default=0))
    threshold = threshold_at(accuracy, sure, right)
    assert threshold == min(tried, default=math.inf)


def test_hand_worked_coverage():
    sure, right = [0.9, 0.8, 0.7, 0.6, NEVER], [1, 1, 0, 1, 0]
    assert coverage_at(0.9, sure, right) == pytest.approx(2 / 5)
    assert coverage_at(0.75, sure, right) == pytest.approx(4 / 5)
    assert threshold_at(0.75, sure, right) == 0.6
    assert threshold_at(1.0, [0.9], [0]) == math.inf
    assert Ranking(sure, right).points()[1] == (0.8, pytest.approx(2 / 5), 1.0)
    assert len(Ranking(sure, right).points()) == 4  # no threshold answers the last one


def test_hand_worked_calibration():
    # Two bins of two: |mean right - mean confidence| = |½ - 0.15| and |1 - 0.8|.
    sure, right = [0.1, 0.2, 0.75, 0.85], [0, 1, 1, 1]
    assert ece(sure, right, bins=2) == pytest.approx((0.35 + 0.2) / 2)
    assert ece(sure, right, bins=2, equal_mass=False) == pytest.approx((0.35 + 0.2) / 2)
    low, high = Calibration(sure, right, bins=2).bins()
    assert (low.count, low.confidence, low.accuracy) == (2, pytest.approx(0.15), 0.5)
    assert (high.count, high.high) == (2, 0.85)
    # Equal widths put one answer in the lower half, and three in the upper.
    assert ece([0.1, 0.6, 0.7, 0.8], [0, 1, 1, 0], bins=2, equal_mass=False) == pytest.approx(
        (0.1 * 1 + abs(2 / 3 - 0.7) * 3) / 4
    )
    assert math.isnan(ece([NEVER], [0]))


@given(answers, st.integers(1, 20), st.booleans())
def test_calibration_error_is_bounded(pairs, bins, equal_mass):
    sure, right = split(pairs)
    error = ece(sure, right, bins=bins, equal_mass=equal_mass)
    if all(value == NEVER for value in sure):
        assert math.isnan(error)
    else:
        assert 0 <= error <= 1
        found = Calibration(sure, right, bins=bins, equal_mass=equal_mass).bins()
        assert sum(one.count for one in found) == sum(value != NEVER for value in sure)


def test_calibrated_confidences_have_little_error_and_shifted_ones_that_much():
    generator = np.random.default_rng(1)
    truth = generator.uniform(0, 0.7, 20_000)
    right = generator.uniform(size=20_000) < truth
    assert ece(truth, right) < 0.015
    assert ece(truth + 0.3, right) == pytest.approx(0.3, abs=0.015)


@given(answers, st.data())
def test_weights_count_like_copies(pairs, data):
    sure, right = split(pairs)
    counts = data.draw(st.lists(st.integers(0, 3), min_size=len(sure), max_size=len(sure)))
    if not sum(counts):
        counts[0] = 1
    rows = np.array([[1.0] * len(sure), counts])
    copies = [pair for pair, count in zip(pairs, counts, strict=True) for _ in range(count)]
    ranking = Ranking(sure, right)
    assert ranking.aurc(rows)[1] == pytest.approx(aurc(*split(copies)))
    assert ranking.coverage_at(0.8, rows)[1] == pytest.approx(coverage_at(0.8, *split(copies)))
    # The bins stay those of all questions, so only one bin can be compared.
    one = Calibration(sure, right, bins=1)
    assert one.error(rows)[1] == pytest.approx(ece(*split(copies), bins=1), nan_ok=True)


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(EvaluationError, match="confidences for"):
        aurc([0.1, 0.2], [1])
    with pytest.raises(EvaluationError, match="at least one"):
        aurc([], [])
    with pytest.raises(EvaluationError, match="not a number"):
        aurc([math.nan], [1])
    with pytest.raises(EvaluationError, match="raw scores"):
        ece([1.5], [1])


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        values = generator.uniform(size=120) < 0.7
        bounds = bootstrap.intervals({"rate": _mean(values)}, 120, replicates=300, seed=1)["rate"]
        covered += bounds[0] <= 0.7 <= bounds[1]
    assert 0.89 <= covered / 200 <= 0.99


def test_the_same_seed_gives_the_same_interval_however_many_rows_are_held(monkeypatch):
    values = np.random.default_rng(0).uniform(size=50)
    first = bootstrap.intervals({"mean": _mean(values)}, 50, seed=5)
    assert first == bootstrap.intervals({"mean": _mean(values)}, 50, seed=5)
    assert first != bootstrap.intervals({"mean": _mean(values)}, 50, seed=6)
    monkeypatch.setattr(bootstrap, "_CELLS", 50 * 7)
    assert first == bootstrap.intervals({"mean": _mean(values)}, 50, seed=5)


def test_resamples_are_drawn_with_replacement_and_of_full_size():
    rows = np.concatenate(list(bootstrap.resamples(30, replicates=100, seed=2)))
    assert rows.shape == (100, 30)
    assert (rows.sum(axis=1) == 30).all()
    assert rows.max() >= 3
    assert abs(rows.mean(axis=0) - 1).max() < 0.5


def test_pairing_sees_a_small_gain_that_two_intervals_hide():
    generator = np.random.default_rng(4)
    before = generator.uniform(size=400) < 0.5
    after = before.copy()
    after[np.flatnonzero(~before)[:12]] = True  # 3 points better, never worse
    old, new = {"rate": _mean(before)}, {"rate": _mean(after)}
    low, high = bootstrap.differences(old, new, 400)["rate"]
    assert 0 < low < 0.03 < high
    apart = [bootstrap.intervals(one, 400)["rate"] for one in (old, new)]
    assert apart[0][1] > apart[1][0]  # they overlap


def test_a_statistic_that_is_never_defined_has_no_interval():
    never = bootstrap.intervals({"none": lambda rows: np.full(len(rows), np.nan)}, 5)["none"]
    assert all(map(math.isnan, never))


def _mean(values):
    row = np.asarray(values, dtype=float)
    return lambda counts: counts @ row / counts.sum(axis=1)
