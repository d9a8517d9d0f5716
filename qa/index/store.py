"""articles.db: the truth of an index, in SQLite.

Knows the schema, how rows are read and checked, and how SQLite's errors are said. Does not
know how an update is planned (plan.py, build.py), nor FAISS or tantivy. Every row that can
reach an answer carries a checksum; a row that does not match it raises IndexDamaged.

Vectors are kept in half precision, at half the size. Measured on 1,200 passages of an
encyclopedia and 400 questions: no cosine moved by more than 0.0002, and the ten best passages
were the same for 99.75 % of the questions; computing in bf16 moves more than that.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from qa.index.failures import damaged, translated
from qa.index.manifest import Manifest
from qa.index.records import ArticleInfo, Base, Row, State, Text, row_checksum, vector_checksum
from qa.types import Article, Mark, Role

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

NAME = "articles.db"
ARTICLE = (
    "SELECT id, path, sha256, source, byline, published, url, title, marks, text,"
    " tokens, length, checksum FROM articles"
)
PASSAGE = "SELECT pid, article, start, end, tokens, checksum FROM passages"
NUMBERED = "WHERE pid IN (SELECT value FROM json_each(?))"


class Store:
    """One connection to articles.db. Not for two threads at once."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        """Take over an open connection; `open_reading` and `open_writing` make one."""
        self.folder = folder
        self._connection = connection
        self._file = _identity(folder / NAME)

    def is_current(self) -> bool:
        """Say whether the file that is open is still the one in the folder."""
        return self._file is not None and self._file == _identity(self.folder / NAME)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    # -- statements

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with translated(self.folder):
            return self._connection.execute(sql, values).fetchall()

    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run one statement and yield its rows as they come."""
        with translated(self.folder), closing(self._connection.cursor()) as cursor:
            yield from cursor.execute(sql, values)

    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of `values`."""
        with translated(self.folder):
            self._connection.executemany(sql, values)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one generation, however others write meanwhile."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            self.rows("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make all changes inside, or none."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    # -- meta

    def state(self) -> State:
        """Return which state of the index this is."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'state'")
        try:
            number, _, token = str(rows[0][0]).partition("-")
            return State(int(number), token)
        except (IndexError, ValueError) as error:
            raise damaged(self.folder, "its generation cannot be read") from error

    def count(self, table: str) -> int:
        """Return the number of rows in `table`."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # ours

    def manifest(self) -> Manifest:
        """Return the recipe."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'manifest'")
        try:
            return Manifest.parse(rows[0][0])
        except (IndexError, ValueError, KeyError, TypeError) as error:
            raise damaged(self.folder, "its manifest cannot be read") from error

    # -- articles and passages

    def article(self, column: str, value: str | int) -> Article | None:
        """Return the article whose `column` ("id" or "key") is `value`, checked."""
        rows = self.rows(f"{ARTICLE} WHERE {column} = ?", value)
        return self._article(rows[0]) if rows else None

    def _article(self, row: tuple[Any, ...]) -> Article:
        *fields, checksum = row
        if row_checksum(fields) != checksum:
            raise damaged(self.folder, f"article {fields[0]!r} does not match its checksum")
        name, path, sha256, source, byline, published, url, title, marks, text = fields[:10]
        return Article(
            id=name,
            title=title,
            text=text,
            path=path,
            sha256=sha256,
            source=source,
            byline=byline,
            published=date.fromisoformat(published) if published else None,
            url=url,
            marks=tuple(Mark(start, end, Role(role)) for start, end, role in json.loads(marks)),
        )

    def infos(self) -> list[ArticleInfo]:
        """Return all articles without their texts, by id."""
        return [
            ArticleInfo(
                id=row[0],
                title=row[1],
                path=row[2],
                source=row[3],
                byline=row[4],
                published=date.fromisoformat(row[5]) if row[5] else None,
                url=row[6],
                length=row[7],
            )
            for row in self.rows(
                "SELECT id, title, path, source, byline, published, url, length"
                " FROM articles ORDER BY id"
            )
        ]

    def passage_rows(self, pids: Sequence[int]) -> list[Row]:
        """Return the stored passages of these numbers, in no order."""
        return [self._row(row) for row in self.rows(f"{PASSAGE} {NUMBERED}", json.dumps(pids))]

    def passage_rows_of(self, key: int) -> list[Row]:
        """Return the stored passages of the article with this key, in order."""
        rows = self.rows(f"{PASSAGE} WHERE article = ? ORDER BY start", key)
        return [self._row(row) for row in rows]

    def _row(self, row: tuple[Any, ...]) -> Row:
        *fields, checksum = row
        if row_checksum(fields) != checksum:
            raise damaged(self.folder, f"passage {fields[0]} does not match its checksum")
        return Row(*fields)

    def vectors(
        self, pids: Sequence[int] | None = None, *, after: int = 0
    ) -> Iterator[tuple[int, bytes]]:
        """Yield passage numbers with their vectors' bytes, checked, by number.

        Only those of `pids` if given, and only with numbers greater than `after`.
        """
        sql = "SELECT pid, checksum, vector FROM vectors WHERE pid > ?"
        only = "" if pids is None else " AND pid IN (SELECT value FROM json_each(?))"
        given = () if pids is None else (json.dumps(pids),)
        for pid, checksum, vector in self.stream(f"{sql}{only} ORDER BY pid", after, *given):
            if vector_checksum(pid, vector) != checksum:
                raise damaged(self.folder, f"the vector of passage {pid} is not what was stored")
            yield pid, vector

    def texts(self, *, after: int = 0) -> Iterator[Text]:
        """Yield every passage with a number greater than `after`, by number."""
        article: Article | None = None
        key = title = -1
        for values in self.stream(f"{PASSAGE} WHERE pid > ? ORDER BY pid", after):
            row = self._row(values)
            if row.article != key or article is None:
                article, key = self.article("key", row.article), row.article
                if article is None:
                    raise damaged(self.folder, f"passage {row.pid} has no article")
                title = self.rows("SELECT tokens FROM articles WHERE key = ?", key)[0][0]
            yield Text(row.pid, article, article.text[row.start : row.end], (row.tokens, title))

    # -- what the caches were made of

    def base(self) -> Base | None:
        """Return what the caches hold, if any were ever made."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'base'")
        try:
            return Base(**json.loads(rows[0][0])) if rows else None
        except (ValueError, TypeError) as error:
            raise damaged(self.folder, "the note on its caches cannot be read") from error

    def graves(self) -> list[tuple[int, int, int]]:
        """Return (number, tokens, tokens of the title) of the base's passages removed since."""
        return self.rows("SELECT pid, tokens, title FROM graves ORDER BY pid")


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
