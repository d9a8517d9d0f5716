"""Near-miss questions: one name, number or date swapped, so that the articles do not answer.

Knows how to find what can be swapped and what for, by capitals, digits and the words around
them; no tagger is used. Does not know how questions are answered. The same questions, texts
and seed give the same swaps. It is wary: what cannot be told apart safely is skipped, and
counted as such.

A swap keeps its kind (a place for a place), and
- takes away something that the question's own article says;
- brings in something that stands elsewhere in the corpus and not in that article, in no form
  ("Cuban" for "Cuba");
- leaves no article that holds what was brought in together with half of the question's other
  words, so that no other article answers by chance;
- never touches a number or date after "since", "before", "at least" and the like, where
  another value may be just as true.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from qa.evaluate.swap_kinds import Census, Kind, Thing, things
from qa.names import roots
from qa.text import content_words, fold, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa.evaluate.datasets import Context, Question

MEASURED = frozenset({Kind.YEAR, Kind.NUMBER, Kind.MONTH, Kind.DAY})
SHARED = 0.5  # of the question's other content words in an article that names the new thing
TRIES = 40  # candidates looked at for one swap
_OPEN_ENDED = re.compile(
    r"\b(?:since|after|before|until|till|by|than|between|and|to|from|over|under|least|most|about"
    r"|around|top|bottom|nearly|almost|within|every|per|above|below|exceed\w*|up|late|early|mid)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Swapped:
    """The questions made, all unanswerable, and why the others were not."""

    questions: tuple[Question, ...]  # ids are the old ones with "~swap"; kind is "swap: year"
    counts: Mapping[str, int]  # questions made, by kind
    skipped: Mapping[str, int]  # answerable questions passed over, by reason


def texts(contexts: Iterable[Context]) -> dict[str, str]:
    """Return the texts of contexts by the id that questions name as their article."""
    return {context.id: context.text for context in contexts}


def swap(questions: Sequence[Question], articles: Mapping[str, str], seed: int = 0) -> Swapped:
    """Make at most one near-miss of each answerable question.

    Args:
        questions: Unanswerable ones are passed over.
        articles: Texts by article id: the whole corpus that will be searched.
        seed: Decides among the swaps that are possible.
    """
    corpus = Corpus(articles, questions)
    made: list[Question] = []
    skipped: Counter[str] = Counter()
    for question in questions:
        if not question.answerable:
            continue
        if question.article is None or question.article not in articles:
            skipped["its article is not known"] += 1
            continue
        if any(_has(question.question, answer) for answer in question.answers):
            skipped["it names its own answer"] += 1  # "Was it X or Y?"
            continue
        found, reason = _near_miss(question, corpus, seed)
        if found is None:
            skipped[reason] += 1
        else:
            made.append(found)
    counts = Counter(question.kind.removeprefix("swap: ") for question in made)
    return Swapped(tuple(made), dict(sorted(counts.items())), dict(sorted(skipped.items())))


def _near_miss(question: Question, corpus: Corpus, seed: int) -> tuple[Question | None, str]:
    draw = random.Random(f"{seed}\0{question.id}")  # noqa: S311  # no secret
    held = [
        thing
        for thing in things(question.question, corpus.census)
        if _may_go(thing, question, corpus)
    ]
    if not held:
        return None, "it names nothing that can be swapped"
    draw.shuffle(held)
    for old in held:
        pool = corpus.pool(old)
        for new in draw.sample(pool, min(TRIES, len(pool))):
            if _may_come(new, old, question, corpus):
                return _swapped(question, old, new), ""
    return None, "nothing fits in its place"


def _may_go(thing: Thing, question: Question, corpus: Corpus) -> bool:
    before = question.question[: thing.start]
    if thing.kind in MEASURED and _OPEN_ENDED.search(before):
        return False
    if any(_has(answer, thing.text) for answer in question.answers):
        return False
    once = len(_pattern(thing.text).findall(question.question)) == 1
    return once and _has(corpus.articles[question.article or ""], thing.text)


def _may_come(new: str, old: Thing, question: Question, corpus: Corpus) -> bool:
    article = question.article or ""
    forms = {form for word in words(new) for form in roots(word)}
    nearby = corpus.forms[article] | {
        form
        for text in (question.question, *question.answers)
        for word in words(text)
        for form in roots(word)
    }
    if forms & nearby:
        return False
    rest = question.question[: old.start] + " " + question.question[old.end :]
    asked = {stem(word) for word in content_words(rest)}
    return all(
        len(asked & corpus.stems[name]) <= SHARED * len(asked) for name in corpus.holding(new)
    )


def _swapped(question: Question, old: Thing, new: str) -> Question:
    text = question.question
    changed = _article_agrees(text[: old.start], new) + new + text[old.end :]
    return replace(
        question,
        id=f"{question.id}~swap",
        question=changed,
        answers=(),
        kind=f"swap: {old.kind.value}",
    )


def _article_agrees(before: str, new: str) -> str:
    """Make "a" before the new name "an", or the reverse, where its first letter asks for it."""
    found = re.search(r"\b([Aa])n? $", before)
    if not found:
        return before
    vowel = new[:1].lower() in "aeiou"
    return before[: found.start()] + found.group(1) + ("n " if vowel else " ")


class Corpus:
    """What stands where in the texts."""

    def __init__(self, articles: Mapping[str, str], questions: Sequence[Question]) -> None:
        """Read every text once."""
        self.articles = articles
        self.stems = {
            name: frozenset(stem(word) for word in words(text)) for name, text in articles.items()
        }
        self.forms = {
            name: frozenset(form for word in set(words(text)) for form in roots(word))
            for name, text in articles.items()
        }
        self.census = Census([*articles.values(), *(q.question for q in questions)])

    @cached_property
    def _postings(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name, held in self.forms.items():
            for form in held:
                found.setdefault(form, set()).add(name)
        return {form: frozenset(names) for form, names in found.items()}

    def holding(self, thing: str) -> list[str]:
        """Return the ids of the articles with every word of `thing`, in some form."""
        by_word = [
            frozenset().union(*(self._postings.get(form, frozenset()) for form in roots(word)))
            for word in words(thing)
        ]
        return sorted(frozenset.intersection(*by_word)) if by_word else []

    def pool(self, old: Thing) -> list[str]:
        """Return what may stand in the place of `old`, in a fixed order."""
        return [text for text in self.census.like(old) if fold(text) != fold(old.text)]


def _has(text: str, thing: str) -> bool:
    return _pattern(thing).search(text) is not None


def _pattern(thing: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,]){re.escape(thing)}(?!\w|[.,]\d)", re.IGNORECASE)
