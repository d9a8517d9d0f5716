"""What people type around a question, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.plain import is_small_talk, plain
from qa.question import problem

QUESTIONS = (
    "Who chaired the meeting?", "How many visas were granted?", "Did the ship leave Cuba?",
    "When were the talks held?", "Isn't the ship seized?",
)  # fmt: skip
BEFORE = (
    "Hi, ", "Hello! ", "Hey there, ", "Good morning. ", "Dear all, ", "Okay, so ", "OK ",
    "Thanks. ", "Thank you very much! ", "Well... ", "Yes, but ", "Sorry, ", "Please: ",
    "Quick question: ", "Q: ", "According to the article, ", "In these articles, ", "By the way, ",
)  # fmt: skip
BEHIND = (
    " please?",
    ", please?",
    "? Thanks!",
    ", thank you very much?",
    " according to the article?",
)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_is_said_before_a_question(before, question):
    assert plain(before + question) == question


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("behind", BEHIND)
def test_what_is_said_behind_it(question, behind):
    assert plain(question.rstrip("?") + behind) == question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Could you please tell me who chaired it?", "who chaired it?"),
        ("Can you tell me if the ship was seized, please?", "if the ship was seized?"),
        ("I'd like to know how many visas were granted.", "how many visas were granted."),
        ("I was wondering when it was", "when it was"),
        ("Do you know why they met?", "why they met?"),
        ("Do the articles say whether he died?", "whether he died?"),
        ("Explain why the flights were stopped.", "why the flights were stopped."),
        ("What's the name of the ship?", "What is the name of the ship?"),
        ("whos Alan Gross", "who is Alan Gross"),
        ("Who's been arrested?", "Who's been arrested?"),
    ],
)
def test_frames_around_a_question(typed, meant):
    assert plain(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "OK Corral: who won the shootout?",
        "Hello Kitty was designed by whom?",
        "Thanks to whom was he freed?",
        "Right now who is in charge?",
        "Great Britain: what did it do?",
        "Nice: what is it known for?",
        "Good Friday Agreement: when was it signed?",
        "So Young Kim won what?",
        "Does the report say so?",
        "Do unions know more?",
        "Who said thanks?",
        "What was in the news?",
        "What did she say about the article?",
        "And Spain?",
        "Hi",
        "",
    ],
)
def test_what_only_looks_like_it_stays(question):
    assert plain(question) == question


@pytest.mark.parametrize("said", ["Hi", "hello there!", "Thanks a lot.", "OK, thank you", "Bye!"])
def test_small_talk_is_no_question(said):
    assert is_small_talk(said)
    assert "no question" in problem(said)


@pytest.mark.parametrize(
    "said", ["Hi who?", "Why?", "Cuba", "", "Good visas", "Sorry state of Cuba"]
)
def test_what_is_no_small_talk(said):
    assert not is_small_talk(said)


@given(st.text(max_size=200))
def test_any_text_is_read_and_nothing_is_added(text):
    left = plain(text)
    assert len(left) <= len(text) + 3  # "is" for "'s"
    assert plain(text) == left
    assert bool(left.strip()) == bool(text.strip())
    is_small_talk(text)


@pytest.mark.parametrize("line", ["so " * 330, "ok" * 500, "hm" * 500, "? " * 500, " please" * 140])
def test_long_lines_take_no_time(line):
    plain(line)
    is_small_talk(line)
