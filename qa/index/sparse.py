"""Passages that share words with a question: the only user of tantivy.

Knows how text is cut into terms and how tantivy is filled and asked. Does not know SQLite or
vectors: it maps terms to candidate passage numbers, with a bound on the score of all others.
Scores are made exact by bm25.py.
"""

from __future__ import annotations

import json
import math
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.index.bm25 import FIELDS, WEIGHTS, Bm25, Totals, idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa.index.store import Text
    from qa.types import Scope

LONGEST_TERM = 40  # bytes; longer is noise (tantivy's own default)
HEAP = 64_000_000  # bytes the writer may hold; tantivy asks for 15 MB at least
UNDATED = 0  # the day of an article without a date; `date.toordinal` begins at 1
LAST_DAY = 3_652_059  # date.max.toordinal()
ANALYZER = "qa"
TOTALS = "totals.json"
ROUNDING = 1e-5  # more than single-precision sums are wrong, relative


class Sparse:
    """An immutable tantivy index over passages. Safe to search from many threads."""

    def __init__(self, index: Any, totals: Totals) -> None:
        """Take over a tantivy index."""
        index.register_tokenizer(ANALYZER, _analyzer())
        index.reload()
        self.totals = totals
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path | None, texts: Iterable[Text]) -> Sparse:
        """Index texts, in `folder` or else in memory."""
        import tantivy

        schema = _schema()
        index = tantivy.Index(schema, path=None if folder is None else str(folder))
        index.register_tokenizer(ANALYZER, _analyzer())
        writer = index.writer(HEAP, 1)  # one thread: the same input gives the same index
        totals = Totals()
        for text in texts:
            article = text.article
            fields = {
                "pid": text.pid,
                "text": normalised(text.text),
                "title": normalised(article.title),
                "article": article.id,
                "day": article.published.toordinal() if article.published else UNDATED,
            }
            if article.source is not None:
                fields["source"] = article.source
            writer.add_document(tantivy.Document.from_dict(fields, schema))
            totals += Totals(1, text.tokens)
        writer.commit()
        writer.wait_merging_threads()
        if folder is not None:
            kept = {"passages": totals.passages, "tokens": totals.tokens}
            (folder / TOTALS).write_text(json.dumps(kept))
        return cls(index, totals)

    @classmethod
    def load(cls, folder: Path) -> Sparse:
        """Open what `build` wrote; raise ValueError if it is not that."""
        import tantivy

        try:
            kept = json.loads((folder / TOTALS).read_text())
            totals = Totals(int(kept["passages"]), tuple(map(int, kept["tokens"])))
            return cls(tantivy.Index.open(str(folder)), totals)
        except Exception as error:  # tantivy raises several kinds
            raise ValueError(f"{folder}: tantivy cannot read it: {error}") from error

    def __len__(self) -> int:
        """Number of passages."""
        return int(self._searcher.num_docs)

    def holding(self, field: str, term: str, among: Sequence[int] | None = None) -> int:
        """Return how many passages, or how many of those numbered, hold `term` in `field`."""
        if among is None:
            return int(self._searcher.doc_freq(field, term))
        return self._count([self._term(field, term), self._numbered(among)])

    def holding_all(self, terms: Sequence[str], without: Sequence[int]) -> int:
        """Return how many passages hold every term in their text or title."""
        import tantivy

        should = tantivy.Occur.Should
        return self._count(
            [
                tantivy.Query.boolean_query([(should, self._term(field, term)) for field in FIELDS])
                for term in terms
            ],
            without,
        )

    def search(
        self, formula: Bm25, count: int, scope: Scope, without: Sequence[int]
    ) -> tuple[list[int], float]:
        """Return the numbers of likely passages, and a bound: no other scores more than it.

        Args:
            formula: The terms, and what is to be weighed with. Where this index holds only a
                part of the passages, or some too many, its own weights are corrected.
            count: How many; fewer come back, with a bound of -inf, when there are fewer.
            scope: Which articles may be found.
            without: Passage numbers that are not to be found.
        """
        import tantivy

        query, must = tantivy.Query, tantivy.Occur.Must
        own, wanted = self.totals, formula.totals
        parts, slack = [], 1.0
        for (field, term), holding in formula.frequencies.items():
            here = self.holding(field, term)
            if here and holding:
                correction = idf(wanted.passages, holding) / idf(own.passages, here)
                boosted = query.boost_query(self._term(field, term), correction * WEIGHTS[field])
                parts.append((tantivy.Occur.Should, boosted))
                # tantivy divides lengths by its own mean; the exact score is at most so much more.
                slack = max(slack, wanted.average(field) / own.average(field))
        count = min(count, len(self))
        if not parts or not count:
            return [], -math.inf
        conditions = [(must, query.boolean_query(parts))]
        if not scope.everything:
            conditions.append((must, self._filter(scope)))
        if without:
            conditions.append((tantivy.Occur.MustNot, self._numbered(without)))
        asked = conditions[0][1] if len(conditions) == 1 else query.boolean_query(conditions)
        hits = self._searcher.search(asked, count, count=False).hits
        pids = self._searcher.fast_field_values("pid", [address for _, address in hits])
        bound = (
            hits[-1][0] * slack * (1 + ROUNDING) if len(hits) == count < len(self) else -math.inf
        )
        return [int(pid) for pid in pids if pid is not None], bound

    def _count(self, all_of: Sequence[Any], without: Sequence[int] = ()) -> int:
        import tantivy

        parts = [(tantivy.Occur.Must, part) for part in all_of]
        if without:
            parts.append((tantivy.Occur.MustNot, self._numbered(without)))
        return int(self._searcher.search(tantivy.Query.boolean_query(parts), 1, count=True).count)

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _numbered(self, pids: Sequence[int]) -> Any:
        import tantivy

        return tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(self._schema, "pid", list(pids)), 0.0
        )

    def _filter(self, scope: Scope) -> Any:
        """Return a query that every article in scope matches, and that scores nothing."""
        import tantivy

        query, must, should = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should
        parts = []
        for field, allowed in (("source", scope.sources), ("article", scope.articles)):
            if allowed is not None:
                names = [name for name in sorted(allowed) if _is_unicode(name)]
                parts.append((must, query.term_set_query(self._schema, field, names)))
        first = scope.after.toordinal() if scope.after else UNDATED + 1
        last = scope.before.toordinal() if scope.before else LAST_DAY
        if scope.after or scope.before or not scope.undated:
            integer = tantivy.FieldType.Integer
            days = [query.range_query(self._schema, "day", integer, first, last)]
            if scope.undated:
                days.append(query.range_query(self._schema, "day", integer, UNDATED, UNDATED))
            parts.append((must, query.boolean_query([(should, day) for day in days])))
        return query.const_score_query(query.boolean_query(parts), 0.0)


def tokens(text: str) -> list[str]:
    """Return the terms of `text` in order: folded to lower-case ASCII, and stemmed."""
    found: list[str] = _analyzer().analyze(normalised(text))
    return found


def normalised(text: str) -> str:
    """Return `text` so that equal characters are equal: composed, ligatures undone.

    Half a character, which a JSON escape can hold, becomes a question mark.
    """
    return unicodedata.normalize("NFKC", text.encode(errors="replace").decode())


def _is_unicode(text: str) -> bool:
    return text == text.encode(errors="replace").decode()


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    import tantivy

    steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(LONGEST_TERM),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        steps = steps.filter(step)
    return steps.build()


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("pid", indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name=ANALYZER, index_option="freq")
    for field in ("article", "source"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()
