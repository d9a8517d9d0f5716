"""An index in PostgreSQL after any history, after a kill, beside readers and writers."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from index_world import (
    QUESTIONS,
    SETTINGS,
    Failing,
    WordEncoder,
    assert_a_snapshot_stays,
    built,
    everything,
    pair,
    record,
    story,
    write,
    write_records,
)

from qa.config import Settings
from qa.errors import IndexBusy, IndexDamaged, StoreError
from qa.index import Index, articles_of, update, watch
from qa.index.postgres import Postgres, postings
from qa.index.postgres.store import PostgresStore
from qa.index.postgres.writer import writer
from qa.types import Scope

ROOT = Path(__file__).parent.parent.parent
SCOPES = (Scope(), Scope(sources=frozenset({"Daily"})), Scope(articles=frozenset({"a", "x"})))
NAMES = ["a.txt", "b.txt", "sub/c.txt", "d.md"]
RECORD_FILES = ["a.jsonl", "k.jsonl", "sub/z.jsonl"]


def change(articles, draw):
    """Do one thing to a folder of articles."""
    what, name, text = draw.randrange(7), draw.choice(NAMES), draw.randrange(12)
    if what < 2:
        write(articles, name, story(text, 4))
    elif what < 4:
        ids = [draw.choice("xyz") for _ in range(draw.randrange(4))]
        records = (
            record(key, story(text + at, 3), source="Daily" if (text + at) % 2 else None,
                   published=f"2020-0{1 + text % 3}-01" if at else None)
            for at, key in enumerate(ids)
        )  # fmt: skip
        write_records(articles, draw.choice(RECORD_FILES), *records)
    elif what == 4:
        (articles / draw.choice(NAMES + RECORD_FILES)).unlink(missing_ok=True)
    elif what == 5 and (articles / name).exists():
        other = articles / draw.choice(NAMES)
        other.parent.mkdir(exist_ok=True)
        (articles / name).replace(other)
    else:
        write(articles, name, "")


def check_words(url):
    """The posting lists hold what the passages hold, and nothing else."""
    from qa.index.sparse import tokens

    store = PostgresStore(Postgres.at(url).address)
    pending = postings.Pending()
    for text in store.texts():
        pending.add(text.pid, (tokens(text.text), tokens(text.article.title)))
    entries = {
        key: bytes(postings.np.array(some, dtype=postings.ENTRY).tobytes())
        for key, some in postings._entries(pending.added).items()
    }
    rows = store.rows("SELECT term, field, block, entries FROM postings")
    store.close()
    assert {(term, field, block): data for term, field, block, data in rows} == entries


@pytest.mark.parametrize("seed", range(4))
def test_any_history_ends_as_from_scratch(tmp_path, url, monkeypatch, seed):
    monkeypatch.setattr("qa.index.build.BATCH", 8)
    monkeypatch.setattr(postings, "BLOCK", (4096, 7)[seed % 2])
    monkeypatch.setattr("qa.index.postgres.search.BLOCK", (4096, 7)[seed % 2])
    articles, draw = tmp_path / "articles", random.Random(seed)  # noqa: S311  # not a secret
    articles.mkdir()
    opened = None
    for step in range(6):
        for _ in range(draw.randint(1, 5)):
            change(articles, draw)
        if draw.random() < 0.4:
            try:
                update(articles, url, SETTINGS, Failing(draw.randrange(25)))
            except RuntimeError as error:
                assert str(error) == "no power"  # noqa: PT017  # either outcome is fine
        if draw.random() < 0.3:
            update(articles, url, SETTINGS, WordEncoder(), prune=False)
        planned = update(articles, url, SETTINGS, WordEncoder(), dry_run=True)
        done = update(articles, url, SETTINGS, WordEncoder())
        assert (planned.added, planned.changed, planned.removed, planned.skipped) == (
            done.added, done.changed, done.removed, done.skipped,
        )  # fmt: skip
        expected = everything(built(articles, tmp_path / f"fresh{step}"), scopes=SCOPES)
        opened = opened or Index.open(url, SETTINGS, WordEncoder())
        assert everything(opened.snapshot(), scopes=SCOPES) == expected
        check_words(url)
    again = update(articles, url, SETTINGS, WordEncoder())
    assert not again


def test_an_article_that_moved_is_not_encoded_again(tmp_path, url):
    articles = tmp_path / "articles"
    write(articles, "a.txt", story(1))
    update(articles, url, SETTINGS, WordEncoder())
    (articles / "a.txt").rename(articles / "b.txt")
    encoder = WordEncoder()
    assert update(articles, url, SETTINGS, encoder).added == ("b",)
    assert encoder.encoded == 0
    assert everything(Index.open(url, SETTINGS, encoder).snapshot()) == everything(
        built(articles, tmp_path / "index")
    )


def test_another_recipe_makes_it_anew(tmp_path, url):
    articles = tmp_path / "articles"
    for number in range(3):
        write(articles, f"a{number}.txt", story(number))
    update(articles, url, SETTINGS, WordEncoder())
    for settings, encoder in (
        (SETTINGS, WordEncoder(32, "1" * 64)),
        (Settings(passage_words=40), WordEncoder(32, "1" * 64)),
        (Settings(passage_words=40), WordEncoder(16, "1" * 64)),  # the same name, other vectors
    ):
        write(articles, "new.txt", story(settings.passage_words + encoder.dimension))
        update(articles, url, settings, encoder)
        fresh = tmp_path / f"{settings.passage_words}-{encoder.dimension}"
        assert everything(Index.open(url, settings, encoder).snapshot(), encoder) == everything(
            built(articles, fresh, encoder, settings), encoder
        )


def test_the_folder_it_was_made_from_is_remembered(tmp_path, url):
    assert articles_of(url) is None
    write(tmp_path / "articles", "a.txt", story(1))
    update(tmp_path / "articles", url, SETTINGS, WordEncoder())
    assert articles_of(url) == tmp_path / "articles"
    opened = Index.open(url, SETTINGS, WordEncoder())
    assert not opened.changes()
    write(tmp_path / "articles", "b.txt", story(2))
    assert opened.changes().added == ("b",)


def test_it_is_followed(tmp_path, url):
    articles, stop = tmp_path / "articles", threading.Event()
    write(articles, "a.txt", story(1))
    seen = watch(articles, url, SETTINGS, WordEncoder(), every=0.05, stop=stop)
    assert next(seen).added == ("a",)
    write(articles, "b.txt", story(2))
    assert next(seen).added == ("b",)
    stop.set()
    assert list(seen) == []


# -- kills, writers and readers

PREAMBLE = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from pathlib import Path
from index_world import *
import psycopg, tantivy, qa.articles, qa.index.build, qa.index.postgres
articles, url = Path(sys.argv[1]), sys.argv[2]
"""
UPDATE = (
    PREAMBLE
    + """
qa.index.build.BATCH = 4
print("ready", flush=True)
print(update(articles, url, SETTINGS, WordEncoder()), flush=True)
"""
)
HOLD = (
    PREAMBLE
    + """
import time
from qa.index.postgres.store import PostgresStore
from qa.index.postgres.writer import writer
with writer(PostgresStore(qa.index.postgres.Postgres.at(url).address)):
    print("ready", flush=True)
    time.sleep(60)
"""
)


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_killed_writer_leaves_each_article_old_or_new(tmp_path, url):
    articles, draw = tmp_path / "articles", random.Random(7)  # noqa: S311  # not a secret
    for number in range(12):
        write(articles, f"a{number}.txt", story(number))
    update(articles, url, SETTINGS, WordEncoder())
    states = {f"a{number}": {story(number)} for number in range(12)}
    opened = Index.open(url, SETTINGS, WordEncoder())
    cut_short = 0
    for kill in range(6):
        for number in draw.sample(range(12), 5):
            text = story(1000 + 20 * kill + number)
            write(articles, f"a{number}.txt", text)
            states[f"a{number}"].add(text)
        process = start(UPDATE, articles, url)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(draw.uniform(0.01, 0.2))
        process.send_signal(signal.SIGKILL)
        cut_short += not process.communicate(timeout=60)[0]
        snapshot = opened.snapshot()
        held = {info.id: snapshot.article(info.id).text for info in snapshot.articles()}
        assert held.keys() == states.keys()
        assert all(text in states[key] for key, text in held.items())
        for question in QUESTIONS[:2]:
            for passage, _ in snapshot.sparse(question, 5):
                assert held[passage.article_id][passage.start : passage.end] == passage.text
        del snapshot
        if kill % 3 == 2:
            update(articles, url, SETTINGS, WordEncoder())
            fresh = everything(built(articles, tmp_path / f"fresh{kill}"))
            assert everything(opened.snapshot()) == fresh
            check_words(url)
            states = {f"a{n}": {(articles / f"a{n}.txt").read_text()} for n in range(12)}
    assert cut_short > 0, "no kill fell inside an update"


def test_two_writers_take_turns(tmp_path, url):
    articles = tmp_path / "articles"
    for number in range(12):
        write(articles, f"a{number}.txt", story(number))
    writers = [start(UPDATE, articles, url) for _ in range(2)]
    outs = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], outs
    assert sorted(out.splitlines()[-1] for out, _ in outs) == [
        "0 added, 0 changed, 0 removed, 12 unchanged",
        "12 added, 0 changed, 0 removed, 0 unchanged",
    ]


def test_a_writer_that_waited_too_long_names_the_holder(tmp_path, url, monkeypatch):
    write(tmp_path / "articles", "a.txt", story(1))
    holder = start(HOLD, tmp_path / "articles", url)
    assert holder.stdout.readline() == "ready\n", holder.stderr.read()
    monkeypatch.setattr("qa.index.postgres.writer.WAIT", 0.2)
    with pytest.raises(IndexBusy, match=f"being written by process {holder.pid} on "):
        update(tmp_path / "articles", url, SETTINGS, WordEncoder())
    holder.kill()  # and its lock goes with it
    holder.communicate(timeout=60)
    monkeypatch.undo()
    assert update(tmp_path / "articles", url, SETTINGS, WordEncoder()).added == ("a",)


def test_another_schema_has_a_writer_of_its_own(server):
    one, other = (PostgresStore(Postgres.at(f"{server}&qa_schema={name}").address) for name in "ab")
    with writer(one), writer(other, wait=0):
        pass
    one.close()
    other.close()


def test_a_snapshot_stays_as_it_was_while_a_writer_commits(tmp_path, url):
    assert_a_snapshot_stays(tmp_path, url)


def test_threads_never_see_a_mixture(tmp_path, url):
    from concurrent.futures import ThreadPoolExecutor

    articles = tmp_path / "articles"
    pair(articles, 0)
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    shared, done = opened.snapshot(), threading.Event()
    expected = everything(shared)

    def ask():
        asked = 0
        while not done.is_set() or not asked:
            snapshot = opened.snapshot()
            marks = {snapshot.article(key).text.split()[0] for key in ("left", "right")}
            found = {p.text.split()[0] for p, _ in snapshot.sparse("Mark", 50) if p.start == 0}
            vector = WordEncoder().encode(["Mark"])[0]
            near = {p.text.split()[0] for p, _ in snapshot.dense(vector, 50) if p.start == 0}
            assert len(marks) == 1
            assert found == marks == near
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        asking.append(pool.submit(lambda: everything(shared) == expected))
        try:
            for number in range(1, 5):
                pair(articles, number)
                update(articles, url, SETTINGS, WordEncoder())
        finally:
            done.set()
        assert all(one.result() for one in asking)
    assert opened.snapshot().generation == 5


# -- damage

HARM = {
    "article": "UPDATE {}.articles SET text = overlay(text placing 'X' from 9) WHERE id = 'a1'",
    "passage": "UPDATE {}.passages SET start = start + 1 WHERE pid = 3",
    "vector": "UPDATE {}.vectors SET vector = (SELECT vector FROM {}.vectors WHERE pid = 5)"
    " WHERE pid = 3",
    "lost": "DELETE FROM {}.vectors WHERE pid = 3",
    "totals": "UPDATE {}.meta SET value = replace(value, 'passages', 'x') WHERE key = 'totals'",
    "count": "DELETE FROM {}.passages WHERE pid = 3",
    "both": "WITH gone AS (DELETE FROM {}.vectors WHERE pid = 3) DELETE FROM {}.passages"
    " WHERE pid = 3",
    "state": "UPDATE {}.meta SET value = 'x' WHERE key = 'state'",
    "manifest": "UPDATE {}.meta SET value = '{{}}' WHERE key = 'manifest'",
}


@pytest.mark.parametrize("harm", HARM)
def test_damage_is_said_and_mended_by_the_next_update(tmp_path, url, sql, harm):
    articles = tmp_path / "articles"
    for number in range(4):
        write(articles, f"a{number}.txt", story(number))
    update(articles, url, SETTINGS, WordEncoder())
    schema = url.rpartition("=")[2]
    sql(HARM[harm].replace("{{}}", "[]").replace("{}", schema))
    with pytest.raises(IndexDamaged, match="is damaged") as caught:
        everything(Index.open(url, SETTINGS, WordEncoder()).snapshot())
    assert "Run: qa index" in str(caught.value)
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    assert everything(opened.snapshot()) == everything(built(articles, tmp_path / "fresh"))
    check_words(url)


def test_a_connection_that_was_lost_is_replaced(tmp_path, url, sql):
    articles = tmp_path / "articles"
    write(articles, "a.txt", story(1))
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    expected = everything(opened.snapshot())
    asking = opened.snapshot()
    assert asking.article("a").text
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name LIKE 'qa: %' AND pid <> pg_backend_pid()"
    )
    with pytest.raises(StoreError, match=r"the server stopped|the connection to the server was"):
        asking.articles()
    del asking
    assert everything(opened.snapshot()) == expected


def test_nothing_of_a_removed_article_is_left_in_the_tables(tmp_path, url, sql):
    articles = tmp_path / "articles"
    write(articles, "a.txt", story(1))
    write(articles, "b.txt", "Xylophone Quagmire\n\nThe xylophone sank in the quagmire of Zzyzx.")
    update(articles, url, SETTINGS, WordEncoder())
    (articles / "b.txt").unlink()
    update(articles, url, SETTINGS, WordEncoder())
    schema = url.rpartition("=")[2]
    for (table,) in sql("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema):
        rows = str(sql(f"SELECT * FROM {schema}.{table}")).lower()  # noqa: S608  # ours
        assert not any(word in rows for word in ("xylophon", "quagmir", "zzyzx", "b.txt"))
    shutil.rmtree(articles)
