"""A conversation without a language model: each question is made whole, then asked.

    conversation = pipeline.conversation()
    conversation.ask("Whose release did the State Department call for?")
    answer = conversation.ask("How long is his sentence?")
    answer.searched_as                      # "How long is Alan Gross's sentence?"

Knows the turns so far. Does not know how a question is rewritten (`resolve.py`) or answered.
`grammar.py` knows word classes, `focus.py` what was spoken of, `ellipsis.py` what was left out,
`export.py` writes a conversation down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qa.conversation.export import to_markdown
from qa.conversation.resolve import Resolution, resolve
from qa.plain import plain
from qa.types import Answer, Scope

__all__ = ["Conversation", "Resolution", "Turn", "resolve", "to_markdown"]

EVERYTHING = Scope()
# Least confidence of an answer to the expanded question, "medium" at least, or an honest
# abstention would be talked away. Of 71 later questions 57 were answered rightly with it at 0.5
# or lower, 53 from 0.6 on, 52 without a second try (half of the conversations; the other half
# was not looked at).
SECOND_TRY = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as typed, what was made of it, and its answer."""

    question: str
    resolution: Resolution
    answer: Answer


class Conversation:
    """Turns that build on each other. Not for several threads at once; a pipeline is."""

    def __init__(self, ask: Callable[..., Answer]) -> None:
        """Bind `ask`, which is called like `Pipeline.ask`."""
        self._ask = ask
        self._turns: tuple[Turn, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked and answered so far, the latest last."""
        return self._turns

    def ask(
        self, question: str, scope: Scope = EVERYTHING, threshold: float | None = None
    ) -> Answer:
        """Answer a question that may lean on those before it.

        Args:
            question: As typed: "How long is his sentence?"
            scope: Which articles may answer.
            threshold: Least confidence that is answered; None: the pipeline's.

        Raises:
            QuestionError: The question is not a string, or too long.
        """
        bare = plain(question) if isinstance(question, str) else ""
        made = resolve(bare, self._turns) if bare else Resolution("")
        answer = self._ask(
            question,
            scope=scope,
            threshold=threshold,
            keep=made.keep,
            searched_as=made.question if made.leans else None,
        )
        if answer.text is None and made.expanded:
            second = self._ask(
                question,
                scope=scope,
                threshold=max(threshold or 0.0, SECOND_TRY),
                keep=made.keep,
                searched_as=made.expanded,
            )
            answer = second if second.text is not None else answer
        self._turns = (*self._turns, Turn(question, made, answer))
        return answer
