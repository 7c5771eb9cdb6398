"""What the page needs to know before it draws anything: one answer, so that the first paint is soon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox import views_of
from sandbox.answers import CannotDo, Json
from sandbox.state import SLACKBOT, Person, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub


def facts(hub: Hub, team: Team, handle: str) -> Json:
    """People, places, commands, clock and modals, for the person with *handle*, else the first admin."""
    me = actor(team, handle)
    manifest = hub.seed.manifest
    return {
        "me": me.id,
        "bot": team.bot_user,
        "team": {"id": team.id, "name": team.name},
        "app": {
            "name": manifest.app_name,
            "home": manifest.home_tab,
            "messages": manifest.messages_tab,
            "read_only": manifest.messages_read_only,
            "about": manifest.description,
        },
        "people": [one_person(person) for person in team.people.values()],
        "channels": [
            {"id": c.id, "name": c.name, "kind": c.kind}
            for c in team.conversations.values()
            if not c.direct and (c.kind == "channel" or me.id in c.members)
        ],
        "usergroups": [{"id": g.id, "handle": g.handle, "name": g.name} for g in team.usergroups.values()],
        "conversations": views_of.places(hub, team, me),
        "commands": [
            {"command": name, "hint": c.get("usage_hint", ""), "description": c.get("description", "")}
            for name, c in manifest.commands.items()
        ],
        "shortcuts": [
            {key: s.get(key, "") for key in ("name", "callback_id", "type", "description")}
            for s in manifest.shortcuts
        ],
        "modals": views_of.stack(hub, team, me),
        "clock": {"now": hub.clock.now(), "rate": hub.clock.rate},
        "last": hub.journal.last,
    }


def actor(team: Team, handle: str) -> Person:
    """Who acts on the page: the one who was asked for if that person can act, else the first admin."""
    able = [p for p in team.humans() if not p.deleted]
    if not able:
        raise CannotDo("There is nobody here to act as.")
    named = next((p for p in able if handle in {p.handle, p.id}), None)
    return named or next((p for p in able if p.admin or p.owner), able[0])


def one_person(person: Person) -> Json:
    """A person, as shown beside messages and in pickers."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "tz": person.tz,
        "role": role(person),
        "bot": person.bot or person.id == SLACKBOT,
        "deleted": person.deleted,
    }


def role(person: Person) -> str:
    """What a person may do here, in a word; "" for an ordinary member."""
    if person.bot:
        return "app"
    if person.owner or person.admin:
        return "owner" if person.owner else "admin"
    return "guest" if person.restricted or person.ultra_restricted else ""
