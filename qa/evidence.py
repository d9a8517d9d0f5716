"""Spans to candidate answers, and what speaks for and against each.

Knows how spans that say the same are grouped and which observations about a candidate are
made. Does not know how much each observation weighs (qa/confidence) or what is done with a
candidate (qa/pipeline).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.heads import head
from qa.names import KIN, initials, roots, spelled_out, spellings
from qa.sentences import sentence_around
from qa.text import WORD, Kind, content_words, names, normalise, stem, words
from qa.types import Role, Span
from qa.units import another_measure
from qa.wants import STATED, several, wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qa.types import Article, Hit, Passage

# A span this far under "no answer" is no candidate; it bounds the work, not the answers.
LEAST_MARGIN = -12.0
MOST_MARGIN = 15.0
# Logits before the strongest rival beyond which it makes no difference how far behind the rival
# is. Without a limit (and with the span's length and its share of all candidates' softmax as
# evidence, which tell nothing beside it) the area under risk and coverage was 0.311 instead of
# 0.303 over 1,479 questions; 5, 7 and 8 are as good.
MOST_LEAD = 6.0
READ_CHARS = 100_000  # of an article that are searched for a name
AUTHOR_MARGIN = 8.0  # about the margin of a plain answer that the reader is sure of
# Logits between the best retrieved passage and one with a fused score of 0. Of 1,603 answerable
# questions on 1,954 contexts, 1,096 best candidates are right at 4 and 1,077 at 1 (1,090 at 2,
# 1,104 at 12, which lets retrieval outvote the reader in a small collection); of 279 on news 201
# at both. Rivals are weighed likewise: area under risk and coverage 0.310 instead of 0.313.
RETRIEVAL = 4.0
BESIDE = 40  # characters on either side of a quantity that tell what it is of
MOST_CANDIDATES = 8  # of a question; weaker ones are never shown
# Words that only point at what is named elsewhere. Nobody is told anything by "he" or "whose",
# and beside the name it points at it would pass for another answer.
_POINTING = frozenset(
    "i me my we us our you your he him his she her hers it its they them their theirs himself"
    " herself itself themselves who whom whose which what that this these those".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read once: its words, how rare each is, and what kind of answer it wants."""

    text: str
    rarity: Mapping[str, float] = field(repr=False)  # folded content word -> idf
    named: tuple[str, ...]  # names, years, numbers and dates, as written
    unknown_names: tuple[str, ...]  # of those, the names that no passage holds in any form
    unknown_words: tuple[str, ...]  # content words that no passage holds
    wants: str  # see wants.py
    several: bool  # asks for more than one answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer with all the places that give it, best first, and its evidence."""

    key: str  # normalised text
    spans: tuple[tuple[Span, Hit], ...]
    evidence: Mapping[str, float] = field(default_factory=dict, repr=False)

    @property
    def span(self) -> Span:
        """The best place."""
        return self.spans[0][0]

    @property
    def hit(self) -> Hit:
        """The hit of the best place."""
        return self.spans[0][1]

    @property
    def strength(self) -> float:
        """Logits over "no answer", less what retrieval has against the best place."""
        return _clipped(_strength(*self.spans[0]))


def read_query(question: str, frequency: Callable[[str], int], passages: int) -> Query:
    """Look at a question once, before any passage.

    Args:
        question: As it is searched.
        frequency: How many passages hold a word.
        passages: How many passages there are.
    """
    counts = {word: frequency(word) for word in content_words(question)}
    rarity = {word: math.log1p(passages / (1 + count)) for word, count in counts.items()}
    found = names(question)
    unknown_names = tuple(
        name.text
        for name in found
        if name.kind is Kind.NAME
        and not any(frequency(form) for word in words(name.text) for form in spellings(word))
    )
    unknown_words = tuple(word for word, count in counts.items() if not count)
    return Query(
        question,
        rarity,
        tuple(name.text for name in found),
        unknown_names,
        unknown_words,
        wanted(question),
        several(question),
    )


def gather(
    query: Query,
    hits: Sequence[Hit],
    spans: Sequence[Sequence[Span]],
    articles: Mapping[str, Article],
) -> list[Candidate]:
    """Group the spans of all hits into candidates, without evidence yet.

    Args:
        query: The question.
        hits: What was read.
        spans: The reader's spans of each hit, in the same order.
        articles: The hits' articles, by id.

    Returns:
        Candidates by the strength of their best place, best first (see RETRIEVAL). Ties are
        broken by passage and offset.
    """
    pairs = [
        (_fitted(query, span), hit)
        for hit, found in zip(hits, spans, strict=True)
        for span in (*_read(query, found), *_authors(query, hit.passage, articles))
        if span.score > LEAST_MARGIN
        and normalise(span.text)
        and _may_answer(query, span, articles[span.passage.article_id])
    ]
    pairs.sort(key=lambda pair: (-_strength(*pair), pair[0].passage.id, pair[0].start))
    groups: dict[str, list[tuple[Span, Hit]]] = {}
    held = set()  # several spans may lie in one sentence
    for span, hit in pairs:
        place = span.passage.id, span.start, span.end
        if place not in held:
            groups.setdefault(normalise(span.text), []).append((span, hit))
        held.add(place)
    return [Candidate(key, tuple(places)) for key, places in groups.items()]


def weigh(
    query: Query, candidates: Sequence[Candidate], articles: Mapping[str, Article]
) -> list[Candidate]:
    """Return the first MOST_CANDIDATES, each with the evidence that all of them make."""
    return [
        replace(candidate, evidence=_evidence(query, candidate, candidates, articles))
        for candidate in candidates[:MOST_CANDIDATES]
    ]


def _evidence(
    query: Query,
    candidate: Candidate,
    candidates: Sequence[Candidate],
    articles: Mapping[str, Article],
) -> dict[str, float]:
    span = candidate.span
    article = articles[span.passage.article_id]
    passage = f"{span.passage.text}\n{head(article, span.passage)}\n{article.published or ''}"
    rival = max(
        (other.strength for other in candidates if not same_answer(other.key, candidate.key)),
        default=LEAST_MARGIN,
    )
    named = [name for name in query.named if not _within(name, span.text)]
    missing = [name for name in named if not _mentions(passage, name)]
    absent = [name for name in missing if not _mentions(article.text[:READ_CHARS], name)]
    return {
        "margin": _clipped(span.score),
        "lead": min(MOST_LEAD, candidate.strength - rival),
        "names_absent": len(absent) / len(named) if named else 0.0,
        "reason": float(query.wants == "reason"),
    }


def _may_answer(query: Query, span: Span, article: Article) -> bool:
    """Say whether a span may answer: a byline answers nothing but who wrote the article.

    Nor does the publisher's name before the dash of a dateline answer where something was, a
    clock time how fast, or a pronoun anything.
    """
    around = (
        article.text[max(0, span.start - BESIDE) : span.start],
        article.text[span.end : span.end + BESIDE],
    )
    if another_measure(query.text, span.text, *around) or _points(span.text):
        return False
    inside = [mark for mark in article.marks if mark.start < span.end and span.start < mark.end]
    if any(mark.role is Role.BYLINE for mark in inside):
        return query.wants in {"author", "byline"}
    publisher = normalise(article.source or "")
    return not (
        any(mark.role is Role.DATELINE for mark in inside)
        and normalise(span.text) in publisher
        and publisher
    )


def _points(text: str) -> bool:
    """Say whether `text` is pronouns only; "US" and "IT" are none."""
    return all(
        word.lower() in _POINTING and (len(word) == 1 or not word.isupper())
        for word in WORD.findall(text)
    )


_DAY_AFTER_PLACE = re.compile(r"\s+(?:today|yesterday|tomorrow|tonight|now)$", re.IGNORECASE)


# "the acting minister of health, Alex Lee": a title in lower case, then the name
_TITLE_BEFORE_NAME = re.compile(r"^[a-z][^,]*,\s+(?=[A-Z][\w'’.-]+(?:\s+[A-Z][\w'’.-]+){1,3}$)")


def _fitted(query: Query, span: Span) -> Span:
    """Return what is quoted of a span for this kind of question.

    That is the place or the person asked for, without the day or the title beside it; and the
    whole sentence where the question is of yes or no. Of "rejected a rumor that the structure
    had tilted" the reader marks the last four words, which say the opposite.
    """
    if query.wants == "whether":
        text, offset = span.passage.text, span.passage.start
        start, end = sentence_around(text, span.start - offset, span.end - offset)
        return replace(span, start=offset + start, end=offset + end)
    late = _DAY_AFTER_PLACE.search(span.text) if query.wants in {"place", "person"} else None
    if late:
        span = replace(span, end=span.start + late.start())
    title = _TITLE_BEFORE_NAME.match(span.text) if query.wants == "person" else None
    return replace(span, start=span.start + title.end()) if title else span


def _read(query: Query, spans: Sequence[Span]) -> Sequence[Span]:
    """Return the reader's spans, but none where it is asked what only an article's head says."""
    return () if query.wants in STATED else spans


def _authors(query: Query, passage: Passage, articles: Mapping[str, Article]) -> list[Span]:
    """Return the author in the byline, if the question asks who wrote the article.

    No reader is trained on bylines; that retrieval found the right article is all there is
    to go by, so the span gets a fixed score.
    """
    article = articles[passage.article_id]
    if query.wants not in {"author", "byline"} or not article.byline:
        return []
    for mark in article.marks:
        if mark.role is Role.BYLINE and passage.start <= mark.start and mark.end <= passage.end:
            start = article.text.find(article.byline, mark.start, mark.end)
            if start >= 0:
                return [Span(passage, start, start + len(article.byline), AUTHOR_MARGIN)]
    return []


def _strength(span: Span, hit: Hit) -> float:
    return span.score - RETRIEVAL * (1.0 - hit.score)


def _clipped(score: float) -> float:
    return min(MOST_MARGIN, max(LEAST_MARGIN, score))


def same_answer(one: str, other: str) -> bool:
    """Say whether two normalised answers are the same, one perhaps in more words."""
    few, many = sorted((set(one.split()), set(other.split())), key=len)
    return few <= many


def covered(query: Query, text: str) -> float:
    """Return the share of the question's words, by rarity, that `text` mentions."""
    total = sum(query.rarity.values())
    if not total:
        return 0.0
    stems = _stems(text)
    return sum(weight for word, weight in query.rarity.items() if _forms(word) & stems) / total


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    found = {stem(word) for word in words(text)}
    found |= {stem(part) for word in words(text) if "-" in word for part in word.split("-")}
    for word in WORD.findall(text):
        if word[0].isupper():
            found |= roots(word)
    return frozenset(found | initials(text))


@lru_cache(maxsize=4096)
def _forms(word: str) -> frozenset[str]:
    return roots(word) | {stem(word)}


def _mentions(text: str, name: str) -> bool:
    """Say whether `text` mentions a name: in full, by surname, by initials or by a kin form."""
    telling = [word for word in words(name) if len(word) > 1 or word.isdigit()]
    if not telling:
        return True
    stems = _stems(text)
    surname = telling[-1] if len(telling) > 1 and telling[-1] not in KIN else ""
    return (
        all(_forms(word) & stems for word in telling)
        or bool(surname.isalpha() and stem(surname) in stems)
        or bool(initials(name) & stems)
        or spelled_out(name, text)
    )


def _within(name: str, text: str) -> bool:
    return normalise(name) in normalise(text)
