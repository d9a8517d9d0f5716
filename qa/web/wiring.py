"""Which click on the page calls what.

Knows Gradio's events. Does not know what a click means (desk.py). Gradio reads the functions'
annotations, so they are evaluated where the functions stand, not postponed.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qa.errors import QAError
from qa.web.desk import Desk
from qa.web.session import Session

AT_ONCE = 32  # events of one kind that run at once; answers themselves are batched behind them
FOCUS_QUESTION = "() => document.querySelector('#ask-box textarea, #ask-box input').focus()"


def wire(gr: Any, desk: Desk, parts: Any) -> None:
    """Connect every part of the page with the desk."""
    _visits(gr, desk, parts)
    _questions(gr, desk, parts)
    _verdicts(gr, desk, parts)
    _openings(gr, desk, parts)
    _filters(gr, desk, parts)
    _corpus(gr, desk, parts)
    if parts.uploaded is not None:
        _uploads(gr, desk, parts)


def on(listen: Any, does: Callable[..., Any], inputs: Any, outputs: Any, **options: Any) -> Any:
    """Call `does` on an event; not shown among the functions for programs."""
    defaults = {
        "show_progress": "hidden",
        "concurrency_limit": AT_ONCE,
        # By its own name, `ask` here would stand in the way of the `ask` for programs.
        "api_name": f"page_{does.__name__}",
    }
    return listen(does, inputs, outputs, api_visibility="private", **{**defaults, **options})


def sent(event: Any) -> dict[str, Any]:
    """Return what the browser sent with an event; it may have sent anything."""
    data = getattr(event, "_data", None)
    return data if isinstance(data, dict) else {}


def _visits(gr: Any, desk: Desk, parts: Any) -> None:
    def begin() -> tuple[Any, ...]:
        visit = desk.visit()
        return (
            visit, desk.shelf.masthead(), desk.talk.shown(visit), desk.filters.form(visit),
            desk.shelf.listed(), desk.pane.nothing(),
        )  # fmt: skip

    async def offer(visit: Session) -> Any:
        # The page is there long before the first examples of a large collection are made. They
        # are made for all readers, so one who leaves must not stop it.
        await asyncio.shield(asyncio.wrap_future(desk.offers.coming()))
        return gr.skip() if visit.turns or visit.offered else desk.talk.shown(visit)

    def restart(visit: Session) -> tuple[str, str]:
        desk.talk.restart(visit)
        return desk.talk.shown(visit), desk.pane.nothing()

    drawn = [parts.session, parts.masthead, parts.conversation, parts.filters, parts.corpus]
    begun = on(parts.page.load, begin, None, [*drawn, parts.pane])
    waiting = {"concurrency_limit": None}  # it only waits
    on(begun.then, offer, [parts.session], [parts.conversation], **waiting)
    on(
        parts.conversation.clear, restart, [parts.session], [parts.conversation, parts.pane],
        queue=False,
    )  # fmt: skip


def _questions(gr: Any, desk: Desk, parts: Any) -> None:
    def ask(visit: Session, text: str) -> Iterator[tuple[Any, ...]]:
        for turn in desk.talk.ask(visit, text):
            opened = gr.skip()
            if turn.citations:
                first = turn.citations[0]
                opened = desk.pane.citation(visit, first.citation, first.number, focus=False)
            yield "", desk.talk.shown(visit), opened

    def ask_example(visit: Session, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from ask(visit, str(sent(event).get("question", "")))

    def edit(event: gr.EventData) -> Any:
        return gr.update(value=str(sent(event).get("question", "")))

    drawn = [parts.question, parts.conversation, parts.pane]
    for listen in (parts.question.submit, parts.ask.click):
        on(listen, ask, [parts.session, parts.question], drawn)
    on(parts.conversation.example_select, ask_example, [parts.session], drawn)
    edited = on(parts.conversation.edit, edit, None, [parts.question], queue=False)
    edited.then(None, js=FOCUS_QUESTION, api_visibility="private")


def _verdicts(gr: Any, desk: Desk, parts: Any) -> None:
    def judge(visit: Session, event: gr.EventData) -> str:
        desk.talk.judge(visit, sent(event))
        return desk.talk.shown(visit)

    for listen in (parts.conversation.like, parts.conversation.submit):
        on(listen, judge, [parts.session], [parts.conversation], queue=False)


def _openings(gr: Any, desk: Desk, parts: Any) -> None:
    def show(visit: Session, event: gr.EventData) -> str:
        return desk.pane.open(visit, sent(event))

    for clickable in (parts.conversation, parts.corpus, parts.checked):
        on(clickable.select, show, [parts.session], [parts.pane], queue=False)
    on(parts.check.click, desk.checking.check, [parts.session, parts.pasted], [parts.checked])


def _filters(gr: Any, desk: Desk, parts: Any) -> None:
    def choose(visit: Session, event: gr.EventData) -> str:
        desk.filters.choose(visit, sent(event))
        return desk.filters.form(visit)

    def choose_all(visit: Session) -> str:
        desk.filters.choose_all(visit)
        return desk.filters.form(visit)

    def choose_only(visit: Session, event: gr.EventData) -> tuple[Any, ...]:
        desk.filters.choose_only(visit, sent(event))
        return desk.filters.form(visit), gr.update(open=True), gr.update(selected="ask")

    # Not `change`: that one fires whenever the form is drawn anew.
    on(parts.filters.input, choose, [parts.session], [parts.filters], queue=False)
    on(parts.filters.clear, choose_all, [parts.session], [parts.filters], queue=False)
    unfolded = [parts.filters, parts.filters_fold, parts.rooms]
    on(parts.pane.input, choose_only, [parts.session], unfolded, queue=False)


def _corpus(gr: Any, desk: Desk, parts: Any) -> None:
    def find(text: str) -> str:
        return desk.shelf.listed(text)

    def more(text: str, event: gr.EventData) -> str:
        return desk.shelf.listed(text, sent(event).get("shown"))

    def remove(visit: Session, text: str, event: gr.EventData) -> tuple[Any, ...]:
        notice = desk.shelf.remove(sent(event))
        return (
            desk.shelf.listed(text, notice=notice),
            desk.shelf.masthead(),
            desk.filters.form(visit),
        )

    on(parts.wanted.change, find, [parts.wanted], [parts.corpus], trigger_mode="always_last")
    on(parts.corpus.input, more, [parts.wanted], [parts.corpus], queue=False)
    drawn = [parts.corpus, parts.masthead, parts.filters]
    on(parts.corpus.delete, remove, [parts.session, parts.wanted], drawn)


def _uploads(gr: Any, desk: Desk, parts: Any) -> None:
    def upload(
        visit: Session,
        text: str,
        paths: list[str] | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008  # how Gradio wants it
    ) -> tuple[Any, ...]:
        def told(done: int, total: int, what: str) -> None:
            progress((done, total), desc=what, unit=what)

        given = [(Path(path).name, Path(path)) for path in paths or []]
        try:
            notice = desk.shelf.add(given, told)
        except QAError as error:
            notice = str(error)
        for _, path in given:
            path.unlink(missing_ok=True)
        return (
            desk.shelf.listed(text, notice=notice),
            desk.shelf.masthead(),
            desk.filters.form(visit),
        )

    on(
        parts.uploaded.upload,
        upload,
        [parts.session, parts.wanted, parts.uploaded],
        [parts.corpus, parts.masthead, parts.filters],
        show_progress="full",
        show_progress_on=[parts.corpus],
    )
