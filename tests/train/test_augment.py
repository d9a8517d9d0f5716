from __future__ import annotations

import pytest
import toy
from hypothesis import given
from hypothesis import strategies as st

from qa.train import augment

PASSAGE = (
    "Maria Costa opened the first bakery of Porto in March 1921. In the north of France, where "
    "three mills stood, she won a prize of 4,500 francs. The bakery closed after 1950."
)
NAMES = ["Olga Brandt", "Lund", "NATO", "Peter de Vries", "Rosa Marin"]


def changes(question, tries=200):
    made = set()
    for seed in range(tries):
        found = augment.near_miss(question, PASSAGE, NAMES, toy.dice(seed))
        if found:
            made.add(found)
    return made


def test_a_name_is_swapped_for_one_of_as_many_words_that_the_passage_does_not_hold():
    found = {text for text, kind in changes("What did Maria Costa open?") if kind == "name"}
    assert found == {"What did Olga Brandt open?", "What did Rosa Marin open?"}


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What was opened in 1921?", "number"),
        ("Who won 4,500 francs?", "number"),
        ("What opened in March?", "sibling"),
        ("Where in France did she win?", "sibling"),
        ("What did she win in the north?", "sibling"),
        ("Which was the first bakery?", "antonym"),
        ("Where was the bakery?", "negation"),
    ],
)
def test_each_kind_brings_in_what_the_passage_does_not_hold(question, kind):
    found = [text for text, made in changes(question) if made == kind]
    assert found
    for text in found:
        new = set(text.replace("?", "").split()) - set(question.replace("?", "").split())
        assert new
        assert not any(word in PASSAGE.split() for word in new)


def test_what_the_passage_does_not_hold_is_not_swapped():
    # "1950" is held; a year that is not held was no hold on the passage to begin with.
    assert not [c for c in changes("Who died in 1888?") if c[1] == "number"]
    assert not [c for c in changes("What did Hans Meier open?") if c[1] == "name"]


def test_a_question_that_is_negated_is_not_negated_again():
    assert not [c for c in changes("What was not opened?") if c[1] == "negation"]


def test_a_renamed_question_keeps_its_answer():
    start = PASSAGE.index("prize")
    found = augment.renamed(
        "What did Maria Costa win?", PASSAGE, (start, start + 5), NAMES, toy.dice(1)
    )
    assert found is not None
    question, passage, place = found
    assert "Maria Costa" not in question + passage
    assert passage[place : place + 5] == "prize"


def test_an_answer_is_never_renamed():
    place = (0, len("Maria Costa"))
    assert augment.renamed("Who is Maria Costa?", PASSAGE, place, NAMES, toy.dice(1)) is None


@given(st.text(max_size=80), st.text(max_size=200), st.integers(0, 99))
def test_any_text_gives_a_changed_question_or_none(question, passage, seed):
    found = augment.near_miss(question, passage, NAMES, toy.dice(seed))
    assert found is None or found[0] != question
    again = augment.near_miss(question, passage, NAMES, toy.dice(seed))
    assert found == again


def test_names_are_runs_of_capitals_that_do_not_merely_open_a_sentence():
    text = "Yesterday Olaf Scholz met Emmanuel Macron. Bread was served. The Bank of England fell."
    found = augment.names_in(text)
    assert "Emmanuel Macron" in found
    assert "Bank of England" in found
    assert not any("Bread" in name or name.startswith("The") for name in found)
