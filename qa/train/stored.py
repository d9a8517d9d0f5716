"""Mixtures to and from a file, so that a restarted training mines nothing again.

Knows groups and JSON lines. Does not know how groups are made.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.train.groups import Group, Window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def save(file: Path, parts: Sequence[Sequence[Group]]) -> None:
    """Write parts (say, epochs) in order; a kill leaves the old file or the new one."""
    waiting = file.with_suffix(".part")
    with gzip.open(waiting, "wt", encoding="utf-8") as out:
        for number, part in enumerate(parts):
            for group in part:
                out.write(json.dumps([number, asdict(group)]) + "\n")
    waiting.replace(file)


def load(file: Path) -> list[list[Group]]:
    """Return the parts that `save` wrote."""
    parts: list[list[Group]] = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            number, raw = json.loads(line)
            while len(parts) <= number:
                parts.append([])
            windows = tuple(Window(**window) for window in raw.pop("windows"))
            accepted = tuple(raw.pop("accepted"))
            parts[number].append(Group(**raw, windows=windows, accepted=accepted))
    return parts
