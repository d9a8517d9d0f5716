"""How the index behaves as the corpus grows: build, open, search, update, size, recall.

    python tests/benchmarks/index_scale.py --passages 1000 10000 100000 1000000 \
        [--like INDEX] [--plot FILE] [--out FILE]

Articles are invented: words drawn by Zipf's law, each article about one of many topics. A
million real vectors would take hours, so a stand-in encoder makes them: with `--like`, out of
the real vectors in an index of real articles (made by `qa index`). The first passages of the
corpus get those themselves; every other gets a mixture of one of them and one of its ten
nearest, and a little noise. Without `--like`, a text gets the sum of a fixed random direction
for each of its words. Questions are vectors and words of the same making, never those of a
passage itself.

Latency is that of `Snapshot.dense`, `Snapshot.sparse` and `fuse` with 50 candidates each, as a
question's retrieval, on one thread, without encoding. Recall compares the ten best of the
engines with a comparison with every stored vector; also under filters.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import date
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import numpy as np

from qa.config import Settings
from qa.index import Index, update
from qa.index.dense import unpack
from qa.index.scope import condition
from qa.retriever import fuse
from qa.types import Scope

DIMENSION = 384
WORDS = 50_000
PASSAGES_AN_ARTICLE = 10
SENTENCES = 4  # of 18 words, to a passage
CANDIDATES = 50
QUESTIONS = 200
COMMON = 100  # of the words, too common to be asked for, as "the" is
NOISE = 0.2  # length of what is added to a mixture of two unit vectors
SETTINGS = Settings.from_environment()
SCOPES = {
    "": Scope(),
    ", one source of 20": Scope(sources=frozenset({"Paper 3"})),
    ", half the years": Scope(after=date(2018, 1, 1)),
}


class StandIn:
    """Vectors for invented texts, near each other where their topics are."""

    name, sha256, dimension = "stand-in", "5" * 64, DIMENSION

    def __init__(self, like: Path | None = None):
        rng = np.random.default_rng(0)
        self.real = None if like is None else real_vectors(like)
        if self.real is None:
            self.directions = rng.standard_normal((WORDS, DIMENSION)).astype(np.float32)
            self.weights = np.log1p(np.arange(WORDS, dtype=np.float32))
        else:
            self.near = nearest(self.real, 11)[:, 1:]

    def encode(self, texts):
        made = self._summed(texts) if self.real is None else self._mixed(texts)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    def _summed(self, texts):
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for at, text in enumerate(texts):
            ids = [int(w[1:]) for w in text.lower().replace(".", " ").split() if w[1:].isdigit()]
            rows[at] = self.weights[ids] @ self.directions[ids] + 1e-6
        return rows

    def _mixed(self, texts):
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for at, text in enumerate(texts):
            draw = np.random.default_rng(zlib.crc32(text.encode()))
            one = draw.integers(len(self.real))
            rows[at] = self.real[one]
            if draw.random() > len(self.real) / 1e6:
                share = draw.uniform(0.3, 0.9)
                other = self.real[draw.choice(self.near[one])]
                noise = draw.standard_normal(DIMENSION) * (NOISE / DIMENSION**0.5)
                rows[at] = share * rows[at] + (1 - share) * other + noise
        return rows


def real_vectors(index: Path):
    """Return the vectors of an index that the real encoder made, as (n, d) float32."""
    with closing(sqlite3.connect(index / "articles.db")) as connection:
        stored = connection.execute("SELECT vector FROM vectors ORDER BY pid")
        return unpack((vector for (vector,) in stored), DIMENSION)


def nearest(rows, k: int):
    """Return for each row the numbers of the `k` nearest rows, itself first."""
    found = np.zeros((len(rows), k), dtype=np.int64)
    for start in range(0, len(rows), 64):
        cosines = rows[start : start + 64] @ rows.T
        best = np.argpartition(-cosines, k, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1)
        found[start : start + 64] = np.take_along_axis(best, order, axis=1)
    return found


def articles(count: int, seed: int):
    """Yield invented articles: common words by Zipf's law, and some of one topic's own."""
    rng = np.random.default_rng(seed)
    names = [f"w{number}" for number in range(WORDS)]
    shape = PASSAGES_AN_ARTICLE * SENTENCES
    for number in range(count):
        topic = rng.integers(0, WORDS - 200)
        common = np.minimum(rng.zipf(1.3, (shape, 14)) - 1, WORDS - 1)
        own = topic + rng.integers(0, 200, (shape, 4))
        sentences = [
            " ".join(names[i] for i in ids).capitalize() + "."
            for ids in np.concatenate([common, own], axis=1).tolist()
        ]
        paragraphs = [" ".join(sentences[i : i + SENTENCES]) for i in range(0, shape, SENTENCES)]
        yield {
            "id": f"s{seed}-{number}",
            "title": sentences[0][:60],
            "text": "\n\n".join(paragraphs),
            "source": f"Paper {number % 20}",
            "published": f"20{10 + number % 15}-0{1 + number % 9}-15",
        }


def write(folder: Path, name: str, records) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8") as stream:
        for record in records:
            stream.write(json.dumps(record) + "\n")


def milliseconds(function, arguments) -> dict[str, float]:
    """Return p50 and p95 of calling `function` on each of `arguments`."""
    times = []
    for argument in arguments:
        start = time.perf_counter()
        function(argument)
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    return {"p50": statistics.median(times), "p95": times[int(0.95 * len(times))]}


def recall_at_10(snapshot, queries, scope) -> float:
    """Compare the ten best in `scope` with those of a comparison with every vector in it."""
    store = snapshot._store
    sql, values = condition(scope, store)
    passages = f"SELECT pid FROM passages WHERE article IN (SELECT key FROM articles WHERE {sql})"  # noqa: S608  # scope.py's
    ids = [pid for (pid,) in store.rows(passages, *values)]
    best = np.full((len(queries), 10), -np.inf, dtype=np.float32)
    for start in range(0, len(ids), 65536):
        block = store.vectors(ids[start : start + 65536])
        rows = unpack((vector for _, vector in block), DIMENSION)
        scores = queries @ (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T
        best = -np.sort(-np.concatenate([best, scores], axis=1), axis=1)[:, :10]
    hits = [snapshot.dense(query, 10, scope) for query in queries]
    found = sum(
        score >= least - 1e-5  # ties count
        for least, ten in zip(best[:, -1], hits, strict=True)
        for _, score in ten
    )
    return found / (10 * len(queries))


def build(passages: int, root: Path, like: Path | None) -> dict[str, float]:
    folder, index = root / "articles", root / "index"
    count = passages // PASSAGES_AN_ARTICLE
    for part in range(0, count, 5000):
        write(folder, f"part{part:07}.jsonl", articles(min(5000, count - part), part))
    encoder = StandIn(like)
    seconds = timed(lambda: update(folder, index, SETTINGS, encoder))
    return {"build s": seconds, "build peak MB": peak()}


def ask(root: Path, like: Path | None) -> dict[str, float]:
    index, encoder = root / "index", StandIn(like)
    texts = [question(article) for article in articles(QUESTIONS, 0)]
    queries = encoder.encode(texts)
    before = resident()
    start = time.perf_counter()
    opened = Index.open(index, SETTINGS, encoder)
    row = {"open s": time.perf_counter() - start}
    snapshot = opened.snapshot()
    sizes = {
        "store": "articles.db*",
        "dense": "caches/*/dense.faiss",
        "sparse": "caches/*/sparse/*",
    }
    for name, pattern in sizes.items():
        row[f"{name} MB"] = sum(file.stat().st_size for file in index.glob(pattern)) / 1e6

    def retrieve(pair):
        vector, words = pair
        found = opened.snapshot()
        return fuse(found.dense(vector, CANDIDATES), found.sparse(words, CANDIDATES), 10, 0.5)

    pairs = list(zip(queries, texts, strict=True))
    for pair in pairs[:20]:
        retrieve(pair)
    for name, function, arguments in (
        ("retrieve", retrieve, pairs),
        ("dense", lambda vector: snapshot.dense(vector, CANDIDATES), queries),
        ("sparse", lambda words: snapshot.sparse(words, CANDIDATES), texts),
    ):
        row.update({f"{name} {k} ms": v for k, v in milliseconds(function, arguments).items()})
    row["resident MB"] = resident() - before
    for name, scope in SCOPES.items():
        row[f"recall@10{name}"] = recall_at_10(snapshot, queries, scope)
    return {"passages": len(snapshot), **row}


def change(root: Path, like: Path | None) -> dict[str, float]:
    folder, index, encoder = root / "articles", root / "index", StandIn(like)
    opened = Index.open(index, SETTINGS, encoder)
    write(folder, "zz-new.jsonl", articles(1, 999_999))
    changes = []
    row = {"update s": timed(lambda: changes.append(update(folder, index, SETTINGS, encoder)))}
    assert len(changes[0].added) == 1
    row["refresh s"] = timed(opened.snapshot)
    return row


def question(article: dict[str, str]) -> str:
    """Return telling words of an article, without those that stand everywhere."""
    words = article["text"].lower().replace(".", "").split()
    telling = [
        word for word in words if COMMON <= int(word[1:]) < WORDS - 1
    ]  # the last one stands for all rarer
    return " ".join(telling[7::9][:8])


def timed(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def resident() -> float:
    """Memory of this process now, in MB; mapped files count as far as they were touched."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def alone(function, *given):
    """Call in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given).result()


def measure(passages: int, root: Path, like: Path | None) -> dict[str, float]:
    built = alone(build, passages, root, like)
    asked = alone(ask, root, like)
    return {"passages": asked.pop("passages"), **built, **asked, **alone(change, root, like)}


def plot(rows: list[dict[str, float]], file: Path) -> None:
    """Draw the cost against the size, everything on logarithmic axes but recall."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    rows = sorted(rows, key=lambda row: row["passages"])
    kinds = {
        "seconds": ["build s", "open s", "update s", "refresh s"],
        "megabytes": ["store MB", "dense MB", "sparse MB", "resident MB", "build peak MB"],
        "milliseconds": ["retrieve p50 ms", "retrieve p95 ms", "dense p50 ms", "sparse p50 ms"],
        "recall": [f"recall@10{name}" for name in SCOPES],
    }
    figure, axes = plt.subplots(1, len(kinds), figsize=(15, 4), layout="constrained")
    for axis, (unit, names) in zip(axes, kinds.items(), strict=True):
        for name in names:
            axis.plot([r["passages"] for r in rows], [r[name] for r in rows], "o-", label=name)
        axis.set(xscale="log", xlabel="passages", title=unit)
        axis.set_yscale("linear" if unit == "recall" else "log")
        axis.legend(fontsize="small")
        axis.grid(alpha=0.3)
    axes[-1].set_ylim(0.9, 1.005)
    figure.savefig(file, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="*", default=[1000, 5000])
    parser.add_argument("--like", type=Path, help="an index whose real vectors are mixed")
    parser.add_argument("--out", type=Path, help="add the rows to this file, as JSON")
    parser.add_argument("--plot", type=Path, help="draw what is in --out")
    given = parser.parse_args()
    rows = json.loads(given.out.read_text()) if given.out and given.out.exists() else []
    for passages in given.passages:
        root = Path(tempfile.mkdtemp(prefix="quoth-scale-"))
        try:
            row = measure(passages, root, given.like)
        finally:
            shutil.rmtree(root)
        if passages == given.passages[0]:
            print("| " + " | ".join(row) + " |\n|" + " --- |" * len(row), flush=True)
        print("| " + " | ".join(f"{value:,.3g}" for value in row.values()) + " |", flush=True)
        rows.append(row)
        if given.out:
            given.out.write_text(json.dumps(rows, indent=1) + "\n")
    if given.plot:
        plot(rows, given.plot)


if __name__ == "__main__":
    main()
