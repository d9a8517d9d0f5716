"""The mean of readers, on tiny ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from qa.cli import app
from qa.errors import EvaluationError, ModelError
from qa.train import weights


def changed(folder, out, change):
    """Copy a reader, its weights changed; return the copy."""
    shutil.copytree(folder, out)
    tensors = {name: change(tensor) for name, tensor in load_file(out / weights.WEIGHTS).items()}
    save_file(tensors, out / weights.WEIGHTS, metadata={"format": "pt"})
    return out


def test_a_mean_lies_between_its_readers_and_loads(tiny, settings, tmp_path):
    other = changed(tiny, tmp_path / "other", lambda tensor: tensor + 1)
    weights.mean([tiny, other], tmp_path / "mean")
    before = load_file(Path(tiny) / weights.WEIGHTS)
    after = load_file(tmp_path / "mean" / weights.WEIGHTS)
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        assert torch.allclose(after[name], tensor + 0.5, atol=1e-3)
    model, tokenizer = weights.load(str(tmp_path / "mean"), settings, 0)
    assert model.qa_outputs.weight.shape == (2, 32)
    assert tokenizer("Who?")["input_ids"]


def test_readers_of_other_shapes_have_no_mean(tiny, tmp_path):
    short = changed(tiny, tmp_path / "short", lambda tensor: tensor[..., :1].contiguous())
    with pytest.raises(ModelError, match="differ"):
        weights.mean([tiny, short], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_a_reader_that_is_not_there_is_named(tiny, tmp_path):
    with pytest.raises(ModelError, match="nowhere"):
        weights.mean([tiny, tmp_path / "nowhere"], tmp_path / "mean")


def test_the_command_writes_the_mean_and_overwrites_no_reader(tiny, tmp_path):
    runner = CliRunner()
    out = tmp_path / "mean"
    done = runner.invoke(app, ["average-readers", str(tiny), str(tiny), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert load_file(out / weights.WEIGHTS).keys() == load_file(tiny / weights.WEIGHTS).keys()
    before = (tiny / weights.WEIGHTS).read_bytes()
    done = runner.invoke(app, ["average-readers", str(tiny), str(out), "--out", str(tiny)])
    assert isinstance(done.exception, EvaluationError)
    assert (tiny / weights.WEIGHTS).read_bytes() == before
