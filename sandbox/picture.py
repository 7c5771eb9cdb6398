"""The whole world as plain JSON, to compare two runs or look at by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import Json
from sandbox.state import Conversation, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub


def picture(hub: Hub) -> Json:
    """People, conversations with their messages, Homes and open modals, by names rather than ids.

    Instants are left out, so that two runs of the same story give the same picture.
    """
    return {team.id: _team(team) for team in hub.world.teams.values()}


def _team(team: Team) -> Json:
    handle = {p.id: p.handle for p in team.people.values()}
    return {
        "people": {
            p.handle: {"name": p.name, "tz": p.tz, "deleted": p.deleted} for p in team.people.values()
        },
        "conversations": sorted(
            (_conversation(team, c) for c in team.conversations.values() if c.messages),
            key=lambda c: (c["kind"], c["name"], c["members"]),
        ),
        "homes": {handle[u]: team.views[v].payload.get("blocks") for u, v in team.homes.items()},
        "modals": {handle[u]: len(stack) for u, stack in team.stacks.items() if stack},
    }


def _conversation(team: Team, conv: Conversation) -> Json:
    return {
        "kind": conv.kind,
        "name": conv.name,
        "members": sorted(team.people[u].handle for u in conv.members),
        "messages": [
            {
                "by": team.people[m.user].handle if m.user in team.people else m.user,
                "text": m.text,
                "event_type": (m.metadata or {}).get("event_type"),
            }
            for m in conv.messages
        ],
    }
