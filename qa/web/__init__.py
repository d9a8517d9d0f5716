"""The web chat and the REST routes, on one app.

    import qa, qa.web
    qa.web.serve(qa.load("index"))          # http://127.0.0.1:7860
    app = qa.web.app(qa.load("index"))      # the same as an ASGI app, not started

Knows the two names; FastAPI and Gradio are loaded when one of them is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.pipeline import Pipeline

__all__ = ["app", "serve"]


def app(pipeline: Pipeline, **options: Any) -> FastAPI:
    """Return the ASGI app; see `qa.web.server.app`."""
    from qa.web import server

    return server.app(pipeline, **options)


def serve(pipeline: Pipeline, **options: Any) -> None:
    """Serve until stopped; see `qa.web.running.serve`."""
    from qa.web import running

    running.serve(pipeline, **options)
