import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import EvaluationError
from qa.evaluate import reader
from qa.evaluate.datasets import Context, Question
from qa.reread import WINDOWS
from qa.types import Span


def context(name, text, *questions, title=""):
    made = tuple(
        Question(f"{name}{i}", question, answers, name, kind)
        for i, (question, answers, kind) in enumerate(questions)
    )
    return Context(name, title, text, made)


CONTEXTS = [
    context(
        "a",
        "Ada wrote a program in 1843.",
        ("When, 1843?", ("1843",), "books"),
        ("Who?", (), "books"),
    ),
    context("b", "Bob sang.", ("Bob?", ("Bob",), "songs"), ("Why?", ("sang",), "songs")),
]


class Echo:
    """Finds the question's longest word in the passage; surer the longer it is.

    Each further text that was read makes it a hundred surer.
    """

    def __init__(self):
        self.calls, self.titles, self.texts = [], [], []

    def margins(self, requests):
        self.calls.append(len(requests))
        for request in requests:
            self.titles += request.heads
            self.texts.append([passage.text for passage in request.passages])
        return [[[question] for _ in passages] for question, passages, _ in requests]

    def spans(self, passage, readings):
        question = readings[0]
        assert set(readings) == {question}
        held = [word for word in question.strip("?").split() if word.strip(",") in passage.text]
        spans = []
        for word in sorted(held, key=len, reverse=True):
            start = passage.text.index(word)
            score = len(word) - 3.5 + 100 * (len(readings) - 1)
            spans.append(Span(passage, start, start + len(word), score))
        return spans


def test_each_question_is_read_in_its_own_context():
    reading = reader.read(Echo(), CONTEXTS)
    assert {name: p.text for name, p in reading.predictions.items()} == {
        "a0": "1843",
        "a1": "",
        "b0": "Bob",
        "b1": "",
    }
    scores = reading.scores()
    assert list(scores) == ["all", "books", "songs"]
    # At 0: 1843 is right, Who is rightly empty, Bob (margin -½) is withheld, Why finds nothing.
    assert (scores["all"].f1, scores["books"].f1, scores["songs"].f1) == (50, 100, 0)
    assert scores["songs"].candidate_f1 == 50
    assert scores["all"].best_f1 == 75
    assert scores["all"].best_f1_threshold == -0.5
    assert reading.to_dict()["scores"]["all"]["no_answer"] == 100
    assert reading.to_dict()["predictions"]["a0"] == {"text": "1843", "score": 0.5}


def test_questions_are_read_in_batches_and_titles_only_when_asked(monkeypatch):
    monkeypatch.setattr(reader, "BATCH", 3)
    model, told = Echo(), []
    reading = reader.read(
        model, CONTEXTS, once=True, progress=lambda done, total: told.append((done, total))
    )
    assert model.calls == [3, 1]
    assert told == [(3, 4), (4, 4)]
    assert len(reading.seconds) == 2
    assert set(model.titles) == {""}
    titled = [context("c", "Text.", ("Text?", ("Text",), ""), title="Sea_water")]
    reader.read(model, titled, titles=True)
    assert model.titles[-1] == "Sea water"


def test_around_the_strongest_span_is_read_besides_unless_once_is_enough():
    filler = "Nothing was said. " * 60
    long = [context("c", f"{filler}Ada sang. {filler}", ("Ada?", ("Ada",), ""))]
    for once in (True, False):
        model = Echo()
        prediction = reader.read(model, long, titles=True, once=once).predictions["c0"]
        assert prediction.text == "Ada"
        assert prediction.score == pytest.approx(-0.5 if once else 100 * len(WINDOWS) - 0.5)
        assert model.texts[0] == [long[0].text]
        around = [text for texts in model.texts[1:] for text in texts]
        assert len(around) == (0 if once else len(WINDOWS))
        assert all("Ada sang." in text and len(text) < len(long[0].text) for text in around)
    short = Echo()
    assert reader.read(short, CONTEXTS[:1]).predictions["a0"].score == 0.5
    assert short.texts[len(CONTEXTS[0].questions) :] == [[], []]  # the whole text is read once


def test_stopping_keeps_what_was_read(monkeypatch):
    monkeypatch.setattr(reader, "BATCH", 1)

    def stop(done, _total):
        if done == 2:
            raise KeyboardInterrupt

    reading = reader.read(Echo(), CONTEXTS, progress=stop)
    assert [q.id for q in reading.questions] == ["a0", "a1"]
    assert reading.asked_for == 4
    assert reading.scores()["all"].questions == 2


def test_a_question_without_its_context_is_an_error():
    with pytest.raises(EvaluationError, match=r"1 questions have no context.*'x'"):
        reader.read(Echo(), CONTEXTS, [Question("x", "?", (), "elsewhere")])


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.floats(0.01, 1))
def test_a_percentile_is_the_least_value_that_reaches_its_share(values, share):
    found = reader.percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values) - 1e-6
    assert sum(v < found for v in values) < share * len(values)


def test_the_real_reader_is_read_and_scored():
    from qa.api import reader_for
    from qa.config import Settings

    text = "The bridge over the Mure was opened in June 1932 by Helen Ward, the mayor of Tarn."
    asked = context(
        "bridge",
        text,
        ("Who opened the bridge?", ("Helen Ward", "Helen Ward, the mayor of Tarn"), ""),
        ("When was the bridge opened?", ("June 1932", "in June 1932"), ""),
        ("Which bank lent the money for the railway?", (), ""),
    )
    long = context("long", "Nothing to see. " * 600 + text, ("Who opened it?", ("Helen Ward",), ""))
    reading = reader.read(reader_for(Settings(threads=1)), [asked, long])
    scores = reading.scores()["all"]
    assert scores.best_f1 == 100
    for question in reading.questions:
        prediction = reading.predictions[question.id]
        assert prediction.text in text
    rejected, found = (reading.predictions[name].score for name in ("bridge2", "bridge0"))
    assert rejected < found
