"""Near-miss questions: one small change, and the paragraph no longer answers.

Knows the ways in which people wrote SQuAD 2.0's unanswerable questions (Rajpurkar, Jia &
Liang, ACL 2018, table 2): a name, number or date swapped, an antonym, a negation. Does not
know how the reader is trained. Every choice comes from the random generator given, so the
same seed gives the same questions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    _Way = Callable[[str, str, Sequence[str], random.Random], tuple[str, str] | None]

YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-4][0-9])\b")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w])|(?<![\w.,])\d+(?:\.\d+)?(?![\w,])")
# Runs of capitalised words; a question's first word is dropped in `names`.
_NAME = re.compile(
    r"\b[A-Z][\w'’&-]*(?:\s+(?:(?:of|the|de|van|von|and)\s+)?[A-Z][\w'’&-]*)*", re.UNICODE
)
_SMALL = frozenset(
    "What Who Whom Whose Which When Where Why How Is Are Was Were Do Does Did Has Have Had Can "
    "Could Should Would Will In On At By For From To Of The A An And Or But As With After Before "
    "During Under According If It He She They We You I Its His Her Their This That These Those "
    "Name About Between Since Until While Many Some Most Other One Two Also However Although "
    "Because There Then Not No Such Both Each Every All More Another Into Over Through Along "
    "Despite Among Like Following Today Later Within Without When".split()
)
_SETS: tuple[tuple[str, ...], ...] = (
    tuple(
        "January February March April May June July August September October November "
        "December".split()
    ),
    tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    tuple(
        "France Germany Spain Italy Portugal Poland Sweden Norway Denmark Finland Greece Turkey "
        "Russia Ukraine China Japan India Pakistan Iran Iraq Israel Egypt Kenya Nigeria Ghana "
        "Morocco Brazil Argentina Chile Peru Mexico Canada Australia Austria Hungary Ireland "
        "Belgium Switzerland Indonesia Vietnam Thailand Cuba Colombia Scotland England".split()
    ),
    tuple(
        "French German Spanish Italian Portuguese Polish Swedish Norwegian Danish Finnish Greek "
        "Turkish Russian Ukrainian Chinese Japanese Indian Iranian Iraqi Israeli Egyptian Kenyan "
        "Nigerian Brazilian Argentine Mexican Canadian Australian Austrian Hungarian Irish Dutch "
        "Belgian Swiss British American Korean Cuban".split()
    ),
    tuple(
        "London Paris Berlin Madrid Rome Vienna Moscow Tokyo Beijing Delhi Cairo Lagos Toronto "
        "Chicago Boston Houston Dallas Seattle Denver Miami Sydney Melbourne Dublin Prague "
        "Warsaw Athens Istanbul Mumbai Shanghai Lisbon Amsterdam Brussels Oslo Stockholm".split()
    ),
    ("north", "south", "east", "west"),
    ("northern", "southern", "eastern", "western"),
    tuple("two three four five six seven eight nine ten eleven twelve".split()),
    tuple("first second third fourth fifth sixth seventh eighth ninth tenth".split()),
    ("red", "blue", "green", "yellow", "black", "white", "purple", "orange"),
    ("mother", "father", "brother", "sister", "son", "daughter", "wife", "husband", "uncle"),
)
_ANTONYMS: tuple[tuple[str, str], ...] = (
    ("first", "last"), ("largest", "smallest"), ("biggest", "smallest"), ("most", "least"),
    ("more", "fewer"), ("more", "less"), ("before", "after"), ("highest", "lowest"),
    ("higher", "lower"), ("high", "low"), ("oldest", "newest"), ("older", "younger"),
    ("best", "worst"), ("better", "worse"), ("longest", "shortest"), ("longer", "shorter"),
    ("increase", "decrease"), ("increased", "decreased"), ("rise", "fall"), ("rose", "fell"),
    ("win", "lose"), ("won", "lost"), ("winning", "losing"), ("early", "late"),
    ("earliest", "latest"), ("above", "below"), ("male", "female"), ("men", "women"),
    ("minimum", "maximum"), ("began", "ended"), ("begin", "end"), ("start", "end"),
    ("started", "ended"), ("opened", "closed"), ("open", "close"), ("allowed", "forbidden"),
    ("legal", "illegal"), ("accepted", "rejected"), ("accept", "reject"), ("public", "private"),
    ("major", "minor"), ("majority", "minority"), ("strong", "weak"), ("stronger", "weaker"),
    ("rich", "poor"), ("common", "rare"), ("popular", "unpopular"), ("old", "new"),
    ("like", "dislike"), ("liked", "disliked"), ("good", "bad"), ("easy", "difficult"),
    ("easier", "harder"), ("fast", "slow"), ("faster", "slower"), ("cheap", "expensive"),
    ("enter", "leave"), ("entered", "left"), ("joined", "left"), ("arrive", "depart"),
    ("buy", "sell"), ("bought", "sold"), ("attack", "defend"), ("attacked", "defended"),
    ("support", "oppose"), ("supported", "opposed"), ("include", "exclude"),
    ("included", "excluded"), ("always", "never"), ("positive", "negative"),
    ("upper", "lower"), ("inside", "outside"), ("within", "outside"), ("modern", "ancient"),
    ("former", "current"), ("natural", "artificial"), ("rural", "urban"), ("import", "export"),
    ("created", "destroyed"), ("built", "demolished"), ("gained", "lost"), ("gain", "lose"),
    ("succeeded", "failed"), ("success", "failure"), ("cause", "prevent"),
    ("caused", "prevented"), ("married", "divorced"), ("born", "buried"), ("hot", "cold"),
    ("hotter", "colder"), ("warm", "cool"), ("heavy", "light"), ("full", "empty"),
    ("wide", "narrow"), ("deep", "shallow"), ("dead", "alive"), ("appointed", "dismissed"),
    ("hired", "fired"), ("discovered", "invented"), ("admitted", "denied"),
)  # fmt: skip
_NEGATED = {
    "is": "isn't", "are": "aren't", "was": "wasn't", "were": "weren't", "did": "didn't",
    "does": "doesn't", "do": "don't", "has": "hasn't", "have": "haven't", "had": "hadn't",
    "can": "can't", "could": "couldn't", "would": "wouldn't", "will": "won't",
    "should": "shouldn't",
}  # fmt: skip
NEGATED = 0.15  # share of negations: they leave some questions answerable
_MAX_YEAR_STEP = 40  # years between a year and the one swapped in


def near_miss(
    question: str, passage: str, names: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    """Return (changed question, kind), or None where no way fits.

    What is swapped in never occurs in `passage`; what it replaces does, so that the question
    loses its hold there. `names` are plausible replacements, such as those of passages nearby.
    """
    ways: list[_Way] = [_swap_name, _swap_number, _swap_sibling, _swap_antonym]
    draw.shuffle(ways)
    if draw.random() < NEGATED:
        ways = [_negate]
    for way in ways:
        changed = way(question, passage, names, draw)
        if changed and changed[0] != question:
            return changed
    return None


def renamed(
    question: str, passage: str, answer: tuple[int, int], names: Sequence[str], draw: random.Random
) -> tuple[str, str, int] | None:
    """Swap a name in the question AND in the passage: (question, passage, answer's start).

    The question stays answerable. Without such pairs a reader could learn that a name it has
    not seen beside such a text means "no answer", instead of comparing question and text.
    """
    held = [name for name in names_in(question) if occurs(name, passage)]
    draw.shuffle(held)
    for name in held:
        new = _replacement(name, passage + " " + question, names, draw)
        places = [
            found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", passage)
        ]
        if new is None or any(start < answer[1] and answer[0] < end for start, end in places):
            continue
        shift = (len(new) - len(name)) * sum(end <= answer[0] for _, end in places)
        return (
            put_for(name, new, question),
            put_for(name, new, passage),
            answer[0] + shift,
        )
    return None


def names_in(text: str) -> list[str]:
    """Return runs of capitalised words that are likely names, without repeats, in order."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and words[0] in _SMALL:
            words = words[1:]
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in '.?!:;"“\n'
        if not words or (opens and len(words) == 1):
            continue  # a sentence's first word is capitalised whatever it is
        name = " ".join(words).rstrip("'’&-")
        name = re.sub(r"['’]s$", "", name)
        if len(name) > 2:  # initials are no names
            found.setdefault(name)
    return list(found)


def _swap_name(
    question: str, passage: str, names: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    held = [name for name in names_in(question) if occurs(name, passage)]
    draw.shuffle(held)
    for name in held:
        new = _replacement(name, passage + " " + question, names, draw)
        if new is not None:
            return put_for(name, new, question), "name"
    return None


def _replacement(
    name: str, forbidden: str, names: Sequence[str], draw: random.Random
) -> str | None:
    lower = forbidden.lower()
    fitting = [
        other
        for other in names
        if len(other.split()) == len(name.split())
        and other.isupper() == name.isupper()
        and not any(word.lower() in lower for word in other.split())
    ]
    return draw.choice(fitting) if fitting else None


def _swap_number(
    question: str, passage: str, _names: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    matches = [m for m in NUMBER.finditer(question) if occurs(m.group(), passage)]
    if not matches:
        return None
    match = draw.choice(matches)
    for _ in range(8):
        new = _other_number(match.group(), draw)
        if new != match.group() and not occurs(new, passage):
            return question[: match.start()] + new + question[match.end() :], "number"
    return None


def _other_number(number: str, draw: random.Random) -> str:
    if YEAR.fullmatch(number):
        step = draw.randint(1, _MAX_YEAR_STEP) * draw.choice((-1, 1))
        return str(int(number) + step)
    # A first digit of 0 would look like no number people write.
    first = str(draw.randint(1, 9))
    rest = [str(draw.randint(0, 9)) if mark.isdigit() else mark for mark in number[1:]]
    return first + "".join(rest)


def _swap_sibling(
    question: str, passage: str, _names: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    asked, held = _words(question), _words(passage)
    for siblings in draw.sample(_SETS, len(_SETS)):
        for word in siblings:
            if word not in asked or word not in held:
                continue
            free = [other for other in siblings if other not in held and other not in asked]
            if free:
                return _put(question, word, draw.choice(free)), "sibling"
    return None


def _swap_antonym(
    question: str, passage: str, _names: Sequence[str], draw: random.Random
) -> tuple[str, str] | None:
    asked, held = _words(question), _words(passage)
    for pair in draw.sample(_ANTONYMS, len(_ANTONYMS)):
        for old, new in (pair, pair[::-1]):
            if old in asked and new not in asked and new not in held:
                return _put(question, old, new), "antonym"
    return None


def _negate(
    question: str, _passage: str, _names: Sequence[str], _draw: random.Random
) -> tuple[str, str] | None:
    if re.search(r"\bnot\b|n't|n’t|\bnever\b|\bno\b|\bwithout\b", question, re.IGNORECASE):
        return None
    match = re.search(rf"\b({'|'.join(_NEGATED)})\b", question)
    if match is None:
        return None
    return question[: match.start()] + _NEGATED[match.group()] + question[match.end() :], "negation"


def put_for(old: str, new: str, text: str) -> str:
    """Return `text` with `new` wherever `old` stands as a whole."""
    return new.join(re.split(rf"(?<!\w){re.escape(old)}(?!\w)", text))


def occurs(piece: str, text: str) -> bool:
    """Say whether `piece` stands in `text` as a whole, not within a word."""
    return re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


def _put(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{old}\b", new, text, count=1)
