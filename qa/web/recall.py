"""Answers given before: the same question to the same articles is computed once.

Knows which answers may be given again: those of the very same request in the same state of the
index. Does not know how a question is answered. A recalled answer says so: its only stage is
"recall". Readers of one newspaper ask the same things, and each click on an example does.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.pipeline import Asked, Pipeline
    from qa.types import Answer

MOST = 1024  # answers kept, some kilobytes each; the longest unasked go first


class Recall:
    """A pipeline's answers, equal requests computed once. Safe to call from many threads."""

    def __init__(self, pipeline: Pipeline, most: int = MOST) -> None:
        """Stand before `pipeline`.

        Args:
            pipeline: What computes.
            most: Answers kept; 0: each is computed anew, even those asked at the same time.
        """
        self._pipeline = pipeline
        self._most = most
        self._held: OrderedDict[Asked, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, asked: Asked) -> bool:
        """Say at once whether `known` is worth asking."""
        return asked in self._held

    def known(self, asked: Asked) -> Answer | None:
        """Return the answer given before, if the articles are still the same."""
        start = time.perf_counter()
        if asked not in self:
            return None
        return self._recalled(asked, self._pipeline.index.snapshot().generation, start)

    def ask_many(self, asked: Sequence[Asked]) -> list[Answer]:
        """Return one answer for each request, in order; what is new in one call."""
        if not self._most:
            return self._pipeline.ask_many(asked)
        start = time.perf_counter()
        generation = self._pipeline.index.snapshot().generation
        answers = {
            one: answer
            for one in dict.fromkeys(asked)
            if (answer := self._recalled(one, generation, start)) is not None
        }
        new = [one for one in dict.fromkeys(asked) if one not in answers]
        for one, answer in zip(new, self._pipeline.ask_many(new) if new else (), strict=True):
            answers[one] = answer
            self._keep(one, answer)
        return [answers[one] for one in asked]

    def _recalled(self, one: Asked, generation: int, start: float) -> Answer | None:
        with self._lock:
            held = self._held.get(one)
            if held is None or held.generation != generation:
                return None
            self._held.move_to_end(one)
        return replace(held, seconds={"recall": time.perf_counter() - start})

    def _keep(self, one: Asked, answer: Answer) -> None:
        with self._lock:
            self._held[one] = answer
            self._held.move_to_end(one)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
