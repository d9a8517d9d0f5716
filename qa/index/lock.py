"""One writer at a time.

Knows the lock file and who holds it. Does not know what is written.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from qa.errors import IndexBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "writer.lock"
HOLDER = "writer.json"
WAIT = 5.0  # seconds a second writer waits before it gives up


@contextmanager
def writer(index: Path, wait: float | None = None) -> Iterator[None]:
    """Be the only writer of `index` inside the block.

    Raises:
        IndexBusy: Another process, or another thread, still writes after `wait` seconds
            (`WAIT` if None).
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(index / LOCK, timeout=WAIT if wait is None else wait, is_singleton=False):
            _say_who(index)
            try:
                yield
            finally:
                with suppress(OSError):
                    (index / HOLDER).unlink()
    except Timeout as error:
        raise IndexBusy(
            f"{index} is being written by {_holder(index)}.",
            cure="Wait until it is done, then run it again.",
        ) from error


def _say_who(index: Path) -> None:
    temporary = index / f"{HOLDER}.new"
    temporary.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
    temporary.replace(index / HOLDER)


def _holder(index: Path) -> str:
    try:
        holder = json.loads((index / HOLDER).read_text())
        return f"process {int(holder['pid'])} on {holder['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
