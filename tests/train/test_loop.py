from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch

from qa.train import batches, checkpoint, loop, weights
from qa.train.groups import Group, Window


@pytest.fixture(scope="module")
def groups(paragraphs):
    found = []
    for paragraph in paragraphs[:40]:
        for asked in paragraph.questions:
            place, accepted = (-1, -1), ()
            if asked.answers:
                gold = asked.answers[0]
                place, accepted = (gold.start, gold.start + len(gold.text)), (gold.text,)
            window = Window(paragraph.title, paragraph.text, *place)
            found.append(Group(asked.text, (window,), "x", accepted))
    return found


@pytest.fixture
def trainer(tiny, settings, tmp_path, groups, tokenizer):
    """A function that gives a trainer over the tiny model, and its batches."""
    order = batches.order(groups, 8, seed=0)

    def at(step):
        return batches.collate([groups[n] for n in order[step]], tokenizer)

    def make(file="c.safetensors", dtype=torch.float32, **plan):
        model, _ = weights.load(str(tiny), settings, 0)
        given = {"rate": 1e-3, "batch": 8, "seed": 0} | plan
        return loop.Trainer(model, loop.Plan(**given), len(order), tmp_path / file, dtype), at

    return make


def masters(taken):
    return {name: tensor.clone() for name, tensor in taken._master.items()}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_resumed_training_ends_where_an_uninterrupted_one_does(trainer, dtype):
    whole, at = trainer("a.safetensors", dtype)
    for step in range(10):
        whole.train(at(step))
    first, _ = trainer("b.safetensors", dtype)
    for step in range(5):
        first.train(at(step))
    first.save()
    second, _ = trainer("b.safetensors", dtype)
    assert second.step == 5
    assert second.progress().loss == pytest.approx(first.progress().loss)
    for step in range(5, 10):
        second.train(at(step))
    for name, tensor in masters(whole).items():
        torch.testing.assert_close(second._master[name], tensor, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(second._mean[name], whole._mean[name], rtol=1e-4, atol=1e-5)


def test_the_rate_rises_and_then_falls_to_zero(trainer):
    taken, at = trainer(warm_up=0.25)
    rates = []
    while taken.step < taken.steps:
        taken.train(at(taken.step))
        rates.append(taken._optimizer.param_groups[0]["lr"])
    peak = rates.index(max(rates))
    assert all(a < b for a, b in pairwise(rates[: peak + 1]))
    assert all(a > b for a, b in pairwise(rates[peak:]))
    assert max(rates) <= 1e-3
    assert rates[-1] < 0.1 * max(rates)


def test_a_training_with_no_time_left_stops_with_a_checkpoint(trainer, tmp_path):
    taken, at = trainer(minutes=1e-9)
    reports = []
    loop.run(taken, at, reports.append)
    assert taken.step == 0
    assert reports[-1].done == 1.0
    assert checkpoint.load(tmp_path / "c.safetensors", "cpu") is not None


def test_frozen_words_stay_and_the_rest_moves(trainer):
    taken, at = trainer()
    before = {n: p.detach().clone() for n, p in taken._model.named_parameters()}
    for step in range(4):  # the rate begins at zero
        taken.train(at(step))
    after = dict(taken.put(averaged=False).named_parameters())
    same = [name for name in before if torch.equal(before[name], after[name])]
    assert same == ["bert.embeddings.word_embeddings.weight"]


def test_progress_says_how_long_it_takes(trainer):
    taken, at = trainer()
    assert math.isinf(taken.progress().remaining)
    taken.train(at(0))
    now = taken.progress()
    assert now.done == pytest.approx(1 / taken.steps)
    assert now.remaining == pytest.approx(now.seconds * (taken.steps - 1), rel=1e-6)


def test_a_write_that_fails_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    file = tmp_path / "c.safetensors"
    checkpoint.save(file, {"a": torch.ones(3)}, {"step": 1})

    def torn(_tensors, path, **_):
        path.write_bytes(b"half a fi")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", torn)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(file, {"a": torch.zeros(3)}, {"step": 2})
    tensors, state = checkpoint.load(file, "cpu")
    assert state == {"step": 1}
    assert tensors["a"].tolist() == [1, 1, 1]
