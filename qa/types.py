"""The data that flows from an article file to a cited answer: one frozen type per stage.

Knows the shape of each stage and the invariants between them. Does not know how any stage is
made. Offsets count code points of `article.text`, `end` is exclusive; a higher score is
better, everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from qa.errors import CitationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]  # (n, d), rows of unit length


class Role(StrEnum):
    """What a marked stretch of an article is. All but `BOILERPLATE` may be quoted."""

    TITLE = "title"
    BYLINE = "byline"
    DATELINE = "dateline"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A stretch of `article.text` that is not running text."""

    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is the file's own text, never edited; marks point into it."""

    id: str  # path inside the articles folder, `.txt` dropped; or the record's own id (JSONL)
    title: str
    text: str = field(repr=False)
    path: str  # inside the articles folder, with "/" between the parts
    sha256: str  # of the file's bytes; of the record's bytes for JSONL
    source: str | None = None  # publisher
    byline: str | None = None  # author
    published: date | None = None
    url: str | None = None
    marks: tuple[Mark, ...] = field(default=(), repr=False)  # by start, never overlapping

    @property
    def boilerplate(self) -> tuple[Mark, ...]:
        """The marks that are never quoted."""
        return tuple(mark for mark in self.marks if mark.role is Role.BOILERPLATE)

    def paragraph(self, offset: int) -> int:
        """Return the number, from 1, of the non-empty line that holds `offset`."""
        return max(1, bisect_right(_paragraph_starts(self.text), offset))


@lru_cache(maxsize=256)
def _paragraph_starts(text: str) -> list[int]:
    starts, offset = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            starts.append(offset)
        offset += len(line)
    return starts


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article that is retrieved and read as a whole."""

    id: str  # f"{article_id}#{start}": the same however the index was built
    article_id: str
    start: int
    end: int
    text: str = field(repr=False)  # article.text[start:end]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles may answer. The default is all of them."""

    sources: frozenset[str] | None = None
    articles: frozenset[str] | None = None  # article ids
    after: date | None = None  # inclusive
    before: date | None = None  # inclusive
    undated: bool = True  # keep undated articles when `after` or `before` is set

    @property
    def everything(self) -> bool:
        """Say whether nothing is filtered."""
        return (
            self.sources is None
            and self.articles is None
            and self.after is None
            and self.before is None
            and self.undated
        )

    def admits(self, article: Article) -> bool:
        """Say whether `article` is in scope."""
        if self.sources is not None and article.source not in self.sources:
            return False
        if self.articles is not None and article.id not in self.articles:
            return False
        if article.published is None:
            return self.undated
        return (self.after is None or self.after <= article.published) and (
            self.before is None or article.published <= self.before
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found, with the evidence of each retriever."""

    passage: Passage
    score: float  # fused, in [0, 1]
    rank: int  # from 1
    dense: float | None = None  # cosine of question and passage; None: not found that way
    sparse: float | None = None  # BM25; None: not found that way


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer inside one passage; offsets are the article's."""

    passage: Passage
    start: int
    end: int
    score: float  # logit margin over the passage's own "no answer"

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and the place it was cut from. Verified each time one is made."""

    article: Article
    passage: Passage
    quote: str
    start: int
    end: int
    sentence: str  # the sentence (or sentences) the quotation stands in
    sentence_start: int

    def __post_init__(self) -> None:
        """Raise CitationError unless the quotation stands at its offsets."""
        text = self.article.text
        sentence_end = self.sentence_start + len(self.sentence)
        if (
            not self.quote
            or text[self.start : self.end] != self.quote
            or text[self.sentence_start : sentence_end] != self.sentence
            or not 0 <= self.sentence_start <= self.start <= self.end <= sentence_end
        ):
            raise CitationError(
                f"{self.article.path}: the quotation is not at {self.start}:{self.end}.",
                cure="Please report this; it should be impossible.",
            )

    @property
    def paragraph(self) -> int:
        """Number of the paragraph in the article, from 1."""
        return self.article.paragraph(self.start)


class Reason(StrEnum):
    """Why there is no answer."""

    NOTHING_FOUND = "nothing relevant found"
    NOT_ANSWERED = "passages on the topic, but none answers this"
    DISAGREEMENT = "several candidates disagree"
    OUT_OF_SCOPE = "only evidence outside the filter"
    UNKNOWN_NAME = "the question names something that no article mentions"
    NOT_A_QUESTION = "not a question I can read"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another candidate answer; `citations` are all the places that give it, best first."""

    text: str
    confidence: float
    citations: tuple[Citation, ...]
    support: int = 1  # independent articles that give it


@dataclass(frozen=True, slots=True)
class Answer:
    """A quotation with its citations, or an honest "the articles do not say".

    `text is None` if and only if there is no citation; then `reason` and `explanation` say
    why, and `hits` are the closest passages, which are not sources.
    """

    question: str
    text: str | None
    confidence: float  # probability, in [0, 1], that `text` is right
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()  # best first
    hits: tuple[Hit, ...] = ()  # what was read, best first
    reason: Reason | None = None
    explanation: str = ""  # one sentence for people: why not, or that articles differ
    support: int = 0  # independent articles that give this answer
    differs: bool = False  # other articles give another answer
    items: tuple[str, ...] = ()  # of a list answer: its quotations, one citation each
    searched_as: str = ""  # the question as it was searched
    generation: int = 0  # of the index that answered
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)  # per stage

    def __post_init__(self) -> None:
        """Raise CitationError if there is a text without a citation, or the reverse."""
        if (self.text is None) != (not self.citations):
            raise CitationError("An answer without a citation, or the reverse.")
        if self.text is None and self.reason is None:
            raise CitationError("No answer, and no reason why.")


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """What the index's recipe calls this encoder."""

    @property
    def sha256(self) -> str:
        """Hash of the weights."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) float32, rows of unit length."""


@runtime_checkable
class Retriever(Protocol):
    """Finds the passages nearest to a question."""

    def search(self, question: str, k: int, scope: Scope = ...) -> list[Hit]:
        """Return at most `k` hits, best first, by a total order."""


class Reader(Protocol):
    """Finds candidate answers in passages."""

    def read(
        self, question: str, passages: Sequence[Passage], heads: Sequence[str]
    ) -> list[list[Span]]:
        """Return the best spans of each passage, best first; one list per passage.

        `heads` holds, for each passage, what is read above it and never quoted (qa/heads.py).
        """
