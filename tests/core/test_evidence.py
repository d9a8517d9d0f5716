from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import MOST_LEAD, RETRIEVAL, gather, read_query, same_answer, weigh
from qa.types import Article, Hit, Passage, Span


def test_an_answer_in_more_words_is_the_same_answer():
    assert same_answer("alex lee", "assistant secretary alex lee")
    assert not same_answer("alex lee", "alex gross")


def test_a_question_is_read_for_what_no_article_holds():
    held = {"talks": 3, "cuba": 5, "havana": 2}
    query = read_query(
        "Did Cuba and Freedonia hold talks in 2013?", lambda word: held.get(word, 0), 9
    )
    assert query.unknown_names == ("Freedonia",)
    assert query.named == ("Cuba", "Freedonia", "2013")
    assert {"freedonia", "hold"} <= set(query.unknown_words)
    assert query.rarity["freedonia"] > query.rarity["talks"] > query.rarity["cuba"]


TEXT = "The talks in Havana were chaired by Alex Lee on 17 July 2013 for the United States."
WORDS = [
    (at, at + len(word))
    for word in "Havana chaired Alex Lee 17 July 2013 United".split()
    for at in [TEXT.index(word)]
]
places = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(sorted(WORDS)), st.floats(-20, 20)), max_size=12
)


def test_of_two_equal_spans_the_better_retrieved_one_leads():
    """And a span that the reader is far surer of leads all the same."""
    passages = [Passage(f"{name}#0", name, 0, len(TEXT), TEXT) for name in "ab"]
    articles = {name: Article(name, "Talks", TEXT, name, "0") for name in "ab"}
    hits = [Hit(passages[0], 0.4, 2, 0.5, 1.0), Hit(passages[1], 1.0, 1, 0.5, 1.0)]
    query = read_query("Where were the talks?", lambda _: 1, 2)

    def first(*scores):
        spans = [[Span(passages[at], *WORDS[at], score)] for at, score in enumerate(scores)]
        best, other = weigh(query, gather(query, hits, spans, articles), articles)
        assert best.evidence["lead"] == pytest.approx(-other.evidence["lead"])
        return best.span.passage.article_id

    assert first(3.0, 3.0) == "b"
    assert first(3.0 + RETRIEVAL, 3.0) == "a"


def _candidates(question, text, *spans):
    """Return the texts of the candidates that the words of `text` and their scores make."""
    passage = Passage("a#0", "a", 0, len(text), text)
    found = [
        Span(passage, text.index(words), text.index(words) + len(words), score)
        for words, score in spans
    ]
    articles = {"a": Article("a", "Report", text, "a", "0")}
    query = read_query(question, lambda _: 1, 1)
    gathered = gather(query, [Hit(passage, 1.0, 1)], [found], articles)
    return [candidate.span.text for candidate in gathered]


def test_a_span_that_measures_another_thing_is_no_candidate():
    text = "At 5.48pm the coach left the road at 71 kilometres an hour."
    spans = ("5.48pm", 9.0), ("71 kilometres an hour", 1.0)
    assert _candidates("How fast was the coach?", text, *spans) == ["71 kilometres an hour"]
    assert _candidates("When was the crash?", text, *spans) == ["5.48pm", "71 kilometres an hour"]


def test_a_prison_term_is_no_age_where_the_article_says_what_it_is():
    text = "Gross was sentenced to 15 years in Havana. He is 64 years old."
    spans = ("15 years", 9.0), ("64 years old", 1.0)
    assert _candidates("How old is Gross?", text, *spans) == ["64 years old"]
    assert _candidates("How long is the sentence?", text, *spans)[0] == "15 years"


def test_a_question_of_yes_or_no_is_answered_by_a_sentence():
    text = "The agency rejected a rumour that the tower had tilted. It opens on Friday."
    spans = ("the tower had tilted", 9.0), ("tilted", 5.0), ("Friday", 1.0)
    assert _candidates("Did the tower tilt?", text, *spans) == [
        "The agency rejected a rumour that the tower had tilted.",
        "It opens on Friday.",
    ]
    assert _candidates("What had tilted?", text, *spans)[0] == "the tower had tilted"


def test_a_sentence_with_several_spans_is_one_place():
    text = "The agency rejected a rumour that the tower had tilted."
    passage = Passage("a#0", "a", 0, len(text), text)
    found = [Span(passage, 38, 54, 9.0), Span(passage, 48, 54, 5.0)]
    articles = {"a": Article("a", "Report", text, "a", "0")}
    query = read_query("Did the tower tilt?", lambda _: 1, 1)
    (candidate,) = gather(query, [Hit(passage, 1.0, 1)], [found], articles)
    assert [span.score for span, _ in candidate.spans] == [9.0]


def test_a_pronoun_is_no_candidate_and_the_us_is_no_pronoun():
    text = "Gross, whose trial was in Havana, told them of his return to the US."
    spans = ("whose", 9.0), ("his", 8.0), ("them", 7.0), ("his return", 6.0), ("US", 5.0)
    assert _candidates("Where did he return to?", text, *spans) == ["his return", "US"]


@given(places)
def test_candidates_hold_every_likely_place_once_with_finite_evidence(found):
    passages = [Passage(f"{name}#0", name, 0, len(TEXT), TEXT) for name in "abc"]
    articles = {name: Article(name, "Talks", TEXT, name, "0") for name in "abc"}
    hits = [Hit(one, 1 / rank, rank, 0.5, 1.0) for rank, one in enumerate(passages, start=1)]
    spans = [
        [Span(passages[at], *place, score) for where, place, score in found if where == at]
        for at in range(3)
    ]
    query = read_query("Who chaired the talks in Havana in 2013?", lambda _: 1, 3)
    candidates = weigh(query, gather(query, hits, spans, articles), articles)
    kept = {(span.passage.id, span.start) for one in spans for span in one if span.score > -12}
    assert sum(len(candidate.spans) for candidate in candidates) == len(kept)
    assert len({candidate.key for candidate in candidates}) == len(candidates)
    named = {frozenset(candidate.evidence) for candidate in candidates}
    assert len(named) <= 1
    for candidate in candidates:
        assert all(math.isfinite(value) for value in candidate.evidence.values())
        assert candidate.evidence["lead"] <= MOST_LEAD
