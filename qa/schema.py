"""The one JSON form of everything Quoth returns.

Knows how an answer, a hit or an article becomes a dict of plain values. The command line's
`--json`, the REST routes, Gradio's named API and the MCP tools all return what is made here,
so they cannot differ. Does not know who asks, nor how the dict is sent.

Offsets count code points of the article's text, `end` is exclusive; dates are ISO 8601.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

# pydantic, which documents these forms for the web, reads this TypedDict and not typing's.
from typing_extensions import TypedDict

from qa.confidence import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.quotes import QuoteCheck, QuoteMatch
    from qa.types import Alternative, Answer, Article, Citation, Hit


class ArticleInfo(TypedDict):
    """What is known of an article, without its text."""

    id: str
    title: str
    source: str | None
    """Publisher."""
    byline: str | None
    """Author."""
    published: str | None
    """Date, as in 2013-07-18; null when the article has none."""
    url: str | None
    path: str
    """File, inside the articles folder."""


class MarkForm(TypedDict):
    """A stretch of an article that is not running text."""

    start: int
    end: int
    role: str
    """title, byline, dateline or boilerplate; boilerplate is never quoted."""


class ArticleForm(ArticleInfo):
    """An article with its text, exactly as in its file."""

    sha256: str
    text: str
    marks: list[MarkForm]


class CitationForm(TypedDict):
    """A quotation and the place it was cut from: `text[start:end] == quote`."""

    article: ArticleInfo
    quote: str
    start: int
    end: int
    sentence: str
    """The sentence, or sentences, that the quotation stands in."""
    sentence_start: int
    paragraph: int
    """Number of the paragraph, from 1."""
    passage: str
    """Id of the passage that was read."""


class AlternativeForm(TypedDict):
    """Another candidate answer, with every place that gives it."""

    text: str
    confidence: float
    support: int
    """Independent articles that give it."""
    citations: list[CitationForm]


class HitForm(TypedDict):
    """A passage that retrieval found. Under an abstention: close, but not an answer."""

    rank: int
    score: float
    dense: float | None
    """Cosine of question and passage; null when it was not found that way."""
    sparse: float | None
    """BM25; null when it was not found that way."""
    passage: str
    article: str
    start: int
    end: int
    text: str


class AnswerForm(TypedDict):
    """An answer in the articles' own words, or why there is none."""

    question: str
    answered: bool
    text: str | None
    """The quotation; null when the articles do not say."""
    confidence: float
    """Probability, from 0 to 1, that the quotation answers the question."""
    confidence_in_words: str
    """high, medium or low."""
    citations: list[CitationForm]
    """Every place that gives this answer, best first; of a list answer, one for each item."""
    items: list[str]
    """The quotations of a list answer; empty for a single one."""
    support: int
    """Independent articles that give this answer."""
    differs: bool
    """Other articles give another answer; see the alternatives."""
    alternatives: list[AlternativeForm]
    reason: str | None
    """Why there is no answer."""
    explanation: str
    hits: list[HitForm]
    """The passages that were read, best first."""
    searched_as: str
    """The question as it was searched."""
    generation: int
    """The state of the index that answered."""
    seconds: dict[str, float]
    """Time of each stage."""


class DifferenceForm(TypedDict):
    """Words that differ between a pasted quotation and an article."""

    op: str
    """changed, added (only in the quotation) or dropped (only in the article)."""
    given: str
    found: str
    given_start: int
    """Offset into the pasted text."""
    given_end: int
    start: int
    """Offset into the article's text."""
    end: int


class QuoteMatchForm(TypedDict):
    """One place of one article that holds the quotation, or nearly: `text[start:end] == quote`."""

    article: ArticleInfo
    quote: str
    start: int
    end: int
    paragraph: int
    similarity: float
    """From 0 to 1; 1 only when exact."""
    differences: list[DifferenceForm]


class QuoteForm(TypedDict):
    """Whether the articles hold a pasted quotation."""

    text: str
    verdict: str
    """exact, edited or absent."""
    matches: list[QuoteMatchForm]
    """Best first; empty if and only if absent."""


class Described(Protocol):
    """Anything that tells of an article: the article itself, or a listing's light row."""

    @property
    def id(self) -> str:
        """Id."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def source(self) -> str | None:
        """Publisher."""

    @property
    def byline(self) -> str | None:
        """Author."""

    @property
    def published(self) -> date | None:
        """Date."""

    @property
    def url(self) -> str | None:
        """Address."""

    @property
    def path(self) -> str:
        """File."""


def to_dict(answer: Answer) -> AnswerForm:
    """Return `answer` as plain values, ready for `json.dumps`."""
    return {
        "question": answer.question,
        "answered": answer.text is not None,
        "text": answer.text,
        "confidence": answer.confidence,
        "confidence_in_words": words(answer.confidence),
        "citations": [citation_form(citation) for citation in answer.citations],
        "items": list(answer.items),
        "support": answer.support,
        "differs": answer.differs,
        "alternatives": [alternative_form(other) for other in answer.alternatives],
        "reason": answer.reason.value if answer.reason else None,
        "explanation": answer.explanation,
        "hits": hit_forms(answer.hits),
        "searched_as": answer.searched_as or answer.question,
        "generation": answer.generation,
        "seconds": dict(answer.seconds),
    }


def citation_form(citation: Citation) -> CitationForm:
    """Return a citation as plain values."""
    return {
        "article": article_info(citation.article),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "sentence": citation.sentence,
        "sentence_start": citation.sentence_start,
        "paragraph": citation.paragraph,
        "passage": citation.passage.id,
    }


def alternative_form(alternative: Alternative) -> AlternativeForm:
    """Return another candidate answer as plain values."""
    return {
        "text": alternative.text,
        "confidence": alternative.confidence,
        "support": alternative.support,
        "citations": [citation_form(citation) for citation in alternative.citations],
    }


def hit_form(hit: Hit) -> HitForm:
    """Return a hit as plain values."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "dense": hit.dense,
        "sparse": hit.sparse,
        "passage": hit.passage.id,
        "article": hit.passage.article_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
    }


def hit_forms(hits: Iterable[Hit]) -> list[HitForm]:
    """Return hits as plain values, in their order."""
    return [hit_form(hit) for hit in hits]


def quote_form(check: QuoteCheck) -> QuoteForm:
    """Return the verdict on a pasted quotation as plain values."""
    return {
        "text": check.text,
        "verdict": check.verdict.value,
        "matches": [_match_form(match) for match in check.matches],
    }


def _match_form(match: QuoteMatch) -> QuoteMatchForm:
    return {
        "article": article_info(match.article),
        "quote": match.quote,
        "start": match.start,
        "end": match.end,
        "paragraph": match.paragraph,
        "similarity": match.similarity,
        "differences": [
            {
                "op": difference.op.value,
                "given": difference.given,
                "found": difference.found,
                "given_start": difference.given_start,
                "given_end": difference.given_end,
                "start": difference.start,
                "end": difference.end,
            }
            for difference in match.differences
        ],
    }


def article_info(article: Described) -> ArticleInfo:
    """Return what is known of an article, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "path": article.path,
    }


def article_form(article: Article) -> ArticleForm:
    """Return an article with its text."""
    return {
        **article_info(article),
        "sha256": article.sha256,
        "text": article.text,
        "marks": [
            {"start": mark.start, "end": mark.end, "role": mark.role.value}
            for mark in article.marks
        ],
    }
