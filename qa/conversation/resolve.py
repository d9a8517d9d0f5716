"""A question in a conversation, rewritten so that it can be asked alone.

Knows when a question leans on the turns before and what each of its words then stands for. Does
not know an index or a model: the same turns and question give the same resolution. What it did
is said in `why`, so that people can see and correct it.

Without a language model the field adds words of earlier turns to the search (HQExp, Yang et al.,
TREC CAsT 2019; QuReTeC, Voskarides et al., SIGIR 2020). A span reader reads the question too, so
here it is made a whole sentence, and the words go where they belong. Where that finds no answer,
often because an answer before was wrong, the expanded question is a second try.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.conversation.ellipsis import complete, is_bare_wh, is_fragment, statement, substitute
from qa.conversation.focus import (
    MEMORY,
    READ,
    Entity,
    Said,
    Sort,
    answer_sort,
    article_of,
    entities,
    plain,
    searched,
    short,
    spoken,
)
from qa.conversation.grammar import (
    ABOUT,
    AUXILIARIES,
    BE,
    CONNECTIVES,
    DETERMINERS,
    PREPOSITIONS,
    Token,
    head,
    is_name,
    noun_phrases,
    numeric,
    tokens,
    verb,
)
from qa.conversation.people import SURE, organisation, traits
from qa.text import Kind, content_words, names, stem, words
from qa.types import Article

MOST_KEPT = 6  # passages kept in the pool
LONGEST_ANCHOR = 6  # words
FADING = 0.8  # what an anchor loses with each turn
TELLING = 4  # content words from which a question needs no anchor
SHARED = 0.5  # share of a nameless question's words that the article in focus must hold
_MALE = {"he", "him", "his", "himself"}
_FEMALE = {"she", "her", "hers", "herself"}
_NEUTER = {"it", "its", "itself"}
_MANY = {"they", "them", "their", "theirs", "themselves"}
_OWNING = {"his", "her", "its", "their", "hers", "theirs"}
_EMPTY_IT = re.compile(
    r"\b(?:it (?:take|takes|took|true|possible|likely|known|clear|rain|snow)|time is it"
    r"|it that|it (?:is|was) that)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is searched instead of a question, and why."""

    question: str  # as searched; the one typed when it stands by itself
    keep: tuple[str, ...] = ()  # ids of passages that stay in the pool, the cited ones first
    why: str = ""  # for people; "" when nothing was done
    expanded: str = ""  # as typed, with telling words of the turns before; the second try

    @property
    def leans(self) -> bool:
        """Say whether the turns before were needed."""
        return bool(self.keep or self.why)


@dataclass(frozen=True, slots=True)
class Mind:
    """What the turns so far leave in mind."""

    said: Sequence[Said]  # the latest last
    focus: Sequence[Entity]  # the latest first
    text: str  # of the article in focus


def resolve(question: str, turns: Sequence[Said]) -> Resolution:
    """Rewrite `question` in the light of the turns before it, the latest last."""
    said = [turn for turn in turns if turn.answer is not None][-MEMORY:]
    bare = CONNECTIVES.sub("", question.strip())
    if not said or not tokens(bare):
        return Resolution(question)
    article = article_of(said)
    text = article.text[:READ] if article else ""
    about = ABOUT.match(bare)
    fragment = bare[about.end() :] if about else bare
    joined = bool(about) or bare != question.strip()
    focus = entities(said)
    mind = Mind(said, focus, text)
    notes: list[str] = []
    if not about and is_bare_wh(bare):
        last = said[-1].answer
        answer = spoken(plain(last.text), text) if last is not None and last.text else None
        done = complete(bare, searched(said[-1]), answer)
        notes.append("completed from the question before")
    elif tokens(fragment) and is_fragment(fragment, joined):
        inner = _spelled(fragment, mind, notes)
        done = substitute(inner, [searched(turn) for turn in reversed(said)], text)
        notes.append("the question before, asked about this instead")
    else:
        done = _spelled(_widened(bare, focus, notes), mind, notes)
    if not notes and _dangling(bare, text):
        why = "the words of the questions before were added"
        return Resolution(_expanded(question, said), _kept(said), why)
    if not notes:
        if article is None or not _stays(bare, text):
            return Resolution(question)
        notes.append(f"read as still about “{article.title}”")
    enough = _named(done) or len(content_words(done)) >= TELLING
    anchor = "" if enough else _anchor(focus, article)
    if anchor and anchor.casefold() not in done.casefold():
        done = f"{done.rstrip(' ?')} ({anchor})?"
        notes.append(f"“{anchor}” added from the conversation")
    done = done[:1].upper() + done[1:]
    why = "; ".join(dict.fromkeys(notes))
    return Resolution(done, _kept(said), why, _expanded(question, said))


def _dangling(question: str, article: str) -> bool:
    """Say whether a pronoun is left that goes back to nothing known, after an abstention mostly."""
    found = tokens(question)
    return not _EMPTY_IT.search(question) and any(
        token.low in _MALE | _FEMALE | _NEUTER | _MANY
        and not _own_name(found[:at], token.low, article)
        for at, token in enumerate(found)
    )


def _expanded(question: str, said: Sequence[Said]) -> str:
    """Return the question with the words of those before it (HQExp), which trusts no answer."""
    known = set(content_words(question))
    earlier = [word for turn in said for word in content_words(turn.question)]
    return " ".join([question, *(word for word in dict.fromkeys(earlier) if word not in known)])


def _spelled(question: str, mind: Mind, notes: list[str]) -> str:
    """Put names and things in the place of pronouns."""
    found = tokens(question)
    pieces: list[str] = []
    at = 0
    for place, token in enumerate(found):
        if token.low in _MALE | _FEMALE | _NEUTER | _MANY:
            new = _pronoun(found, place, question, mind)
        else:
            new = _pointing(found, place, mind)
        if new:
            pieces += [question[at : token.start], new]
            at = token.end
            notes.append(f"“{token.text}” read as “{new}”")
    return "".join(pieces) + question[at:]


def _pronoun(found: Sequence[Token], place: int, question: str, mind: Mind) -> str:
    """Return what a personal or possessive pronoun stands for, or ""."""
    low, after = found[place].low, _next(found, place)
    if _own_name(found[:place], low, mind.text) or (low == "it" and _EMPTY_IT.search(question)):
        return ""
    entity = _antecedent(low, mind.focus)
    if entity is None:
        return ""
    owning = low in _OWNING - {"her"} or (
        low == "her" and bool(after) and after not in PREPOSITIONS | AUXILIARIES
    )
    return possessive(short(entity.text)) if owning else entity.text


def _pointing(found: Sequence[Token], place: int, mind: Mind) -> str:
    """Return what "that", "there" or "then" points back to, or ""."""
    low, last = found[place].low, place == len(found) - 1
    if not place:
        return ""
    if low in {"that", "this"} and last:
        return _fact(mind.said[-1], found[place - 1])
    if low == "there" and not {found[place - 1].low, _next(found, place)} & BE:
        where = next((entity.text for entity in mind.focus if entity.sort is Sort.PLACE), "")
        return where if not where or tokens(where)[0].low in PREPOSITIONS else f"in {where}"
    if low == "then" and last:
        answers = [turn.answer.text for turn in reversed(mind.said) if turn.answer]
        when = next((a for a in answers if a and re.search(r"\d{4}", a) and numeric(a)), "")
        return f"in {re.sub(r'^in ', '', when)}" if when else ""
    return ""


def _next(found: Sequence[Token], place: int) -> str:
    return found[place + 1].low if place + 1 < len(found) else ""


def _antecedent(pronoun: str, focus: Sequence[Entity]) -> Entity | None:
    """Return what a pronoun goes back to: of those that agree, the one nearest in mind."""
    costs = [
        (cost, place) for place, e in enumerate(focus) if (cost := _cost(pronoun, e)) is not None
    ]
    return focus[min(costs)[1]] if costs else None


def _cost(pronoun: str, entity: Entity) -> float | None:
    """Return how far an entity is from mind, in turns; None when it does not agree."""
    person, place = entity.sort is Sort.PERSON, entity.sort is Sort.PLACE
    cost: float | None
    if pronoun in _MALE | _FEMALE:
        cost = _cost_of_person(pronoun, entity)
    elif pronoun in _NEUTER:
        cost = None if person else 1.0 * entity.plural + 0.6 * place
    else:
        cost = 0.0 if entity.plural else 1.5 if person or place else 1.0
    return None if cost is None else entity.turn + cost


def _cost_of_person(pronoun: str, entity: Entity) -> float | None:
    person = entity.sort is Sort.PERSON
    agrees = entity.gender if pronoun in _MALE else -entity.gender
    if entity.answered and not person and is_name(tokens(entity.text)[0]):
        return 3.0  # a name of which nothing is known
    if not person or entity.plural or agrees <= -SURE:
        return None
    return 0.0 if agrees >= SURE else 0.7 if agrees >= 0 else 1.2


def _own_name(before: Sequence[Token], pronoun: str, article: str) -> bool:
    """Say whether the question itself names whom a pronoun may mean."""
    if pronoun in _MANY and {"that", "who", "which", "whose"} & {token.low for token in before[1:]}:
        return True  # "families that lost their house"
    text = " ".join(["x", *(token.text for token in before)])
    for name in names(text):
        if name.kind is not Kind.NAME:
            continue
        if tokens(name.text)[-1].text not in article:
            return True  # somebody new, of whom nothing is known
        person = traits(name.text, article).person and not organisation(name.text)
        if person == (pronoun in _MALE | _FEMALE):
            return True
    return False


def _fact(turn: Said, before: Token) -> str:
    """Return what "that" means at the end of a question: what the last turn said."""
    answer = plain(turn.answer.text or "") if turn.answer else ""
    if not answer:
        return ""
    sort = answer_sort(searched(turn))
    if (sort is None or sort is Sort.THING) and not numeric(answer):
        return answer
    linked = verb(before.low) and before.low not in PREPOSITIONS
    fact = statement(searched(turn), answer)
    return f"that {fact}" if linked else fact


def possessive(text: str) -> str:
    """Return "Alan Gross's", "the farmers'"."""
    common_plural = text.endswith("s") and not text.rsplit(maxsplit=1)[-1][0].isupper()
    return f"{text}'" if common_plural else f"{text}'s"


def _widened(question: str, focus: Sequence[Entity], notes: list[str]) -> str:
    """Spell out "the offer" as "the rival offer for Bellamy", if that was spoken of."""
    for start, end in noun_phrases(question):
        phrase = question[start:end]
        found = tokens(phrase)
        if found[0].low not in DETERMINERS - {"a", "an"} or not 2 <= len(found) <= 3:
            continue
        if any(token.text[0].isupper() for token in found[1:]):
            continue
        longer = [
            entity.text
            for entity in focus
            if head(entity.text) == head(phrase)
            and len(words(entity.text)) > len(found)
            and set(content_words(phrase)) <= set(content_words(entity.text))
        ]
        said_already = longer and longer[0].casefold() in question.casefold()
        if longer and not said_already and len(words(longer[0])) <= 2 * len(found) + 4:
            notes.append(f"“{phrase}” read as “{longer[0]}”")
            return question[:start] + longer[0] + question[end:]
    return question


def _named(question: str) -> bool:
    return any(name.kind is Kind.NAME for name in names(question))


def _stays(question: str, article: str) -> bool:
    """Say whether a question without a name stays with the article in focus."""
    if _named(question) or not article:
        return False
    asked = {stem(word) for word in content_words(question)}
    held = {stem(word) for word in words(article)}
    return bool(asked) and len(asked & held) >= SHARED * len(asked)


def _anchor(focus: Sequence[Entity], article: Article | None) -> str:
    """Return what the conversation turns on: named in the title, else often in the article."""
    if article is None:
        return ""
    title = {stem(word) for word in words(article.title)}
    scored = []
    for place, entity in enumerate(focus):
        telling = {stem(word) for word in content_words(entity.text)}
        named = [name.text for name in names(f"x {entity.text}") if name.kind is Kind.NAME]
        often = sum(article.text.count(name) for name in named)
        score = 3 * len(telling & title) + min(often, 5)
        if score and len(words(entity.text)) <= LONGEST_ANCHOR:
            weight = (0.5 if entity.sort is Sort.PERSON else 1.0) * FADING**entity.turn
            scored.append((-score * weight, place, entity.text))
    return min(scored)[2] if scored else ""


def _kept(said: Sequence[Said]) -> tuple[str, ...]:
    """Return the passages cited last, then those of the same article that were found."""
    article = article_of(said)
    if article is None:
        last = said[-1].answer
        return tuple(hit.passage.id for hit in last.hits[: MOST_KEPT // 2]) if last else ()
    cited, found = [], []
    for turn in reversed(said):
        if turn.answer is None:
            continue
        cited += [c.passage.id for c in turn.answer.citations if c.article.id == article.id]
        found += [h.passage.id for h in turn.answer.hits if h.passage.article_id == article.id]
    return tuple(dict.fromkeys([*cited, *found]))[:MOST_KEPT]
