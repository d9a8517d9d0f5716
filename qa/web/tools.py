"""The functions that Gradio's API and MCP offer by name: the same forms as REST.

Knows names, arguments and their descriptions, which a model reads to choose a tool. Does not
know Gradio. Annotations are not postponed here: Gradio reads them as they stand.
"""

from collections.abc import Callable
from typing import Any

from qa import schema
from qa.pipeline import Asked, Pipeline
from qa.web.api import answered
from qa.web.batching import Batcher


def tools(pipeline: Pipeline, batcher: Batcher) -> dict[str, Callable[..., Any]]:
    """Return the functions that Gradio's API and MCP offer by name; same forms as REST."""

    async def ask(question: str) -> dict[str, Any]:
        """Answer a question from the news articles with a verbatim quotation and its citation.

        The answer's text is null when the articles do not say; then reason tells why.

        Args:
            question: One question about what the articles report.
        """
        return dict(schema.to_dict(await answered(batcher, Asked(question))))

    def search(question: str, k: int = 10) -> list[dict[str, Any]]:
        """Find the passages of the news articles nearest to a question, best first.

        Args:
            question: What to look for.
            k: Most passages to return.
        """
        return [dict(form) for form in schema.hit_forms(pipeline.search(question, k))]

    def quote(text: str) -> dict[str, Any]:
        """Check whether the news articles hold a quotation: exact, edited or absent.

        Args:
            text: The sentence to look for.
        """
        return dict(schema.quote_form(pipeline.find_quote(text)))

    def article(article_id: str) -> dict[str, Any]:
        """Return a news article with its full text.

        Args:
            article_id: The article's id, as in a citation.
        """
        return dict(schema.article_form(pipeline.index.snapshot().article(article_id)))

    return {"ask": ask, "search": search, "quote": quote, "article": article}
