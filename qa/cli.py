"""The command `qa`: parse, call, show, exit code.

Knows the commands and their options. Does not know how anything is done. Exit codes: 0
answered or done, 1 the articles do not say, 2 an error, told in one line on stderr.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from qa import lab
from qa.errors import QAError

app = typer.Typer(
    name="qa",
    help="Answers from your own articles, in the articles' own words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

feedback_app = typer.Typer(help="What readers judged in the chat.", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")

# What typer raises for a wrong command line; it carries a click of its own, or the real one.
UsageProblem: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
ANSWERED, ABSTAINED, ERROR, INTERRUPTED = 0, 1, 2, 130

IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        help="Folder of the index, or URL of a database.",
        envvar="QA_INDEX",
        show_default="index",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What to ask the articles.")],
    index: IndexOption = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Bring the index up to date first.")
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="Least confidence that is answered."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Answer a question with a quotation and its place, or say that the articles do not."""
    from qa import schema, show

    with show.progress() as told:
        pipeline = _load(index, told)
        if refresh:
            pipeline.refresh(told)
    _warn(pipeline)
    answer = pipeline.ask(question, threshold=threshold)
    if json:
        show.as_json(schema.to_dict(answer))
    else:
        show.answer(answer)
    raise typer.Exit(ABSTAINED if answer.text is None else ANSWERED)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to search for.")],
    index: IndexOption = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Most passages to show.")] = 10,
    json: JsonOption = False,
) -> None:
    """Show the passages nearest to a question, best first."""
    from qa import schema, show

    with show.progress() as told:
        pipeline = _load(index, told)
    _warn(pipeline)
    found = pipeline.search(question, k)
    if json:
        show.as_json(schema.hit_forms(found))
    else:
        show.hits(found, pipeline)
    raise typer.Exit(ANSWERED if found else ABSTAINED)


@app.command("index")
def index_(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of articles.", show_default="the one indexed before, or seeds"),
    ] = None,
    index: IndexOption = None,
    prune: Annotated[
        bool, typer.Option("--prune/--no-prune", help="Remove articles whose file is gone.")
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on following the folder until Ctrl-C.")
    ] = False,
    dask: Annotated[
        str | None,
        typer.Option("--dask", help="Encode on the workers of a Dask scheduler: tcp://HOST:8786."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Index a folder of articles, or bring its index up to date."""
    from qa import show
    from qa.config import Settings
    from qa.index import articles_of, follow, update

    settings = Settings.from_environment(index=index)
    chosen = folder or articles_of(settings.index_place) or Path(settings.articles)
    place = settings.index_place
    if watch:
        with _encoder(settings, dask) as encoder:
            for changes in follow.watch(chosen, place, settings, encoder, prune=prune):
                typer.echo(str(changes))
        return
    with show.progress() as told, _encoder(settings, dask) as encoder, _skipped_untold():
        changes = update(
            chosen,
            place,
            settings,
            encoder,
            prune=prune,
            dry_run=dry_run,
            progress=told,
        )
    if json:
        show.as_json(
            {
                "added": list(changes.added),
                "changed": list(changes.changed),
                "removed": list(changes.removed),
                "unchanged": changes.unchanged,
                "skipped": [{"path": one.path, "reason": one.reason} for one in changes.skipped],
                "generation": changes.generation,
            }
        )
        return
    typer.echo(f"{'would be: ' if dry_run else ''}{changes}")
    if dry_run:
        for what in ("added", "changed", "removed"):
            for article_id in getattr(changes, what):
                typer.echo(f"{what}: {article_id}")
    for one in changes.skipped:
        why = one.reason.removeprefix(f"{one.path}: ")  # which most reasons begin with
        typer.echo(f"skipped {one.path}: {why}", err=True)


@app.command()
def info(index: IndexOption = None, json: JsonOption = False) -> None:
    """Show what an index holds, how it was made and whether it is up to date."""
    from qa import show
    from qa.api import load

    pipeline = load(index)
    facts = show.facts(pipeline)
    if json:
        show.as_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name:<18} {value}")
    _warn(pipeline)


@app.command()
def quote(
    text: Annotated[str, typer.Argument(help="The quotation to look up.")],
    index: IndexOption = None,
    json: JsonOption = False,
) -> None:
    """Say whether the articles hold a quotation: exact, edited, or not at all."""
    from qa import schema, show

    with show.progress() as told:
        pipeline = _load(index, told)
    check = pipeline.find_quote(text)
    if json:
        show.as_json(schema.quote_form(check))
    else:
        show.quote(check)
    raise typer.Exit(ANSWERED if check.matches else ABSTAINED)


@app.command()
def web(
    index: IndexOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    auth: Annotated[
        str | None,
        typer.Option(help='"env" (QA_WEB_USER, QA_WEB_PASSWORD) or a file of user:password lines.'),
    ] = None,
    allow_upload: Annotated[
        bool, typer.Option("--allow-upload", help="Let readers add article files.")
    ] = False,
    mcp: Annotated[
        bool, typer.Option("--mcp", help=r"Offer MCP tools (needs quoth-qa\[mcp]).")
    ] = False,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Open the chat on the articles."""
    from qa import show
    from qa.web import serve

    with show.progress() as told:
        pipeline = _load(index, told)
    _warn(pipeline)
    serve(
        pipeline,
        host=host,
        port=port,
        auth=auth,
        allow_upload=allow_upload,
        mcp=mcp,
        open_browser=open_browser,
    )


@feedback_app.command("export")
def feedback_export(
    out: Annotated[Path, typer.Argument(help="File to write, for `qa eval`.")],
    index: IndexOption = None,
) -> None:
    """Turn what readers judged in the chat into questions with known answers."""
    from qa.config import Settings
    from qa.feedback import FeedbackStore, export
    from qa.index.place import place_of
    from qa.web.server import FEEDBACK_FILE

    place = place_of(Settings.from_environment(index=index).index_place)
    store = FeedbackStore(place.folder / FEEDBACK_FILE)
    typer.echo(f"{export(store, out)} questions written to {out}")


lab.register(app)


@contextmanager
def _encoder(settings: Any, dask: str | None) -> Iterator[Any]:
    """Yield this process's encoder, or one over the workers of a Dask scheduler."""
    from qa.api import encoder_for

    if dask is None:
        yield encoder_for(settings)
        return
    from qa import cluster

    with cluster.over(dask, settings, encoder_for(settings)) as encoder:
        yield encoder


@contextmanager
def _skipped_untold() -> Iterator[None]:
    """Keep skipped files out of the log: they are listed at the end, with those of before."""
    log = logging.getLogger("qa.articles")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _load(index: str | None, told: Any) -> Any:
    from qa.api import load

    # An index named by hand must be there; the default one is built on first use.
    return load(index if index != os.environ.get("QA_INDEX") else None, progress=told)


def _warn(pipeline: Any) -> None:
    notice = pipeline.staleness()
    if notice:
        typer.echo(f"warning: {notice}", err=True)


def main() -> None:
    """Run the command; turn an error into one line and its exit code."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except typer.Exit as done:
        code = done.exit_code
    except UsageProblem as error:
        typer.echo(f"qa: {error.format_message()}", err=True)
        code = ERROR
    except QAError as error:
        typer.echo(f"qa: {error}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("qa: stopped", err=True)
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else ANSWERED)


if __name__ == "__main__":
    main()
