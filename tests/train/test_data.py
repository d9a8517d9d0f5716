from __future__ import annotations

import gzip
import json

import pytest

from qa.errors import EvaluationError
from qa.train import data

CONTEXT = "Café Lux opened in Oslo in 1921. It closed in 1950."


def squad(answer="Oslo", start=19):
    return {
        "version": "v2.0",
        "data": [
            {
                "title": "Café_Lux",
                "paragraphs": [
                    {
                        "context": CONTEXT,
                        "qas": [
                            {
                                "id": "1", "question": " Where did it open? ",
                                "is_impossible": False,
                                "answers": [{"text": answer, "answer_start": start}],
                            },
                            {
                                "id": "2", "question": "Who ran it?", "is_impossible": True,
                                "answers": [],
                                "plausible_answers": [{"text": "Oslo", "answer_start": 19}],
                            },
                        ],
                    }
                ],
            }
        ],
    }  # fmt: skip


def test_squad_json_and_grouped_lines_read_the_same(tmp_path):
    one, two = tmp_path / "s.json", tmp_path / "g.jsonl.gz"
    one.write_text(json.dumps(squad(), indent=1), encoding="utf-8")
    line = {
        "source": "s", "title": "Café Lux", "context": CONTEXT,
        "qas": [
            {"id": 1, "question": "Where did it open?", "answers": [{"text": "Oslo", "start": 19}]},
            {"id": 2, "question": "Who ran it?", "answers": []},
        ],
    }  # fmt: skip
    two.write_bytes(gzip.compress(json.dumps(line).encode()))
    (first,), (second,) = data.read([one]), data.read([two])
    assert first == second
    assert first.title == "Café Lux"
    assert first.questions[0].answers == (data.Gold("Oslo", 19),)
    assert first.questions[1].answers == ()


def test_an_answer_that_is_not_at_its_offset_is_named(tmp_path):
    file = tmp_path / "s.json"
    file.write_text(json.dumps(squad(start=18)), encoding="utf-8")
    with pytest.raises(EvaluationError, match="'Oslo' of question 1 is not at offset 18"):
        data.read([file])


@pytest.mark.parametrize("content", ["", "no json", '{"data": 3}', '{"context": "x"}'])
def test_a_file_of_another_kind_is_refused_with_its_name(tmp_path, content):
    file = tmp_path / "other.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"other\.txt"):
        data.read([file])


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(EvaluationError, match="none"):
        data.read([tmp_path / "none"])


def test_what_is_held_out_depends_on_the_text_alone(paragraphs):
    train, held = data.hold_out(paragraphs, 0.2, seed=1)
    assert len(train) + len(held) == len(paragraphs)
    assert 0.08 < len(held) / len(paragraphs) < 0.35
    _, held_again = data.hold_out(list(reversed(paragraphs)), 0.2, seed=1)
    assert held_again == list(reversed(held))
    assert data.hold_out(paragraphs, 0.2, seed=2)[1] != held
    assert {p.text for p in train}.isdisjoint(p.text for p in held)
