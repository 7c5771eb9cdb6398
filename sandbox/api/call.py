"""One Web API call: its arguments, its caller, and the table of methods."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.answers import Json, SlackError
from sandbox.hub import Hub
from sandbox.state import Conversation, Team

# Arguments every method takes; slack_sdk and other clients send some of them unasked.
COMMON_ARGUMENTS = frozenset({"token", "team_id", "pretty"})
Who = Literal["bot", "app", "anyone"]  # whose token a method takes
TRUE_WORDS = frozenset({"1", "true", "t", "yes"})


@dataclass(frozen=True)
class Method:
    """A row of the method table."""

    name: str
    run: Callable[[Call], Json]
    scopes: tuple[str, ...]
    args: frozenset[str]
    required: tuple[str, ...]
    who: Who


METHODS: dict[str, Method] = {}


def method(
    name: str,
    args: str = "",
    *,
    scopes: tuple[str, ...] = (),
    required: str = "",
    who: Who = "bot",
) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Enter a function into the method table. Without all of *scopes* it is refused."""

    def enter(run: Callable[[Call], Json]) -> Callable[[Call], Json]:
        known = frozenset(args.split()) | frozenset(required.split()) | COMMON_ARGUMENTS
        METHODS[name] = Method(name, run, scopes, known, tuple(required.split()), who)
        return run

    return enter


@dataclass
class Call:
    """A call that passed authentication."""

    hub: Hub
    method: Method
    args: Mapping[str, Any]
    team: Team
    number: int = 0
    warnings: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """An argument as text; numbers and booleans read as their JSON."""
        value = self.args.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no, as forms and JSON write it."""
        value = self.args.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value).lower() in TRUE_WORDS

    def listing(self, name: str) -> list[str]:
        """A list of ids, given as JSON list or with commas."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        text = self.text(name).strip()
        if text.startswith("["):
            parsed = self.json(name)
            return [str(item) for item in parsed] if isinstance(parsed, list) else []
        return [item.strip() for item in text.split(",") if item.strip()]

    def json(self, name: str, *, broken: str = "invalid_json") -> Any:
        """An argument that is JSON, already parsed or as text."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(broken) from None

    def has(self, name: str) -> bool:
        """Whether the argument was given at all, be it empty."""
        return self.args.get(name) is not None

    def limit(self, default: int, most: int) -> int:
        """The page size asked for; 0, letters and more than allowed are refused."""
        value = self.args.get("limit")
        if value in (None, ""):
            return default
        if not str(value).isdigit() or not 1 <= int(str(value)) <= most:
            raise SlackError("invalid_limit")
        return int(str(value))

    def needs(self, *scopes: str) -> None:
        """Refuse unless one of *scopes* was granted."""
        granted = self.team.install.scopes
        if not any(scope in granted for scope in scopes):
            raise missing_scope(scopes, granted)

    def allows(self, scope: str) -> bool:
        """Whether a scope was granted."""
        return scope in self.team.install.scopes

    @property
    def now(self) -> float:
        """The workspace's present."""
        return self.hub.clock.now()


def missing_scope(needed: tuple[str, ...], granted: frozenset[str]) -> SlackError:
    """The refusal of a call for which the app lacks a scope."""
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(granted)))


def invalid_arguments(*messages: str) -> SlackError:
    """The refusal that says in lines what is wrong."""
    return SlackError("invalid_arguments", response_metadata={"messages": list(messages)})


READ_SCOPES = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
HISTORY_SCOPES = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


def conversation(call: Call, name: str = "channel") -> Conversation:
    """The conversation an argument names, if the bot may know of it."""
    conv = call.team.conversations.get(call.text(name))
    if conv is None or (conv.kind != "channel" and call.team.bot_user not in conv.members):
        raise SlackError("channel_not_found")
    return conv


def writable(call: Call, conv: Conversation) -> Conversation:
    """The conversation, if the bot may write there."""
    if conv.archived:
        raise SlackError("is_archived")
    if call.team.bot_user not in conv.members and not call.allows("chat:write.public"):
        raise SlackError("not_in_channel")
    return conv
