"""Passages that share words with a question, by BM25: the only user of tantivy.

Knows how text is cut into terms and how tantivy is filled and asked. Does not know SQLite or
vectors: it maps words to passage numbers with scores.

A passage scores BM25 (k1 = 1.2, b = 0.75, tantivy's defaults) of its own text, plus
`TITLE_WEIGHT` times that of its article's title: news passages say "the president" where only
the headline names him.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qa.types import Article, Scope

TITLE_WEIGHT = 0.5
LONGEST_TERM = 40  # bytes; longer is noise (tantivy's own default)
HEAP = 64_000_000  # bytes the writer may hold; tantivy asks for 15 MB at least
UNDATED = 0  # the day of an article without a date; `date.toordinal` begins at 1
LAST_DAY = 3_652_059  # date.max.toordinal()
ANALYZER = "qa"


class Sparse:
    """An immutable tantivy index over passages. Safe to search from many threads."""

    def __init__(self, index: Any) -> None:
        """Take over an open tantivy index."""
        index.register_tokenizer(ANALYZER, _analyzer())
        index.reload()
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def build(cls, folder: Path | None, texts: Iterable[tuple[int, Article, str]]) -> Sparse:
        """Index (passage number, its article, its text), in `folder` or else in memory."""
        import tantivy

        schema = _schema()
        index = tantivy.Index(schema, path=None if folder is None else str(folder))
        index.register_tokenizer(ANALYZER, _analyzer())
        writer = index.writer(HEAP, 1)  # one thread: the same input gives the same index
        for pid, article, text in texts:
            fields = {
                "pid": pid,
                "text": normalised(text),
                "title": normalised(article.title),
                "article": article.id,
                "day": article.published.toordinal() if article.published else UNDATED,
            }
            if article.source is not None:
                fields["source"] = article.source
            writer.add_document(tantivy.Document.from_dict(fields, schema))
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Sparse:
        """Open what `build` wrote; raise ValueError if it is not that."""
        import tantivy

        try:
            return cls(tantivy.Index.open(str(folder)))
        except Exception as error:  # tantivy raises several kinds
            raise ValueError(f"{folder}: tantivy cannot read it: {error}") from error

    def __len__(self) -> int:
        """Number of passages."""
        return int(self._searcher.num_docs)

    def search(self, question: str, count: int, scope: Scope) -> list[tuple[int, float]]:
        """Return (passage number, score) of the best `count` passages, best first."""
        import tantivy

        found = terms(question)
        count = min(count, len(self))
        if not found or not count:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, self._scored(field, term))
                for term in found
                for field in _FIELDS
            ]
        )
        if not scope.everything:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, self._filter(scope))]
            )
        hits = self._searcher.search(query, count, count=False).hits
        pids = self._searcher.fast_field_values("pid", [address for _, address in hits])
        return [(int(pid or 0), float(score)) for pid, (score, _) in zip(pids, hits, strict=True)]

    def frequency(self, word: str) -> int:
        """Return how many passages hold all terms of `word`, in their text or title."""
        import tantivy

        found = terms(word)
        if not found:
            return 0
        query = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Must,
                    tantivy.Query.boolean_query(
                        [(tantivy.Occur.Should, self._term(field, term)) for field in _FIELDS]
                    ),
                )
                for term in found
            ]
        )
        return int(self._searcher.search(query, 1, count=True).count)

    def _term(self, field: str, term: str) -> Any:
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _scored(self, field: str, term: str) -> Any:
        import tantivy

        query = self._term(field, term)
        return tantivy.Query.boost_query(query, TITLE_WEIGHT) if field == "title" else query

    def _filter(self, scope: Scope) -> Any:
        """Return a query that every article in scope matches, and that scores nothing."""
        import tantivy

        query, must, should = tantivy.Query, tantivy.Occur.Must, tantivy.Occur.Should
        parts = []
        for field, allowed in (("source", scope.sources), ("article", scope.articles)):
            if allowed is not None:
                parts.append((must, query.term_set_query(self._schema, field, sorted(allowed))))
        first = scope.after.toordinal() if scope.after else UNDATED + 1
        last = scope.before.toordinal() if scope.before else LAST_DAY
        if scope.after or scope.before or not scope.undated:
            integer = tantivy.FieldType.Integer
            days = [query.range_query(self._schema, "day", integer, first, last)]
            if scope.undated:
                days.append(query.range_query(self._schema, "day", integer, UNDATED, UNDATED))
            parts.append((must, query.boolean_query([(should, day) for day in days])))
        return query.const_score_query(query.boolean_query(parts), 0.0)


_FIELDS = ("text", "title")


def terms(text: str) -> list[str]:
    """Return the distinct terms of `text` in order: folded to lower-case ASCII, and stemmed."""
    return list(dict.fromkeys(_analyzer().analyze(normalised(text))))


def normalised(text: str) -> str:
    """Return `text` so that equal characters are equal: composed, ligatures undone."""
    return unicodedata.normalize("NFKC", text)


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
    builder.add_unsigned_field("pid", fast=True)
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name=ANALYZER, index_option="freq")
    for field in ("article", "source"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()
