"""The lines of an article's text, with their offsets.

Knows line breaks. Does not know what a line means.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, trimmed."""

    start: int
    end: int
    text: str
    after_gap: bool  # an empty line, or nothing, stands before it
    before_gap: bool  # an empty line, or nothing, stands after it

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def alone(self) -> bool:
        """Whether empty lines surround it."""
        return self.after_gap and self.before_gap


def lines_of(text: str, start: int = 0) -> list[Line]:
    """Return the lines of `text` from `start` on that are not empty."""
    found: list[tuple[int, str, bool]] = []
    offset, gap = start, True
    for raw in text[start:].splitlines(keepends=True):
        body = raw.strip()
        if body:
            found.append((offset + raw.index(body[0]), body, gap))
            gap = False
        else:
            gap = True
        offset += len(raw)
    gaps = [*(after for _, _, after in found[1:]), True][: len(found)]
    return [
        Line(begin, begin + len(body), body, after_gap, before_gap)
        for (begin, body, after_gap), before_gap in zip(found, gaps, strict=True)
    ]
