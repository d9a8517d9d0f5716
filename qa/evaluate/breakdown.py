"""Where questions are lost: by stage, by kind, and the worst of them.

Knows the stages and what each left on record. Does not know how any of it is shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.evaluate.metrics import answered, right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluate.results import Record

WORST = 25  # failures of each sort that are listed


class Outcome(StrEnum):
    """What became of a question, in the order of the stages."""

    RIGHT = "answered rightly"
    ABSTAINED = "abstained, as it should"
    REFUSED = "refused: not taken for a question"
    NOT_RETRIEVED = "retrieval: the right article was not among the passages read"
    NOT_IN_PASSAGE = "retrieval: the right article was read, but not the passage that answers"
    MISREAD = "reading: the answer stood in a passage, another span was preferred"
    UNREAD = "reading: the answer stood in a passage, no span was found"
    WITHHELD = "deciding: the right answer was found, and withheld"
    PRESUMED = "deciding: there is no answer, one was given"


@dataclass(frozen=True, slots=True)
class Kind:
    """How the questions of one kind fared."""

    kind: str
    questions: int
    answerable: int
    answered: int
    right: int  # of the answered
    wrong_on_unanswerable: int  # unanswerable, and answered


def outcome(record: Record, threshold: float) -> Outcome:
    """Return what became of a question, and the first stage that lost it."""
    given, good = answered(record, threshold), right(record)
    if not record.answerable:
        return Outcome.PRESUMED if given else Outcome.ABSTAINED
    if good:
        return Outcome.RIGHT if given else Outcome.WITHHELD
    if not record.hits and record.text is None:
        return Outcome.REFUSED if "question" in (record.reason or "") else Outcome.NOT_RETRIEVED
    located = record.gold_article is not None
    if located and not any(hit.right_article for hit in record.hits):
        return Outcome.NOT_RETRIEVED
    if not any(hit.holds_answer and (hit.right_article or not located) for hit in record.hits):
        return Outcome.NOT_IN_PASSAGE if located else Outcome.NOT_RETRIEVED
    return Outcome.UNREAD if record.text is None else Outcome.MISREAD


def outcomes(records: Sequence[Record], threshold: float) -> dict[Outcome, int]:
    """Return how many questions came to each outcome, in the order of the stages."""
    counts = Counter(outcome(record, threshold) for record in records)
    return {one: counts[one] for one in Outcome if counts[one]}


def kinds(records: Sequence[Record], threshold: float) -> list[Kind]:
    """Return how each kind of question fared, by name."""
    found = []
    for kind in sorted({record.kind for record in records}):
        mine = [record for record in records if record.kind == kind]
        given = [record for record in mine if answered(record, threshold)]
        found.append(
            Kind(
                kind or "(none)",
                len(mine),
                sum(record.answerable for record in mine),
                len(given),
                sum(right(record) for record in given),
                sum(not record.answerable for record in given),
            )
        )
    return found


def confident_and_wrong(
    records: Sequence[Record], threshold: float, most: int = WORST
) -> list[Record]:
    """Return wrong answers that were given, the surest first."""
    wrong = [r for r in records if answered(r, threshold) and not right(r)]
    return sorted(wrong, key=lambda r: (-r.confidence, r.id))[:most]


def silent_though_answerable(
    records: Sequence[Record], threshold: float, most: int = WORST
) -> list[Record]:
    """Return answerable questions that were not answered: right candidates first, surest first."""
    silent = [r for r in records if r.answerable and not answered(r, threshold)]
    return sorted(silent, key=lambda r: (not right(r), -r.confidence, r.id))[:most]
