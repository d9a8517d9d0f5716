"""From hand-made spans to a verdict, with a calibration that can be computed by hand."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.confidence import Calibration
from qa.decide import decide
from qa.evidence import gather, read_query, weigh
from qa.text import words
from qa.types import Article, Hit, Passage, Reason, Span

# The probability of a candidate is the logistic function of its margin, and of nothing else.
BY_MARGIN = Calibration(0.0, {"margin": 1.0}, 0.5, {})

WORLD = {
    "a#0": "The talks in Havana were chaired by Alex Lee. Josefina Vidal spoke for Cuba.",
    "b#0": "Alex Lee chaired the talks in Havana, officials said.",
    "c#0": "The talks in Havana were chaired by Marie Harf, another paper says.",
}
QUESTION = "Who chaired the talks in Havana?"


def margin(probability):
    return math.log(probability / (1 - probability))


def judge(*spans, question=QUESTION, threshold=0.5, cosine=0.6, world=WORLD, order=None):
    """Decide over spans given as (passage id, quoted words, probability)."""
    passages = {
        key: Passage(key, key.partition("#")[0], 0, len(text), text) for key, text in world.items()
    }
    counts = Counter(word for text in world.values() for word in set(words(text)))
    hits = [
        Hit(passage, 1.0 / rank, rank, cosine, 1.0)
        for rank, passage in enumerate(passages.values(), start=1)
    ]
    found = {key: [] for key in world}
    for key, quote, probability in spans:
        start = world[key].index(quote)
        found[key].append(Span(passages[key], start, start + len(quote), margin(probability)))
    at = list(range(len(hits))) if order is None else order
    hits = [hits[n] for n in at]
    query = read_query(question, lambda word: counts[word], len(world))
    listed = [found[hit.passage.id] for hit in hits]
    articles = {
        one.article_id: Article(one.article_id, "Talks", one.text, one.article_id, "0")
        for one in passages.values()
    }
    candidates = weigh(query, gather(query, hits, listed, articles), articles)
    return decide(query, candidates, hits, BY_MARGIN, threshold)


def texts(verdict):
    return [group.lead.span.text for group in verdict.groups]


def test_a_sure_candidate_is_the_answer():
    verdict = judge(("a#0", "Alex Lee", 0.9))
    assert verdict.reason is None
    assert texts(verdict) == ["Alex Lee"]
    assert verdict.groups[0].probability == pytest.approx(0.9)


def test_the_threshold_itself_is_enough():
    probability = judge(("a#0", "Alex Lee", 0.7)).groups[0].probability
    assert judge(("a#0", "Alex Lee", 0.7), threshold=probability).reason is None
    above = math.nextafter(probability, 1)
    assert judge(("a#0", "Alex Lee", 0.7), threshold=above).reason is Reason.NOT_ANSWERED
    assert judge(("a#0", "Alex Lee", 0.01), threshold=0.0).reason is None


def test_the_same_answer_in_two_places_is_one_answer_with_both():
    verdict = judge(("a#0", "Alex Lee", 0.9), ("b#0", "Alex Lee", 0.8))
    assert texts(verdict) == ["Alex Lee"]
    assert [span.passage.id for span, _ in verdict.groups[0].places] == ["a#0", "b#0"]
    assert not verdict.disputed


def test_articles_that_give_different_answers_differ():
    verdict = judge(("a#0", "Alex Lee", 0.9), ("c#0", "Marie Harf", 0.8))
    assert verdict.reason is None
    assert texts(verdict) == ["Alex Lee", "Marie Harf"]
    assert [group.lead.span.text for group in verdict.disputed] == ["Marie Harf"]
    assert "“Alex Lee”" in verdict.explanation
    assert "“Marie Harf”" in verdict.explanation


def test_two_sentences_on_a_question_of_yes_or_no_do_not_make_articles_differ():
    question = "Were the talks in Havana chaired by Alex Lee?"
    verdict = judge(("a#0", "Alex Lee", 0.9), ("b#0", "Alex Lee", 0.8), question=question)
    assert verdict.reason is None
    assert not verdict.disputed
    assert texts(verdict) == [
        "The talks in Havana were chaired by Alex Lee.",
        "Alex Lee chaired the talks in Havana, officials said.",
    ]


def test_two_answers_of_one_article_do_not_make_articles_differ():
    verdict = judge(("a#0", "Alex Lee", 0.9), ("a#0", "Josefina Vidal", 0.8))
    assert verdict.reason is None
    assert not verdict.disputed
    assert texts(verdict) == ["Alex Lee", "Josefina Vidal"]


SEVERAL = "Who were the people at the talks in Havana?"


def test_a_question_for_several_is_answered_by_all_that_are_sure():
    spans = [("a#0", "Alex Lee", 0.9), ("a#0", "Josefina Vidal", 0.8), ("c#0", "Marie Harf", 0.7)]
    verdict = judge(*spans, question=SEVERAL)
    assert [item.lead.span.text for item in verdict.items] == [quote for _, quote, _ in spans]
    assert not verdict.disputed
    assert not verdict.explanation
    assert texts(verdict) == ["Alex Lee"]  # and no item is shown again as another answer


def test_an_unsure_or_overlapping_candidate_is_no_item():
    verdict = judge(
        ("a#0", "Alex Lee", 0.9), ("a#0", "Lee. Josefina", 0.8), ("c#0", "Marie Harf", 0.3),
        question=SEVERAL,
    )  # fmt: skip
    assert not verdict.items
    assert texts(verdict)[0] == "Alex Lee"
    assert "Marie Harf" in texts(verdict)


def test_items_under_the_callers_threshold_are_only_candidates():
    spans = [("a#0", "Alex Lee", 0.9), ("c#0", "Marie Harf", 0.7)]
    verdict = judge(*spans, question=SEVERAL, threshold=0.95)
    assert verdict.reason is not None
    assert not verdict.items
    assert texts(verdict) == ["Alex Lee", "Marie Harf"]


@pytest.mark.parametrize(
    ("reason", "spans", "options"),
    [
        (Reason.NOT_ANSWERED, [("a#0", "Alex Lee", 0.1)], {}),
        (Reason.NOT_ANSWERED, [], {}),  # passages, and no span in any of them
        (Reason.UNKNOWN_NAME, [("a#0", "Alex Lee", 0.1)],
         {"question": "Who chaired the talks in Reykjavik?"}),
        (Reason.NOTHING_FOUND, [], {"question": "Who chaired the talks?", "world": {}}),
        (Reason.NOTHING_FOUND, [("a#0", "Alex Lee", 0.1)], {"question": "zxqv wvut?"}),
        (Reason.NOTHING_FOUND, [("a#0", "Alex Lee", 0.1)],
         {"question": "When does the bakery in Havana open its doors for breakfast?",
          "cosine": 0.1}),
        (Reason.DISAGREEMENT, [("a#0", "Alex Lee", 0.45), ("c#0", "Marie Harf", 0.4)], {}),
    ],
)  # fmt: skip
def test_every_silence_has_its_reason(reason, spans, options):
    verdict = judge(*spans, **options)
    assert verdict.reason is reason
    assert verdict.explanation.endswith(".")
    assert "\n" not in verdict.explanation


def test_a_name_that_no_article_mentions_is_not_answered_about_however_sure_the_reader_is():
    asked = {"question": "Who chaired the talks in Reykjavik?"}
    assert judge(("a#0", "Alex Lee", 0.99), **asked).reason is Reason.UNKNOWN_NAME
    assert judge(("a#0", "Alex Lee", 0.99), threshold=0.0, **asked).reason is None


def test_an_unknown_name_is_told_by_name():
    told = judge(question="Who chaired the talks in Reykjavik?").explanation
    assert told == "No article mentions “Reykjavik”."


def test_a_name_spelt_otherwise_is_offered():
    told = judge(question="Who chaired the talks in Havanna?").explanation
    assert told == "No article mentions “Havanna”. Did you mean “Havana”?"
    told = judge(question="Who chaired the offcials?").explanation
    assert told.endswith("clearly enough. Did you mean “officials”?")


QUOTES = [("a#0", "Alex Lee"), ("a#0", "Josefina Vidal"), ("b#0", "Alex Lee"),
          ("b#0", "officials"), ("c#0", "Marie Harf"), ("c#0", "another paper")]  # fmt: skip
chances = st.sampled_from([0.05, 0.3, 0.5, 0.6, 0.6, 0.9])  # ties are likely
spans = st.lists(st.tuples(st.sampled_from(QUOTES), chances), unique_by=lambda one: one[0]).map(
    lambda found: [(key, quote, chance) for (key, quote), chance in found]
)


@given(spans, st.permutations(range(len(WORLD))), st.floats(0, 1))
def test_the_verdict_does_not_depend_on_the_order_things_came_in(found, order, threshold):
    one = judge(*found, threshold=threshold)
    other = judge(*reversed(found), threshold=threshold, order=order)
    assert (other.reason, other.explanation) == (one.reason, one.explanation)
    assert [group.places for group in other.groups] == [group.places for group in one.groups]
    assert [g.probability for g in other.groups] == [g.probability for g in one.groups]


@given(spans, st.floats(0, 1))
def test_others_come_best_first_and_every_place_once(found, threshold):
    verdict = judge(*found, threshold=threshold)
    chances = [group.probability for group in verdict.groups[1:]]
    assert chances == sorted(chances, reverse=True)
    places = [(span.passage.id, span.start) for group in verdict.groups for span, _ in group.places]
    assert len(set(places)) == len(places)
    assert (verdict.reason is None) == bool(
        verdict.groups and verdict.groups[0].probability >= threshold
    )


@given(spans)
def test_raising_the_threshold_never_turns_silence_into_an_answer(found):
    answered = [judge(*found, threshold=t / 10).reason is None for t in range(11)]
    assert answered == sorted(answered, reverse=True)
