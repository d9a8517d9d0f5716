"""The commands that measure and train: `qa eval`, `eval-reader`, `train-…`.

Knows the options. Does not know how anything is measured or trained.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qa.errors import EvaluationError

_QUESTIONS = typer.Argument(
    help="Questions: JSON lines, SQuAD JSON or grouped JSON lines; .gz too."
)
Limit = Annotated[int | None, typer.Option(min=1, help="Questions drawn at random; all if unset.")]
Seed = Annotated[int, typer.Option(help="Of every random draw.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="File for records and metrics.")]


def evaluate(
    questions: Annotated[Path | None, _QUESTIONS] = None,
    index: Annotated[str | None, typer.Option("--index", help="Index to ask.")] = None,
    articles: Annotated[
        Path | None, typer.Option("--articles", help="Folder of articles to index and ask.")
    ] = None,
    json: JsonFile = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Folder for a page with pictures.")
    ] = None,
    limit: Limit = None,
    near_misses: Annotated[
        int, typer.Option("--near-misses", min=0, help="Questions with a swapped name to add.")
    ] = 0,
    threshold: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Least confidence that is answered.")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Ask nothing: two files of --json; what changed, and is it noise?"),
    ] = None,
    seed: Seed = 0,
) -> None:
    """Ask every question of a file and say how well that went, with intervals and reasons."""
    from qa import show
    from qa.evaluate import cli

    if compare is not None:
        if questions is not None:
            raise EvaluationError(
                f"{questions} is to be asked, and two files to be compared.",
                cure="Do one after the other.",
            )
        cli.compare(*compare, show.console(), seed=seed)
        return
    if questions is None:
        raise EvaluationError("No file of questions is named.", cure="Name one, or --compare two.")
    with show.progress() as told:
        results = cli.evaluate(
            questions,
            index=index,
            articles=articles,
            json=json,
            report=report,
            limit=limit,
            near_misses=near_misses,
            threshold=threshold,
            seed=seed,
            progress=told,
            console=show.console(),
        )
    for notice in results.notices:
        typer.echo(f"warning: {notice}", err=True)


def evaluate_reader(
    questions: Annotated[Path, _QUESTIONS],
    reader: Annotated[
        str | None, typer.Option(help="Folder of weights; those shipped if unset.")
    ] = None,
    titles: Annotated[bool, typer.Option(help="Show the reader each context's title.")] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Read each context as a whole only, as others do.")
    ] = False,
    json: JsonFile = None,
    limit: Limit = None,
    seed: Seed = 0,
) -> None:
    """Have the reader read each question's own context; official SQuAD 2.0 scores."""
    from qa import show
    from qa.evaluate import cli

    with show.progress() as told:
        cli.evaluate_reader(
            questions,
            reader=reader,
            titles=titles,
            once=once,
            json=json,
            limit=limit,
            seed=seed,
            progress=told,
            console=show.console(),
        )


def train_confidence(
    questions: Annotated[
        list[Path],
        typer.Argument(help="Files of contexts with questions; half of each is held out."),
    ],
    out: Annotated[Path, typer.Option(help="File for the fitted weights.")],
    picture: Annotated[
        Path | None, typer.Option(help="PNG file for accuracy over coverage, on that other half.")
    ] = None,
    wordnet: Annotated[
        Path | None,
        typer.Option(help="Folder of WordNet's files, to ask in other words too; unset: not."),
    ] = None,
    collections: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="QUESTIONS=FOLDER",
            help="Questions on a folder of articles, all fitted on; may be repeated.",
        ),
    ] = None,
    limit: Limit = None,
    seed: Seed = 0,
) -> None:
    """Fit the confidence on one half of the contexts, and report on the other half."""
    from qa import show
    from qa.train.confidence import train

    pairs = [_collection(pair) for pair in collections or ()]
    if not questions:
        raise EvaluationError("No file is named.", cure="Name a file of contexts with questions.")
    with show.progress() as told:
        train(
            questions,
            out,
            limit=limit,
            seed=seed,
            picture=picture,
            wordnet=wordnet,
            collections=pairs,
            progress=told,
            console=show.console(),
        )


def _collection(pair: str) -> tuple[Path, Path]:
    file, sign, folder = pair.partition("=")
    if not sign:
        raise EvaluationError(
            f"--with {pair}: no folder of articles is named.",
            cure="Write the question file, an equals sign and the folder.",
        )
    return Path(file), Path(folder)


def train_reader(
    data: Annotated[list[Path], typer.Argument(help="Files of contexts with questions.")],
    out: Annotated[Path, typer.Option(help="Folder for the weights, the card and the run.")],
    recipe: Annotated[
        Path | None,
        typer.Option(help="A run.json; what is unset here is as its recipe has it."),
    ] = None,
    init: Annotated[
        str | None, typer.Option(help="Folder to start from; all-MiniLM-L6-v2 if unset.")
    ] = None,
    wordnet: Annotated[
        str | None,
        typer.Option(help="Folder of WordNet's files, to reword questions with; unset: none are."),
    ] = None,
    epochs: Annotated[
        float | None, typer.Option(min=0.0, help="Times each question is seen; 2.5 if unset.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Most minutes of training; 0 or unset: no limit.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(min=0.0, help="Highest learning rate; 2e-4 if unset.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Windows in a step, about; 64 if unset.")
    ] = None,
    evaluate: Annotated[
        list[Path] | None, typer.Option("--evaluate", help="File to report on; may be repeated.")
    ] = None,
    limit: Limit = None,
    resume: Annotated[
        bool, typer.Option("--resume/--restart", help="Go on from the last checkpoint.")
    ] = True,
    seed: Annotated[int | None, typer.Option(help="Of every random draw; 0 if unset.")] = None,
) -> None:
    """Train the span reader by the recipe that made its weights; resumes after a kill."""
    from dataclasses import replace

    from qa import show
    from qa.train.recipe import Recipe
    from qa.train.recipe import train_reader as train

    followed = Recipe.of(recipe) if recipe else Recipe()
    named = {"epochs": epochs, "minutes": minutes, "rate": rate, "batch": batch, "seed": seed}
    plan: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    with show.progress() as told:
        run = train(
            data,
            out,
            replace(
                followed,
                init=init or followed.init,
                plan=replace(followed.plan, **plan),
                wordnet=wordnet or followed.wordnet,
            ),
            evaluate=evaluate or (),
            limit=limit or 0,
            resume=resume,
            progress=lambda now: told(now.step, now.steps, "training"),
            stage=lambda what: typer.echo(what, err=True),
        )
    show.as_json(run.scores)


def average_readers(
    readers: Annotated[list[Path], typer.Argument(help="Folders of readers with one start.")],
    out: Annotated[Path, typer.Option(help="Folder for the weights.")],
) -> None:
    """Write the mean of several readers' weights: often better than each, and as fast."""
    from qa.train.weights import mean

    if out in readers:
        raise EvaluationError(f"{out} would be overwritten.", cure="Name another folder.")
    mean(readers, out)


def register(app: typer.Typer) -> None:
    """Add the commands of this room to the command line."""
    app.command("eval")(evaluate)
    app.command("eval-reader")(evaluate_reader)
    app.command("train-confidence")(train_confidence)
    app.command("train-reader")(train_reader)
    app.command("average-readers")(average_readers)
