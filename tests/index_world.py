"""What the tests of the index share: a computing encoder, files to write, and oracles.

The oracles know cosine and BM25 as written in the books, and nothing of FAISS, tantivy or SQL.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zlib
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from qa.config import Settings
from qa.index import Index, Snapshot, update
from qa.index.sparse import tokens
from qa.types import Scope

SETTINGS = Settings(passage_words=20)
DIMENSION = 24
QUESTIONS = (
    "Who signed the grain treaty in Havana?",
    "harbour strike",
    "the minister of fisheries resigned",
    "Zürich talks",
    "zebra",
)
EVERYTHING = Scope()
K1, B, TITLE_WEIGHT = 1.2, 0.75, 0.5
SCOPES = (
    Scope(),
    Scope(sources=frozenset({"Daily"})),
    Scope(sources=frozenset({"Daily", "Nobody"}), after=date(2020, 3, 1)),
    Scope(after=date(2020, 2, 1), before=date(2020, 4, 30), undated=False),
    Scope(before=date(2020, 2, 15)),
    Scope(undated=False),
    Scope(articles=frozenset({"r3", "plain/a1"})),
    Scope(articles=frozenset({"no such article"})),
    Scope(articles=frozenset()),
    Scope(sources=frozenset({"Daily", "\ud800", "\x00"})),
)


class WordEncoder:
    """Sums one fixed random direction for each word: computable by hand, no model."""

    name = "words"

    def __init__(self, dimension: int = DIMENSION, sha256: str = "0" * 64):
        self.dimension = dimension
        self.sha256 = sha256
        self.encoded = 0  # texts

    def encode(self, texts):
        self.encoded += len(texts)
        rows = np.array([self._row(text) for text in texts], dtype=np.float32)
        return rows.reshape(len(texts), self.dimension)

    def _row(self, text):
        total = np.zeros(self.dimension)
        for word in text.lower().split():
            total += direction(word, self.dimension)
        norm = np.linalg.norm(total)
        return total / norm if norm else np.eye(1, self.dimension)[0]


class Failing(WordEncoder):
    """Gives out after some texts."""

    def __init__(self, after: int):
        super().__init__()
        self.after = after

    def encode(self, texts):
        if self.encoded + len(texts) > self.after:
            raise RuntimeError("no power")
        return super().encode(texts)


@lru_cache(maxsize=10_000)
def direction(word: str, dimension: int):
    """Return the direction of a word: random, but always the same."""
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng(seed).standard_normal(dimension)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    # Long ago, so that the time of the file is trusted; tests of fresh files say so.
    stamp = 1_600_000_000_000_000_000 + zlib.crc32(text.encode())
    os.utime(file, ns=(stamp, stamp))
    return file


def write_records(folder: Path, name: str, *records: dict) -> Path:
    return write(folder, name, "".join(json.dumps(record) + "\n" for record in records))


def record(key: str, text: str, **more) -> dict:
    return {"id": key, "title": more.pop("title", f"About {key}"), "text": text, **more}


def story(seed: int, sentences: int = 6) -> str:
    """Return an invented article of some sentences, the same for the same seed."""
    rng = np.random.default_rng(seed)
    nouns = (
        "treaty harbour minister strike grain vote bridge court storm ferry talks zürich".split()
    )
    verbs = "signed rejected delayed praised opened closed watched feared".split()
    places = "Havana Lisbon Oslo Quito Dakar Hanoi".split()
    lines = [f"{rng.choice(nouns).title()} in {rng.choice(places)} {rng.choice(verbs)}", ""]
    for _ in range(sentences):
        words = [str(rng.choice(nouns)) for _ in range(int(rng.integers(3, 9)))]
        lines.append(
            f"The {words[0]} of {rng.choice(places)} {rng.choice(verbs)} the "
            f"{' and the '.join(words[1:])} on day {rng.integers(1, 29)}."
        )
        lines.append("")
    return "\n".join(lines)


def pair(articles, number):
    """Write two articles that are only ever changed together."""
    for side in ("left", "right"):
        write(articles, f"{side}.txt", f"Mark{number} Mark {side}\n\n{story(number)}")


def populate(articles):
    for number in range(12):
        write(articles, f"plain/a{number}.txt", story(number, 9))
    # The same text under four names: equal scores, so the order is that of the ids.
    for name in ("z", "m", "b", "Y", "é"):
        write(articles, f"copies/{name}.txt", story(99, 5))
    write_records(
        articles,
        "records.jsonl",
        *(
            record(
                f"r{number}",
                story(100 + number, 4),
                title="Harbour strike" if number % 3 else "Zurich talks",
                source=("Daily", "Weekly", None)[number % 3],
                published=f"2020-0{1 + number % 5}-15" if number % 4 else None,
            )
            for number in range(20)
        ),
    )


def built(articles: Path, index: Path, encoder=None, settings=SETTINGS) -> Snapshot:
    encoder = encoder or WordEncoder()
    update(articles, index, settings, encoder)
    return Index.open(index, settings, encoder).snapshot()


def everything(snapshot: Snapshot, encoder=None, scopes=(EVERYTHING,)) -> dict:
    """Return all that can be asked of a snapshot, to compare two of them exactly."""
    encoder = encoder or WordEncoder()
    vectors = encoder.encode(QUESTIONS)
    found = {
        "articles": [snapshot.article(info.id) for info in snapshot.articles()],
        "passages": [snapshot.passages(info.id) for info in snapshot.articles()],
        "copies": [snapshot.copies(info.id) for info in snapshot.articles()],
        "length": len(snapshot),
        "sources": snapshot.sources(),
        "dates": snapshot.dates(),
        "frequency": [snapshot.frequency(word) for q in QUESTIONS for word in q.split()],
    }
    for scope in scopes:
        found["in", scope] = snapshot.in_scope(scope)
        for question, vector in zip(QUESTIONS, vectors, strict=True):
            for k in (1, 3, 50):
                found["dense", question, k, scope] = snapshot.dense(vector, k, scope)
                found["sparse", question, k, scope] = snapshot.sparse(question, k, scope)
    return found


def all_passages(snapshot: Snapshot, scope: Scope = EVERYTHING) -> list:
    return [
        passage
        for info in snapshot.articles()
        if scope.admits(snapshot.article(info.id))
        for passage in snapshot.passages(info.id)
    ]


def cosines(snapshot: Snapshot, vector, encoder, scope: Scope) -> list:
    """Return (passage id, cosine) of every passage in scope, best first."""
    passages = all_passages(snapshot, scope)
    rows = encoder.encode([p.text for p in passages]).astype(np.float16).astype(np.float64)
    scores = rows @ vector / np.maximum(np.linalg.norm(rows, axis=1), 1e-12)
    pairs = [(p.id, float(s)) for p, s in zip(passages, scores, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def bm25(snapshot: Snapshot, question: str, scope: Scope) -> list:
    """Return (passage id, BM25) of every passage in scope that scores, best first."""
    passages = all_passages(snapshot)
    fields = {
        1.0: [tokens(p.text) for p in passages],
        TITLE_WEIGHT: [tokens(snapshot.article(p.article_id).title) for p in passages],
    }
    scores = np.zeros(len(passages))
    for weight, held in fields.items():
        mean = sum(len(terms) for terms in held) / max(1, len(held))
        for term in dict.fromkeys(tokens(question)):
            df = sum(term in terms for terms in held)
            idf = math.log(1 + (len(held) - df + 0.5) / (df + 0.5))
            for at, terms in enumerate(held):
                tf = terms.count(term)
                if tf:
                    norm = K1 * (1 - B + B * one_byte(len(terms)) / mean)
                    scores[at] += weight * idf * tf * (K1 + 1) / (tf + norm)
    allowed = {p.id for p in all_passages(snapshot, scope)}
    pairs = [(p.id, float(s)) for p, s in zip(passages, scores, strict=True)]
    found = [pair for pair in pairs if pair[1] > 0 and pair[0] in allowed]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def one_byte(length: int) -> int:
    """Return a length as Lucene's SmallFloat keeps it: from its table, not by arithmetic."""
    table = list(range(24))
    for code in range(232):
        bits, shift = code & 7, (code >> 3) - 1
        table.append(24 + (bits if shift < 0 else (bits | 8) << shift))
    return max(value for value in table if value <= length)


def assert_same_ranking(found, expected, tolerance=1e-6):
    """Compare (passage, score) pairs with an oracle's, allowing for its rounding at ties."""
    assert len(found) == len(expected)
    by_id = dict(expected)
    for (passage, score), (_, wanted) in zip(found, expected, strict=True):
        assert abs(score - wanted) < tolerance
        assert passage.id in by_id, "found outside the oracle's best, beyond a tie"
        assert abs(by_id[passage.id] - score) < tolerance
    order = [(-score, passage.id) for passage, score in found]
    assert order == sorted(order)


def assert_a_snapshot_stays(folder: Path, index: Path | str) -> None:
    """Check that a snapshot shows the same before and after an update, and a later one the new."""
    articles = folder / "articles"
    pair(articles, 0)
    update(articles, index, SETTINGS, WordEncoder())
    opened = Index.open(index, SETTINGS, WordEncoder())
    old = opened.snapshot()
    before = everything(old)
    pair(articles, 1)
    write(articles, "more.txt", story(5))
    update(articles, index, SETTINGS, WordEncoder())
    new = opened.snapshot()
    assert (old.generation, new.generation) == (1, 2)
    assert everything(old) == before
    assert everything(new) == everything(built(articles, folder / "fresh"))
    opened.close()
    assert everything(old) == before
