"""How fast, against the same two models run the plain way, in the same process.

    python tests/benchmarks/ask.py [--rounds 5] [--questions 55] [--folder ARTICLES]

p50 and p95 of a warm `ask`, as a ratio to the plain way: fp32, encode the question, numpy brute
force for the k nearest passages, read them one at a time with `AutoModelForQuestionAnswering`.

Both sides take turns, so that what else the machine does falls on both; ratios are formed within
a round and given as mean ± standard deviation over the rounds. Absolute times are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as the product does; helps both sides
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np

import qa
from qa.compute import quiet_loading
from qa.encoder import SentenceEncoder
from qa.reader import WEIGHTS

ROOT = Path(__file__).parents[2]


class Plain:
    """The two models as their documentation runs them."""

    def __init__(self, passages, settings):
        """Load both in fp32 and encode the passages."""
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        with quiet_loading():
            self.encoder = SentenceTransformer(SentenceEncoder(settings)._path, device="cpu")
            self.reader = AutoModelForQuestionAnswering.from_pretrained(
                WEIGHTS, dtype=torch.float32
            ).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(WEIGHTS)
        self.passages = passages
        self.k = settings.k
        self.vectors = self.encode([passage.text for passage in passages])

    def encode(self, texts):
        """Return unit rows."""
        return self.encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def ask(self, question):
        """Return the best span over the k nearest passages, or ""."""
        import torch

        scores = self.vectors @ self.encode([question])[0]
        best, text = 0.0, ""
        for at in np.argsort(-scores)[: self.k]:
            passage = self.passages[at].text
            inputs = self.tokenizer(
                question, passage, truncation="only_second", max_length=384, return_tensors="pt"
            )
            with torch.no_grad():
                output = self.reader(**inputs)
            starts, ends = output.start_logits[0].numpy(), output.end_logits[0].numpy()
            pairs = np.triu(starts[:, None] + ends[None, :])
            start, end = np.unravel_index(pairs[1:, 1:].argmax(), pairs[1:, 1:].shape)
            score = float(pairs[start + 1, end + 1] - starts[0] - ends[0])
            if score > best:
                best = score
                text = self.tokenizer.decode(inputs["input_ids"][0][start + 1 : end + 2])
        return text


def timed(call, *args, **options):
    """Return the seconds of a call."""
    start = time.perf_counter()
    call(*args, **options)
    return time.perf_counter() - start


def spread(values):
    """Return "mean ± standard deviation"."""
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.2f} ± {deviation:.2f}"


def asking(rounds, folder, count):
    """Print p50 and p95 of both ways, and their ratios."""
    lines = (ROOT / "tests" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:count]
    found = {50: ([], []), 95: ([], [])}
    with tempfile.TemporaryDirectory() as place:
        qa.build(folder, Path(place) / "index")
        pipeline = qa.load(Path(place) / "index")
        snapshot = pipeline.index.snapshot()
        passages = [p for info in snapshot.articles() for p in snapshot.passages(info.id)]
        plain = Plain(passages, pipeline.settings)
        for question in questions[:5]:  # warm
            pipeline.ask(question)
            plain.ask(question)
        for _ in range(rounds):
            turns = [(timed(pipeline.ask, q), timed(plain.ask, q)) for q in questions]
            for share, (ours, theirs) in found.items():
                quick, slow = np.percentile(np.array(turns), share, axis=0)
                ours.append(quick)
                theirs.append(slow)
    print(f"\nAsking {len(questions)} questions over {len(passages)} passages, {rounds} rounds")
    for share, (ours, theirs) in found.items():
        ratios = [slow / quick for quick, slow in zip(ours, theirs, strict=True)]
        print(f"  p{share} qa.ask       {spread([1000 * one for one in ours]):>18} ms")
        print(f"  p{share} plain way    {spread([1000 * one for one in theirs]):>18} ms")
        print(f"  p{share} times faster {spread(ratios):>18}")


def main():
    """Read the options and measure."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--folder", type=Path, default=ROOT / "seeds", help="articles to ask")
    options.add_argument("--questions", type=int, default=55, help="questions in a round")
    chosen = options.parse_args()
    asking(chosen.rounds, chosen.folder, chosen.questions)


if __name__ == "__main__":
    main()
