"""What the reader is shown above a passage: the title, and what comes before the passage.

Knows how an article tells who and what it is about. Does not know models, or what is read.
A report names a dam once, in its first sentence, and writes "the dam" and "it" from then on. A
passage from further down then seems to be about some other dam, and a careful reader abstains.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from qa.sentences import sentences

if TYPE_CHECKING:
    from qa.types import Article, Mark, Passage

TITLE = 200  # characters shown of a longer title
MOST = 240  # characters shown of a longer sentence
LEAST = 25  # characters; a shorter piece tells nothing
OPENING = 3000  # characters of an article within which its first sentence is looked for
FIRST_WORDS = 8  # a shorter sentence is a kicker or a heading


def head(article: Article, passage: Passage) -> str:
    """Return the lines shown above a passage: title, first sentence, sentence before; or ""."""
    first = _first(article.text[:OPENING], article.marks)
    if first[1] > passage.start:
        return lines(article.title)
    text = article.text
    begin = max(first[1], passage.start - 2 * MOST)
    last = sentences(text[begin : passage.start])[-1:]
    before = "".join(text[begin + start : begin + end] for start, end in last)
    return lines(article.title, text[slice(*first)], before)


def lines(title: str, first: str = "", last: str = "") -> str:
    """Return the head: each on its line, cut to size, the last one at its end."""
    parts = (title[:TITLE], _flat(first)[:MOST], _flat(last)[-MOST:])
    return "\n".join(part for part in parts if part)


def _flat(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) >= LEAST else ""


@lru_cache(maxsize=1024)
def _first(text: str, marks: tuple[Mark, ...]) -> tuple[int, int]:
    """Return where the first sentence of running text stands; (0, 0): there is none."""
    for start, end in sentences(text):
        marked = any(mark.start < end and start < mark.end for mark in marks)
        if not marked and len(text[start:end].split()) >= FIRST_WORDS:
            return start, end
    return 0, 0
