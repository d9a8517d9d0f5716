"""What readers said of the answers, kept in one local SQLite file.

Knows the table and how its rows become an evaluation file. Does not know the page, nor how an
evaluation is run. Nothing is sent anywhere. Rows are added and read, never changed: a note is a
new row of the same answer, and the last row of an answer counts.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QAError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.types import Answer

VERDICTS = ("right", "wrong")
LONGEST = 1000  # characters of a note or a correction that are kept

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    row INTEGER PRIMARY KEY,
    at TEXT NOT NULL,               -- UTC, ISO 8601
    key TEXT NOT NULL,              -- the same for all rows of one answer
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
    question TEXT NOT NULL,         -- as typed
    searched_as TEXT NOT NULL,
    answer TEXT,                    -- NULL: it abstained
    article TEXT,
    start INTEGER,                  -- of the quotation, code points of the article's text
    "end" INTEGER,
    sha256 TEXT,                    -- of the article as it was quoted
    confidence REAL NOT NULL,
    reason TEXT,
    generation INTEGER NOT NULL,
    correction TEXT NOT NULL,       -- the right answer, as the reader gave it
    unanswerable INTEGER NOT NULL,  -- 1: the reader says that no article answers
    note TEXT NOT NULL
)
"""


class FeedbackError(QAError, RuntimeError):
    """The feedback file cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One row: a verdict on one answer."""

    key: str
    verdict: str  # "right" or "wrong"
    question: str
    searched_as: str
    answer: str | None
    article: str | None
    start: int | None
    end: int | None
    sha256: str | None
    confidence: float
    reason: str | None
    generation: int
    correction: str = ""
    unanswerable: bool = False
    note: str = ""
    at: str = ""  # set when it is kept

    @property
    def answers(self) -> list[str] | None:
        """The right answers as far as the reader told; empty: unanswerable; None: unknown."""
        if self.verdict == "right":
            return [self.answer] if self.answer is not None else []
        if self.unanswerable:
            return []
        return [self.correction] if self.correction else None


def of(
    answer: Answer,
    verdict: str,
    key: str,
    *,
    correction: str = "",
    unanswerable: bool = False,
    note: str = "",
) -> Feedback:
    """Return the row that says `verdict` of `answer`.

    Raises:
        FeedbackError: The verdict is neither "right" nor "wrong".
    """
    if verdict not in VERDICTS:
        raise FeedbackError(f"A verdict is right or wrong, not {verdict!r}.")
    cited = answer.citations[0] if answer.citations else None
    return Feedback(
        key=key,
        verdict=verdict,
        question=answer.question,
        searched_as=answer.searched_as or answer.question,
        answer=answer.text,
        article=cited.article.id if cited else None,
        start=cited.start if cited else None,
        end=cited.end if cited else None,
        sha256=cited.article.sha256 if cited else None,
        confidence=answer.confidence,
        reason=answer.reason.value if answer.reason else None,
        generation=answer.generation,
        correction=correction.strip()[:LONGEST],
        unanswerable=unanswerable,
        note=note.strip()[:LONGEST],
    )


class FeedbackStore:
    """Feedback in an SQLite file. Safe to call from many threads and processes."""

    def __init__(self, path: str | Path) -> None:
        """Name the file; it is made with the first row."""
        self.path = Path(path)
        self._lock = threading.Lock()

    def add(self, row: Feedback) -> None:
        """Keep one row.

        Raises:
            FeedbackError: The file cannot be written.
        """
        kept = replace(row, at=row.at or datetime.now(UTC).isoformat(timespec="seconds"))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock, closing(sqlite3.connect(self.path, timeout=10.0)) as store, store:
                store.execute(_TABLE)
                store.execute(_INSERT, astuple(kept))
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(
                f"{self.path}: feedback cannot be kept: {error}.",
                cure="Make its folder writable, or name another file.",
            ) from error

    def rows(self) -> list[Feedback]:
        """Return all rows, oldest first; none when there is no file yet.

        Raises:
            FeedbackError: The file is not a feedback file.
        """
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=10.0)) as store:
                rows = store.execute(_SELECT).fetchall()
        except sqlite3.Error as error:
            raise FeedbackError(
                f"{self.path}: not a feedback file: {error}.", cure="Name the right file."
            ) from error
        return [
            replace(row, unanswerable=bool(row.unanswerable)) for row in starmap(Feedback, rows)
        ]


# Column names come from the dataclass; values are always bound.
_COLUMNS = ", ".join(f'"{field.name}"' for field in fields(Feedback))
_INSERT = f"INSERT INTO feedback ({_COLUMNS}) VALUES ({', '.join('?' * len(fields(Feedback)))})"  # noqa: S608  # no value is in it
_SELECT = f"SELECT {_COLUMNS} FROM feedback ORDER BY row"  # noqa: S608  # no value is in it


def latest(rows: Iterable[Feedback]) -> list[Feedback]:
    """Return the last row of each answer, in the order the answers were first judged."""
    last: dict[str, Feedback] = {}
    for row in rows:
        last[row.key] = row
    return list(last.values())


def to_questions(rows: Iterable[Feedback]) -> Iterator[dict[str, object]]:
    """Turn rows into questions with known answers, as `qa eval` reads them.

    An answer judged right becomes its own label, with its article; an abstention judged right,
    and an answer that the reader called unanswerable, become unanswerable questions; a wrong
    answer counts only with a correction. The question is the one searched, which stands alone.
    """
    for row in latest(rows):
        answers = row.answers
        if answers is None:
            continue
        question: dict[str, object] = {
            "id": f"feedback-{row.key}",
            "question": row.searched_as,
            "answers": answers,
        }
        if row.verdict == "right" and row.article is not None:
            question["article"] = row.article
        yield question


def export(store: FeedbackStore, path: str | Path) -> int:
    """Write the questions of `store` as JSONL for `qa eval`; return how many."""
    questions = list(to_questions(store.rows()))
    lines = [json.dumps(question, ensure_ascii=False) + "\n" for question in questions]
    Path(path).write_text("".join(lines), encoding="utf-8")
    return len(lines)
