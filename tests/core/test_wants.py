from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.wants import several, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who chaired it?", "person"),
        ("Whose release was asked for?", "person"),
        ("How many visas were granted?", "number"),
        ("HOW LONG is the sentence?", "number"),
        ("When did talks resume?", "time"),
        ("In what year did he arrive?", "time"),
        ("Where was it seized?", "place"),
        ("In which city were the talks?", "place"),
        ("Why did they meet?", "reason"),
        ("What was the reason for the delay?", "reason"),
        ("Did the talks take place in Havana?", "whether"),
        ("And is he in prison?", "whether"),
        ("Isn't he ill?", "whether"),
        ("Was the ship seized or scrapped?", ""),
        ("Can you tell me who chaired it?", "person"),
        ("Do you know what Cuba wanted?", ""),
        ("May 2013", ""),
        ("If law breaking is not done in public it is considered what?", ""),
        ("whether the ship was seized?", "whether"),
        ("Will Smith", ""),
        ("Who wrote the article about Cuba?", "byline"),
        ("Who is the author?", "byline"),
        ("Who was the reporter of this story?", "byline"),
        ("Who wrote the report on the talks?", "author"),
        ("Who wrote the letter?", "author"),
        ("Who wrote Hamlet?", "person"),
        ("Who is the author of Hamlet?", "person"),
        ("When was the article about Cuba published?", "published"),
        ("When was this published?", "published"),
        ("When was the book published?", "time"),
        ("What did Cuba want?", ""),
        ("Name the ship.", ""),
        ("", ""),
    ],
)
def test_the_kind_of_answer_a_question_wants(question, kind):
    assert wanted(question) == kind


@pytest.mark.parametrize(
    "question",
    [
        "Which countries took part?",
        "Which European cities were hit?",
        "What other crimes was he charged with?",
        "WHICH TWO COMPANIES HAVE MERGED?",
        "What demands did the union make?",
        "Who were the delegates?",
        "Who are the members of the board?",
        "What were the main reasons for the delay?",
        "Which of the players were injured?",
        "List the towns that were flooded.",
        "Name all ministers who resigned.",
    ],
)
def test_a_question_for_several_things_is_known(question):
    assert several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who chaired the meeting?",
        "What was developed in 1980?",
        "What organization was led by him?",
        "What happens in a crisis?",
        "What does Cuba want?",
        "What do US officials want Cuba to resume?",
        "Which process was used?",
        "Which series did he star in?",
        "What is James's job?",
        "How many times did it happen?",
        "Name the ship.",
        "",
    ],
)
def test_a_question_for_one_thing_is_not_one_for_several(question):
    assert not several(question)


@given(st.text(max_size=80))
def test_any_text_can_be_looked_at(text):
    assert several(text) in {True, False}
    assert isinstance(wanted(text), str)
