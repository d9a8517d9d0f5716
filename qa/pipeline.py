"""Question in, cited answer or honest abstention out: retrieve, read, decide, cite.

Knows the order of the stages. Does not know how any of them works.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qa import confidence, reread
from qa.authorship import signed, stated
from qa.cite import alternative, citations, cite, support
from qa.decide import decide
from qa.errors import ArticleError, ConfigError
from qa.evidence import Query, gather, read_query, weigh
from qa.heads import head
from qa.plain import plain
from qa.question import clean, problem
from qa.reader import Request
from qa.retriever import HybridRetriever
from qa.types import Answer, Hit, Reason, Scope
from qa.wants import STATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.config import Settings
    from qa.conversation import Conversation
    from qa.decide import Group, Verdict
    from qa.encoder import SentenceEncoder
    from qa.evidence import Candidate
    from qa.index import Changes, Index, Progress, Snapshot
    from qa.quotes import QuoteCheck
    from qa.reader import SpanReader
    from qa.reader.margins import Margins
    from qa.types import Article, Citation, Passage

EVERYTHING = Scope()
# The best few passages are read whatever their score, the others only when they score this
# much of the best possible. Of 1,751 passages with the answer among ten retrieved from 1,954
# articles, 11 are lost, for 40 % fewer passages read (0.25: 4 lost, 21 % fewer).
READ_ALWAYS = 3
LEAST_SCORE = 0.35
NO_QUERY = Query("", {}, (), (), (), "", several=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with everything that says how it is to be answered."""

    question: str
    scope: Scope = EVERYTHING
    threshold: float | None = None  # None: the pipeline's
    keep: tuple[str, ...] = ()  # ids of passages to read besides those found
    searched_as: str | None = None  # None: the question itself


@dataclass(frozen=True, slots=True)
class Considered:
    """What was found for one question, best first, before anything is decided."""

    candidates: tuple[Candidate, ...]  # by all that was read, with their evidence
    once: tuple[Candidate, ...]  # by the retrieved passages alone, each read once, without it


class Pipeline:
    """An open index with its models. Safe to call from many threads."""

    def __init__(
        self, index: Index, encoder: SentenceEncoder, reader: SpanReader, settings: Settings
    ) -> None:
        """Bind the pieces; models load on first use."""
        self.index = index
        self.encoder = encoder
        self.reader = reader
        self.settings = settings
        self.calibration = confidence.load()

    @property
    def threshold(self) -> float:
        """Least confidence that is answered."""
        if self.settings.threshold is None:
            return self.calibration.threshold
        return self.settings.threshold

    def ask(
        self,
        question: str,
        *,
        scope: Scope = EVERYTHING,
        threshold: float | None = None,
        keep: Sequence[str] = (),
        searched_as: str | None = None,
    ) -> Answer:
        """Answer one question from the articles in scope.

        Args:
            question: As it was typed.
            scope: Which articles may answer.
            threshold: Least confidence that is answered; None: the pipeline's.
            keep: Ids of passages to read besides those found (of an earlier turn).
            searched_as: What to search and read instead of the question.

        Raises:
            QuestionError: The question is not a string, or too long.
            ConfigError: The threshold is not between 0 and 1.
        """
        return self.ask_many([Asked(question, scope, threshold, tuple(keep), searched_as)])[0]

    def ask_many(self, asked: Sequence[Asked | str]) -> list[Answer]:
        """Answer several questions with shared model calls, all from one generation."""
        requests = [one if isinstance(one, Asked) else Asked(one) for one in asked]
        for request in requests:
            if request.threshold is not None and not 0.0 <= request.threshold <= 1.0:
                raise ConfigError(
                    f"threshold is {request.threshold!r}; it must be between 0 and 1.",
                    cure="Leave it out for the fitted one.",
                )
        tasks = [self._task(request) for request in requests]
        searched = [task for task in tasks if not task.problem]
        snapshot = self.index.snapshot()
        clock = Clock()
        self._gather(snapshot, searched, clock)
        return [self._answer(snapshot, task, clock) for task in tasks]

    def consider(
        self, questions: Sequence[str], without: Sequence[str | None] | None = None
    ) -> list[Considered]:
        """Return all candidates of several questions with their evidence, undecided.

        What `qa train-confidence` fits on; a question that cannot be searched has none.

        Args:
            questions: As they are searched.
            without: For each question the id of an article that is passed over, as if the
                collection did not hold it; None: no such article.
        """
        tasks = [self._task(Asked(question)) for question in questions]
        for task, article_id in zip(tasks, without or [None] * len(tasks), strict=True):
            task.without = article_id
        self._gather(self.index.snapshot(), [task for task in tasks if not task.problem], Clock())
        return [Considered(tuple(task.candidates), tuple(task.once)) for task in tasks]

    def search(self, question: str, k: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        """Return at most `k` passages for a question, best first."""
        text = clean(question, self.settings.max_question_chars)
        if problem(text):
            return []
        snapshot = self.index.snapshot()
        return HybridRetriever(snapshot, self.encoder, self.settings).search(plain(text), k, scope)

    def find_quote(self, text: str) -> QuoteCheck:
        """Say whether the articles hold a quotation, where, and what was changed in it."""
        from qa.quotes import find_quote

        return find_quote(self.index.snapshot(), text)

    def conversation(self) -> Conversation:
        """Start a conversation, in which a question may lean on those before it."""
        from qa.conversation import Conversation

        return Conversation(self.ask)

    def examples(self, count: int = 6) -> list[str]:
        """Return questions made from the articles that this pipeline answers."""
        from qa.examples import example_questions

        return example_questions(self.index.snapshot(), count, self.ask)

    def refresh(self, progress: Progress | None = None) -> Changes:
        """Bring the index up to date with its articles folder."""
        from qa.index import update

        manifest = self.index.manifest
        return update(
            Path(manifest.articles), self.index.place, self.settings, self.encoder,
            progress=progress,
        )  # fmt: skip

    def staleness(self) -> str:
        """Say that articles changed since the index was made and what to do, or ""."""
        try:
            changes = self.index.changes()
        except ArticleError:  # an index is whole without its articles folder
            return ""
        if not changes:
            return ""
        return (
            f"The articles changed since the index was made ({changes}); answers come from "
            f"what it holds. Run: qa index --index {self.index.place} (or ask with --refresh)"
        )

    def load(self) -> None:
        """Load both models now rather than on the first question."""
        self.encoder.encode(["load"])
        self.reader.load()

    def _task(self, asked: Asked) -> Task:
        most = self.settings.max_question_chars
        question = clean(asked.question, most)
        text = question if asked.searched_as is None else clean(asked.searched_as, most)
        why = problem(text)
        return Task(asked, question, text if why else plain(text), why)

    def _gather(self, snapshot: Snapshot, tasks: Sequence[Task], clock: Clock) -> None:
        if tasks:
            with clock("retrieve"):
                self._retrieve(snapshot, tasks)
            with clock("read"):
                self._read(snapshot, tasks)

    def _retrieve(self, snapshot: Snapshot, tasks: Sequence[Task]) -> None:
        retriever = HybridRetriever(snapshot, self.encoder, self.settings)
        found = retriever.search_many(
            [task.text for task in tasks], self.settings.k, [task.asked.scope for task in tasks]
        )
        for task, hits_ in zip(tasks, found, strict=True):
            others = [hit for hit in hits_ if hit.passage.article_id != task.without]
            ranked = [replace(hit, rank=rank) for rank, hit in enumerate(others, start=1)]
            hits = [hit for hit in ranked if hit.rank <= READ_ALWAYS or hit.score >= LEAST_SCORE]
            held = {hit.passage.id for hit in hits}
            kept = [
                passage
                for passage_id in dict.fromkeys(task.asked.keep)
                if passage_id not in held
                for passage in _still_there(snapshot, passage_id)
                if task.asked.scope.admits(snapshot.article(passage.article_id))
            ]
            by = [one for one in signed(snapshot, task.text, hits) if one.id not in held]
            more = dict.fromkeys([*kept, *by])
            task.hits = [
                *hits,
                *(Hit(passage, 0.0, len(hits) + at) for at, passage in enumerate(more, start=1)),
            ]

    def _read(self, snapshot: Snapshot, tasks: Sequence[Task]) -> None:
        for task in tasks:
            ids = [hit.passage.article_id for hit in task.hits]
            task.articles = {article_id: snapshot.article(article_id) for article_id in ids}
        self._read_passages(tasks, [[hit.passage for hit in task.hits] for task in tasks])
        for task in tasks:
            task.query = read_query(task.text, snapshot.frequency, len(snapshot))
            task.candidates = task.once = self._candidates(task)
        self._read_again([task for task in tasks if task.query.wants not in {"author", *STATED}])
        for task in tasks:
            task.candidates = weigh(task.query, task.candidates, task.articles)

    def _read_again(self, tasks: Sequence[Task]) -> None:
        """Read around the strongest candidates too, and choose anew by all that was read.

        Not those for an author: no reader is trained on bylines.
        """
        ranked = [[(one.span, one.strength) for one in task.candidates] for task in tasks]
        around = [
            reread.windows(spans, task.articles) for task, spans in zip(tasks, ranked, strict=True)
        ]
        self._read_passages(tasks, around)
        for task in tasks:
            task.candidates = self._candidates(task)

    def _candidates(self, task: Task) -> list[Candidate]:
        read = list(chain(*task.margins.values()))
        spans = [self.reader.spans(hit.passage, read) for hit in task.hits]
        return gather(task.query, task.hits, spans, task.articles)

    def _read_passages(self, tasks: Sequence[Task], passages: Sequence[Sequence[Passage]]) -> None:
        """Read for each task its passages, but none twice, into `task.margins`."""
        requests = []
        for task, some in zip(tasks, passages, strict=True):
            new = [passage for passage in dict.fromkeys(some) if passage not in task.margins]
            heads = [head(task.articles[passage.article_id], passage) for passage in new]
            requests.append(Request(task.text, new, heads))
        read = self.reader.margins(requests)
        for task, request, margins in zip(tasks, requests, read, strict=True):
            task.margins.update(zip(request.passages, margins, strict=True))

    def _decide(self, task: Task) -> Verdict:
        threshold = self.threshold if task.asked.threshold is None else task.asked.threshold
        return decide(task.query, task.candidates, task.hits, self.calibration, threshold)

    def _answer(self, snapshot: Snapshot, task: Task, clock: Clock) -> Answer:
        if task.problem:
            return Answer(
                task.question, None, 0.0, reason=Reason.NOT_A_QUESTION, explanation=task.problem,
                searched_as=task.text, generation=snapshot.generation,
            )  # fmt: skip
        with clock("decide"):
            verdict = self._decide(task)
        with clock("cite"):
            reason, explanation = verdict.reason, verdict.explanation
            if reason is not None and not task.asked.scope.everything:
                reason, explanation = self._beyond_scope(task, reason, explanation)
            if reason is not None:
                told = stated(task.query.wants, reason, task.hits, task.articles)
                explanation = told or explanation
            cited: tuple[Citation, ...] = ()
            if verdict.items:
                cited = tuple(cite(snapshot, item.lead.span) for item in verdict.items)
            elif reason is None:
                cited = citations(snapshot, verdict.groups[0])
            others: tuple[Group, ...] = ()
            if reason is None:
                others = verdict.groups[1:]
            elif reason is Reason.DISAGREEMENT:
                others = verdict.groups
            alternatives = tuple(alternative(snapshot, group) for group in others)
        return Answer(
            task.question,
            cited[0].quote if cited else None,
            verdict.groups[0].probability if verdict.groups else 0.0,
            cited,
            alternatives,
            tuple(task.hits),
            reason,
            explanation,
            support(snapshot, cited),
            differs=bool(verdict.disputed),
            items=tuple(citation.quote for citation in cited) if verdict.items else (),
            searched_as=task.text,
            generation=snapshot.generation,
            seconds=clock.seconds(),
        )

    def _beyond_scope(self, task: Task, reason: Reason, explanation: str) -> tuple[Reason, str]:
        """Look whether an article outside the filter would have answered."""
        wider = self.ask(task.text, threshold=task.asked.threshold)
        if wider.text is None:
            return reason, explanation
        title = wider.citations[0].article.title
        return (
            Reason.OUT_OF_SCOPE,
            f"No article in the filter answers this; outside it, “{title}” does.",
        )


def _still_there(snapshot: Snapshot, passage_id: str) -> list[Passage]:
    """Return the passage, or nothing when its article changed since it was cited."""
    try:
        return [snapshot.passage(passage_id)]
    except ArticleError:
        return []


@dataclass(slots=True)
class Task:
    """One question on its way through the stages; the only thing here that changes."""

    asked: Asked
    question: str
    text: str  # what is searched and read
    problem: str  # why it cannot be; "" when it can
    hits: list[Hit] = field(default_factory=list)
    articles: dict[str, Article] = field(default_factory=dict)
    without: str | None = None  # id of an article that is passed over
    query: Query = NO_QUERY
    margins: dict[Passage, list[Margins]] = field(default_factory=dict)  # what was read
    once: list[Candidate] = field(default_factory=list)  # by the hits alone
    candidates: list[Candidate] = field(default_factory=list)  # by all that was read


class Clock:
    """Adds up the seconds of each stage."""

    def __init__(self) -> None:
        """Start at zero."""
        self._seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the time inside the `with` for `stage`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - start
            self._seconds[stage] = self._seconds.get(stage, 0.0) + spent

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each stage so far."""
        return dict(self._seconds)
