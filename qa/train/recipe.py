"""`train_reader`: a folder of weights from files of questions, in one call.

Knows the order of the work: read, hold out, mine, train, judge, write. Does not know how any
of it is done. Everything that a restart needs stands in the folder `training` inside the
output folder: the recipe, the mixture, which is made once, and the last checkpoint.
"""

from __future__ import annotations

import json
import logging
import math
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.compute import dtype_for
from qa.config import Settings
from qa.encoder import SentenceEncoder
from qa.errors import ConfigError, EvaluationError
from qa.train import batches, card, data, loop, mixture, score, stored, weights
from qa.train.reword import Thesaurus, used

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.train.groups import Group
    from qa.train.loop import Progress

log = logging.getLogger(__name__)

TRAINING = "training"  # folder inside the output folder
CHECKPOINT = "checkpoint.safetensors"
# Not the training's seeds: what is held out, and how it is judged, is the same for each.
HOLD_OUT_SEED, JUDGE_SEED = 1, 2
_JUDGED = mixture.Shares(
    answered=1.0,
    retrieved=0.0,
    alone=0.15,
    reworded=0.3,
    near_miss=0.3,
    renamed=0.05,
    cut=0.05,
    unanswerable=1.0,
    titled=1.0,
    short=0.0,
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What, besides the data, decides the weights."""

    init: str | None = None  # folder or hub name to start from; None: all-MiniLM-L6-v2
    plan: loop.Plan = field(default_factory=loop.Plan)
    shares: mixture.Shares = field(default_factory=mixture.Shares)
    wordnet: str | None = None  # folder of WordNet's files; None: no question is reworded
    held_out: float = 0.03  # share of the paragraphs kept to judge by, in (0, 1)

    @classmethod
    def of(cls, file: Path) -> Recipe:
        """Return the recipe of a finished training, from its `run.json`.

        Raises:
            ConfigError: The file is missing, or tells no recipe that this version knows.
        """
        try:
            noted = json.loads(file.read_text(encoding="utf-8"))["recipe"]
            plan, shares = loop.Plan(**noted.pop("plan")), mixture.Shares(**noted.pop("shares"))
            return cls(**noted, plan=plan, shares=shares)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ConfigError(
                f"{file}: no recipe of a training: {error}.",
                cure="Name the run.json that `qa train-reader` wrote.",
            ) from error


@dataclass(frozen=True, slots=True)
class Run:
    """One finished training: what went in and what came out. Written as `run.json`."""

    recipe: dict[str, Any]
    data: dict[str, str]  # file name → sha256
    sources: dict[str, int]  # source → questions in the files
    commit: str
    versions: dict[str, str]
    machine: str
    kinds: dict[str, int]  # kind → groups drawn, over all epochs
    steps: int
    seconds: float  # of training, over all restarts
    loss: float  # moving average at the end, nats
    averaged: bool  # the weights are the moving average, which was better on what was held out
    scores: dict[str, dict[str, dict[str, float]]]  # file → kind → metric


def train_reader(
    data_files: Sequence[Path],
    out: Path,
    recipe: Recipe | None = None,
    *,
    evaluate: Sequence[Path] = (),
    limit: int = 0,
    settings: Settings | None = None,
    resume: bool = True,
    notes: str = "",
    progress: Callable[[Progress], None] | None = None,
    stage: Callable[[str], None] | None = None,
) -> Run:
    """Train a span reader; write weights, tokenizer, model card and `run.json` to `out`.

    Args:
        data_files: Questions to train on, grouped JSON lines or SQuAD JSON, gzipped or not.
        out: Folder for the weights. Its folder `training` may be deleted afterwards.
        recipe: Start, plan and mixture; None: the defaults.
        evaluate: Files of questions to report on. Nothing is learned or chosen from them.
        limit: Most questions of each file of `evaluate`; 0: all.
        settings: Device, number type, threads, encoder; None: from the environment.
        resume: Continue from the last checkpoint in `out`, if there is one.
        notes: Put into the model card, in Markdown: what was tried, what failed.
        progress: Called every few steps.
        stage: Called with what begins now.

    Raises:
        EvaluationError: A file cannot be used, or it is both trained on and reported on.
        ConfigError: `out` holds a training by another recipe, or a value is out of range.
        ModelError: The model to start from cannot be loaded.
    """
    recipe = recipe or Recipe()
    settings, stage = settings or Settings.from_environment(), stage or log.info
    _check(data_files, evaluate, recipe)
    work = out / TRAINING
    if not resume:
        _forget(work)
    hashes = {path.name: data.sha256(path) for path in data_files}
    _same_recipe(work, hashes, recipe)

    stage("reading and mining")
    judged, epochs = _mixture(data_files, work, settings, recipe)
    stage("training")
    model, tokenizer = weights.load(recipe.init, settings, recipe.plan.seed, recipe.plan.dropout)
    groups, order = _order(epochs, recipe.plan)
    trainer = loop.Trainer(model, recipe.plan, len(order), work / CHECKPOINT, dtype_for(settings))
    loop.run(
        trainer,
        lambda step: batches.collate([groups[number] for number in order[step]], tokenizer),
        progress or (lambda _: None),
    )
    at_end = trainer.progress()  # before judging, whose seconds are no training
    stage("judging")
    averaged = _write_better(trainer, tokenizer, out, judged)
    scores = {"held out": score.by_kind(out, judged)}
    for path in evaluate:
        scores[path.name] = score.by_kind(out, score.groups_of(path, limit, JUDGE_SEED))

    run = Run(
        recipe=asdict(recipe),
        data=hashes,
        sources=_sources(data_files),
        commit=_commit(),
        versions=card.versions(),
        machine=card.machine(settings),
        kinds=card.counts(groups),
        steps=at_end.step,
        seconds=round(at_end.seconds, 1),
        loss=round(at_end.loss, 4),
        averaged=averaged,
        scores=scores,
    )
    write_up(run, out, notes)
    return run


def write_up(run: Run, out: Path, notes: str = "") -> None:
    """Write `run.json` and the model card."""
    (out / "run.json").write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")
    (out / "README.md").write_text(card.write(run, notes), encoding="utf-8")


def _check(data_files: Sequence[Path], evaluate: Sequence[Path], recipe: Recipe) -> None:
    if not data_files:
        raise EvaluationError("No file to train on.", cure="Give at least one.")
    both = {data.sha256(path) for path in data_files} & {data.sha256(path) for path in evaluate}
    if both:
        raise EvaluationError(
            "A file is both trained on and reported on; its scores would mean nothing.",
            cure="Report on a file that is not trained on.",
        )
    if not 0 < recipe.held_out < 1:
        raise ConfigError(f"held_out is {recipe.held_out}; it must be between 0 and 1.")
    if recipe.plan.epochs <= 0 or recipe.plan.batch < 1:
        raise ConfigError(
            f"{recipe.plan.epochs} epochs of batches of {recipe.plan.batch} train nothing."
        )


def _forget(work: Path) -> None:
    for file in sorted(work.glob("*")):
        if file.is_file():
            file.unlink()


def _same_recipe(work: Path, hashes: dict[str, str], recipe: Recipe) -> None:
    """Note the recipe of a new training; raise if the one begun there is another."""
    noted = {"data": hashes, "recipe": asdict(recipe)}
    noted["recipe"]["plan"].pop("save_every")  # decides nothing
    file = work / "recipe.json"
    text = json.dumps(noted, indent=1, sort_keys=True)
    if file.exists() and file.read_text(encoding="utf-8") != text:
        raise ConfigError(
            f"{work} holds a training with other data or settings.",
            cure="Give the same ones, start anew without resuming, or name another folder.",
        )
    work.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _mixture(
    data_files: Sequence[Path], work: Path, settings: Settings, recipe: Recipe
) -> tuple[list[Group], list[list[Group]]]:
    """Return (groups held out, groups of each epoch); made once, then read back."""
    file = work / "mixture.jsonl.gz"
    if not file.exists():
        train, held = data.hold_out(data.read(data_files), recipe.held_out, HOLD_OUT_SEED)
        encoder = SentenceEncoder(settings)
        seeds = [recipe.plan.seed * 1000 + epoch for epoch in range(math.ceil(recipe.plan.epochs))]
        texts = (paragraph.text for paragraph in train)
        thesaurus = Thesaurus(Path(recipe.wordnet), used(texts)) if recipe.wordnet else None
        epochs = mixture.build(train, encoder, recipe.shares, seeds, thesaurus)
        judged = mixture.build(held, encoder, _JUDGED, [JUDGE_SEED], thesaurus)
        stored.save(file, [*judged, *epochs])
    held_out, *epochs = stored.load(file)
    if not any(epochs):
        raise EvaluationError("The files leave no question to train on.", cure="Give more.")
    return held_out, epochs


def _order(
    epochs: Sequence[Sequence[Group]], plan: loop.Plan
) -> tuple[list[Group], list[list[int]]]:
    """Return all groups, and for each step the numbers of its groups."""
    groups: list[Group] = []
    steps: list[list[int]] = []
    for number, epoch in enumerate(epochs):
        shift = len(groups)
        ordered = batches.order(epoch, plan.batch, plan.seed + number)
        steps.extend([shift + place for place in batch] for batch in ordered)
        groups.extend(epoch)
    # Of 1.5 epochs, two are drawn and three quarters of their steps are taken.
    return groups, steps[: max(1, round(len(steps) * plan.epochs / len(epochs)))]


def _write_better(
    trainer: loop.Trainer, tokenizer: Any, out: Path, judged: Sequence[Group]
) -> bool:
    """Write the averaged or the last weights, whichever is better on `judged`; True: averaged."""
    found: dict[bool, float] = {}
    for averaged in (True, False):
        folder = out / TRAINING / ("averaged" if averaged else "last")
        weights.write(trainer.put(averaged=averaged), tokenizer, folder)
        found[averaged] = score.score(folder, judged).best_f1 if judged else 0.0
    log.info("best-threshold F1 held out: averaged %.2f, last %.2f", found[True], found[False])
    averaged = found[True] >= found[False]
    weights.move(out / TRAINING / ("averaged" if averaged else "last"), out)
    return averaged


def _sources(files: Sequence[Path]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for paragraph in data.read(files):
        found[paragraph.source] += len(paragraph.questions)
    return dict(sorted(found.items()))


def _commit() -> str:
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607  # whichever git is installed
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):  # an installed package has no repository
        return ""
    return found.stdout.strip()
