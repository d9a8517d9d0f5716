"""Ask every question of a set, and record what each stage made of it.

Knows a pipeline by its `ask`, and what a right answer is. Does not know thresholds: each
question is asked at threshold 0, so that the best candidate and its confidence are on record
whether or not they would have been shown.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import QuestionError
from qa.evaluate.circumstances import circumstances
from qa.evaluate.results import Found, Other, Record, Results
from qa.evaluate.squad import exact, f1
from qa.text import fold
from qa.types import Reason

if TYPE_CHECKING:
    from qa.evaluate.datasets import Question
    from qa.types import Answer, Hit

Progress = Callable[[int, int], None]  # questions done, questions in all
EXCERPTS = 3  # hits, from the best on, whose first words are kept
EXCERPT_CHARS = 240
ASKED_AGAIN = 30  # questions, at the default threshold


class Asks(Protocol):
    """What is measured: anything that answers a question, `qa.pipeline.Pipeline` above all."""

    @property
    def threshold(self) -> float:
        """Least confidence that is answered when a question names no other."""

    def ask(self, question: str, *, threshold: float | None = None) -> Answer:
        """Answer `question`, or abstain below `threshold`."""


def run(
    pipeline: Asks,
    questions: Sequence[Question],
    progress: Progress | None = None,
    *,
    texts: Mapping[str, str] | None = None,
    header: Mapping[str, Any] | None = None,
) -> Results:
    """Ask `questions` one after another and return what came of it.

    Ctrl-C ends the run and keeps what was measured; `results.interrupted` then says so.

    Args:
        pipeline: Is asked at threshold 0.
        questions: With ids that differ.
        progress: Called after each question.
        texts: The articles' texts by id, read by other means than the pipeline's. Quotations
            are checked against them, and against the pipeline's own copy where one is missing.
        header: Added to what the results say of their making.
    """
    records: list[Record] = []
    try:
        for question in questions:
            records.append(measure(pipeline, question, texts or {}))
            if progress:
                progress(len(records), len(questions))
        again = _ask_again(pipeline, records)
    except KeyboardInterrupt:
        again = {}
    return Results(
        records=tuple(records),
        threshold=float(pipeline.threshold),
        asked_for=len(questions),
        header={**circumstances(pipeline), "asked_again": again, **(header or {})},
    )


def _ask_again(pipeline: Asks, records: Sequence[Record]) -> dict[str, int]:
    """Ask a few questions as users do, and count the decisions that the records do not explain.

    The curves rest on confidences given at threshold 0; they are worth nothing where a
    pipeline's confidence or choice changes with the threshold.
    """
    few = random.Random(0).sample(list(records), min(ASKED_AGAIN, len(records)))  # noqa: S311  # no secret
    threshold = pipeline.threshold
    differ = 0
    for record in few:
        try:
            text = pipeline.ask(record.question).text
        except QuestionError:
            text = None
        differ += text != (record.text if record.confidence >= threshold else None)
    return {"questions": len(few), "differ": differ}


def measure(pipeline: Asks, question: Question, texts: Mapping[str, str]) -> Record:
    """Ask one question and judge what comes."""
    began = time.perf_counter()
    try:
        answer = pipeline.ask(question.question, threshold=0.0)
    except QuestionError:  # a refusal; the pipeline would have shown it as one
        answer = None
    total = time.perf_counter() - began
    text = answer.text if answer else None
    best = answer.citations[0] if answer and answer.citations else None
    return Record(
        id=question.id,
        question=question.question,
        answers=question.answers,
        gold_article=question.article,
        kind=question.kind,
        text=text,
        confidence=float(answer.confidence) if answer else 0.0,
        exact=exact(text or "", question.answers),
        f1=f1(text or "", question.answers),
        article=best.article.id if best else None,
        sentence=best.sentence if best else None,
        valid=_valid(answer, texts) if answer else None,
        hits=_found(answer.hits, question) if answer else (),
        others=_others(answer) if answer else (),
        reason=_reason(answer),
        seconds={**(answer.seconds if answer else {}), "total": total},
    )


def _valid(answer: Answer, texts: Mapping[str, str]) -> bool | None:
    """Check every quotation the answer carries, byte for byte, by means of our own."""
    citations = [
        *answer.citations,
        *(citation for other in answer.alternatives for citation in other.citations),
    ]
    if not citations:
        return None
    stand = [
        texts.get(c.article.id, c.article.text)[c.start : c.end].encode() == c.quote.encode() != b""
        for c in citations
    ]
    said = answer.items or (answer.text,)
    quotes = {citation.quote for citation in answer.citations}
    return all(stand) and quotes.issuperset(said)


def _found(hits: Sequence[Hit], question: Question) -> tuple[Found, ...]:
    answers = [_flat(answer) for answer in question.answers]
    return tuple(
        Found(
            passage=hit.passage.id,
            article=hit.passage.article_id,
            score=float(hit.score),
            dense=hit.dense,
            sparse=hit.sparse,
            right_article=hit.passage.article_id == question.article,
            holds_answer=any(answer in _flat(hit.passage.text) for answer in answers),
            excerpt=hit.passage.text[:EXCERPT_CHARS] if index < EXCERPTS else "",
        )
        for index, hit in enumerate(hits)
    )


def _flat(text: str) -> str:
    return " ".join(fold(text).split())


def _others(answer: Answer) -> tuple[Other, ...]:
    return tuple(
        Other(other.text, other.confidence, other.citations[0].article.id)
        for other in answer.alternatives
        if other.citations
    )


def _reason(answer: Answer | None) -> str | None:
    if answer is None:
        return Reason.NOT_A_QUESTION.value
    return answer.reason.value if answer.reason else None
