"""How good weights are, by the reader that will use them and the official metrics.

Knows groups, the span reader and SQuAD's scores. Does not know training.
"""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.config import Settings
from qa.evaluate import squad
from qa.evaluate.datasets import Question
from qa.reader import Request, SpanReader
from qa.train import data
from qa.train.groups import Group, Window
from qa.types import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.evaluate.squad import Prediction, Scores

_AT_ONCE = 64  # questions read in shared batches


def groups_of(path: Path, limit: int = 0, seed: int = 0, *, titles: bool = False) -> list[Group]:
    """Return the questions of a file, each with its own passage; `limit` drawn ones if set.

    Without titles, as the official figures of others are.
    """
    found = [
        Group(
            asked.text,
            (Window(paragraph.title if titles else "", paragraph.text),),
            paragraph.source,
            tuple(gold.text for gold in asked.answers),
        )
        for paragraph in data.read([path])
        for asked in paragraph.questions
    ]
    if limit and limit < len(found):
        draw = random.Random(seed)  # noqa: S311  # not a secret
        return draw.sample(found, limit)
    return found


def predict(weights: Path, groups: Sequence[Group]) -> dict[str, Prediction]:
    """Return the best span over all windows of each group, by the group's number."""
    reader = SpanReader(Settings(reader=str(weights)))
    found: dict[str, Prediction] = {}
    # By length, so that questions read together hold little padding.
    order = sorted(range(len(groups)), key=lambda n: (_size(groups[n]), n))
    for start in range(0, len(order), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        for number, read in zip(part, reader.read_many(_requests(groups, part)), strict=True):
            spans = [span for passage in read for span in passage]
            best = max(spans, key=lambda span: (span.score, -span.start), default=None)
            found[str(number)] = (
                squad.Prediction("", float("-inf"))
                if best is None
                else squad.Prediction(best.text, best.score)
            )
    return found


def score(weights: Path, groups: Sequence[Group]) -> Scores:
    """Return the official scores over groups: best-threshold, HasAns, NoAns and the rest."""
    return squad.score(_questions(groups), predict(weights, groups))


def by_kind(weights: Path, groups: Sequence[Group]) -> dict[str, dict[str, float]]:
    """Return the scores of each kind of group, and of all ("all"), as plain numbers."""
    predictions = predict(weights, groups)
    questions = _questions(groups)
    kinds = sorted({group.kind for group in groups})
    chosen = {"all": questions} | {k: [q for q in questions if q.kind == k] for k in kinds}
    return {
        kind: asdict(squad.score(some, {q.id: predictions[q.id] for q in some}))
        for kind, some in chosen.items()
    }


def _questions(groups: Sequence[Group]) -> list[Question]:
    return [
        Question(str(number), group.question, group.accepted, kind=group.kind)
        for number, group in enumerate(groups)
    ]


def _requests(groups: Sequence[Group], numbers: Sequence[int]) -> list[Request]:
    return [
        Request(
            groups[number].question,
            [
                Passage(f"{number}#{place}", str(number), 0, len(window.passage), window.passage)
                for place, window in enumerate(groups[number].windows)
            ],
            [window.head for window in groups[number].windows],
        )
        for number in numbers
    ]


def _size(group: Group) -> int:
    return sum(len(window.passage) for window in group.windows)
