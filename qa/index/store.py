"""The truth of an index, as rows: articles, passages, vectors, copies, files.

Knows which rows there are, how they are read and checked. Does not know where they are kept:
`SqliteStore` (database.py) and `PostgresStore` (postgres/store.py) run the statements, which are
written in the SQL that both understand. Does not know how an update is planned (plan.py,
build.py). Every row that can reach an answer carries a checksum; a row that does not match it
raises IndexDamaged.

Vectors are kept in half precision, at half the size. Measured on 1,200 passages of an
encyclopedia and 400 questions: no cosine moved by more than 0.0002, and the ten best passages
were the same for 99.75 % of the questions; computing in bf16 moves more than that.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from qa.index.manifest import Manifest
from qa.index.records import ArticleInfo, Row, State, Text, row_checksum, vector_checksum
from qa.types import Article, Mark, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from qa.errors import IndexDamaged

ARTICLE = (
    "SELECT key, id, path, sha256, source, byline, published, url, title, marks, text,"
    " tokens, length, checksum FROM articles"
)
PASSAGE = 'SELECT pid, article, start, "end", tokens, checksum FROM passages'


class Store(ABC):
    """One connection to the rows of an index. Not for two threads at once: hold its lock."""

    def __init__(self, place: object) -> None:
        """Note where the index stands; the `str` of that is for people."""
        self.place = place
        self.lock = threading.RLock()

    # -- statements

    @abstractmethod
    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; values stand as "?" in it."""

    @abstractmethod
    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Run one statement and yield its rows as they come."""

    @abstractmethod
    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each of `values`."""

    @abstractmethod
    def listed(self, column: str, values: Sequence[int] | Sequence[str]) -> tuple[str, Any]:
        """Return the condition that `column` is one of `values`, and its one value."""

    # -- transactions

    @abstractmethod
    def begin(self) -> None:
        """See one generation from now on, however others write meanwhile."""

    def end(self) -> None:
        """End what `begin` began."""
        self.rows("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one generation inside the block."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Make all changes inside the block, or none."""

    @abstractmethod
    def is_current(self) -> bool:
        """Say whether this still is a connection to the index at its place."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    @abstractmethod
    def damaged(self, what: str) -> IndexDamaged:
        """Return the error of an index that does not hold what it should, and note it."""

    # -- meta

    def state(self) -> State:
        """Return which state of the index this is."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'state'")
        try:
            number, _, token = str(rows[0][0]).partition("-")
            return State(int(number), token)
        except (IndexError, ValueError) as error:
            raise self.damaged("its generation cannot be read") from error

    def note(self, key: str, value: str) -> None:
        """Set one value of the meta table."""
        self.rows(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value,
        )

    def count(self, table: str) -> int:
        """Return the number of rows in `table`."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # ours

    def manifest(self) -> Manifest:
        """Return the recipe."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'manifest'")
        try:
            return Manifest.parse(rows[0][0])
        except (IndexError, ValueError, KeyError, TypeError) as error:
            raise self.damaged("its manifest cannot be read") from error

    # -- articles and passages

    def article(self, column: str, value: str | int) -> Article | None:
        """Return the article whose `column` ("id" or "key") is `value`, checked."""
        rows = self.rows(f"{ARTICLE} WHERE {column} = ?", value)
        return self._article(rows[0]) if rows else None

    def articles(self, keys: Sequence[int]) -> dict[int, Article]:
        """Return the articles with these keys, checked."""
        sql, listed = self.listed("key", keys)
        return {row[0]: self._article(row) for row in self.rows(f"{ARTICLE} WHERE {sql}", listed)}

    def _article(self, row: tuple[Any, ...]) -> Article:
        _, *fields, checksum = row
        if row_checksum(fields) != checksum:
            raise self.damaged(f"article {fields[0]!r} does not match its checksum")
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
        sql, listed = self.listed("pid", pids)
        return [self._row(row) for row in self.rows(f"{PASSAGE} WHERE {sql}", listed)]

    def passage_rows_of(self, key: int) -> list[Row]:
        """Return the stored passages of the article with this key, in order."""
        rows = self.rows(f"{PASSAGE} WHERE article = ? ORDER BY start", key)
        return [self._row(row) for row in rows]

    def _row(self, row: tuple[Any, ...]) -> Row:
        *fields, checksum = row
        if row_checksum(fields) != checksum:
            raise self.damaged(f"passage {fields[0]} does not match its checksum")
        return Row(*fields)

    def vectors(
        self, pids: Sequence[int] | None = None, *, after: int = 0
    ) -> Iterator[tuple[int, bytes]]:
        """Yield passage numbers with their vectors' bytes, checked, by number.

        Only those of `pids` if given, and only with numbers greater than `after`.
        """
        sql = "SELECT pid, checksum, vector FROM vectors WHERE pid > ?"
        values: list[Any] = [after]
        if pids is not None:
            only, listed = self.listed("pid", pids)
            sql = f"{sql} AND {only}"
            values.append(listed)
        found = self.stream if pids is None else self.rows
        for pid, checksum, vector in found(f"{sql} ORDER BY pid", *values):
            if vector_checksum(pid, vector) != checksum:
                raise self.damaged(f"the vector of passage {pid} is not what was stored")
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
                    raise self.damaged(f"passage {row.pid} has no article")
                title = self.rows("SELECT tokens FROM articles WHERE key = ?", key)[0][0]
            yield Text(row.pid, article, article.text[row.start : row.end], (row.tokens, title))

    # -- numbers for new rows

    @abstractmethod
    def numbers(self, count: int) -> int:
        """Return the first of `count` numbers for new passages, none of them used before."""
