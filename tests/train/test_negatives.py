from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from qa.train import negatives

TEXTS = [
    "The mayor of Oslo opened a bridge.",
    "A bridge in Oslo was opened by its mayor, Kari Lund.",
    "Wheat prices rose in Lisbon.",
    "Prices of bread fell; the mayor was pleased.",
    "Nothing else happened.",
]


def by_hand(question, number):
    """BM25 from its formula, over all texts."""
    counted = [Counter(negatives.terms(text)) for text in TEXTS]
    mean = sum(sum(c.values()) for c in counted) / len(counted)
    total = 0.0
    for term in set(negatives.terms(question)):
        df = sum(term in c for c in counted)
        times = counted[number][term]
        if not times or df > 2:
            continue
        idf = math.log(1 + (len(TEXTS) - df + 0.5) / (df + 0.5))
        length = sum(counted[number].values())
        norm = negatives.K1 * (1 - negatives.B + negatives.B * length / mean)
        total += idf * times * (negatives.K1 + 1) / (times + norm)
    return total


def test_bm25_ranks_as_its_formula_does():
    ranking = negatives.Bm25(TEXTS)
    question = "Which bridge did the mayor Kari Lund open in Oslo?"
    scores = [by_hand(question, n) for n in range(len(TEXTS))]
    wanted = sorted((n for n in range(len(TEXTS)) if scores[n] > 0), key=lambda n: (-scores[n], n))
    assert ranking.best(question, 5) == wanted
    assert ranking.best("zebra", 5) == []


def test_dense_ranking_is_the_order_of_inner_products():
    draw = np.random.default_rng(0)
    questions = draw.normal(size=(3, 8)).astype(np.float32)
    passages = draw.normal(size=(20, 8)).astype(np.float32)
    ranked = negatives.dense_best(questions, passages, 7)
    for row, found in zip(questions @ passages.T, ranked, strict=True):
        assert found == sorted(range(20), key=lambda n: (-row[n], n))[:7]


def test_a_negative_does_not_hold_an_answer_nor_repeat_the_own_text():
    texts = ["Kari Lund leads.", "Kari Lund leads. She sings.", "KARI  lund sings", "Olaf sings"]
    found = negatives.hard_negatives(0, ["Kari Lund"], texts, [[0, 1, 2, 3], [3, 2]], 4)
    assert found == [3]


def test_rankings_take_turns():
    texts = list("abcdef")
    assert negatives.hard_negatives(0, ["z"], texts, [[1, 2, 3], [4, 1, 5]], 4) == [1, 4, 2, 3]


@pytest.mark.parametrize(
    ("text", "held"), [("In 1921 it", True), ("In 19210 it", False), ("A-1921", True)]
)
def test_answers_are_held_as_whole_words(text, held):
    assert negatives.holds_any(["1921"])(text) is held
