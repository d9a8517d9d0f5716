"""Title, byline, dateline, source and date of a text, and what of it is boilerplate.

Knows how what is found goes together. Does not know files. What a file states about itself
(front matter, metadata, a record's fields) wins over what is found here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.articles.boilerplate import boilerplate
from qa.articles.head import FOOT, head
from qa.articles.lines import lines_of
from qa.articles.publishers import publisher_in
from qa.articles.rules import bare, rule_for
from qa.articles.title import archive_fields, first_title, repeated_title
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles.draft import Draft
    from qa.articles.found import Found
    from qa.articles.lines import Line

# An agency signs behind the last sentence: "… he said. - Bernama".
_SIGNATURE = re.compile(r"[.!?”\"]\s*[-–—]{1,2}\s?(?P<name>[A-Z][\w ]{1,30})$")


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
    found = archive_fields(lines)
    if title_elsewhere and draft.title:
        found = found.plus(repeated_title(lines, draft.title))
    elif found.title is None:
        found = found.plus(first_title(lines, found.first))
    found = head(lines, found)
    furniture = boilerplate(lines, found.taken)
    furniture.update(dict.fromkeys(found.above, "section or paper"))
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


def _signed(lines: Sequence[Line], furniture: dict[int, str], found: Found) -> str | None:
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
    signature = _SIGNATURE.search(lines[last].text[-40:])
    return publisher_in(signature["name"]) if signature else None


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
