"""What an index in PostgreSQL finds is what one in a folder finds, to the last bit."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pytest
from index_world import (
    QUESTIONS,
    SCOPES,
    SETTINGS,
    WordEncoder,
    all_passages,
    assert_same_ranking,
    bm25,
    built,
    cosines,
    everything,
    populate,
    story,
    write,
)

from qa.errors import ArticleError, IndexMismatch
from qa.index import Index, update
from qa.index.postgres import postings, search
from qa.types import Scope


@pytest.fixture(scope="module")
def both(tmp_path_factory, module_url):
    """Snapshots of the same articles: in PostgreSQL, and in a folder."""
    folder = tmp_path_factory.mktemp("search")
    populate(folder / "articles")
    return built(folder / "articles", module_url), built(folder / "articles", folder / "index")


def test_all_that_can_be_asked_is_answered_as_locally(both):
    there, here = both
    assert everything(there, scopes=SCOPES) == everything(here, scopes=SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("k", [7, 1000])
def test_it_is_brute_force_and_the_formula(both, scope, k):
    there, here = both
    encoder = WordEncoder()
    for question, vector in zip(QUESTIONS, encoder.encode(QUESTIONS), strict=True):
        expected = cosines(here, vector.astype(np.float64), encoder, scope)
        assert_same_ranking(there.dense(vector, k, scope), expected[:k] if k < 1000 else expected)
        wanted = bm25(here, question, scope)
        found = there.sparse(question, k, scope)
        assert [p.id for p, _ in found] == [key for key, _ in wanted[:k]]
        for (_, score), (_, by_hand) in zip(found, wanted, strict=False):
            assert score == pytest.approx(by_hand, rel=1e-9)


def test_many_questions_filters_and_numbers(both):
    there, here = both
    draw = random.Random(3)  # noqa: S311  # not a secret
    texts = [passage.text for passage in all_passages(here)]
    for _ in range(60):
        words = draw.choice(texts).split()
        question = " ".join(draw.sample(words, min(len(words), draw.randint(1, 9))))
        scope, k = draw.choice(SCOPES), draw.choice([1, 2, 5, 20, 60])
        vector = WordEncoder().encode([question])[0]
        assert there.dense(vector, k, scope) == here.dense(vector, k, scope)
        assert there.sparse(question, k, scope) == here.sparse(question, k, scope)
        word = draw.choice(words)
        assert there.frequency(word) == here.frequency(word)


def test_lists_alone_score_as_the_formula(both):
    # The exact scores replace them; were they others, candidates would be missed.
    there, _ = both
    for question in QUESTIONS[:4]:
        formula = there._engines.formula(_terms(question), there._store)
        pids, scores = there._engines._scored(formula, there._store)
        expected = {passage.id: score for passage, score in there.sparse(question, 10_000)}
        rows = {row.pid: row for row in there._store.passage_rows(pids.tolist())}
        ids = {info.id for info in there.articles()}
        keys = dict(there._store.rows("SELECT key, id FROM articles"))
        assert ids == set(keys.values())
        found = {
            f"{keys[rows[pid].article]}#{rows[pid].start}": score
            for pid, score in zip(pids.tolist(), scores.tolist(), strict=True)
        }
        assert found == pytest.approx(expected, rel=1e-9)


def _terms(text):
    from qa.index.sparse import tokens

    return tokens(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", 'what is "foo', "a:b", "%s %(a)s ?", "(z", "'; DROP TABLE articles; --", "\x00",
     "-", "😀", "\ud800", "ß" * 5000, "harbour " * 3000, "'" * 99],
)  # fmt: skip
def test_no_text_breaks_the_search(both, text):
    there, here = both
    assert there.sparse(text, 5) == here.sparse(text, 5)
    assert there.frequency(text) == here.frequency(text)
    with pytest.raises(ArticleError, match="holds no article"):
        there.article(f"no {text}")


def test_a_vector_of_another_length_is_refused(both):
    with pytest.raises(IndexMismatch, match="dimension"):
        both[0].dense(np.ones(7, dtype=np.float32), 3)


def test_an_empty_index_finds_nothing(tmp_path, url):
    (tmp_path / "articles").mkdir()
    snapshot = built(tmp_path / "articles", url)
    assert (len(snapshot), snapshot.articles(), snapshot.dates()) == (0, [], (None, None))
    assert snapshot.dense(WordEncoder().encode(["harbour"])[0], 5) == []
    assert snapshot.sparse("harbour", 5) == []


def test_wide_filters_are_asked_of_the_server(tmp_path, url, monkeypatch):
    """Past the limits: a graph, filters inside its search, and blocks of few passages."""
    monkeypatch.setattr(postings, "BLOCK", 16)
    monkeypatch.setattr(search, "BLOCK", 16)
    monkeypatch.setattr(search, "EXACT_UP_TO", 50)
    monkeypatch.setattr(search, "NARROW", 40)
    monkeypatch.setattr(search, "CHECKED_AT_ONCE", 64)
    monkeypatch.setattr(search, "LISTED", 30)
    articles = tmp_path / "articles"
    for number in range(40):
        write(articles, f"a{number:02}.txt", story(number, 12))
    populate(articles)
    update(articles, url, SETTINGS, WordEncoder())
    for number in range(30, 45):  # and some that come into the graph one by one
        write(articles, f"a{number:02}.txt", story(100 + number, 12))
    update(articles, url, SETTINGS, WordEncoder())
    there = Index.open(url, SETTINGS, WordEncoder()).snapshot()
    assert "HNSW" in there._engines.kind
    here = built(articles, tmp_path / "index")
    assert len(there) > 400
    plans = []
    rows = there._store.rows

    def explained(statement, *values):
        if "halfvec(24)" in statement:
            plans.append(str(rows(f"EXPLAIN {statement}", *values)))
        return rows(statement, *values)

    monkeypatch.setattr(there._store, "rows", explained)
    wide = [Scope(), Scope(undated=True, before=date(2020, 4, 1)), Scope(undated=False)]
    right = asked = 0
    for number in range(12):
        question = story(number, 1)
        vector = WordEncoder().encode([question])[0]
        for scope in wide:
            wanted, found = here.dense(vector, 10, scope), there.dense(vector, 10, scope)
            assert len(found) == len(wanted)
            assert all(scope.admits(there.article(p.article_id)) for p, _ in found)
            right += len({p.id for p, _ in found} & {p.id for p, _ in wanted})
            asked += len(wanted)
            assert there.sparse(question, 10, scope) == here.sparse(question, 10, scope)
        narrow = Scope(articles=frozenset({"a03", "a27", "a39"}))
        assert there.dense(vector, 8, narrow) == here.dense(vector, 8, narrow)
        assert there.sparse(question, 8, narrow) == here.sparse(question, 8, narrow)
    assert right / asked >= 0.97
    assert len(plans) >= 36
    assert all("vectors_graph" in plan for plan in plans)
    # The graph goes again when few passages are left.
    for file in sorted(articles.rglob("*.txt"))[1:]:
        file.unlink()
    (articles / "records.jsonl").unlink()
    del there
    update(articles, url, SETTINGS, WordEncoder())
    opened = Index.open(url, SETTINGS, WordEncoder())
    assert "exact" in opened.snapshot()._engines.kind
    assert everything(opened.snapshot()) == everything(built(articles, tmp_path / "few"))
