"""Whether a pasted quotation stands in the articles: exact, edited, or not at all.

Knows how candidate articles are found and what a difference is. Does not know how typography is
undone (form.py) or how words are aligned (align.py). Nothing here is a guess of a model: the
same text gives the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from qa.errors import QuestionError
from qa.quotes.align import Alignment, Step, align, likeness
from qa.quotes.form import ELLIPSIS, Form, Word, form, letters, words_of
from qa.text import STOPWORDS
from qa.types import Article, Scope

if TYPE_CHECKING:
    from qa.index import Snapshot

NEAR = 0.6  # least similarity of an edited quotation; chance alignments of news stay under 0.4
CLEAR, SPEAKS = 0.8, 6  # this similar and this many words: near, whatever the words are
NEARLY_AS_GOOD = 0.15  # edited matches this far below the best are listed too
MOST_WORDS = 2000  # of a pasted text
MOST_MATCHES = 100
SCANNED_ARTICLES = 5000  # up to this many articles each one is looked through, beyond only hits
PROBE_WORDS, PROBES, PROBE_HITS = 16, 8, 40
EDITED_CANDIDATES = 12  # articles that are aligned
LONGEST_WHOLE = 400_000  # characters; of a longer article only the stretches around hits are read
EVERYTHING = Scope()
Stretch = tuple[int, int]


class Verdict(StrEnum):
    """What became of the quotation."""

    EXACT = "exact"
    EDITED = "edited"
    ABSENT = "absent"


class Edit(StrEnum):
    """What was done to the article's words."""

    CHANGED = "changed"
    ADDED = "added"  # in the quotation, not in the article
    DROPPED = "dropped"  # in the article, not in the quotation


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that differ: as given in the quotation, and as found in the article."""

    op: Edit
    given: str
    found: str
    given_start: int  # offsets into the text that was pasted
    given_end: int
    start: int  # offsets into the article's text
    end: int


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """One place of one article; `quote` is the stretch as it stands there."""

    article: Article
    start: int
    end: int
    quote: str  # article.text[start:end]
    similarity: float  # in [0, 1]; 1 only when exact
    differences: tuple[Difference, ...] = ()
    parts: tuple[Stretch, ...] = ()  # the stretches that an ellipsis joins; else one

    @property
    def paragraph(self) -> int:
        """Number of the paragraph in the article, from 1."""
        return self.article.paragraph(self.start)


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """The verdict on one pasted text. `matches` is empty if and only if it is absent."""

    text: str
    verdict: Verdict
    matches: tuple[QuoteMatch, ...] = ()  # best first, then by article id and place


def find_quote(snapshot: Snapshot, text: str, scope: Scope = EVERYTHING) -> QuoteCheck:
    """Look for `text` in the articles in scope.

    Args:
        snapshot: The index as it is now.
        text: The quotation, with or without quotation marks.
        scope: Which articles are looked through.

    Returns:
        EXACT with every place where the words stand, whatever the typography; else EDITED with
        the nearest places and what differs; else ABSENT.

    Raises:
        QuestionError: There is no word in `text`, or there are too many.
    """
    if not isinstance(text, str):
        raise QuestionError(f"A quotation must be a string, not {type(text).__name__}.")
    words = words_of(text, ellipses=True)
    if not words:
        raise QuestionError("There are no words in this to look for.", cure="Paste a sentence.")
    if len(words) > MOST_WORDS:
        raise QuestionError(
            f"The quotation has {len(words):,} words; at most {MOST_WORDS:,} are compared.",
            cure="Paste a shorter one.",
        )
    hits = _hits(snapshot, words, scope)
    exact = _exact(snapshot, text, hits, scope)
    if exact:
        return QuoteCheck(text, Verdict.EXACT, exact)
    edited = _edited(snapshot, text, words, hits)
    return QuoteCheck(text, Verdict.EDITED if edited else Verdict.ABSENT, edited)


def _hits(snapshot: Snapshot, words: Sequence[Word], scope: Scope) -> dict[str, list[Stretch]]:
    """Return article id → where its hit passages stand, the likeliest article first."""
    plain = [word.key for word in words if word.key != "…"]
    step = max(PROBE_WORDS, -(-len(plain) // PROBES))
    scores: dict[str, float] = {}
    places: dict[str, list[Stretch]] = {}
    for first in range(0, len(plain), step):
        probe = " ".join(plain[first : first + PROBE_WORDS])
        best: dict[str, float] = {}
        for passage, score in snapshot.sparse(probe, PROBE_HITS, scope):
            best[passage.article_id] = max(best.get(passage.article_id, 0.0), score)
            places.setdefault(passage.article_id, []).append((passage.start, passage.end))
        for article_id, score in best.items():
            scores[article_id] = scores.get(article_id, 0.0) + score
    ranked = sorted(scores, key=lambda article_id: (-scores[article_id], article_id))
    return {article_id: sorted(set(places[article_id])) for article_id in ranked}


def _exact(
    snapshot: Snapshot, text: str, hits: dict[str, list[Stretch]], scope: Scope
) -> tuple[QuoteMatch, ...]:
    whole = form(text).key
    parts = [key for part in ELLIPSIS.split(text) if (key := form(part).key)]
    sieve = [letters(part) for part in ELLIPSIS.split(text)]

    def look(ids: Iterable[str]) -> Iterator[QuoteMatch]:
        for article_id in ids:
            article = snapshot.article(article_id)
            sieved = letters(article.text) if scope.admits(article) else ""
            if sieved and all(part in sieved for part in sieve):
                for offset, stretch in _stretches(article, hits.get(article_id, []), len(text)):
                    yield from _occurrences(article, form(stretch), offset, whole, parts)

    found = list(look(hits))
    places = {match.article.id for match in found}
    sure = len(words_of(text)) >= SPEAKS and 0 < len(places) < PROBE_HITS // 2
    if not sure:
        # BM25 sees neither boilerplate nor all that hold a few common words: look through all.
        ids = [each.id for each in snapshot.articles() if each.id not in hits]
        found += look(ids if len(ids) <= SCANNED_ARTICLES else ())
    unique = {(match.article.id, match.start, match.end): match for match in found}
    return tuple(unique[key] for key in sorted(unique))[:MOST_MATCHES]


def _stretches(
    article: Article, places: Sequence[Stretch], quote_chars: int
) -> Iterator[tuple[int, str]]:
    """Yield (offset, text) to look through: all of an article, or around hits in a huge one."""
    if len(article.text) <= LONGEST_WHOLE or not places:
        yield 0, article.text
        return
    yield from ((start, article.text[start:end]) for start, end in _around(places, quote_chars))


def _around(places: Sequence[Stretch], quote_chars: int) -> list[Stretch]:
    """Widen stretches so that a quotation that touches one is inside; join those that meet."""
    slack = 2 * quote_chars + 400
    joined: list[Stretch] = []
    for start, end in sorted((max(0, start - slack), end + slack) for start, end in places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _occurrences(
    article: Article, text: Form, offset: int, whole: str, parts: Sequence[str]
) -> Iterator[QuoteMatch]:
    """Yield each place where the whole quotation stands, else where its parts do, in order."""

    def match(stretches: list[Stretch]) -> QuoteMatch:
        moved = tuple((offset + start, offset + end) for start, end in stretches)
        start, end = moved[0][0], moved[-1][1]
        return QuoteMatch(article, start, end, article.text[start:end], 1.0, (), moved)

    at = text.find(whole)
    standing = at is not None
    while at is not None:
        yield match([text.stretch(*at)])
        at = text.find(whole, at[0] + 1)
    if standing or len(parts) < 2:  # one part is the whole
        return
    first = text.find(parts[0])
    while first is not None:
        chain = [first]
        for part in parts[1:]:
            later = text.find(part, chain[-1][1])
            if later is None:
                return
            chain.append(later)
        again = text.find(parts[0], first[0] + 1)
        if again is None or again[1] > chain[1][0]:  # else a tighter chain begins there
            yield match([text.stretch(*each) for each in chain])
        first = again


def _edited(
    snapshot: Snapshot, text: str, words: Sequence[Word], hits: dict[str, list[Stretch]]
) -> tuple[QuoteMatch, ...]:
    found: list[QuoteMatch] = []
    for article_id in list(hits)[:EDITED_CANDIDATES]:
        article = snapshot.article(article_id)
        for start, end in _around(hits[article_id], len(text)):
            near = _nearest(article, start, article.text[start:end], text, words)
            found.extend([near] if near else [])
    if not found:
        return ()
    floor = max(match.similarity for match in found) - NEARLY_AS_GOOD
    kept = [match for match in found if match.similarity >= floor]
    return tuple(
        sorted(kept, key=lambda match: (-match.similarity, match.article.id, match.start))
    )[:MOST_MATCHES]


def _nearest(
    article: Article, offset: int, stretch: str, text: str, given: Sequence[Word]
) -> QuoteMatch | None:
    found = [Word(word.key, word.start + offset, word.end + offset) for word in words_of(stretch)]
    aligned = align([word.key for word in given], [word.key for word in found])
    if aligned is None or aligned.similarity < NEAR or not _tells(aligned, given, found):
        return None
    steps = _trimmed(aligned.steps, article.text, found)
    held = [found[step.found] for step in steps if step.found is not None]
    if not held:
        return None
    start, end = held[0].start, held[-1].end
    differences = tuple(_differences(steps, text, given, article.text, found))
    # Never 1.0, which means exact: the words agree but do not stand as whole words.
    similarity = min(aligned.similarity, 0.999)
    whole = article.text[start:end]
    return QuoteMatch(article, start, end, whole, similarity, differences, ((start, end),))


def _tells(aligned: Alignment, given: Sequence[Word], found: Sequence[Word]) -> bool:
    """Say whether the telling words agree too, and not only "the", "of" and "in"."""
    if aligned.similarity >= CLEAR and len(given) >= SPEAKS:
        return True
    telling = agreed = 0.0
    for step in aligned.steps:
        if step.given is None or given[step.given].key in STOPWORDS:
            continue
        telling += 1
        if step.found is not None:
            agreed += 1 if step.same else likeness(given[step.given].key, found[step.found].key)
    return telling > 0 and agreed >= telling / 2


def _trimmed(steps: Sequence[Step], text: str, found: Sequence[Word]) -> list[Step]:
    """At either end, words that replace none of the sentence were added to it."""
    kept = list(steps)
    for order in (1, -1):
        run = kept[::order]
        edge = next((at for at, step in enumerate(run) if step.same), 0)
        for at in range(edge):
            here, beyond = run[at].found, run[edge].found
            if here is None or beyond is None:
                continue
            left, right = sorted((found[here], found[beyond]), key=lambda word: word.start)
            if any(mark in text[left.end : right.start] for mark in "\n.!?—"):
                run[at] = Step(run[at].given, None, same=False)
        kept = [step for step in run if step.given is not None or step.found is not None][::order]
    return kept


def _differences(
    steps: Sequence[Step], text: str, given: Sequence[Word], article: str, found: Sequence[Word]
) -> Iterator[Difference]:
    """Yield each run of steps that are not the same, unless only its typography differs."""
    given_end, found_end = 0, next(found[s.found].start for s in steps if s.found is not None)
    for same, run in groupby(steps, key=lambda step: step.same):
        block = list(run)
        ours = [given[step.given] for step in block if step.given is not None]
        theirs = [found[step.found] for step in block if step.found is not None]
        if not same and "".join(w.key for w in ours) != "".join(w.key for w in theirs):
            first, last = (ours[0].start, ours[-1].end) if ours else (given_end, given_end)
            start, end = (theirs[0].start, theirs[-1].end) if theirs else (found_end, found_end)
            op = Edit.CHANGED if ours and theirs else Edit.ADDED if ours else Edit.DROPPED
            yield Difference(op, text[first:last], article[start:end], first, last, start, end)
        given_end = ours[-1].end if ours else given_end
        found_end = theirs[-1].end if theirs else found_end
