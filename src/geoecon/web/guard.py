"""What the local server lets in: its own pages from this machine, and bodies of bounded size."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp


Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HERE = re.compile(r"^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$")
MEGABYTE = 1024 * 1024
BODY = 64 * MEGABYTE  # an upload of flows; smaller things have smaller limits of their own
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer a browser sends a form as from "null"
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def refusal(method: str, headers: MutableMapping[str, str]) -> str | None:
    """Why a request is refused, or None. Only this machine's names as Host; no other site as origin."""
    host = headers.get("host", "")
    if not HERE.match(host):
        return "Host is not this machine; allowed: 127.0.0.1 or localhost"
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "Origin is another site; allowed: the pages of this server"
    site = headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none"):
        navigation = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        if method != "GET" or not navigation:
            return "Request comes from another site; allowed: the pages of this server"
    return None


def faults(error: Exception) -> list[str]:
    """The places of an input error, at most twenty, one text each."""
    return [str(fault) for fault in getattr(error, "faults", (error,))][:20]


class Guard:
    """ASGI middleware: checks Host and Origin, bounds the body, adds the headers of every answer."""

    def __init__(self, app: ASGIApp, limit: int = BODY):
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        reason = refusal(scope["method"], headers)
        if reason:
            await _answer(send, 403, reason)
            return
        if _declared(headers) > self.limit:
            await _answer(send, 413, _too_large(self.limit))
            return
        await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                raise TooLargeError(_too_large(self.limit))
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                mine = [name for name, _ in HEADERS]
                kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in mine]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        await self.app(scope, counted, dressed)


class TooLargeError(Exception):
    """A body above the limit."""


def _declared(headers: MutableMapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdigit() else 0


def _too_large(limit: int) -> str:
    return f"The upload is too large; allowed: {limit // MEGABYTE} MB. Nothing was kept."


async def _answer(send: Send, status: int, text: str) -> None:
    body = text.encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
