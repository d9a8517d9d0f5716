"""The tools of the Model Context Protocol: what REST offers, for programs that choose by reading.

Knows the protocol's package, alone in the project; it is an extra (`quoth-qa[mcp]`). Does not
know how anything is answered (`service.py`). Gradio's own tools are not used: they return
Python's way of writing a dict, not JSON, reach the app through a second client that knows no
password, and need an older pydantic.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from qa import schema
from qa.errors import ConfigError, QAError
from qa.web.forms import (
    ArticleRequest,
    AskRequest,
    QuoteRequest,
    SearchRequest,
    SearchResponse,
    described,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from qa.web.service import Service

log = logging.getLogger(__name__)

PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: the form it reads, what it does and the form it returns."""

    reads: type[BaseModel]
    does: Callable[[Any], Awaitable[Any]]
    returns: Any

    @property
    def told(self) -> str:
        """What a model reads to choose it: the method's docstring without what it raises."""
        return cleandoc(self.does.__doc__ or "").partition("\n\nRaises:")[0]


class Door:
    """The protocol over streamable HTTP, as an ASGI app. Keeps no sessions: each call is whole."""

    def __init__(self, service: Service) -> None:
        """Offer the methods of `service`.

        Raises:
            ConfigError: The protocol's package is not installed.
        """
        check()
        from mcp.server.lowlevel import Server  # type: ignore[import-not-found,unused-ignore]
        from mcp.server.streamable_http_manager import (  # type: ignore[import-not-found,unused-ignore]
            StreamableHTTPSessionManager,
        )

        self._tools = {
            "ask": Tool(AskRequest, service.ask, schema.AnswerForm),
            "search": Tool(SearchRequest, service.search, SearchResponse),
            "quote": Tool(QuoteRequest, service.quote, schema.QuoteForm),
            "article": Tool(ArticleRequest, service.article, schema.ArticleForm),
        }
        server = Server("Quoth", instructions="Ask news articles; every answer is a quotation.")
        server.list_tools()(self._listed)
        # The forms check what comes in, and say what is wrong in one way.
        server.call_tool(validate_input=False)(self._called)
        self._manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Take calls while the context lasts."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._manager.handle_request(scope, receive, send)

    async def _listed(self) -> list[Any]:
        from mcp import types  # type: ignore[import-not-found,unused-ignore]

        return [
            types.Tool(
                name=name,
                description=tool.told,
                inputSchema=tool.reads.model_json_schema(),
                outputSchema=described(TypeAdapter(tool.returns).json_schema()),
                annotations=types.ToolAnnotations(readOnlyHint=True, openWorldHint=False),
            )
            for name, tool in self._tools.items()
        ]

    async def _called(self, name: str, arguments: dict[str, Any]) -> Any:
        from mcp import types  # type: ignore[import-not-found,unused-ignore]

        form, failed = await self._answer(name, arguments)
        text = json.dumps(form, ensure_ascii=False, allow_nan=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text.encode("utf-8", "replace").decode())],
            structuredContent=None if failed else form,
            isError=failed,
        )

    async def _answer(self, name: str, arguments: dict[str, Any]) -> tuple[Any, bool]:
        """Return the form of the answer or of the trouble, and whether it is trouble."""
        tool = self._tools.get(name)
        if tool is None:
            known = ", ".join(self._tools)
            return trouble(f"There is no tool {name!r}.", f"There are: {known}."), True
        try:
            return await tool.does(tool.reads.model_validate(arguments)), False
        except ValidationError as error:
            return trouble(unreadable(error.errors()), "See the tool's schema."), True
        except QAError as error:
            return trouble(error.what, error.cure), True
        except Exception:
            log.exception("the tool %s failed", name)
            return trouble("The server failed.", "Ask whoever runs it to look at its log."), True


def trouble(what: str, cure: str) -> dict[str, Any]:
    """Return the form of an error, the same as over REST."""
    return {"error": {"what": what, "cure": cure}}


def check() -> None:
    """Raise ConfigError if the protocol's package is not installed."""
    if importlib.util.find_spec("mcp") is None:
        raise ConfigError(
            "MCP needs a package that is not installed.", cure="pip install 'quoth-qa[mcp]'"
        )
