"""Many processes and threads at once, and processes killed at any moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from index_world import (
    SETTINGS,
    WordEncoder,
    assert_a_snapshot_stays,
    built,
    everything,
    pair,
    story,
    write,
)
from kills import kill_many

from qa.errors import IndexBusy
from qa.index import Index, update

ROOT = Path(__file__).parent.parent.parent
PREAMBLE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from index_world import *
import qa.index.build, qa.index.engines
import faiss, tantivy, filelock, qa.articles
articles, index = Path(sys.argv[1]), Path(sys.argv[2])
"""
# Small batches and ever new caches, so that a kill falls between any two steps.
UPDATE = (
    PREAMBLE
    + """
qa.index.build.BATCH = 4
print("ready", flush=True)
print(update(articles, index, SETTINGS, WordEncoder()), flush=True)
"""
)


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )  # fmt: skip


KILLS = 20


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_kill_at_any_moment_loses_nothing_that_was_there(tmp_path):
    assert kill_many(tmp_path, KILLS)["inside"] > 0, "no kill fell inside an update"


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_first_build_that_was_killed_goes_on(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(40):
        write(articles, f"a{number}.txt", story(number, 12))
    for wait in (0.0, 0.05, 0.1, 0.15):
        process = start(UPDATE, articles, index)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(wait)
        process.kill()
        process.communicate(timeout=60)
    process = start(UPDATE, articles, index)
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error
    assert "added" in out
    found = everything(Index.open(index, SETTINGS, WordEncoder()).snapshot())
    assert found == everything(built(articles, tmp_path / "fresh"))


READER = (
    PREAMBLE
    + """
import time
opened = Index.open(index, SETTINGS, WordEncoder())
print("ready", flush=True)
seen, until = set(), time.monotonic() + 60
while time.monotonic() < until:
    snapshot = opened.snapshot()
    # Both articles change together: a mixture would show two different marks.
    marks = {snapshot.article(key).text.split()[0] for key in ("left", "right")}
    found = {p.text.split()[0] for p, _ in snapshot.sparse("Mark", 50) if p.start == 0}
    near = {p.text.split()[0] for p, _ in snapshot.dense(WordEncoder().encode(["Mark"])[0], 50)
            if p.start == 0}
    assert len(marks) == 1 and found == marks == near, (marks, found, near)
    seen |= marks
    if marks == {"Mark9"}:
        break
print(len(seen), snapshot.generation, flush=True)
"""
)


def test_readers_see_each_generation_whole_while_one_writes(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    pair(articles, 0)
    update(articles, index, SETTINGS, WordEncoder())
    readers = [start(READER, articles, index) for _ in range(3)]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n", reader.stderr.read()
    for number in range(1, 10):
        pair(articles, number)
        assert update(articles, index, SETTINGS, WordEncoder()).changed == ("left", "right")
    for reader in readers:
        out, error = reader.communicate(timeout=120)
        assert reader.returncode == 0, error
        assert out.split()[1] == "10"


def test_a_snapshot_stays_as_it_was(tmp_path):
    assert_a_snapshot_stays(tmp_path, tmp_path / "index")


def test_two_writers_take_turns(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(20):
        write(articles, f"a{number}.txt", story(number))
    writers = [start(UPDATE, articles, index) for _ in range(3)]
    outs = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], outs
    lines = sorted(out.splitlines()[-1] for out, _ in outs)
    nothing = "0 added, 0 changed, 0 removed, 20 unchanged"
    assert lines == [nothing, nothing, "20 added, 0 changed, 0 removed, 0 unchanged"]


HOLD = (
    PREAMBLE
    + """
import time
from qa.index import lock
index.mkdir(exist_ok=True)
with lock.writer(index):
    print("ready", flush=True)
    time.sleep(60)
"""
)


def test_a_writer_that_waited_too_long_names_the_holder(tmp_path, monkeypatch):
    write(tmp_path / "articles", "a.txt", story(1))
    holder = start(HOLD, tmp_path / "articles", tmp_path / "index")
    assert holder.stdout.readline() == "ready\n"
    monkeypatch.setattr("qa.index.lock.WAIT", 0.2)
    with pytest.raises(IndexBusy, match=f"process {holder.pid} on "):
        update(tmp_path / "articles", tmp_path / "index", SETTINGS, WordEncoder())
    holder.kill()  # and its lock goes with it
    holder.communicate(timeout=60)
    monkeypatch.undo()
    assert update(tmp_path / "articles", tmp_path / "index", SETTINGS, WordEncoder()).added == (
        "a",
    )


def test_many_threads_on_one_index_and_one_snapshot(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(12):
        write(articles, f"a{number}.txt", story(number))
    update(articles, index, SETTINGS, WordEncoder())
    opened = Index.open(index, SETTINGS, WordEncoder())
    shared = opened.snapshot()
    expected = everything(shared)
    with ThreadPoolExecutor(8) as pool:
        own = list(pool.map(lambda _: everything(opened.snapshot()), range(12)))
        one = list(pool.map(lambda _: everything(shared), range(12)))
    assert all(found == expected for found in (*own, *one))


def test_threads_keep_asking_while_the_index_changes(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    pair(articles, 0)
    update(articles, index, SETTINGS, WordEncoder())
    opened = Index.open(index, SETTINGS, WordEncoder())
    done = threading.Event()

    def ask():
        asked = 0
        while not done.is_set():
            snapshot = opened.snapshot()
            marks = {snapshot.article(key).text.split()[0] for key in ("left", "right")}
            found = {p.text.split()[0] for p, _ in snapshot.sparse("Mark", 50) if p.start == 0}
            assert len(marks) == 1
            assert found == marks
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(4)]
        try:
            for number in range(1, 6):
                pair(articles, number)
                update(articles, index, SETTINGS, WordEncoder())
        finally:
            done.set()
        assert all(one.result() > 0 for one in asking)
    assert opened.snapshot().generation == 6
