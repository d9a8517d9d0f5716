"""Which quantities a "how …" question cannot have asked for."""

import json

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from qa.units import ALL, another_measure, measures


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("5.48pm", {"moment"}),
        ("at 5:48 p.m.", {"moment"}),
        ("at 23:55", {"moment", "duration"}),
        ("on Thursday", {"moment"}),
        ("Sunday, 3 March 2025", {"moment"}),
        ("November 2022", {"moment"}),
        ("71 kilometres an hour", {"speed"}),
        ("30 mph", {"speed"}),
        ("five dollars an hour", {"money"}),
        ("more than twenty-one feet", {"length"}),
        ("1–2 km", {"length"}),
        ("one and a half hours", {"duration"}),
        ("two centuries ago", {"duration"}),
        ("31,000 years old", {"duration"}),
        ("£1.2bn", {"money"}),
        ("US$ 40 million", {"money"}),
        ("20 million crowns", {"money"}),
        ("30 pounds", {"money", "weight"}),
        ("85 degrees", {"temperature"}),
        # no plain quantities: the reader judges
        ("600", set()),
        ("1987", set()),
        ("3 per cent", set()),
        ("a few", set()),
        ("5,000 people", set()),
        ("the second of two days in March", set()),
        ("Hour", set()),
        ("one and " * 5000 + "two hours", set()),
        ("", set()),
    ],
)
def test_what_a_quotation_measures(text, measured):
    assert measures(text) == measured


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How fast was the coach travelling?", "5.48pm"),
        ("How fast was the coach travelling?", "450 kilometres"),
        ("By how many votes was it passed?", "Thursday"),
        ("How many posts will be cut?", "eight months"),
        ("How tall is the ladder?", "eleven days"),
        ("How many people were on the pier?", "21:10"),
        ("How much was the trust ordered to pay?", "3 March 2025"),
        ("How long do rats live?", "18 pounds"),
        ("How old is the bridge?", "38 million crowns"),
    ],
)
def test_another_measure_is_no_answer(question, answer):
    assert another_measure(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How fast was the coach travelling?", "71 kilometres an hour"),
        ("How fast did the tickets sell out?", "two hours"),
        ("How fast did he run the mile?", "3:43"),
        ("How many paid holiday days are there?", "four weeks"),
        ("How many people voted?", "600"),
        ("How many of them voted?", "3 per cent"),
        ("How many pounds of cheese were sold?", "2 tonnes"),
        ("How long is the bridge closed?", "until Thursday"),
        ("How long is the bridge?", "140 feet"),
        ("How old is the church?", "March 1850"),
        ("How high was the fine?", "$5,000"),
        ("When did the train leave?", "5.48pm"),
        ("What did it cost?", "eight months"),
        ("How did it end?", "5.48pm"),
    ],
)
def test_what_may_have_been_asked_for_is_left_to_the_reader(question, answer):
    assert not another_measure(question, answer)


@pytest.mark.parametrize("file", sorted((ROOT / "tests" / "news").glob("*.jsonl")))
def test_no_accepted_answer_is_ruled_out(file):
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    pairs = [(row["question"], answer) for row in rows for answer in row["answers"]]
    assert len(pairs) > 30
    assert [pair for pair in pairs if another_measure(*pair)] == []


@given(st.text(), st.text())
def test_any_text_is_read(question, answer):
    assert another_measure(question, answer) in {True, False}
    assert measures(answer) <= ALL


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        ("He is serving a ", "15-year", " prison sentence in Havana."),
        ("The court sentenced him to ", "15 years", "."),
        ("She was jailed for ", "ten years", " in May."),
        ("He was given ", "six months", " in jail."),
        ("after ", "three years", " behind bars"),
        ("a term of up to ", "20 years", ""),
    ],
)
def test_a_term_of_imprisonment_is_nobodys_age(before, answer, after):
    assert another_measure("How old is Alan Gross?", answer, before, after)
    assert not another_measure("How long is his sentence?", answer, before, after)


@pytest.mark.parametrize(
    ("before", "answer", "after"),
    [
        ("Gross, ", "64 years old", ", is in prison."),
        ("the oldest is about ", "9,400 years", " ago"),
        ("when he was ", "12", ", he was sent to jail"),
        ("a ", "70-year-old", " prisoner"),
        ("He served ", "on Thursday", ""),
    ],
)
def test_an_age_is_an_age(before, answer, after):
    assert not another_measure("How old is Alan Gross?", answer, before, after)
