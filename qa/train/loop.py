"""The optimisation: half-precision compute, full-precision weights, resumable at any step.

Knows the model's parameters, the optimiser and the clock. Does not know where batches come
from or how a model is judged.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qa.train import checkpoint
from qa.train.loss import loss_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.train.batches import Batch

log = logging.getLogger(__name__)

_NORM = 1.0  # largest norm of a step's gradient
_DECAY = 0.01  # weight decay of matrices; biases and norms have none
_AVERAGE_EVERY = 4  # steps
_LOSS_STEPS = 50  # over about this many the reported loss is averaged


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `minutes` ends the training early, with the rate at zero, when set."""

    rate: float = 2e-4  # peak learning rate of AdamW
    warm_up: float = 0.05  # share of the training in which the rate rises
    batch: int = 64  # windows, about; a tenth faster on a CPU than 32
    epochs: float = 2.5
    minutes: float = 0.0  # of wall-clock time; 0: no limit
    shared: float = 0.5  # weight of the shared normalisation
    trim: float = 7.0  # nats; see loss.py
    trim_from: float = 0.3  # share of the training before which nothing is trimmed
    average: float = 0.99  # decay of the weights' moving average, per AVERAGE_EVERY steps
    dropout: float = 0.0  # of hidden states; helps once questions have been seen often
    frozen_words: bool = True  # keep the word embeddings as they are
    seed: int = 0
    save_every: float = 180.0  # seconds between checkpoints


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is."""

    step: int
    steps: int
    loss: float  # moving average, nats
    done: float  # share, in [0, 1]
    seconds: float  # since the start, over all runs
    remaining: float  # seconds, at the speed so far
    windows_per_second: float  # in this run


class Trainer:
    """Takes steps on a model. `state` goes to the checkpoint file and comes back from it."""

    def __init__(self, model: Any, plan: Plan, steps: int, file: Path, dtype: Any) -> None:
        """Prepare; continues from `file` where it exists."""
        import torch

        self._model, self._plan, self._file, self.steps = model, plan, file, steps
        if plan.frozen_words:
            model.get_input_embeddings().weight.requires_grad_(False)
        self._device = next(model.parameters()).device
        self._live = {n: p for n, p in model.named_parameters() if p.requires_grad}
        self._master = {n: p.detach().float().clone() for n, p in self._live.items()}
        model.to(dtype)  # the parameters stay the same objects
        self._mean = {n: p.clone() for n, p in self._master.items()}
        groups = [
            {"params": [p for p in self._master.values() if p.dim() > 1], "weight_decay": _DECAY},
            {"params": [p for p in self._master.values() if p.dim() <= 1], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)
        self.step = 0
        self._loss = math.nan
        self._before = 0.0  # seconds of earlier runs
        self._resume()
        self._began = self._saved = time.monotonic()
        self._windows = 0

    @property
    def seconds(self) -> float:
        """Seconds of training so far, over all runs."""
        return self._before + time.monotonic() - self._began

    @property
    def done(self) -> float:
        """Share of the training that is behind, in [0, 1]."""
        share = self.step / max(1, self.steps)
        if self._plan.minutes:
            share = max(share, self.seconds / 60 / self._plan.minutes)
        return min(1.0, share)

    def train(self, batch: Batch) -> None:
        """Take one step."""
        import torch

        batch = batch.to(str(self._device))
        done = self.done
        self._set_rate(done)
        out = self._model(
            input_ids=batch.input_ids,
            attention_mask=batch.attention_mask,
            token_type_ids=batch.token_type_ids,
        )
        trim = self._plan.trim if done >= self._plan.trim_from else math.inf
        loss = loss_of(out.start_logits, out.end_logits, batch, shared=self._plan.shared, trim=trim)
        loss.backward()
        for name, live in self._live.items():
            self._master[name].grad = live.grad.float()
            live.grad = None
        torch.nn.utils.clip_grad_norm_(list(self._master.values()), _NORM)
        self._optimizer.step()
        with torch.no_grad():
            for name, live in self._live.items():
                live.copy_(self._master[name])
        self.step += 1
        self._windows += len(batch)
        self._follow(float(loss.detach()))

    def progress(self) -> Progress:
        """Say where the training is."""
        done, seconds = self.done, self.seconds
        return Progress(
            step=self.step,
            steps=self.steps,
            loss=self._loss,
            done=done,
            seconds=seconds,
            remaining=seconds * (1 - done) / done if done else math.inf,
            windows_per_second=self._windows / max(1e-9, time.monotonic() - self._began),
        )

    def save_if_due(self) -> None:
        """Write a checkpoint when the last one is `save_every` seconds old."""
        if time.monotonic() - self._saved >= self._plan.save_every:
            self.save()

    def save(self) -> None:
        """Write a checkpoint."""
        tensors: dict[str, Any] = {}
        for name, master in self._master.items():
            tensors[f"master.{name}"] = master
            tensors[f"mean.{name}"] = self._mean[name]
            for key, value in self._optimizer.state[master].items():
                tensors[f"adam.{key}.{name}"] = value
        state = {
            "step": self.step, "loss": self._loss, "seconds": self.seconds,
            "plan": asdict(self._plan),
        }  # fmt: skip
        checkpoint.save(self._file, tensors, state)
        self._saved = time.monotonic()
        log.info("checkpoint at step %d: %s", self.step, self._file)

    def put(self, *, averaged: bool) -> Any:
        """Put the averaged or the latest weights into the model; return it, in full precision."""
        import torch

        chosen = self._mean if averaged else self._master
        self._model.float()
        with torch.no_grad():
            for name, parameter in self._model.named_parameters():
                if name in chosen:
                    parameter.copy_(chosen[name])
        return self._model

    def _set_rate(self, done: float) -> None:
        plan = self._plan
        rising = done / plan.warm_up if plan.warm_up else 1.0
        rate = plan.rate * min(rising, (1 - done) / (1 - plan.warm_up), 1.0)
        for group in self._optimizer.param_groups:
            group["lr"] = max(rate, 1e-9)

    def _follow(self, loss: float) -> None:
        weight = 1.0 / min(self.step, _LOSS_STEPS)
        self._loss = loss if self.step == 1 else self._loss + weight * (loss - self._loss)
        if self.step % _AVERAGE_EVERY == 0:
            import torch

            # Young averages forget faster, so the first weights do not linger.
            decay = min(
                self._plan.average, self.step / _AVERAGE_EVERY / (10 + self.step / _AVERAGE_EVERY)
            )
            torch._foreach_lerp_(  # one kernel for all; no public name
                list(self._mean.values()), list(self._master.values()), 1 - decay
            )

    def _resume(self) -> None:
        import torch

        found = checkpoint.load(self._file, str(self._device))
        if found is None:
            return
        tensors, state = found
        for name, master in self._master.items():
            with torch.no_grad():
                master.copy_(tensors[f"master.{name}"])
                self._mean[name].copy_(tensors[f"mean.{name}"])
                self._live[name].copy_(master)
            self._optimizer.state[master] = {
                key: tensors[f"adam.{key}.{name}"] for key in ("step", "exp_avg", "exp_avg_sq")
            }
        self.step, self._loss = state["step"], state["loss"]
        self._before = state["seconds"]
        log.info("continuing from step %d of %s", self.step, self._file)


def run(
    trainer: Trainer,
    batch_at: Callable[[int], Batch],
    report: Callable[[Progress], None] = lambda _: None,
    report_every: int = 20,
) -> None:
    """Take all remaining steps; batch number `step` is `batch_at(step)`."""
    while trainer.step < trainer.steps and trainer.done < 1.0:
        trainer.train(batch_at(trainer.step))
        trainer.save_if_due()
        if trainer.step % report_every == 0 or trainer.step == 1:
            report(trainer.progress())
    trainer.save()
    report(trainer.progress())
