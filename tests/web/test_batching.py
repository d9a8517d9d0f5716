"""Questions of many threads are answered together, each by its own answer, or clearly refused."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import BusyError, QuestionError
from qa.pipeline import Asked
from qa.types import Answer, Reason, Scope
from qa.web.batching import Batcher, TooSlow


class Echo:
    """Answers each question with itself, and remembers how they came together."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.batches = []
        self.gate = threading.Event()
        self.gate.set()

    def __contains__(self, asked):
        return asked.question.startswith("known")

    def known(self, asked):
        return self.ask_many([asked])[0]

    def ask_many(self, asked):
        self.gate.wait(10)
        time.sleep(self.seconds)
        self.batches.append(len(asked))
        if any(one.question == "bad" for one in asked):
            raise QuestionError("This one is bad.")
        if any(one.question == "broken" for one in asked):
            raise ZeroDivisionError
        return [
            Answer(
                one.question, None, 0.0, reason=Reason.NOT_ANSWERED,
                explanation=f"{one.scope.sources} {one.threshold} {one.keep}",
                searched_as=one.searched_as or one.question,
            )
            for one in asked
        ]  # fmt: skip


@pytest.fixture
def batcher():
    made = []

    def make(answers, **options):
        made.append(Batcher(answers, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_everyone_gets_his_own_answer_from_shared_calls(batcher):
    echo = Echo(0.01)
    asking = batcher(echo)
    with ThreadPoolExecutor(50) as pool:
        questions = [f"question {number}" for number in range(200)]
        answers = list(pool.map(asking.ask, questions))
    assert [answer.question for answer in answers] == questions
    assert sum(echo.batches) == 200
    assert max(echo.batches) <= 16
    assert len(echo.batches) < 100


def test_what_is_asked_arrives_whole(batcher):
    scope = Scope(sources=frozenset({"Post"}))
    answer = batcher(Echo()).ask(
        "And then?", scope=scope, threshold=0.3, keep=["a#1"], searched_as="And then what?"
    )
    assert answer.searched_as == "And then what?"
    assert answer.explanation == "frozenset({'Post'}) 0.3 ('a#1',)"


def test_one_bad_question_spoils_nobody_elses_answer(batcher):
    echo = Echo()
    echo.gate.clear()
    asking = batcher(echo)
    futures = [asking.submit(Asked(text)) for text in ("one", "bad", "two", "broken", "three")]
    echo.gate.set()
    assert [futures[at].result(10).question for at in (0, 2, 4)] == ["one", "two", "three"]
    with pytest.raises(QuestionError):
        futures[1].result(10)
    with pytest.raises(ZeroDivisionError):
        futures[3].result(10)


def test_a_full_queue_is_said_at_once(batcher):
    echo = Echo()
    echo.gate.clear()
    asking = batcher(echo, most_waiting=3, most_together=1)
    first = asking.submit(Asked("first"))
    while asking.waiting:  # until the worker has taken it
        time.sleep(0.001)
    waiting = [asking.submit(Asked(str(number))) for number in range(3)]
    with pytest.raises(BusyError, match="waiting already"):
        asking.submit(Asked("one too many"))
    echo.gate.set()
    assert [future.result(10).question for future in [first, *waiting]] == ["first", "0", "1", "2"]


def test_what_would_come_too_late_is_refused_at_once(batcher):
    echo = Echo(0.05)
    asking = batcher(echo, time_limit=0.3, most_together=1)
    for _ in range(3):
        asking.ask("first")
    assert asking.wait > 0  # now it is known how long one takes
    echo.gate.clear()
    taken, refusals = 0, []
    while not refusals and taken < 100:
        try:
            asking.submit(Asked(str(taken)))
            taken += 1
        except BusyError as refused:
            refusals.append(refused)
    assert 2 <= taken <= 10
    assert "waiting already" in refusals[0].what
    assert "second" in refusals[0].cure
    assert asking.wait > 0.3
    echo.gate.set()


def test_a_slow_first_answer_closes_no_door(batcher):
    echo = Echo(0.3)
    asking = batcher(echo, time_limit=2, most_together=1)
    asking.ask("first")  # as if it had waited for the models
    echo.seconds = 0.0
    futures = [asking.submit(Asked(str(number))) for number in range(20)]
    assert [future.result(10).question for future in futures] == [str(n) for n in range(20)]


def test_what_is_known_waits_for_nobody(batcher):
    echo = Echo()
    asking = batcher(echo)
    assert asking.holds(Asked("known"))
    assert asking.ask("known").question == "known"
    assert not asking.holds(Asked("other"))
    asking.close()
    with pytest.raises(BusyError, match="shutting down"):
        asking.ask("known")


def test_what_takes_too_long_is_given_up_and_not_computed(batcher):
    echo = Echo()
    echo.gate.clear()
    asking = batcher(echo, time_limit=0.05, most_together=1)
    with pytest.raises(TooSlow, match=r"0\.05 seconds"):
        asking.ask("first")
    with pytest.raises(TooSlow):
        asking.ask("second")
    echo.gate.set()
    asking.close()
    assert sum(echo.batches) == 1  # the second was dropped while it waited


def test_closing_finishes_what_was_taken_and_takes_no_more(batcher):
    echo = Echo(0.01)
    asking = batcher(echo, most_together=2)
    futures = [asking.submit(Asked(str(number))) for number in range(20)]
    asking.close()
    assert [future.result(0).question for future in futures] == [str(n) for n in range(20)]
    with pytest.raises(BusyError, match="shutting down"):
        asking.submit(Asked("late"))
    assert not asking.accepting
    asking.close()  # twice does no harm
