"""`qa web` as a process of its own, as people start it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PATIENCE = 180  # seconds; the machine may be busy


@dataclass
class Running:
    """A server process."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(index, *options, log, python=sys.executable):
    """Start `qa web` on a free port; yield it once it answers, and end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "OMP_WAIT_POLICY": "passive",
        # An overlay of the running environment sees our package only this way.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    command = [python, "-m", "qa.cli", "web", "--no-open", "--index", index, "--port", port]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in (*command, *options)], env=environment, stdout=out, stderr=out
        )
    server = Running(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _wait(server):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert server.process.poll() is None, server.said()
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {server.said()}")
