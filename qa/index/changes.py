"""What an update did, or would do.

Knows how changes are counted and said. Does not know how they come about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qa.articles import Skipped


@dataclass(frozen=True, slots=True)
class Changes:
    """Article ids by what happened to them, each in order; `str()` is the summary line."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0  # articles
    skipped: tuple[Skipped, ...] = ()  # files and records that are not in the index, and why
    generation: int = 0  # of the index afterwards

    def __bool__(self) -> bool:
        """Say whether anything differs between the articles and the index."""
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        """Return "3 added, 1 changed, 2 removed, 40 unchanged", and ", 2 skipped" if any."""
        line = (
            f"{len(self.added)} added, {len(self.changed)} changed, "
            f"{len(self.removed)} removed, {self.unchanged} unchanged"
        )
        return f"{line}, {len(self.skipped)} skipped" if self.skipped else line


class Progress(Protocol):
    """Told how far an update has come."""

    def __call__(self, done: int, total: int, what: str) -> None:
        """Say that `done` of `total` units of the stage `what` are done."""


def silent(done: int, total: int, what: str) -> None:
    """Tell nobody."""
