"""Passages that share words with a question: the only user of tantivy.

Knows how text is cut into terms and how tantivy is filled and asked. Does not know SQLite or
vectors: it maps terms to candidate passage numbers, with a bound on the score of all others.
Scores are made exact by bm25.py.
"""

from __future__ import annotations

import json
import math
import shutil
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.index.bm25 import FIELDS, WEIGHTS, Bm25, Totals, idf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa.index.records import Text
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

        index = tantivy.Index(_schema(), path=None if folder is None else str(folder))
        return cls._filled(index, folder, texts, Totals())

    @classmethod
    def grow(cls, before: Path, folder: Path, texts: Iterable[Text]) -> Sparse:
        """Index in `folder` what `before` holds and `texts` besides.

        tantivy never alters a segment's files, so both folders can share them.
        """
        import tantivy

        totals = cls.load(before).totals
        for file in before.iterdir():
            if file.suffix == ".lock":
                continue
            if file.suffix == ".json":
                shutil.copyfile(file, folder / file.name)
            else:
                _share(file, folder / file.name)
        return cls._filled(tantivy.Index.open(str(folder)), folder, texts, totals)

    @classmethod
    def _filled(
        cls, index: Any, folder: Path | None, texts: Iterable[Text], totals: Totals
    ) -> Sparse:
        import tantivy

        schema = index.schema
        index.register_tokenizer(ANALYZER, _analyzer())
        writer = index.writer(HEAP, 1)  # one thread: the same input gives the same index
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

    def numbered(self, pids: list[int]) -> Any:
        """Return a query for the passages of these numbers, made once and used often."""
        import tantivy

        query = tantivy.Query
        return query.const_score_query(query.term_set_query(self._schema, "pid", pids), 0.0)

    def holding(self, field: str, term: str, among: Any = None) -> int:
        """Return how many passages, or how many of those `numbered`, hold `term` in `field`."""
        if among is None:
            return int(self._searcher.doc_freq(field, term))
        return self._count([self._term(field, term), among])

    def holding_all(self, terms: Sequence[str], without: Any = None) -> int:
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
        self, formula: Bm25, count: int, scope: Scope, without: Any = None
    ) -> tuple[list[int], float]:
        """Return the numbers of likely passages, and a bound: no other scores more than it.

        Args:
            formula: The terms, and what is to be weighed with. Where this index holds only a
                part of the passages, or some too many, its own weights are corrected.
            count: How many; fewer come back, with a bound of -inf, when there are fewer.
            scope: Which articles may be found.
            without: Those `numbered` that are not to be found.
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
        if without is not None:
            conditions.append((tantivy.Occur.MustNot, without))
        asked = conditions[0][1] if len(conditions) == 1 else query.boolean_query(conditions)
        hits = self._searcher.search(asked, count, count=False).hits
        pids = self._searcher.fast_field_values("pid", [address for _, address in hits])
        bound = (
            hits[-1][0] * slack * (1 + ROUNDING) if len(hits) == count < len(self) else -math.inf
        )
        return [int(pid) for pid in pids if pid is not None], bound

    def _count(self, all_of: Sequence[Any], without: Any = None) -> int:
        import tantivy

        parts = [(tantivy.Occur.Must, part) for part in all_of]
        if without is not None:
            parts.append((tantivy.Occur.MustNot, without))
        return int(self._searcher.search(tantivy.Query.boolean_query(parts), 1, count=True).count)

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, "freq")

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


def _share(file: Path, place: Path) -> None:
    try:
        place.hardlink_to(file)
    except OSError:  # a file system without links
        shutil.copyfile(file, place)


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
