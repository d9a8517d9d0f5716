"""What PostgreSQL says went wrong, in our words.

Knows SQLSTATE codes and libpq's messages. Does not know statements. No message holds a password:
libpq's are shown only where they cannot, and what they hold of the address is replaced.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from qa.errors import IndexBusy, IndexDamaged, IndexMissing, StoreError
from qa.index.manifest import rebuild
from qa.index.postgres.address import Address, driver

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a server says on refusing a connection: what it means, and the cure.
_REFUSALS = (
    (
        ("password authentication failed", "no password supplied", "authentication failed"),
        "the server does not take this user and password",
        "Check them; the password can be in PGPASSWORD or ~/.pgpass instead of the URL.",
    ),
    (("no pg_hba.conf entry",), "the server does not let this user in from here",
     "Allow it in the server's pg_hba.conf."),
    (("does not exist",), "the server has no such database or user",
     "Make them with createuser and createdb, or correct the URL."),
    (("too many clients", "remaining connection slots"), "the server has no free connection",
     "Try again, or raise its max_connections."),
    (("starting up", "shutting down", "in recovery"), "the server is starting or stopping",
     "Try again."),
)  # fmt: skip
# SQLSTATE, or how it begins (PostgreSQL's appendix A): what it means, and the cure.
_STATES = (
    ("53100", "the server's disk is full", "Free some space there and run it again."),
    ("53", "the server is short of memory or connections", "Try again later."),
    ("25006", "the server can only be read, as a replica", "Write to the primary server."),
    ("42501", "the user may not do this", "Grant it CREATE on the database, or use another."),
    ("57P", "the server stopped", "Run it again when it is back."),
    ("57014", "the server cancelled a statement", "Raise its statement_timeout and run it again."),
    ("25P0", "the server ended an idle transaction", "Ask again."),
    ("08", "the connection to the server was lost", "Check the server and run it again."),
    ("55006", "something in the database is in use", "Try again."),
)


def unreachable(address: Address, error: Any) -> StoreError:
    """Return the error of a server that gives no connection."""
    said = " ".join(str(error).split())
    for signs, what, cure in _REFUSALS:
        if any(sign in said for sign in signs):
            return StoreError(f"{address}: {what}.", cure=cure)
    return StoreError(
        f"{address}: the server cannot be reached ({_reason(said, address)}).",
        cure="Check that it runs, and its host and port in the URL.",
    )


def _reason(said: str, address: Address) -> str:
    """Return the end of what libpq says, which is why."""
    password = address.parts.get("password", "")
    reason = (said.replace(password, "…") if password else said).rstrip(". ")
    for end in ("Is the server running", "Multiple connection attempts"):
        reason = reason.partition(end)[0].rstrip(". ")
    return reason.rpartition(": ")[2] or "no reason given"


def damaged(address: Address, what: str) -> IndexDamaged:
    """Return the error of an index that does not hold what it should."""
    return IndexDamaged(f"{address} is damaged: {what}.", cure=rebuild(address))


def missing(address: Address) -> IndexMissing:
    """Return the error of a database without an index."""
    return IndexMissing(f"There is no index in {address}.", cure=rebuild(address))


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Say psycopg's errors in our words."""
    psycopg = driver()
    try:
        yield
    except psycopg.Error as error:
        raise _said(address, error) from error


def _said(address: Address, error: Any) -> StoreError:
    psycopg = driver()
    state = error.sqlstate or ""
    primary = (error.diag.message_primary or "").rstrip(".")
    if state.startswith("XX") or isinstance(error, psycopg.DataError | psycopg.IntegrityError):
        return damaged(address, f"PostgreSQL says {primary or error}")
    if state in {"42P01", "3F000", "42703"}:  # a table, schema or column is gone
        return missing(address)
    if state in {"55P03", "40P01", "40001"}:
        return IndexBusy(f"{address} is being written to.", cure="Try again.")
    for beginning, what, cure in _STATES:
        if state.startswith(beginning):
            return StoreError(f"{address}: {what}.", cure=cure)
    if not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreError(
            f"{address}: the connection to the server was lost.",
            cure="Check the server and run it again.",
        )
    return StoreError(
        f"{address}: PostgreSQL says {primary or type(error).__name__} ({state}).",
        cure="Check the server's log.",
    )
