"""The turns of one conversation, as the page shows them.

Knows how citations are numbered within a turn, and what a click on one refers to. Does not know
HTML or Gradio. Everything here is frozen: a session replaces a turn, never edits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Alternative, Answer, Citation


@dataclass(frozen=True, slots=True)
class Numbered:
    """A citation and its number within its turn."""

    number: int  # from 1
    citation: Citation


@dataclass(frozen=True, slots=True)
class Other:
    """Another candidate answer, its citations numbered on."""

    alternative: Alternative
    citations: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it: pending, answered (or abstained), or refused."""

    number: int  # from 1
    question: str
    answer: Answer | None = None
    trouble: str = ""  # why it could not be asked, in one sentence
    scope: str = ""  # what was searched, in words; "" for everything
    verdict: str = ""  # "right" or "wrong", once the reader has said so
    noted: bool = False  # the reader left a note besides

    @property
    def pending(self) -> bool:
        """Say whether the answer is still being looked for."""
        return self.answer is None and not self.trouble

    @property
    def rewritten(self) -> bool:
        """Say whether another question was searched than the one typed."""
        answer = self.answer
        return answer is not None and answer.searched_as not in {"", answer.question}

    @property
    def citations(self) -> tuple[Numbered, ...]:
        """The answer's citations, numbered from 1."""
        found = self.answer.citations if self.answer else ()
        return tuple(Numbered(number, citation) for number, citation in enumerate(found, 1))

    @property
    def others(self) -> tuple[Other, ...]:
        """The other candidates, their citations numbered on from the answer's."""
        found, number = [], len(self.citations)
        for alternative in self.answer.alternatives if self.answer else ():
            numbered = tuple(
                Numbered(count, citation)
                for count, citation in enumerate(alternative.citations, number + 1)
            )
            number += len(numbered)
            found.append(Other(alternative, numbered))
        return tuple(found)

    def place(self, number: int) -> Numbered | None:
        """Return the citation of that number, if there is one."""
        every = (*self.citations, *(cited for other in self.others for cited in other.citations))
        return next((cited for cited in every if cited.number == number), None)
