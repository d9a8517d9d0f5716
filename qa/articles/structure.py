"""Title, byline, dateline, source and date of a text, and what of it is boilerplate.

Knows how a news text is laid out. Does not know files. What a file states about itself (front
matter, metadata, a record's fields) wins over what is found here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.articles.boilerplate import boilerplate, is_above_title, normal
from qa.articles.bylines import Byline, bare_name_in, byline_in, is_credit, is_job
from qa.articles.datelines import dateline_in
from qa.articles.dates import date_in, parse_date
from qa.articles.lines import lines_of
from qa.articles.publishers import publisher_in
from qa.articles.rules import bare, ends_as_sentence, rule_for
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.articles.draft import Draft
    from qa.articles.lines import Line

HEAD = 10  # lines from the title on in which byline, dateline and date stand
FOOT = 8  # last lines in which credits and the source stand
MOST_TITLE = 40  # words; a longer first line is running text
MOST_TITLE_SHOWN = 100  # characters of a title that had to be taken from running text
LEAST_PROSE = 8  # words of a line of running text

_FIELD = re.compile(
    r"(?P<name>title|headline|authors?|byline|date|published|source|publisher|publication|url|link)"
    r"\s*:\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_LABELLED_DATE = re.compile(
    r"(?:first |last |originally )?(?:published|updated|posted|modified|created|issued|released"
    r"|dated?|publicado|publié|veröffentlicht|stand|pubblicato|yayınlanma)\b",
    re.IGNORECASE,
)
# Longer lines of these kinds are no titles either.
_NEVER_A_TITLE = {"consent", "advertisement", "subscriber", "newsletter", "navigation", "share"}
_TITLE_TAIL = re.compile(r".{20,}\s(?:\||-|–|—|::|»)\s(?P<tail>[^|–—-]{2,40})")


@dataclass(frozen=True, slots=True)
class _Found:
    """What one look at the text found: facts, and the lines that state them."""

    title: str | None = None
    byline: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    marks: tuple[Mark, ...] = ()
    taken: frozenset[int] = frozenset()  # lines that have a role, by index
    above: frozenset[int] = frozenset()  # furniture above the title
    first: int = 0  # the line of the title, or where the text begins

    def plus(self, other: _Found) -> _Found:
        """Return both; what was found first wins."""
        return _Found(
            title=self.title or other.title,
            byline=self.byline or other.byline,
            source=self.source or other.source,
            published=self.published or other.published,
            url=self.url or other.url,
            marks=self.marks + other.marks,
            taken=self.taken | other.taken,
            above=self.above | other.above,
            first=max(self.first, other.first),
        )


def described(draft: Draft, *, title_elsewhere: bool = False) -> Draft:
    """Return `draft` with what its text states, and with marks.

    Args:
        draft: A text and what is known about it.
        title_elsewhere: The file keeps its title outside the text, so that the first line is
            the title only if it repeats it.
    """
    lines = _unmarked(lines_of(draft.text, draft.start), draft.marks)
    if not lines:
        return draft
    found = _fields(lines)
    if title_elsewhere and draft.title:
        found = found.plus(_repeated_title(lines, draft.title))
    elif found.title is None:
        found = found.plus(_title(lines, found.first))
    found = found.plus(_bylines(lines, found))
    found = found.plus(_dateline(lines, found))
    found = found.plus(_date(lines, found))
    found = found.plus(_credits(lines, found))
    furniture = boilerplate(lines, found.taken)
    furniture.update(dict.fromkeys(found.above, "above the title"))
    marks = [Mark(lines[i].start, lines[i].end, Role.BOILERPLATE) for i in sorted(furniture)]
    return replace(
        draft,
        title=draft.title or found.title,
        byline=draft.byline or found.byline,
        source=draft.source or found.source or _signed(lines, furniture, found),
        published=draft.published or found.published,
        url=draft.url or found.url,
        marks=_merged([*draft.marks, *found.marks, *marks]),
    )


def _unmarked(lines: list[Line], marks: Sequence[Mark]) -> list[Line]:
    """Leave out the lines that begin inside a mark the file's format gave."""
    starts = [mark.start for mark in marks]
    return [
        line
        for line in lines
        if not (place := bisect_right(starts, line.start)) or marks[place - 1].end <= line.start
    ]


def _fields(lines: Sequence[Line]) -> _Found:
    """Read lines like "Title: …", "Author: …", as archives print them; two make a header."""
    matches: list[re.Match[str]] = []
    for line in lines[:HEAD]:
        match = _FIELD.fullmatch(line.text)
        if not match:
            break
        matches.append(match)
    if len(matches) < 2:
        return _Found()
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
    return _Found(
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


def _repeated_title(lines: Sequence[Line], title: str) -> _Found:
    known = normal(title)
    for index, line in enumerate(lines[:HEAD]):
        if known and normal(line.text) == known:
            return _marked(lines, index, Role.TITLE, _Found(first=index))
    return _Found()


def _title(lines: Sequence[Line], first: int) -> _Found:
    """Take the first line that is neither furniture, byline nor date as the title."""
    above: set[int] = set()
    source = None
    for index in range(first, min(first + HEAD, len(lines))):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else None
        if following and line.words <= 6 and following.words > 3:
            publisher = publisher_in(bare(line.text))
            if publisher or is_above_title(line) or rule_for(line.text):
                above.add(index)
                source = source or publisher
                continue
        elif following and (matched := rule_for(line.text)) and matched[0].name in _NEVER_A_TITLE:
            above.add(index)
            continue
        if following and (byline_in(line.text) or _is_date(line.text)):
            continue
        return _titled(lines, index, _Found(source=source, above=frozenset(above), first=index))
    return _Found()


def _titled(lines: Sequence[Line], index: int, found: _Found) -> _Found:
    """Take a line as the title; of running text, its beginning."""
    text = lines[index].text
    if lines[index].words > MOST_TITLE or dateline_in(text):
        return replace(found, title=_shortened(text))
    tail = _TITLE_TAIL.fullmatch(text)
    title = " ".join(re.sub(r"^#{1,6}\s+|\s+#+$", "", text).split())
    source = found.source or (publisher_in(tail["tail"]) if tail else None)
    return _marked(lines, index, Role.TITLE, replace(found, title=title, source=source))


def _bylines(lines: Sequence[Line], found: _Found) -> _Found:
    """Look for the byline under the title, and in the last two lines."""
    head = range(found.first, min(found.first + HEAD, len(lines)))
    for index in [*head, *range(max(head.stop, len(lines) - 2), len(lines))]:
        if index in found.taken or index in found.above:
            continue
        byline = byline_in(lines[index].text)
        if byline is None and index - found.first in {1, 2}:
            byline = _named_author(lines, index)
        if byline:
            return _marked(
                lines,
                index,
                Role.BYLINE,
                _Found(
                    byline=byline.names,
                    source=byline.source or _employer(lines, index),
                    published=date_in(lines[index].text),
                ),
            )
    return _Found()


def _named_author(lines: Sequence[Line], index: int) -> Byline | None:
    """Return the name under the title if a date or the author's job follows it."""
    if index + 1 >= len(lines) or ends_as_sentence(lines[index].text):
        return None
    byline = bare_name_in(lines[index].text)
    following = lines[index + 1].text
    if byline and (byline.source or _is_date(following) or is_job(following)):
        return byline
    return None


def _employer(lines: Sequence[Line], index: int) -> str | None:
    """Return the publisher named on the line below a byline: "BBC News"."""
    return publisher_in(bare(lines[index + 1].text)) if index + 1 < len(lines) else None


def _dateline(lines: Sequence[Line], found: _Found) -> _Found:
    opens = True
    for index in range(found.first, min(found.first + HEAD, len(lines))):
        line = lines[index]
        if index in found.taken or line.words < LEAST_PROSE:
            continue
        dateline = dateline_in(line.text, opens=opens and not _speaks_again(lines, index))
        if dateline:
            end = line.start + len(line.text[: dateline.length].rstrip())
            return _Found(
                source=dateline.source,
                published=dateline.published,
                marks=(Mark(line.start, end, Role.DATELINE),),
                taken=frozenset({index}),
            )
        opens = False
    return _Found()


def _speaks_again(lines: Sequence[Line], index: int) -> bool:
    """Say whether what stands before a line's colon opens another line: "MAYOR: …"."""
    speaker, colon, _ = lines[index].text.partition(":")
    return bool(colon) and any(line.text.startswith(speaker + colon) for line in lines[index + 1 :])


def _date(lines: Sequence[Line], found: _Found) -> _Found:
    for line in lines[max(0, found.first - 2) : found.first + HEAD]:
        if _is_date(line.text):
            return _Found(published=_date_of(line.text))
    return _Found()


def _credits(lines: Sequence[Line], found: _Found) -> _Found:
    """Give reporters' and editors' credits at the foot the role of a byline."""
    named = _Found()
    for index in range(max(0, len(lines) - FOOT), len(lines)):
        if index not in found.taken and is_credit(lines[index].text):
            named = named.plus(_marked(lines, index, Role.BYLINE, _Found()))
    return named


def _signed(lines: Sequence[Line], furniture: dict[int, str], found: _Found) -> str | None:
    """Return the publisher that the last lines name, or an agency's name right under the title."""
    last = len(lines) - 1
    for index in range(last, max(-1, last - FOOT), -1):
        matched = rule_for(lines[index].text) if furniture.get(index) == "source footer" else None
        if matched and matched[1]:
            named = next((value for value in matched[1].groupdict().values() if value), "")
            if named and not re.match(r"https?:|www\.", named):
                return named.strip(" .")
    below = [
        i for i in range(found.first, min(found.first + 3, len(lines))) if i not in found.taken
    ]
    for index in [*below[:1], last]:
        if furniture.get(index) == "agency credit" and (index == last or index in below):
            return publisher_in(bare(lines[index].text))
    return None


def _marked(lines: Sequence[Line], index: int, role: Role, found: _Found) -> _Found:
    mark = Mark(lines[index].start, lines[index].end, role)
    return replace(found, marks=(*found.marks, mark), taken=found.taken | {index})


def _is_date(text: str) -> bool:
    """Say whether a line is a date of publication and little else."""
    if len(text) > 90 or not re.search(r"\d", text):
        return False
    words = text.split()
    if _LABELLED_DATE.match(text):
        return len(words) <= 14 and _date_of(text) is not None
    long_words = re.findall(r"[^\W\d_]{4,}", text)
    return len(words) <= 10 and len(long_words) <= 3 and _date_of(text) is not None


def _date_of(text: str) -> date | None:
    label = _LABELLED_DATE.match(text)
    rest = text[label.end() :] if label else text
    return date_in(text) or parse_date(rest.strip(" :-–—|,."))


def _shortened(text: str) -> str:
    """Return the beginning of running text, to serve as a title."""
    dateline = dateline_in(text)
    if dateline:
        text = text[dateline.length :]
    text = " ".join(text.split())
    if len(text) <= MOST_TITLE_SHOWN:
        return text
    return text[:MOST_TITLE_SHOWN].rsplit(None, 1)[0].rstrip(" ,;:—–-") + "…"


def _merged(marks: list[Mark]) -> tuple[Mark, ...]:
    """Sort marks; what overlaps an earlier one keeps only what sticks out, or goes."""
    kept: list[Mark] = []
    for mark in sorted(marks):
        start = max(mark.start, kept[-1].end) if kept else mark.start
        if start == mark.start:
            kept.append(mark)
        elif start < mark.end and mark.role is Role.BOILERPLATE:
            kept.append(Mark(start, mark.end, mark.role))
    return tuple(kept)
