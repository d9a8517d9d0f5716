"""The span reader alone: each question with its own text, no retrieval, no decision.

Knows a reader by its `margins` and `spans`, the windows that are read besides (qa/reread), and the
official SQuAD 2.0 metrics. Does not know which model reads. A text longer than the reader's window
is cut by the reader itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import EvaluationError
from qa.evaluate.squad import Prediction, Scores, score
from qa.reader import Request
from qa.reread import windows
from qa.types import Article, Passage

if TYPE_CHECKING:
    from qa.evaluate.datasets import Context, Question
    from qa.types import Span

log = logging.getLogger(__name__)

BATCH = 32  # questions to a call
ALL = "all"


class Reads(Protocol):
    """What is measured; `qa.reader.SpanReader` above all."""

    def margins(self, requests: Sequence[Any]) -> list[list[list[Any]]]:
        """Return, for each request and each of its passages, the readings of it."""

    def spans(self, passage: Passage, readings: Sequence[Any]) -> list[Span]:
        """Return the best spans of a passage by all of some readings, best first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of every question."""

    questions: tuple[Question, ...]
    predictions: Mapping[str, Prediction]  # by question id
    seconds: tuple[float, ...]  # per passage, one for each batch of `BATCH` passages
    asked_for: int

    def scores(self, threshold: float = 0.0) -> dict[str, Scores]:
        """Return the official scores: of all questions, then of each source by name."""
        sources = sorted({question.kind for question in self.questions} - {""})
        groups = {ALL: list(self.questions)}
        if len(sources) > 1:
            for source in sources:
                groups[source] = [q for q in self.questions if q.kind == source]
        return {
            name: score(group, {q.id: self.predictions[q.id] for q in group}, threshold)
            for name, group in groups.items()
        }

    def to_dict(self, threshold: float = 0.0) -> dict[str, Any]:
        """Return scores, times and predictions as plain values, ready for `json.dumps`."""
        return {
            "asked": len(self.questions),
            "asked_for": self.asked_for,
            "scores": {name: asdict(one) for name, one in self.scores(threshold).items()},
            "seconds_per_passage": {
                "p50": percentile(self.seconds, 0.5),
                "p95": percentile(self.seconds, 0.95),
            },
            "predictions": {name: asdict(p) for name, p in self.predictions.items()},
        }


def read(
    reader: Reads,
    contexts: Sequence[Context],
    questions: Sequence[Question] | None = None,
    *,
    titles: bool = False,
    once: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read each question's own context, many questions to a call.

    Ctrl-C ends it and keeps what was read; then there are fewer questions than `asked_for`.

    Args:
        reader: Spans' scores are margins over "no answer" in the same passage.
        contexts: With their questions.
        questions: Which of them to read (say, a sample); None: all.
        titles: Show the reader each context's title, as answering does.
        once: Read each context as a whole only; answering also reads around the strongest spans.
        progress: Called after each call of the reader with (done, total).
    """
    by_id = {context.id: context for context in contexts}
    whole = [question for context in contexts for question in context.questions]
    asked = whole if questions is None else list(questions)
    lost = [question.id for question in asked if question.article not in by_id]
    if lost:
        raise EvaluationError(
            f"{len(lost)} questions have no context, first {min(lost)!r}.",
            cure="Give a SQuAD JSON file, or JSON lines with `context` and `qas`.",
        )
    predictions: dict[str, Prediction] = {}
    seconds: list[float] = []
    try:
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            began = time.perf_counter()
            found = _spans(reader, batch, by_id, titles=titles, once=once)
            seconds.append((time.perf_counter() - began) / len(batch))
            for question, spans in zip(batch, found, strict=True):
                predictions[question.id] = _prediction(spans)
            if progress:
                progress(len(predictions), len(asked))
    except KeyboardInterrupt:
        log.warning("Stopped by hand after %d of %d questions.", len(predictions), len(asked))
    read_ = tuple(question for question in asked if question.id in predictions)
    return Reading(read_, predictions, tuple(seconds), len(asked))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all do not exceed; nan of none."""
    ranked = sorted(values)
    if not ranked:
        return float("nan")
    return next(v for i, v in enumerate(ranked, 1) if i >= share * len(ranked) - 1e-9)


def _spans(
    reader: Reads,
    questions: Sequence[Question],
    contexts: Mapping[str, Context],
    *,
    titles: bool,
    once: bool,
) -> list[list[Span]]:
    """Return the best spans for each question in its own context."""
    own = [_article(contexts[question.article or ""]) for question in questions]
    articles = {one.id: one for one in own}
    wholes = [Passage(f"{one.id}#0", one.id, 0, len(one.text), one.text) for one in own]

    def read(passages: Sequence[Sequence[Passage]]) -> list[list[Any]]:
        shown = [one.title.replace("_", " ") if titles else "" for one in own]
        found = reader.margins(
            [
                Request(question.question, some, [title] * len(some))
                for question, some, title in zip(questions, passages, shown, strict=True)
            ]
        )
        return [list(chain(*each)) for each in found]

    readings = read([[whole] for whole in wholes])
    spans = [reader.spans(*pair) for pair in zip(wholes, readings, strict=True)]
    if once:
        return spans
    around = [
        [w for w in windows([(span, span.score) for span in some], articles) if w != whole]
        for some, whole in zip(spans, wholes, strict=True)
    ]
    again = [[*one, *more] for one, more in zip(readings, read(around), strict=True)]
    return [reader.spans(*pair) for pair in zip(wholes, again, strict=True)]


def _article(context: Context) -> Article:
    return Article(context.id, context.title, context.text, context.id, "")


def _prediction(spans: Sequence[Span]) -> Prediction:
    return Prediction(spans[0].text, spans[0].score) if spans else Prediction("", float("-inf"))
