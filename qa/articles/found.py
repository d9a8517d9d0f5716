"""What one look at a text found.

Knows facts, and the lines that state them. Does not know how they are found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qa.articles.lines import Line

HEAD = 10  # lines from the title on in which byline, dateline and date stand
LEAST_PROSE = 8  # words of a line of running text


@dataclass(frozen=True, slots=True)
class Found:
    """Facts, and the lines that state them. Looks are added up with `plus`."""

    title: str | None = None
    byline: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    marks: tuple[Mark, ...] = ()
    taken: frozenset[int] = frozenset()  # lines that have a role, by index
    above: frozenset[int] = frozenset()  # furniture above the text: paper, section
    first: int = 0  # the line of the title, or where the text begins

    def plus(self, other: Found) -> Found:
        """Return both; what was found first wins."""
        return Found(
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


def marked(lines: Sequence[Line], index: int, role: Role, found: Found) -> Found:
    """Return `found` with a role for a whole line."""
    mark = Mark(lines[index].start, lines[index].end, role)
    return replace(found, marks=(*found.marks, mark), taken=found.taken | {index})
