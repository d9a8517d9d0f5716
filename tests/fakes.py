"""Fakes that compute: a snapshot held in memory, searched by the formulas themselves.

Knows cosine and BM25 as written in the books. Does not know FAISS, tantivy or SQLite, which is
what makes it an oracle for them and a light stand-in where the index is not what is tested.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from qa.passages import passages
from qa.text import stem, words
from qa.types import Article, Passage, Scope

K1, B = 1.2, 0.75  # BM25's usual constants, Robertson & Zaragoza 2009


class MemorySnapshot:
    """All passages of some articles; the interface of `qa.index.Snapshot`."""

    generation = 1

    def __init__(self, articles: list[Article], encoder, passage_words: int = 120):
        self._articles = {article.id: article for article in articles}
        self._passages = [p for article in articles for p in passages(article, passage_words)]
        self._by_id = {p.id: p for p in self._passages}
        self._vectors = encoder.encode([p.text for p in self._passages])
        self._counts = [
            Counter(stem(w) for w in words(p.text + " " + self._articles[p.article_id].title))
            for p in self._passages
        ]
        self._lengths = np.array([sum(c.values()) for c in self._counts], dtype=float)
        self._frequency = Counter(term for c in self._counts for term in c)
        self._postings = {}
        for at, counts in enumerate(self._counts):
            for term in counts:
                self._postings.setdefault(term, []).append(at)

    def __len__(self):
        return len(self._passages)

    def articles(self):
        return list(self._articles.values())

    def article(self, article_id: str) -> Article:
        return self._articles[article_id]

    def passage(self, passage_id: str) -> Passage | None:
        return self._by_id.get(passage_id)

    def passages(self, article_id: str) -> list[Passage]:
        return [p for p in self._passages if p.article_id == article_id]

    def copies(self, article_id: str) -> tuple[str, ...]:
        return (article_id,)

    def frequency(self, word: str) -> int:
        return self._frequency[stem(word)]

    def dense(self, vector, k: int, scope: Scope):
        return self._top(self._vectors @ vector, k, scope, least=-2.0)

    def sparse(self, question: str, k: int, scope: Scope):
        scores = np.zeros(len(self._passages))
        n, mean = len(self._passages), self._lengths.mean()
        for term in {stem(word) for word in words(question)}:
            df = self._frequency[term]
            idf = math.log(1 + (n - df + 0.5) / (df + 0.5))
            for at in self._postings.get(term, ()):
                tf = self._counts[at][term]
                norm = K1 * (1 - B + B * self._lengths[at] / mean)
                scores[at] += idf * tf * (K1 + 1) / (tf + norm)
        return self._top(scores, k, scope, least=0.0)

    def _top(self, scores, k, scope, least):
        order = sorted(
            (
                at
                for at in np.argsort(-scores)[: max(200, 4 * k)]
                if scores[at] > least
                and scope.admits(self._articles[self._passages[at].article_id])
            ),
            key=lambda at: (-scores[at], self._passages[at].id),
        )
        return [(self._passages[at], float(scores[at])) for at in order[:k]]


class MemoryIndex:
    """The part of `qa.index.Index` that the pipeline needs."""

    def __init__(self, snapshot: MemorySnapshot):
        self._snapshot = snapshot

    def snapshot(self) -> MemorySnapshot:
        return self._snapshot

    def changes(self):
        return ()
