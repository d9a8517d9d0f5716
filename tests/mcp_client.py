"""Call the tools of an MCP server as any client does; print what came back as JSON.

    python mcp_client.py URL AUTHORIZATION '[["ask", {"question": "Who?"}]]'

Runs where the `mcp` package is installed, so it imports nothing of the tests.
"""

from __future__ import annotations

import asyncio
import json
import sys

from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client


async def main(url: str, authorization: str, calls: str) -> None:
    """List the tools, make the calls, print both."""
    headers = {"authorization": authorization}
    async with (
        streamablehttp_client(url, headers=headers) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        listed = await session.list_tools()
        results = [await session.call_tool(name, given) for name, given in json.loads(calls)]
        # Many at once, which the server answers together.
        at_once = await asyncio.gather(*(session.call_tool(*call) for call in json.loads(calls)))
    plain = {
        "tools": [tool.model_dump(by_alias=True) for tool in listed.tools],
        "results": [result.model_dump(by_alias=True) for result in results],
        "at_once": [result.model_dump(by_alias=True) for result in at_once],
    }
    print(json.dumps(plain))  # noqa: T201  # read by the test that started this


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
