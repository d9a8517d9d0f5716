"""The tables of an index in a schema: made, checked and emptied.

Knows what makes a schema ours. Does not know what is in its rows.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.errors import IndexDamaged, IndexMismatch, QAError, StoreError
from qa.index.bm25 import Totals
from qa.index.manifest import FORMAT, Manifest, mismatch
from qa.index.postgres.connect import settle
from qa.index.postgres.failures import missing, translated
from qa.index.records import State

if TYPE_CHECKING:
    from qa.index.postgres.store import PostgresStore

APPLICATION, OURS = "application", "Quoth"  # a row of the meta table
GRAPH = "graph"  # another: the dimension of the HNSW index there is
TOTALS = "totals"  # another: what BM25 must know of all passages together
# Text is compared byte by byte, so that the order is the same on every server, and SQLite's.
TEXT = 'text COLLATE "C"'
TABLES = {
    "files": f"path {TEXT} PRIMARY KEY, size bigint NOT NULL, mtime_ns bigint NOT NULL,"
    " sha256 text NOT NULL, skipped text NOT NULL",
    "claims": f"article_id {TEXT}, path {TEXT}, kept smallint NOT NULL,"
    " PRIMARY KEY (article_id, path)",
    "articles": f"key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id {TEXT} NOT NULL UNIQUE,"
    f" path {TEXT} NOT NULL, sha256 {TEXT} NOT NULL, source {TEXT}, byline text,"
    f" published {TEXT}, url text, title text NOT NULL, tokens integer NOT NULL,"
    " length integer NOT NULL, checksum bigint NOT NULL, marks text NOT NULL, text text NOT NULL",
    "passages": "pid bigint PRIMARY KEY, article bigint NOT NULL, start integer NOT NULL,"
    ' "end" integer NOT NULL, tokens integer NOT NULL, checksum bigint NOT NULL',
    "vectors": "pid bigint PRIMARY KEY, checksum bigint NOT NULL, vector halfvec NOT NULL",
    "bands": "key bigint, article bigint, PRIMARY KEY (key, article)",
    "copies": "article bigint, other bigint, checksum bigint NOT NULL,"
    " PRIMARY KEY (article, other)",
    "postings": f"term {TEXT}, field smallint, block bigint, entries bytea NOT NULL,"
    " PRIMARY KEY (term, field, block)",
}
INDEXES = (
    "CREATE INDEX claims_path ON claims (path)",
    "CREATE INDEX articles_sha256 ON articles (sha256)",
    "CREATE INDEX passages_article ON passages (article, start)",
    "CREATE INDEX bands_article ON bands (article)",
)


def prepare(store: PostgresStore, manifest: Manifest) -> None:
    """Make the schema and its tables where they are missing; the caller is the only writer.

    Raises:
        IndexMismatch: The schema holds tables of something else, or another format.
        StoreError: pgvector is missing, or the user may not make these.
    """
    address = store.address
    with translated(address):  # another writer may have made both since we connected
        there = settle(store.connection, address)
    if exists(store):
        check_format(store)
        return
    strangers = store.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = ? AND tablename = ANY(?)"
        " ORDER BY tablename",
        address.schema,
        ["meta", *TABLES],
    )
    if strangers:
        raise IndexMismatch(
            f"{address} is no index, but its schema {address.schema!r} holds a table"
            f" {strangers[0][0]!r}.",
            cure="Name another schema: …?qa_schema=NAME",
        )
    if not there:
        _make_extension(store)
    with store.writing():
        store.rows(f'CREATE SCHEMA IF NOT EXISTS "{address.schema}"')  # checked by Address
        make(store, manifest, State(0, secrets.token_hex(4)))


def exists(store: PostgresStore) -> bool:
    """Say whether there is an index in the schema."""
    meta = store.rows(
        "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'meta'", store.address.schema
    )
    if not meta:
        return False
    with suppress(QAError):  # another program's table of that name
        table = f'"{store.address.schema}".meta'  # in no other schema
        found = store.rows(f"SELECT value FROM {table} WHERE key = ?", APPLICATION)  # noqa: S608  # ours
        return found == [(OURS,)]
    return False


def check_format(store: PostgresStore) -> None:
    """Raise IndexMissing or IndexMismatch unless there is an index of this format."""
    if not exists(store):
        raise missing(store.address)
    found = store.manifest().format
    if found != FORMAT:
        raise mismatch(store.address, "format", FORMAT, found)


def make(store: PostgresStore, manifest: Manifest, state: State) -> None:
    """Make the tables anew in the caller's transaction, and note the recipe."""
    for table in ("meta", *TABLES):
        store.rows(f"DROP TABLE IF EXISTS {table}")
    store.rows("DROP SEQUENCE IF EXISTS pids")
    store.rows(f"CREATE TABLE meta (key {TEXT} PRIMARY KEY, value text NOT NULL)")
    for table, columns in TABLES.items():
        store.rows(f"CREATE TABLE {table} ({columns})")
    for statement in INDEXES:
        store.rows(statement)
    store.rows("CREATE SEQUENCE pids")
    store.note(APPLICATION, OURS)
    store.note("manifest", manifest.dump())
    store.note("state", str(state))
    note_totals(store, Totals())


def remake(store: PostgresStore, manifest: Manifest) -> None:
    """Make an index anew that is of another recipe or damaged, in one transaction."""
    try:
        state = store.state().following()
    except IndexDamaged:
        state = State(1, secrets.token_hex(4))
    with store.writing():
        make(store, manifest, state)


def totals(store: PostgresStore) -> Totals:
    """Return what BM25 must know of all passages together."""
    rows = store.rows("SELECT value FROM meta WHERE key = ?", TOTALS)
    try:
        values = json.loads(rows[0][0])
        return Totals(int(values["passages"]), tuple(map(int, values["tokens"])))
    except (IndexError, ValueError, KeyError, TypeError) as error:
        raise store.damaged("its totals cannot be read") from error


def note_totals(store: PostgresStore, found: Totals) -> None:
    """Keep the totals, in the caller's transaction."""
    store.note(TOTALS, json.dumps(asdict(found)))


def _make_extension(store: PostgresStore) -> None:
    """Put pgvector into the database."""
    try:
        store.rows("CREATE EXTENSION IF NOT EXISTS vector")
    except StoreError as error:
        raise StoreError(
            f"{store.address}: the database has no pgvector, and it cannot be put there.",
            cure="Install pgvector on the server, and as its administrator run in the database:"
            " CREATE EXTENSION vector",
        ) from error
    with translated(store.address):
        settle(store.connection, store.address)
