"""Plain text and Markdown to drafts.

Knows front matter and what of Markdown is not prose. Does not know files.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.articles.dates import parse_date
from qa.articles.decode import text_of
from qa.articles.draft import Draft
from qa.articles.structure import described
from qa.types import Mark, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

MOST_FRONT_MATTER = 64 * 1024  # characters

_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\r?\n(?P<yaml>.*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_TAGS = "img|iframe|script|style|figure|div|video|audio|source|picture|br|hr"
_NOT_PROSE = re.compile(
    "|".join(
        (
            r"<!--.{0,5000}?-->",  # a comment
            r"^[ \t]*(?:\[?!\[[^\]\n]*\]\([^)\n]*\)(?:\]\([^)\n]*\))?[ \t]*)+\r?$",  # images alone
            # the address of a link
            r"^ {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]*<?(?:https?:|mailto:|www\.|/|#)\S*[^\n]*$",
            rf"^[ \t]*</?(?:{_TAGS})\b[^>\n]*>[ \t]*\r?$",  # a tag alone
        )
    ),
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w -]*?)\s*:\s*(?P<value>.*)")


def plain(data: bytes, path: str) -> Draft:
    """Read a text file.

    Raises:
        ArticleError: It is empty or not text.
    """
    return described(Draft(text_of(data, path)))


def markdown(data: bytes, path: str) -> Draft:
    """Read a Markdown file; front matter says title, source, published, url and author.

    Raises:
        ArticleError: It is empty or not text.
    """
    text = text_of(data, path)
    match = _FRONT_MATTER.match(text[:MOST_FRONT_MATTER])
    fields = _front_matter(match["yaml"], path) if match else None
    draft = Draft(text)
    marks: list[Mark] = []
    if match and fields is not None:
        draft = replace(stated(draft, fields), start=match.end())
        marks.append(Mark(match.start(), match.end(), Role.BOILERPLATE))
    marks += [
        Mark(found.start(), found.end(), Role.BOILERPLATE)
        for found in _NOT_PROSE.finditer(text, draft.start)
        if found.end() > found.start()
    ]
    return described(replace(draft, marks=tuple(marks)), title_elsewhere=draft.title is not None)


def stated(draft: Draft, fields: Mapping[str, Any]) -> Draft:
    """Return `draft` with what a file or a record states about itself."""
    return replace(
        draft,
        title=draft.title or _line(fields.get("title")),
        source=draft.source or _line(fields.get("source")),
        byline=draft.byline
        or _line(fields.get("byline"))
        or _line(fields.get("author"))
        or _line(fields.get("authors")),
        published=draft.published
        or parse_date(fields.get("published"))
        or parse_date(fields.get("date")),
        url=draft.url or _line(fields.get("url")),
    )


def _line(value: object) -> str | None:
    """Return a stated value as one line; None where nothing usable is stated."""
    if isinstance(value, list | tuple):
        return ", ".join(part for one in value if (part := _line(one))) or None
    if isinstance(value, dict):
        return _line(value.get("name"))
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(str(value).split()) or None


def _front_matter(source: str, path: str) -> dict[str, Any] | None:
    """Read front matter; None when it is text between two rules instead.

    A title with a colon in it is not YAML unless it is quoted, and seldom is; then each line is
    read by itself.
    """
    import yaml

    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        log.warning("%s: its front matter is not YAML: %s", path, str(error).splitlines()[0])
        fields = _line_by_line(source)
    if not isinstance(fields, dict):
        return None
    return {str(name).lower(): value for name, value in fields.items()}


def _line_by_line(source: str) -> dict[str, str] | None:
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    matches = [_FIELD.fullmatch(line) for line in lines]
    found = {match["name"]: match["value"].strip("\"' ") for match in matches if match}
    return found if len(found) > len(lines) / 2 else None
