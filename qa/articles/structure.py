"""Title, byline, dateline, source and date of a plain text, and what in it is boilerplate.

Knows how a news text is laid out. Does not know files. What a file states about itself (front
matter, HTML metadata, a record's fields) wins over what is found here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.articles.boilerplate import boilerplate, is_above_title, normal
from qa.articles.dates import date_in
from qa.articles.lines import Line, lines_of
from qa.articles.rules import AGENCIES, bare, ends_as_sentence, rule_for
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.articles.draft import Draft

MOST_TITLE = 40  # words; a longer first line is running text
MOST_TITLE_SHOWN = 100  # characters of a title that had to be taken from running text
HEAD = 10  # lines in which byline, dateline and date are looked for

_UPPER = r"[^\W\d_a-z]"
_NAME_WORD = (
    rf"(?:{_UPPER}[\w’'.-]*|de|del|della|la|van|von|der|den|bin|al-\w+|el|di|da|dos|du|le|ter|ibn)"
)
_NAMES = (
    rf"{_UPPER}[\w’'.-]*(?: {_NAME_WORD}){{0,4}}"
    rf"(?:(?:, | and | & | y | et | und | e |, and | with ){_UPPER}[\w’'.-]*(?: {_NAME_WORD}){{0,4}}){{0,5}}"
)
_BYLINE = re.compile(
    rf"(?:[Bb]y|BY|[Ww]ritten [Bb]y|[Ww]ords [Bb]y|[Rr]eported by|[Ss]tory by|[Pp]osted by|Author|AUTHOR|Por|POR|Par|PAR|Von|VON|Di|DI|Door|DOOR|Av|AV)"
    rf"\s*:?\s+(?P<names>{_NAMES})(?P<rest>\s*(?:[|,/·•–—(-]|\bin\b|\bfor\b|\bat\b|\bon\b).*)?"
)
_IN_PLACE = re.compile(
    rf"(?P<names>{_NAMES}) in {_UPPER}[\w’'.-]+(?:,? (?:and )?{_UPPER}[\w’'.-]+){{0,4}}"
)
_NOT_A_NAME = re.compile(
    r"(?:the|a|an|this|that|these|those|his|her|its|their|our|my|now|then|land|sea|air|law|and|all|any|most|mid|early|late|year|day|night|comparison"
    r"|contrast|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    r"\(?(?:(?:additional )?reporting|writing|editing|compiled|translated) by .{3,250}",
    re.IGNORECASE,
)
_PLACE = rf"(?:{_UPPER}[\w.’'-]*(?:[ ,/-]+(?:{_UPPER}[\w.’'-]*|de|of|the|al|el|la|and|du|do))*)"
_CAPITALS = r"(?:[^\W\d_a-z]{2,}[.’'-]*(?:[ ,/.’'-]+(?:[^\W\d_a-z][^\W\d_a-z.’'-]*|of|de|del|la|and|[A-Z][a-z]{1,5}\.))*)"
_DAY = (
    r"(?:,? *(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:,? \d{4})?"
    r"|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?(?:,? \d{4})?))"
)
_DASH = r"\s*(?:--+|—|–|-(?=\s)|―)\s*"
_WIRE = r"(?P<wire>[A-Z][\w .&-]{1,30})"
_DATELINE = (
    # "PARIS, March 3 (Reuters) -", "Washington (CNN) —", "(Reuters) -", "NEW DELHI (AP) —"
    re.compile(rf"(?:{_PLACE}{_DAY}?,? ?)?\({_WIRE}\){_DASH}"),
    # "NEW YORK, Oct. 5, 2023 /PRNewswire/ --", "SAN JOSE, Calif.--(BUSINESS WIRE)--"
    re.compile(rf"{_PLACE}{_DAY}? ?/{_WIRE}/{_DASH}"),
    re.compile(rf"{_PLACE}{_DAY}?--\({_WIRE}\)--"),
    # "HAVANA TIMES —", "GENEVA, Switzerland —", "LONDON, 4 May —"
    re.compile(rf"(?P<capitals>{_CAPITALS})(?:, {_PLACE})?{_DAY}?{_DASH}"),
    # "Paris, July 5, 2013 —"
    re.compile(rf"{_PLACE}{_DAY}{_DASH}"),
)
_PUBLISHER = re.compile(
    r".*\b(?:TIMES|NEWS|POST|HERALD|TRIBUNE|GAZETTE|JOURNAL|CHRONICLE|TELEGRAPH|GUARDIAN|DAILY|WEEKLY|PRESS|OBSERVER|INDEPENDENT"
    r"|REPORTER|DISPATCH|COURIER|EXAMINER|INQUIRER|BULLETIN|SENTINEL|MAGAZINE|REVIEW|NETWORK|AGENCY|MEDIA|BROADCASTING|NEWSWIRE|RADIO)",
)
_CITIES = {"NEWPORT NEWS"}
_KNOWN_PUBLISHERS = {
    "CNN",
    "BBC",
    "AFP",
    "REUTERS",
    "IANS",
    "PTI",
    "ANI",
    "UPI",
    "TASS",
    "XINHUA",
    "DPA",
    "NPR",
    "VOA",
}
_DATED = re.compile(
    r"(?:(?:first |last |originally )?(?:published|updated|posted|modified|date|created|issued|released)(?: on| at)?\s*:?\s*)?.{0,40}",
    re.IGNORECASE,
)
_DATED_LABEL = re.compile(
    r"(?:first |last |originally )?(?:published|updated|posted|modified|created|issued|released|dated?)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?P<name>title|headline|author|byline|date|published|source|publisher|publication|url|link)\s*:\s*(?P<value>\S.*)",
    re.IGNORECASE,
)


def described(draft: Draft, *, whole_title: bool = False) -> Draft:
    """Return `draft` with what its text states, and with marks.

    Args:
        draft: A text and what is known about it.
        whole_title: Whether the title may only be marked where the text repeats it, because
            the file keeps it elsewhere.
    """
    lines = lines_of(draft.text, draft.start)
    if not lines:
        return draft
    head = _Head(draft, lines, repeats=whole_title and draft.title is not None)
    marks = [Mark(start, end, role) for role, start, end in head.roles]
    furniture = boilerplate(lines, frozenset(head.taken))
    for index in head.above:
        furniture.setdefault(index, "above the title")
    marks += [Mark(lines[i].start, lines[i].end, Role.BOILERPLATE) for i in sorted(furniture)]
    return replace(
        draft,
        title=draft.title or head.title,
        byline=draft.byline or head.byline,
        source=draft.source or head.source or _footer_source(lines, furniture),
        published=draft.published or head.published,
        url=draft.url or head.url,
        marks=_merged([*draft.marks, *marks]),
    )


class _Head:
    """What the first lines of a text say; each method looks for one thing and notes its place."""

    def __init__(self, draft: Draft, lines: Sequence[Line], *, repeats: bool) -> None:
        self.title: str | None = None
        self.byline: str | None = None
        self.source: str | None = None
        self.published: date | None = None
        self.url: str | None = None
        self.roles: list[tuple[Role, int, int]] = []
        self.taken: set[int] = set()
        self.above: list[int] = []
        self._lines = lines
        first = self._fields()
        if draft.title and repeats:
            self._repeated_title(draft.title)
        elif self.title is None:
            first = self._first_line(first)
        self._bylines(first)
        self._dateline(first)
        self._dates(first)

    def _mark(
        self, index: int, role: Role, start: int | None = None, end: int | None = None
    ) -> None:
        line = self._lines[index]
        self.roles.append(
            (role, line.start if start is None else start, line.end if end is None else end)
        )
        self.taken.add(index)

    def _fields(self) -> int:
        """Read "Title: …", "Author: …" lines, as many archives print them; two make a header."""
        count = 0
        fields: dict[str, str] = {}
        while count < min(HEAD, len(self._lines)) and (
            match := _FIELD.fullmatch(self._lines[count].text)
        ):
            fields.setdefault(match["name"].lower(), match["value"].strip())
            count += 1
        if count < 2:
            return 0
        for index in range(count):
            match = _FIELD.fullmatch(self._lines[index].text)
            name = match["name"].lower() if match else ""
            if match and name in {"title", "headline"} and self.title is None:
                self.title = match["value"].strip()
                self._mark(index, Role.TITLE, self._lines[index].start + match.start("value"))
            elif match and name in {"author", "byline"}:
                self._mark(index, Role.BYLINE)
            elif name in {"url", "link"}:
                self.above.append(index)
            else:
                self.taken.add(index)
        self.byline = fields.get("author") or fields.get("byline")
        self.source = fields.get("source") or fields.get("publisher") or fields.get("publication")
        self.url = fields.get("url") or fields.get("link")
        self.published = date_in(fields.get("date") or fields.get("published") or "")
        return count

    def _repeated_title(self, title: str) -> None:
        known = normal(title)
        for index, line in enumerate(self._lines[:HEAD]):
            if normal(line.text) == known:
                self._mark(index, Role.TITLE)
                return

    def _first_line(self, first: int) -> int:
        """Take the first line that is neither furniture nor byline as the title."""
        for index in range(first, min(first + HEAD, len(self._lines))):
            line = self._lines[index]
            following = self._lines[index + 1] if index + 1 < len(self._lines) else None
            if is_above_title(line, following) or (
                following is not None and line.words <= 6 and rule_for(line.text)
            ):
                self.above.append(index)
                continue
            if _byline_in(line.text) or self._is_date(line.text):
                continue
            if line.words <= MOST_TITLE and not _dateline_in(line.text):
                self.title = _heading_text(line.text)
                self._mark(index, Role.TITLE)
            else:
                self.title = _shortened(line.text)
            return index
        return first

    def _bylines(self, first: int) -> None:
        looked = [*range(first, min(first + HEAD, len(self._lines)))]
        looked += [
            i for i in range(len(self._lines) - 2, len(self._lines)) if i not in looked and i >= 0
        ]
        for index in looked:
            line = self._lines[index]
            if index in self.taken:
                continue
            if _CREDIT_LINE.fullmatch(line.text) and line.words <= 40:
                self._mark(index, Role.BYLINE)
                continue
            match = _byline_in(line.text)
            if match and self.byline is None:
                self.byline = match["names"].strip(" .,")
                self._mark(index, Role.BYLINE)
                rest = match.groupdict().get("rest") or ""
                agency = re.search(AGENCIES, rest)
                if agency and self.source is None:
                    self.source = agency[0]
                self.published = self.published or date_in(rest)

    def _dateline(self, first: int) -> None:
        for index in range(first, min(first + HEAD, len(self._lines))):
            line = self._lines[index]
            if index in self.taken or line.words < 8:
                continue
            match = _dateline_in(line.text)
            if not match:
                continue
            end = line.start + match.end()
            self._mark(index, Role.DATELINE, line.start, line.start + len(match[0].rstrip()))
            del end
            self.source = self.source or _publisher(match)
            self.published = self.published or date_in(match[0])
            return

    def _dates(self, first: int) -> None:
        if self.published is not None:
            return
        for line in self._lines[first : first + HEAD]:
            if self._is_date(line.text):
                self.published = date_in(line.text)
                return

    @staticmethod
    def _is_date(text: str) -> bool:
        """Say whether a line is a date of publication and little else."""
        return (
            len(text) <= 90
            and len(text.split()) <= 14
            and not ends_as_sentence(text.replace("p.m.", "").replace("a.m.", ""))
            and date_in(text) is not None
            and (bool(_DATED_LABEL.match(text)) or len(re.findall(r"[^\W\d_]{4,}", text)) <= 3)
        )


def _byline_in(text: str) -> re.Match[str] | None:
    if len(text) > 160:
        return None
    text = bare(text)
    match = _BYLINE.fullmatch(text)
    if match and not _NOT_A_NAME.match(match["names"]) and not ends_as_sentence(text):
        return match
    match = _IN_PLACE.fullmatch(text)
    if match and 4 <= len(text.split()) <= 12 and " " in match["names"] and _NAME_IN_PLACE(text):
        return match
    return None


def _NAME_IN_PLACE(text: str) -> bool:  # noqa: N802
    return False


def _dateline_in(text: str) -> re.Match[str] | None:
    head = text[:120]
    for pattern in _DATELINE:
        match = pattern.match(head)
        if match and match.end() < len(text):
            return match
    return None


def _publisher(match: re.Match[str]) -> str | None:
    """Return the publisher a dateline names: the agency in brackets, or a paper's own name."""
    groups = match.groupdict()
    if groups.get("wire"):
        return str(groups["wire"]).strip()
    name = str(groups.get("capitals") or "").strip(" ,.-–—")
    if name in _CITIES:
        return None
    if name in _KNOWN_PUBLISHERS:
        return name
    if " " in name and _PUBLISHER.fullmatch(name):
        return name.title() if name.isupper() else name
    return None


def _footer_source(lines: Sequence[Line], furniture: dict[int, str]) -> str | None:
    """Return what "Source: …" names among the last lines."""
    for index in range(len(lines) - 1, max(-1, len(lines) - 6), -1):
        if furniture.get(index) == "source footer" and (matched := rule_for(lines[index].text)):
            named = next((value for value in matched[1].groupdict().values() if value), "")
            if named and not named.lower().startswith(("http", "www.")):
                return named.strip(" .")
    return None


def _heading_text(line: str) -> str:
    return re.sub(r"^#{1,6}\s+|\s+#+$", "", line).strip()


def _shortened(text: str) -> str:
    dateline = _dateline_in(text)
    if dateline:
        text = text[dateline.end() :]
    if len(text) <= MOST_TITLE_SHOWN:
        return text
    return text[:MOST_TITLE_SHOWN].rsplit(None, 1)[0].rstrip(" ,;:—–-") + "…"


def _merged(marks: list[Mark]) -> tuple[Mark, ...]:
    """Sort marks and drop what overlaps an earlier one."""
    kept: list[Mark] = []
    for mark in sorted(marks):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)
