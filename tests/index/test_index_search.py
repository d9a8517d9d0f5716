"""What the index finds is what the formulas say, filtered or not, with ties in order."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from index_world import (
    QUESTIONS,
    SCOPES,
    SETTINGS,
    WordEncoder,
    assert_same_ranking,
    bm25,
    built,
    cosines,
    populate,
)

from qa.errors import ArticleError, IndexMismatch
from qa.index import Index, update
from qa.index.bm25 import quantised
from qa.types import Scope


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    populate(folder / "articles")
    return built(folder / "articles", folder / "index")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("k", [1, 7, 1000])
def test_dense_is_brute_force(snapshot, scope, k):
    encoder = WordEncoder()
    for vector in encoder.encode(QUESTIONS):
        expected = cosines(snapshot, vector.astype(np.float64), encoder, scope)
        found = snapshot.dense(vector, k, scope)
        assert len(found) == min(k, len(expected))
        assert_same_ranking(found, expected[:k] if k < 1000 else expected)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("k", [1, 7, 1000])
def test_sparse_is_the_formula(snapshot, scope, k):
    for question in QUESTIONS:
        expected = bm25(snapshot, question, scope)
        found = snapshot.sparse(question, k, scope)
        assert len(found) == min(k, len(expected))
        assert [p.id for p, _ in found] == [key for key, _ in expected[:k]]
        for (_, score), (_, wanted) in zip(found, expected, strict=False):
            assert score == pytest.approx(wanted, rel=1e-9)


def test_tantivy_itself_agrees_with_the_formula(snapshot):
    # Our exact scores replace tantivy's; were its formula another, candidates would be missed.
    sparse = snapshot._engines.parts[0].sparse
    for question in QUESTIONS[:4]:
        formula = snapshot._engines.formula(_terms(question), snapshot._store)
        pids, bound = sparse.search(formula, 30, Scope())
        scored = dict(zip(pids, (s for _, s in snapshot._bm25(formula, pids)), strict=False))
        assert scored
        by_formula = [score for _, score in bm25(snapshot, question, Scope())]
        if len(by_formula) > 30:
            assert bound == pytest.approx(by_formula[29], rel=1e-4)


def _terms(text):
    from qa.index.sparse import tokens

    return tokens(text)


def test_copies_stand_in_the_order_of_their_ids(snapshot):
    text = snapshot.passages("copies/b")[0].text
    found = snapshot.dense(WordEncoder().encode([text])[0], 5)
    assert [p.article_id for p, _ in found] == [f"copies/{name}" for name in "Ybmzé"]
    assert len({score for _, score in found}) == 1
    for k in (1, 2, 3, 4):
        assert snapshot.dense(WordEncoder().encode([text])[0], k) == found[:k]
    found = snapshot.sparse(text, 5)
    assert [p.article_id for p, _ in found] == [f"copies/{name}" for name in "Ybmzé"]
    assert snapshot.sparse(text, 2) == found[:2]


def test_a_word_is_found_in_its_other_forms(snapshot):
    assert snapshot.frequency("zürich") == snapshot.frequency("Zurich") > 0
    assert snapshot.frequency("harbours") == snapshot.frequency("Harbour") > 0
    assert snapshot.frequency("zebra") == 0
    assert snapshot.frequency("") == snapshot.frequency("?!") == 0
    assert snapshot.sparse("harbours", 3) == snapshot.sparse("HARBOUR", 3)
    assert snapshot.sparse(["harbour", "strike"], 3) == snapshot.sparse("harbour strike", 3)


def test_a_headline_is_found(snapshot):
    found = {p.article_id for p, _ in snapshot.sparse("About", 100)} | {
        p.article_id for p, _ in snapshot.sparse("Harbour strike", 100)
    }
    assert {f"r{n}" for n in range(20) if n % 3} <= found


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", 'what is "foo', "a:b", "x AND", "(z", "text:harbour~2^3", "*", "\x00",
     "[a TO b]", "-", "😀", "\ud800", "ß" * 5000, "harbour " * 3000, "'" * 99],
)  # fmt: skip
def test_no_question_can_break_the_search(snapshot, text):
    for passage, score in snapshot.sparse(text, 5):
        assert score > 0
        assert passage.text
    assert snapshot.frequency(text) >= 0


def test_k_may_be_anything(snapshot):
    vector = WordEncoder().encode(["harbour"])[0]
    for k in (0, -3):
        assert snapshot.dense(vector, k) == snapshot.sparse("harbour", k) == []
    assert len(snapshot.dense(vector, 10**9)) == len(snapshot)


def test_a_vector_of_another_length_is_refused(snapshot):
    with pytest.raises(IndexMismatch, match="dimension"):
        snapshot.dense(np.ones(7, dtype=np.float32), 3)


def test_counts_sources_and_dates(snapshot):
    assert dict(snapshot.sources()) == {"Daily": 7, "Weekly": 7}
    assert snapshot.dates() == (date(2020, 1, 15), date(2020, 5, 15))
    articles = [snapshot.article(info.id) for info in snapshot.articles()]
    for scope in SCOPES:
        inside, left_out = snapshot.in_scope(scope)
        assert inside == sum(scope.admits(article) for article in articles)
        if scope.undated:
            assert left_out == 0
    assert snapshot.in_scope(Scope(undated=False))[1] == sum(a.published is None for a in articles)


def test_articles_and_passages_are_what_was_read(snapshot):
    infos = snapshot.articles()
    assert [info.id for info in infos] == sorted(info.id for info in infos)
    for info in infos:
        article = snapshot.article(info.id)
        assert (info.title, info.path, info.length) == (
            article.title,
            article.path,
            len(article.text),
        )
        for passage in snapshot.passages(info.id):
            assert article.text[passage.start : passage.end] == passage.text
            assert snapshot.passage(passage.id) == passage
    for missing in ("nothing", "nothing#3", "r1#999999", "r1", "#", ""):
        with pytest.raises(ArticleError):
            snapshot.passage(missing)
    with pytest.raises(ArticleError):
        snapshot.article("nothing")


def test_an_empty_index_finds_nothing(tmp_path):
    (tmp_path / "articles").mkdir()
    encoder = WordEncoder()
    changes = update(tmp_path / "articles", tmp_path / "index", SETTINGS, encoder)
    assert str(changes) == "0 added, 0 changed, 0 removed, 0 unchanged"
    snapshot = Index.open(tmp_path / "index", SETTINGS, encoder).snapshot()
    assert len(snapshot) == 0
    assert snapshot.dense(encoder.encode(["harbour"])[0], 5) == []
    assert snapshot.sparse("harbour", 5) == []
    assert (snapshot.articles(), snapshot.sources(), snapshot.dates()) == ([], [], (None, None))


def test_lengths_are_kept_in_one_byte_as_in_the_table():
    from index_world import one_byte

    assert [quantised(n) for n in range(3000)] == [one_byte(n) for n in range(3000)]
