"""Many people asking at once: their questions are answered together, in shared model calls.

Knows threads, a bounded queue and deadlines. Does not know how a question is answered (that is
`Recall`, and the pipeline behind it) nor who asks. While one batch is answered the next one
gathers, so a single user waits for nobody and fifty users share the models' work. One worker:
two, with a core each, answered 7 questions a second where one with both cores answered 8.
"""

from __future__ import annotations

import logging
import queue
import statistics
import threading
import time
from collections import deque
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from qa.errors import BusyError, QAError
from qa.pipeline import EVERYTHING, Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Answer, Scope

log = logging.getLogger(__name__)

MOST_TOGETHER = 16  # questions in one batch
GATHER = 0.002  # seconds to wait for company once a first question is there and others are near
MOST_WAITING = 256  # questions in the queue; one more is refused
# Seconds from asking to answer. Above the 15 to 25 s in which 95 % of fifty users' questions were
# answered on two cores that others kept busy, below the 60 s after which proxies hang up.
TIME_LIMIT = 30.0
# Batches whose pace is remembered, and the fewest it is judged by: the first ones wait for the
# models to load, and say nothing of those to come.
PACES, FEWEST = 9, 3


class TooSlow(QAError, TimeoutError):
    """The question was taken but not answered within its time."""


class Answers(Protocol):
    """What answers batches; `qa.web.recall.Recall` does."""

    def __contains__(self, asked: Asked) -> bool:
        """Say at once whether `known` is worth asking."""

    def known(self, asked: Asked) -> Answer | None:
        """Return the answer if it need not be computed."""

    def ask_many(self, asked: Sequence[Asked]) -> list[Answer]:
        """Return one answer for each question, in order."""


@dataclass(slots=True)
class Job:
    """One question that waits for its answer."""

    asked: Asked
    deadline: float  # of time.monotonic()
    future: Future[Answer] = field(default_factory=Future)


class Batcher:
    """Answers questions of many threads with few model calls."""

    def __init__(
        self,
        answers: Answers,
        *,
        most_together: int = MOST_TOGETHER,
        most_waiting: int = MOST_WAITING,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        """Start the worker thread; `close` ends it."""
        self.time_limit = time_limit
        self._answers = answers
        self._most_together = most_together
        self._waiting: queue.Queue[Job | None] = queue.Queue(most_waiting)
        self._gate = threading.Lock()  # so that nothing is taken after the end has been queued
        self._closed = False
        self._last_batch = 0
        self._paces: deque[float] = deque(maxlen=PACES)  # seconds for each question, of late
        self._worker = threading.Thread(target=self._work, name="qa-answers", daemon=True)
        self._worker.start()

    @property
    def waiting(self) -> int:
        """How many questions are in the queue now."""
        return self._waiting.qsize()

    @property
    def accepting(self) -> bool:
        """Say whether questions are still taken."""
        return not self._closed and self._worker.is_alive()

    @property
    def wait(self) -> float:
        """Seconds until a question asked now would be answered, as far as can be told."""
        paces = list(self._paces)
        pace = statistics.median(paces) if len(paces) >= FEWEST else 0.0
        return pace * (self.waiting + self._last_batch)

    def holds(self, asked: Asked) -> bool:
        """Say at once whether `known` is worth asking."""
        return asked in self._answers

    def known(self, asked: Asked) -> Answer | None:
        """Return the answer if it need not be computed; may look at the index's files."""
        return self._answers.known(asked)

    def submit(self, asked: Asked) -> Future[Answer]:
        """Queue one question.

        Raises:
            BusyError: The queue is full, or so long that the answer would come too late, or the
                server is shutting down.
        """
        job = Job(asked, time.monotonic() + self.time_limit)
        with self._gate:
            if self._closed:
                raise BusyError("The server is shutting down.", cure="Ask again later.")
            if self.waiting and self.wait > self.time_limit:
                # Better said now than after having waited for nothing.
                raise _busy(self.waiting, self.wait)
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                raise _busy(self._waiting.maxsize, self.wait) from None
        return job.future

    def ask(
        self,
        question: str,
        *,
        scope: Scope = EVERYTHING,
        threshold: float | None = None,
        keep: Sequence[str] = (),
        searched_as: str | None = None,
    ) -> Answer:
        """Answer one question; as `Pipeline.ask`, in company.

        Raises:
            BusyError: Too many questions are waiting.
            TooSlow: It took longer than the time limit.
            QuestionError: The question is not one.
        """
        asked = Asked(question, scope, threshold, tuple(keep), searched_as)
        known = self.known(asked) if self.accepting and self.holds(asked) else None
        if known is not None:
            return known
        future = self.submit(asked)
        try:
            return future.result(self.time_limit)
        except TimeoutError as error:
            if isinstance(error, QAError):
                raise
            future.cancel()
            raise too_slow(self.time_limit) from None

    def close(self) -> None:
        """Take no more questions, finish those that were taken, and end."""
        with self._gate:
            closing, self._closed = not self._closed, True
        if closing:
            self._waiting.put(None)  # waits for room: every job before it is answered first
        self._worker.join()

    def _work(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            if first is None:
                return
            jobs, going = self._gather(first)
            now = time.monotonic()
            wanted = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            late = [job for job in wanted if job.deadline <= now]
            for job in late:
                _settle(job, too_slow(self.time_limit))
            self._answer([job for job in wanted if job.deadline > now])

    def _gather(self, first: Job) -> tuple[list[Job], bool]:
        """Return a batch, and whether to go on after it."""
        jobs = [first]
        # One user alone never waits: only when the last batch had company is more expected.
        until = time.monotonic() + (GATHER if self._last_batch > 1 else 0.0)
        going = True
        while len(jobs) < self._most_together:
            try:
                job = self._waiting.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if job is None:
                going = False
                break
            jobs.append(job)
        self._last_batch = len(jobs)
        return jobs, going

    def _answer(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        start = time.monotonic()
        try:
            answers = self._answers.ask_many([job.asked for job in jobs])
        except Exception as error:  # each asker gets his own; the worker lives on
            if len(jobs) == 1:
                if not isinstance(error, QAError):
                    log.exception("a question could not be answered")
                _settle(jobs[0], error)
                return
            # One bad question must not spoil the others' answers.
            for job in jobs:
                self._answer([job])
            return
        for job, answer in zip(jobs, answers, strict=True):
            _settle(job, answer)
        self._paces.append((time.monotonic() - start) / len(jobs))


def _busy(waiting: int, seconds: float) -> BusyError:
    return BusyError(
        f"{waiting} questions are waiting already.",
        cure=f"Ask again in about {max(1, round(seconds))} seconds.",
    )


def too_slow(limit: float) -> TooSlow:
    """Return the error of a question that took longer than `limit` seconds."""
    return TooSlow(f"No answer within {limit:g} seconds.", cure="Ask again when it is quieter.")


def _settle(job: Job, outcome: Answer | BaseException) -> None:
    try:
        if isinstance(outcome, BaseException):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)
    except InvalidStateError:  # the asker gave up meanwhile
        log.debug("an answer came too late for its asker")
