"""No network once installed: every socket is closed, and a first question is answered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from conftest import ROOT, SEEDS

CLOSED = """
import socket

def closed(*args, **kwargs):
    raise AssertionError(f"the network was used: {args}")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = closed
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = closed

import qa

answer = qa.ask("Who chaired the meeting?")
print(answer.text)
print(answer.citations[0].article.id)
print(qa.ask("Who won the 2010 World Cup?").text)
"""


def test_a_first_question_needs_no_network(tmp_path):
    shutil.copytree(SEEDS, tmp_path / "seeds")
    # No HF_HUB_OFFLINE: a user has not set it either. An empty cache: nothing was fetched before.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    environment |= {"PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path / "hub")}
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", CLOSED],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Alex Lee", "000_999b9fee6b16123a", "None"]
    assert (tmp_path / "index" / "articles.db").is_file()
