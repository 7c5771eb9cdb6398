"""What Slack tells us about people and about ourselves; each event once, however often it comes."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from domain.errors import Refusal
from domain.people import Person
from handlers import guard
from services import people, usergroups
from services.ports import Deps
from services.usergroups import Told

Body = dict[str, Any]


class Incomplete(Refusal):
    """An event without what it should carry."""


def _text(event: Body, name: str) -> str:
    found = event.get(name)
    if not isinstance(found, str):
        raise Incomplete(Incomplete.__doc__)
    return found


def _texts(event: Body, name: str) -> list[str]:
    found = event.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _told(event: Body) -> Told:
    """What one of Slack's three events about user groups says."""
    if event["type"] == "subteam_members_changed":
        added, removed = _texts(event, "added_users"), _texts(event, "removed_users")
        return Told(_text(event, "subteam_id"), added=added, removed=removed)
    group = event.get("subteam")
    if not isinstance(group, dict):
        raise Incomplete
    return Told(_text(group, "id"), _text(group, "handle"), gone=bool(group.get("date_delete")))


def register(app: App, deps: Deps, person_of: Callable[[dict[str, Any]], Person]) -> None:
    """Listen to the events of the manifest."""
    db, team = deps.db, deps.team_id

    def changed(body: Body) -> None:
        user = body["event"].get("user")
        if not (isinstance(user, dict) and isinstance(user.get("id"), str)):
            raise Incomplete(Incomplete.__doc__)
        person = person_of(user)
        people.changed(db, team, person, event_id=body["event_id"], now=deps.clock())
        deps.hint()

    def joined(body: Body) -> None:
        event = body["event"]
        channel, user = _text(event, "channel"), _text(event, "user")
        people.joined_channel(db, team, channel, user, event_id=body["event_id"], now=deps.clock())
        deps.hint()

    def left(body: Body) -> None:
        event = body["event"]
        channel, user = _text(event, "channel"), _text(event, "user")
        people.left_channel(db, team, channel, user, event_id=body["event_id"], now=deps.clock())

    def gone(body: Body) -> None:
        event = body["event"]
        ours = event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot")
        if ours:  # else tokens of people were revoked, and we hold none
            people.workspace_left(db, team, reason=event["type"])

    def grouped(body: Body) -> None:
        usergroups.changed(db, team, _told(body["event"]), event_id=body["event_id"], now=deps.clock())
        deps.hint()

    for kind in ("subteam_created", "subteam_updated", "subteam_members_changed"):
        app.event(kind)(guard.event(deps, grouped))
    app.event("team_join")(guard.event(deps, changed))
    app.event("user_change")(guard.event(deps, changed))
    app.event("member_joined_channel")(guard.event(deps, joined))
    app.event("member_left_channel")(guard.event(deps, left))
    app.event("app_uninstalled")(guard.event(deps, gone))
    app.event("tokens_revoked")(guard.event(deps, gone))
