"""Questions and their answers on the page, and what the reader thinks of them.

Knows a visit's turns, its conversation and the feedback file. Does not know how anything is
answered or made to look, nor Gradio.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qa import feedback
from qa.conversation import Conversation, to_markdown
from qa.errors import QAError
from qa.web import choice as choices
from qa.web.render import render
from qa.web.sent import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa.pipeline import Pipeline
    from qa.web.batching import Batcher
    from qa.web.metrics import Metrics
    from qa.web.offers import Offers
    from qa.web.session import Session
    from qa.web.turns import Turn


class Talk:
    """The conversations of all visits."""

    def __init__(
        self,
        pipeline: Pipeline,
        batcher: Batcher,
        metrics: Metrics,
        store: feedback.FeedbackStore,
        offers: Offers,
    ) -> None:
        """Bind what answers, counts, keeps verdicts and offers questions."""
        self._pipeline = pipeline
        self._batcher = batcher
        self._metrics = metrics
        self._store = store
        self._offers = offers

    def begin(self) -> Conversation:
        """Return a conversation in which nothing has been said."""
        return Conversation(self._batcher.ask)

    def restart(self, session: Session) -> None:
        """Forget the conversation, keep the filters."""
        with session.lock:
            session.conversation = self.begin()
            session.turns = ()

    def shown(self, session: Session) -> str:
        """Return the conversation so far; examples if there is none yet, as far as made."""
        turns = session.turns
        examples = () if turns else self._offers.ready()
        session.offered = bool(examples)
        return render(
            "conversation",
            turns=turns,
            examples=examples,
            saved=_saved(turns) if turns else "",
        )

    def ask(self, session: Session, question: str) -> Iterator[Turn]:
        """Yield the turn as it waits, then as it was settled; nothing for an empty question."""
        question = question.strip()
        if not question:
            return
        snapshot = self._pipeline.index.snapshot()
        chosen = session.choice
        turn = session.begin(question, choices.in_words(chosen, snapshot))
        yield turn
        started = time.perf_counter()
        try:
            with session.lock:
                answer = session.conversation.ask(
                    question, scope=chosen.scope, threshold=chosen.threshold
                )
        except QAError as error:
            self._metrics.refused(error)
            yield session.settle(turn, trouble=str(error))
            return
        self._metrics.answered(answer, time.perf_counter() - started)
        yield session.settle(turn, answer=answer)

    def judge(self, session: Session, said: Mapping[str, Any]) -> None:
        """Keep a verdict, or a note on an earlier one."""
        turn, verdict = session.turn(said.get("turn")), said.get("verdict")
        if turn is None or turn.answer is None or verdict not in feedback.VERDICTS:
            return
        row = feedback.of(
            turn.answer,
            verdict,
            f"{session.id}-{turn.number}",
            correction=text(said.get("correction")),
            unanswerable=said.get("unanswerable") is True,
            note=text(said.get("note")),
        )
        self._store.add(row)
        if not turn.verdict:
            self._metrics.feedback.labels(verdict).inc()
        noted = bool(row.note or row.correction or row.unanswerable)
        session.put(replace(turn, verdict=verdict, noted=noted))


def _saved(turns: Sequence[Turn]) -> str:
    """Return the conversation as an address that a link can save, so no file stays behind."""
    return "data:text/markdown;charset=utf-8," + quote(to_markdown(turns), safe="")
