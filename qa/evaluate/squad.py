"""The official SQuAD answer metrics: normal form, exact match, F1, thresholds.

Knows answers as texts, and a score for each. Does not know articles, passages or readers.
The definitions are those of the official script for SQuAD 2.0, whose normal form is ASCII
minded (curly quotes and accents count); `qa.text.normalise` is the product's own, kinder one.

Source: Rajpurkar, Jia & Liang, "Know What You Don't Know", ACL 2018, and its script.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa.evaluate.datasets import Question

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(answer: str) -> str:
    """Return `answer` in small letters, without punctuation, articles or extra blanks."""
    return " ".join(_ARTICLES.sub(" ", answer.lower().translate(_NO_PUNCTUATION)).split())


def exact(text: str, answers: Sequence[str]) -> float:
    """Return 1.0 when `text` is one of `answers` in normal form, else 0.0.

    Without answers the right text is "" (no answer); so it is where all of them are nothing
    but articles and punctuation.
    """
    return float(any(normal(text) == answer for answer in _golds(answers)))


def f1(text: str, answers: Sequence[str]) -> float:
    """Return the best overlap of `text` with one of `answers`, in [0, 1].

    The overlap is the harmonic mean of precision and recall over the bags of normal words;
    when either side has no words it is 1.0 if both have none, else 0.0.
    """
    return max(_overlap(normal(text).split(), answer.split()) for answer in _golds(answers))


def _golds(answers: Sequence[str]) -> list[str]:
    return [answer for answer in map(normal, answers) if answer] or [""]


def _overlap(found: list[str], gold: list[str]) -> float:
    if not found or not gold:
        return float(found == gold)
    common = sum((Counter(found) & Counter(gold)).values())
    return 2 * common / (len(found) + len(gold))


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best candidate answer to a question, answered or not."""

    text: str  # "": no candidate at all
    score: float  # of the candidate over "no answer"; higher is surer


@dataclass(frozen=True, slots=True)
class Scores:
    """Official SQuAD 2.0 scores, in percent, at one threshold and at the best ones."""

    questions: int
    answerable: int
    threshold: float  # candidates that score at least this much are answered
    exact: float
    f1: float
    has_answer_exact: float  # over the answerable questions
    has_answer_f1: float
    candidate_exact: float  # over the answerable, as if every candidate were answered
    candidate_f1: float
    no_answer: float  # over the unanswerable: exact and F1 are the same there
    best_exact: float  # at the threshold best for it, chosen on these very questions
    best_exact_threshold: float
    best_f1: float
    best_f1_threshold: float


def score(
    questions: Sequence[Question], predictions: Mapping[str, Prediction], threshold: float = 0.0
) -> Scores:
    """Return the official scores; questions and predictions are joined by id.

    Shares over no question at all (say, no unanswerable one) are nan.

    Raises:
        EvaluationError: A question has no prediction, or a prediction no question.
    """
    join(("questions", [q.id for q in questions]), ("predictions", predictions))
    given = [predictions[question.id] for question in questions]
    answered = [bool(p.text) and p.score >= threshold for p in given]
    texts = [p.text if says else "" for p, says in zip(given, answered, strict=True)]
    exacts = [exact(text, q.answers) for text, q in zip(texts, questions, strict=True)]
    f1s = [f1(text, q.answers) for text, q in zip(texts, questions, strict=True)]
    has = [question.answerable for question in questions]
    answerable = [(p, q) for p, q in zip(given, questions, strict=True) if q.answerable]
    best_exact, best_exact_threshold = best(questions, predictions, exact)
    best_f1, best_f1_threshold = best(questions, predictions, f1)
    return Scores(
        questions=len(questions),
        answerable=sum(has),
        threshold=threshold,
        exact=_percent(exacts),
        f1=_percent(f1s),
        has_answer_exact=_percent(value for value, true in zip(exacts, has, strict=True) if true),
        has_answer_f1=_percent(value for value, true in zip(f1s, has, strict=True) if true),
        candidate_exact=_percent(exact(p.text, q.answers) for p, q in answerable),
        candidate_f1=_percent(f1(p.text, q.answers) for p, q in answerable),
        no_answer=_percent(value for value, true in zip(f1s, has, strict=True) if not true),
        best_exact=best_exact,
        best_exact_threshold=best_exact_threshold,
        best_f1=best_f1,
        best_f1_threshold=best_f1_threshold,
    )


def best(
    questions: Sequence[Question],
    predictions: Mapping[str, Prediction],
    metric: Callable[[str, Sequence[str]], float],
) -> tuple[float, float]:
    """Return the best mean of `metric` over all thresholds, in percent, and that threshold.

    Only thresholds that can be set count: candidates of equal score are answered together or
    not at all (the official script may cut between them). Of equally good thresholds the
    highest is returned, so `inf` where answering nothing is best.
    """
    scored = sorted(
        ((predictions[q.id].score, q) for q in questions if predictions[q.id].text),
        key=lambda pair: (-pair[0], pair[1].id),
    )
    total = sum(metric("", q.answers) for q in questions)  # as if nothing were answered
    top, threshold = total, float("inf")
    for index, (value, question) in enumerate(scored):
        total += metric(predictions[question.id].text, question.answers)
        total -= metric("", question.answers)
        last_of_ties = index + 1 == len(scored) or scored[index + 1][0] != value
        if last_of_ties and total > top + 1e-9:  # a sum of rounded terms is no gain
            top, threshold = total, value
    return (100 * top / len(questions) if questions else float("nan")), threshold


def join(left: tuple[str, Iterable[str]], right: tuple[str, Iterable[str]]) -> None:
    """Raise EvaluationError unless both sides, each named, hold the same ids."""
    (left_name, left_ids), (right_name, right_ids) = left, right
    mine, theirs = set(left_ids), set(right_ids)
    for here, there, only in (
        (left_name, right_name, mine - theirs),
        (right_name, left_name, theirs - mine),
    ):
        if only:
            raise EvaluationError(
                f"{len(only)} ids of the {here} are missing in the {there}, first {min(only)!r}.",
                cure="Compare what was measured on the same questions.",
            )


def _percent(values: Iterable[float]) -> float:
    kept = list(values)
    return 100 * sum(kept) / len(kept) if kept else float("nan")
