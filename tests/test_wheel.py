"""The wheel alone, away from the checkout, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile

import pytest
from conftest import ROOT

ARTICLES = {
    "bridge.txt": "New bridge opens in Larvik\n\nBy Kari Berg\n\nThe mayor, Ola Nordmann, opened "
    "the bridge on Monday. It cost 40 million kroner and took three years to build.\n",
    "harvest.txt": "Harvest fails in Tanu\n\nFarmers in Tanu lost half of their rice to the "
    "flood, the ministry of agriculture said.\n",
}


def run(*command, cwd, **environment):
    """Run with an environment in which nothing points back to the checkout."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
    kept |= {"OMP_WAIT_POLICY": "passive", "PYTHONUTF8": "1", **environment}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd, env=kept, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with the tools that are installed: no network."""
    out = tmp_path_factory.mktemp("dist")
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT,
        cwd=out,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the scripts' folder of an environment that holds the wheel.

    Its dependencies are those of the environment that runs the tests: torch takes minutes to
    install. They come by a path file, which does not carry an editable install along.
    """
    place = tmp_path_factory.mktemp("venv")
    made = run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place)
    assert made.returncode == 0, made.stderr
    python = place / "bin" / "python"
    put = run(
        sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps",
        "--no-index", wheel, cwd=place,
    )  # fmt: skip
    assert put.returncode == 0, put.stderr
    packages = next((place / "lib").glob("python3*/site-packages"))
    shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "shared.pth").write_text("\n".join(sorted(shared)), encoding="utf-8")
    return python.parent


def test_the_wheel_holds_the_package_with_its_weights_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        assert archive.getinfo("qa/reader/weights/model.safetensors").file_size > 1_000_000
    tracked = subprocess.run(
        ["git", "ls-files", "qa"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if tracked:  # not in an unpacked sdist
        assert set(tracked) <= held
    assert all(name.startswith(("qa/", "quoth_qa-")) for name in held)
    assert any(name.endswith("/licenses/LICENSE") for name in held)
    assert not any(name.endswith((".pyc", ".db")) for name in held)


def test_it_indexes_and_answers_away_from_the_checkout(installed, tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    for name, text in ARTICLES.items():
        (news / name).write_text(text, encoding="utf-8")
    code = "import qa; print(qa.__file__); print(qa.__version__)"
    where = run(installed / "python", "-c", code, cwd=tmp_path)
    assert str(installed.parent) in where.stdout, where.stdout + where.stderr

    made = run(installed / "qa", "index", news, cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "2 added, 0 changed, 0 removed, 0 unchanged\n"
    asked = run(installed / "qa", "ask", "Who opened the bridge in Larvik?", cwd=tmp_path)
    assert (asked.returncode, asked.stderr) == (0, ""), asked.stdout
    assert "Ola Nordmann" in asked.stdout.splitlines()[0]
    assert "bridge.txt" in asked.stdout
