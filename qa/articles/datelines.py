"""Where, when and for whom it was written: "PARIS, March 3 (Reuters) -".

Knows datelines and how publishers are called. Does not know where in an article they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.articles.dates import date_in
from qa.articles.rules import pattern_of

if TYPE_CHECKING:
    from datetime import date

LONGEST = 120  # characters

_WORD = r"[^\W\d_a-z][\w.'’-]*"  # begins with a capital
_SMALL = r"(?:de|del|of|the|al|el|la|las|los|and|du|do|da|des|sur|am|on|upon)"
_PLACE = rf"{_WORD}(?:[ ,/-]+(?:{_WORD}|{_SMALL}))*"
_CAPITALS = (
    r"[^\W\d_a-z]{2,}[.'’]?(?:[ ,/-]+(?:[^\W\d_a-z][^\W\d_a-z.'’-]*|of|de|del|la|and|[A-Z][a-z]{1,5}\.))*"
)
_DAY = (
    r"(?:,? *(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:,? \d{4})?"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?:,? \d{4})?))"
)
_DASH = r"\s*(?:--+|—|–|-(?=\s)|―)\s*"
_WIRE = r"(?P<wire>[A-Z][\w .&-]{1,30})"
_FORMS = (
    # "PARIS, March 3 (Reuters) -", "Washington (CNN) —", "(Reuters) -"
    re.compile(rf"(?:(?P<place>{_PLACE}){_DAY}?,? ?)?\({_WIRE}\)(?:{_DASH}|\s+(?=[A-Z“\"]))"),
    # "NEW YORK, Oct. 5, 2023 /PRNewswire/ --"
    re.compile(rf"(?P<place>{_PLACE}){_DAY}? ?/{_WIRE}/{_DASH}"),
    # "SAN JOSE, Calif.--(BUSINESS WIRE)--"
    re.compile(rf"(?P<place>{_PLACE}){_DAY}?{_DASH}\({_WIRE}\){_DASH}"),
    # "HAVANA TIMES —", "GENEVA, Switzerland —", "LONDON, 4 May —"
    re.compile(rf"(?P<capitals>{_CAPITALS})(?:, {_PLACE})?{_DAY}?{_DASH}(?=[A-Z0-9“\"‘'«])"),
    # "Paris, July 5, 2013 —"
    re.compile(rf"(?P<place>{_PLACE}){_DAY}{_DASH}(?=[A-Z0-9“\"‘'«])"),
)
# Only where the article's running text begins, for elsewhere it may be a clause or a speaker:
_FIRST_FORMS = (
    # "Luanda — The minister"
    re.compile(rf"{_WORD}(?: {_WORD}){{0,2}}(?:, {_WORD})?\s*[—–]\s*(?=[A-Z“\"])"),
    # "ANKARA: Turkiye"
    re.compile(rf"(?P<capitals>[A-Z]{{4,}}(?:[ ,/-]+[A-Z]{{2,}}){{0,3}}){_DAY}?: (?=[A-Z0-9“\"])"),
)
_NO_PLACE = re.compile(
    r"(?:UPDATE|BREAKING|WATCH|VIDEO|OPINION|NOTE|EDITOR|QUESTION|ANSWER|EXCLUSIVE|ANALYSIS|READ|LIVE|LISTEN|CORRECTION|WARNING|SPOILER|FILE|PHOTO|IMAGE)"
)

_PUBLISHERS = """
    <agency>
    (?-i:CNN|BBC|NPR|PBS|CBC|CBS|ABC|NBC|MSNBC|VOA|RFE/RL|RFI|DW|NDTV|CGTN|CNBC|MNI|MarketWatch|PRNewswire|PR Newswire|Business ?Wire|BUSINESS WIRE|GLOBE ?NEWSWIRE|GlobeNewswire|ACCESSWIRE|EIN Presswire|Newswise|Politico|POLITICO|Axios|Al Jazeera|TRT World|Euronews|France 24|Deutsche Welle|Voice of America|The Guardian|The Hill|The Conversation|The Economist|Quartz|Vox)(?: (?:News|Sport|Newsbeat|Online|Business|Politics|World))?
    (?-i:The |THE )?(?-i:[A-Z][\\w'&.-]*)(?: (?-i:[A-Z][\\w'&.-]*|of|de|the)){0,4} (?-i:Times|News|Post|Herald|Tribune|Gazette|Journal|Chronicle|Telegraph|Guardian|Daily|Weekly|Press|Observer|Independent|Reporter|Dispatch|Courier|Examiner|Inquirer|Bulletin|Sentinel|Magazine|Newspaper|Newswire|Wire|Broadcasting|Network|Report|Monitor|Mirror|Globe|Mail|Argus|Echo|Standard|Register|Beacon|Free Press|Review|Radio|News Agency|News Service|TIMES|NEWS|POST|HERALD|TRIBUNE|GAZETTE|JOURNAL|CHRONICLE|TELEGRAPH|GUARDIAN|DAILY|WEEKLY|PRESS|OBSERVER|INDEPENDENT|REPORTER|DISPATCH|COURIER|EXAMINER|INQUIRER|BULLETIN|SENTINEL|MAGAZINE|NEWSWIRE|NETWORK)
"""
_NOT_A_PUBLISHER = {"NEWPORT NEWS", "Newport News"}  # a city


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
    for form in (*_FORMS, *(_FIRST_FORMS if opens else ())):
        match = form.match(line[:LONGEST])
        if match and match.end() < len(line) and not _NO_PLACE.match(line):
            source = _source(match)
            if source or "wire" not in match.groupdict():
                return Dateline(match.end(), source, date_in(match[0]))
    return None


def publisher_in(name: str) -> str | None:
    """Return `name` if publishers are called so, in ordinary capitals."""
    name = name.strip(" .,:;-–—")
    if name in _NOT_A_PUBLISHER or not _publishers().fullmatch(name):
        return None
    return name.title() if name.isupper() and " " in name else name


def _source(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    wire = groups.get("wire")
    if wire:
        # A local station's call sign counts behind a place in capitals.
        station = re.fullmatch(r"[A-Z]{3,5}", wire) and (groups.get("place") or "").isupper()
        return publisher_in(wire) or (wire if station else None)
    return publisher_in(groups.get("capitals") or "")


@lru_cache(maxsize=1)
def _publishers() -> re.Pattern[str]:
    return pattern_of(_PUBLISHERS)
