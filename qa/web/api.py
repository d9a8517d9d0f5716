"""The routes for programs: ask, search, quote, articles, health, metrics.

Knows HTTP statuses and which error means which. Does not know how anything is answered; the
forms are `qa.schema`'s.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic_core import PydanticSerializationError, to_json
from starlette.concurrency import run_in_threadpool

from qa import schema
from qa.errors import ArticleError, BusyError, QAError, QuestionError
from qa.feedback import FeedbackError
from qa.web.batching import TooSlow
from qa.web.forms import (
    ArticleRequest,
    AskRequest,
    Health,
    QuoteRequest,
    SearchRequest,
    SearchResponse,
    TroubleResponse,
    describe,
    unreadable,
)
from qa.web.render import render

if TYPE_CHECKING:
    from qa.web.service import Service

# The first that fits counts. 504: it was taken, and the time ran out.
STATUSES: tuple[tuple[type[QAError], int], ...] = (
    (QuestionError, 422),
    (ArticleError, 404),
    (BusyError, 429),
    (TooSlow, 504),
    (FeedbackError, 503),
)
LEAST_RETRY = 2  # seconds that a refused program is told to wait, or as long as the queue is


def status_of(error: QAError) -> int:
    """Return the HTTP status that says what went wrong."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def json_response(form: Any, status: int = 200, **headers: str) -> Response:
    """Return plain values as JSON, letters as they are."""
    try:
        sent = to_json(form)  # a fifth of the time of `json`
    except PydanticSerializationError:
        # A lone surrogate cannot be sent as UTF-8; it came in as an escape and goes out as one.
        body = json.dumps(form, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        sent = body.encode("utf-8", "backslashreplace")
    return Response(sent, status, headers=headers, media_type="application/json")


def install(app: FastAPI, service: Service) -> None:
    """Put the routes and the error answers on `app`."""
    app.include_router(_router(service))
    app.add_exception_handler(QAError, _trouble)
    app.add_exception_handler(RequestValidationError, _unreadable)

    plain = app.openapi
    app.openapi = lambda: describe(plain())  # type: ignore[method-assign]  # FastAPI's own way

    @app.get("/docs", include_in_schema=False)
    def documentation() -> HTMLResponse:
        """Return a page of the routes; FastAPI's own fetches its scripts from elsewhere."""
        return HTMLResponse(render("docs", api=app.openapi()))


def _router(service: Service) -> APIRouter:
    errors: dict[int | str, dict[str, Any]] = {
        status: {"model": TroubleResponse, "description": said}
        for status, said in (
            (422, "The request cannot be read"),
            (429, "Too many questions; see Retry-After"),
            (504, "Not answered within the time limit"),
        )
    }
    router = APIRouter(prefix="/v1", responses=errors)

    @router.post("/ask", response_model=schema.AnswerForm)
    async def ask(body: AskRequest) -> Response:
        """Answer a question in the articles' own words, or say why they do not."""
        return json_response(await service.ask(body))

    @router.post("/search", response_model=SearchResponse)
    async def search(body: SearchRequest) -> Response:
        """Return the passages nearest to a question, by meaning and by words."""
        return json_response(await service.search(body))

    @router.post("/quote", response_model=schema.QuoteForm)
    async def quote(body: QuoteRequest) -> Response:
        """Say whether the articles hold a sentence: exact, edited or absent."""
        return json_response(await service.quote(body))

    @router.get(
        "/articles/{article_id:path}",
        response_model=schema.ArticleForm,
        responses={404: {"model": TroubleResponse, "description": "No such article"}},
    )
    async def article(article_id: str) -> Response:
        """Return an article with its text, exactly as in its file."""
        return json_response(await service.article(ArticleRequest(article_id=article_id)))

    outside = APIRouter()
    outside.include_router(router)

    @outside.get("/healthz", response_model=Health)
    async def health() -> Response:
        """Say whether questions are taken; 503 while shutting down."""
        articles, generation = await run_in_threadpool(service.holdings)
        taking = service.batcher.accepting
        form = {
            "status": "ok" if taking else "closing",
            "articles": articles,
            "generation": generation,
        }
        return json_response(form, 200 if taking else 503)

    @outside.get("/metrics", response_class=Response)
    async def exposition() -> Response:
        """Return counters and times for Prometheus."""
        articles, generation = await run_in_threadpool(service.holdings)
        text = service.metrics.text(service.batcher, articles, generation)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    return outside


async def _trouble(request: Request, error: Exception) -> Response:
    assert isinstance(error, QAError)  # registered for no other
    status = status_of(error)
    wait = max(LEAST_RETRY, round(request.app.state.batcher.wait))
    later = {"Retry-After": str(wait)} if status in {429, 503} else {}
    return json_response({"error": {"what": error.what, "cure": error.cure}}, status, **later)


async def _unreadable(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # registered for no other
    what = unreadable(error.errors())
    form = {"error": {"what": what, "cure": "See /docs for the fields."}}
    return json_response(form, 422)
