"""Damage is repaired or said, and never becomes an answer; what was removed is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from index_world import (
    EVERYTHING,
    SETTINGS,
    WordEncoder,
    built,
    everything,
    record,
    story,
    write,
    write_records,
)

from qa.errors import IndexDamaged, IndexMismatch, IndexMissing, StoreError
from qa.index import Index, update


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Some articles, an index of them, and all its answers."""
    root = tmp_path_factory.mktemp("damage")
    for number in range(8):
        write(root / "articles", f"a{number}.txt", story(number))
    write_records(
        root / "articles", "r.jsonl",
        *(record(f"r{n}", story(20 + n), source="Daily", published="2020-01-01") for n in range(4)),
    )  # fmt: skip
    update(root / "articles", root / "index", SETTINGS, WordEncoder())
    expected = everything(built(root / "articles", root / "index"))
    return root / "articles", root / "index", expected


@pytest.fixture
def copy(world, tmp_path):
    """A copy of that index to be damaged, with the articles and the answers."""
    articles, index, expected = world
    shutil.copytree(index, tmp_path / "index")
    return articles, tmp_path / "index", expected


def cache_files(index):
    return sorted(file for file in (index / "caches").rglob("*") if file.is_file())


def truncate(file, rng):
    size = file.stat().st_size
    os.truncate(file, int(rng.integers(0, size)) if size else 0)


def flip(file, rng):
    data = bytearray(file.read_bytes())
    if data:
        data[int(rng.integers(0, len(data)))] ^= 1 << int(rng.integers(0, 8))
        file.write_bytes(data)


def remove(file, rng):  # noqa: ARG001  # as the others
    file.unlink()


@pytest.mark.parametrize("harm", [truncate, flip, remove])
def test_a_damaged_cache_is_made_again(copy, harm):
    _, index, expected = copy
    rng = np.random.default_rng(5)
    names = [file.relative_to(index) for file in cache_files(index)]
    assert any(file.name == "dense.faiss" for file in names)
    for name in names:
        harm(
            next(
                f
                for f in cache_files(index)
                if f.name.partition(".")[2] == name.name.partition(".")[2]
            ),
            rng,
        )
        assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected
    # It was repaired on disk, too: nothing is made again now.
    engine = Index.open(index, SETTINGS, WordEncoder()).snapshot()._engines
    assert engine.name
    assert len(cache_files(index)) == len(names)


def test_caches_of_another_index_are_not_trusted(copy, tmp_path):
    _, index, expected = copy
    write(tmp_path / "other", "b.txt", story(77))
    update(tmp_path / "other", tmp_path / "elsewhere", SETTINGS, WordEncoder())
    mine = next((index / "caches").iterdir())
    theirs = next((tmp_path / "elsewhere" / "caches").iterdir())
    shutil.rmtree(mine)
    shutil.copytree(theirs, mine)
    assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected


def test_without_caches_and_beside_a_writer_it_answers_from_memory(copy):
    from qa.index import lock

    _, index, expected = copy
    shutil.rmtree(index / "caches")
    with lock.writer(index):
        assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected
    assert not (index / "caches").exists()


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_store_is_said_and_then_mended(copy, seed):
    articles, index, expected = copy
    rng = np.random.default_rng(seed)
    file = index / "articles.db"
    data = bytearray(file.read_bytes())
    for _ in range(1 + seed % 3):
        at = int(rng.integers(0, len(data)))
        if seed % 4 == 0:
            data[at : at + 512] = rng.bytes(len(data[at : at + 512]))
        else:
            data[at] ^= 1 << int(rng.integers(0, 8))
    file.write_bytes(data)
    try:
        found = everything(Index.open(index, SETTINGS, WordEncoder()).snapshot())
    except (IndexDamaged, IndexMismatch) as error:
        assert "qa index" in error.cure or "--index" in error.cure  # noqa: PT017
    else:
        # Titles and dates in lists are read without their article's checksum; answers never are.
        searched = [key for key in expected if key not in {"sources", "dates"} and "in" not in key]
        assert {key: found[key] for key in searched} == {key: expected[key] for key in searched}
    try:
        update(articles, index, SETTINGS, WordEncoder())
    except IndexMismatch:
        pytest.fail("our own damaged index was taken for another program's")
    assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected
    assert not (index / "damaged").exists()


@pytest.mark.parametrize("size", [0, 1, 100, 4096, 5000, 20000])
def test_a_truncated_store_is_said_and_then_made_anew(copy, size):
    articles, index, expected = copy
    os.truncate(index / "articles.db", size)
    with pytest.raises((IndexDamaged, IndexMissing)) as caught:
        everything(Index.open(index, SETTINGS, WordEncoder()).snapshot())
    assert "qa index" in caught.value.cure
    update(articles, index, SETTINGS, WordEncoder())
    assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected


def test_only_the_damaged_article_is_encoded_again(copy):
    articles, index, expected = copy
    file = index / "articles.db"
    data = file.read_bytes()
    text = (articles / "a3.txt").read_bytes()[40:70]
    assert data.count(text) == 1
    file.write_bytes(data.replace(text, text.swapcase()))
    snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    with pytest.raises(IndexDamaged):
        snapshot.article("a3")
    assert snapshot.article("a4")
    encoder = WordEncoder()
    update(articles, index, SETTINGS, encoder)
    found = Index.open(index, SETTINGS, encoder).snapshot()
    assert encoder.encoded == len(found.passages("a3"))
    assert everything(found) == expected


def raw(index) -> bytes:
    return b"\0".join(file.read_bytes() for file in sorted(index.rglob("*")) if file.is_file())


def test_removed_text_is_gone_from_all_files(copy, tmp_path):
    _, index, _ = copy
    articles = tmp_path / "articles"
    confession = "Xylophonquartz Vandermeulenbrook confessed to the gazebo forgery."
    write(articles, "keep.txt", story(1))
    write(articles, "secret.txt", f"{story(2)}\n\n{confession}\n")
    write(articles, "edited.txt", f"Brumblethwaite quarrelled\n\n{confession}\n\n{story(3)}")
    update(articles, index, SETTINGS, WordEncoder())
    reader = Index.open(index, SETTINGS, WordEncoder())
    assert b"Vandermeulenbrook" in raw(index)
    assert reader.snapshot().frequency("Xylophonquartz")
    (articles / "secret.txt").unlink()
    write(articles, "edited.txt", story(3))
    update(articles, index, SETTINGS, WordEncoder())
    everywhere = raw(index).lower()
    for word in (b"vandermeulenbrook", b"xylophonquartz", b"brumblethwait", b"gazebo"):
        assert word not in everywhere
    assert not reader.snapshot().frequency("Xylophonquartz")
    assert reader.snapshot().sparse("gazebo", 5) == []


READ_ONLY = """
import os, sys, tempfile
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from index_world import *
from qa.errors import StoreError
with tempfile.TemporaryDirectory() as folder:  # loads all that is loaded when it is used
    write(Path(folder) / "a", "a.txt", story(1))
    everything(built(Path(folder) / "a", Path(folder) / "i"))
if os.getuid() == 0:  # for whom no folder is read-only
    os.setuid(65534)
index, articles = Path(sys.argv[1]), Path(sys.argv[2])
snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
print(len(snapshot), snapshot.sparse("harbour strike", 1)[0][0].id)
try:
    update(articles, index, SETTINGS, WordEncoder())
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="takes away permissions")
@pytest.mark.parametrize("caches", ["whole", "missing"])
def test_a_read_only_index_can_be_read(world, caches):
    articles, original, expected = world
    # Somewhere another user may look into, unlike pytest's own folders.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        index = Path(folder) / "index"
        shutil.copytree(original, index)
        for name in ("articles.db-wal", "articles.db-shm", "writer.lock"):
            (index / name).unlink(missing_ok=True)
        shutil.copytree(articles, Path(folder) / "articles")
        if caches == "missing":
            shutil.rmtree(index / "caches")
        names = sorted(file.name for file in index.iterdir())
        for part in (index, *index.rglob("*")):
            part.chmod(part.stat().st_mode & ~0o222)
        root = Path(__file__).parent.parent.parent
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, index, f"{folder}/articles", root, root / "tests"],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        first, second = done.stdout.splitlines()
        best = expected["sparse", "harbour strike", 1, EVERYTHING]
        assert first == f"{expected['length']} {best[0][0].id}"
        assert "cannot be written" in second
        assert sorted(file.name for file in index.iterdir()) == names
        for part in (index, *index.rglob("*")):
            part.chmod(part.stat().st_mode | 0o200)
        assert "Traceback" not in done.stderr


FULL = """
import sys
sys.path[:0] = sys.argv[3:]
from index_world import *
from pathlib import Path
import resource
from qa.errors import StoreError
index, articles = Path(sys.argv[1]), Path(sys.argv[2])
# The system refuses to let any file grow beyond this, as a full disk would.
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    update(articles, index, SETTINGS, WordEncoder())
except StoreError as error:
    print(error)
"""


def test_a_full_disk_is_said_and_harms_nothing(copy, tmp_path):
    pytest.importorskip("resource")
    articles, index, expected = copy
    more = tmp_path / "more"
    shutil.copytree(articles, more)
    for number in range(60):
        write(more, f"more{number}.txt", story(200 + number, 12))
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", FULL, index, more, root, root / "tests"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Free" in done.stdout or "space" in done.stdout
    snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    assert snapshot.article("a1").text == (articles / "a1.txt").read_text()
    update(more, index, SETTINGS, WordEncoder())
    update(articles, index, SETTINGS, WordEncoder())
    assert everything(Index.open(index, SETTINGS, WordEncoder()).snapshot()) == expected
    assert issubclass(IndexDamaged, StoreError)
