"""Several readings of one text, judged together."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.config import Settings
from qa.reader import Request
from qa.reader.margins import BEST, Margins, best_spans, mean
from qa.types import Passage

TEXT = "The talks resumed in Havana. Alex Lee chaired them on July 17 with 20 delegates."
WORDS = [match.span() for match in re.finditer(r"\w+", TEXT)]
SHIFT = 1000  # where the passage begins in its article
PASSAGE = Passage("a#1000", "a", SHIFT, SHIFT + len(TEXT), TEXT)

values = st.floats(-20, 20)
readings = st.lists(
    st.tuples(st.integers(0, len(WORDS) - 1), st.lists(st.tuples(values, values), min_size=1)),
    min_size=1,
    max_size=5,
)


def reading(first, scores, article_id="a", shift=SHIFT):
    """Return a reading of the words from number `first` on, each with its two margins."""
    places = np.array(WORDS[first : first + len(scores)]) + shift
    starts, ends = np.array(scores[: len(places)], dtype=float).T
    return Margins(article_id, places, starts, ends)


@given(readings)
def test_a_token_has_the_mean_of_the_readings_that_hold_it(found):
    made = [reading(*one) for one in found]
    by_hand = {}
    for one in made:
        for place, *both in zip(one.places.tolist(), one.starts, one.ends, strict=True):
            by_hand.setdefault(tuple(place), []).append(both)
    together = mean(made)
    assert [tuple(place) for place in together.places.tolist()] == sorted(by_hand)
    for place, start, end in zip(
        together.places.tolist(), together.starts, together.ends, strict=True
    ):
        assert [start, end] == pytest.approx(np.mean(by_hand[tuple(place)], axis=0).tolist())


@given(readings, st.randoms())
def test_neither_order_nor_what_stands_elsewhere_counts(found, draw):
    made = [reading(*one) for one in found]
    elsewhere = [
        reading(0, [(99, 99)] * 3, article_id="b"),
        reading(0, [(99, 99)] * 3, shift=0),  # the same article, before the passage
    ]
    mixed = [*made, *elsewhere]
    draw.shuffle(mixed)
    spans, others = (best_spans(PASSAGE, some, 30) for some in (made, mixed))
    assert len(spans) <= BEST
    assert [(one.start, one.end) for one in spans] == [(one.start, one.end) for one in others]
    assert [one.score for one in spans] == pytest.approx([one.score for one in others])


def test_nothing_read_gives_nothing():
    assert best_spans(PASSAGE, [], 30) == []
    assert best_spans(PASSAGE, [reading(0, [(1, 1)], article_id="b")], 30) == []


def test_a_second_reading_can_choose_another_span_and_mend_its_edges():
    low = (-9.0, -9.0)
    # "Havana" by a hair over "Lee"; read again: "Alex Lee".
    whole = [low] * len(WORDS)
    whole[4], whole[6] = (3.0, 3.0), (2.9, 2.9)
    assert [span.text for span in best_spans(PASSAGE, [reading(0, whole)], 30)][:2] == [
        "Havana", "Lee",
    ]  # fmt: skip
    close = [(5.0, -9.0), (0.0, 5.0), *[low] * 4]
    whole[5] = (2.0, -9.0)
    spans = best_spans(PASSAGE, [reading(0, whole), reading(5, close)], 30)
    assert spans[0].text == "Alex Lee"
    assert spans[0].score == pytest.approx((2.0 + 5.0) / 2 + (2.9 + 5.0) / 2)
    assert next(span for span in spans if span.text == "Havana").score == pytest.approx(6.0)


def test_the_readings_of_a_passage_are_its_tokens_over_no_answer():
    """Of a passage longer than the model's window there are several, and all its words are read."""
    from qa.api import reader_for

    reader = reader_for(Settings())
    long = " ".join(f"Nothing of note was said on day {day}." for day in range(90)) + " " + TEXT
    passages = [PASSAGE, Passage("b#7", "b", 7, 7 + len(long), long)]
    ((short, several),) = reader.margins(
        [Request("Who chaired the talks in Havana?", passages, ["Talks", ""])]
    )
    (one,) = short
    assert len(several) > 1
    for passage, made in zip(passages, (short, several), strict=True):
        together = mean(made)
        assert {margins.article_id for margins in made} == {passage.article_id}
        read = {at for start, end in together.places.tolist() for at in range(start, end)}
        assert read == {passage.start + at for at, char in enumerate(passage.text) if char != " "}
        assert "Alex Lee" in reader.spans(passage, made)[0].text
    # The score is the two margins of the span's first and last token.
    span = reader.spans(PASSAGE, short)[0]
    first = one.places[:, 0].tolist().index(span.start)
    last = one.places[:, 1].tolist().index(span.end)
    assert span.score == pytest.approx(one.starts[first] + one.ends[last])
