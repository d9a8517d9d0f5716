"""The strongest candidates, read again with less and with more of the article around them."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from qa.passages import size_in_words
from qa.reread import MOST, NEAR, REACH, WINDOWS, windows
from qa.types import Article, Mark, Passage, Role, Span

CLOSE, *_, WIDE = WINDOWS
SENTENCES = [f"The salmon passed the dam for the time number {n}." for n in range(200)]
STORY = "\n\n".join(" ".join(SENTENCES[at : at + 4]) for at in range(0, 200, 4))


def article(text=STORY, *marks):
    return Article("a", "Salmon", text, "a.txt", "0", marks=tuple(marks))


def ranked(start, end, strength=0.0, text=STORY):
    return Span(Passage("a#0", "a", 0, len(text), text), start, end, 0.0), strength


def around(start, end, of=None):
    of = of or article()
    found = windows([ranked(start, end, text=of.text)], {"a": of})
    return found if len(found) == len(WINDOWS) else found * len(WINDOWS)


def place(words, text=STORY):
    start = text.index(words)
    return start, start + len(words)


@given(st.integers(0, len(STORY) - 1), st.integers(1, 200))
def test_a_window_holds_the_span_in_whole_sentences_to_its_size(start, length):
    assume(not STORY[start].isspace())  # no reader's span begins so
    end = min(len(STORY), start + length)
    first, last = (STORY.count("The salmon", 0, at + len("The salmon")) for at in (start, end - 1))
    least = (last - first + 1) * len(SENTENCES[0].split())  # all sentences of the span are held
    for window, words in zip(around(start, end), WINDOWS, strict=True):
        assert window.text == STORY[window.start : window.end]
        assert window.start <= start
        assert end <= window.end
        assert size_in_words(window.text) <= max(words, least)
        assert window.start == 0 or STORY[window.start :].startswith("The salmon")
        assert window.text.strip().endswith(".") or end == window.end


def test_each_window_holds_the_closer_one_and_both_sides():
    start, end = place("number 100")
    found = around(start, end)
    assert found[0].start < start
    assert end < found[0].end
    for closer, wider in pairwise(found):
        assert wider.start < closer.start
        assert closer.end < wider.end
    assert size_in_words(found[-1].text) > WIDE - 20


def test_at_the_edge_of_an_article_the_other_side_gets_the_room():
    for window, words in zip(around(*place("number 0.")), WINDOWS, strict=True):
        assert window.start == 0
        assert size_in_words(window.text) > words - 15


def test_a_short_article_is_read_once_as_a_whole():
    text = "The dam is gone. The salmon came back in May."
    assert {window.text for window in around(*place("May", text), article(text))} == {text}


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


def test_a_window_around_two_spans_is_read_once():
    text = "The dam is gone. The salmon came back in May."
    both = [ranked(*place(words, text), text=text) for words in ("gone", "May")]
    (window,) = windows(both, {"a": article(text)})
    assert window.text == text


FAR = [at * len(STORY) // (MOST + 2) for at in range(MOST + 2)]  # apart: each has its own windows


def test_what_is_far_below_the_strongest_is_not_read_again():
    strengths = (5.0, 5.0 - NEAR, 4.9 - NEAR)
    found = [ranked(at, at + 10, one) for at, one in zip(FAR, strengths, strict=False)]
    assert len(windows(found, {"a": article()})) == 2 * len(WINDOWS)
    assert windows([], {}) == []


def test_only_the_strongest_are_read_again():
    many = [ranked(at, at + 10) for at in FAR]
    assert len(windows(many, {"a": article()})) == MOST * len(WINDOWS)
