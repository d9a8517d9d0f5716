"""One reader's visit: the conversation, the filters, what was opened.

Knows what a visit holds; one is made for each browser tab and seen by no other. Does not know
how anything is answered or shown.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.web.turns import Turn

if TYPE_CHECKING:
    from qa.conversation import Conversation
    from qa.quotes import QuoteMatch
    from qa.types import Answer
    from qa.web.choice import Choice

MOST_TURNS = 200  # shown and kept; the oldest go first


@dataclass(slots=True, eq=False)
class Session:
    """What one tab has done so far. Its lock keeps two clicks at once apart."""

    conversation: Conversation
    choice: Choice
    turns: tuple[Turn, ...] = ()
    matches: tuple[QuoteMatch, ...] = ()  # of the last quote check
    offered: bool = False  # example questions were shown
    openings: int = 0  # articles opened; tells the browser that the same place was asked again
    # Feedback rows of one answer carry the same key, which tells nothing of the reader.
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def begin(self, question: str, scope: str) -> Turn:
        """Add a turn that waits for its answer."""
        with self.lock:
            number = self.turns[-1].number + 1 if self.turns else 1
            turn = Turn(number, question, scope=scope)
            self.turns = (*self.turns, turn)[-MOST_TURNS:]
            return turn

    def settle(self, turn: Turn, *, answer: Answer | None = None, trouble: str = "") -> Turn:
        """Give a turn its answer, or say why there is none."""
        return self.put(replace(turn, answer=answer, trouble=trouble))

    def put(self, turn: Turn) -> Turn:
        """Replace the turn of the same number."""
        with self.lock:
            self.turns = tuple(
                turn if known.number == turn.number else known for known in self.turns
            )
        return turn

    def turn(self, number: object) -> Turn | None:
        """Return the turn of that number, which came from a browser and may be anything."""
        return next((turn for turn in self.turns if str(turn.number) == str(number)), None)

    def opening(self) -> int:
        """Count one more opened article and return the count."""
        with self.lock:
            self.openings += 1
            return self.openings
