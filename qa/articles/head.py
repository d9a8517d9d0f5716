"""Byline, dateline, date and credits of a text.

Knows where they stand: under the title, at the foot. Does not know the title.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.articles.bylines import (
    Byline,
    bare_name_in,
    beside_section,
    byline_in,
    is_credit,
    is_job,
    is_section,
)
from qa.articles.datelines import dateline_in
from qa.articles.dates import date_in, date_of_line, is_date_line
from qa.articles.found import HEAD, LEAST_PROSE, Found, marked
from qa.articles.publishers import publisher_in
from qa.articles.rules import bare, ends_as_sentence
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles.lines import Line

ABOVE = 2  # lines over the title that may hold byline and date
UNDER = 2  # lines under the title that may hold the name of a section
FOOT = 8  # last lines in which credits stand


def head(lines: Sequence[Line], found: Found) -> Found:
    """Return `found` with byline, dateline, date and credits."""
    for look in (_byline, _section, _dateline, _date, _credits):
        found = found.plus(look(lines, found))
    return found


def _byline(lines: Sequence[Line], found: Found) -> Found:
    """Look for the byline under the title, and in the last two lines."""
    under = range(max(0, found.first - ABOVE), min(found.first + HEAD, len(lines)))
    for index in [*under, *range(max(under.stop, len(lines) - 2), len(lines))]:
        if index in found.taken or index in found.above:
            continue
        byline = byline_in(lines[index].text)
        if byline is None and index - found.first in {1, 2}:
            byline = _named_author(lines, index) or _of_section(lines, index)
        if byline:
            return marked(
                lines,
                index,
                Role.BYLINE,
                Found(
                    byline=byline.names,
                    source=byline.source or _employer(lines, index),
                    published=date_in(lines[index].text),
                ),
            )
    return Found()


def _named_author(lines: Sequence[Line], index: int) -> Byline | None:
    """Return the name under the title if a date or the author's job follows it."""
    text = lines[index].text
    if index + 1 >= len(lines) or ends_as_sentence(text) or is_section(text):
        return None
    byline = bare_name_in(text)
    following = lines[index + 1].text
    if byline and (byline.source or is_date_line(following) or is_job(following)):
        return byline
    return None


def _of_section(lines: Sequence[Line], index: int) -> Byline | None:
    """Return the name beside a section's, if the article is not about it: "World | Sri Lanka"."""
    byline = beside_section(lines[index].text)
    below = lines[index + 1 :]
    return None if byline and any(byline.names in line.text for line in below) else byline


def _section(lines: Sequence[Line], found: Found) -> Found:
    """Look for the section's name on a line of its own under the title."""
    under = range(found.first + 1, min(found.first + 1 + UNDER, len(lines)))
    return Found(
        above=frozenset(n for n in under if n not in found.taken and is_section(lines[n].text))
    )


def _employer(lines: Sequence[Line], index: int) -> str | None:
    """Return the publisher named on the line below a byline: "BBC News"."""
    return publisher_in(bare(lines[index + 1].text)) if index + 1 < len(lines) else None


def _dateline(lines: Sequence[Line], found: Found) -> Found:
    opens = True
    for index in range(found.first, min(found.first + HEAD, len(lines))):
        line = lines[index]
        if index in found.taken or line.words < LEAST_PROSE:
            continue
        dateline = dateline_in(line.text, opens=opens and not _speaks_again(lines, index))
        if dateline:
            end = line.start + len(line.text[: dateline.length].rstrip())
            return Found(
                source=dateline.source,
                published=dateline.published,
                marks=(Mark(line.start, end, Role.DATELINE),),
                taken=frozenset({index}),
            )
        opens = False
    return Found()


def _speaks_again(lines: Sequence[Line], index: int) -> bool:
    """Say whether what stands before a line's colon opens another line: "MAYOR: …"."""
    speaker, colon, _ = lines[index].text.partition(":")
    return bool(colon) and any(line.text.startswith(speaker + colon) for line in lines[index + 1 :])


def _date(lines: Sequence[Line], found: Found) -> Found:
    for line in lines[max(0, found.first - ABOVE) : found.first + HEAD]:
        if is_date_line(line.text):
            return Found(published=date_of_line(line.text))
    return Found()


def _credits(lines: Sequence[Line], found: Found) -> Found:
    """Give reporters' and editors' credits at the foot the role of a byline."""
    named = Found()
    for index in range(max(0, len(lines) - FOOT), len(lines)):
        if index not in found.taken and is_credit(lines[index].text):
            named = named.plus(marked(lines, index, Role.BYLINE, Found()))
    return named
