"""What can go wrong with a server is said in one line, and never with a password."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from index_world import SETTINGS, WordEncoder, everything, story, write

from qa.config import Settings
from qa.errors import ConfigError, IndexMismatch, IndexMissing, QAError, StoreError
from qa.index import Index, update
from qa.index.place import place_of
from qa.index.postgres import connect
from qa.index.postgres.address import Address

ROOT = Path(__file__).parent.parent.parent
SECRET = "S3cret-w0rd"  # noqa: S105  # of nothing


@pytest.fixture
def articles(tmp_path):
    write(tmp_path / "articles", "a.txt", story(1))
    return tmp_path / "articles"


def problem(articles, url):
    """Return the one line that an update and an opening say, the same for both."""
    said = []
    for do in (
        lambda: update(articles, url, SETTINGS, WordEncoder()),
        lambda: Index.open(url, SETTINGS, WordEncoder()),
    ):
        with pytest.raises(QAError) as caught:
            do()
        line = str(caught.value)
        assert "\n" not in line
        assert caught.value.cure
        assert SECRET not in line
        said.append((type(caught.value), line))
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(
    ("url", "kind", "part"),
    [
        (f"postgresql://u:{SECRET}@127.0.0.1:1/d", StoreError, "cannot be reached (Connection re"),
        (f"postgresql://u:{SECRET}@no-such-host.invalid/d", StoreError, "cannot be reached"),
        (f"postgresql:///d?host=/no/such/folder&password={SECRET}", StoreError, "(No such file"),
        (f"postgresql://u:{SECRET}/x@host/d", ConfigError, "URL cannot be read"),
        (f"postgresql://u:p@{SECRET}@host/d", ConfigError, "URL cannot be read"),
        (f"postgresql://u:p@host:{SECRET}/d", ConfigError, "URL cannot be read"),
        (f"postgresql://u@host/d?nonsense={SECRET}", ConfigError, "URL cannot be read"),
        (f"postgresql://u:{SECRET}@host/d?qa_schema=No-Name", ConfigError, "no name of a schema"),
        (f"milvus://u:{SECRET}@host:19530/c", ConfigError, "cannot stand at milvus://…"),
    ],
)
def test_a_server_that_is_not_there(articles, url, kind, part):
    found, line = problem(articles, url)
    assert found is kind
    assert part in line


@pytest.fixture
def guarded(server, sql):
    """The parts of the server's address for a user who needs a password."""
    data = Path(sql("SHOW data_directory")[0][0])
    sql("CREATE EXTENSION IF NOT EXISTS vector")
    if not sql("SELECT 1 FROM pg_roles WHERE rolname = 'guarded'"):
        sql(f"CREATE ROLE guarded LOGIN PASSWORD '{SECRET}'")
        rules = (data / "pg_hba.conf").read_text()
        (data / "pg_hba.conf").write_text(f"local all guarded scram-sha-256\n{rules}")
        sql("SELECT pg_reload_conf()")
    return server.replace("postgres:@", "{}@", 1)


def test_a_wrong_password(articles, guarded):
    for user in (f"guarded:{SECRET}wrong", "guarded:", "guarded"):
        kind, line = problem(articles, guarded.format(user))
        assert kind is StoreError
        assert "does not take this user and password" in line
        assert "PGPASSWORD" in line


def test_no_such_database_or_user(articles, guarded, server):
    kind, line = problem(articles, server.replace("/postgres?", "/nowhere?"))
    assert kind is StoreError
    assert "no such database or user" in line
    assert "no such database or user" in problem(articles, guarded.format(f"nobody:{SECRET}"))[1]


def test_a_user_who_may_not(articles, guarded, sql):
    url = f"{guarded.format(f'guarded:{SECRET}')}&qa_schema=forbidden"
    with pytest.raises(StoreError, match=r"the user may not do this\. Grant it CREATE"):
        update(articles, url, SETTINGS, WordEncoder())
    sql("DROP EXTENSION IF EXISTS vector CASCADE")
    try:
        with pytest.raises(
            StoreError, match=r"the database has no pgvector.* CREATE EXTENSION vec"
        ):
            update(articles, url, SETTINGS, WordEncoder())
    finally:
        sql("CREATE EXTENSION vector")
    sql("CREATE SCHEMA allowed AUTHORIZATION guarded")
    url = f"{guarded.format(f'guarded:{SECRET}')}&qa_schema=allowed"
    sql("GRANT CREATE ON DATABASE postgres TO guarded")
    assert update(articles, url, SETTINGS, WordEncoder()).added == ("a",)
    sql("ALTER ROLE guarded SET default_transaction_read_only = on")
    write(articles, "b.txt", story(2))
    with pytest.raises(StoreError, match="can only be read, as a replica"):
        update(articles, url, SETTINGS, WordEncoder())
    assert len(Index.open(url, SETTINGS, WordEncoder()).snapshot().articles()) == 1
    sql("ALTER ROLE guarded RESET default_transaction_read_only")


def test_a_user_who_only_reads(articles, url, sql):
    update(articles, url, SETTINGS, WordEncoder())
    schema = url.rpartition("=")[2]
    sql("CREATE ROLE looker LOGIN")
    sql(f"GRANT USAGE ON SCHEMA {schema} TO looker")
    sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO looker")
    theirs = url.replace("postgres:@", "looker@", 1)
    found = everything(Index.open(theirs, SETTINGS, WordEncoder()).snapshot())
    assert found == everything(Index.open(url, SETTINGS, WordEncoder()).snapshot())
    write(articles, "b.txt", story(2))
    with pytest.raises(StoreError, match=r"the user may not do this"):
        update(articles, theirs, SETTINGS, WordEncoder())


def test_a_pgvector_too_old(articles, url, monkeypatch):
    monkeypatch.setattr(connect, "LEAST_PGVECTOR", (99, 0))
    kind, line = problem(articles, url)
    assert kind is StoreError
    assert "0.8 or newer is needed. Install a newer one" in line


def test_no_index_yet(articles, url):
    with pytest.raises(IndexMissing, match=r"There is no index in postgresql://.*Run: qa index"):
        Index.open(url, SETTINGS, WordEncoder())
    planned = update(articles, url, SETTINGS, WordEncoder(), dry_run=True)
    assert planned.added == ("a",)
    with pytest.raises(IndexMissing):  # and nothing was made
        Index.open(url, SETTINGS, WordEncoder())


def test_a_schema_of_something_else_is_left_alone(articles, url, sql):
    schema = url.rpartition("=")[2]
    sql(f"CREATE SCHEMA {schema} CREATE TABLE articles (headline text)")
    sql(f"INSERT INTO {schema}.articles VALUES ('mine')")  # noqa: S608  # ours
    with pytest.raises(IndexMismatch, match=r"is no index, but its schema .* Name another schema"):
        update(articles, url, SETTINGS, WordEncoder())
    assert sql(f"SELECT * FROM {schema}.articles") == [("mine",)]  # noqa: S608  # ours
    with pytest.raises(IndexMissing):
        Index.open(url, SETTINGS, WordEncoder())


def test_another_encoder_size_or_format(articles, url, monkeypatch):
    update(articles, url, SETTINGS, WordEncoder())
    with pytest.raises(IndexMismatch, match="made with encoder 000000000000…"):
        Index.open(url, SETTINGS, WordEncoder(sha256="1" * 64))
    with pytest.raises(IndexMismatch, match="passage_words 20, but 99 is asked for"):
        Index.open(url, Settings(passage_words=99), WordEncoder())
    for module in ("manifest", "postgres.schema"):
        monkeypatch.setattr(f"qa.index.{module}.FORMAT", 99)
    with pytest.raises(IndexMismatch, match="made with format 3, but 99"):
        Index.open(url, SETTINGS, WordEncoder())
    assert update(articles, url, SETTINGS, WordEncoder()).added == ("a",)  # made anew


def test_a_schema_that_is_dropped_under_a_reader(articles, url, sql):
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    sql(f"DROP SCHEMA {url.rpartition('=')[2]} CASCADE")
    with pytest.raises(IndexMissing):
        opened.snapshot()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:pw@host:5433/news?sslmode=require", "postgresql://u@host:5433/news"),
        ("postgres://host/news?qa_schema=old", "postgresql://host/news?qa_schema=old"),
        ("postgresql:///news?qa_schema=a&host=/run/pg", "postgresql:///news?host=/run/pg&qa_schema=a"),
        ("postgresql://a,b:1/n?password=pw&user=me", "postgresql://me@a,b:1/n"),
        ("postgresql://", "postgresql:///"),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_url_is_a_url_without_its_password(url, shown):
    place = place_of(url)
    assert str(place) == shown
    assert "pw" not in repr(place)
    assert str(Address.of(shown)) == shown
    assert "pw" not in str(place.folder)


def test_no_password_in_logs_or_settings(articles, guarded, sql, caplog):
    sql("GRANT CREATE ON DATABASE postgres TO guarded")
    url = f"{guarded.format(f'guarded:{SECRET}')}&qa_schema=logged"
    caplog.set_level(logging.DEBUG)
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    opened.snapshot()
    assert caplog.records
    assert SECRET not in caplog.text
    for thing in (opened.place, Settings(index=url), opened.manifest, opened.path):
        assert SECRET not in f"{thing!r} {thing}"


def test_the_command_says_it_in_one_line(tmp_path):
    url = f"postgresql://me:{SECRET}@127.0.0.1:1/d"
    out = subprocess.run(
        [sys.executable, "-m", "qa.cli", "info", "--index", url],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert out.returncode == 2
    assert out.stderr.startswith("qa: postgresql://me@127.0.0.1:1/d: the server cannot be reached")
    assert out.stderr.count("\n") == 1
    assert SECRET not in out.stderr + out.stdout


def test_without_the_driver_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'quoth-qa\[postgres\]'"):
        place_of("postgresql://host/d")


def test_the_driver_is_loaded_only_for_a_database():
    look = (
        "import sys, qa.cli; from qa.index import Index; from qa.index.place import place_of;"
        "place_of('folder'); print('psycopg' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert out.stdout == "False\n"
    assert psycopg.__name__ in sys.modules
