"""From a thumb on the page to a measured score: the commands that readers' verdicts pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import qa
from qa.web.server import FEEDBACK_FILE, app

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTION = "Whose release did the State Department call for?"


def command(*words):
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, words)],
        capture_output=True, text=True, check=False, cwd=SEEDS.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_readers_judged_is_measured_by_the_commands(tmp_path):
    index = tmp_path / "index"
    qa.build(SEEDS, index)
    whole = app(qa.load(index))  # keeps feedback where the commands look for it
    talk, visit = whole.state.desk.talk, whole.state.desk.visit()
    for question, verdict, more in (
        (QUESTION, "right", {}),
        ("How many goals did the Cuban team score?", "right", {}),  # rightly silent
        ("Who chaired the meeting for Cuba?", "wrong", {"correction": "Josefina Vidal"}),
        ("Where was it?", "wrong", {"note": "no idea"}),
    ):
        turn = list(talk.ask(visit, question))[-1]
        talk.judge(visit, {"turn": str(turn.number), "verdict": verdict, **more})
    whole.state.batcher.close()
    whole.state.desk.offers.close()
    assert (index / FEEDBACK_FILE).exists()
    out = tmp_path / "judged.jsonl"
    assert command("feedback", "export", out, "--index", index).startswith("3 questions")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["question"] == QUESTION
    assert [line["answers"] for line in lines] == [["Alan Gross"], [], ["Josefina Vidal"]]
    command("eval", out, "--index", index, "--json", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(report["records"]) == 3
