"""The way into a method: caller, rate, scope, required arguments; then the answer."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.answers import Json, SlackError
from sandbox.api import (  # noqa: F401 - importing a family enters its methods
    chat,
    conversations,
    core,
    files,
    history,
    users,
    views,
)
from sandbox.api.call import METHODS, Call, Method, invalid_arguments, missing_scope
from sandbox.hub import Hub
from sandbox.state import Team


@dataclass
class Answer:
    """What a call is answered with."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str | None:
        """The error's name, if it is a refusal."""
        return None if self.body.get("ok") else str(self.body.get("error", ""))


def answer(hub: Hub, name: str, args: Mapping[str, Any], token: str, number: int = 0) -> Answer:
    """Run one call, all at once: nothing else happens in the workspace meanwhile."""
    method = METHODS.get(name)
    headers: dict[str, str] = {"x-slack-req-id": f"sandbox-{number}"}
    try:
        if method is None:
            hub.journal.add("unknown_method", method=name)
            raise SlackError("unknown_method", req_method=name)
        team = caller(hub, method, token)
        headers["x-oauth-scopes"] = ",".join(sorted(team.install.scopes))
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        _within_rate(hub, team, method, args)
        _check(hub, team, method, args)
        body = method.run(Call(hub, method, args, team, number))
        return Answer({"ok": True, **body}, headers=headers)
    except TooOften as refusal:
        headers["retry-after"] = str(refusal.retry_after)
        return Answer({"ok": False, "error": "ratelimited"}, 429, headers)
    except SlackError as refusal:
        return Answer(refusal.body(), refusal.status, headers)
    except Exception as bug:
        hub.journal.add("crash", method=name, error=repr(bug), trace=traceback.format_exc())
        return Answer({"ok": False, "error": "internal_error"}, 500, headers)


class TooOften(Exception):
    """A call beyond the rate limit."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


def caller(hub: Hub, method: Method, token: str) -> Team:
    """The workspace a token stands for; refuses tokens of no use for this method."""
    if method.who == "anyone":
        return team_of(hub, token) or hub.team
    if not token:
        raise SlackError("not_authed")
    is_app = token == hub.app.app_token
    team = hub.team if is_app else team_of(hub, token)
    if team is None:
        revoked = token in hub.world.dead_tokens
        raise SlackError("token_revoked" if revoked else "invalid_auth")
    if is_app != (method.who == "app"):
        raise SlackError("not_allowed_token_type")
    if not is_app and not team.install.installed:
        raise SlackError("account_inactive")
    if not is_app and team.install.revoked:
        raise SlackError("token_revoked")
    return team


def team_of(hub: Hub, token: str) -> Team | None:
    """The workspace whose bot token this is."""
    return next((t for t in hub.world.teams.values() if t.install.token == token), None)


def _within_rate(hub: Hub, team: Team, method: Method, args: Mapping[str, Any]) -> None:
    refusal, early = hub.rates.take(team.id, method.name, _bucket(team, args))
    if early:
        hub.journal.add("early", method=method.name, team=team.id, refused=refusal is not None)
    if refusal is not None:
        raise TooOften(refusal.retry_after)


def _bucket(team: Team, args: Mapping[str, Any]) -> str:
    """Whose turn a post takes: one direct message has two names, its own and the person's."""
    channel = str(args.get("channel", ""))
    conv = team.conversations.get(channel)
    if conv is None or conv.kind != "im":
        return channel
    return next(user for user in conv.members if user != team.bot_user)


def _check(hub: Hub, team: Team, method: Method, args: Mapping[str, Any]) -> None:
    granted = team.install.scopes
    if method.scopes and not granted.issuperset(method.scopes):
        raise missing_scope(method.scopes, granted)
    absent = [name for name in method.required if args.get(name) in (None, "")]
    if absent:
        raise invalid_arguments(*(f"[ERROR] missing required field: {name}" for name in absent))
    unknown = sorted(k for k in args if k not in method.args and not k.startswith("_"))
    if unknown:
        hub.journal.add("unknown_arguments", method=method.name, names=unknown)
