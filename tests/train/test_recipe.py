"""The whole recipe on 500 toy questions: the real start model, and a kill in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import toy
from typer.testing import CliRunner

from qa.cli import app
from qa.errors import ConfigError, EvaluationError, ModelError
from qa.reader import WEIGHTS, SpanReader
from qa.train import score
from qa.train.loop import Plan
from qa.train.recipe import CHECKPOINT, TRAINING, Recipe, train_reader
from qa.types import Passage

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trained(toy_file, tmp_path_factory, settings):
    """(run, folder, losses) of the recipe from all-MiniLM-L6-v2."""
    folder = tmp_path_factory.mktemp("trained")
    dev = toy.write(folder / "dev.jsonl", 60, seed=99)
    seen = []
    run = train_reader(
        [toy_file],
        folder / "weights",
        Recipe(plan=Plan(rate=4e-4, batch=16, epochs=0.9, average=0.8), held_out=0.1),
        evaluate=[dev],
        settings=settings,
        notes="## Tried\n\nNothing else.",
        progress=seen.append,
    )
    return run, folder / "weights", seen


def test_the_loss_falls_and_the_scores_beat_chance(trained):
    run, _, seen = trained
    assert seen[-1].done == 1.0
    assert run.steps == seen[-1].step
    assert run.loss < 0.9 * seen[0].loss  # the mean of all steps against the first one's
    scores = run.scores["dev.jsonl"]["all"]
    assert scores["questions"] == 60
    assert scores["best_f1"] > 45  # answering nothing: 25
    assert "held out" in run.scores


def test_the_weights_load_and_find_a_span(trained, settings):
    _, folder, _ = trained
    weights = folder / "model.safetensors"
    assert weights.stat().st_size < 46_000_000
    reader = SpanReader(replace(settings, reader=str(folder)))
    text = "Clara Holm was born in Vienna in 1931. She became a pilot."
    (spans,) = reader.read("Where was Clara Holm born?", [Passage("a#0", "a", 0, 58, text)], [""])
    assert spans
    assert spans[0].text in text


def test_the_card_and_the_run_say_what_was_done(trained, toy_file):
    run, folder, _ = trained
    card = (folder / "README.md").read_text(encoding="utf-8")
    found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert found["data"] == {toy_file.name: run.data[toy_file.name]}
    assert found["recipe"]["plan"]["rate"] == 4e-4
    assert found["sources"] == {"squad_toy": run.sources["squad_toy"], **run.sources}
    for part in ("CC BY-SA 4.0", "CC BY 4.0", "dev.jsonl", "Nothing else.", "Limits", "near-name"):
        assert part in card
    assert f"{run.scores['dev.jsonl']['all']['best_f1']:.1f}" in card


def test_scores_read_back_from_the_folder_are_those_of_the_run(trained):
    run, folder, _ = trained
    groups = score.groups_of(folder.parent / "dev.jsonl")
    assert score.score(folder, groups).best_f1 == pytest.approx(
        run.scores["dev.jsonl"]["all"]["best_f1"]
    )


def recipe_of(tiny):
    return Recipe(
        init=str(tiny), plan=Plan(rate=1e-3, batch=4, epochs=1.0, save_every=0.0), held_out=0.1
    )


CHILD = """
from pathlib import Path
from qa.config import Settings
from qa.train.loop import Plan
from qa.train.recipe import Recipe, train_reader
plan = Plan(rate=1e-3, batch=4, epochs=1.0, save_every=0.0)
train_reader([Path({data!r})], Path({out!r}), Recipe({init!r}, plan, held_out=0.1),
             settings=Settings(device="cpu"))
"""


def test_a_killed_training_goes_on_and_ends_as_if_it_had_not_been(
    tiny, toy_file, tmp_path, settings
):
    from safetensors.torch import load_file

    out = tmp_path / "killed"
    code = CHILD.format(data=str(toy_file), out=str(out), init=str(tiny))
    child = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    file = out / TRAINING / CHECKPOINT
    while not file.exists():
        assert child.poll() is None, "it ended before it was killed"
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (out / "model.safetensors").exists()

    seen = []
    train_reader([toy_file], out, recipe_of(tiny), settings=settings, progress=seen.append)
    whole = tmp_path / "whole"
    every = []
    train_reader([toy_file], whole, recipe_of(tiny), settings=settings, progress=every.append)
    assert seen[-1].step == every[-1].step
    assert seen[-1].loss == pytest.approx(every[-1].loss, rel=1e-3)
    wanted = load_file(whole / "model.safetensors")
    for name, tensor in load_file(out / "model.safetensors").items():
        if name.endswith("key.bias"):
            continue  # softmax cancels it, so its gradient is rounding alone, which AdamW enlarges
        assert tensor.float().sub(wanted[name].float()).abs().max() < 0.01, name


def test_another_recipe_does_not_continue_a_training(tiny, toy_file, tmp_path, settings):
    out = tmp_path / "out"
    (out / TRAINING).mkdir(parents=True)
    (out / TRAINING / "recipe.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="other data or settings"):
        train_reader([toy_file], out, recipe_of(tiny), settings=settings)


def test_a_recipe_is_read_back_from_its_run(trained):
    run, folder, _ = trained
    read = Recipe.of(folder / "run.json")
    assert asdict(read) == run.recipe
    assert read.plan.rate == 4e-4


@pytest.mark.parametrize("file", sorted(WEIGHTS.glob("run-*.json")), ids=lambda file: file.name)
def test_the_runs_of_the_shipped_weights_can_be_repeated(file):
    """Every share is noted: one that is not would be drawn as today's default has it."""
    noted = json.loads(file.read_text(encoding="utf-8"))["recipe"]
    assert asdict(Recipe.of(file))["shares"] == noted["shares"]
    assert asdict(Recipe.of(file))["plan"] == noted["plan"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"recipe": {}}', '{"recipe": {"plan": 1}}'])
def test_what_is_no_run_is_told(text, tmp_path):
    file = tmp_path / "run.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"run\.json: no recipe"):
        Recipe.of(file)
    with pytest.raises(ConfigError, match="none"):
        Recipe.of(tmp_path / "none")


def test_the_command_follows_a_recipe_but_for_what_is_named(trained, toy_file, tmp_path):
    _, folder, _ = trained
    out = tmp_path / "weights"
    named = ["--recipe", str(folder / "run.json"), "--epochs", "0.05", "--seed", "3"]
    done = CliRunner().invoke(app, ["train-reader", str(toy_file), "--out", str(out), *named])
    assert done.exit_code == 0, done.output
    followed, wanted = Recipe.of(out / "run.json"), Recipe.of(folder / "run.json")
    assert followed == replace(wanted, plan=replace(wanted.plan, epochs=0.05, seed=3))


def test_what_is_trained_on_is_not_reported_on(toy_file, tmp_path):
    with pytest.raises(EvaluationError, match="both trained on and reported on"):
        train_reader([toy_file], tmp_path, evaluate=[toy_file])


def test_no_file_and_no_epoch_train_nothing(toy_file, tmp_path):
    with pytest.raises(EvaluationError, match="No file"):
        train_reader([], tmp_path)
    with pytest.raises(ConfigError, match="train nothing"):
        train_reader([toy_file], tmp_path, Recipe(plan=Plan(epochs=0)))


def test_a_start_model_that_is_not_there_is_named(toy_file, tmp_path, settings):
    with pytest.raises(ModelError, match="nowhere"):
        train_reader([toy_file], tmp_path, Recipe(init="/nowhere"), settings=settings)
