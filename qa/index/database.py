"""articles.db: its schema, and how it is opened, made and emptied.

Knows what makes a database ours. Does not know what is in its rows.
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing, StoreError
from qa.index.failures import damaged, translated
from qa.index.manifest import FORMAT, Manifest, mismatch, rebuild
from qa.index.records import State
from qa.index.store import NAME, Store

if TYPE_CHECKING:
    from pathlib import Path

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
