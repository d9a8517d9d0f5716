"""After any history of changes the index answers exactly as one made from scratch.

With the caches made anew at every update, and with a tail and graves beside an old base.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from index_world import (
    SETTINGS,
    Failing,
    WordEncoder,
    built,
    everything,
    record,
    story,
    write,
    write_records,
)

from qa.index import Index, engines, update
from qa.types import Scope

SCOPES = (
    Scope(),
    Scope(sources=frozenset({"Daily"})),
    Scope(after=date(2020, 2, 1), undated=False),
    Scope(articles=frozenset({"a", "x"})),
)
FILES = st.sampled_from(["a.txt", "b.txt", "sub/c.txt", "d.md"])
RECORD_FILES = st.sampled_from(["a.jsonl", "k.jsonl", "sub/z.jsonl"])
TEXTS = st.integers(0, 12)


class History(RuleBasedStateMachine):
    """Files come, change, move and go; now and then the index is updated and compared."""

    def __init__(self):
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="quoth-history-"))
        self.articles = self.root / "articles"
        self.articles.mkdir()
        self.index = self.root / "index"
        self.opened = None
        self.compared = True

    def teardown(self):
        self.compare()
        shutil.rmtree(self.root)

    @rule(name=FILES, text=TEXTS)
    def put(self, name, text):
        write(self.articles, name, story(text, 4))
        self.compared = False

    @rule(name=RECORD_FILES, ids=st.lists(st.sampled_from("xyz"), max_size=4), text=TEXTS)
    def put_records(self, name, ids, text):
        write_records(
            self.articles,
            name,
            *(
                record(
                    key,
                    story(text + at, 3),
                    source="Daily" if (text + at) % 2 else None,
                    published=f"2020-0{1 + text % 3}-01" if at else None,
                )
                for at, key in enumerate(ids)
            ),
        )
        self.compared = False

    @rule(name=FILES | RECORD_FILES)
    def remove(self, name):
        (self.articles / name).unlink(missing_ok=True)
        self.compared = False

    @rule(name=FILES, other=FILES)
    def rename(self, name, other):
        if (self.articles / name).exists():
            (self.articles / other).parent.mkdir(exist_ok=True)
            (self.articles / name).replace(self.articles / other)
            self.compared = False

    @rule(name=FILES)
    def spoil(self, name):
        write(self.articles, name, "")
        self.compared = False

    @rule(after=st.integers(0, 25))
    def update_cut_short(self, after):
        try:
            update(self.articles, self.index, SETTINGS, Failing(after))
        except RuntimeError as error:
            assert str(error) == "no power"  # noqa: PT017  # either outcome is fine
        self.compared = False

    @rule()
    def update_without_pruning(self):
        update(self.articles, self.index, SETTINGS, WordEncoder(), prune=False)
        self.compared = False

    @precondition(lambda self: not self.compared)
    @rule()
    def compare(self):
        if self.compared:
            return
        planned = update(self.articles, self.index, SETTINGS, WordEncoder(), dry_run=True)
        done = update(self.articles, self.index, SETTINGS, WordEncoder())
        assert (planned.added, planned.changed, planned.removed, planned.skipped) == (
            done.added, done.changed, done.removed, done.skipped,
        )  # fmt: skip
        fresh = self.root / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        expected = everything(built(self.articles, fresh), scopes=SCOPES)
        if self.opened is None:
            self.opened = Index.open(self.index, SETTINGS, WordEncoder())
        # A process that has been reading all along, and one that starts now.
        assert everything(self.opened.snapshot(), scopes=SCOPES) == expected
        started = Index.open(self.index, SETTINGS, WordEncoder())
        assert everything(started.snapshot(), scopes=SCOPES) == expected
        again = update(self.articles, fresh, SETTINGS, WordEncoder())
        assert again.skipped == done.skipped
        self.compared = True


@pytest.mark.parametrize("longest_tail", [None, 10_000, 12], ids=["anew", "tail", "growing"])
def test_any_history_ends_as_from_scratch(longest_tail):
    patches = [mock.patch("qa.index.build.BATCH", 8)]
    if longest_tail is not None:
        patches.append(mock.patch.object(engines, "ALWAYS_ANEW", 0))
        patches.append(mock.patch.object(engines, "LONGEST_TAIL", longest_tail))
    for patch in patches:
        patch.start()
    try:
        run_state_machine_as_test(
            History,
            settings=hypothesis_settings(
                max_examples=10, stateful_step_count=14, deadline=None, print_blob=True
            ),
        )
    finally:
        for patch in patches:
            patch.stop()


def test_the_tail_is_really_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "ALWAYS_ANEW", 0)
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(6):
        write(articles, f"a{number}.txt", story(number))
    update(articles, index, SETTINGS, WordEncoder())
    reader = Index.open(index, SETTINGS, WordEncoder())
    base = reader.snapshot()._engines
    assert len(base.parts) == 1
    write(articles, "a0.txt", story(50))
    (articles / "a1.txt").unlink()
    write(articles, "new.txt", story(51))
    update(articles, index, SETTINGS, WordEncoder())
    after = reader.snapshot()._engines
    assert after.parts[0] is base.parts[0], "the base was loaded again for nothing"
    assert len(after.parts) == 2
    assert len(after._dead) > 0
    assert everything(reader.snapshot()) == everything(built(articles, tmp_path / "fresh"))
    # Enough changes, and the caches are made anew.
    monkeypatch.setattr(engines, "LONGEST_TAIL", 1)
    write(articles, "more.txt", story(52))
    update(articles, index, SETTINGS, WordEncoder())
    assert len(reader.snapshot()._engines.parts) == 1
    assert len(reader.snapshot()._engines._dead) == 0
    assert [f.name for f in (index / "caches").iterdir()] == [reader.snapshot()._engines.name]


def test_a_large_base_grows_and_is_made_anew_when_too_much_of_it_is_dead(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "ALWAYS_ANEW", 0)
    monkeypatch.setattr(engines, "LONGEST_TAIL", 20)
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(6):
        write(articles, f"a{number}.txt", story(number, 12))
    update(articles, index, SETTINGS, WordEncoder())
    reader = Index.open(index, SETTINGS, WordEncoder())
    first = len(reader.snapshot())
    (articles / "a0.txt").unlink()
    for number in range(6, 12):
        write(articles, f"a{number}.txt", story(number, 12))
    update(articles, index, SETTINGS, WordEncoder())
    grown = reader.snapshot()
    assert len(grown._engines.parts) == 1
    dead = len(grown._engines._dead)
    assert 0 < dead <= 20
    assert len(grown._engines.parts[0].dense) == len(grown) + dead > first
    assert everything(grown) == everything(built(articles, tmp_path / "fresh"))
    for number in range(1, 6):
        (articles / f"a{number}.txt").unlink()
    update(articles, index, SETTINGS, WordEncoder())
    anew = reader.snapshot()
    assert len(anew._engines._dead) == 0
    assert len(anew._engines.parts[0].dense) == len(anew)
    started = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    assert everything(started) == everything(built(articles, tmp_path / "other"))


def test_a_graph_index_is_close_to_exact_and_exact_under_a_narrow_filter(tmp_path, monkeypatch):
    monkeypatch.setattr("qa.index.dense.EXACT_UP_TO", 0)
    monkeypatch.setattr("qa.index.dense.MAPPED_FROM", 0)
    monkeypatch.setattr("qa.index.dense.NARROW", 60)
    monkeypatch.setattr(engines, "ALWAYS_ANEW", 0)
    monkeypatch.setattr(engines, "LONGEST_TAIL", 12)
    articles, index = tmp_path / "articles", tmp_path / "index"
    for number in range(30):
        write(articles, f"a{number:02}.txt", story(number, 12))
    update(articles, index, SETTINGS, WordEncoder())
    for number in range(25, 40):
        write(articles, f"a{number:02}.txt", story(100 + number, 12))
    update(articles, index, SETTINGS, WordEncoder())
    snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    assert "HNSW" in snapshot._engines.kind
    monkeypatch.undo()
    exact = built(articles, tmp_path / "fresh")
    assert "exact" in exact._engines.kind
    queries = WordEncoder().encode([story(number, 1) for number in range(40)])
    found = [{p.id for p, _ in snapshot.dense(query, 10)} for query in queries]
    wanted = [{p.id for p, _ in exact.dense(query, 10)} for query in queries]
    recall = sum(len(a & b) for a, b in zip(found, wanted, strict=True)) / (10 * len(wanted))
    assert recall >= 0.97
    narrow = Scope(articles=frozenset({"a03", "a27", "a39"}))
    for query in queries:
        assert snapshot.dense(query, 8, narrow) == exact.dense(query, 8, narrow)
