from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.decode import JOINED, MOST_TOKENS, decode, tidy

WORDS = "the talks resumed in Washington on July 17 with 20 delegates from Havana".split()
TEXT = " ".join(WORDS)
OFFSETS = np.array(
    [(at := TEXT.index(word, 0 if n == 0 else sum(len(w) + 1 for w in WORDS[:n])), at + len(word))
     for n, word in enumerate(WORDS)]
)  # fmt: skip


ONE = np.zeros(len(WORDS), dtype=np.int64)  # all in one sentence


def by_loop(starts, ends, sentence):
    """The definition: pairs of tokens in order, in one sentence, that are not two answers."""
    pairs = [
        (float(starts[i]) + float(ends[j]), i, j)
        for i in range(len(starts))
        for j in range(i, min(len(starts), i + MOST_TOKENS))
        if sentence[i] == sentence[j]
        and not any(
            ends[e] >= ends[j] - JOINED and starts[s] >= starts[i] - JOINED
            for e in range(i, j)
            for s in range(e + 1, j + 1)
        )
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2]))


logits = st.lists(st.floats(-10, 10, width=32), min_size=len(WORDS), max_size=len(WORDS)).map(
    lambda values: np.array(values, dtype=np.float32)
)


@given(logits, logits, st.lists(st.booleans(), min_size=len(WORDS), max_size=len(WORDS)))
def test_best_span_is_the_best_of_all_pairs(starts, ends, kept):
    kept = np.array(kept)
    sentence = np.array([0] * 6 + [1] * (len(WORDS) - 6))[kept]
    starts, ends = starts[kept], ends[kept]
    found = decode(starts, ends, OFFSETS[kept], sentence, TEXT, best=1, most_words=99)
    pairs = by_loop(starts, ends, sentence)
    assert bool(found) == bool(pairs)
    if found:
        assert found[0].score == pytest.approx(pairs[0][0], abs=1e-4)


@given(logits, logits, st.integers(1, 6), st.integers(1, 5))
def test_spans_never_overlap_and_come_best_first(starts, ends, best, most_words):
    found = decode(starts, ends, OFFSETS, ONE, TEXT, best=best, most_words=most_words)
    assert len(found) <= best
    assert [cut.score for cut in found] == sorted((cut.score for cut in found), reverse=True)
    for cut in found:
        assert 1 <= len(TEXT[cut.start : cut.end].split()) <= most_words
    ordered = sorted(found, key=lambda cut: cut.start)
    assert all(one.end <= other.start for one, other in pairwise(ordered))


def test_a_span_is_never_cut_inside_a_word_or_a_number():
    text = "It granted 20,000 visas"
    pieces = [(0, 2), (3, 7), (7, 10), (11, 13), (13, 14), (14, 17), (18, 23)]
    starts = np.zeros(len(pieces), dtype=np.float32)
    ends = np.zeros(len(pieces), dtype=np.float32)
    starts[5], ends[2] = 9, 9  # "000" and "gra|nted" look best to this model
    starts[3], ends[5] = 5, 8
    found = decode(starts, ends, np.array(pieces), ONE[:7], text, best=3, most_words=9)
    assert text[found[0].start : found[0].end] == "20,000"
    cuts = {cut.start for cut in found} | {cut.end for cut in found}
    assert cuts.isdisjoint({7, 13, 14})


@pytest.mark.parametrize(
    ("text", "hyphen", "whole"),
    [
        ("The sixth-formers may", 9, True),
        ("The New York-London train", 12, False),  # a name behind a hyphen stands for itself
        ("The years 1914-1918 were", 14, False),
    ],
)
def test_a_span_does_not_begin_behind_the_hyphen_of_a_word(text, hyphen, whole):
    last = text.index(" ", hyphen)
    pieces = np.array([(0, 3), (4, hyphen), (hyphen, hyphen + 1), (hyphen + 1, last)])
    starts, ends = np.zeros(4, dtype=np.float32), np.zeros(4, dtype=np.float32)
    starts[3], ends[3], starts[1] = 9, 9, 5
    found = decode(starts, ends, pieces, ONE[:4], text, best=1, most_words=9)
    assert found[0].start == (4 if whole else hyphen + 1)
    assert found[0].end == last


def test_two_answers_in_one_sentence_are_not_quoted_as_one():
    text = "A bunk costs 390, a cabin 1450"
    pieces = np.array([match.span() for match in re.finditer(r"\w+", text)])
    low = np.full(len(pieces), -9.0)
    starts, ends = low.copy(), low.copy()
    starts[3], ends[3], starts[6], ends[6] = 1.8, 1.7, 1.5, 1.9

    def texts():
        found = decode(starts, ends, pieces, ONE[:7], text, best=3, most_words=9)
        return [text[cut.start : cut.end] for cut in found]

    assert texts()[:2] == ["390", "1450"]
    starts[6] = 1.8 - JOINED - 0.1  # no answer begins there: what stands between belongs to it
    assert texts()[0] == "390, a cabin 1450"


def test_no_tokens_give_nothing():
    assert decode(ONE[:0], ONE[:0], OFFSETS[:0], ONE[:0], TEXT, best=3, most_words=9) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("“friendly climate", "friendly climate"),
        ("“friendly climate”", "“friendly climate”"),
        ("friendly climate”,", "friendly climate"),
        (" Alex Lee, ", "Alex Lee"),
        ("(the fourth", "the fourth"),
        ("the workers’", "the workers’"),
        ("– 15 years –", "15 years"),
        ("“", ""),
    ],
)
def test_tidy_drops_loose_punctuation_and_half_pairs(text, kept):
    start, end = tidy(text, 0, len(text))
    assert text[start:end] == kept
