"""The functions that Gradio's API offers by name: the same forms as REST.

Knows names, arguments and their descriptions. Does not know Gradio, nor how anything is
answered. Annotations are not postponed here: Gradio reads them as they stand.
"""

from collections.abc import Callable
from typing import Any

from qa.web.forms import ArticleRequest, AskRequest, QuoteRequest, SearchRequest
from qa.web.service import Service


def tools(service: Service) -> dict[str, Callable[..., Any]]:
    """Return the functions that Gradio's API offers, by name."""

    async def ask(question: str) -> dict[str, Any]:
        """Answer a question in the articles' own words, or say why they do not.

        Args:
            question: One question about what the articles report.
        """
        return dict(await service.ask(AskRequest(question=question)))

    async def search(question: str, k: int = 10) -> dict[str, Any]:
        """Find the passages nearest to a question, best first.

        Args:
            question: What to look for.
            k: Most passages to return.
        """
        return await service.search(SearchRequest(question=question, k=k))

    async def quote(text: str) -> dict[str, Any]:
        """Say whether the articles hold a sentence: exact, edited or absent.

        Args:
            text: The sentence to look for.
        """
        return dict(await service.quote(QuoteRequest(text=text)))

    async def article(article_id: str) -> dict[str, Any]:
        """Return an article with its full text.

        Args:
            article_id: The article's id, as in a citation.
        """
        return dict(await service.article(ArticleRequest(article_id=article_id)))

    return {"ask": ask, "search": search, "quote": quote, "article": article}
