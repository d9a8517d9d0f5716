"""The whole way from a pipeline to numbers, with one whose answers can be worked by hand."""

import json
import math
import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from qa.config import Settings
from qa.errors import EvaluationError, QuestionError
from qa.evaluate import metrics
from qa.evaluate.datasets import Question
from qa.evaluate.results import Results, read_json, write_json
from qa.evaluate.run import run
from qa.types import Alternative, Answer, Article, Citation, Hit, Passage, Reason

ARTICLES = {
    "rain": "Rain fell on Tuesday in Oslo.",
    "snow": "Snow fell on Friday in Bergen, and in Oslo on Friday.",
    "hail": "Hail is rare. The mayor said so.",
}
WEEKDAY = re.compile(r"\b\w+day\b")


SETTINGS = Settings(threshold=0.6)


@dataclass(frozen=True)
class Weather:
    """A pipeline that computes: articles rank by words shared, the answer is a weekday.

    Its confidence is the share of the question's words that the article holds.
    """

    settings: Settings = SETTINGS
    shift: int = 0  # characters by which its quotations are off; CitationError is bypassed

    @property
    def threshold(self):
        return self.settings.threshold

    def ask(self, question, *, threshold=None):
        threshold = self.threshold if threshold is None else threshold
        if not question.strip("?"):
            raise QuestionError("That is no question.", cure="Ask one.")
        asked = set(re.findall(r"\w+", question.lower()))
        scores = {
            name: len(asked & set(re.findall(r"\w+", text.lower()))) / len(asked)
            for name, text in ARTICLES.items()
        }
        ranked = sorted(scores, key=lambda name: (-scores[name], name))
        hits = tuple(
            Hit(passage(name), scores[name], rank, dense=scores[name])
            for rank, name in enumerate(ranked, 1)
            if scores[name]
        )
        found = WEEKDAY.search(ARTICLES[hits[0].passage.article_id]) if hits else None
        confidence = hits[0].score if found else 0.0
        seconds = {"retrieve": 0.001 * len(question), "read": 0.002}
        if found is None or confidence < threshold:
            return Answer(question, None, confidence, hits=hits, reason=Reason.NOT_ANSWERED)
        name = hits[0].passage.article_id
        cited = citation(name, *found.span())
        if self.shift:
            object.__setattr__(cited, "start", cited.start + self.shift)
        return Answer(
            question,
            found.group(),
            confidence,
            (cited,),
            (Alternative("Oslo", 0.1, (citation("rain", 24, 28),)),),
            hits,
            seconds=seconds,
        )


def passage(name):
    return Passage(f"{name}#0", name, 0, len(ARTICLES[name]), ARTICLES[name])


def citation(name, start, end):
    text = ARTICLES[name]
    article = Article(name, name.title(), text, f"{name}.txt", "0" * 64)
    return Citation(article, passage(name), text[start:end], start, end, text, 0)


QUESTIONS = [
    Question("1", "When was the rain in Oslo?", ("Tuesday",), "rain"),  # rain 3/6, snow 2/6
    Question("2", "Snow fell when?", ("on Friday", "Friday"), "snow"),  # 2/3: right
    Question("3", "Rain fell?", ("Friday",), "snow"),  # 2/2: Tuesday, wrong, and snow is second
    Question("4", "Fell sleet on Friday?", (), "snow"),  # 3/4: wrongly answered
    Question("5", "Is hail rare?", ("rare",), "hail"),  # 3/3, but no candidate
    Question("6", "???", ()),  # refused
    Question("7", "Who is that?", ()),  # 1/3: "is" finds hail, no candidate
]


@pytest.fixture(scope="module")
def results():
    return run(Weather(), QUESTIONS)


@pytest.fixture(scope="module")
def measured(results):
    return {m.metric.name: m for m in metrics.measure(results, replicates=200)}


def value(results, name, threshold=None):
    return {m.metric.name: m for m in metrics.measure(results, threshold, replicates=1)}[name]


def test_every_question_is_on_record(results):
    first, second, third, fourth, fifth, sixth, seventh = results.records
    assert (first.text, first.confidence) == ("Tuesday", 0.5)
    assert (second.exact, second.f1, second.article) == (1, 1, "snow")
    assert (third.text, third.f1) == ("Tuesday", 0)
    assert (fourth.text, fourth.f1, fourth.answerable) == ("Friday", 0, False)
    assert (fifth.text, fifth.reason, fifth.valid) == (None, Reason.NOT_ANSWERED.value, None)
    assert (sixth.reason, sixth.hits, sixth.exact) == (Reason.NOT_A_QUESTION.value, (), 1)
    assert seventh.f1 == 1  # no candidate, and no answer to be found
    assert [hit.right_article for hit in third.hits] == [False, True]
    assert [hit.holds_answer for hit in third.hits] == [False, True]
    assert third.others[0].text == "Oslo"
    assert third.seconds["total"] > 0
    assert results.threshold == 0.6
    assert not results.interrupted
    assert results.header["settings"]["k"] == Settings().k
    assert {"date", "versions", "machine", "commit"} <= results.header.keys()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Answerable: 1, 2, 3, 5; the right article is at rank 1, 1, 2, 1.
        ("hits@1", 3 / 4),
        ("hits@5", 1),
        ("mrr", (1 + 1 + 1 / 2 + 1) / 4),
        ("passage_hits@1", 3 / 4),
        ("exact", 2 / 4),
        ("f1_retrieved", 2 / 4),
        ("right_citation", 2 / 3),  # 5 cites nothing
        ("valid_citation", 1),
        # At 0.6 the answers to 2, 3 and 4 are given, one of them right.
        ("coverage", 3 / 7),
        ("accuracy", 1 / 3),
        ("exact_accuracy", 1 / 3),
        ("answered_right", 1 / 4),
        ("given_citation", 1 / 2),
        ("abstention_precision", 2 / 4),  # 6 and 7 of 1, 5, 6, 7
        ("abstention_recall", 2 / 3),  # 4 was answered
        ("spared", 3 / 4),  # 1 would have been right
        ("squad_exact", 3 / 7),  # 2, 6, 7
        ("squad_f1", 3 / 7),
        # By confidence: 3 (1), 4 (¾), 2 (⅔), 1 (½), then the three without a candidate.
        ("coverage@80%", 0),
        ("aurc", (1 + 1 + 2 / 3 + 2 / 4 + 3 / 5 + 4 / 6 + 5 / 7) / 7),
        ("ece_width", (1 + 3 / 4 + 1 / 3 + 1 / 2) / 4),
    ],
)
def test_hand_worked_metrics(measured, name, expected):
    assert measured[name].value == pytest.approx(expected)


def test_another_threshold_needs_no_other_run(results):
    assert value(results, "coverage", 0.0).value == pytest.approx(4 / 7)
    assert value(results, "accuracy", 0.0).value == pytest.approx(2 / 4)
    assert value(results, "coverage", 1.1).value == 0
    nothing = value(results, "accuracy", 1.1)
    assert math.isnan(nothing.value)
    assert nothing.metric.questions == 0


def test_intervals_hold_their_value(measured):
    for name, one in measured.items():
        if not math.isnan(one.value) and not name.startswith("ece"):
            assert one.low <= one.value + 1e-9, name
            assert one.value <= one.high + 1e-9, name


def test_latency_is_that_of_the_stages(results):
    # Abstentions of this pipeline carry no times; 4 questions do.
    lengths = sorted(len(q.question) for q in QUESTIONS[:4])
    found = value(results, "retrieve_p50")
    assert found.metric.questions == 4
    assert found.value == pytest.approx(0.001 * lengths[1])
    assert value(results, "retrieve_p95").value == pytest.approx(0.001 * lengths[3])


def test_a_weighted_quantile_equals_that_of_copies():
    generator = np.random.default_rng(0)
    times = generator.uniform(size=40)
    statistic = metrics._quantile(times, np.arange(40), 0.95)
    counts = generator.integers(0, 4, size=(20, 40)).astype(float)
    for row, found in zip(counts, statistic(counts), strict=True):
        copies = np.repeat(times, row.astype(int))
        assert found == np.quantile(copies, 0.95, method="inverted_cdf")


def test_a_quotation_that_is_off_by_one_is_caught():
    assert value(run(Weather(shift=1), QUESTIONS), "valid_citation").value == 0


def test_quotations_are_checked_against_texts_of_our_own():
    changed = {**ARTICLES, "snow": ARTICLES["snow"].replace("Friday", "Monday")}
    found = run(Weather(), QUESTIONS, texts=changed)
    assert [record.valid for record in found.records[:4]] == [True, False, True, False]


def test_results_survive_a_file(results, tmp_path):
    path = tmp_path / "deep" / "results.json"
    write_json(results, path, note="kept beside")
    assert read_json(path) == results
    assert json.loads(path.read_text(encoding="utf-8"))["note"] == "kept beside"
    assert [file.name for file in path.parent.iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("{", "is not JSON"), ("[]", "format None"), ('{"format": 9}', "format 9, not 1")],
)
def test_other_files_are_not_results(tmp_path, text, complaint):
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=complaint):
        read_json(path)


def test_a_result_file_with_a_field_missing_is_refused(results, tmp_path):
    path = tmp_path / "results.json"
    write_json(results, path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    del whole["records"][2]["confidence"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(EvaluationError, match="confidence"):
        read_json(path)


def test_stopping_keeps_what_was_measured():
    seen = []

    def stop_after_two(done, total):
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    found = run(Weather(), QUESTIONS, stop_after_two)
    assert seen == [(1, 7), (2, 7)]
    assert [record.id for record in found.records] == ["1", "2"]
    assert found.interrupted
    assert found.to_dict()["interrupted"] is True


@dataclass(frozen=True)
class Moody(Weather):
    """Surer when less is asked of it, so that its curve is not what users see."""

    def ask(self, question, *, threshold=None):
        answer = super().ask(question, threshold=0.0)
        if threshold == 0.0 or answer.text is None:
            return replace(answer, confidence=1.0)
        return super().ask(question, threshold=1.1)


def test_a_confidence_that_hangs_on_the_threshold_is_told(results):
    assert results.header["asked_again"] == {"questions": 7, "differ": 0}
    assert results.notices == ()
    found = run(Moody(), QUESTIONS)
    assert found.header["asked_again"] == {"questions": 7, "differ": 4}
    assert "4 were decided otherwise" in found.notices[0]


def test_runs_are_compared_by_id(results):
    records = list(results.records)
    better = [replace(r, confidence=0.1) if r.id == "4" else r for r in reversed(records)]
    changes = {
        d.metric.name: d
        for d in metrics.compare(results, replace(results, records=tuple(better)), replicates=300)
    }
    recall = changes["abstention_recall"]
    assert (recall.before, recall.after) == (pytest.approx(2 / 3), 1)
    assert recall.better
    assert not recall.beyond_noise  # one question of seven
    assert changes["aurc"].better
    assert changes["hits@1"].change == 0
    assert not changes["hits@1"].better
    assert not changes["hits@1"].beyond_noise


def test_a_change_on_many_questions_is_beyond_noise(results):
    def many(confidence):
        base = results.records[3]
        return Results(
            tuple(replace(base, id=str(i), confidence=confidence(i)) for i in range(200)), 0.5, 200
        )

    before, after = many(lambda i: i / 200), many(lambda i: i / 400)
    recall = {d.metric.name: d for d in metrics.compare(before, after)}["abstention_recall"]
    assert recall.change == pytest.approx(0.5, abs=0.01)
    assert recall.beyond_noise
    assert recall.better


def test_other_questions_cannot_be_compared(results):
    fewer = replace(results, records=results.records[:-1])
    with pytest.raises(EvaluationError, match=r"1 ids of the first results.*'7'"):
        metrics.compare(results, fewer)
    with pytest.raises(EvaluationError, match="second results"):
        metrics.compare(fewer, results)


def test_ids_stand_once(results):
    with pytest.raises(EvaluationError, match="one id"):
        replace(results, records=results.records + results.records[:1])
