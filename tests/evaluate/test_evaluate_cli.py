"""The whole way of `qa eval` with the real index, encoder and reader."""

import io
import json

import pytest
from rich.console import Console

from qa.errors import EvaluationError
from qa.evaluate import cli
from qa.evaluate.results import read_json

BRIDGE = (
    "The bridge over the Mure was opened in June 1932 by Helen Ward, the mayor of Tarn. "
    "It had cost 340,000 crowns, most of it paid by the county. A ferry had crossed the river "
    "at the same place since the Middle Ages, and its last boat lies in the town museum."
)
ORCHARD = (
    "Hail destroyed two thirds of the apple crop in the orchards near Velden on Monday, the "
    "growers' union said. Its chairman, Otto Brandt, put the damage at four million crowns and "
    "asked the government for help. Prices in the shops are not expected to rise before winter."
)
CONTEXTS = [
    {
        "source": "made_up",
        "title": "",
        "context": BRIDGE,
        "qas": [
            {"id": "b1", "question": "Who opened the bridge?", "answers": [{"text": "Helen Ward"}]},
            {"id": "b2", "question": "When was the bridge over the Mure opened?",
             "answers": [{"text": "June 1932"}]},
            {"id": "b3", "question": "Which bank lent the money for the railway?", "answers": []},
        ],
    },
    {
        "source": "made_up",
        "title": "",
        "context": ORCHARD,
        "qas": [
            {"id": "o1", "question": "Who is the chairman of the growers' union?",
             "answers": [{"text": "Otto Brandt"}]},
            {"id": "o2", "question": "What destroyed the apple crop on Monday?",
             "answers": [{"text": "Hail"}]},
        ],
    },
]  # fmt: skip


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("QA_THREADS", "1")


@pytest.fixture
def grouped(tmp_path):
    path = tmp_path / "grouped.jsonl"
    path.write_text("\n".join(map(json.dumps, CONTEXTS)), encoding="utf-8")
    return path


@pytest.fixture
def console():
    return Console(width=160, record=True, file=io.StringIO())


def test_a_file_with_contexts_is_asked_of_these(grouped, console, tmp_path):
    told = []
    out = tmp_path / "results.json"
    results = cli.evaluate(
        grouped,
        json=out,
        report=tmp_path / "report",
        near_misses=2,
        progress=lambda done, total, what: told.append((done, total, what)),
        console=console,
    )
    by_id = {record.id: record for record in results.records}
    assert by_id["b1"].text == "Helen Ward"
    assert by_id["o1"].text == "Otto Brandt"
    assert all(record.valid is not False for record in results.records)
    assert by_id["b2"].hits[0].right_article
    assert by_id["b2"].seconds["read"] > 0
    assert [record.kind for record in results.records if record.id.endswith("~swap")] == [
        "swap: day of the week"
    ] * sum(record.id.endswith("~swap") for record in results.records)
    assert (6, 6, "asking") in told
    assert results.header["articles"] == 2
    assert results.header["recipe"]["encoder"] == "all-MiniLM-L6-v2"
    assert results.header["generation"] >= 1
    assert read_json(out).records == results.records
    assert (tmp_path / "report" / "index.html").is_file()
    text = console.export_text()
    assert "Quotation stands byte for byte" in text
    assert "What became of the questions" in text

    cli.compare(out, out, console)
    text = console.export_text()
    assert "yes," not in text
    assert "by chance alone" in text


def test_a_folder_of_articles_is_indexed_and_asked(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    (folder / "orchard.txt").write_text(ORCHARD, encoding="utf-8")
    questions = tmp_path / "questions.jsonl"
    asked = [
        {"question": "Who opened the bridge?", "answers": ["Helen Ward"], "article": "bridge"},
        {"question": "Who opened the airport?", "answers": [], "article": "bridge"},
    ]
    questions.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    results = cli.evaluate(questions, articles=folder, limit=1, seed=1)
    assert len(results.records) == 1
    # An index that is there already is asked as it is.
    (index,) = (tmp_path / "cache" / "quoth" / "evaluate").glob("*/index")
    again = cli.evaluate(questions, index=index)
    assert again.records[0].text == "Helen Ward"
    assert again.records[0].hits[0].article == "bridge"
    assert again.records[0].valid is True


def test_questions_about_other_articles_are_refused(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"question": "Who?", "answers": ["x"], "article": "other"}', encoding="utf-8"
    )
    with pytest.raises(EvaluationError, match=r"None of the 1 articles.*'other'"):
        cli.evaluate(questions, articles=folder)


def test_contradictory_and_missing_places_are_told(grouped, tmp_path):
    with pytest.raises(EvaluationError, match="Both an index and a folder"):
        cli.evaluate(grouped, index="a", articles="b")
    with pytest.raises(EvaluationError, match="is not a folder"):
        cli.evaluate(grouped, articles=tmp_path / "nowhere")


def test_a_text_that_differs_from_its_file_is_caught(tmp_path):
    """The check rests on the file, not on what the index says the file holds."""
    from qa import api
    from qa.evaluate.datasets import Question
    from qa.evaluate.run import run

    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE, encoding="utf-8")
    api.build(folder, tmp_path / "index")
    pipeline = api.load(tmp_path / "index")
    asked = [Question("1", "Who opened the bridge?", ("Helen Ward",), "bridge")]
    assert run(pipeline, asked, texts=cli._files(folder)).records[0].valid is True
    (folder / "bridge.txt").write_text(f"Corrected. {BRIDGE}", encoding="utf-8")
    assert run(pipeline, asked, texts=cli._files(folder)).records[0].valid is False


def test_the_reader_alone_is_scored_and_written(grouped, console, tmp_path):
    reading = cli.evaluate_reader(grouped, json=tmp_path / "reader.json", console=console)
    assert reading.scores()["all"].questions == 5
    written = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    assert written["predictions"]["b1"]["text"] == "Helen Ward"
    assert written["scores"]["all"]["candidate_f1"] > 70
    assert "forced F1" in console.export_text()
