"""Forms of one name: initials, and the people and adjectives of a country.

Knows which words can stand for which in news English. Does not know texts or questions. Only
forms that share no stem are listed; "Cuba" and "Cuban" are joined by rule.
"""

from __future__ import annotations

import re

from qa.text import fold

# country: adjective and people that no common beginning joins, and usual short forms
_FORMS = """
united states: us usa america american americans washington
united kingdom: uk britain british briton britons
netherlands: dutch holland
france: french frenchman frenchmen
ireland: irish
wales: welsh
scotland: scottish scots
england: english
poland: polish poles
spain: spanish spaniards
denmark: danish danes
finland: finnish finns
sweden: swedish swedes
norway: norwegian norwegians
switzerland: swiss
greece: greek greeks
turkey: turkish turks turkiye
czech republic: czech czechs czechia
philippines: filipino filipinos philippine
germany: german germans
argentina: argentine argentines argentinian
peru: peruvian peruvians
ukraine: ukrainian ukrainians
thailand: thai thais
china: chinese
iraq: iraqi iraqis
israel: israeli israelis
pakistan: pakistani pakistanis
afghanistan: afghan afghans
european union: eu
united nations: un
"""


def _kin() -> dict[str, tuple[str, ...]]:
    table: dict[str, set[str]] = {}
    for line in _FORMS.strip().splitlines():
        country, _, forms = line.partition(": ")
        family = {*forms.split(), *country.split()} - {"united", "republic", "states", "union"}
        for word in family:
            table.setdefault(word, set()).update(family - {word})
        for word in country.split():
            table.setdefault(word, set()).update(forms.split())
    return {word: tuple(sorted(family)) for word, family in table.items()}


KIN: dict[str, tuple[str, ...]] = _kin()


def initials(text: str) -> frozenset[str]:
    """Return the folded initials of the runs of capitalised words in `text`.

    "United States" gives "us", and "U.S." is read as "us" too, so that the two can meet.
    """
    found = {
        fold("".join(word[0] for word in run.split()))
        for run in re.findall(r"(?:[A-Z]\w+ )+[A-Z]\w+", text)
    }
    found |= {fold(dotted).replace(".", "") for dotted in re.findall(r"\b(?:[A-Z]\.){2,}", text)}
    return frozenset(found)


def spelled_out(acronym: str, text: str) -> bool:
    """Say whether `text` has the words of an acronym in small letters: "gross domestic product".

    Of three to five letters and of words of four letters or more, lest any text spell it.
    """
    if not (acronym.isalpha() and acronym.isupper() and 3 <= len(acronym) <= 5):
        return False
    words = r"[\s-]+".join(rf"{letter}\w{{3,}}" for letter in acronym)
    return re.search(rf"\b{words}\b", text, re.IGNORECASE) is not None


MOST_INITIALS = 4
_DOTTED = re.compile(r"[a-z](?:\.[a-z])+\.?")
_NATIONAL = re.compile(r"(?:ians?|eans?|ese|ish|ia|ans?|ns?|is?|a|o|y|e)$")


def roots(word: str) -> frozenset[str]:
    """Return forms of a name's word that its country, people and adjective share.

    "Cuba" and "Cubans" share "cub", "Japan" and "Japanese" share "japan"; forms that no
    beginning joins come from the table.
    """
    low = _undotted(fold(word))
    forms = {low, *KIN.get(low, ())}
    forms |= {stripped for form in forms if len(stripped := _NATIONAL.sub("", form)) >= 3}
    return frozenset(forms)


def _undotted(low: str) -> str:
    """Return "us" for "u.s"; any other word as it is."""
    return low.replace(".", "") if _DOTTED.fullmatch(low) else low


_ENDINGS = ("", "i", "ia", "a", "o", "y", "e", "n", "an", "ian", "ans", "ians", "ese", "ish")


def spellings(word: str) -> tuple[str, ...]:
    """Return what an article may call the same: "Haiti" for "Haitians", parts of a compound.

    Most of these are no words; asking how many passages hold one that is none costs little.
    """
    low = _undotted(fold(word))
    forms = [low, *KIN.get(low, ()), *(part for part in low.split("-") if len(part) > 2)]
    if low.isalpha() and len(low) <= MOST_INITIALS:
        forms.append(".".join(low))
    base = _NATIONAL.sub("", low)
    if len(base) >= 3:
        forms += [base + ending for ending in _ENDINGS]
    return tuple(dict.fromkeys(forms))
