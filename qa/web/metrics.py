"""Counters and times of the server, in the text form that Prometheus reads.

Knows what is counted. Does not know who counts it. Each app has its own registry, so two apps
in one process do not mix. No question and no name of an article is ever a label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Answer
    from qa.web.batching import Batcher

# Upper bounds in seconds, from one warm answer to the time limit.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)


class Metrics:
    """What `/metrics` tells."""

    def __init__(self) -> None:
        """Start every count at zero."""
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        self.questions = Counter(
            "qa_questions", "Questions by outcome.", ["outcome"], registry=self.registry
        )
        self.seconds = Histogram(
            "qa_ask_seconds", "From question to answer.", buckets=BUCKETS, registry=self.registry
        )
        self.stages = Counter(
            "qa_stage_seconds", "Time spent in each stage.", ["stage"], registry=self.registry
        )
        self.feedback = Counter(
            "qa_feedback", "Verdicts of readers.", ["verdict"], registry=self.registry
        )
        self.waiting = Gauge("qa_waiting", "Questions in the queue.", registry=self.registry)
        self.articles = Gauge("qa_articles", "Articles in the index.", registry=self.registry)
        self.generation = Gauge("qa_generation", "State of the index.", registry=self.registry)

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count one answer or abstention."""
        self.questions.labels("answered" if answer.text is not None else "abstained").inc()
        self.seconds.observe(seconds)
        for stage, spent in answer.seconds.items():
            self.stages.labels(stage).inc(spent)

    def refused(self, error: BaseException) -> None:
        """Count one question that got no answer, by the kind of its error."""
        self.questions.labels(type(error).__name__).inc()

    def text(self, batcher: Batcher, articles: int, generation: int) -> bytes:
        """Return the exposition of now."""
        from prometheus_client import generate_latest

        self.waiting.set(batcher.waiting)
        self.articles.set(articles)
        self.generation.set(generation)
        return generate_latest(self.registry)
