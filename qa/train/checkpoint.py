"""A training's state in one file, written so that a kill leaves the last one whole.

Knows tensors by name and a small JSON state. Does not know what they mean.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def save(path: Path, tensors: Mapping[str, Any], state: Mapping[str, object]) -> None:
    """Write to a file beside `path`, force it to disk, then put it in place."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(".part")
    save_file(dict(tensors), waiting, metadata={"state": json.dumps(state)})
    with waiting.open("rb+") as file:
        os.fsync(file.fileno())
    waiting.replace(path)


def load(path: Path, device: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return (tensors, state), or None where there is no checkpoint."""
    if not path.exists():
        return None
    from safetensors import safe_open

    with safe_open(path, framework="pt", device=device) as file:
        state = json.loads(file.metadata()["state"])
        return {name: file.get_tensor(name) for name in file.keys()}, state  # noqa: SIM118  # no dict
