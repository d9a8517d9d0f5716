"""articles.db: its schema, how it is opened, made and emptied, and how statements run in it.

Knows SQLite, and what makes a database ours. Does not know what is in its rows.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing, StoreError
from qa.index.failures import damaged, translated
from qa.index.manifest import FORMAT, Manifest, mismatch, rebuild
from qa.index.records import Base, State
from qa.index.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

NAME = "articles.db"
APPLICATION_ID = 0x51756F74  # "Quot", in the database's header
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
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, tokens INTEGER NOT NULL,
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


class SqliteStore(Store):
    """The rows of an index in articles.db."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        """Take over an open connection; `open_reading` and `open_writing` make one."""
        super().__init__(folder)
        self.folder = folder
        self._connection = connection
        self._file = _identity(folder / NAME)

    def is_current(self) -> bool:
        """Say whether the file that is open is still the one in the folder."""
        return self._file is not None and self._file == _identity(self.folder / NAME)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def damaged(self, what: str) -> IndexDamaged:
        """Return the error of an index that does not hold what it should, and note it."""
        return damaged(self.folder, what)

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

    def listed(self, column: str, values: Sequence[int] | Sequence[str]) -> tuple[str, Any]:
        """Return the condition that `column` is one of `values`, and its one value."""
        return f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(values))  # noqa: S608  # ours

    # -- transactions

    def begin(self) -> None:
        """See one generation from now on, however others write meanwhile."""
        self.rows("BEGIN")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make all changes inside the block, or none."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def numbers(self, count: int) -> int:  # noqa: ARG002  # SQLite notes them as they are used
        """Return the first of `count` numbers for new passages, none of them used before."""
        sql = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'passages'"
        return int(self.rows(sql)[0][0])

    # -- what the caches were made of

    def base(self) -> Base | None:
        """Return what the caches hold, if any were ever made."""
        rows = self.rows("SELECT value FROM meta WHERE key = 'base'")
        try:
            return Base(**json.loads(rows[0][0])) if rows else None
        except (ValueError, TypeError) as error:
            raise self.damaged("the note on its caches cannot be read") from error

    def graves(self) -> list[tuple[int, int, int]]:
        """Return (number, tokens, tokens of the title) of the base's passages removed since."""
        return self.rows("SELECT pid, tokens, title FROM graves ORDER BY pid")


def open_reading(folder: Path) -> SqliteStore:
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
    store = SqliteStore(folder, _connect(file, "mode=ro"))
    try:
        try:
            store.rows("SELECT 1 FROM sqlite_master")
        except StoreError as error:
            if isinstance(error, IndexDamaged):
                raise
            # A read-only folder: SQLite cannot make the files it shares between processes.
            store.close()
            store = SqliteStore(folder, _connect(file, "mode=ro&immutable=1"))
        check_format(store)
    except BaseException:
        store.close()
        raise
    return store


def open_writing(folder: Path, manifest: Manifest | None = None) -> SqliteStore:
    """Open the store of `folder` for writing; with a manifest, make it if it is missing."""
    file = folder / NAME
    with translated(folder):
        store = SqliteStore(folder, _connect(file, "mode=rw" if manifest is None else "mode=rwc"))
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
                store.note("manifest", manifest.dump())
                store.note("state", str(State(0, secrets.token_hex(4))))
    except BaseException:
        store.close()
        raise
    return store


def reset(store: SqliteStore, manifest: Manifest) -> None:
    """Empty the store and give it another recipe, in one transaction."""
    with store.writing():
        state = store.state().following()
        for table in TABLES:
            store.rows(f"DELETE FROM {table}")  # noqa: S608  # names of ours
        store.rows("DELETE FROM meta WHERE key = 'base'")
        store.note("manifest", manifest.dump())
        store.note("state", str(state))


def check_format(store: SqliteStore) -> None:
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


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
