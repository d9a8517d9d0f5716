"""Where a database is: the URL split into what libpq takes, our schema, and what may be shown.

Knows URLs, and keeps passwords out of sight. Does not connect.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from qa.errors import ConfigError

SCHEMA = "qa"  # the default
_OURS = re.compile(r"(?<=[?&])qa_schema=([^&]*)(?:&|$)")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Address:
    """A database, and the schema of an index inside it. Its `str` holds no password."""

    parts: dict[str, str] = field(repr=False, hash=False)  # as libpq names them
    schema: str
    shown: str

    def __str__(self) -> str:
        """Return the URL without password and options; it works as a name where those are set."""
        return self.shown

    @classmethod
    def of(cls, url: str) -> Address:
        """Read a URL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?qa_schema=NAME&….

        Raises:
            ConfigError: It is not one, its schema has no proper name, or psycopg is missing.
        """
        psycopg = driver()
        found = _OURS.search(url)
        schema = unquote(found[1]) if found else SCHEMA
        if not _NAME.fullmatch(schema):
            raise ConfigError(
                f"qa_schema={schema!r} is no name of a schema.",
                cure="Use small letters, digits and _, at most 63.",
            )
        plain = _OURS.sub("", url).rstrip("?&")
        try:
            known = psycopg.conninfo.conninfo_to_dict(plain)
        except psycopg.Error:
            # What libpq says can hold the password, and so can the cause: neither is shown.
            raise _unreadable() from None
        parts = {str(name): str(value) for name, value in known.items() if value is not None}
        misread = "@" in parts.get("host", "") + parts.get("dbname", "")
        if misread or not re.fullmatch(r"[0-9,]*", parts.get("port", "")):
            raise _unreadable() from None  # a part of the password was taken for these
        return cls(parts, schema, _shown(parts, schema))

    @property
    def folder(self) -> Path:
        """A folder of this machine for what goes with the index, one for each."""
        data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
        digest = hashlib.blake2b(self.shown.encode(), digest_size=4).hexdigest()
        return Path(data) / "quoth" / f"{self.schema}-{digest}"


def driver() -> Any:
    """Import psycopg and return the module.

    Raises:
        ConfigError: It is not installed.
    """
    try:
        import psycopg
    except ImportError as error:
        raise ConfigError(
            "An index in PostgreSQL needs a package that is not installed.",
            cure="Run: pip install 'quoth-qa[postgres]'",
        ) from error
    return psycopg


def _unreadable() -> ConfigError:
    return ConfigError(
        "The index's URL cannot be read as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
        cure="Write special characters in it by their code (@ is %40, / is %2F).",
    )


def _shown(parts: dict[str, str], schema: str) -> str:
    host, port, asked = parts.get("host", ""), parts.get("port", ""), []
    if not host or host.startswith("/"):  # the folder of a socket
        asked += [f"{name}={parts[name]}" for name in ("host", "port") if name in parts]
        where = ""
    else:
        ports = port.split(",") if "," in port else [port] * (host.count(",") + 1)
        pairs = zip(host.split(","), ports, strict=False)
        where = ",".join(f"{one}:{number}" if number else one for one, number in pairs)
    if schema != SCHEMA:
        asked.append(f"qa_schema={schema}")
    user = f"{quote(parts['user'])}@" if "user" in parts else ""
    options = f"?{'&'.join(asked)}" if asked else ""
    return f"postgresql://{user}{where}/{quote(parts.get('dbname', ''))}{options}"
