"""Where users and passwords come from: the environment or a file, never the command line.

Knows their two forms. Does not know HTTP. There is no default password.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

USER, PASSWORD = "QA_WEB_USER", "QA_WEB_PASSWORD"  # names of variables
ENVIRONMENT = "env"
SHORTEST = 8  # characters of a password


def users(source: str, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return name → password from `source`.

    Args:
        source: "env" for `QA_WEB_USER` and `QA_WEB_PASSWORD`, or a file with one `user:password`
            on each line ("#" begins a comment line).
        environment: Where to look for the variables; None: the process's.

    Raises:
        ConfigError: Nothing usable is there.
    """
    if source == ENVIRONMENT:
        known = os.environ if environment is None else environment
        pairs = [(known.get(USER, ""), known.get(PASSWORD, ""))]
        where, cure = f"{USER} and {PASSWORD}", f"Set {USER} and {PASSWORD}."
    else:
        where, cure = source, 'Write one "user:password" on each line.'
        pairs = [_pair(line) for line in _lines(Path(source)) if line and not line.startswith("#")]
    if not pairs:
        raise ConfigError(f"{where}: no user is named.", cure=cure)
    for name, password in pairs:
        if not name or not password:
            raise ConfigError(f"{where}: a user or a password is missing.", cure=cure)
        if len(password) < SHORTEST:
            raise ConfigError(
                f"{where}: the password of {name!r} is shorter than {SHORTEST} characters.",
                cure="Choose a longer one.",
            )
    return dict(pairs)


def _pair(line: str) -> tuple[str, str]:
    name, _, password = line.partition(":")
    return name.strip(), password.strip()


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: the password file cannot be read.",
            cure='Name a file, or "env" for the environment.',
        ) from error
