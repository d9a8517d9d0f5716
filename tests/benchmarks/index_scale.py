"""How the index behaves as the corpus grows: build, open, search, update, size, recall.

    python tests/benchmarks/index_scale.py --passages 1000 5000 20000 [--real 500] [--out FILE]

Articles are invented: words drawn by Zipf's law, each article about one of many topics. Their
vectors are made by a stand-in encoder (a fixed random direction for each word, weighted by
rarity), because a million real ones take hours; `--real N` has the real encoder encode N of
the passages and says how fast, beside `SentenceTransformer.encode` on the same texts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import numpy as np

from qa.config import Settings
from qa.index import Index, update
from qa.index.dense import unpack

DIMENSION = 384
WORDS = 50_000
PASSAGES_AN_ARTICLE = 10
QUESTIONS = 200
SETTINGS = Settings()


class StandIn:
    """Sums a direction for each word, weighted by its rarity; two texts on one topic are near."""

    name, sha256, dimension = "stand-in", "5" * 64, DIMENSION

    def __init__(self):
        rng = np.random.default_rng(0)
        self.directions = rng.standard_normal((WORDS, DIMENSION)).astype(np.float32)
        self.weights = np.log1p(np.arange(WORDS, dtype=np.float32))

    def encode(self, texts):
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for at, text in enumerate(texts):
            ids = [int(w[1:]) for w in text.lower().replace(".", " ").split() if w[1:].isdigit()]
            rows[at] = self.weights[ids] @ self.directions[ids] + 1e-6
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def articles(count: int, seed: int):
    """Yield invented articles: common words by Zipf's law, and some of one topic's own."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        topic = rng.integers(0, WORDS - 200)
        sentences = []
        for _ in range(PASSAGES_AN_ARTICLE * 6):
            ids = np.minimum(rng.zipf(1.3, 14) - 1, WORDS - 1)
            ids = np.concatenate([ids, topic + rng.integers(0, 200, 4)])
            sentences.append(" ".join(f"w{i}" for i in ids).capitalize() + ".")
        paragraphs = [" ".join(sentences[i : i + 6]) for i in range(0, len(sentences), 6)]
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


def recall_at_10(snapshot, queries) -> float:
    """Compare the ten best with those of a comparison with every stored vector."""
    stored = list(snapshot._store.vectors())
    places = {pid: at for at, (pid, _) in enumerate(stored)}
    best = np.full((len(queries), 10), -np.inf, dtype=np.float32)
    ids = np.zeros((len(queries), 10), dtype=np.int64)
    for start in range(0, len(stored), 65536):
        block = stored[start : start + 65536]
        scores = queries @ unpack((vector for _, vector in block), DIMENSION).T
        scores = np.concatenate([best, scores], axis=1)
        numbers = np.array([pid for pid, _ in block], dtype=np.int64)
        known = np.concatenate([ids, np.broadcast_to(numbers, (len(queries), len(block)))], axis=1)
        order = np.argsort(-scores, axis=1)[:, :10]
        best, ids = np.take_along_axis(scores, order, 1), np.take_along_axis(known, order, 1)
    found = 0
    for query, wanted in zip(queries, ids, strict=True):
        least = min(float(s) for s in best[list(map(tuple, ids)).index(tuple(wanted))])
        hits = snapshot.dense(query, 10)
        found += sum(score >= least - 1e-3 for _, score in hits)  # ties count
    assert len(places) == len(snapshot)
    return found / (10 * len(queries))


def measure(passages: int, root: Path) -> dict[str, float]:
    encoder = StandIn()
    folder, index = root / "articles", root / "index"
    count = passages // PASSAGES_AN_ARTICLE
    for part in range(0, count, 5000):
        write(folder, f"part{part:07}.jsonl", articles(min(5000, count - part), part))
    row: dict[str, float] = {}
    start = time.perf_counter()
    update(folder, index, SETTINGS, encoder)
    row["build s"] = time.perf_counter() - start
    start = time.perf_counter()
    opened = Index.open(index, SETTINGS, encoder)
    row["open s"] = time.perf_counter() - start
    snapshot = opened.snapshot()
    row = {"passages": len(snapshot), **row}
    sizes = {
        "store": "articles.db*",
        "dense": "caches/*/dense.faiss",
        "sparse": "caches/*/sparse/*",
    }
    for name, pattern in sizes.items():
        row[f"{name} MB"] = sum(file.stat().st_size for file in index.glob(pattern)) / 1e6
    texts = [" ".join(a["text"].split()[20:32]) for a in articles(QUESTIONS, 0)]
    queries = encoder.encode(texts)
    dense = milliseconds(partial(snapshot.dense, k=50), queries)
    sparse = milliseconds(partial(snapshot.sparse, k=50), texts)
    for name, times in (("dense", dense), ("sparse", sparse)):
        row.update({f"{name} {key} ms": value for key, value in times.items()})
    row["recall@10"] = recall_at_10(snapshot, queries)
    del snapshot
    write(folder, "zz-new.jsonl", articles(1, 999_999))
    start = time.perf_counter()
    changes = update(folder, index, SETTINGS, encoder)
    row["update s"] = time.perf_counter() - start
    assert len(changes.added) == 1
    start = time.perf_counter()
    opened.snapshot()
    row["refresh s"] = time.perf_counter() - start
    row["peak RSS MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return row


def real_throughput(count: int) -> None:
    """Print how fast real passages are indexed, beside the bare encoder in fp32."""
    from qa.encoder import SentenceEncoder

    seeds = Path(__file__).parent.parent.parent / "seeds"
    words = " ".join(file.read_text() for file in sorted(seeds.glob("*.txt"))).split()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "articles"
        records = []
        for number in range(max(1, count // PASSAGES_AN_ARTICLE)):
            sentences = [
                " ".join(rng.choice(words, 20)).strip(".").capitalize() + "."
                for _ in range(6 * PASSAGES_AN_ARTICLE)
            ]
            records.append({"id": str(number), "title": "T", "text": "\n\n".join(sentences)})
        write(folder, "real.jsonl", records)
        encoder = SentenceEncoder(SETTINGS)
        encoder.encode(["warm"])
        start = time.perf_counter()
        update(folder, Path(scratch) / "index", SETTINGS, encoder)
        ours = time.perf_counter() - start
        snapshot = Index.open(Path(scratch) / "index", SETTINGS, encoder).snapshot()
        texts = [p.text for info in snapshot.articles() for p in snapshot.passages(info.id)]
        plain = SentenceEncoder(Settings(dtype="float32"))
        plain.encode(["warm"])
        start = time.perf_counter()
        plain._model.encode(texts, show_progress_bar=False)
        bare = time.perf_counter() - start
    print(
        f"real encoder, {len(texts)} passages: indexed {len(texts) / ours:.1f}/s, "
        f"bare SentenceTransformer.encode in fp32 {len(texts) / bare:.1f}/s, "
        f"ratio {bare / ours:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, nargs="*", default=[1000, 5000])
    parser.add_argument("--real", type=int, default=0, help="passages for the real encoder")
    parser.add_argument("--out", type=Path, help="also write the rows as JSON")
    given = parser.parse_args()
    rows = []
    for passages in given.passages:
        root = Path(tempfile.mkdtemp(prefix="quoth-scale-"))
        try:
            rows.append(measure(passages, root))
        finally:
            shutil.rmtree(root)
        if len(rows) == 1:
            print("| " + " | ".join(rows[0]) + " |\n|" + " --- |" * len(rows[0]), flush=True)
        print("| " + " | ".join(f"{value:,.3g}" for value in rows[-1].values()) + " |", flush=True)
    if given.real:
        real_throughput(given.real)
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
