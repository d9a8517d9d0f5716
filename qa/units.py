"""What a quotation measures, and whether a question with "how many" or "how fast" asked for that.

Knows the common units of English, clock times and days. Does not know articles or scores. What is
no plain quantity from end to end measures nothing here, and neither does a bare number: of those
the reader judges. No accepted answer of 8,000 questions of SQuAD 2.0 and SQuADShifts dev is of
another measure than was asked for, and one best span of the reader, a wrong one. It is across
articles that such spans compete: of 359 questions on invented news 26 have one among their
candidates, three of them as the best ("How fast was the coach?", "5.48pm"). Tried there and
dropped: quantities for "who", "where" and "what" (41 of 56 such best spans are right), and answers
in the question's own words (15 of 39, with 22 to be expected by their scores: too few to tell).
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa.text import fold

MOMENT, DURATION, LENGTH, SPEED = "moment", "duration", "length", "speed"
WEIGHT, MONEY, TEMPERATURE = "weight", "money", "temperature"
ALL = frozenset((MOMENT, DURATION, LENGTH, SPEED, WEIGHT, MONEY, TEMPERATURE))

LONGEST = 80  # characters of a quantity; the patterns take quadratic time
_UNITS = {
    DURATION: "second minute min hour hr day night week fortnight weekend month year decade",
    LENGTH: "mile yard inch metre meter millimetre millimeter centimetre centimeter kilometre"
    " kilometer mm cm km m foot feet ft",
    SPEED: "mph kph km/h knot",
    WEIGHT: "kilo kilogram kilogramme kg gram gramme tonne ton pound lb ounce oz",
    MONEY: "dollar euro pound penny pence cent yen yuan rupee franc crown krona krone kronor kroner"
    " peso dirham dinar rouble ruble lira rand",
    TEMPERATURE: "degree celsius fahrenheit",
}
_MEASURES: dict[str, set[str]] = {}
for _measure, _names in _UNITS.items():
    for _name in _names.split():
        _MEASURES.setdefault(_name, set()).add(_measure)  # a pound is a weight and money

# What "how …" may ask for. An age may be told by a date, and "how long" by when it ends.
_ASKED = {
    "many": frozenset[str](),  # and what the question itself names
    "much": ALL - {MOMENT},
    "fast": frozenset((SPEED, DURATION)),
    "old": frozenset((DURATION, MOMENT)),
    "long": frozenset((DURATION, LENGTH, MOMENT)),
    "far": frozenset((LENGTH, DURATION)),
    "high": ALL - {MOMENT, DURATION},
    "tall": frozenset((LENGTH,)),
    "deep": frozenset((LENGTH,)),
    "wide": frozenset((LENGTH,)),
    "heavy": frozenset((WEIGHT,)),
}
_OLD = re.compile(r"\bhow old\b")
_HOW = re.compile(rf"\bhow ({'|'.join(_ASKED)})\b")

_LEAD = (
    r"(?:(?:about|around|some|nearly|almost|over|under|more than|less than|fewer than|at least"
    r"|at most|up to|only|just|roughly|approximately|an estimated|by|in|on|at|for|after|before"
    r"|until|since|within|every|the) )*"
)
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven"
    r"|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
    r"|million|billion|trillion|dozen|several|half|an?)"
)
_NUMBER = rf"(?:\d[\d.,]*|{_WORD})(?:(?: and |[ -]){_WORD})*(?: ?(?:m|bn|k)\b)?"
_UNIT = "|".join(sorted(map(re.escape, _MEASURES), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"{_LEAD}{_NUMBER}(?: ?(?:-|to|or|and) ?{_NUMBER})?[ -]?(?P<unit>{_UNIT}|centurie)s?"
    r"(?P<rate> (?:an?|per) (?:hour|second|minute))?"
    r"(?:[ -](?:ago|later|earlier|before|after|old|high|long|tall|wide|deep|away))?"
)
_SUM = re.compile(rf"{_LEAD}(?:us|a|c)?[$€£¥] ?\d[\d.,]*(?: ?(?:m|bn|k|million|billion|trillion))?")
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_MOMENT = re.compile(
    rf"{_LEAD}(?:{_DAY}|(?:{_DAY},? )?{_MONTH}(?: \d\d?(?:st|nd|rd|th)?)?(?:,? \d{{4}})?"
    rf"|(?:{_DAY},? )?\d\d?(?:st|nd|rd|th)? {_MONTH}(?:,? \d{{4}})?"
    r"|\d\d?(?:[.:]\d\d)? ?(?:am|pm|a\.m|p\.m)|(?P<either>\d\d?:\d\d)|noon|midnight"
    r"|yesterday|today|tonight|tomorrow)"
)


# "sentenced to 15 years", "a 15-year prison term", "15 years in jail"
_SENTENCED = re.compile(
    r"\b(?:sentenced (?:\w+ ){0,3}to|serv(?:es?|ed|ing)|jailed for|imprisoned for"
    r"|(?:sentence|term) of)"
    r"(?: an?| up to| about| at least| more than)?[ -]*$"
)
_IN_PRISON = re.compile(
    r"^[ -]*(?:of |in |behind )?(?:[\w-]+ )?"
    r"(?:prison|jail|bars|custody|imprisonment|detention|hard labou?r|sentence|term)\b"
)


def another_measure(question: str, answer: str, before: str = "", after: str = "") -> bool:
    """Say whether `answer` is a quantity of a kind that the question cannot have asked for.

    Args:
        question: As it is searched.
        answer: The words quoted.
        before: What stands before them in the article; it tells a term of imprisonment, which
            is nobody's age.
        after: What stands after them, likewise.
    """
    asked = _asked(question)
    if asked is None:
        return False
    measured = measures(answer)
    if DURATION in measured and _OLD.search(fold(question)):
        return bool(_SENTENCED.search(fold(before)) or _IN_PRISON.search(fold(after)))
    return bool(measured) and not measured & asked


@lru_cache(maxsize=512)
def _asked(question: str) -> frozenset[str] | None:
    folded = fold(question)
    how = _HOW.search(folded)
    if how is None:
        return None
    named = (_MEASURES.get(form, ()) for word in folded.split() for form in _forms(word))
    return _ASKED[how[1]].union(*named)


def measures(text: str) -> frozenset[str]:
    """Return what `text` as a whole may measure; nothing when it is no plain quantity."""
    if len(text) > LONGEST:
        return frozenset()
    folded = " ".join(fold(text).split()).strip(".,;:\"'()")
    moment = _MOMENT.fullmatch(folded)
    if moment is not None:  # 3:43 may be a runner's time
        return frozenset((MOMENT, DURATION) if moment["either"] else (MOMENT,))
    if _SUM.fullmatch(folded):
        return frozenset((MONEY,))
    found = _QUANTITY.fullmatch(folded)
    if found is None:
        return frozenset()
    measured = frozenset(_MEASURES.get(found["unit"], (DURATION,)))  # centuries
    return frozenset((SPEED,)) if found["rate"] and LENGTH in measured else measured


def _forms(word: str) -> tuple[str, str]:
    word = word.strip(".,;:?!\"'()")
    return word, word.removesuffix("s")
