from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from fakes import MemorySnapshot
from hypothesis import given
from hypothesis import strategies as st

from qa.articles import read
from qa.config import Settings
from qa.retriever import DENSE_FLOOR, HybridRetriever, fuse
from qa.text import content_words
from qa.types import Article, Passage, Scope

PASSAGES = [Passage(f"a{n % 3}#{n}", f"a{n % 3}", n, n + 1, "x") for n in range(8)]
# Eighths: sums and products are exact, so that equal scores are equal.
cosines = st.lists(st.tuples(st.sampled_from(PASSAGES), st.integers(-8, 8)), max_size=8,
                   unique_by=lambda pair: pair[0].id).map(
    lambda found: [(passage, n / 8) for passage, n in found])  # fmt: skip
bm25s = st.lists(st.tuples(st.sampled_from(PASSAGES), st.integers(0, 16)), max_size=8,
                 unique_by=lambda pair: pair[0].id).map(
    lambda found: [(passage, float(n)) for passage, n in found])  # fmt: skip
weights = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def by_loop(dense, sparse, weight):
    """The definition: min-max each, mean by weight, only what has evidence."""
    sparse = [(passage, score) for passage, score in sparse if score > 0]
    fused = {}
    for passage in PASSAGES:
        total = 0.0
        for ranking, share in ((dense, weight), (sparse, 1 - weight)):
            scores = [score for _, score in ranking]
            for held, score in ranking:
                if held.id == passage.id:
                    low, high = min(scores), max(scores)
                    total += share * (1.0 if low == high else (score - low) / (high - low))
        near = any(held.id == passage.id and score >= DENSE_FLOOR for held, score in dense)
        worded = any(held.id == passage.id for held, _ in sparse)
        if near or worded:
            fused[passage.id] = total
    return fused


@given(cosines, bm25s, st.integers(1, 10), weights)
def test_fusion_is_the_definition(dense, sparse, k, weight):
    hits = fuse(dense, sparse, k, weight)
    expected = by_loop(dense, sparse, weight)
    assert len(hits) == min(k, len(expected))
    for hit in hits:
        assert hit.score == pytest.approx(expected.pop(hit.passage.id))
        assert 0 <= hit.score <= 1
    assert all(score <= hits[-1].score + 1e-9 for score in expected.values())


@given(cosines, bm25s, st.integers(1, 10), weights, st.randoms(use_true_random=False))
def test_fusion_is_a_total_order_whatever_order_things_came_in(dense, sparse, k, weight, random):
    hits = fuse(dense, sparse, k, weight)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    keys = [(-hit.score, hit.passage.id) for hit in hits]
    assert all(one < other for one, other in itertools.pairwise(keys))
    mixed = [random.sample(found, len(found)) for found in (dense, sparse)]
    assert fuse(*mixed, k, weight) == hits
    assert fuse(dense, sparse, 100, weight)[:k] == hits  # asking for fewer drops the last


def test_a_hit_remembers_how_it_was_found():
    near, worded, both = PASSAGES[:3]
    hits = fuse([(near, 0.9), (both, 0.5)], [(worded, 7.0), (both, 3.0)], 10, 0.5)
    found = {hit.passage.id: (hit.dense, hit.sparse) for hit in hits}
    assert found == {near.id: (0.9, None), worded.id: (None, 7.0), both.id: (0.5, 3.0)}


def test_ties_are_broken_by_id():
    hits = fuse([(passage, 0.5) for passage in PASSAGES], [], 3, 0.5)
    assert [hit.passage.id for hit in hits] == sorted(passage.id for passage in PASSAGES)[:3]


def test_no_evidence_no_hit():
    far = DENSE_FLOOR - 0.01
    assert fuse([], [], 5, 0.5) == []
    assert fuse([(PASSAGES[0], far)], [(PASSAGES[1], 0.0)], 5, 0.5) == []
    hits = fuse([(PASSAGES[0], far)], [(PASSAGES[0], 1.0)], 5, 0.5)
    assert [hit.passage for hit in hits] == [PASSAGES[0]]  # a word of the question is evidence


@pytest.mark.parametrize("k", [0, -1])
def test_none_asked_for_none_given(k):
    assert fuse([(PASSAGES[0], 0.9), (PASSAGES[1], 0.8)], [], k, 0.5) == []


# -- over real vectors

QUESTIONS = [
    "Who chaired the meeting for the United States?",
    "Where was the vessel with arms stopped?",
    "consular services",
]


@pytest.fixture(scope="module")
def encoder():
    from qa.api import encoder_for

    return encoder_for(Settings())


@pytest.fixture(scope="module")
def memory(encoder, seeds):
    found = [article for path in seeds for article in read(path.parent, path.name)]
    extra = Article("weather", "Rain", "It rained in Oslo.\n\nThe sun shone.", "weather.txt", "0")
    return MemorySnapshot([*found, extra], encoder)


@pytest.fixture(scope="module")
def seeds():
    from conftest import SEEDS

    return sorted(SEEDS.glob("*.txt"))


def retriever(snapshot, encoder, weight):
    return HybridRetriever(snapshot, encoder, replace(Settings(), dense_weight=weight))


@pytest.mark.parametrize("question", QUESTIONS)
def test_with_all_the_weight_on_one_retriever_its_ranking_is_what_is_returned(
    memory, encoder, question
):
    vector = encoder.encode([question])[0]
    words = " ".join(content_words(question))
    worded = memory.sparse(words, 50, Scope())
    held = {passage.id for passage, _ in worded}
    near = [
        (passage.id, cosine)
        for passage, cosine in memory.dense(vector, 50, Scope())
        if cosine >= DENSE_FLOOR or passage.id in held
    ]
    hits = retriever(memory, encoder, 1.0).search(question, 5)
    assert [(hit.passage.id, hit.dense) for hit in hits] == near[:5]
    hits = retriever(memory, encoder, 0.0).search(question, 50)
    # The last found by words scores 0, like what was not found by words at all.
    found = [hit.passage.id for hit in hits[: len(worded) - 1]]
    assert found == [passage.id for passage, _ in worded[:-1]]


def test_questions_searched_together_are_found_as_alone(memory, encoder):
    both = retriever(memory, encoder, 0.5)
    together = both.search_many(QUESTIONS, 5, [Scope()] * 3)
    for question, hits in zip(QUESTIONS, together, strict=True):
        alone = both.search(question, 5)
        assert [hit.passage.id for hit in hits] == [hit.passage.id for hit in alone]
        assert np.allclose([h.score for h in hits], [h.score for h in alone], atol=0.02)


def test_scope_limits_what_is_found(memory, encoder):
    scope = Scope(articles=frozenset({"weather"}))
    found = retriever(memory, encoder, 0.5).search("Where did it rain?", 5, scope)
    assert {hit.passage.article_id for hit in found} == {"weather"}


def test_words_that_stand_nowhere_find_nothing(memory, encoder):
    hits = retriever(memory, encoder, 0.5).search("zxqv wvut", 50)
    assert all(hit.sparse is None and hit.dense >= DENSE_FLOOR for hit in hits)
    assert memory.sparse("zxqv wvut", 50, Scope()) == []
