"""Example questions for a reader who does not know the articles, made while nobody waits.

Knows when they are made: once for each state of the index, in a thread of their own, one
question at a time in the queue that all readers share. Does not know how a question is made
(`qa.examples`) nor where it is shown.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.examples import example_questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.pipeline import Pipeline
    from qa.types import Answer

log = logging.getLogger(__name__)

OFFERED = 6
Questions = tuple[str, ...]


class Offers:
    """The example questions of the articles as they are now. Safe to call from many threads."""

    def __init__(self, pipeline: Pipeline, ask: Callable[[str], Answer]) -> None:
        """Make nothing yet; `ask` answers like `Batcher.ask`."""
        self._pipeline = pipeline
        self._ask = ask
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="qa-examples")
        self._lock = threading.Lock()
        self._made: tuple[int, Future[Questions]] | None = None  # generation, questions

    def ready(self) -> Questions:
        """Return the questions if they are made already, else none; begin making them."""
        made = self.coming()
        return made.result() if made.done() and not made.cancelled() else ()

    def coming(self) -> Future[Questions]:
        """Return the questions as they will be."""
        generation = self._pipeline.index.snapshot().generation
        with self._lock:
            if self._made is None or self._made[0] != generation:
                self._made = generation, self._begin(generation)
            return self._made[1]

    def close(self) -> None:
        """Make no more."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _begin(self, generation: int) -> Future[Questions]:
        try:
            return self._worker.submit(self._make, generation)
        except RuntimeError:  # closed
            nothing: Future[Questions] = Future()
            nothing.set_result(())
            return nothing

    def _make(self, generation: int) -> Questions:
        try:
            snapshot = self._pipeline.index.snapshot()
            if snapshot.generation != generation:
                return ()  # the articles changed while this waited; others are coming
            return tuple(example_questions(snapshot, OFFERED, self._ask))
        except QAError:  # too busy, or shutting down: examples are a courtesy
            log.info("no example questions were made", exc_info=True)
            return ()
