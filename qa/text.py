"""Words, names and normal forms of text, shared by the stages that compare texts.

Knows characters and English question words. Does not know articles or models. Names are found
by their capitals and digits, since no tagger can be had without a download; what is written
in small letters is therefore not seen as a name, and callers weigh rare words besides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

WORD = re.compile(r"\w+(?:[’'.\-]\w+)*")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")

STOPWORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each every few for
    from further had has have having he her here hers herself him himself his how i if in into is
    it its itself just many may me might more most much must my myself no nor not now of off on
    once only or other our ours ourselves out over own per same shall she should so some such than
    that the their theirs them themselves then there these they this those through to too under
    until up upon us very was we were what when where whether which while who whom whose why will
    with within without would you your yours yourself yourselves
    s t d ll m re ve don didn doesn isn aren wasn weren hasn haven hadn wouldn couldn shouldn
    please tell say said says anyone anybody anything someone somebody something according
    article articles""".split()
)

MONTHS = (
    "january february march april may june july august september october november december"
).split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
NUMBER_WORDS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred thousand million billion trillion dozen dozens half twice once first second
    third fourth fifth sixth seventh eighth ninth tenth hundreds thousands millions billions
    several""".split()
)
# Words that open a sentence, are no stopwords and no names for their capital.
_OPENERS = frozenset(
    """along alongside besides despite regarding concerning given since though although unlike
    including whereas meanwhile instead otherwise apart aside throughout towards upon
    roughly approximately exactly precisely currently recently originally previously initially
    eventually finally ultimately generally usually typically apparently supposedly reportedly
    allegedly actually basically specifically specially especially historically traditionally
    today yesterday tomorrow tonight now nowadays
    another older younger earlier later newer bigger larger smaller fewer several
    name list describe explain define identify give quote show find mention state compare
    summarise summarize enumerate discuss reports wondering hi hello hey ok okay yes
    thanks""".split()
)
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m)$|n['’]t$")
_TITLES = frozenset("mr mrs ms miss dr prof sir dame lord lady st".split())
_JOINERS = frozenset("of the de da del della di van von der den la le el al bin ibn".split())


class Kind(StrEnum):
    """What a name in a text is, as far as its letters tell."""

    NAME = "name"
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"  # a month or a day of the week


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised name, a number or a date word in a text; offsets are the text's."""

    text: str
    start: int
    end: int
    kind: Kind


def fold(text: str) -> str:
    """Return `text` for comparison: no accents, plain quotes and dashes, small letters."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return plain.translate(_PLAIN).casefold()


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xad": ""})


def words(text: str) -> list[str]:
    """Return the folded words of `text`, in order; a possessive 's is dropped."""
    return [re.sub(r"'s?$", "", word) for word in WORD.findall(fold(text))]


def content_words(text: str) -> list[str]:
    """Return the folded words of `text` that carry meaning, in order, each once.

    "US" is kept and "us" is not, unless the whole text is in capitals.
    """
    telling = _capitals_tell(text)
    kept = (
        re.sub(r"'s?$", "", fold(word))
        for word in WORD.findall(text)
        if fold(word) not in STOPWORDS or (telling and _acronym(word))
    )
    return list(dict.fromkeys(kept))


def stem(word: str) -> str:
    """Return a crude stem, enough to match "talks" with "talk" and "agreed" with "agree".

    Both sides of a comparison are stemmed alike, so it need not be a word.
    """
    if len(word) > 3 and word.isalpha():
        for ending, keep in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)] + keep
                break
        return word.rstrip("e")
    return word


def names(text: str) -> list[Name]:
    """Return the names, numbers and date words of `text`, in order.

    A name is a run of capitalised words ("Alan Gross", "Bank of England"); the first word of a
    sentence counts unless it is a stopword. In a text without small letters, or with every
    word capitalised, capitals say nothing and only numbers and dates are returned.
    """
    tokens = list(WORD.finditer(text))
    telling = _capitals_tell(text)
    found: list[Name] = []
    run: list[re.Match[str]] = []

    def close() -> None:
        while run and fold(run[-1].group()) in _JOINERS:
            run.pop()
        if run:
            start, end = run[0].start(), run[-1].end()
            end -= 2 if text[start:end].endswith(("'s", "’s")) else 0
            found.append(Name(text[start:end], start, end, Kind.NAME))
        run.clear()

    for token in tokens:
        word, low = token.group(), fold(token.group())
        if found and token.start() < found[-1].end:  # "000" of "20,000"
            continue
        if run and not _adjoins(run[-1], token, text):
            close()
        if word[0].isupper() and low in (*MONTHS, *DAYS):
            close()
            found.append(Name(word, token.start(), token.end(), Kind.DATE))
        elif word[0].isdigit():
            close()
            number = NUMBER.match(text, token.start())
            end = number.end() if number else token.end()
            year = re.fullmatch(r"(1[5-9]|20)\d\d", text[token.start() : end])
            kind = Kind.YEAR if year else Kind.NUMBER
            found.append(Name(text[token.start() : end], token.start(), end, kind))
        elif (telling and word[0].isupper() and not _plain(token, text)) or (
            run and low in _JOINERS
        ):
            run.append(token)
        else:
            close()
    close()
    return [name for name in found if fold(name.text) not in _TITLES]


def _adjoins(last: re.Match[str], token: re.Match[str], text: str) -> bool:
    between = text[last.end() : token.start()]
    initial = len(last.group()) <= 3 and last.group().istitle()  # "J. B. Pritzker", "St. Louis"
    return between in {" ", "\xa0", "-"} or (between == ". " and initial)


def _plain(token: re.Match[str], text: str) -> bool:
    """Say whether a capitalised word is a common one, for its kind or for opening a sentence."""
    if _acronym(token.group()):
        return False
    low = _CONTRACTED.sub("", fold(token.group()))
    return low in STOPWORDS or (low in _OPENERS and _opens(token, text))


def _opens(token: re.Match[str], text: str) -> bool:
    before = text[: token.start()].rstrip(" \"'“‘«([")
    return not before or before[-1] in ".!?:\n"


def _capitals_tell(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(map(str.isupper, letters)) <= 0.5 * len(letters)


def _acronym(word: str) -> bool:
    return len(word) >= 2 and word.isupper()


def normalise(answer: str) -> str:
    """Return the form in which two answers are the same: folded, no articles, no punctuation.

    The same steps as the official SQuAD evaluation, with accents and quotes folded besides.
    """
    plain = re.sub(r"[^\w\s]|_", "", fold(answer))
    return " ".join(word for word in plain.split() if word not in {"a", "an", "the"})
