"""The page: Gradio's parts and where they stand.

Knows Gradio's components. Does not know what a click calls (wiring.py), what it means (desk.py)
or how a thing looks (templates/, static/).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qa.web.render import render
from qa.web.wiring import AT_ONCE, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.web.desk import Desk

TITLE = "Quoth"
MOST_WAITING = 256  # events of all readers; one more is told that the server is busy
# Uploaded files lie in Gradio's own folder until they are copied; it forgets them after this.
FORGET = (3600, 3600)  # seconds between looks, and of age


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that a click reads or changes."""

    page: Any
    session: Any
    masthead: Any
    rooms: Any
    conversation: Any
    question: Any
    ask: Any
    filters: Any
    filters_fold: Any
    wanted: Any
    corpus: Any
    uploaded: Any  # None: files cannot be added
    pasted: Any
    check: Any
    checked: Any
    pane: Any


def gradio() -> Any:
    """Import gradio, told beforehand to call nobody."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    return gr


def asset(name: str) -> str:
    """Return the text of a file in `static/`."""
    return (files("qa.web") / "static" / name).read_text(encoding="utf-8")


def build(desk: Desk, tools: dict[str, Callable[..., Any]]) -> Any:
    """Return the Blocks: the page, and the named functions for programs in `tools`."""
    gr = gradio()
    with gr.Blocks(title=TITLE, fill_width=True, delete_cache=FORGET) as page:
        wire(gr, desk, _lay_out(gr, desk, page))
        for name, tool in tools.items():
            gr.api(tool, api_name=name, concurrency_limit=AT_ONCE)
    page.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE)
    return page


def _lay_out(gr: Any, desk: Desk, page: Any) -> Parts:
    session = gr.State(None)
    masthead = _part(gr, "masthead", desk.shelf.masthead())
    with gr.Row(elem_classes=["columns"], equal_height=False):
        with gr.Column(elem_classes=["reading"]), gr.Tabs(elem_id="rooms") as rooms:
            with gr.Tab("Ask", id="ask"):
                conversation, question, ask, filters, filters_fold = _ask_room(gr)
            with gr.Tab("Articles", id="articles"):
                wanted, corpus, uploaded = _articles_room(gr, uploads=desk.shelf.open)
            with gr.Tab("Quotations", id="quote"):
                pasted, check, checked = _quote_room(gr)
            with gr.Tab("About", id="about"):
                _part(gr, "about", render("about"))
        with gr.Column(elem_classes=["article-pane"], elem_id="article-column"):
            pane = _part(gr, "article", desk.pane.nothing())
    return Parts(
        page, session, masthead, rooms, conversation, question, ask, filters, filters_fold,
        wanted, corpus, uploaded, pasted, check, checked, pane,
    )  # fmt: skip


def _part(gr: Any, name: str, value: str = "") -> Any:
    return gr.HTML(
        value,
        elem_id=name,
        elem_classes=["quoth-part"],
        js_on_load=asset("quoth.js"),
        apply_default_css=False,
    )


def _ask_room(gr: Any) -> tuple[Any, ...]:
    conversation = _part(gr, "conversation")
    with gr.Column(elem_classes=["composer"]):
        with gr.Row(elem_classes=["ask-row"], equal_height=False):
            question = gr.Textbox(
                label="Your question",
                placeholder="Ask the articles …",
                lines=1,
                max_lines=4,
                scale=1,
                elem_id="ask-box",
            )
            ask = gr.Button("Ask", variant="primary", scale=0, min_width=72, elem_id="ask-button")
        with gr.Accordion("Filters", open=False, elem_id="filters-fold") as fold:
            filters = _part(gr, "filters")
    return conversation, question, ask, filters, fold


def _articles_room(gr: Any, *, uploads: bool) -> tuple[Any, ...]:
    wanted = gr.Textbox(
        label="Find articles",
        placeholder="Words of the title, the source or the text …",
        elem_id="find-box",
    )
    uploaded = None
    if uploads:
        uploaded = gr.UploadButton(
            "Add articles: text, Markdown, HTML, PDF, JSON lines",
            file_count="multiple",
            variant="secondary",
            size="md",
            elem_id="upload",
        )
    return wanted, _part(gr, "corpus"), uploaded


def _quote_room(gr: Any) -> tuple[Any, ...]:
    pasted = gr.Textbox(
        label="Sentence to check",
        placeholder="Paste a sentence that is said to be quoted …",
        lines=4,
        elem_id="quote-box",
    )
    check = gr.Button("Check", variant="primary", elem_id="check-button")
    return pasted, check, _part(gr, "checked")
