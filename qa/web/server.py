"""The app put together.

Knows the order of the guards, what starts and what ends with the app. Does not know routes,
pages or answers, nor the process that serves it (`running.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.routing import Mount, Route

from qa.feedback import FeedbackStore
from qa.web import batching, recall, uploads
from qa.web.api import install
from qa.web.auth import users
from qa.web.desk import Desk
from qa.web.limits import HostCheck, PasswordWall, RateLimit, SafeHeaders, SizeLimit
from qa.web.mcp import PATH, Door
from qa.web.metrics import Metrics
from qa.web.page import asset, build, gradio
from qa.web.recall import Recall
from qa.web.service import Service
from qa.web.tools import tools

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from pathlib import Path

    from fastapi import FastAPI

    from qa.pipeline import Pipeline

FEEDBACK_FILE = "feedback.db"  # inside the index's folder, unless named
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server takes on."""

    rate: float = 20.0  # requests a second of one address; 0: no limit
    burst: int = 100  # requests of one address at once, before the rate counts
    body: int = 262_144  # bytes of a request
    upload: int = uploads.MOST_BYTES + 1_000_000  # bytes of an upload, its wrapping included
    waiting: int = batching.MOST_WAITING  # questions in the queue
    together: int = batching.MOST_TOGETHER  # questions in one batch
    seconds: float = batching.TIME_LIMIT  # from question to answer
    recalled: int = recall.MOST  # answers kept to be given again; 0: none


DEFAULT = Limits()


def app(
    pipeline: Pipeline,
    *,
    auth: str | Mapping[str, str] | None = None,
    allow_upload: bool = False,
    mcp: bool = False,
    feedback: str | Path | None = None,
    hosts: Iterable[str] | None = None,
    limits: Limits = DEFAULT,
) -> FastAPI:
    """Return the page, the REST routes and, if asked for, the MCP tools as one ASGI app.

    Args:
        pipeline: What answers.
        auth: "env", a password file, or user → password; None: open to all who reach it.
        allow_upload: Let readers add files to the articles folder, and remove those again.
        mcp: Offer the tools of the Model Context Protocol at /mcp.
        feedback: SQLite file of the readers' verdicts; None: feedback.db beside the index.
        hosts: Names it answers to; None: any.
        limits: Sizes, rates and times.

    Raises:
        ConfigError: `auth` names no usable password, or the MCP extra is not installed.
    """
    from fastapi import FastAPI

    known = users(auth) if isinstance(auth, str) else auth
    batcher = batching.Batcher(
        Recall(pipeline, limits.recalled),
        most_together=limits.together,
        most_waiting=limits.waiting,
        time_limit=limits.seconds,
    )
    metrics = Metrics()
    service = Service(pipeline, batcher, metrics)
    door = Door(service) if mcp else None
    store = FeedbackStore(feedback or pipeline.index.path / FEEDBACK_FILE)
    desk = Desk(
        pipeline, batcher, metrics, store, uploads.Uploads(pipeline) if allow_upload else None
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=desk.warm, name="qa-warm", daemon=True).start()
        async with door.open() if door is not None else contextlib.nullcontext():
            yield
        # Uvicorn has let the open requests end; this finishes what Gradio's still hold.
        batcher.close()
        desk.offers.close()

    whole = FastAPI(
        title="Quoth",
        version=VERSION,
        description="Answers from your own articles, in the articles' own words.",
        docs_url=None,  # it would fetch its scripts from elsewhere; /docs is our own
        redoc_url=None,
        lifespan=lifespan,
    )
    install(whole, service)
    if door is not None:  # before the page, which takes every path that is left
        whole.router.routes.append(Route(PATH, door, include_in_schema=False))
    in_a_loop(lambda: _mount(whole, build(desk, tools(service))))
    whole.state.batcher = batcher
    whole.state.desk = desk
    whole.add_middleware(
        SizeLimit, most=limits.body, upload=limits.upload if allow_upload else None
    )
    whole.add_middleware(RateLimit, rate=limits.rate, burst=limits.burst)
    if known is not None:
        whole.add_middleware(PasswordWall, users=known)
    if hosts is not None:
        whole.add_middleware(HostCheck, hosts=hosts)
    whole.add_middleware(SafeHeaders, pages=("/",))
    return whole


def in_a_loop(make: Callable[[], None]) -> None:
    """Call `make` while an event loop runs; Gradio opens loops otherwise, and never closes them."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def made() -> None:
            make()

        asyncio.run(made())
    else:
        make()


def _mount(whole: FastAPI, page: Any) -> None:
    gr = gradio()
    fonts = ["system-ui", "sans-serif"]
    gr.mount_gradio_app(
        whole,
        page,
        path="/",
        theme=gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
        # As `css=` Gradio would rewrite every selector, and ours for the body would not apply.
        head=f"<style>{asset('quoth.css')}</style>",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=uploads.MOST_BYTES,
    )
    mounted = whole.router.routes[-1]
    assert isinstance(mounted, Mount)  # Gradio's own app, of the line above
    whole.state.page = mounted.app
