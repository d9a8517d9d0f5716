"""`qa train-confidence` with the real index, encoder and reader, on made-up people."""

from __future__ import annotations

import json
import math
import random
from itertools import pairwise

import pytest
import toy

import qa
from qa import lab
from qa.confidence import Calibration, load
from qa.errors import EvaluationError
from qa.evaluate.datasets import Context, Question, contexts, write, write_corpus
from qa.evaluate.datasets import load as load_questions
from qa.evidence import Candidate
from qa.train import confidence, worth
from qa.train.worth import Asked


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def asked(number, rows):
    """A question whose candidates have this evidence and are right or not."""
    question = Question(f"q{number}", "Who?", ("x",), f"article {number}")
    candidates = tuple(Candidate(str(at), (), evidence) for at, (evidence, _) in enumerate(rows))
    right = tuple(good for _, good in rows)
    return Asked(question, candidates, right, raw=(rows[0][0]["margin"], right[0]))


def drawn(number, slope, draw):
    """A question with one candidate, right by a logistic law over its margin."""
    margin = draw.gauss(0, 2)
    right = draw.random() < 1 / (1 + math.exp(-(slope * margin - 1)))
    return asked(number, [({"margin": margin, "length": draw.gauss(0, 1)}, right)])


def test_the_law_that_made_the_answers_is_found():
    draw = random.Random(0)  # noqa: S311  # no secret
    found = confidence._fit([drawn(n, 1.5, draw) for n in range(4000)], [1.0] * 4000)
    assert found.weights["margin"] == pytest.approx(1.5, abs=0.15)
    assert found.intercept == pytest.approx(-1, abs=0.15)


def test_no_evidence_counts_the_wrong_way():
    """Here small margins are right; a margin must not speak against an answer for that."""
    draw = random.Random(0)  # noqa: S311  # no secret
    found = confidence._fit([drawn(n, -1.5, draw) for n in range(1000)], [1.0] * 1000)
    assert found.weights["margin"] == 0


def test_the_probability_is_the_rate_at_which_questions_as_they_come_are_answered_rightly():
    """Fitted on easy questions only, told of all: surer than it may be before, not after."""
    draw = random.Random(0)  # noqa: S311  # no secret
    came = [drawn(n, 1.5, draw) for n in range(4000)]
    easy = [one for one in came if one.right[0] or draw.random() < 0.3]
    fitted = confidence._fit(easy, [1.0] * len(easy))
    calibrated = confidence._calibrated(fitted, came, [])
    rate = sum(one.right[0] for one in came) / len(came)
    before, after = worth.chosen(fitted, came), worth.chosen(calibrated, came)
    assert before.sure.mean() > rate + 0.1
    assert after.sure.mean() == pytest.approx(rate, abs=0.01)
    in_order = after.sure[before.sure.argsort()]
    assert all(late > early - 1e-4 for early, late in pairwise(in_order))  # weights are rounded


def test_collections_weigh_in_the_calibration_whatever_their_number():
    """However few they are: of questions that are always right, one share in all."""
    draw = random.Random(0)  # noqa: S311  # no secret
    own = [asked(n, [({"margin": 0.0}, draw.random() < 0.5)]) for n in range(1000)]
    ours = [asked(n, [({"margin": 0.0}, True)]) for n in range(20)]
    fitted = confidence._calibrated(Calibration(0.0, {"margin": 1.0}, 0.0, {}), own, ours)
    share = confidence.COLLECTIONS_AS_THEY_COME
    assert fitted.probability({"margin": 0.0}) == pytest.approx(
        (0.5 + share) / (1 + share), abs=0.02
    )


def test_too_few_questions_are_told():
    with pytest.raises(EvaluationError, match="too few"):
        confidence._fit([asked(n, [({"margin": 1.0}, True)]) for n in range(200)], [1.0] * 200)


def test_questions_of_the_fitted_half_are_also_asked_in_other_words(wordnet, encoder):
    told = [
        Context(f"c{n}", "", f"Costa was {'jailed' if n % 2 else 'imprisoned'} in {n}.", ())
        for n in range(40)
    ]
    questions = [
        Question(f"q{n}", "Where was Costa jailed?", ("Porto",) if n % 3 else (), f"c{n}")
        for n in range(40)
    ]
    found = confidence._reworded(questions, told, wordnet, encoder, 0)
    # Not where the passage itself says "imprisoned", nor of the half that is reported on.
    wanted = [q for q in questions if int(q.id[1:]) % 2 and not confidence._held_out(q)]
    assert {question.question for question in found} == {"Where was Costa imprisoned?"}
    assert [(q.id, q.answers) for q in found] == [(q.id, q.answers) for q in wanted]
    assert any(not q.answers for q in found)


def test_a_fit_on_one_half_reports_on_the_other_and_can_be_used(tmp_path):
    questions = toy.write(tmp_path / "toy.jsonl", 160)
    out, picture = tmp_path / "confidence.json", tmp_path / "curve.png"
    told = []
    result = confidence.train(
        [questions], out, picture=picture, progress=lambda *now: told.append(now[2])
    )
    assert json.loads(out.read_text(encoding="utf-8")) == result
    fitted = load(out)
    assert fitted.threshold == result["threshold"]
    for name, weight in fitted.weights.items():
        low, high = confidence.SIGNS.get(name, (None, None))
        assert low is None or weight >= low
        assert high is None or weight <= high
    held = result["provenance"]["held out"]
    assert 0 < held["questions"] < 160
    assert held["accuracy"] > 0.6
    assert 0 <= held["ece"] < 0.5
    assert held["near misses"] > 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert set(told) >= {"questions", "near-miss questions"}

    # The weights fit the evidence that the pipeline makes.
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Talks\n\nThe talks were chaired by Alex Lee.\n", "utf-8")
    qa.build(news, tmp_path / "index")
    (found,) = qa.load(tmp_path / "index").consider(["Who chaired the talks?"])
    assert set(found.candidates[0].evidence) == set(fitted.weights)
    assert 0 < fitted.probability(found.candidates[0].evidence) < 1
    assert found.once[0].span.text == "Alex Lee"


def a_collection(tmp_path, questions):
    """Some toy contexts as articles, and their questions as ones about a folder."""
    folder, file = tmp_path / "articles", tmp_path / "asked.jsonl"
    few = contexts(questions)[:8]
    write_corpus(few, folder)
    write([question for context in few for question in context.questions], file)
    return file, folder


def test_questions_on_a_collection_are_fitted_on_and_not_reported(tmp_path):
    questions, told = toy.write(tmp_path / "toy.jsonl", 160), []
    pair = a_collection(tmp_path, questions)
    plain, fitted = (
        confidence.train(
            [questions],
            tmp_path / "confidence.json",
            collections=pairs,
            progress=lambda *now: told.append(now[2]),
        )
        for pairs in ([], [pair])
    )
    assert fitted["provenance"]["of collections"] == len(load_questions(pair[0])) > 0
    assert pair[0].name in fitted["provenance"]["files"]
    assert (
        fitted["provenance"]["held out"]["questions"]
        == plain["provenance"]["held out"]["questions"]
    )
    assert fitted["weights"] != plain["weights"]
    assert pair[0].name in told


def test_a_collection_without_its_folder_is_told_before_anything_is_asked(tmp_path):
    questions, told = toy.write(tmp_path / "toy.jsonl", 40), []
    file, _ = a_collection(tmp_path, questions)
    with pytest.raises(EvaluationError, match="not a folder"):
        confidence.train(
            [questions],
            tmp_path / "confidence.json",
            collections=[(file, tmp_path / "nowhere")],
            progress=lambda *now: told.append(now[2]),
        )
    assert told == []


def test_the_command_wants_a_folder_with_each_collection(tmp_path):
    with pytest.raises(EvaluationError, match="no folder of articles"):
        lab.train_confidence([], tmp_path / "out.json", collections=["asked.jsonl"])


def test_a_folder_that_is_no_wordnet_is_told_before_anything_is_asked(tmp_path):
    questions, told = toy.write(tmp_path / "toy.jsonl", 40), []
    with pytest.raises(EvaluationError, match="WordNet"):
        confidence.train(
            [questions],
            tmp_path / "confidence.json",
            wordnet=tmp_path,
            progress=lambda *now: told.append(now[2]),
        )
    assert "questions" not in told
    assert not (tmp_path / "confidence.json").exists()
