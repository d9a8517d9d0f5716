"""Connections: how one is opened, and how our values travel on it.

Knows libpq's options, pgvector's type and text that PostgreSQL cannot hold. Does not know
tables.
"""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import StoreError
from qa.index.postgres.address import Address, driver
from qa.index.postgres.failures import translated, unreachable

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_PGVECTOR = (0, 8)  # halfvec came with 0.7, iterative scans with 0.8
# Steps of a search through the graph: recall@10 0.985 on 50,000 passages, at 3.6 ms (100: 0.977).
SEARCH_STEPS = 200
# Unlike libpq's own, which wait for ever; what the URL says goes first.
DEFAULTS = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
SET = (
    f"SET hnsw.ef_search = {SEARCH_STEPS}",
    "SET hnsw.iterative_scan = strict_order",
    "SET client_min_messages = warning",
    # A plan for any list compares each row with each of it: 525 ms against 20 ms under a filter.
    "SET plan_cache_mode = force_custom_plan",
    # A writer that was killed, or whose machine died, must not hold its lock for hours.
    "SET client_connection_check_interval = '5s'",
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)


@dataclass(frozen=True, slots=True)
class Half:
    """A stored vector as a parameter: little-endian half precision."""

    data: bytes


def connect(address: Address) -> Any:
    """Open a connection, in autocommit, with our schema and pgvector's on its path.

    Raises:
        StoreError: The server gives none, or its pgvector is too old.
    """
    psycopg = driver()
    name = f"qa: process {os.getpid()} on {socket.gethostname()}"
    options = {**DEFAULTS, **address.parts, "client_encoding": "UTF8", "application_name": name}
    try:
        connection = psycopg.connect(autocommit=True, **options)
    except psycopg.Error as error:
        raise unreachable(address, error) from None  # the cause knows the password
    try:
        with translated(address):
            for statement in SET:
                connection.execute(statement)
            connection.adapters.register_dumper(str, _text_dumper())
            settle(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def settle(connection: Any, address: Address) -> bool:
    """Find pgvector and set the path; return whether it is in the database.

    Raises:
        StoreError: It is older than what is needed.
    """
    found = connection.execute(
        "SELECT nspname, extversion FROM pg_extension"
        " JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'"
    ).fetchone()
    path = [address.schema]
    if found:
        path.append(found[0])
        version = tuple(int(part) for part in found[1].split(".")[:2])
        if version < LEAST_PGVECTOR:
            raise StoreError(
                f"{address}: its pgvector is {found[1]}; 0.8 or newer is needed.",
                cure="Install a newer one there, and run: ALTER EXTENSION vector UPDATE",
            )
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in path)
    connection.execute(f"SET search_path = {quoted}, pg_catalog")
    if found:
        _register_half(connection)
    return bool(found)


def _register_half(connection: Any) -> None:
    from psycopg.adapt import Dumper, Loader
    from psycopg.pq import Format
    from psycopg.types import TypeInfo

    info = TypeInfo.fetch(connection, "halfvec")
    info.register(connection)

    class HalfDumper(Dumper):
        """Sends a vector as pgvector does: numbers in it, nothing, big-endian numbers."""

        format = Format.BINARY
        oid = info.oid

        def dump(self, obj: Half) -> bytes:
            numbers: NDArray[np.uint16] = np.frombuffer(obj.data, dtype="<u2")
            return struct.pack(">HH", len(numbers), 0) + numbers.astype(">u2").tobytes()

    class HalfLoader(Loader):
        """Receives a vector as it is stored elsewhere."""

        format = Format.BINARY

        def load(self, data: Any) -> bytes:
            numbers: NDArray[np.uint16] = np.frombuffer(bytes(data)[4:], dtype=">u2")
            return numbers.astype("<u2").tobytes()

    connection.adapters.register_dumper(Half, HalfDumper)
    connection.adapters.register_loader(info.oid, HalfLoader)


def _text_dumper() -> Any:
    from psycopg.types.string import StrDumper

    class TextDumper(StrDumper):
        """Sends text; what PostgreSQL cannot hold, as text that equals none it holds.

        Articles never hold such (qa/articles replaces it), but a filter or an id that is asked
        for can: NUL, and half a character.
        """

        def dump(self, obj: str) -> Any:
            if "\x00" in obj or obj != obj.encode(errors="replace").decode():
                obj = f"\x01{obj!a}"
            return super().dump(obj)

    return TextDumper
