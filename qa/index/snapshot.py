"""One generation of the index, as an answer sees it from beginning to end.

Knows how candidates become passages with exact scores in a total order. Does not know how
the engines find candidates, nor how the index is written.
"""

from __future__ import annotations

import math
import weakref
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import ArticleError
from qa.index import copies
from qa.index.bm25 import TEXT, TITLE
from qa.index.dense import unpack
from qa.index.records import passage_of
from qa.index.scope import condition, undated
from qa.index.sparse import tokens
from qa.types import Passage, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa.index.bm25 import Bm25
    from qa.index.manifest import Manifest
    from qa.index.place import Searcher
    from qa.index.records import ArticleInfo
    from qa.index.store import Store
    from qa.types import Article

EVERYTHING = Scope()
# Candidates fetched beyond those asked for, so that ties at the end are all seen.
SPARE = 8
ARTICLES_KEPT = 256  # more than the hits of one question stand in

Scores = list[tuple[Passage, float]]


class Snapshot:
    """An immutable view of one generation. Safe to use from many threads.

    It holds a read transaction, which ends with the object: keep answers, not snapshots.
    """

    def __init__(
        self,
        store: Store,
        engines: Searcher,
        manifest: Manifest,
        release: Callable[[Store], None],
    ) -> None:
        """Look at what `store`'s open transaction sees; `release` takes the store back."""
        self.generation = engines.state.generation
        self.manifest = manifest
        self._store = store
        self._engines = engines
        self._lock = store.lock
        self._articles: dict[int | str, Article] = {}  # by key and by id
        weakref.finalize(self, release, store).atexit = False

    def __len__(self) -> int:
        """Number of passages."""
        return self._engines.totals.passages

    # -- articles

    def article(self, article_id: str) -> Article:
        """Return an article with its text and marks.

        Raises:
            ArticleError: The index holds no such article.
        """
        with self._lock:
            found = self._articles.get(article_id) or self._store.article("id", article_id)
            if found is not None:
                self._keep(article_id, found)
        if found is None:
            raise ArticleError(
                f"The index holds no article {article_id!r}.", cure="qa info --articles lists all."
            )
        return found

    def articles(self) -> list[ArticleInfo]:
        """Return all articles without their texts, by id."""
        with self._lock:
            return self._store.infos()

    def passages(self, article_id: str) -> list[Passage]:
        """Return the passages of an article, in order."""
        article = self.article(article_id)
        with self._lock:
            key = self._store.rows("SELECT key FROM articles WHERE id = ?", article_id)[0][0]
            rows = self._store.passage_rows_of(key)
        return [passage_of(article, row.start, row.end) for row in rows]

    def passage(self, passage_id: str) -> Passage:
        """Return the passage of this id.

        Raises:
            ArticleError: The index holds no such passage.
        """
        article_id = passage_id.rpartition("#")[0]
        for passage in self.passages(article_id):
            if passage.id == passage_id:
                return passage
        raise ArticleError(f"The index holds no passage {passage_id!r}.", cure="Search again.")

    def copies(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of an article and of its copies, in order; they count as one source."""
        with self._lock:
            return copies.group(self._store, article_id)

    def sources(self) -> list[tuple[str, int]]:
        """Return the publishers with their numbers of articles, most first."""
        with self._lock:
            return self._store.rows(
                "SELECT source, count(*) AS n FROM articles WHERE source IS NOT NULL"
                " GROUP BY source ORDER BY n DESC, source"
            )

    def dates(self) -> tuple[date | None, date | None]:
        """Return the earliest and the latest date of publication."""
        with self._lock:
            first, last = self._store.rows("SELECT min(published), max(published) FROM articles")[0]
        return first and date.fromisoformat(first), last and date.fromisoformat(last)

    def in_scope(self, scope: Scope) -> tuple[int, int]:
        """Return how many articles are in scope, and how many it leaves out for lack of a date."""
        with self._lock:
            inside = self._count(*condition(scope, self._store))
            left_out = 0 if scope.undated else self._count(*undated(scope, self._store))
        return inside, left_out

    def _count(self, sql: str, values: list[Any]) -> int:
        rows = self._store.rows(f"SELECT count(*) FROM articles WHERE {sql}", *values)  # noqa: S608  # scope.py's
        return int(rows[0][0])

    # -- search

    def dense(
        self, vector: NDArray[np.float32], k: int, scope: Scope = EVERYTHING
    ) -> list[tuple[Passage, float]]:
        """Return the `k` passages nearest in meaning with their cosines, best first.

        Args:
            vector: (d,) float32, of unit length: the encoded question.
            k: Most passages to return.
            scope: Which articles may be found.

        Raises:
            IndexMismatch: The vector has another length than those of the index.
        """
        query = np.asarray(vector, dtype=np.float32)
        if len(self):
            self.manifest.check_dimension(len(query), self._store.place)

        return self._best(
            lambda count: self._engines.nearest(query, count, scope, self._store),
            lambda pids: self._cosines(query, pids),
            k,
        )

    def sparse(
        self, words: str | Sequence[str], k: int, scope: Scope = EVERYTHING
    ) -> list[tuple[Passage, float]]:
        """Return the `k` passages with the highest BM25, all above 0, best first."""
        terms = tokens(words if isinstance(words, str) else " ".join(words))
        formula = self._engines.formula(terms, self._store)

        return self._best(
            lambda count: self._engines.wordiest(formula, count, scope, self._store),
            lambda pids: self._bm25(formula, pids),
            k,
        )

    def frequency(self, word: str) -> int:
        """Return how many passages hold `word`, in any form of it, in their text or title."""
        terms = tokens(word)
        return self._engines.holding_all(terms, self._store) if terms else 0

    def _best(
        self,
        propose: Callable[[int], tuple[list[int], float]],
        score: Callable[[list[int]], Scores],
        k: int,
    ) -> list[tuple[Passage, float]]:
        """Fetch candidates until none left out can be among the `k` best; order them."""
        k = min(k, len(self))
        count = k + SPARE
        found: Scores = []
        scored: set[int] = set()
        while k > 0:
            pids, bound = propose(count)
            found += score([pid for pid in pids if pid not in scored])
            scored.update(pids)
            found.sort(key=lambda hit: (-hit[1], hit[0].id))
            # Strictly above: one left out with the same score might come first by its id.
            if bound == -math.inf or (len(found) >= k and found[k - 1][1] > bound):
                return found[:k]
            count *= 2
        return []

    def _bm25(self, formula: Bm25, pids: list[int]) -> Scores:
        titles: dict[str, list[str]] = {}
        score = formula.scorer()
        scored = []
        for _, article, passage in self._passages(pids):
            if article.id not in titles:
                titles[article.id] = tokens(article.title)
            held = {TEXT: tokens(passage.text), TITLE: titles[article.id]}
            scored.append((passage, score(held)))
        return scored

    def _keep(self, key: int | str, article: Article) -> None:
        if len(self._articles) >= ARTICLES_KEPT:
            self._articles.clear()
        self._articles[key] = article

    def _passages(self, pids: list[int]) -> list[tuple[int, Article, Passage]]:
        with self._lock:
            rows = self._store.passage_rows(pids)
            articles = self._articles_of({row.article for row in rows})
        if len(rows) != len(pids):
            raise self._store.damaged("passages are missing")
        found = []
        for row in rows:
            article = articles.get(row.article)
            if article is None:
                raise self._store.damaged(f"passage {row.pid} has no article")
            found.append((row.pid, article, passage_of(article, row.start, row.end)))
        return found

    def _articles_of(self, keys: set[int]) -> dict[int, Article]:
        found = {key: self._articles[key] for key in keys if key in self._articles}
        if len(found) < len(keys):
            read = self._store.articles(sorted(keys - found.keys()))
            for key, article in read.items():
                self._keep(key, article)
            found.update(read)
        return found

    def _cosines(self, query: NDArray[np.float32], pids: list[int]) -> Scores:
        """Return exact cosines: each from its own row alone, so company changes nothing."""
        with self._lock:
            stored = dict(self._store.vectors(pids))
        if len(stored) != len(pids):
            raise self._store.damaged("vectors are missing")
        if not stored:
            return []
        rows = unpack(stored.values(), len(query)).astype(np.float64)
        question = query.astype(np.float64)
        norms = np.sqrt((rows * rows).sum(axis=1)) * np.sqrt((question * question).sum())
        cosines = (rows * question).sum(axis=1) / np.maximum(norms, 1e-12)
        scores = dict(zip(stored, cosines.tolist(), strict=True))
        return [(passage, scores[pid]) for pid, _, passage in self._passages(pids)]
