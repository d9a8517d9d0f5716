from __future__ import annotations

from collections import Counter

import pytest
import toy

from qa.train import groups, mixture, stored
from qa.train.data import Asked, Gold


@pytest.fixture(scope="module")
def shares():
    return mixture.Shares(
        answered=0.3, retrieved=0.2, alone=0.1, near_miss=0.2, renamed=0.1, cut=0.1
    )


@pytest.fixture(scope="module")
def epochs(paragraphs, encoder, shares):
    return mixture.build(paragraphs, encoder, shares, [1, 2])


def test_each_kind_is_there_in_its_share(epochs, paragraphs, shares):
    answerable = sum(bool(q.answers) for p in paragraphs for q in p.questions)
    unanswerable = sum(not q.answers for p in paragraphs for q in p.questions)
    kinds = Counter(group.kind.split("-")[0] for group in epochs[0])
    assert abs(kinds["unanswerable"] - unanswerable * shares.unanswerable) <= 1
    assert kinds["renamed"] == round(answerable * shares.renamed)
    assert kinds["near"] == round(answerable * shares.near_miss)
    assert kinds["cut"] == round(answerable * shares.cut)
    assert kinds["alone"] <= round(answerable * shares.alone)
    assert kinds["answered"] + kinds["retrieved"] == round(answerable * shares.answered) + round(
        answerable * shares.retrieved
    )


def test_answers_stand_at_their_places_and_only_where_there_is_one(epochs):
    for group in epochs[0]:
        held = [window for window in group.windows if window.start >= 0]
        assert len(held) == (1 if group.accepted else 0)
        for window in held:
            assert window.passage[window.start : window.end] in group.accepted


def test_retrieved_and_cut_passages_hold_no_answer(epochs, paragraphs):
    golds = {q.text: [g.text for g in q.answers] for p in paragraphs for q in p.questions}
    for group in epochs[0]:
        if group.kind in {"retrieved", "alone", "cut"}:
            for window in group.windows:
                if window.start < 0:
                    assert not any(gold in window.passage for gold in golds[group.question])
        if group.kind == "retrieved":
            assert 2 <= len(group.windows) <= 3


def test_the_same_seed_draws_the_same_mixture(epochs, paragraphs, encoder, shares):
    assert mixture.build(paragraphs, encoder, shares, [1]) == [epochs[0]]
    assert epochs[0] != epochs[1]


def test_titles_are_clean_and_shown_in_part(epochs):
    titles = [window.head for group in epochs[0] for window in group.windows]
    assert any(titles)
    assert not all(titles)
    assert not any("_" in title for title in titles)


def test_a_mixture_reads_back_as_it_was_written(epochs, tmp_path):
    file = tmp_path / "mixture.jsonl.gz"
    stored.save(file, epochs)
    assert stored.load(file) == epochs


@pytest.mark.parametrize("seed", range(20))
def test_a_long_passage_is_cut_around_its_answer(seed):
    draw = toy.dice(seed)
    words = [f"w{n}" for n in range(400)]
    passage = " ".join(words)
    at = passage.index(f"w{draw.randrange(399)} ")
    end = passage.index(" ", at)
    found = groups.fit(groups.Window("T", passage, at, end), draw, most=50)
    assert len(found.passage.split()) == 50
    assert found.passage[found.start : found.end] == passage[at:end]
    assert found.passage in passage


def test_a_passage_without_answer_is_shortened_around_the_likeliest_sentence():
    filler = "Rain fell on the hills all day long. " * 20
    passage = filler + "The mayor of Oslo opened a bridge. " + filler
    group = groups.Group("Who opened the bridge in Oslo?", (groups.Window("", passage),), "x")
    for seed in range(10):
        (window,) = groups.shorten(group, 30, toy.dice(seed)).windows
        assert "Oslo opened a bridge" in window.passage
        assert len(window.passage.split()) == 30


def test_a_cut_passage_ends_at_a_sentence_and_lost_the_answer():
    text = (
        "The town lies on a river and was founded by monks who had come from the south coast. "
        "It has nine hundred people. Later on the river was dammed, which brought work and light "
        "to all the farms around, and many moved there."
    )
    asked = Asked("1", "How many people?", (Gold("nine hundred", text.index("nine hundred")),))
    sides = {groups.cut_away(text, asked, toy.dice(seed)) for seed in range(20)}
    assert sides == {text[: text.index(" It has")], text[text.index("Later") :]}


def test_the_answer_most_people_gave_is_trained():
    golds = (Gold("a b", 0), Gold("b", 2), Gold("a b", 0), Gold("a b c", 0))
    assert mixture.best_gold(Asked("1", "?", golds)) == Gold("a b", 0)


def test_the_head_of_a_shortened_passage_tells_what_came_before_it():
    sentences = [f"Sentence {n} of the report names the dam as Barlow{n} once." for n in range(9)]
    text = " ".join(sentences)
    start = text.index("Barlow7")
    group = groups.Group(
        "Which dam?", (groups.Window("Title", text, start, start + 7),), "x", ("Barlow7",)
    )
    seen = Counter()
    for seed in range(60):
        (window,) = groups.shorten(group, 20, toy.dice(seed), told=1.0).windows
        assert window.passage[window.start : window.end] == "Barlow7"
        title, *told = window.head.split("\n")
        assert title == "Title"
        assert 1 <= len(told) <= 2
        cut = text.index(window.passage)
        for line in told:
            assert line in text[:cut]
        seen["first"] += told[0] == sentences[0]
        seen["before"] += text[:cut].rstrip().endswith(told[-1])
        seen["both"] += len(told) == 2
    assert min(seen["first"], seen["before"]) > seen["both"] > 0
    (window,) = groups.shorten(group, 20, toy.dice(1)).windows
    assert window.head == "Title"
