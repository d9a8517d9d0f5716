"""The form in which two texts are the same words, with a way back to the original offsets.

Knows characters: which of them make a word and which are mere typography. Does not know
articles or how a quotation is searched for.

The form drops spaces, line breaks, dashes, quotation marks, punctuation, soft hyphens, case and
the difference between composed and decomposed letters. It keeps what changes the meaning:
accents, the apostrophe inside a word, signs and separators of numbers, currencies, "%" and "&".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = "'’‘ʼ´`"
_INVISIBLE = "\xad\u200b\u200c\u200d\u2060\ufeff"
_SEPARATORS = ".,:"  # between two digits they are part of the number
_KEPT_SIGNS = "%&@#°+"
ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.(?:\s?\.)?")
_WORD = re.compile(
    rf"\d+(?:[{_SEPARATORS}]\d+)+"
    rf"|[^\W_](?:[^\W_]|[\u0300-\u036f{_INVISIBLE}]|[{_APOSTROPHES}](?=[^\W_]))*"
    rf"|[{_KEPT_SIGNS}$€£¥₹]"
)
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Form:
    """The kept characters of a text, each with the offset of the character it came from."""

    text: str
    key: str
    places: list[int]  # as long as `key`, never falling

    def find(self, key: str, start: int = 0) -> tuple[int, int] | None:
        """Return the next (first, past) indices where `key` stands as whole words."""
        at = self.key.find(key, start)
        while at >= 0:
            if self._whole(at, at + len(key)):
                return at, at + len(key)
            at = self.key.find(key, at + 1)
        return None

    def stretch(self, first: int, past: int) -> tuple[int, int]:
        """Return the offsets (start, end) in the text of `key[first:past]`."""
        return self.places[first], self.places[past - 1] + 1

    def _whole(self, first: int, past: int) -> bool:
        """Say whether `key[first:past]` neither begins nor ends inside a word or a number."""
        if first and self.places[first - 1] == self.places[first]:
            return False  # in the middle of a ligature
        if past < len(self.key) and (
            self.places[past] == self.places[past - 1] or unicodedata.combining(self.key[past])
        ):
            return False
        return not self._joined(first) and not self._joined(past)

    def _joined(self, index: int) -> bool:
        """Say whether the characters before and at `index` of the key stand in one word."""
        if not 0 < index < len(self.key):
            return False
        before, after = self.key[index - 1], self.key[index]
        left, right = self.places[index - 1], self.places[index]
        between = self.text[left + 1 : right].strip(_INVISIBLE)
        if "'" in (before, after):
            return False  # "Gross" may be quoted out of "Gross's"
        if before.isdigit() and after in _SEPARATORS:
            return True
        if after.isdigit() and before in _SEPARATORS:
            return True
        one_word = before.isalnum() and after.isalnum() and not _wide(before) and not _wide(after)
        return one_word and not between


def form(text: str) -> Form:
    """Return the form of `text`."""
    key: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        kept = _keep(char)
        if kept and kept[0].isdigit() and key and key[-1].isdigit() and places[-1] < place - 1:
            # Two numbers stay apart, and "3.5" is not "35".
            between = text[places[-1] + 1 : place].strip(_INVISIBLE)
            if between:
                key.append(between if between in _SEPARATORS else " ")
                places.append(places[-1] + 1)
        elif not kept and _matters(text, place):
            kept = "'" if char in _APOSTROPHES else "-"
        for each in kept:
            key.append(each)
            places.append(place)
    return Form(text, "".join(key), places)


@lru_cache(maxsize=4096)
def _keep(char: str) -> str:
    """Return what stays of one character: small letters, decomposed."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    if unicodedata.combining(char):
        return plain
    return "".join(
        each
        for each in plain
        if each.isalnum()
        or unicodedata.combining(each)
        or each in _KEPT_SIGNS
        or unicodedata.category(each) == "Sc"
    )


def _matters(text: str, place: int) -> bool:
    """Say whether the mark at `place` is an apostrophe inside a word or the sign of a number."""
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if char in _APOSTROPHES:
        return before.isalpha() and after.isalpha()
    return char in "-−" and after.isdigit() and (not before or before.isspace() or before == "(")


def _wide(char: str) -> bool:
    """Say whether `char` is of a script that is written without spaces."""
    return unicodedata.east_asian_width(char) in "WF"


def letters(text: str) -> str:
    """Return letters and digits only: a quick sieve, coarser than `form`.

    Where `form(a).key` holds `form(b).key`, `letters(a)` holds `letters(b)`.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKD", plain))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text in its form; offsets are the text's. `key` of an ellipsis is "…"."""

    key: str
    start: int
    end: int


def words_of(text: str, *, ellipses: bool = False) -> list[Word]:
    """Return the words of `text`; with `ellipses`, a "…" for each that joins two stretches."""
    found = [Word(form(m.group()).key, m.start(), m.end()) for m in _WORD.finditer(text)]
    found = [word for word in found if word.key]
    if not ellipses or not found:
        return found
    gaps = [Word("…", m.start(), m.end()) for m in ELLIPSIS.finditer(text)]
    inner = [gap for gap in gaps if found[0].start < gap.start < found[-1].start]
    return sorted([*found, *inner], key=lambda word: (word.start, word.end))
