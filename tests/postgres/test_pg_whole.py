"""The same `qa` on an index in PostgreSQL: Python, commands and page, with the real models."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS

import qa
from qa.cli import main
from qa.types import Scope

QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests" / "questions.jsonl").read_text("utf-8").splitlines()
]
SOME = QUESTIONS[:6] + QUESTIONS[36:40] + QUESTIONS[-2:]  # of every kind
CHAIR = "Who chaired the meeting?"
TALKS = "004_1693300fdb8ebbac"


@pytest.fixture(scope="module")
def there(module_url):
    """The pipeline over the seeds, in PostgreSQL."""
    assert len(qa.build(SEEDS, module_url).added) == 2
    return qa.load(module_url)


@pytest.mark.parametrize("question", SOME)
def test_the_answer_is_the_same(there, pipeline, question):
    # Equal in every field but the seconds: quotation, offsets, confidence, hits and their scores.
    assert there.ask(question) == pipeline.ask(question)


def test_filters_search_quotes_and_examples_are_the_same(there, pipeline):
    for scope in (Scope(articles=frozenset({TALKS})), Scope(sources=frozenset({"Nobody"}))):
        assert there.ask(CHAIR, scope=scope) == pipeline.ask(CHAIR, scope=scope)
        assert there.search(CHAIR, 20, scope) == pipeline.search(CHAIR, 20, scope)
    quote = "a friendly climate in which the encounter occurred"
    assert there.find_quote(quote) == pipeline.find_quote(quote)
    assert there.find_quote(quote).matches
    assert there.staleness() == ""


def test_it_is_refreshed_and_tells_when_it_is_stale(tmp_path, url):
    news = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    qa.build(news, url)
    pipeline = qa.load(url)
    assert pipeline.ask(CHAIR).generation == 1
    (news / "new.txt").write_text("Otters\n\nThe otter Bruno was crowned mayor of Lillehammer.\n")
    assert "1 added" in pipeline.staleness()
    assert pipeline.refresh().added == ("new",)
    answer = pipeline.ask("Who was crowned mayor of Lillehammer?")
    assert (answer.citations[0].article.id, answer.generation) == ("new", 2)


def test_the_commands(tmp_path, url, monkeypatch, capsys):
    news = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_INDEX", url)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return ended.value.code or 0, written.out, written.err

    assert run("index", news, "--dry-run")[1].startswith("would be: 2 added")
    # As with a folder, the default index is made on first use.
    code, out, _ = run("ask", CHAIR)
    assert (code, out.splitlines()[0]) == (0, "Alex Lee")
    facts = json.loads(run("info", "--json")[1])
    assert (facts["articles"], facts["up to date"]) == (2, True)
    assert facts["index"].startswith("postgresql://postgres@/postgres?host=")
    (news / "new.txt").write_text("Otters\n\nThe otter Bruno was crowned mayor of Lillehammer.\n")
    assert run("index")[1] == "1 added, 0 changed, 0 removed, 2 unchanged\n"
    assert "Lillehammer" in run("search", "mayor of Lillehammer", "-k", "1")[1]
    assert run("quote", "crowned mayor of Lillehammer")[1].startswith("exact")
    (news / "new.txt").unlink()
    assert run("index", "--no-prune")[1] == "0 added, 0 changed, 0 removed, 3 unchanged\n"
    assert run("index")[1] == "0 added, 0 changed, 1 removed, 2 unchanged\n"
    assert run("feedback", "export", tmp_path / "out.jsonl")[1].startswith("0 questions written")
    assert not (tmp_path / "index").exists()


def test_the_page_and_rest(there, tmp_path):
    from fastapi.testclient import TestClient

    from qa.web.server import app

    with TestClient(app(there, feedback=tmp_path / "feedback.db")) as client:
        found = client.post("/v1/ask", json={"question": CHAIR})
        assert found.status_code == 200, found.text
        assert found.json()["text"] == "Alex Lee"
