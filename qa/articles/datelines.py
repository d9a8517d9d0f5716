"""Where, when and for whom it was written: "PARIS, March 3 (Reuters) -".

Knows how datelines are written. Does not know where in an article they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.articles.dates import date_in
from qa.articles.publishers import publisher_in

if TYPE_CHECKING:
    from datetime import date

LONGEST = 120  # characters

_WORD = r"[^\W\d_a-z][\w.'’-]*"  # begins with a capital
_SMALL = r"(?:de|del|of|the|al|el|la|las|los|and|du|do|da|des|sur|am|on|upon)"
_PLACE = rf"{_WORD}(?:[ ,/-]+(?:{_WORD}|{_SMALL}))*"
_CAPITALS = (
    r"[^\W\d_a-z]{2,}[.'’]?(?:[ ,/-]+"
    r"(?:[^\W\d_a-z][^\W\d_a-z.'’-]*|of|de|del|la|and|[A-Z][a-z]{1,5}\.))*"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:,? *(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?)"
_DASH = r"\s*(?:--+|—|–|-(?=\s)|―)\s*"
_WIRE = r"(?P<wire>[A-Z][\w .&-]{1,30})"
_TEXT = r"(?=[A-Z0-9“\"‘'«])"  # what follows opens a sentence
# An example of each form, and its pattern.
FORMS = (
    (
        "PARIS, March 3 (Reuters) - A",
        rf"(?:(?P<place>{_PLACE}){_DAY}?,? ?)?\({_WIRE}\)(?:{_DASH}|\s+{_TEXT})",
    ),
    ("NEW YORK, Oct. 5, 2023 /PRNewswire/ -- A", rf"(?P<place>{_PLACE}){_DAY}? ?/{_WIRE}/{_DASH}"),
    (
        "SAN JOSE, Calif.--(BUSINESS WIRE)--A",
        rf"(?P<place>{_PLACE}){_DAY}?{_DASH}\({_WIRE}\){_DASH}",
    ),
    (
        "GENEVA, Switzerland, 4 May — A",
        rf"(?P<capitals>{_CAPITALS})(?:, {_PLACE})?{_DAY}?{_DASH}{_TEXT}",
    ),
    ("Paris, July 5, 2013 — A", rf"(?P<place>{_PLACE}){_DAY}{_DASH}{_TEXT}"),
)
_SHOUTED = r"(?=[A-Z ,/-]{4})(?P<capitals>[A-Z]{2,}(?:[ ,/-]+[A-Z]{2,}){0,3})"
# Only where the article's running text begins, for elsewhere it may be a clause or a speaker.
OPENING_FORMS = (
    ("Luanda — A", rf"{_WORD}(?: {_WORD}){{0,2}}(?:, {_WORD})?\s*[—–]\s*{_TEXT}"),
    (
        "ANKARA: A",
        rf"{_SHOUTED}{_DAY}?: {_TEXT}",
    ),
)
_NO_PLACE = re.compile(
    r"UPDATE|BREAKING|WATCH|VIDEO|OPINION|NOTE|EDITOR|QUESTION|ANSWER|EXCLUSIVE|ANALYSIS|READ"
    r"|LIVE|LISTEN|CORRECTION|WARNING|SPOILER|FILE|PHOTO|IMAGE"
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """What opens a story; `length` counts the characters up to the text behind it."""

    length: int
    source: str | None
    published: date | None


def dateline_in(line: str, *, opens: bool = False) -> Dateline | None:
    """Return the dateline that a paragraph begins with, or None.

    Args:
        line: The paragraph.
        opens: Whether the article's running text begins here.
    """
    for form in _compiled(opens):
        match = form.match(line[:LONGEST])
        if match and match.end() < len(line) and not _NO_PLACE.match(line):
            source = _source(match)
            if source or "wire" not in match.groupdict():
                return Dateline(match.end(), source, date_in(match[0]))
    return None


@lru_cache(maxsize=2)
def _compiled(opens: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in (*FORMS, *(OPENING_FORMS if opens else ())))


def _source(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    wire = groups.get("wire")
    if wire:
        # A local station's call sign counts behind a place in capitals.
        station = (
            re.fullmatch(r"[A-Z]{3,5}", wire)
            and (groups.get("place") or "").split(",")[0].isupper()
        )
        return publisher_in(wire) or (wire if station else None)
    return publisher_in(groups.get("capitals") or "")
