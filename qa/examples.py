"""Example questions made from the articles themselves, so that a newcomer has something to click.

Knows a few shapes of English sentences that turn into a question by moving words. Does not know
how a question is answered: `ask` is given, and only what it answers from the very sentence the
question was made of is offered. The same index gives the same examples.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.conversation.grammar import AUXILIARIES, DETERMINERS, plural, tokens, verb
from qa.conversation.people import organisation, role
from qa.sentences import sentences
from qa.text import Kind, content_words, fold, names, normalise

if TYPE_CHECKING:
    from qa.index import Snapshot
    from qa.types import Answer

SURE = 0.6  # confidence from which an example is offered
ARTICLES_TRIED = 4  # for each example wanted, at a time
ARTICLES_READ = 600  # at most; of some collections hardly a sentence can be turned
MOST_ASKED = 12  # questions for each example wanted; asking is what takes time
ASKED = 3  # questions asked of one article, at most
SENTENCES_READ = 60  # of one article
LONGEST, SHORTEST = 18, 4  # words of an example

_NAME = r"[A-Z][\w’'.-]*(?: (?:(?:of|de|da|van|von|bin|al|the) )?[A-Z][\w’'-]*)*"
_PERSON = (
    r"(?:Dr\.? |Professor )?[A-Z][\w’'-]+ (?:(?:de|da|van|von|bin|al|De|Van|[A-Z]\.) )?"
    r"[A-Z][\w’'-]+"
)
_AMOUNT = r"(?:about |around |nearly |almost |more than |at least |over |some )?\d[\d,.]*"
_UNIT = r"(?:(?:million|billion|thousand) )?(?:[a-z-]+ ){0,1}[a-z]{3,}s\b|people\b|children\b"
# "the director of the museum, Wim De Backer," and "Rosa Imbert, president of the union,"
_BEFORE = re.compile(
    rf"(?:^|[\s“\"])((?:[Tt]he|{_NAME}[’']s) (?:[\w-]+ ){{0,4}}?[a-z]+"
    rf"(?: (?:of|for|at) (?:the )?{_NAME})?), ({_PERSON})(?=[,.;]| said)"
)
_AFTER = re.compile(
    rf"\b({_PERSON}), (?:the )?"
    rf"((?!an? )(?:[a-z-]+ ){{0,3}}[a-z]+ (?:of|for|at) (?:the )?{_NAME})(?=[,.;])"
)
_YEAR = re.compile(
    rf"^({_NAME}|The [a-z -]+?) (was|were) ([a-z]+)((?: [a-z]+)?) (in (?:1[5-9]|20)\d\d)\b(?! and)"
)
_SUBJECT = re.compile(rf"^((?:The )?{_NAME}|The (?:[a-z-]+ ){{0,2}}?[a-z-]+) (?=[a-z])")
_COUNT = re.compile(rf"^(({_AMOUNT})(?: percent)?) ({_UNIT})(.*)$")


@dataclass(frozen=True, slots=True)
class Made:
    """A question made of one sentence, with the answer that stands there."""

    question: str
    answer: str
    kind: str  # who, number, when, why
    article: str  # id
    start: int  # of the sentence
    end: int


def example_questions(snapshot: Snapshot, n: int, ask: Callable[[str], Answer]) -> list[str]:
    """Return at most `n` questions that the articles answer, from as many articles as can be.

    Args:
        snapshot: The index as it is now.
        n: Most questions to return.
        ask: Answers a question from the same index, as `Pipeline.ask` does.
    """
    ids = sorted((article.id for article in snapshot.articles()), key=_dice)[:ARTICLES_READ]
    offered: list[str] = []
    asked = 0
    for one in _in_turn(snapshot, ids, ARTICLES_TRIED * n):
        if len(offered) >= n or asked >= MOST_ASKED * n:
            break
        if one.question not in offered:
            asked += 1
            if _holds(ask(one.question), one):
                offered.append(one.question)
    return offered


def _in_turn(snapshot: Snapshot, ids: list[str], tried: int) -> Iterator[Made]:
    """Yield questions on `tried` articles at a time, one of each, then a second of each."""
    for first in range(0, len(ids), max(1, tried)):
        made = [
            _made_of(snapshot, article_id, place)
            for place, article_id in enumerate(ids[first : first + tried])
        ]
        for rounds in range(ASKED):
            for questions in made:
                yield from questions[rounds : rounds + 1]


def _dice(article_id: str) -> tuple[str, str]:
    """Return a number for an article that depends on nothing but its id."""
    return hashlib.sha256(article_id.encode()).hexdigest(), article_id


def _made_of(snapshot: Snapshot, article_id: str, turn: int) -> list[Made]:
    """Return questions on one article, of different kinds; which kind is first takes turns."""
    made: dict[str, Made] = {}
    read = 0
    article = snapshot.article(article_id).text
    for passage in snapshot.passages(article_id):
        for start, end in sentences(passage.text):
            read += 1
            if read > SENTENCES_READ:
                break
            for question, answer, kind in questions_of(passage.text[start:end], article):
                one = Made(
                    question, answer, kind, article_id, passage.start + start, passage.start + end
                )
                made.setdefault(kind, one)
    kinds = ["who", "number", "why", "when"]
    order = kinds[turn % 4 :] + kinds[: turn % 4]
    return [made[kind] for kind in order if kind in made]


def _holds(answer: Answer, made: Made) -> bool:
    """Say whether the question was answered for sure, rightly, and from its own sentence."""
    if answer.text is None or answer.confidence < SURE:
        return False
    ours, theirs = set(normalise(made.answer).split()), set(normalise(answer.text).split())
    agrees = len(ours & theirs) >= 0.5 * max(len(ours), 1)
    return agrees and any(
        citation.article.id == made.article and made.start <= citation.start < made.end
        for citation in answer.citations
    )


def questions_of(sentence: str, article: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (question, answer, kind) for each shape that `sentence` of `article` has."""
    for maker in (_who_is, _how_many, _why, _when):
        for raw, answer, kind in maker(sentence):
            question = _cased(raw, sentence, article)
            count = len(tokens(question))
            if SHORTEST <= count <= LONGEST and _specific(question) and _plain(question):
                yield f"{question}?", answer, kind


def _cased(question: str, sentence: str, article: str) -> str:
    """Write the first word of the sentence small, if that is how the article writes it."""
    first = tokens(sentence)[0].text
    if first == first.capitalize() and re.search(rf"[a-z,] {re.escape(first.lower())}\b", article):
        return re.sub(rf"(?<= ){re.escape(first)}\b", first.lower(), question, count=1)
    return question


def _specific(question: str) -> bool:
    """Say whether a question can be understood without the article: it names something."""
    named = [name for name in names(question) if name.kind is Kind.NAME]
    return bool(named) and len(content_words(question)) >= 2


def _plain(question: str) -> bool:
    """Say whether nothing in it points outside it, or belongs to a quotation."""
    pointing = (
        "it its he his she her they their them this that these those here there last we our us"
        " i me my you your i've i'm i'd we've we're you've"
    )
    lows = {token.low.replace("’", "'") for token in tokens(question)}
    return not lows & set(pointing.split()) and not re.search(r"[“”\"()\[\]:;—–]", question)


def _who_is(sentence: str) -> Iterator[tuple[str, str, str]]:
    for match in _BEFORE.finditer(sentence):
        office, person = match.groups()
        if _office(office) and not organisation(person):
            yield f"Who is {_lowered(office)}", person, "who"
    for match in _AFTER.finditer(sentence):
        person, office = match.groups()
        if _office(office) and not organisation(person):
            yield f"Who is the {office}", person, "who"


def _office(phrase: str) -> bool:
    """Say whether a phrase is one person's office: "the director of …", not "the two of …"."""
    lows = [token.low for token in tokens(phrase)]
    gone = {"former", "late", "then", "other", "one", "another", "member", "first", "acting", "as"}
    return (
        role(phrase) and not plural(phrase) and not gone & set(lows) and not AUXILIARIES & set(lows)
    )


def _lowered(phrase: str) -> str:
    return phrase[0].lower() + phrase[1:] if phrase.startswith("The ") else phrase


def _clause(sentence: str) -> tuple[str, str, str] | None:
    """Split "Bellamy runs 612 shops and …" into subject, verb and the rest of its clause."""
    found = _SUBJECT.match(sentence)
    if not found:
        return None
    subject = found.group(1)
    rest = sentence[found.end() :]
    first = tokens(rest)[0] if tokens(rest) else None
    if first is None or names(sentence)[:1] == [] or fold(subject) in DETERMINERS:
        return None
    shape = verb(first.low)
    if first.low not in AUXILIARIES and (shape is None or shape.form not in {"past", "s"}):
        return None
    return _lowered(subject), first.text, rest[first.end :].strip()


def _asked(subject: str, spoken: str, rest: str) -> str:
    """Return "did the agency start …" or "was the crater …": the clause as a question ends."""
    if spoken in AUXILIARIES - {"had", "has", "have", "do", "does", "did"}:
        return f"{spoken} {subject} {rest}"
    shape = verb(spoken)
    if shape is None:
        return ""
    return f"{'does' if shape.form == 's' else 'did'} {subject} {shape.base} {rest}"


def _end(text: str) -> str:
    """Return a clause up to what follows it."""
    return re.split(r"[,;.:?!—–“”\"()]|\s(?:and|but|while|which|who|because|although)\s", text)[
        0
    ].strip()


def _how_many(sentence: str) -> Iterator[tuple[str, str, str]]:
    parts = _clause(sentence)
    if not parts:
        return
    subject, spoken, rest = parts
    found = _COUNT.match(rest)
    if not found or spoken in AUXILIARIES:
        return
    amount, unit, more = found.group(1), found.group(3), _end(found.group(4))
    if unit.startswith(("million", "billion", "thousand")):
        scale, _, unit = unit.partition(" ")
        amount = f"{amount} {scale}"
    much = re.match(r"(?:euros|dollars|pounds|pesos|crowns|francs|rupees|percent)\b", unit)
    asked = _asked(subject, spoken, more).strip()
    if asked and not much:
        yield f"How many {unit.strip()} {asked}", amount, "number"


def _why(sentence: str) -> Iterator[tuple[str, str, str]]:
    found = re.match(r"^([^,;:“”\"]+?),? because (?!of )([^“”\"]+?)[.?!]$", sentence)
    parts = _clause(found.group(1)) if found else None
    if found and parts:
        subject, spoken, rest = parts
        asked = _asked(subject, spoken, rest).strip()
        if asked and " and " not in asked:
            yield f"Why {asked}", found.group(2), "why"


def _when(sentence: str) -> Iterator[tuple[str, str, str]]:
    found = _YEAR.match(sentence)
    if found:
        subject, was, done, more, year = found.groups()
        if done.endswith("ed") or verb(done):
            yield f"When {was} {_lowered(subject)} {done}{more}", year, "when"
