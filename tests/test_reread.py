"""The strongest candidates, read again with less and with more of the article around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import LEAST_MARGIN, Candidate
from qa.passages import size_in_words
from qa.reread import MOST, NEAR, REACH, WINDOWS, settled, windows
from qa.types import Article, Hit, Mark, Passage, Role, Span

CLOSE, WIDE = WINDOWS
SENTENCES = [f"The salmon passed the dam for the time number {n}." for n in range(200)]
STORY = "\n\n".join(" ".join(SENTENCES[at : at + 4]) for at in range(0, 200, 4))


def article(text=STORY, *marks):
    return Article("a", "Salmon", text, "a.txt", "0", marks=tuple(marks))


def candidate(start, end, score=0.0, text=STORY):
    passage = Passage("a#0", "a", 0, len(text), text)
    span = Span(passage, start, end, score)
    return Candidate(span.text, ((span, Hit(passage, 1.0, 1)),))


def around(start, end, of=None):
    of = of or article()
    ((close, wide),) = windows([candidate(start, end, text=of.text)], {"a": of})
    return close, wide


def place(words, text=STORY):
    start = text.index(words)
    return start, start + len(words)


@given(st.integers(0, len(STORY) - 1), st.integers(1, 200))
def test_a_window_holds_the_span_in_whole_sentences_to_its_size(start, length):
    end = min(len(STORY), start + length)
    for window, words in zip(around(start, end), WINDOWS, strict=True):
        assert window.text == STORY[window.start : window.end]
        assert window.start <= start
        assert end <= window.end
        assert size_in_words(window.text) <= words
        assert window.start == 0 or STORY[window.start :].startswith("The salmon")
        assert window.text.strip().endswith(".") or end == window.end


def test_the_wide_window_holds_the_close_one_and_both_sides():
    start, end = place("number 100")
    close, wide = around(start, end)
    assert wide.start < close.start < start
    assert end < close.end < wide.end
    assert size_in_words(wide.text) > WIDE - 20


def test_at_the_edge_of_an_article_the_other_side_gets_the_room():
    close, wide = around(*place("number 0."))
    assert (close.start, wide.start) == (0, 0)
    assert size_in_words(close.text) > CLOSE - 15
    assert size_in_words(wide.text) > WIDE - 15


def test_a_short_article_is_read_once_as_a_whole():
    text = "The dam is gone. The salmon came back in May."
    close, wide = around(*place("May", text), article(text))
    assert close == wide
    assert close.text == text


def test_a_window_stops_at_boilerplate():
    advert, salmon = place(SENTENCES[98]), place("number 100")
    other = place(SENTENCES[103])
    of = article(STORY, *(Mark(*one, Role.BOILERPLATE) for one in (advert, other)))
    for window in around(*salmon, of):
        assert advert[1] <= window.start
        assert window.end <= other[0]


def test_a_sentence_longer_than_the_window_is_taken_whole():
    text = f"It rained. The dam held {'water and ' * WIDE}mud. It snowed."
    for window in around(*place("mud", text), article(text)):
        assert window.text.startswith("The dam held")
        assert window.text.endswith("mud.")


def test_a_sentence_longer_than_the_reach_does_not_lose_the_span():
    text = "The dam held " + "water and " * (2 * REACH // 10) + "mud" + " and stones" * REACH + "."
    start, end = place("mud", text)
    for window in around(start, end, article(text)):
        assert window.start <= start < end <= window.end


def test_what_is_far_below_the_strongest_is_not_read_again():
    scores = (5.0, 5.0 - NEAR, 4.9 - NEAR)
    found = [candidate(n * 60, n * 60 + 10, score) for n, score in enumerate(scores)]
    assert len(windows(found, {"a": article()})) == 2
    assert windows([], {}) == []


def test_only_the_strongest_are_read_again():
    many = [candidate(n * 60, n * 60 + 10) for n in range(MOST + 2)]
    assert len(windows(many, {"a": article()})) == MOST
    assert windows([], {}) == []


def test_a_score_is_the_mean_of_all_readings_and_orders_those_read_again():
    first, second = candidate(0, 10, 4.0), candidate(60, 70, 3.0)
    fourth = candidate(200, 210, 2.5)
    elsewhere = candidate(500, 510, 9.0).span
    over_first, over_second = candidate(4, 12, 1.0).span, candidate(60, 68, 6.0).span
    weaker = candidate(66, 70, -3.0).span
    found = settled(
        [first, second, fourth],
        [[[over_first], [elsewhere]], [[weaker, over_second], [over_second]]],
    )
    assert [one.key for one in found] == [second.key, first.key, fourth.key]
    assert found[0].span.score == pytest.approx((3.0 + 6.0 + 6.0) / 3)
    assert found[1].span.score == pytest.approx((4.0 + 1.0 + LEAST_MARGIN) / 3)
    assert found[2] == fourth
    assert [one.raw_score for one in found] == [3.0, 4.0, 2.5]
    assert (found[0].span.start, found[0].span.end) == (60, 70)
