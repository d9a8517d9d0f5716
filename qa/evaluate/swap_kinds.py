"""What in a text can be swapped, and which things are of one kind.

Knows countries, months and days by lists, years and numbers by digits, and tells persons,
places and organisations apart by their words and by the words before them, over a whole
corpus. Does not know questions or answers. A name that this does not settle is of no kind, and
is left alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qa.text import DAYS, MONTHS, fold, names
from qa.text import Kind as Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.text import Name

COUNTRIES = """Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan
    Bangladesh Belarus Belgium Bolivia Botswana Brazil Bulgaria Cambodia Cameroon Canada Chile
    China Colombia Croatia Cuba Cyprus Denmark Ecuador Egypt Estonia Ethiopia Finland France
    Germany Ghana Greece Guatemala Haiti Honduras Hungary Iceland India Indonesia Iran Iraq
    Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya Kuwait Latvia Lebanon Libya
    Lithuania Luxembourg Malaysia Mali Mexico Mongolia Morocco Mozambique Nepal Nicaragua Nigeria
    Norway Oman Pakistan Panama Paraguay Peru Poland Portugal Qatar Romania Russia Rwanda Senegal
    Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden Switzerland Syria Tanzania
    Thailand Tunisia Turkey Uganda Ukraine Uruguay Venezuela Vietnam Yemen Zambia""".split()
NATIONALITIES = """Afghan Albanian Algerian American Argentine Armenian Australian Austrian
    Belgian Bolivian Brazilian British Bulgarian Cambodian Canadian Chilean Chinese Colombian
    Croatian Cuban Danish Dutch Egyptian Estonian Ethiopian Finnish French German Greek Haitian
    Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish Israeli Italian Jamaican Japanese
    Jordanian Kenyan Korean Latvian Lebanese Libyan Lithuanian Malaysian Mexican Mongolian
    Moroccan Nigerian Norwegian Pakistani Peruvian Polish Portuguese Romanian Russian
    Serbian Somali Spanish Sudanese Swedish Swiss Syrian Thai Tunisian Turkish Ugandan Ukrainian
    Venezuelan Vietnamese Yemeni""".split()

_FIRST_NAMES = frozenset(
    """adam alan albert alexander alfred alice andrew anna anne anthony arthur barack barbara
    benjamin bill bob brian carl carlos catherine charles charlotte chris christopher claude clara
    daniel david diana donald dorothy douglas edgar edith edmund edward eleanor elizabeth ellen
    emily emma emmanuel eric ernest eugene eva ferdinand francis francisco frank franklin frederick
    friedrich gary geoffrey george gerald gordon grace guy hans harold harry helen henri henry
    herbert howard hugh hugo isaac jack jacob jacques james jane jean jeff jeffrey jennifer jessica
    jim joan john johann jonathan joseph joshua juan julia julian julie karen karl kate katherine
    keith kenneth kevin larry laura lawrence leo leon leonard linda lisa louis louise lucy luis
    margaret maria marie mark martin mary matthew michael miguel mike mohammed nancy napoleon
    nicholas nikola oliver oscar otto patricia patrick paul pedro peter philip pierre ralph raymond
    rebecca richard robert roger ronald rosa ruth ryan samuel sandra sarah scott sean sergei simon
    sofia sophie stanley stephen steve steven stuart susan theodore theresa thomas tim tom tony
    victor victoria vincent virginia vladimir walter wilhelm william winston woodrow""".split()
)
_STYLES = frozenset(
    """mr mrs ms dr president king queen sir pope general emperor empress professor prince
    princess saint bishop archbishop captain colonel senator governor lord lady duke judge
    justice""".split()
)
_PLACE_BEFORE = frozenset("in at near from into throughout outside".split())
# The last word, or the first before "of"; only organisations of one line are swapped.
_ORGANISATIONS = """
university college school academy institute
company corporation inc group airlines bank studios records motors
party
church diocese abbey
army navy regiment division
committee council commission agency department ministry bureau office
association society federation foundation organization organisation
league club
museum
times news press post gazette journal
orchestra band choir
hospital
assembly parliament senate congress
court
"""
_FAMILY = {
    word: line for line, listed in enumerate(_ORGANISATIONS.splitlines()) for word in listed.split()
}
_NAMED_AFTER_A_PERSON = frozenset(
    """house cup games hall street park road center centre tower bridge prize award medal
    airport station stadium theater theatre library act effect theorem river lake county bay fort
    island memorial building""".split()
)
# Capitalised, common after "in", and no places.
_NO_PLACES = frozenset(
    """english latin arabic hebrew sanskrit christianity islam buddhism judaism catholicism
    protestantism marxism parliament congress spring summer autumn fall winter christmas
    easter""".split()
)
_LEAST_VOTES = 3  # mid-sentence occurrences after "in", "at", "near" that make a place
_LEAST_SHARE = 0.3  # of all its mid-sentence occurrences; "Paris" has about 0.4
_YEARS_APART = 40
_TIMES_APART = 3  # a number is swapped for one at most so many times as large or small
_NO_COUNT = re.compile(r"(?:st|nd|rd|th|s)\b|\s*centur", re.IGNORECASE)


class Kind(StrEnum):
    """What a swappable thing is."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    COUNTRY = "country"
    NATIONALITY = "nationality"
    YEAR = "year"
    NUMBER = "number"
    MONTH = "month"
    DAY = "day of the week"


_LISTS = {
    Kind.COUNTRY: COUNTRIES,
    Kind.NATIONALITY: NATIONALITIES,
    Kind.MONTH: [month.title() for month in MONTHS],
    Kind.DAY: [day.title() for day in DAYS],
}
_LISTED = {fold(word): kind for kind, listed in _LISTS.items() for word in listed}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in a text that can be swapped; offsets are the text's."""

    text: str
    start: int
    end: int
    kind: Kind


class Census:
    """The names, numbers and years of a corpus, and what kind each is."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Read every text once."""
        self._names: Counter[str] = Counter()  # mid-sentence, where a capital tells something
        self._placed: Counter[str] = Counter()  # of these, after "in", "at", "near"
        self._pools: dict[Kind, set[str]] = defaultdict(set)
        for text in texts:
            self._read(text)
        for name in self._names:
            kind = self.kind(name)
            if kind in {Kind.PERSON, Kind.PLACE, Kind.ORGANISATION}:
                self._pools[kind].add(name)
        for kind, listed in _LISTS.items():
            self._pools[kind] = set(listed)

    def _read(self, text: str) -> None:
        for name in names(text):
            if name.kind is Shape.NAME and not _opens(text, name.start):
                self._names[name.text] += 1
                before = text[: name.start].split()[-1:]
                self._placed[name.text] += before[0].lower() in _PLACE_BEFORE if before else 0
            elif name.kind is Shape.YEAR and _stands_alone(text, name):
                self._pools[Kind.YEAR].add(name.text)
            elif name.kind is Shape.NUMBER and _stands_alone(text, name):
                self._pools[Kind.NUMBER].add(name.text)

    def kind(self, name: str) -> Kind | None:
        """Return what kind of name this is; None where that is not clear."""
        low = fold(name)
        if low in _LISTED:
            return _LISTED[low]
        words = low.split()
        if len(words) > 1 and _family(name) is not None:
            return Kind.ORGANISATION
        known = words[0].rstrip(".") in _STYLES or words[0] in _FIRST_NAMES
        shouted = any(len(word) > 3 and word.isupper() for word in name.split())
        if known and 2 <= len(words) <= 3 and words[-1] not in _NAMED_AFTER_A_PERSON:
            return None if shouted else Kind.PERSON
        votes = self._placed[name]
        settled = votes >= _LEAST_VOTES and votes >= _LEAST_SHARE * self._names[name]
        if settled and not name.isupper() and low not in _NO_PLACES:
            return Kind.PLACE
        return None

    def like(self, thing: Thing) -> list[str]:
        """Return all that is of the thing's kind and form, in a fixed order."""
        return sorted(other for other in self._pools[thing.kind] if _alike(thing, other))


def things(text: str, census: Census) -> list[Thing]:
    """Return what can be swapped in `text`, in order."""
    found = []
    for name in names(text):
        kind = _SHAPES.get(name.kind) or census.kind(name.text)
        free = _stands_alone(text, name) and not _opens(text, name.start)
        epithet = kind is Kind.PERSON and text[: name.start].lower().endswith("the ")
        if kind is not None and free and not epithet:  # "the Stanley Cup" is no person
            found.append(Thing(name.text, name.start, name.end, kind))
    return found


_SHAPES = {Shape.YEAR: Kind.YEAR, Shape.NUMBER: Kind.NUMBER}


def _alike(thing: Thing, other: str) -> bool:
    """Say whether `other` can stand where `thing` does, so far as its form tells."""
    if thing.kind is Kind.YEAR:
        return abs(int(thing.text) - int(other)) <= _YEARS_APART
    if thing.kind is Kind.NUMBER:
        if re.sub(r"\d", "", thing.text) != re.sub(r"\d", "", other):  # "1,200" for "3,400"
            return False
        mine, theirs = _number(thing.text), _number(other)
        return 0 < mine <= _TIMES_APART * theirs and 0 < theirs <= _TIMES_APART * mine
    if thing.kind in _LISTS:
        return True
    if thing.kind is Kind.ORGANISATION:
        return _family(thing.text) == _family(other)
    mine_first, theirs_first = (fold(text.split()[0]).rstrip(".") for text in (thing.text, other))
    styled = (mine_first in _STYLES) == (theirs_first in _STYLES)
    return styled and len(thing.text.split()) == len(other.split())


def _family(name: str) -> int | None:
    """Return which line of the organisations a name belongs to."""
    words = fold(name).split()
    if words[-1] in _FAMILY:
        return _FAMILY[words[-1]]
    return _FAMILY.get(words[0]) if words[1:2] == ["of"] else None


def _number(text: str) -> float:
    digits = re.sub(r"[^\d.]", "", text)
    return float(digits) if digits.count(".") <= 1 else 0.0


def _opens(text: str, start: int) -> bool:
    """Say whether a sentence begins here, so that a capital tells nothing."""
    before = text[:start].rstrip()
    return not before or before[-1] in '.?!:;"“(\n'


def _stands_alone(text: str, name: Name) -> bool:
    """Say whether it is no part of a longer word, number or ordinal."""
    after, before = text[name.end :], text[: name.start]
    return not (
        re.match(r"\w|[-–/]\w|[.,:]\d", after)
        or re.search(r"[\w$£€]$|\w[-–/.,:]$", before)
        or (name.kind in {Shape.YEAR, Shape.NUMBER} and _NO_COUNT.match(after))
    )
