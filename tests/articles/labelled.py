"""Articles with labels, to test marks against.

A line of a labelled file is a label, a bar and a line of the article:

    T| the title        B| the byline       D| opens with a dateline
    x| boilerplate       | text             +| goes on with the mark above
    ?| boilerplate that may be missed: no rule could tell it from text
    = name: a fact, "-" for none

Where only a part of the line has the role, it stands in ⟦…⟧.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qa.types import Mark, Role

FOLDER = Path(__file__).parent / "labelled"
ROLES = {"T": Role.TITLE, "B": Role.BYLINE, "D": Role.DATELINE, "x": Role.BOILERPLATE}


@dataclass(frozen=True)
class Labelled:
    name: str
    text: str
    marks: tuple[Mark, ...]
    facts: dict[str, str]
    missed: tuple[tuple[int, int], ...] = ()  # boilerplate that may be missed

    def without_missed(self, marks) -> list[Mark]:
        return [mark for mark in marks if (mark.start, mark.end) not in self.missed]


def load(file: Path, newline: str = "\n") -> Labelled:
    text, marks, facts, missed = "", [], {}, []
    for raw in file.read_text(encoding="utf-8").splitlines():
        label, line = raw[0], raw[3:]
        if label == "=":
            name, _, value = raw[1:].partition(":")
            facts[name.strip()] = value.strip()
            continue
        before, _, part = line.rpartition("⟦")
        part, _, after = part.partition("⟧")
        start = len(text) + len(before)
        end = start + len(part)
        if label == "+":
            marks[-1] = Mark(marks[-1].start, end, marks[-1].role)
        elif label in ROLES:
            marks.append(Mark(start, end, ROLES[label]))
        elif label == "?":
            missed.append((start, end))
        text += before + part + after + newline
    return Labelled(file.stem, text, tuple(marks), facts, tuple(missed))


def all_labelled(newline: str = "\n") -> list[Labelled]:
    return [load(file, newline) for file in sorted(FOLDER.glob("*.txt"))]
