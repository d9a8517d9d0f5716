"""The lines of an article's text, with their offsets.

Knows line breaks, and that a wrapped line goes on in the next one. Does not know what a line
means.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.sentences import LONGEST_WRAP, blocks, paragraphs_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, trimmed; where text is wrapped, all lines of a paragraph."""

    start: int
    end: int
    text: str
    after_gap: bool  # an empty line, or nothing, stands before it
    before_gap: bool  # an empty line, or nothing, stands after it
    gapless: bool = False  # the text has no empty lines, so each line is a paragraph

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def alone(self) -> bool:
        """Whether it is a paragraph by itself."""
        return self.gapless or (self.after_gap and self.before_gap)


def lines_of(text: str, start: int = 0) -> list[Line]:
    """Return the lines of `text` from `start` on that are not empty.

    A text without a single empty line, but with lines as long as paragraphs, has one a line.
    """
    body = text[start:]
    found: list[Line] = []
    all_blocks = list(blocks(body))
    gapless = len(all_blocks) == 1 and max(b - a for a, b in all_blocks[0]) > LONGEST_WRAP
    for block in all_blocks:
        lines = paragraphs_of(body, block)
        for place, (first, last) in enumerate(lines, start=1):
            found.append(
                Line(
                    start=start + first,
                    end=start + last,
                    text=body[first:last],
                    after_gap=place == 1,
                    before_gap=place == len(lines),
                    gapless=gapless,
                )
            )
    return found


def printed_lines(text: str) -> list[Line]:
    """Return the lines as they are printed, wrapped or not."""
    return [
        Line(first, last, text[first:last], place == 1, place == len(block))
        for block in blocks(text)
        for place, (first, last) in enumerate(block, start=1)
    ]
