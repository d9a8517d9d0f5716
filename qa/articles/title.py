"""The title of a text, and what stands above it.

Knows headlines, the furniture over them, and the headers of archives. Does not know what
stands below.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.articles.boilerplate import is_above_title, normal
from qa.articles.bylines import byline_in
from qa.articles.datelines import dateline_in
from qa.articles.dates import is_date_line, parse_date
from qa.articles.found import HEAD, LEAST_PROSE, Found, marked
from qa.articles.publishers import publisher_in
from qa.articles.rules import bare, ends_as_sentence, rule_for
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles.lines import Line

MOST_TITLE = 40  # words; a longer first line is running text
MOST_TITLE_SHOWN = 100  # characters of a title that had to be taken from running text
MOST_ABOVE = 6  # words of a section's or a paper's name above the title

_FIELD = re.compile(
    r"(?P<name>title|headline|authors?|byline|date|published|source|publisher|publication|url|link)"
    r"\s*:\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
# Longer lines of these kinds are no titles either.
_NEVER_A_TITLE = {"consent", "advertisement", "subscriber", "newsletter", "navigation", "share"}
_TITLE_TAIL = re.compile(r".{20,}\s(?:\||-|–|—|::|»)\s(?P<tail>[^|–—-]{2,40})")


def archive_fields(lines: Sequence[Line]) -> Found:
    """Read lines like "Title: …", "Author: …", as archives print them; two make a header."""
    matches: list[re.Match[str]] = []
    for line in lines[:HEAD]:
        match = _FIELD.fullmatch(line.text)
        if not match:
            break
        matches.append(match)
    if len(matches) < 2:
        return Found()
    values: dict[str, str] = {}
    marks: list[Mark] = []
    above: set[int] = set()
    for index, match in enumerate(matches):
        name = match["name"].lower().removesuffix("s")
        values.setdefault(name, match["value"].strip())
        start = lines[index].start + match.start("value")
        if name in {"title", "headline"}:
            marks.append(Mark(start, lines[index].end, Role.TITLE))
        elif name in {"author", "byline"}:
            marks.append(Mark(start, lines[index].end, Role.BYLINE))
        elif name in {"url", "link"}:
            above.add(index)
    return Found(
        title=values.get("title") or values.get("headline"),
        byline=values.get("author") or values.get("byline"),
        source=values.get("source") or values.get("publisher") or values.get("publication"),
        published=parse_date(values.get("date") or values.get("published")),
        url=values.get("url") or values.get("link"),
        marks=tuple(marks),
        taken=frozenset(range(len(matches))) - above,
        above=frozenset(above),
        first=len(matches),
    )


def repeated_title(lines: Sequence[Line], title: str) -> Found:
    """Find where the text repeats a title that the file states elsewhere."""
    known = normal(title)
    for index, line in enumerate(lines[:HEAD]):
        if known and normal(line.text) == known:
            return marked(lines, index, Role.TITLE, Found(first=index))
    return Found()


def first_title(lines: Sequence[Line], first: int) -> Found:
    """Take the first line that is neither furniture, byline nor date as the title."""
    above: set[int] = set()
    source = None
    for index in range(first, min(first + HEAD, len(lines))):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following and line.words <= MOST_ABOVE and following.words > 3:
            publisher = publisher_in(bare(line.text))
            if publisher or is_above_title(line) or rule_for(line.text):
                above.add(index)
                source = source or publisher
                continue
        elif following and (matched := rule_for(line.text)) and matched[0].name in _NEVER_A_TITLE:
            above.add(index)
            continue
        if following and (byline_in(line.text) or is_date_line(line.text)):
            continue
        return _titled(lines, index, Found(source=source, above=frozenset(above), first=index))
    return Found()


def _titled(lines: Sequence[Line], index: int, found: Found) -> Found:
    """Take a line as the title; of running text, its beginning."""
    text = lines[index].text
    opens = lines[index].words > LEAST_PROSE and ends_as_sentence(text)
    if lines[index].words > MOST_TITLE or dateline_in(text, opens=opens):
        return replace(found, title=_shortened(text))
    tail = _TITLE_TAIL.fullmatch(text)
    title = " ".join(re.sub(r"^#{1,6}\s+|\s+#+$", "", text).split())
    source = found.source or (publisher_in(tail["tail"]) if tail else None)
    return marked(lines, index, Role.TITLE, replace(found, title=title, source=source))


def _shortened(text: str) -> str:
    """Return the beginning of running text, to serve as a title."""
    dateline = dateline_in(text, opens=True)
    if dateline:
        text = text[dateline.length :]
    text = " ".join(text.split())
    if len(text) <= MOST_TITLE_SHOWN:
        return text
    return text[:MOST_TITLE_SHOWN].rsplit(None, 1)[0].rstrip(" ,;:—–-") + "…"
