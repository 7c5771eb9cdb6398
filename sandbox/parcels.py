"""What goes to the bot and what came of it, whichever way it travels."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.answers import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
How = Literal["answered", "timeout", "refused", "reset", "not_connected", "lost"]

# Slack's names for why an event is delivered again.
RETRY_REASONS: dict[str, str] = {
    "timeout": "http_timeout",
    "answered": "http_error",
    "refused": "connection_failed",
    "reset": "connection_failed",
    "not_connected": "connection_failed",
    "lost": "http_timeout",
}


@dataclass(frozen=True)
class Parcel:
    """One thing to tell the bot: a command, an interaction or an event."""

    kind: Kind
    name: str
    team: str
    payload: Json
    user: str = ""
    channel: str = ""

    @property
    def wants_answer(self) -> bool:
        """Whether the acknowledgement may carry content."""
        return self.kind != "events_api"


@dataclass(frozen=True)
class Tamper:
    """How a repeated delivery is spoiled on its way."""

    signature: bool = False
    timestamp: bool = False
    body: bool = False


@dataclass(frozen=True)
class Outcome:
    """How the bot took a parcel."""

    how: How
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    no_retry: bool = False
    ms: float = 0.0
    delivery: int = 0
    extra: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the bot answered with a 2xx in time."""
        return self.how == "answered" and self.status is not None and 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The answer's body as text."""
        return self.body.decode("utf-8", "replace")

    def content(self) -> Any:
        """The answer as JSON if it is JSON, else None."""
        if "json" not in self.content_type:
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def brief(self) -> Json:
        """What a person who acts by control is told of the delivery."""
        return {
            "how": self.how,
            "http": self.status,
            "body": self.text,
            "ms": round(self.ms, 1),
            "delivery": self.delivery,
        }
