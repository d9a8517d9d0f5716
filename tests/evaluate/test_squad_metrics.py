import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import EvaluationError
from qa.evaluate.datasets import Question
from qa.evaluate.squad import Prediction, best, exact, f1, normal, score

TEXTS = st.text(alphabet="ab the,.-12 \n", max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Eiffel Tower!", "eiffel tower"),
        ("a man, a plan", "man plan"),
        ("10,000", "10000"),
        ("another theatre", "another theatre"),  # no article inside a word
        ("the", ""),
        ("U.S.", "us"),
        ("co-operation", "cooperation"),
        ("“quoted”", "“quoted”"),  # the official form knows ASCII punctuation only
    ],
)
def test_normal_form(text, expected):
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("text", "answers", "expected_exact", "expected_f1"),
    [
        ("Denver Broncos", ["the Denver Broncos!"], 1, 1),
        # 2 words in common; precision 2/4, recall 2/3: 2 · ½ · ⅔ / (½ + ⅔) = 4/7
        ("the city of Paris France", ["Paris, France 1889"], 0, 4 / 7),
        # the better of two right answers counts
        ("Barack Obama", ["Obama", "President Barack Obama"], 0, 4 / 5),
        # a repeated word counts as often as both sides have it: 1 in common of 3 and 1
        ("no no no", ["no"], 0, 2 / 4),
        ("", ["Paris"], 0, 0),
        ("", [], 1, 1),
        ("Paris", [], 0, 0),
        ("", ["the"], 1, 1),  # nothing is left of the right answer
        ("the", ["the", "Paris"], 0, 0),  # an answer of which nothing is left counts no longer
    ],
)
def test_hand_worked_scores(text, answers, expected_exact, expected_f1):
    assert exact(text, answers) == expected_exact
    assert f1(text, answers) == pytest.approx(expected_f1)


@given(TEXTS, TEXTS)
def test_f1_is_symmetric_and_bounded(one, other):
    assert f1(one, [other]) == f1(other, [one])
    assert 0 <= f1(one, [other]) <= 1
    assert f1(one, [one]) == 1


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_an_exact_match_overlaps_fully(text, answers):
    assert exact(text, answers) <= f1(text, answers)


QUESTIONS = [
    Question("a", "?", ("Paris",)),
    Question("b", "?", ("red apple",)),
    Question("c", "?", ()),
    Question("d", "?", ()),
]
PREDICTIONS = {
    "a": Prediction("Paris", 5.0),
    "b": Prediction("apple", -1.0),
    "c": Prediction("guess", 1.0),
    "d": Prediction("guess", -2.0),
}


def test_hand_worked_thresholds():
    # At 0: a right, b withheld (0), c answered (0), d withheld (1).
    scores = score(QUESTIONS, PREDICTIONS)
    assert (scores.exact, scores.f1) == (50, 50)
    assert (scores.has_answer_exact, scores.has_answer_f1, scores.no_answer) == (50, 50, 50)
    # Of a and b, if both had to be answered: 1 and ⅔.
    assert scores.candidate_f1 == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert scores.candidate_exact == 50
    # Exact: answering only a is best, 1 + 0 + 1 + 1.
    assert (scores.best_exact, scores.best_exact_threshold) == (75, 5.0)
    # F1: answering down to b adds ⅔ and loses 1 for c, so the same cut is best.
    assert (scores.best_f1, scores.best_f1_threshold) == (75, 5.0)
    # With c less sure than b: a, then b: 1 + ⅔ + 1 + 1 of 4.
    surer = {**PREDICTIONS, "c": Prediction("guess", -1.5)}
    scores = score(QUESTIONS, surer)
    assert scores.best_f1 == pytest.approx(100 * (3 + 2 / 3) / 4)
    assert scores.best_f1_threshold == -1.0
    assert (scores.best_exact, scores.best_exact_threshold) == (75, 5.0)


def test_always_abstaining_can_be_best():
    unanswerable = QUESTIONS[2:]
    scores = score(unanswerable, {q.id: PREDICTIONS[q.id] for q in unanswerable})
    assert scores.best_f1 == 100
    assert scores.best_f1_threshold == math.inf
    assert math.isnan(scores.has_answer_f1)


def test_a_missing_or_extra_id_is_an_error():
    with pytest.raises(EvaluationError, match=r"1 ids of the questions are missing.*'d'"):
        score(QUESTIONS, {name: p for name, p in PREDICTIONS.items() if name != "d"})
    with pytest.raises(EvaluationError, match=r"1 ids of the predictions are missing.*'x'"):
        score(QUESTIONS, {**PREDICTIONS, "x": Prediction("", 0)})


cases = st.lists(
    st.tuples(
        st.sampled_from([(), ("red",), ("red apple",)]),
        st.sampled_from(["", "red", "apple", "pear"]),
        st.integers(-3, 3),
    ),
    min_size=1,
    max_size=12,
)


@given(cases)
def test_best_threshold_equals_trying_them_all(case):
    questions = [Question(str(i), "?", answers) for i, (answers, _, _) in enumerate(case)]
    given_ = {str(i): Prediction(text, float(s)) for i, (_, text, s) in enumerate(case)}
    cuts = [math.inf, *sorted({p.score for p in given_.values()}, reverse=True)]
    for metric in (exact, f1):

        def mean(cut, metric=metric):
            shown = {name: p.text if p.score >= cut else "" for name, p in given_.items()}
            return 100 * sum(metric(shown[q.id], q.answers) for q in questions) / len(questions)

        tried = {cut: mean(cut) for cut in cuts}
        value, threshold = best(questions, given_, metric)
        assert value == pytest.approx(max(tried.values()))
        assert tried[threshold] == pytest.approx(value)
        highest = next(cut for cut in cuts if tried[cut] == pytest.approx(value))
        # Candidates without a text change nothing, so a higher cut may do as well.
        assert threshold == highest


@given(cases)
def test_scores_at_a_threshold_equal_the_definition(case):
    questions = [Question(str(i), "?", answers) for i, (answers, _, _) in enumerate(case)]
    given_ = {str(i): Prediction(text, float(s)) for i, (_, text, s) in enumerate(case)}
    scores = score(questions, given_)
    shown = [given_[q.id].text if given_[q.id].score >= 0 else "" for q in questions]
    each = [f1(text, q.answers) for text, q in zip(shown, questions, strict=True)]
    assert scores.f1 == pytest.approx(100 * sum(each) / len(each))
    assert scores.best_f1 >= scores.f1 - 1e-9
    for group, value in itertools.groupby(
        sorted(zip(questions, each, strict=True), key=lambda pair: pair[0].answerable),
        key=lambda pair: pair[0].answerable,
    ):
        mean = [v for _, v in value]
        shown_value = scores.has_answer_f1 if group else scores.no_answer
        assert shown_value == pytest.approx(100 * sum(mean) / len(mean))
