"""A database of a PostgreSQL server as the place of an index.

Knows the order in which a database is opened, made and brought up to date. Does not know SQL for
rows, words or vectors.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from qa.errors import IndexDamaged, IndexMismatch
from qa.index.bm25 import Totals
from qa.index.mend import mend
from qa.index.postgres import schema, search
from qa.index.postgres.address import Address
from qa.index.postgres.rows import PostgresRows
from qa.index.postgres.schema import GRAPH
from qa.index.postgres.store import DAMAGED, PostgresStore
from qa.index.postgres.writer import writer
from qa.index.sparse import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.index.changes import Progress
    from qa.index.manifest import Manifest
    from qa.index.place import Searcher
    from qa.index.store import Store
    from qa.types import Encoder

log = logging.getLogger(__name__)

# pgvector's own defaults; 20 s for 50,000 passages on one core.
NEIGHBOURS, BUILD_STEPS = 16, 64
# While it is built the graph is best held in memory: vectors and links, 1.6 kB for 384 numbers.
GRAPH_KB = 2  # for each passage
MOST_GRAPH_KB = 1_048_576
WORDS_AT_ONCE = 2000  # passages, when the lists are made anew
ANALYSED = "analysed"  # in the meta table: the number of passages the planner knows of


@dataclass(frozen=True, slots=True)
class Postgres:
    """A `Place` (qa/index/place.py): a schema of a database."""

    address: Address

    @classmethod
    def at(cls, url: str) -> Postgres:
        """Read a URL; nothing is opened.

        Raises:
            ConfigError: It cannot be read, names another engine, or psycopg is missing.
        """
        return cls(Address.of(url))

    def __str__(self) -> str:
        """Return the URL, without a password."""
        return str(self.address)

    @property
    def folder(self) -> Path:
        """A folder of this machine for what goes with the index but is not of it."""
        return self.address.folder

    def inside(self, articles: Path) -> str | None:  # noqa: ARG002  # a database is in no folder
        """Return None: it does not stand among the articles."""
        return None

    def reading(self) -> PostgresStore:
        """Connect for reading."""
        store = PostgresStore(self.address)
        try:
            schema.check_format(store)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def writing(self, manifest: Manifest, encoder: Encoder) -> Iterator[PostgresStore]:
        """Connect for writing, as the only writer; make the index, or make it anew."""
        store = PostgresStore(self.address)
        try:
            with writer(store):
                self._open(store, manifest, encoder)
                yield store
        finally:
            store.close()

    def _open(self, store: PostgresStore, manifest: Manifest, encoder: Encoder) -> None:
        try:
            schema.prepare(store, manifest)
            if store.rows("SELECT 1 FROM meta WHERE key = ?", DAMAGED):
                mend(store, lambda: _words_anew(store))
                store.rows("DELETE FROM meta WHERE key = ?", DAMAGED)
                _check_totals(store)
            found = store.manifest()
            schema.totals(store)
            store.state()
        except (IndexDamaged, IndexMismatch) as error:
            if not schema.exists(store):
                raise
            log.warning("%s It is made anew.", error.what)
            schema.remake(store, manifest)
            return
        if (found.encoder_sha256, found.passage_words) != (
            manifest.encoder_sha256,
            manifest.passage_words,
        ):
            log.warning("%s was made with another recipe; it is made anew", self)
            _ = encoder.dimension  # loads the model: it must work before anything is lost
            self.reset(store, manifest)

    def reset(self, store: Store, manifest: Manifest) -> None:
        """Empty the tables and give them another recipe."""
        schema.remake(_ours(store), manifest)

    def rows(self, store: Store) -> PostgresRows:
        """Return what writes the steps of an update."""
        return PostgresRows(_ours(store))

    def before_commit(self, store: Store, tell: Progress, *, last: bool) -> None:
        """Write the words of what was added and removed; at the last see to the graph."""
        ours = _ours(store)
        if ours.pending.added or ours.pending.removed:
            totals = schema.totals(ours) + ours.pending.totals()
            ours.pending.write(ours)
            schema.note_totals(ours, totals)
        if last:
            _see_to_the_graph(ours, tell)

    def settle(self, store: Store) -> None:
        """Let the server's planner know the tables, when they have grown much."""
        ours = _ours(store)
        now = schema.totals(ours).passages
        rows = ours.rows("SELECT value FROM meta WHERE key = ?", ANALYSED)
        known = int(rows[0][0]) if rows else 0
        if abs(now - known) > known / 5:
            for table in schema.TABLES:
                ours.rows(f"ANALYZE {table}")
            ours.note(ANALYSED, str(now))

    def searcher(self, store: Store, before: Searcher | None) -> Searcher:  # noqa: ARG002  # lists change with the state
        """Return what searches the state that `store` sees."""
        ours = _ours(store)
        return search.PostgresSearcher(ours.state(), _check_totals(ours), _graph(ours))


def _check_totals(store: PostgresStore) -> Totals:
    found = schema.totals(store)
    if found.passages != store.count("passages"):
        raise store.damaged("its totals are not those of its passages")
    return found


def _graph(store: PostgresStore) -> int:
    """Return the dimension of the vectors in the graph; 0: there is none."""
    rows = store.rows("SELECT value FROM meta WHERE key = ?", GRAPH)
    return int(rows[0][0]) if rows else 0


def _see_to_the_graph(store: PostgresStore, tell: Progress) -> None:
    """Make the graph when there are passages enough for one, and drop it when there are few."""
    there, passages = _graph(store), schema.totals(store).passages
    if there and passages <= search.EXACT_UP_TO // 2:
        store.rows("DROP INDEX vectors_graph")
        store.rows("DELETE FROM meta WHERE key = ?", GRAPH)
    elif not there and passages > search.EXACT_UP_TO:
        tell(0, 1, "caching")
        dimension = store.manifest().dimension
        memory = min(MOST_GRAPH_KB, max(65_536, GRAPH_KB * passages))
        store.rows("SELECT set_config('maintenance_work_mem', ?, true)", f"{memory}kB")
        store.rows(
            "CREATE INDEX vectors_graph ON vectors USING hnsw"
            f" ((vector::halfvec({dimension})) halfvec_ip_ops)"
            f" WITH (m = {NEIGHBOURS}, ef_construction = {BUILD_STEPS})"
        )
        store.note(GRAPH, str(dimension))
        tell(1, 1, "caching")


def _words_anew(store: PostgresStore) -> None:
    """Make the posting lists and the totals from the articles, in the caller's transaction."""
    store.pending.clear()
    store.rows("DELETE FROM postings")
    totals = Totals()
    for text in store.texts():
        words = tokens(text.text), tokens(text.article.title)
        store.pending.add(text.pid, words)
        totals += Totals(1, (len(words[0]), len(words[1])))
        if len(store.pending.added) >= WORDS_AT_ONCE:
            store.pending.write(store)
    store.pending.write(store)
    schema.note_totals(store, totals)


def _ours(store: Store) -> PostgresStore:
    return cast("PostgresStore", store)
