import gzip
import json

import pytest

from qa.errors import EvaluationError
from qa.evaluate.datasets import (
    Question,
    contexts,
    corpus,
    load,
    sample,
    write,
)

SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "Sea_water",
            "paragraphs": [
                {
                    "context": "Salt water is salty.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "What is salt water?",
                            "answers": [
                                {"text": "salty", "answer_start": 14},
                                {"text": "salty", "answer_start": 14},
                            ],
                        },
                        {
                            "id": "s2",
                            "question": "Who?",
                            "answers": [],
                            "plausible_answers": [{"text": "Salt", "answer_start": 0}],
                            "is_impossible": True,
                        },
                    ],
                }
            ],
        }
    ],
}
GROUPED = {
    "source": "made_up",
    "title": "",
    "context": "Rain fell\u2028on Tuesday.",  # a line separator that is no end of line here
    "qas": [
        {"id": "g1", "question": "When?", "answers": [{"text": "Tuesday", "start": 13}]},
        {"id": "g2", "question": "Where?", "answers": []},
    ],
}


@pytest.fixture
def place(tmp_path):
    def put(text, name="questions.jsonl"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return put


def test_plain_lines(place):
    path = place(
        '{"question": "Who?", "answers": ["Ada", "Ada Lovelace"], "article": "news/1", "id": 7}\n'
        "\n"
        '\ufeff{"question": "Why?", "answers": [], "kind": "near miss"}\n'.replace("\ufeff", "")
    )
    first, second = load(path)
    assert first == Question("7", "Who?", ("Ada", "Ada Lovelace"), "news/1")
    assert first.answerable
    assert (second.answers, second.article, second.kind) == ((), None, "near miss")
    assert not second.answerable
    assert second.id == load(path)[1].id  # made from the question, so it stays


@pytest.mark.parametrize("indent", [None, 2])
def test_squad_json(place, indent):
    path = place(json.dumps(SQUAD, indent=indent), "squad.json")
    first, second = load(path)
    assert first.answers == ("salty",)
    assert second.answers == ()
    (context,) = contexts(path)
    assert first.article == second.article == context.id
    assert (context.title, context.questions) == ("Sea_water", (first, second))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_grouped_lines(place, pack):
    path = place(pack((json.dumps(GROUPED, ensure_ascii=False) + "\n").encode()), "g.jsonl.gz")
    first, second = load(path)
    assert (first.id, first.answers, first.kind) == ("g1", ("Tuesday",), "made_up")
    assert second.answers == ()
    assert contexts(path)[0].text == GROUPED["context"]


def test_a_context_that_stands_twice_is_one_article(place, tmp_path):
    again = {**GROUPED, "title": "Rain", "qas": [{"id": "g3", "question": "What?", "answers": []}]}
    path = place(json.dumps(GROUPED) + "\n" + json.dumps(again))
    (context,) = contexts(path)
    assert [question.id for question in context.questions] == ["g1", "g2", "g3"]
    file = corpus(path, tmp_path / "articles")
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_a_corpus_names_its_articles_as_the_questions_do(place, tmp_path):
    squad = place(json.dumps(SQUAD), "squad.json")
    record = json.loads(corpus(squad, tmp_path / "a").read_text(encoding="utf-8"))
    assert record["id"] == load(squad)[0].article
    assert (record["title"], record["text"]) == ("Sea water", "Salt water is salty.")
    untitled = corpus(place(json.dumps(GROUPED)), tmp_path / "b").read_text(encoding="utf-8")
    assert json.loads(untitled)["title"] == "Article 00001"
    assert json.loads(untitled)["text"] == GROUPED["context"]


def test_what_is_written_is_read_back(tmp_path):
    questions = [
        Question("a", "Wer war’s?", ("Zoë", "„Zoë“"), "x/1", "swap: year"),
        Question("b", "Why?", ()),
    ]
    write(questions, tmp_path / "out.jsonl")
    assert load(tmp_path / "out.jsonl") == questions


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"question": "A?", "answers": []}\n{"question": "B?", "ans', r"\.jsonl:2: not a JSON"),
        ('{"question": "A?", "answers": []}\n["B?"]', r"\.jsonl:2: not a JSON object"),
        ('{"question": "A?", "answers": []}\n{"answers": []}', r":2: `question` is missing"),
        ('{"question": "A?"}', r":1: `answers` is missing"),
        ('{"question": "A?", "answers": "yes"}', r":1: `answers` is not a list"),
        ('{"question": "A?", "answers": [""]}', r":1: an answer is empty.*\"answers\": \[\]"),
        ('{"question": "A?", "answers": [{"start": 3}]}', r":1: an answer is empty"),
        ('{"question": "A?", "answers": [], "article": 3}', r":1: `article` is not a text"),
        ('{"question": "A?", "answers": []}\n' * 2, r"1 question ids stand twice"),
        ('{"context": "Text.", "qas": [{"question": "A?"}]}', r":1: qas\[0\]: `answers`"),
        ('{"context": "", "qas": []}', r":1: `context` is missing"),
        ('{"context": "Text.", "qas": []}', r"holds no question"),
        ('{"data": [{"title": "x"}]}', r"data\[0\]: `paragraphs` is not a list"),
        ('{"data": [{"paragraphs": [[]]}]}', r"data\[0\]\.paragraphs\[0\]: `context`"),
        ('{"data": ["x"]}', r"data\[0\]: `paragraphs` is not a list"),
        ('{"data": {}}', r"not of a known form"),
        ("[1, 2]", r"not of a known form"),
        ("question,answers\nA?,yes", r":1: not a JSON object"),
        ("\n \n", r"is empty"),
        (b"\xff\xfe{", r"not UTF-8 \(byte 0\)"),
        (b"\x1f\x8bnot really", r"damaged gzip"),
        (gzip.compress(b'{"question": "A?", "answers": []}' * 9)[:-12], r"damaged gzip"),
    ],
)
def test_a_bad_file_says_where_and_what_to_do(place, text, complaint):
    with pytest.raises(EvaluationError, match=complaint) as caught:
        load(place(text))
    assert caught.value.cure


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read"):
        load(tmp_path / "none.jsonl")


def test_plain_questions_make_no_corpus(place, tmp_path):
    with pytest.raises(EvaluationError, match="comes without a context"):
        corpus(place('{"question": "A?", "answers": []}'), tmp_path)


def test_a_sample_is_the_same_for_a_seed_and_keeps_the_order():
    questions = [Question(str(number), "?", ()) for number in range(100)]
    drawn = sample(questions, 10, seed=4)
    assert drawn == sample(questions, 10, seed=4) != sample(questions, 10, seed=5)
    assert [q.id for q in drawn] == sorted((q.id for q in drawn), key=int)
    assert len(set(drawn)) == 10
    assert sample(questions, None) == sample(questions, 1000) == questions
    with pytest.raises(EvaluationError, match="limit is 0"):
        sample(questions, 0)
