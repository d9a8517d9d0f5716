"""An index whose writer is killed again and again, checked after every kill.

Shared by a test of a few kills and `tests/benchmarks/kills.py`, which makes hundreds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from index_world import QUESTIONS, SETTINGS, WordEncoder, built, everything, story, write

from qa.index import Index, update

ROOT = Path(__file__).parent.parent
ARTICLES = 12
# Small batches and ever new caches, so that a kill falls between any two steps; with "grow" the
# caches are never made from nothing but grow by a tail, and the dead are buried.
WRITER = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from index_world import *
import qa.index.build, qa.index.engines, qa.index.folder
import faiss, tantivy, filelock, qa.articles
qa.index.build.BATCH = 4
if sys.argv[3] == "grow":
    qa.index.engines.ALWAYS_ANEW, qa.index.engines.LONGEST_TAIL = 8, 6
print("ready", flush=True)
print(update(Path(sys.argv[1]), Path(sys.argv[2]), SETTINGS, WordEncoder()), flush=True)
"""


def kill_many(folder, kills, seed=7, report=None):
    """Kill `kills` writers; return how often it fell "inside" or "after" an update.

    After each kill the index must open and hold an old or the new state of each article, whole;
    the new one of each where the update had said it was done. Every fifth time the next update
    must bring it to what a build from scratch gives.
    """
    articles, index = folder / "articles", folder / "index"
    rng = np.random.default_rng(seed)
    texts = {f"a{number}": story(number) for number in range(ARTICLES)}
    for name, text in texts.items():
        write(articles, f"{name}.txt", text)
    update(articles, index, SETTINGS, WordEncoder())
    allowed = {name: {text} for name, text in texts.items()}  # None: not there
    seen = Counter()
    for kill in range(kills):
        for number in rng.choice(ARTICLES, 5, replace=False):
            name = f"a{number}"
            if rng.random() < 0.2 and name in texts:
                (articles / f"{name}.txt").unlink()
                texts.pop(name)
            else:
                texts[name] = story(1000 + 20 * kill + int(number))
                write(articles, f"{name}.txt", texts[name])
            allowed[name].add(texts.get(name))
        said = _killed(articles, index, float(rng.uniform(0, 0.3)), ["", "grow"][kill % 2])
        seen["after" if said else "inside"] += 1
        if said:  # what was reported as done stays
            allowed = {name: {texts.get(name)} for name in allowed}
        _check(index, allowed)
        if kill % 5 == 4:
            update(articles, index, SETTINGS, WordEncoder())
            found = everything(Index.open(index, SETTINGS, WordEncoder()).snapshot())
            assert found == everything(built(articles, folder / f"fresh{kill}"))
            allowed = {name: {texts.get(name)} for name in allowed}
            assert len(list((index / "caches").iterdir())) == 1
        if report is not None:
            report(kill + 1, seen)
    return seen


def _killed(articles, index, seconds, how):
    """Start a writer, kill it `seconds` after it began, return what it had said."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(articles), str(index), how],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    said, trouble = process.communicate(timeout=60)
    assert not trouble, trouble
    return said


def _check(index, allowed):
    snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    held = {info.id: snapshot.article(info.id).text for info in snapshot.articles()}
    assert held.keys() <= allowed.keys()
    assert all(held.get(name) in texts for name, texts in allowed.items())
    for question in QUESTIONS[:2]:
        for passage, _ in snapshot.sparse(question, 5):
            assert held[passage.article_id][passage.start : passage.end] == passage.text
