"""Near-miss questions within one passage: asked about something else that it names.

Knows names, numbers and nouns, and which sentences of a passage hardly answer a question. Does
not know how the reader is trained. What `qa.train.augment` swaps in stands nowhere in the
passage, so a reader can tell by looking for words; here only what is said of a thing tells. Of
SQuAD 2.0's unanswerable questions many are like this: their writers had the paragraph before them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from qa.text import content_words
from qa.train.augment import NUMBER, YEAR, names_in, occurs, put_for
from qa.train.negatives import terms
from qa.train.reword import word_forms

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

_ASKED_FOR = re.compile(r"(?:\w+ ){0,6}?(?:what|which|how many|whose)\s+(\w+)", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")


class _Kind(NamedTuple):
    name: str
    find: Callable[[str], list[str]]
    alike: Callable[[str, str], bool]  # whether one may stand in the other's place


def crossed(
    question: str, near: str, elsewhere: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    """Ask about something else that the same passage names: (changed question, kind), or None.

    What is swapped in stands in the passage, so that only what is said of it tells the two
    questions apart.

    Args:
        question: Its answer stands in `near`.
        near: The sentences that hold the answer, and hold at least half of the question's words.
        elsewhere: The passage's other sentences. What is swapped in is taken from those with at
            most half of the question's other words: they hardly answer what is asked now.
        draw: The dice.
    """
    passage = " ".join((near, *elsewhere))
    kinds = [*_KINDS]
    draw.shuffle(kinds)
    for kind, find, alike in kinds:
        held = [thing for thing in find(question) if occurs(thing, passage)]
        draw.shuffle(held)
        for old in held:
            rest = set(terms(question.replace(old, " ")))
            if not rest or 2 * len(rest.intersection(terms(near))) < len(rest):
                continue
            taken = (near + " " + question).lower()
            pool = {
                new
                for sentence in elsewhere
                if 2 * len(rest.intersection(terms(sentence))) <= len(rest)
                for new in find(sentence)
                if alike(old, new) and not any(word.lower() in taken for word in new.split())
            }
            if pool:
                return put_for(old, draw.choice(sorted(pool)), question), kind
    return None


def _numbers_in(text: str) -> list[str]:
    return list(dict.fromkeys(match.group() for match in NUMBER.finditer(text)))


def _nouns_in(text: str) -> list[str]:
    """Return the words that can only be nouns, but for the one that says what is asked for."""
    asked = _ASKED_FOR.match(text)
    telling = set(content_words(text)) - ({asked.group(1)} if asked else set())
    return [
        word
        for word in dict.fromkeys(_PLAIN_WORD.findall(text))
        if word in telling and set(word_forms().getAllLemmas(word)) == {"NOUN"}
    ]


def _other_name(old: str, new: str) -> bool:
    return not {*old.lower().split()} & {*new.lower().split()}


def _both_years_or_none(old: str, new: str) -> bool:
    return bool(YEAR.fullmatch(old)) == bool(YEAR.fullmatch(new))


def _same_number(old: str, new: str) -> bool:
    """Say whether both nouns are singular, or both plural."""
    old_plural, new_plural = (
        word not in word_forms().getAllLemmas(word)["NOUN"] for word in (old, new)
    )
    return old_plural == new_plural


_KINDS = (
    _Kind("name", names_in, _other_name),
    _Kind("number", _numbers_in, _both_years_or_none),
    _Kind("noun", _nouns_in, _same_number),
)
