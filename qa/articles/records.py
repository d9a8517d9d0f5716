"""JSON lines to drafts: one record a line.

Knows the fields of a record. Does not know files. A bad record is skipped by name, and the
rest is read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.articles.decode import sound
from qa.articles.draft import Draft
from qa.articles.plain import stated
from qa.articles.structure import described
from qa.errors import ArticleError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file."""

    id: str
    sha256: str  # of the line's bytes
    draft: Draft


def records(data: bytes, path: str) -> Iterator[Record | ArticleError]:
    """Yield each record, or the error that says why it is skipped.

    Fields: `text` (needed), and `id`, `title`, `source`, `published`, `url`, `byline` or
    `author`. A record without an id is called `path#line`.
    """
    seen: dict[str, int] = {}
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        where = f"{path}, line {number}"
        try:
            record = _record(line, where, f"{path}#{number}")
        except ArticleError as error:
            yield error
            continue
        if record.id in seen:
            yield ArticleError(
                f"{where}: line {seen[record.id]} has the same id, {record.id!r}.",
                cure="Give each record an id of its own.",
            )
            continue
        seen[record.id] = number
        yield record


def _record(line: bytes, where: str, default_id: str) -> Record:
    fields = _fields(line, where)
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ArticleError(f"{where}: it has no text.", cure='Put the article into "text".')
    known = {
        name: sound(value) if isinstance(value, str) else value for name, value in fields.items()
    }
    given = known.get("id")
    name = (
        str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
    )
    draft = stated(Draft(sound(text)), known)
    return Record(
        id=name or default_id,
        sha256=hashlib.sha256(line).hexdigest(),
        draft=described(draft, title_elsewhere=draft.title is not None),
    )


def _fields(line: bytes, where: str) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ArticleError(
            f"{where}: it is not JSON in UTF-8.", cure="Correct or remove the line."
        ) from error
    if not isinstance(fields, dict):
        raise ArticleError(
            f"{where}: it is not a JSON object.", cure='Write {"id": …, "title": …, "text": …}.'
        )
    return fields
