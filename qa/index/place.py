"""Where an index stands: a folder of this machine, or a database server.

Knows what every such place must be able to do, and which of them a name means. Does not know
how any of them does it.

Two kinds are there: `Folder` (folder.py: SQLite, FAISS and tantivy) and `Postgres` (postgres/:
PostgreSQL with pgvector). Another engine plugs in here: a `Place` with a `Store` for its rows and
a `Searcher` that proposes candidates, and a line in `place_of`. What an update does, how hits
are scored and ordered, and all that stands above, stay as they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from qa.config import is_url
from qa.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    from qa.index.bm25 import Bm25, Totals
    from qa.index.changes import Progress
    from qa.index.manifest import Manifest
    from qa.index.records import State
    from qa.index.rows import Rows
    from qa.index.store import Store
    from qa.types import Encoder, Scope


class Searcher(Protocol):
    """Proposes passages of one state of an index. Safe for many threads."""

    state: State
    totals: Totals

    @property
    def kind(self) -> str:
        """How it searches by meaning, for people."""

    def formula(self, terms: Sequence[str], store: Store) -> Bm25:
        """Return BM25 for these terms over the passages of this state."""

    def nearest(
        self, vector: NDArray[np.float32], count: int, scope: Scope, store: Store
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher cosine."""

    def wordiest(
        self, formula: Bm25, count: int, scope: Scope, store: Store
    ) -> tuple[list[int], float]:
        """Return likely passage numbers, and a bound: no other has a higher BM25."""

    def holding_all(self, terms: Sequence[str], store: Store) -> int:
        """Return how many passages hold every term in their text or title."""


class Place(Protocol):
    """Where an index stands. Its `str` is for people, and never holds a password."""

    @property
    def folder(self) -> Path:
        """A folder of this machine for what goes with the index but is not of it."""

    def inside(self, articles: Path) -> str | None:
        """Return its path inside the folder `articles`, if it stands there."""

    def reading(self) -> Store:
        """Open it for reading.

        Raises:
            IndexMissing: There is none.
            IndexMismatch: There is something else, or an index of another format.
            IndexDamaged: It cannot be read.
        """

    def writing(self, manifest: Manifest, encoder: Encoder) -> AbstractContextManager[Store]:
        """Open it for writing, as its only writer; make it, or make it anew, where it must be.

        Raises:
            IndexBusy: Another process is writing to it.
            StoreError: It cannot be written.
        """

    def reset(self, store: Store, manifest: Manifest) -> None:
        """Empty it and give it another recipe, in one transaction."""

    def rows(self, store: Store) -> Rows:
        """Return what writes the steps of an update."""

    def before_commit(self, store: Store, tell: Progress, *, last: bool) -> None:
        """Bring what is searched up to the rows, at the end of an open transaction."""

    def settle(self, store: Store) -> None:
        """Tidy up after an update."""

    def searcher(self, store: Store, before: Searcher | None) -> Searcher:
        """Return what searches the state that `store` sees; `before` lends what it holds."""


def place_of(name: str | Path | Place) -> Place:
    """Return the place that a folder's path or a database's URL names.

    Raises:
        ConfigError: It is a URL that cannot be read, or of an engine that is not known.
    """
    if not isinstance(name, str | Path):
        return name
    if is_url(name):
        from qa.index.postgres import Postgres

        if str(name).partition("://")[0].lower() not in {"postgresql", "postgres"}:
            raise ConfigError(
                f"An index cannot stand at {str(name).partition('://')[0]}://….",
                cure="Name a folder, or postgresql://USER@HOST/DATABASE.",
            )
        return Postgres.at(str(name))
    from qa.index.folder import Folder

    return Folder(Path(name))
