"""What `qa eval` does: questions in, tables, a JSON file and a report out.

Knows where the articles of an evaluation come from and where its results go. Does not know how
options are parsed (qa/cli) or how anything is measured.
"""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import EvaluationError
from qa.evaluate import datasets, swaps
from qa.evaluate.results import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from qa.evaluate.datasets import Context, Question
    from qa.evaluate.reader import Reading
    from qa.evaluate.results import Results
    from qa.index import Progress
    from qa.pipeline import Pipeline

log = logging.getLogger(__name__)

PLAIN_TEXT = (".txt", ".md")  # files whose text a quotation is checked against, byte for byte


def evaluate(
    questions: str | Path,
    *,
    index: str | Path | None = None,
    articles: str | Path | None = None,
    json: str | Path | None = None,
    report: str | Path | None = None,
    limit: int | None = None,
    near_misses: int = 0,
    seed: int = 0,
    threshold: float | None = None,
    progress: Progress | None = None,
    console: Console | None = None,
) -> Results:
    """Ask every question of a file, and say how well that went.

    Args:
        questions: JSON lines, SQuAD JSON, or grouped JSON lines.
        index: Folder of an index to ask.
        articles: Folder of articles to ask; its index is kept in the user's cache. With
            neither, a file that brings its contexts is asked of these (open corpus), and
            another one of the default index.
        json: File for all records and metrics.
        report: Folder for a page with pictures.
        limit: Questions drawn at random; None: all.
        near_misses: Questions with a swapped name, number or date to add, drawn at random.
        seed: Of the draws and of the bootstrap.
        threshold: Least confidence that counts as answered; None: the pipeline's.
        progress: Called with (done, total, what).
        console: Where tables are written; None: nowhere.

    Returns:
        What was measured. `results.notices` are for the caller to show: that Ctrl-C cut it
        short, or that figures at a threshold cannot be trusted.

    Raises:
        EvaluationError: A file cannot be used, or no question names an article of the index.
    """
    if index is not None and articles is not None:
        raise EvaluationError(
            "Both an index and a folder of articles are given.",
            cure="Give one of --index, --articles.",
        )
    asked = datasets.load(questions)
    pipeline, texts = _opened(questions, index, articles, progress)
    _check_articles(asked, pipeline)
    chosen = datasets.sample(asked, limit, seed)
    if near_misses:
        chosen += _near_misses(asked, pipeline, near_misses, seed, console)
    results = _run(pipeline, chosen, texts, questions, progress)
    if not results.records:
        raise EvaluationError("Stopped before the first answer.", cure="Nothing was measured.")
    _tell(results, threshold, seed=seed, json=json, report_folder=report, console=console)
    return results


def evaluate_reader(
    questions: str | Path,
    *,
    reader: str | None = None,
    titles: bool = False,
    once: bool = False,
    json: str | Path | None = None,
    limit: int | None = None,
    seed: int = 0,
    threshold: float = 0.0,
    progress: Progress | None = None,
    console: Console | None = None,
) -> Reading:
    """Have the reader read each question's own context, and report official SQuAD 2.0 scores.

    Args:
        questions: SQuAD JSON, or grouped JSON lines.
        reader: Folder of weights; None: `QA_READER`, or those shipped.
        titles: Show the reader each context's title, as answering does.
        once: Read each context as a whole only, and not around the strongest spans too.
        json: File for scores and predictions.
        limit: Questions drawn at random; None: all.
        seed: Of the draw.
        threshold: Least margin over "no answer" that is answered.
        progress: Called with (done, total, what).
        console: Where the table is written; None: nowhere.
    """
    import json as json_

    from qa.api import reader_for
    from qa.config import Settings
    from qa.evaluate.reader import read

    contexts = datasets.contexts(questions)
    asked = datasets.sample([q for c in contexts for q in c.questions], limit, seed)
    told = (lambda done, total: progress(done, total, "reading")) if progress else None
    model = reader_for(Settings.from_environment(reader=reader))
    model.load()
    reading = read(model, contexts, asked, titles=titles, once=once, progress=told)
    if console is not None:
        from qa.evaluate.report import reader_table

        console.print(reader_table(reading, threshold))
    if json is not None:
        text = json_.dumps(reading.to_dict(threshold), ensure_ascii=False, indent=1)
        Path(json).write_text(text, encoding="utf-8")
    return reading


def compare(before: str | Path, after: str | Path, console: Console, *, seed: int = 0) -> None:
    """Write what changed between two files of `--json`, and whether it is beyond noise."""
    from qa.evaluate import metrics, report

    differences = metrics.compare(read_json(before), read_json(after), seed=seed)
    console.print(report.comparison(differences, (Path(before).stem, Path(after).stem)))
    console.print(
        f"{len(differences)} metrics: about {0.05 * len(differences):.0f} of them look beyond "
        "noise by chance alone. Latencies also tell of the machine's other work."
    )


def cache_folder() -> Path:
    """Return where indexes made for an evaluation are kept, so that the next one is quick."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "quoth" / "evaluate"


def opened_corpus(contexts: Sequence[Context], progress: Progress | None) -> Pipeline:
    """Index contexts as articles, in the user's cache, and open them."""
    place = _cached("contexts", *sorted(context.id for context in contexts))
    datasets.write_corpus(contexts, place / "articles")
    return _indexed(place / "articles", place / "index", progress)


def opened_folder(articles: str | Path, progress: Progress | None) -> Pipeline:
    """Index a folder of articles, in the user's cache, and open it."""
    folder = articles_in(articles)
    return _indexed(folder, _cached("articles", str(folder)) / "index", progress)


def articles_in(articles: str | Path) -> Path:
    """Return the whole path of a folder; raise EvaluationError where there is none."""
    folder = Path(articles).resolve()
    if not folder.is_dir():
        raise EvaluationError(f"{articles} is not a folder.", cure="Give a folder of articles.")
    return folder


def _opened(
    questions: str | Path,
    index: str | Path | None,
    articles: str | Path | None,
    progress: Progress | None,
) -> tuple[Pipeline, dict[str, str]]:
    """Open what is asked, and read its articles' texts by means other than the index's."""
    from qa import api

    if index is None and articles is None:
        contexts = _contexts(questions)
        if contexts:
            place = _cached("contexts", *sorted(f"{c.id} {c.title}" for c in contexts))
            datasets.write_corpus(contexts, place / "articles")
            return _indexed(place / "articles", place / "index", progress), swaps.texts(contexts)
    if articles is not None:
        return opened_folder(articles, progress), _files(articles_in(articles))
    pipeline = api.load(index, progress=progress)
    return pipeline, _files(Path(pipeline.index.manifest.articles))


def _contexts(questions: str | Path) -> list[Context]:
    try:
        return datasets.contexts(questions)
    except EvaluationError:  # plain questions; a bad file has been told of before
        return []


def _cached(*what: str) -> Path:
    digest = hashlib.sha256("\0".join(what).encode()).hexdigest()[:16]
    return cache_folder() / f"{what[0]}-{digest}"


def _indexed(articles: Path, index: Path, progress: Progress | None) -> Pipeline:
    from qa import api

    changes = api.build(articles, index, progress=progress)
    log.info("%s: %s", index, changes)
    return api.load(index)


def _files(folder: Path) -> dict[str, str]:
    """Return the texts of plain UTF-8 files by article id, read as bytes and nothing more."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in PLAIN_TEXT and path.is_file():
            name = path.relative_to(folder).as_posix()
            try:
                found[name.removesuffix(".txt")] = path.read_bytes().decode("utf-8")
            except (UnicodeDecodeError, OSError):
                continue  # the pipeline's own copy is checked instead
    return found


def _check_articles(questions: list[Question], pipeline: Pipeline) -> None:
    """Raise EvaluationError when no article that the questions name is in the index."""
    named = {question.article for question in questions if question.article is not None}
    known = {article.id for article in pipeline.index.snapshot().articles()}
    missing = sorted(named - known)
    if missing and len(missing) == len(named):
        raise EvaluationError(
            f"None of the {len(named)} articles that the questions name is in the index, "
            f"first {missing[0]!r}.",
            cure="Give the index (or the folder) of these articles; ids are listed by qa info.",
        )
    if missing:
        log.warning(
            "%d of %d articles that the questions name are not in the index, first %r.",
            len(missing),
            len(named),
            missing[0],
        )


def _near_misses(
    questions: list[Question],
    pipeline: Pipeline,
    most: int,
    seed: int,
    console: Console | None,
) -> list[Question]:
    snapshot = pipeline.index.snapshot()
    texts = {known.id: snapshot.article(known.id).text for known in snapshot.articles()}
    made = swaps.swap(questions, texts, seed)
    if not made.questions:
        raise EvaluationError(
            "No question could be swapped.", cure="Name each question's `article`, or leave it out."
        )
    if console is not None:
        kinds = ", ".join(f"{count} {kind}" for kind, count in made.counts.items())
        console.print(f"Near misses that could be made: {kinds}.")
    return datasets.sample(made.questions, most, seed)


def _run(
    pipeline: Pipeline,
    questions: list[Question],
    texts: dict[str, str],
    file: str | Path,
    progress: Progress | None,
) -> Results:
    from qa.evaluate.run import run

    told = (lambda done, total: progress(done, total, "asking")) if progress else None
    pipeline.load()  # the first question's time is no longer than the others'
    header = {"questions": Path(file).name, "articles": len(pipeline.index.snapshot().articles())}
    return run(pipeline, questions, told, texts=texts, header=header)


def _tell(
    results: Results,
    threshold: float | None,
    *,
    seed: int,
    json: str | Path | None,
    report_folder: str | Path | None,
    console: Console | None,
) -> None:
    from qa.evaluate import metrics, report

    chosen = results.threshold if threshold is None else threshold
    measured = metrics.measure(results, chosen, seed=seed)
    if json is not None:
        write_json(results, json, metrics=report.plain(measured))
    if console is not None:
        console.print(report.table(measured, f"Threshold {chosen:.2f}"))
        console.print(report.outcome_table(results, chosen))
        by_kind = report.kind_table(results, chosen)
        if by_kind is not None:
            console.print(by_kind)
    if report_folder is not None:
        page = report.write_report(results, report_folder, chosen, measured)
        if console is not None:
            console.print(f"Report: {page}")
