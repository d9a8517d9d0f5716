"""The span reader alone: each question with its own text, no retrieval, no decision.

Knows a reader by its `read_many`, and the official SQuAD 2.0 metrics. Does not know which
model reads. A text longer than the reader's window is cut by the reader itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import EvaluationError
from qa.evaluate.squad import Prediction, Scores, score
from qa.types import Passage

if TYPE_CHECKING:
    from qa.evaluate.datasets import Context, Question
    from qa.types import Span

log = logging.getLogger(__name__)

BATCH = 32  # questions to a call
ALL = "all"


class ReadsMany(Protocol):
    """What is measured; `qa.reader.SpanReader` above all."""

    def read_many(self, requests: Sequence[Any]) -> list[list[list[Span]]]:
        """Return, for each request and each of its passages, the best spans, best first."""


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
    reader: ReadsMany,
    contexts: Sequence[Context],
    questions: Sequence[Question] | None = None,
    *,
    titles: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read each question's own context, many questions to a call.

    Ctrl-C ends it and keeps what was read; then there are fewer questions than `asked_for`.

    Args:
        reader: Spans' scores are margins over "no answer" in the same passage.
        contexts: With their questions.
        questions: Which of them to read (say, a sample); None: all.
        titles: Show the reader each context's title, as answering does.
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
            requests = [_request(q, by_id[q.article or ""], titles=titles) for q in batch]
            began = time.perf_counter()
            found = reader.read_many(requests)
            seconds.append((time.perf_counter() - began) / len(batch))
            for question, (spans,) in zip(batch, found, strict=True):
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


def _request(question: Question, context: Context, *, titles: bool) -> Any:
    from qa.reader import Request

    passage = Passage(f"{context.id}#0", context.id, 0, len(context.text), context.text)
    title = context.title.replace("_", " ") if titles else ""
    return Request(question.question, [passage], [title])


def _prediction(spans: Sequence[Span]) -> Prediction:
    return Prediction(spans[0].text, spans[0].score) if spans else Prediction("", float("-inf"))
