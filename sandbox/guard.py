"""Keeps web pages out: only loopback hosts, and no foreign origin, may speak to the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Guard:
    """Refuses requests that a page on another site could have made."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let local requests through; answer 403 to others."""
        if scope["type"] not in {"http", "websocket"}:
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if allowed(headers):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
        else:
            refusal = PlainTextResponse("Only this machine may speak to the sandbox.", 403)
            await refusal(scope, receive, send)


def allowed(headers: Mapping[str, str]) -> bool:
    """Whether Host is loopback, and Origin, where a browser sends one, is the very same place."""
    host = headers.get("host", "")
    if hostname(f"//{host}") not in LOOPBACK:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == host


def hostname(address: str) -> str | None:
    """The host in an address, if it can be read."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
