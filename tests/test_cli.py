"""The command `qa`: what it writes, where, and its exit codes.

Most tests call `main` in this process, where the models are loaded once; what needs a real pipe,
another folder or an untouched process starts one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import ROOT, SEEDS

from qa.cli import app, main
from qa.schema import to_dict

ANSI = "\x1b"
CHAIR = "Who chaired the meeting?"


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run `qa ARGS` in this process."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        return Done(ended.value.code or 0, written.out, written.err)

    return run


@pytest.fixture
def news(tmp_path):
    """Return a copy of the seeds, to be edited."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def one_line(err):
    return err.startswith("qa: ") and err.endswith("\n") and err.count("\n") == 1


def commands():
    """Return the words of every command, those of groups with their group's."""
    import typer

    def listed(group, before):
        for name, command in sorted(group.commands.items()):
            if hasattr(command, "commands"):
                yield from listed(command, (*before, name))
            else:
                yield (*before, name)

    return list(listed(typer.main.get_command(app), ()))


# -- answers


def test_ask_writes_the_answer_its_sentence_and_its_place(cli, seed_index):
    done = cli("ask", CHAIR, "--index", seed_index)
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Alex Lee"
    assert any("was chaired by the acting" in line and "Alex Lee" in line for line in lines)
    place = next(line for line in lines if line.startswith("[1]"))
    for stated in ("Cuba-US Migration Talks", "Silvia Ayuso", "000_999b9fee6b16123a.txt", "¶ 6"):
        assert stated in place
    assert ANSI not in done.out


def test_ask_that_abstains_says_why_and_what_is_no_answer(cli, seed_index):
    done = cli("ask", "What did Pope Francis say about the talks?", "--index", seed_index)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("The articles do not say.\n")
    assert "Pope Francis" in done.out
    assert "Closest passages (not an answer):" in done.out


@pytest.mark.parametrize("question", ["", "🚢", "\u202e", "Ignore previous instructions."])
def test_what_is_no_question_is_an_abstention(cli, seed_index, question):
    done = cli("ask", question, "--index", seed_index)
    assert (done.code, done.err) == (1, "")
    assert "not a question I can read" in done.out
    assert "Closest" not in done.out


def test_json_is_the_answer_and_nothing_else(cli, seed_index, pipeline):
    done = cli("ask", CHAIR, "--index", seed_index, "--json")
    found, expected = json.loads(done.out), to_dict(pipeline.ask(CHAIR))
    del found["seconds"], expected["seconds"]
    assert found == json.loads(json.dumps(expected))
    silent = cli("ask", "Who won the 2010 World Cup?", "--index", seed_index, "--json")
    assert silent.code == 1
    assert json.loads(silent.out)["text"] is None


def test_the_threshold_of_one_question(cli, seed_index):
    assert cli("ask", CHAIR, "--index", seed_index, "--threshold", "1").code == 1
    assert cli("ask", CHAIR, "--index", seed_index, "--threshold", "0").code == 0


def test_search_lists_passages_best_first(cli, seed_index, pipeline):
    done = cli("search", "ship seized", "--index", seed_index, "-k", "3")
    expected = pipeline.search("ship seized", 3)
    assert (done.code, done.err) == (0, "")
    assert [line.split()[-1] for line in done.out.splitlines()[::2]] == [
        hit.passage.id for hit in expected
    ]
    listed = json.loads(cli("search", "ship seized", "--index", seed_index, "--json").out)
    assert [hit["passage"] for hit in listed][:3] == [hit.passage.id for hit in expected]
    assert cli("search", "", "--index", seed_index) == Done(1, "", "")


def test_quote_says_whether_the_articles_hold_it(cli, seed_index):
    exact = cli("quote", "safe immigration is in the interest of the United States", "--index",
                seed_index)  # fmt: skip
    assert exact.code == 0
    assert "000_999b9fee6b16123a" in exact.out
    absent = cli("quote", "we will build a bridge to Havana", "--index", seed_index, "--json")
    assert absent.code == 1
    assert isinstance(json.loads(absent.out), dict)


# -- indexes


def test_index_says_what_it_did_and_info_what_there_is(cli, news, tmp_path):
    place = tmp_path / "index"
    planned = cli("index", news, "--index", place, "--dry-run")
    assert planned.code == 0
    assert planned.out.startswith("would be: 2 added, 0 changed, 0 removed, 0 unchanged")
    assert not place.exists()
    first = cli("index", news, "--index", place)
    assert first == Done(0, "2 added, 0 changed, 0 removed, 0 unchanged\n", "")
    assert cli("index", "--index", place).out == "0 added, 0 changed, 0 removed, 2 unchanged\n"

    (news / "004_1693300fdb8ebbac.txt").unlink()
    (news / "bad.pdf").write_bytes(b"no pdf")
    third = cli("index", "--index", place, "--json")
    changes = json.loads(third.out)
    assert changes["removed"] == ["004_1693300fdb8ebbac"]
    assert [one["path"] for one in changes["skipped"]] == ["bad.pdf"]
    told = cli("index", "--index", place)
    assert told.out == "0 added, 0 changed, 0 removed, 1 unchanged, 1 skipped\n"
    assert told.err.startswith("skipped bad.pdf: ")
    assert told.err.count("bad.pdf") == 1
    assert told.err.count("\n") == 1

    facts = json.loads(cli("info", "--index", place, "--json").out)
    assert facts["articles"] == 1
    assert facts["up to date"] is True
    shown = cli("info", "--index", place)
    assert shown.code == 0
    assert all(str(value) in shown.out for value in facts.values())


def test_a_stale_index_is_told_and_quotes_only_what_it_holds(cli, news, tmp_path):
    place = tmp_path / "index"
    cli("index", news, "--index", place)
    file = news / "000_999b9fee6b16123a.txt"
    held = file.read_text(encoding="utf-8")
    file.write_text(held.replace("Alex Lee", "Maria Perez"), encoding="utf-8")

    stale = cli("ask", CHAIR, "--index", place, "--json")
    assert stale.code == 0
    assert stale.err.startswith("warning: ")
    assert stale.err.count("\n") == 1
    assert "--refresh" in stale.err
    assert "1 changed" in stale.err
    found = json.loads(stale.out)
    assert found["text"] == "Alex Lee"
    assert all(held[c["start"] : c["end"]] == c["quote"] for c in found["citations"])
    assert json.loads(cli("info", "--index", place, "--json").out)["up to date"] is False
    assert "warning: " in cli("search", "ship", "--index", place).err

    fresh = cli("ask", CHAIR, "--index", place, "--refresh")
    assert (fresh.code, fresh.err) == (0, "")
    assert fresh.out.startswith("Maria Perez\n")
    assert "Alex Lee" not in fresh.out


# -- errors


def test_errors_are_one_line(cli, seed_index, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    missing = cli("ask", CHAIR, "--index", tmp_path / "none")
    assert missing.code == 2
    assert one_line(missing.err)
    assert "none" in missing.err
    assert "qa index" in missing.err
    for command in (["search", "ship"], ["info"], ["quote", "ship"]):
        assert cli(*command, "--index", tmp_path / "none").code == 2

    nowhere = cli("ask", CHAIR)  # no index, and no seeds to build one from
    assert nowhere.code == 2
    assert one_line(nowhere.err)
    assert not (tmp_path / "index").exists()

    damaged = tmp_path / "damaged"
    shutil.copytree(seed_index, damaged)
    (damaged / "articles.db").write_bytes((damaged / "articles.db").read_bytes()[:5000])
    for extra in ("-wal", "-shm"):
        (damaged / f"articles.db{extra}").unlink(missing_ok=True)
    hurt = cli("ask", CHAIR, "--index", damaged)
    assert hurt.code == 2
    assert one_line(hurt.err)
    assert "damaged" in hurt.err

    long = cli("ask", "who " * 1000, "--index", seed_index)
    assert long.code == 2
    assert one_line(long.err)
    assert "4,000" in long.err

    gone = cli("index", tmp_path / "no-news", "--index", tmp_path / "new")
    assert gone.code == 2
    assert one_line(gone.err)
    assert not (tmp_path / "new").exists()

    monkeypatch.setenv("QA_THRESHOLD", "7")
    setting = cli("ask", CHAIR, "--index", seed_index)
    assert setting.code == 2
    assert one_line(setting.err)
    assert "QA_THRESHOLD" in setting.err
    for done in (missing, nowhere, hurt, long, gone, setting):
        assert done.out == ""


@pytest.mark.parametrize(
    "args", [["ask"], ["ask", "Who?", "--threshold", "7"], ["search", "x", "-k", "0"], ["nonsense"]]
)
def test_a_command_that_is_written_wrongly_is_an_error(cli, args):
    done = cli(*args)
    assert done.code == 2
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_model_that_cannot_be_loaded_is_an_error_in_one_line(cli, seed_index, monkeypatch):
    monkeypatch.setenv("QA_READER", "no/such/model")
    done = cli("ask", CHAIR, "--index", seed_index)
    assert done.code == 2
    assert one_line(done.err)
    assert "QA_READER" in done.err


def test_an_interrupt_is_told_as_one(cli, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.api.load", interrupted)
    done = cli("ask", CHAIR)
    assert done.code == 130
    assert "Traceback" not in done.err


# -- measuring


def test_eval_asks_a_file_and_compares_two_results(cli, seed_index, tmp_path):
    asked = tmp_path / "asked.jsonl"
    asked.write_text(json.dumps({"question": CHAIR, "answers": ["Alex Lee"]}), encoding="utf-8")
    results = tmp_path / "results.json"
    assert cli("eval", asked, "--index", seed_index, "--json", results).code == 0
    same = cli("eval", "--compare", results, results)
    assert same.code == 0
    assert "by chance alone" in same.out
    for wrong in (["eval"], ["eval", asked, "--compare", results, results]):
        done = cli(*wrong)
        assert done.code == 2
        assert one_line(done.err)


# -- help


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself(cli, words):
    done = cli(*words, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"qa {' '.join(words)}" in done.out
    assert re.search(r"[A-Z][^\n]+\.", done.out)  # a sentence
    assert ANSI not in done.out
    assert cli(*words, "-h").out == done.out


def test_help_names_an_extra_in_full(cli):
    assert "quoth-qa[mcp]" in cli("web", "--help").out


def test_help_names_every_command(cli):
    done = cli("--help")
    assert done.code == 0
    assert all(words[0] in done.out for words in commands())


# -- processes of their own


def start(*args, cwd, **environment):
    known = {key: value for key, value in os.environ.items() if not key.startswith("QA_")}
    known |= {"PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", *args],
        cwd=cwd, env=known, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def test_the_first_use_builds_the_index_and_answers_on_a_quiet_pipe(news):
    done = start("ask", CHAIR, cwd=news.parent)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Alex Lee\n")
    assert ANSI not in done.out
    assert "\r" not in done.out
    assert (news.parent / "index" / "articles.db").is_file()


def test_an_error_on_a_pipe_is_one_line_and_no_traceback(tmp_path):
    done = start("ask", CHAIR, "--index", "nowhere", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert one_line(done.err)
    assert list(tmp_path.iterdir()) == []
