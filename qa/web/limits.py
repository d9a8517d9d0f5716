"""What the server refuses before anything else looks at it.

Knows ASGI, sizes, rates, host names and passwords. Does not know questions or pages. Each guard
is one wrapper around the app; `server.py` puts them on in order.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_CLIENTS = 10_000  # whose rate is remembered; the longest silent are forgotten first
OPEN_PATHS = frozenset({"/healthz"})  # answered without a password, for supervisors
ASKING = ("/v1/", "/mcp", "/gradio_api/queue/join", "/gradio_api/call/", "/gradio_api/run/")
UPLOAD = "/gradio_api/upload"


async def refuse(
    send: Send, status: int, what: str, *, cure: str = "", headers: Mapping[str, str] | None = None
) -> None:
    """Send an error in the form that every route uses."""
    body = json.dumps({"error": {"what": what, "cure": cure}}).encode()
    sent = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


class SizeLimit:
    """Refuses a body that is larger than its route may take, by its head or while it comes."""

    def __init__(self, app: ASGIApp, *, most: int, upload: int | None) -> None:
        """Allow `most` bytes, and `upload` bytes on the upload route; None: no uploads."""
        self.app, self.most, self.upload = app, most, upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most: int | None = self.most
        if scope["path"].startswith(UPLOAD):
            most = self.upload
        if most is None:
            await refuse(send, 403, "Uploads are off.", cure="Start with `qa web --allow-upload`.")
            return
        length = _header(scope, b"content-length")
        if length is not None and (not length.isdigit() or int(length) > most):
            await refuse(send, 413, f"At most {most:,} bytes are read.", cure="Send less.")
            return
        started, over, taken = False, False, 0

        async def counted() -> Message:
            nonlocal over, taken
            message = await receive()
            taken += len(message.get("body", b""))
            over = over or taken > most
            # To the app it is as if the client had hung up, which ends its reading.
            return {"type": "http.disconnect"} if over else message

        async def watched(message: Message) -> None:
            nonlocal started
            if over and not started:
                return  # what the app makes of half a body is not sent
            started = True
            await send(message)

        with contextlib.suppress(ClientDisconnect):
            await self.app(scope, counted, watched)
        if over and not started:
            await refuse(send, 413, f"At most {most:,} bytes are read.", cure="Send less.")


class RateLimit:
    """Refuses a client that asks faster than `rate` a second, after a first `burst`.

    A token bucket for each address; 0 switches it off.
    """

    def __init__(self, app: ASGIApp, *, rate: float, burst: int) -> None:
        """Allow `burst` requests at once and `rate` a second from then on."""
        self.app, self.rate, self.burst = app, rate, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say how long to wait."""
        if self.rate and scope["type"] == "http" and scope["path"].startswith(ASKING):
            client = scope.get("client")
            wait = self.wait(client[0] if client else "")
            if wait > 0:
                await refuse(
                    send, 429, "Too many requests from this address.", cure="Ask more slowly.",
                    headers={"retry-after": str(max(1, round(wait + 0.5)))},
                )  # fmt: skip
                return
        await self.app(scope, receive, send)

    def wait(self, client: str) -> float:
        """Take one token; return 0, or the seconds until there is one."""
        now = time.monotonic()
        with self._lock:
            tokens, last = self._buckets.pop(client, (float(self.burst), now))
            tokens = min(float(self.burst), tokens + (now - last) * self.rate)
            allowed = tokens >= 1.0
            self._buckets[client] = (tokens - 1.0 if allowed else tokens, now)
            if len(self._buckets) > MOST_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - tokens) / self.rate


class PasswordWall:
    """Asks for a user and password (HTTP Basic) before anything but `/healthz`."""

    def __init__(self, app: ASGIApp, *, users: Mapping[str, str]) -> None:
        """Let in `users`, name to password."""
        self.app = app
        self.users = {name.encode(): password.encode() for name, password in users.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on who is known."""
        asks = scope["type"] in {"http", "websocket"} and scope["path"] not in OPEN_PATHS
        if not asks or self.known(_header(scope, b"authorization") or ""):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await refuse(
                send, 401, "A user and a password are needed.",
                headers={"www-authenticate": 'Basic realm="Quoth", charset="UTF-8"'},
            )  # fmt: skip
        else:
            await send({"type": "websocket.close", "code": 1008})

    def known(self, header: str) -> bool:
        """Say whether an Authorization header names a user with the right password."""
        kind, _, coded = header.partition(" ")
        try:
            name, colon, password = base64.b64decode(coded, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        # An unknown name takes as long as a wrong password.
        expected = self.users.get(name, b"")
        right = hmac.compare_digest(password, expected)
        return kind.lower() == "basic" and bool(colon) and name in self.users and right


class HostCheck:
    """Refuses a Host header that is not one of ours, on a server bound to this machine only.

    Without it a foreign page could point its own name at 127.0.0.1 and read the articles.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        """Let in `hosts`, without their ports."""
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what asks for one of our names."""
        if scope["type"] == "http" and _host(_header(scope, b"host") or "") not in self.hosts:
            await refuse(send, 421, "This server does not go by that name.", cure="Use localhost.")
            return
        await self.app(scope, receive, send)


class SafeHeaders:
    """Adds the headers that keep a browser from running or fetching what is not ours."""

    POLICY = (
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    FIXED = (
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
    )

    def __init__(self, app: ASGIApp, *, pages: Iterable[str]) -> None:
        """Guard every answer; give `pages` (paths of HTML) a policy with a nonce."""
        self.app, self.pages = app, frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] in self.pages and scope["method"] == "GET":
            await self._page(scope, receive, send)
        else:

            async def headed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *self.FIXED]
                await send(message)

            await self.app(scope, receive, headed)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark the page's own scripts with a nonce; others, and handlers in text, cannot run."""
        import secrets

        # The page must come uncompressed to be marked.
        kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        head: dict[str, Any] = {}
        body = bytearray()

        async def gathered(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            nonce = secrets.token_urlsafe(16)
            marked = bytes(body).replace(b"<script", f'<script nonce="{nonce}"'.encode())
            policy = self.POLICY.format(nonce=nonce).encode()
            headers = [pair for pair in head["headers"] if pair[0] != b"content-length"]
            headers += [(b"content-length", str(len(marked)).encode())]
            headers += [(b"content-security-policy", policy), *self.FIXED]
            await send({**head, "headers": headers})
            await send({"type": "http.response.body", "body": marked})

        await self.app({**scope, "headers": kept}, receive, gathered)


def _header(scope: Scope, name: bytes) -> str | None:
    for known, value in scope["headers"]:
        if known == name:
            return str(value, "latin-1")
    return None


def _host(value: str) -> str:
    if value.startswith("["):  # an IPv6 address
        return value[: value.find("]") + 1].lower()
    return value.partition(":")[0].lower()
