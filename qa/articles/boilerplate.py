"""Which lines of a text are not the article.

Knows the rules for lines and those that need a line's surroundings. Does not know title or
byline; a line that has another role is never boilerplate.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from qa.articles.rules import BREADCRUMB, LIST_LABEL, SECTION, bare, ends_as_sentence, rule_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles.lines import Line

_CREDITS = {"agency credit", "picture credit", "bracketed"}
# A repeated paragraph is a copy from this length on; refrains and short answers are shorter.
LEAST_COPY = 6  # words
MOST_CAPTION = 60  # words
MOST_STRAY = 3  # words of a last line that says nothing
LEAST_PROSE = 8  # words of a line of running text
TOP = 3  # lines in which a breadcrumb or a section's name stands


def boilerplate(lines: Sequence[Line], taken: frozenset[int]) -> dict[int, str]:
    """Return the lines that are boilerplate, by their index, with the name of the rule.

    Args:
        lines: All lines of the text.
        taken: Indexes of lines that have another role.
    """
    found: dict[int, str] = {}
    for index, line in enumerate(lines):
        if index not in taken and (matched := rule_for(line.text)):
            found[index] = matched[0].name
    _add_lists(lines, taken, found)
    _add_copies(lines, taken, found)
    _add_stray(lines, taken, found)
    return found


def is_above_title(line: Line, following: Line | None) -> bool:
    """Say whether a line above the title names a section or the way to the page."""
    if following is None or line.words > 8:
        return False
    text = bare(line.text)
    return bool(SECTION.fullmatch(text) or (line.words > 1 and BREADCRUMB.fullmatch(text)))


def normal(text: str) -> str:
    """Return a text's words alone, to compare two copies of it."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _add_lists(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> None:
    """Mark the headlines that follow a label like "Related stories"."""
    for index in sorted(found):
        label = lines[index]
        if found[index] != "label alone" or not LIST_LABEL.fullmatch(bare(label.text)):
            continue
        following = index + 1
        is_list = False
        while (
            following < len(lines)
            and following not in taken
            and not ends_as_sentence(lines[following].text)
            and lines[following].words <= 20
            and (not lines[following].after_gap or _is_item(lines[following].text) or is_list)
        ):
            is_list = _is_item(lines[following].text)
            if lines[following].after_gap and not is_list:
                break
            found.setdefault(following, "list of links")
            following += 1


def _is_item(text: str) -> bool:
    return bool(re.match(r"(?:[-*•–▪●◦‣>»]|\d{1,2}[.)])\s", text))


def _add_copies(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> None:
    """Mark a paragraph whose words all stand elsewhere too: a caption or a pull quote.

    Of two equal paragraphs the one beside a credit is the caption, else the earlier one, for
    pictures stand above the text they quote. What is marked is still in the text once.
    """
    from qa.sentences import sentences

    places: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if index not in found and LEAST_COPY <= line.words <= MOST_CAPTION:
            places[normal(line.text)].append(index)
    if not places:
        return
    for key, indexes in places.items():
        if len(indexes) > 1 and len(key.split()) >= LEAST_COPY:
            _mark_copies(lines, indexes, taken, found)
    kept = {key: indexes[0] for key, indexes in places.items() if len(indexes) == 1}
    for index, line in enumerate(lines):
        if index in found or line.words <= LEAST_COPY:
            continue
        whole = normal(line.text)
        for start, end in sentences(line.text):
            copy = kept.get(key) if (key := normal(line.text[start:end])) != whole else None
            if (
                copy is not None
                and copy not in taken
                and lines[copy].alone | _by_credit(lines, copy, found)
            ):
                found[copy] = "copy"
                del kept[key]


def _mark_copies(
    lines: Sequence[Line], indexes: list[int], taken: frozenset[int], found: dict[int, str]
) -> None:
    free = [i for i in indexes if i not in taken]
    captions = [i for i in free if _by_credit(lines, i, found)]
    close = [i for i in captions if not lines[i].before_gap and found.get(i + 1) in _CREDITS]
    for chosen in (close, captions):
        if chosen and len(chosen) < len(indexes):
            found.update(dict.fromkeys(chosen, "copy"))
            return
    standing = [i for i in free if lines[i].alone or i in captions]
    spare = standing if len(free) < len(indexes) else standing[: len(indexes) - 1]
    found.update(dict.fromkeys(spare, "copy"))


def _by_credit(lines: Sequence[Line], index: int, found: dict[int, str]) -> bool:
    """Say whether a picture's credit stands directly above or below a line."""
    return any(found.get(beside) in _CREDITS for beside in (index - 1, index + 1))


def _add_stray(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> None:
    """Mark a last line that is no sentence, no heading and no item: what a page left over."""
    rest = [index for index in range(len(lines)) if index not in found]
    prose = [i for i in rest if lines[i].words >= LEAST_PROSE and ends_as_sentence(lines[i].text)]
    if len(prose) < TOP or rest[-1] in taken:
        return
    last, before = rest[-1], rest[-2]
    line = lines[last]
    if (
        line.alone
        and line.words <= MOST_STRAY
        and before == prose[-1]
        and not ends_as_sentence(line.text)
        and not _is_item(line.text)
        and re.fullmatch(r"[\w\s.'’&-]+", line.text)
    ):
        found[last] = "stray"
