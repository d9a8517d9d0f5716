"""The server process: where it listens, and how it ends.

Knows uvicorn and signals. Does not know what is served (`server.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

import uvicorn

from qa.web.server import app

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    from fastapi import FastAPI

    from qa.pipeline import Pipeline

log = logging.getLogger(__name__)

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
DELIVER = 5  # seconds for sending answers after the last one was found


def serve(
    pipeline: Pipeline,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = False,
    auth: str | Mapping[str, str] | None = None,
    **options: Any,
) -> None:
    """Serve the app until Ctrl-C or a TERM signal; what was taken is answered first.

    Args:
        pipeline: What answers.
        host: Address to listen on; only this machine can reach the default.
        port: Port to listen on; 0: any free one.
        open_browser: Open the page once it is up.
        auth: See `qa.web.server.app`.
        options: The other options of `app`.
    """
    ours = is_loopback(host)
    if not ours and auth is None:
        log.warning(
            "listening on %s without a password: whoever reaches it can read all articles; "
            "use --auth",
            host,
        )
    whole = app(pipeline, auth=auth, hosts=LOOPBACK_NAMES if ours else None, **options)
    config = uvicorn.Config(
        whole, host=host, port=port, access_log=False,
        timeout_graceful_shutdown=int(whole.state.batcher.time_limit) + DELIVER,
    )  # fmt: skip
    server = Server(config, whole, open_browser=open_browser)
    with _ending_well():
        server.run()


class Server(uvicorn.Server):
    """Uvicorn, which lets open requests end before it does; the page's streams never would."""

    def __init__(self, config: uvicorn.Config, whole: FastAPI, *, open_browser: bool) -> None:
        """Serve `whole`, made by `qa.web.server.app`."""
        super().__init__(config)
        self._whole = whole
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and open the page if that is wanted."""
        await super().startup(sockets)
        if self._open_browser and self.started:
            import webbrowser

            port = self.servers[0].sockets[0].getsockname()[1]
            name = "localhost" if is_loopback(self.config.host) else self.config.host
            threading.Thread(
                target=webbrowser.open, args=(f"http://{name}:{port}",), daemon=True
            ).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, answer what was taken, then end the streams of open pages and all."""
        ending = asyncio.create_task(self._end_streams())
        await super().shutdown(sockets)
        await ending

    async def _end_streams(self) -> None:
        # Takes no question from here on, and returns when the last one is answered.
        await asyncio.to_thread(self._whole.state.batcher.close)
        self._whole.state.page.stop_event.set()


@contextlib.contextmanager
def _ending_well() -> Iterator[None]:
    """Let a TERM signal end the process like any finished work, with exit code 0.

    Uvicorn raises the signal again once it has shut down, which would kill the process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server bound to `host`."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
