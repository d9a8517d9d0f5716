"""Encoding by real Dask workers, one of them killed, gives the index of a single process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import numpy as np
import pytest
from conftest import ROOT, SEEDS
from index_world import built, everything, story, write

from qa import cluster
from qa.cli import main
from qa.config import Settings
from qa.encoder import SentenceEncoder
from qa.errors import ClusterError
from qa.index import Index, update

SETTINGS = Settings(passage_words=40)
A_BIT = 2e-3  # of a cosine, in bfloat16


@pytest.fixture(scope="module")
def workers():
    """A scheduler and two worker processes on this machine, with nothing but loopback."""
    from distributed import LocalCluster

    # One thread each; what they load must not spin on a machine that others use.
    environment = {"OMP_WAIT_POLICY": "passive", "HF_HUB_OFFLINE": "1", "QA_THREADS": "1"}
    with (
        pytest.MonkeyPatch.context() as patch,
        LocalCluster(
            n_workers=0, threads_per_worker=1, processes=True, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", silence_logs=50,
        ) as local,
    ):  # fmt: skip
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setenv("PYTHONPATH", str(ROOT))
        local.scale(2)
        yield local


@pytest.fixture(scope="module")
def address(workers):
    workers.wait_for_workers(2, timeout=120)
    return workers.scheduler_address


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spread")
    for number in range(18):
        write(folder, f"a{number:02}.txt", story(number, 3 + number % 9))
    for seed in SEEDS.glob("*.txt"):
        write(folder, seed.name, seed.read_text("utf-8"))
    return folder


def rows(index):
    """Return everything that the tables hold but when it was made."""
    with closing(sqlite3.connect(index / "articles.db")) as store:
        return {
            table: store.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608  # ours
            for table in ("articles", "passages", "vectors", "copies", "bands", "claims", "files")
        }


def exact():
    """Say whether this processor gives a text the same vector in any company (qa/encoder.py)."""
    import torch

    return torch.cpu._is_amx_tile_supported()


def test_shares_are_put_together_in_order(address):
    alone = SentenceEncoder(SETTINGS)
    texts = [story(number, 1 + number % 7) for number in range(36)] + ["", "Who?", "x " * 900]
    with cluster.over(address, SETTINGS, alone) as encoder:
        assert (encoder.name, encoder.sha256) == (alone.name, alone.sha256)
        assert encoder.dimension == alone.dimension
        found, wanted = encoder.encode(texts), alone.encode(texts)
        assert encoder.encode([]).shape == (0, alone.dimension)
    assert (found.shape, found.dtype) == (wanted.shape, np.float32)
    assert np.abs(found - wanted).max() <= (0 if exact() else A_BIT)


def test_the_command(address, tmp_path, monkeypatch, capsys):
    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0, *capsys.readouterr()

    code, out, err = run("index", SEEDS, "--index", tmp_path / "i", "--dask", address)
    assert (code, out) == (0, "2 added, 0 changed, 0 removed, 0 unchanged\n"), err
    code, out, err = run("index", SEEDS, "--index", tmp_path / "i", "--dask", "tcp://nowhere:1")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "No Dask scheduler answers at tcp://nowhere:1" in err


def test_a_worker_killed_in_the_middle_changes_nothing(articles, address, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.index.build.BATCH", 40)  # several rounds
    alone = SentenceEncoder(SETTINGS)
    built(articles, tmp_path / "alone", alone, SETTINGS)
    killed = threading.Event()

    def kill(done, _total, what):
        """Kill a worker once the first articles are written and others are being encoded."""
        if what == "indexing" and done and not killed.is_set():
            killed.set()
            pids = encoder._client.run(os.getpid)
            os.kill(min(pids.values()), signal.SIGKILL)

    with cluster.over(address, SETTINGS, SentenceEncoder(SETTINGS)) as encoder:
        before = set(encoder._workers())
        update(articles, tmp_path / "spread", SETTINGS, encoder, progress=kill)
        assert killed.is_set()
        assert before - set(encoder._workers()), "no worker died"
    one, other = rows(tmp_path / "alone"), rows(tmp_path / "spread")
    assert len(one["vectors"]) > 100
    if exact():
        assert one == other
    assert everything_but_scores(one) == everything_but_scores(other)
    opened = Index.open(tmp_path / "spread", SETTINGS, alone).snapshot()
    assert (
        opened.generation == Index.open(tmp_path / "alone", SETTINGS, alone).snapshot().generation
    )
    if exact():
        expected = Index.open(tmp_path / "alone", SETTINGS, alone).snapshot()
        assert everything(opened, alone) == everything(expected, alone)


def everything_but_scores(found):
    return {table: some for table, some in found.items() if table != "vectors"}


# -- what does not fit


class Other:
    """An encoder as here, but for its weights."""

    name, sha256, dimension = "all-MiniLM-L6-v2", "f" * 64, 384


def test_workers_with_other_weights_or_another_version_are_refused(address, monkeypatch):
    with (
        pytest.raises(ClusterError, match=r"worker at tcp://\S+ has other weights \(53aa51172d14"),
        cluster.over(address, SETTINGS, Other()),
    ):
        pass
    with monkeypatch.context() as patch:
        patch.setattr("qa.__version__", "99.0")
        with (
            pytest.raises(ClusterError, match=r"has qa 0\.\S+, not 99\.0\. Install there what"),
            cluster.over(address, SETTINGS, SentenceEncoder(SETTINGS)),
        ):
            pass
    missing = Settings(encoder="/no/such/model")
    with (
        pytest.raises(ClusterError, match="neither a folder nor to be had"),
        cluster.over(address, missing, SentenceEncoder(SETTINGS)),
    ):
        pass


def test_a_worker_that_comes_late_is_checked_as_well(address, monkeypatch):
    with cluster.over(address, SETTINGS, SentenceEncoder(SETTINGS)) as encoder:
        monkeypatch.setattr(encoder, "_recipe", ("99.0", *encoder._recipe[1:]))
        with pytest.raises(ClusterError, match=r"has qa 0\.\S+, not 99\.0"):
            encoder.encode(["a text"])


def test_a_worker_without_the_package_is_named(tmp_path):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=0,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as bare:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "distributed.cli.dask_worker", bare.scheduler_address,
             "--nthreads", "1", "--no-nanny", "--no-dashboard"],
            cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            | {"PYTHONPATH": str(shadow(tmp_path))},
        )  # fmt: skip
        try:
            bare.wait_for_workers(1, timeout=120)
            with (
                pytest.raises(ClusterError, match=r"cannot run qa: .*pip install 'quoth-qa\[dask"),
                cluster.over(bare.scheduler_address, SETTINGS, SentenceEncoder(SETTINGS)),
            ):
                pass
        finally:
            process.kill()
            process.wait()


def shadow(folder):
    """Return a folder whose `qa` hides an installed one and cannot be imported."""
    (folder / "shadow").mkdir()
    (folder / "shadow" / "qa.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'qa'\")\n"
    )
    return folder / "shadow"


def test_a_scheduler_without_workers_and_one_that_loses_all(monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "ANSWER", 1.0)
    with (
        LocalCluster(
            n_workers=0,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as bare,
        pytest.raises(
            ClusterError, match=r"has no workers\. Start some on your machines: dask wor"
        ),
        cluster.over(bare.scheduler_address, SETTINGS, SentenceEncoder(SETTINGS)),
    ):
        pass
