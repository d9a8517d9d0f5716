"""What a conversation is about: the people and things that a pronoun may stand for.

Knows how persons, things and groups are told apart from the wording of questions and from the
pronouns that the cited article itself uses for a name. Does not know how a question is
rewritten. All of it is read off the turns, so the same turns give the same focus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from qa.conversation.grammar import (
    DETERMINERS,
    noun_phrases,
    numeric,
    plural,
    question_head,
    tokens,
)
from qa.conversation.people import LONGEST, country, organisation, role, traits, who
from qa.text import names, normalise, words

if TYPE_CHECKING:
    from qa.types import Answer, Article

ADDED = re.compile(r" \([^()]*\)(?=\?$)")  # an anchor, as resolve.py writes it
READ = 60_000  # characters of the article in focus that are looked at
MEMORY = 5  # turns that are looked back on


class Said(Protocol):
    """One turn: what was asked and what came of it. `answer` is None while it is pending."""

    @property
    def question(self) -> str:
        """As it was typed."""

    @property
    def answer(self) -> Answer | None:
        """What was answered."""


class Sort(StrEnum):
    """What something is, as far as words tell."""

    PERSON = "person"
    PLACE = "place"
    THING = "thing"  # an organisation, too
    AMOUNT = "amount"  # a number, a date, a clause: nothing that a pronoun goes back to


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a later question may mean."""

    text: str
    sort: Sort
    gender: float = 0.0  # above 0 a man, below 0 a woman, 0 unknown
    plural: bool = False
    turn: int = 0  # 0: the last turn
    answered: bool = False  # it was the answer, rather than named in the question


def searched(turn: Said) -> str:
    """Return the question of a turn as it was searched, without what was only added at its end."""
    asked = (turn.answer.searched_as if turn.answer else "") or turn.question
    whole = asked.find("?")
    return ADDED.sub("", asked[: whole + 1] if whole > 0 else asked)


def plain(text: str) -> str:
    """Return an answer as it can stand inside a question: without quotation marks."""
    return " ".join(re.sub(r"[“”\"„«»]", "", text).split()).strip(" '‘’.,;:")


def article_of(turns: Sequence[Said]) -> Article | None:
    """Return the article in focus: the one cited last."""
    for turn in reversed(turns[-MEMORY:]):
        if turn.answer is not None and turn.answer.citations:
            return turn.answer.citations[0].article
    return None


def entities(turns: Sequence[Said]) -> list[Entity]:
    """Return what the last turns were about, the latest first, an answer before its question."""
    found: list[Entity] = []
    recent = list(turns[-MEMORY:])
    for back, turn in enumerate(reversed(recent)):
        earlier = recent[: len(recent) - back]
        article = article_of(earlier)
        text = article.text[:READ] if article else ""
        found.extend(_of_answer(turn, text, back))
        found.extend(_of_question(turn, earlier[:-1], text, back))
    unique: dict[str, Entity] = {}
    for entity in found:
        held = unique.setdefault(normalise(entity.text), entity)
        if held.sort is not entity.sort and entity.answered and not held.answered:
            unique[normalise(entity.text)] = Entity(
                held.text, entity.sort, entity.gender, entity.plural, held.turn, held.answered
            )
    return list(unique.values())


def _of_answer(turn: Said, article: str, back: int) -> list[Entity]:
    if turn.answer is None or turn.answer.text is None:
        return []
    question, text = searched(turn), plain(turn.answer.text)
    wants = answer_sort(question)
    if wants is Sort.PERSON:
        return [_whoever(text, article, back)]
    if numeric(text):
        counted = _counted(question)
        return [Entity(counted, Sort.THING, 0.0, True, back, True)] if counted else []
    if wants is Sort.AMOUNT or len(words(text)) > LONGEST or clause(text):
        found = [f"- {text}"[start:end] for start, end in noun_phrases(f"- {text}", article)]
        found = [one for one in found if not numeric(one)]
        return [replace(_entity(one, article, back), answered=True) for one in found[:4]]
    return [_whatever(text, wants, article, back)]


def _whoever(text: str, article: str, back: int) -> Entity:
    """Return the answer to a "who": a person, unless it is an organisation."""
    named = who(text, article)
    if not named:
        return Entity(short(text), Sort.PERSON, 0.0, plural(text), back, True)
    read = traits(named, article)
    person = not organisation(named) and (read.person or " " in named)
    return Entity(named, Sort.PERSON if person else Sort.THING, read.gender, False, back, True)


def _whatever(text: str, wants: Sort | None, article: str, back: int) -> Entity:
    """Return any other answer that is a thing rather than a clause."""
    if wants is None and names(text) and not organisation(text):
        read = traits(text, article)
        if read.person:
            return Entity(text, Sort.PERSON, read.gender, False, back, True)
    sort = Sort.PLACE if wants is Sort.PLACE or country(text) else Sort.THING
    return Entity(spoken(text, article), sort, 0.0, plural(text), back, True)


def spoken(text: str, article: str) -> str:
    """Return an answer as one would speak of it.

    "Danish food group" is "Krone" where the article says "Krone, the Danish food group", else
    "the Danish food group" if that is how it stands.
    """
    if not text.rsplit(" ", 1)[-1][:1].islower() or numeric(text):
        return text
    common = re.sub(r"^(?:the|an?) ", "", text, flags=re.IGNORECASE)
    named = re.search(
        rf"\b([A-Z][\w&’'-]*(?: [A-Z&][\w’'-]*)*), (?:the|an?) {re.escape(common)}\b", article
    )
    if named:
        return named.group(1)
    return f"the {common}" if f"the {common}" in article else text


def _of_question(turn: Said, earlier: Sequence[Said], article: str, back: int) -> list[Entity]:
    question = searched(turn)
    start = tokens(question)[question_head(question) - 1].end if question_head(question) else 0
    found = []
    carried = [
        (question.find(text), text)
        for said in earlier
        if said.answer is not None and said.answer.text is not None
        for text in (spoken(plain(said.answer.text), article),)
        if question.find(text) >= start and not numeric(text)
    ]
    spans = [(at, at + len(text)) for at, text in carried]
    spans += [span for span in noun_phrases(question, article) if span[0] >= start]
    for first, last in sorted(dict.fromkeys(spans), key=lambda span: (span[0], -span[1])):
        text = question[first:last]
        bare = re.sub(r"['’]s?$", "", text)
        if numeric(bare):
            continue
        found.append(_entity(bare, article, back))
    counted = _counted(question)
    if counted and not any(counted in entity.text for entity in found):
        found.append(Entity(counted, Sort.THING, 0.0, True, back))
    return found


def _entity(text: str, article: str, back: int) -> Entity:
    named = not any(token.low in DETERMINERS for token in tokens(text)[:1])
    if named and names(f"x {text}"):
        read = traits(text, article)
        plain = text.rsplit(" ", 1)[-1][:1].isupper()  # "Bellamy's pension trustees" is no name
        if plain and read.person and not organisation(text) and not country(text):
            return Entity(text, Sort.PERSON, read.gender, False, back)
        sort = Sort.PLACE if country(text) else Sort.THING
        return Entity(text, sort, 0.0, plural(text) and not plain, back)
    text = re.sub(r"^an?\s", "the ", text)
    sort = Sort.PERSON if role(text) else Sort.THING
    return Entity(text, sort, 0.0, plural(text), back)


def answer_sort(question: str) -> Sort | None:
    """Return what a question asks for, or None when its words do not say."""
    phrase = [token.low for token in tokens(question)[: question_head(question)]]
    asked = set(phrase)
    noun = " ".join(phrase) if len(phrase) > 1 and asked & {"which", "what"} else ""
    cases = (
        (asked & {"who", "whom", "whose"}, Sort.PERSON),
        (asked & {"where"}, Sort.PLACE),
        (asked & {"when", "how", "why"}, Sort.AMOUNT),
        (noun and role(noun), Sort.PERSON),
        (noun and asked & _PLACES, Sort.PLACE),
        (noun, Sort.THING),
    )
    return next((sort for holds, sort in cases if holds), None)


_PLACES = {"country", "city", "town", "place", "state", "region", "village", "island", "port"}


def _counted(question: str) -> str:
    """Return what a "how many" question counts: "the runners"."""
    found = tokens(question)
    past = question_head(question)
    lows = [token.low for token in found[:past]]
    if "many" not in lows or lows[-1] == "many":
        return ""
    first = lows.index("many") + 1
    if lows[first] in {"times", "percent", "of"}:
        return ""
    return f"the {question[found[first].start : found[past - 1].end]}"


def clause(text: str) -> bool:
    """Say whether an answer is a reason or a clause rather than a thing."""
    first = [token.low for token in tokens(text)[:2]]
    return bool(first) and first[0] in {
        "because",
        "to",
        "by",
        "that",
        "after",
        "so",
        "he",
        "she",
        "they",
        "it",
    }


def short(text: str) -> str:
    """Return a phrase cut before what qualifies it, if it is long."""
    if len(words(text)) <= LONGEST // 2:
        return text
    return re.split(r",|\s(?:who|which|that|in|at|on|from|by)\s", text)[0] or text
