from __future__ import annotations

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from qa.train import mixture
from qa.train.crossed import crossed
from qa.train.data import Asked, Gold, Paragraph

NEAR = "Maria Costa opened the first bakery of Porto in 1921."
ELSEWHERE = [
    "Olga Brandt ran the sawmill at Lund until 1950.",
    "Seven windmills were built there by the Danes.",
]


def changes(question, near=NEAR, elsewhere=ELSEWHERE, tries=200):
    found = [crossed(question, near, elsewhere, toy.dice(seed)) for seed in range(tries)]
    return {one for one in found if one}


@pytest.mark.parametrize(
    ("question", "kind", "made"),
    [
        (
            "Which bakery was the first opened by Maria Costa?",
            "name",
            {
                f"Which bakery was the first opened by {n}?"
                for n in ("Olga Brandt", "Lund", "Danes")
            },
        ),
        ("Who opened the first in 1921?", "number", {"Who opened the first in 1950?"}),
        ("Who opened the first bakery?", "noun", {"Who opened the first sawmill?"}),
    ],
)
def test_a_thing_is_swapped_for_another_of_its_kind_in_the_passage(question, kind, made):
    found = {text for text, way in changes(question) if way == kind}
    assert found
    assert found <= made


def test_a_plural_is_no_stand_in_for_a_singular_and_what_is_asked_for_stays():
    texts = {text for text, _ in changes("Which bakery was the first opened by Maria Costa?")}
    assert texts
    assert all("Which bakery" in text for text in texts)
    assert changes("Who opened the first bakery?") == {("Who opened the first sawmill?", "noun")}


def test_a_sentence_that_may_answer_gives_nothing():
    says_the_same = ["Olga Brandt opened the second bakery of Porto."]
    assert not changes("Who opened the bakery of Porto?", elsewhere=says_the_same)


def test_a_question_that_its_sentence_does_not_answer_in_so_many_words_is_left():
    assert not changes("Where did Costa start selling bread and cake to sailors in 1921?")


@given(st.text(max_size=60), st.text(max_size=80), st.lists(st.text(max_size=60)), st.integers())
def test_any_text_gives_a_changed_question_or_none(question, near, elsewhere, seed):
    found = crossed(question, near, elsewhere, toy.dice(seed))
    assert found is None or found[0] != question


def test_a_mixture_holds_crossed_questions_that_nothing_answers(encoder):
    text = " ".join((NEAR, *ELSEWHERE))
    asked = Asked("a", "Who opened the first bakery?", (Gold("Maria Costa", 0),))
    shares = mixture.Shares(answered=0.0, near_miss=0.0, crossed=1.0)
    ((*groups,),) = mixture.build(
        [Paragraph("squad_train", "", text, (asked,))], encoder, shares, [0]
    )
    (group,) = [group for group in groups if group.kind.startswith("crossed-")]
    assert group.question != asked.text
    assert group.accepted == ()
    assert [window.start for window in group.windows] == [-1]
