"""The reader with its real weights: what holds for any text, however it is read."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import torch

from qa.config import Settings
from qa.errors import ModelError
from qa.reader import Request, SpanReader
from qa.types import Passage

TEXT = (
    "The talks in Havana were chaired by Alex Lee.\n\n"
    "Josefina Vidal spoke for Cuba. The ship was seized in Panama on 15 July 2013."
)
LONG = "Nothing of note was said that day in the hall of the ministry. " * 60 + TEXT


@pytest.fixture(scope="module")
def reader():
    from qa.api import reader_for

    return reader_for(Settings())


def passage(text, start=0, name="a"):
    return Passage(f"{name}#{start}", name, start, start + len(text), text)


def held(spans, within):
    assert [span.score for span in spans] == sorted((s.score for s in spans), reverse=True)
    for span in spans:
        assert within.start <= span.start < span.end <= within.end
        assert within.text[span.start - within.start : span.end - within.start] == span.text
        assert len(span.text.split()) <= Settings().max_answer_words
        assert "\n\n" not in span.text  # a span stays in one sentence
    ordered = sorted(spans, key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in pairwise(ordered))


@pytest.mark.parametrize("start", [0, 1000])
@pytest.mark.parametrize("title", ["", "Cuba-US talks", "Who chaired? " * 80])
def test_spans_stand_in_the_passage_at_the_offsets_of_the_article(reader, start, title):
    one = passage(TEXT, start)
    (spans,) = reader.read("Where was the ship seized?", [one], [title])
    held(spans, one)
    assert "Panama" in spans[0].text
    assert spans[0].score > 0


def test_a_passage_longer_than_the_model_reads_is_read_to_its_end(reader):
    one = passage(LONG)
    (spans,) = reader.read("Where was the ship seized?", [one], ["Talks"])
    held(spans, one)
    assert "Panama" in spans[0].text


def test_what_a_passage_does_not_say_scores_under_nothing(reader):
    (spans,) = reader.read("Who won the World Cup in 2010?", [passage(TEXT)], ["Talks"])
    assert not spans or spans[0].score < 0


@pytest.mark.parametrize(
    "text", ["x", "…", "20,000", "谁主持了会议？", "🚢" * 50, "e\u0301" * 40, "a" * 5000, " \n "]
)
def test_odd_passages_give_spans_inside_them_or_none(reader, text):
    one = passage(text, 7)
    (spans,) = reader.read("Who chaired the talks?", [one], [""])
    for span in spans:
        assert one.start <= span.start < span.end <= one.end
        assert span.text == text[span.start - 7 : span.end - 7] != ""


def test_a_long_question_is_cut_and_not_the_passage(reader):
    question = "Who chaired the talks in Havana " + "and then went home " * 200 + "?"
    (spans,) = reader.read(question, [passage(TEXT)], ["Talks"])
    held(spans, passage(TEXT))


def test_nothing_to_read_gives_nothing(reader):
    assert reader.read("Who chaired the talks?", [], []) == []
    assert reader.read_many([]) == []


def test_requests_read_together_are_read_as_alone(reader):
    """To the last bit on the kernels that this was measured on (qa/encoder.py)."""
    passages = [passage(TEXT, name="a"), passage(LONG, name="b"), passage("Rain.", name="c")]
    asked = ["Who chaired the talks in Havana?", "Where was the ship seized?", "When was that?"]
    requests = [
        Request(asked[0], passages, ["Talks", "", "Rain"]),
        Request(asked[1], passages[::-1], ["Rain", "", "Talks"]),
        Request(asked[1], [], []),
        *(Request(question, passages[:1], ["Talks"]) for question in asked * 5),
        *(Request(question, [passages[0], passages[2]], ["", ""]) for question in asked),
    ]
    exact = torch.cpu._is_amx_tile_supported()
    for request, found in zip(requests, reader.read_many(requests), strict=True):
        alone = reader.read(*request)
        assert len(found) == len(request.passages)
        if exact:
            assert found == alone
        for one, other in zip(found, alone, strict=True):
            assert [span.text for span in one[:1]] == [span.text for span in other[:1]]
            if one:
                assert one[0].score == pytest.approx(other[0].score, abs=0.5)


def test_many_threads_read_as_one_does(reader):
    """A tokenizer keeps how it cuts; one thread's cut of a question must not cut another's text."""
    request = Request("Where was the ship seized?", [passage(LONG)], ["Talks"])
    expected = reader._windows(0, request)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # seconds; threads take turns in the worst places
    try:
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(lambda _: reader._windows(0, request), range(400)))
    finally:
        sys.setswitchinterval(interval)
    assert sum(windows != expected for windows in found) == 0


@pytest.mark.parametrize("name", ["no/such/folder", "{folder}"])
def test_a_model_that_is_not_there_is_told_in_one_line(tmp_path, name):
    reader = SpanReader(Settings(reader=name.format(folder=tmp_path)))
    with pytest.raises(ModelError, match="QA_READER") as raised:
        reader.load()
    assert "\n" not in str(raised.value)


def test_an_encoder_is_no_reader():
    from qa.encoder import SentenceEncoder

    folder = SentenceEncoder(Settings())._path
    with pytest.raises(ModelError, match="weights are missing"):
        SpanReader(Settings(reader=folder)).load()
