"""Which lines of a text are not the article.

Knows the rules that need a line's surroundings, and applies those that do not. Does not know
title or byline: a line that has another role is never boilerplate.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from qa.articles.rules import bare, ends_as_sentence, rule_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.articles.lines import Line

# A repeated paragraph is a copy from this length on; refrains and short answers are shorter.
LEAST_COPY = 6  # words
MOST_CAPTION = 60  # words
HEAD_OF_COPY = 20  # characters
LEAST_ECHO = 3  # words of a line that repeats the one above it
MOST_STRAY = 3  # words of a last line that says nothing
LEAST_PROSE = 8  # words of a line of running text
MOST_LINK = 20  # words of a headline in a list of other pages

_CREDITS = {"agency credit", "picture credit", "bracketed"}
_ITEM = re.compile(r"(?:[-*•–▪●◦‣>»]|\d{1,2}[.)])\s")
_SECTION = re.compile(
    r"(?:(?:world|local|national|international|breaking|latest|top|business|sports?|us|u\.s\.|uk"
    r"|entertainment|tech) )?(?:news|headlines)|world|politics|business|economy|markets|opinion"
    r"|editorial|analysis|sports?|football|culture|arts|life(?:style)?|health|science"
    r"|tech(?:nology)?|environment|climate|travel|education|entertainment|crime|local|national"
    r"|international|africa|americas|asia|europe|middle east|latin america|u\.?s\.?|uk|exclusive"
    r"|breaking|explainer|features?|featured|interview|live|home|press release|heard on .{2,40}",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(r"\w[\w&' -]{1,30}(?:\s*[>»›/|]\s*\w[\w&' -]{1,30}){1,5}")
_ORNAMENT = re.compile(r"(?:([_*=~•·.–—-])\s*)(?:\1\s*){2,}")
_SPEAKER = re.compile(r"[A-Z][\w .'’-]{0,25}:\s")


def boilerplate(lines: Sequence[Line], taken: frozenset[int]) -> dict[int, str]:
    """Return the lines that are boilerplate, by index, with the name of the rule.

    Args:
        lines: All lines of the text.
        taken: Indexes of lines that have another role.
    """
    found = {
        index: matched[0].name
        for index, line in enumerate(lines)
        if index not in taken and (matched := rule_for(line.text))
    }
    found |= {
        index: "ornament"
        for index, line in enumerate(lines)
        if index not in found and line.alone and _ORNAMENT.fullmatch(line.text)
    }
    found |= _links(lines, taken, found)
    found |= _copies(lines, taken, found)
    found |= _stray(lines, taken, found)
    return found


def is_above_title(line: Line) -> bool:
    """Say whether a line names a section of the site, or the way to the page."""
    text = bare(line.text)
    return bool(_SECTION.fullmatch(text) or _BREADCRUMB.fullmatch(text))


def normal(text: str) -> str:
    """Return the words of a text alone, to compare two copies of it."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def _links(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> dict[int, str]:
    """Find the headlines that follow a label like "Related stories".

    They are the lines up to an empty one, a sentence or a long line, or the items of a list.
    Where running text follows, the last of them may be its heading, and one alone is no list.
    """
    links: dict[int, str] = {}
    for label in sorted(index for index, name in found.items() if _heads_list(lines[index], name)):
        run: list[int] = []
        items = label + 1 < len(lines) and bool(_ITEM.match(lines[label + 1].text))
        for index in range(label + 1, len(lines)):
            line = lines[index]
            is_link = bool(_ITEM.match(line.text)) if items else not line.after_gap
            if (
                not is_link
                or index in taken
                or line.words > MOST_LINK
                or ends_as_sentence(line.text)
            ):
                break
            run.append(index)
        following = run[-1] + 1 if run else len(lines)
        if not items and following < len(lines) and not lines[following].after_gap:
            run.pop()
        links |= dict.fromkeys((index for index in run if index not in found), "list of links")
    return links


def _heads_list(line: Line, rule: str) -> bool:
    return rule == "label alone" or (rule == "read on" and line.text.endswith(":"))


def _copies(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> dict[int, str]:
    """Find paragraphs whose words stand elsewhere too: captions, pull quotes, echoes.

    What is found here is still in the text once, so no answer is lost.
    """
    copies: dict[int, str] = {}
    places: dict[str, list[int]] = defaultdict(list)
    above = ""  # the words of the line before, unless that is boilerplate
    for index, line in enumerate(lines):
        above, key = ("", "") if index in found else (above, normal(line.text))
        echoes = bool(key) and key == above and index not in taken
        above = key
        if not key:
            continue
        if echoes and line.words >= LEAST_ECHO:
            copies[index] = "echo"
        elif LEAST_COPY <= line.words <= MOST_CAPTION and not _is_speech(line.text):
            places[key].append(index)
    for indexes in places.values():
        if len(indexes) > 1:
            copies |= dict.fromkeys(_copies_among(lines, indexes, taken, found), "copy")
    copies |= _repeated_sentences(lines, places, taken, {**found, **copies})
    return copies


def _copies_among(
    lines: Sequence[Line], indexes: list[int], taken: frozenset[int], found: dict[int, str]
) -> list[int]:
    """Choose which of some equal lines are the copies; at least one is not.

    A caption is the one beside a picture's credit, the closer the surer. Else the earlier ones
    are, for pictures and summaries stand above the text they repeat; never the title.
    """
    free = [index for index in indexes if index not in taken]
    captions = [index for index in free if _by_credit(index, found)]
    closest = [i for i in captions if not lines[i].before_gap and found.get(i + 1) in _CREDITS]
    for chosen in (closest, captions):
        if chosen and len(chosen) < len(indexes):
            return chosen
    return [i for i in free if lines[i].alone or i in captions][: len(indexes) - 1]


def _repeated_sentences(
    lines: Sequence[Line],
    places: dict[str, list[int]],
    taken: frozenset[int],
    found: dict[int, str],
) -> dict[int, str]:
    """Find short paragraphs that are a sentence of a longer one."""
    from qa.sentences import within

    single = {
        key: indexes[0]
        for key, indexes in places.items()
        if len(indexes) == 1
        and indexes[0] not in taken
        and (lines[indexes[0]].alone or _by_credit(indexes[0], found))
    }
    heads = {key[:HEAD_OF_COPY] for key in single}  # cheap to compare, and most differ in it
    copies: dict[int, str] = {}
    for index, line in enumerate(lines):
        if index in found or not single or line.words <= LEAST_COPY:
            continue
        inside = within(line.text, 0, len(line.text))
        if len(inside) == 1:
            continue
        for start, end in inside:
            if normal(line.text[start : start + 2 * HEAD_OF_COPY])[:HEAD_OF_COPY] in heads:
                copy = single.pop(normal(line.text[start:end]), None)
                if copy is not None and copy not in found:
                    copies[copy] = "copy"
    return copies


def _by_credit(index: int, found: dict[int, str]) -> bool:
    """Say whether a picture's credit stands directly above or below a line."""
    return any(found.get(beside) in _CREDITS for beside in (index - 1, index + 1))


def _is_speech(text: str) -> bool:
    """Say whether a line is a question, or begins with who speaks."""
    return text.endswith("?") or bool(_SPEAKER.match(text))


def _stray(lines: Sequence[Line], taken: frozenset[int], found: dict[int, str]) -> dict[int, str]:
    """Find a last line that is no sentence, no heading and no item: what a page left over."""
    rest = [index for index in range(len(lines)) if index not in found]
    prose = [i for i in rest if lines[i].words >= LEAST_PROSE and ends_as_sentence(lines[i].text)]
    if len(prose) < 3 or rest[-1] in taken or rest[-2] != prose[-1]:
        return {}
    line = lines[rest[-1]]
    if (
        line.alone
        and line.words <= MOST_STRAY
        and not ends_as_sentence(line.text)
        and re.fullmatch(r"[\w\s.'’&-]+", line.text)
        and not _ITEM.match(line.text)
    ):
        return {rest[-1]: "stray"}
    return {}
