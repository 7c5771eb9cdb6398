"""A person at the page: opens it, and finds everything as people and screen readers do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request


class Watch:
    """Notes whatever must not happen in a browser: errors, and requests to another host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.seen: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme in ("http", "https", "ws", "wss") and there.netloc != self.host:
            self.seen.append(f"request to another host: {request.url}")


class Visitor:
    """A person at the page."""

    def __init__(self, page: Page, handle: str) -> None:
        self.page, self.handle = page, handle


def address(url: str, **asked: Any) -> str:
    """The page's address, for a person and a conversation."""
    return f"{url}/?{urlencode({key.rstrip('_'): value for key, value in asked.items() if value})}"
