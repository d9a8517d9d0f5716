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
import secrets
import sqlite3
import zlib
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing, StoreError
from qa.index.manifest import FORMAT, Manifest, mismatch, rebuild
from qa.types import Article, Mark, Passage, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

NAME = "articles.db"
DAMAGED = "damaged"  # a file that says: the next update must check every row
APPLICATION_ID = 0x51756F74  # "Quot", in the database's header
LONG = 200  # characters
HEADER = 100  # bytes that every database begins with
BUSY_MS = 10_000  # how long a statement waits for another process's short lock

SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, skipped TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE claims (article_id TEXT, path TEXT, kept INTEGER NOT NULL,
    PRIMARY KEY (article_id, path)) WITHOUT ROWID;
CREATE INDEX claims_path ON claims (path);
CREATE TABLE articles (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL, sha256 TEXT NOT NULL, source TEXT, byline TEXT, published TEXT, url TEXT,
    title TEXT NOT NULL, tokens INTEGER NOT NULL, length INTEGER NOT NULL,
    checksum INTEGER NOT NULL, marks TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX articles_sha256 ON articles (sha256);
CREATE TABLE passages (pid INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, tokens INTEGER NOT NULL,
    checksum INTEGER NOT NULL);
CREATE INDEX passages_article ON passages (article, start);
CREATE TABLE vectors (pid INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TABLE bands (key INTEGER, article INTEGER, PRIMARY KEY (key, article)) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article);
CREATE TABLE copies (article INTEGER, other INTEGER, checksum INTEGER NOT NULL,
    PRIMARY KEY (article, other)) WITHOUT ROWID;
CREATE TABLE graves (pid INTEGER PRIMARY KEY, tokens INTEGER NOT NULL, title INTEGER NOT NULL);
"""
TABLES = ("files", "claims", "articles", "passages", "vectors", "bands", "copies", "graves")
ARTICLE = (
    "SELECT id, path, sha256, source, byline, published, url, title, marks, text,"
    " tokens, length, checksum FROM articles"
)
PASSAGE = "SELECT pid, article, start, end, tokens, checksum FROM passages"
NUMBERED = "WHERE pid IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """One article without its text, for lists."""

    id: str
    title: str
    path: str
    source: str | None
    byline: str | None
    published: date | None
    url: str | None
    length: int  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """One passage as it is stored: everything but its text."""

    pid: int
    article: int  # key of its article
    start: int
    end: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Text:
    """One passage as the words in it are searched."""

    pid: int
    article: Article
    text: str
    tokens: tuple[int, int]  # in the text, in the title


@dataclass(frozen=True, slots=True)
class Base:
    """What the caches on disk were made of: all passages of one state."""

    name: str  # the state's
    last: int  # highest passage number; later passages are not in the caches
    passages: int


@dataclass(frozen=True, slots=True)
class State:
    """Which state of an index: every change raises the number and draws a new token.

    The token tells apart two states of the same number, one of which was never committed.
    """

    generation: int
    token: str

    def __str__(self) -> str:
        """Return what is stored."""
        return f"{self.generation}-{self.token}"

    def following(self) -> State:
        """Return the state after this one."""
        return State(self.generation + 1, secrets.token_hex(4))


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


def passage_of(article: Article, start: int, end: int) -> Passage:
    """Return the passage of `article` at these offsets."""
    return Passage(f"{article.id}#{start}", article.id, start, end, article.text[start:end])


def row_checksum(fields: Sequence[Any]) -> int:
    """Return the checksum of the fields of an article's or a passage's row."""
    # Long texts straight, the rest as Python writes it: much faster than all as JSON.
    checksum = 0
    short = []
    for field in fields:
        if isinstance(field, str) and len(field) > LONG:
            checksum = zlib.crc32(field.encode(), checksum)
            short.append(len(field))
        else:
            short.append(field)
    return zlib.crc32(repr(short).encode(), checksum)


def vector_checksum(pid: int, vector: bytes) -> int:
    """Return the checksum of a stored vector; the number guards against a swap."""
    return zlib.crc32(vector, pid & 0xFFFFFFFF)


def pack(vector: NDArray[np.float32]) -> bytes:
    """Return a vector as it is stored: little-endian half precision."""
    return vector.astype("<f2").tobytes()


# -- opening


def open_reading(folder: Path) -> Store:
    """Open the store of an existing index for reading.

    Raises:
        IndexMissing: There is no index in `folder`.
        IndexMismatch: There is another database, or one of another format.
        IndexDamaged: The database cannot be read.
    """
    file = folder / NAME
    if folder.exists() and not folder.is_dir():
        raise IndexMissing(f"{folder} is a file, not the folder of an index.", cure=rebuild(folder))
    if not file.is_file() or not file.stat().st_size:
        raise IndexMissing(f"There is no index in {folder}.", cure=rebuild(folder))
    store = Store(folder, _connect(file, "mode=ro"))
    try:
        try:
            store.rows("SELECT 1 FROM sqlite_master")
        except StoreError as error:
            if isinstance(error, IndexDamaged):
                raise
            # A read-only folder: SQLite cannot make the files it shares between processes.
            store.close()
            store = Store(folder, _connect(file, "mode=ro&immutable=1"))
        check_format(store)
    except BaseException:
        store.close()
        raise
    return store


def open_writing(folder: Path, manifest: Manifest | None = None) -> Store:
    """Open the store of `folder` for writing; with a manifest, make it if it is missing."""
    file = folder / NAME
    with translated(folder):
        store = Store(folder, _connect(file, "mode=rw" if manifest is None else "mode=rwc"))
    try:
        exists = bool(store.rows("SELECT 1 FROM sqlite_master LIMIT 1"))
        if exists or manifest is None:
            check_format(store)  # before anything is written: it may be another program's
        store.rows("PRAGMA journal_mode = WAL")
        store.rows("PRAGMA synchronous = FULL")  # a commit that was reported survives a power cut
        store.rows("PRAGMA secure_delete = ON")  # a removed article's text is overwritten
        store.rows("PRAGMA wal_autocheckpoint = 4000")  # pages; 16 MiB
        if manifest is not None and not exists:
            with store.writing():
                for statement in SCHEMA.split(";\n"):
                    store.rows(statement)
                write_meta(store, "manifest", manifest.dump())
                write_meta(store, "state", str(State(0, secrets.token_hex(4))))
    except BaseException:
        store.close()
        raise
    return store


def reset(store: Store, manifest: Manifest) -> None:
    """Empty the store and give it another recipe, in one transaction."""
    with store.writing():
        state = store.state().following()
        for table in TABLES:
            store.rows(f"DELETE FROM {table}")  # noqa: S608  # names of ours
        store.rows("DELETE FROM meta WHERE key = 'base'")
        write_meta(store, "manifest", manifest.dump())
        write_meta(store, "state", str(state))


def write_meta(store: Store, key: str, value: str) -> None:
    """Set one value of the meta table."""
    store.rows("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", key, value)


def check_format(store: Store) -> None:
    """Raise IndexMismatch unless the database is an index of this format."""
    if store.rows("PRAGMA application_id") != [(APPLICATION_ID,)]:
        if (store.folder / NAME).stat().st_size < HEADER:
            raise damaged(store.folder, f"{NAME} was cut off")
        raise IndexMismatch(
            f"{store.folder / NAME} was not made by qa.", cure="Name another folder with --index."
        )
    found = store.manifest().format
    if found != FORMAT:
        raise mismatch(store.folder, "format", FORMAT, found)


def _connect(file: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?{options}",
        uri=True,
        isolation_level=None,  # transactions begin where we say
        check_same_thread=False,  # a snapshot serialises its own use
        timeout=BUSY_MS / 1000,
    )
    connection.execute("PRAGMA temp_store = MEMORY")  # no article text in the system's /tmp
    return connection


def damaged(folder: Path, what: str) -> IndexDamaged:
    """Return the error of an index that does not hold what it should.

    It leaves a note in the folder, so that the next update checks all there is (mend.py).
    """
    with suppress(OSError):  # a read-only folder
        (folder / DAMAGED).touch()
    return IndexDamaged(f"{folder} is damaged: {what}.", cure=rebuild(folder))


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Say SQLite's errors in our words."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise damaged(folder, f"SQLite says {error}") from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise IndexBusy(f"{folder} is being written to.", cure="Try again.") from error
        if name.startswith("SQLITE_FULL"):
            raise StoreError(
                f"{folder}: the disk is full.", cure="Free some space and run it again."
            ) from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise StoreError(
                f"{folder} cannot be written to.", cure="Check its permissions, or name another."
            ) from error
        if name.startswith("SQLITE_IOERR"):
            raise StoreError(
                f"{folder}: the disk cannot be read or written ({name}).",
                cure="Check the disk and its free space, and run it again.",
            ) from error
        if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError):
            raise damaged(folder, f"SQLite says {error}") from error
        raise
