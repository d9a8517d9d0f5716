"""What programs may ask, whichever way they come: a form in, a form out.

Knows the pipeline and the batcher. Does not know HTTP, Gradio or the Model Context Protocol:
the REST routes, the named functions and the MCP tools are thin coats over these methods, so
they cannot differ. The forms that go out are `qa.schema`'s, those that come in `forms.py`'s.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from qa import schema
from qa.errors import QAError
from qa.pipeline import Asked
from qa.types import Scope
from qa.web.batching import too_slow

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from qa.types import Answer
    from qa.web.batching import Batcher
    from qa.web.forms import ArticleRequest, AskRequest, QuoteRequest, SearchRequest
    from qa.web.metrics import Metrics


class Service:
    """The four things that can be asked. Each method is one route and one tool."""

    def __init__(self, pipeline: Pipeline, batcher: Batcher, metrics: Metrics) -> None:
        """Bind what answers and what counts."""
        self.pipeline = pipeline
        self.batcher = batcher
        self.metrics = metrics

    async def ask(self, body: AskRequest) -> schema.AnswerForm:
        """Answer a question from the news articles with a verbatim quotation and its citation.

        The answer is cut from an article, never written. Its text is null when the articles do
        not say; then reason and explanation tell why, and hits are the closest passages.

        Raises:
            BusyError: The queue is full.
            TooSlow: The time ran out.
            QuestionError: The question is not one.
        """
        started = time.perf_counter()
        try:
            answer = await self._answered(Asked(body.question, body.scope, body.threshold))
        except QAError as error:
            self.metrics.refused(error)
            raise
        self.metrics.answered(answer, time.perf_counter() - started)
        return schema.to_dict(answer)

    async def search(self, body: SearchRequest) -> dict[str, Any]:
        """Find the passages of the news articles nearest to a question, by meaning and by words.

        Best first. They are passages to read, not answers.
        """
        generation = self.pipeline.index.snapshot().generation
        hits = await run_in_threadpool(self.pipeline.search, body.question, body.k, body.scope)
        return {"hits": schema.hit_forms(hits), "generation": generation}

    async def quote(self, body: QuoteRequest) -> schema.QuoteForm:
        """Check whether the news articles hold a sentence: exact, edited or absent.

        Where it is edited, each match tells what was changed.
        """
        return schema.quote_form(await run_in_threadpool(self.pipeline.find_quote, body.text))

    async def article(self, body: ArticleRequest) -> schema.ArticleForm:
        """Return a news article with its text, exactly as in its file.

        Raises:
            ArticleError: There is no such article.
        """
        found = await run_in_threadpool(self._article, body.article_id)
        return schema.article_form(found)

    def holdings(self) -> tuple[int, int]:
        """Return the number of articles and the generation."""
        snapshot = self.pipeline.index.snapshot()
        return snapshot.in_scope(Scope())[0], snapshot.generation

    def _article(self, article_id: str) -> Any:
        return self.pipeline.index.snapshot().article(article_id)

    async def _answered(self, asked: Asked) -> Answer:
        """Wait for one answer without holding a thread."""
        limit = self.batcher.time_limit
        if self.batcher.accepting and self.batcher.holds(asked):
            known = await run_in_threadpool(self.batcher.known, asked)
            if known is not None:
                return known
        future = asyncio.wrap_future(self.batcher.submit(asked))
        try:
            return await asyncio.wait_for(future, limit)
        except TimeoutError as error:
            if isinstance(error, QAError):
                raise
            raise too_slow(limit) from None
