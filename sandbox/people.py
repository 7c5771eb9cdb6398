"""What happens to people, channels and user groups, and the events it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox import events, modals
from sandbox.answers import CannotDo, Json
from sandbox.entries import person_named
from sandbox.seeds import add_channel, add_person, add_usergroup, generated
from sandbox.state import Conversation, Person, Team, Usergroup

if TYPE_CHECKING:
    from sandbox.hub import Hub

CHANGEABLE = frozenset(
    [
        "name",
        "tz",
        "locale",
        "admin",
        "owner",
        "restricted",
        "ultra_restricted",
        "stranger",
        "hidden",
        "email",
    ]
)


def add(hub: Hub, team: Team, spec: Json) -> Person:
    """Somebody joins the workspace, and every general channel with it."""
    person = add_person(team, spec, hub.clock.now())
    events.user_changed(hub, team, person, joined=True)
    for conv in team.conversations.values():
        if conv.general:
            _enter(hub, team, conv, person.id)
    return person


def generate(hub: Hub, team: Team, plan: Json) -> int:
    """Add many made-up people at once, without events: for large workspaces."""
    people = generated(plan, {p.handle for p in team.people.values()})
    for spec in people:
        add_person(team, spec, hub.clock.now())
    return len(people)


def change(hub: Hub, team: Team, who: str, facts: Json) -> Person:
    """Change somebody's name, zone, role or visibility."""
    unknown = sorted(set(facts) - CHANGEABLE)
    if unknown:
        raise CannotDo(f"A person has no {', '.join(unknown)}.", there=sorted(CHANGEABLE))
    person = person_named(team, who)
    for key, value in facts.items():
        setattr(person, key, (value or None) if key == "tz" else value)
    return _changed(hub, team, person)


def deactivate(hub: Hub, team: Team, who: str) -> Person:
    """Somebody leaves for good: keeps the history, leaves channels and user groups, sees nothing."""
    person = person_named(team, who)
    person.deleted = True
    modals.clear_stack(team, person.id)
    for conv in team.conversations.values():
        if not conv.direct:
            conv.members.pop(person.id, None)
    for group in team.usergroups.values():
        if person.id in group.members:
            group.members.remove(person.id)
    return _changed(hub, team, person)


def reactivate(hub: Hub, team: Team, who: str) -> Person:
    """Somebody comes back; channels have to be joined again."""
    person = person_named(team, who)
    person.deleted = False
    return _changed(hub, team, person)


def _changed(hub: Hub, team: Team, person: Person) -> Person:
    person.updated = int(hub.clock.now())
    hub.journal.add("changed", what="person", team=team.id, user=person.id)
    events.user_changed(hub, team, person)
    return person


def join(hub: Hub, team: Team, who: str, channel: str) -> Conversation:
    """A person, or the bot, enters a channel."""
    person, conv = _moving(team, who, channel)
    if person.id not in conv.members:
        _enter(hub, team, conv, person.id)
    return conv


def _enter(hub: Hub, team: Team, conv: Conversation, user: str) -> None:
    conv.members[user] = team.number()
    events.member_moved(hub, team, conv, user, joined=True)


def leave(hub: Hub, team: Team, who: str, channel: str) -> Conversation:
    """A person, or the bot, leaves a channel."""
    person, conv = _moving(team, who, channel)
    if conv.members.pop(person.id, None) is not None:
        events.member_moved(hub, team, conv, person.id, joined=False)
    return conv


def _moving(team: Team, who: str, channel: str) -> tuple[Person, Conversation]:
    person = person_named(team, who)
    conv = channel_named(team, channel)
    if conv.direct:
        raise CannotDo("Nobody joins or leaves a direct message or group DM.")
    return person, conv


def channel_named(team: Team, name: str) -> Conversation:
    """A channel by name or id, private ones included."""
    wanted = name.lstrip("#")
    for conv in team.conversations.values():
        if wanted and wanted in {conv.id, conv.name}:
            return conv
    raise CannotDo(f"There is no conversation {name!r}.")


def create_channel(hub: Hub, team: Team, spec: Json, by: str = "") -> Conversation:
    """Somebody makes a channel, described as in a workspace file."""
    conv = add_channel(team, spec, hub.clock.now())
    creator = person_named(team, by).id if by else team.bot_user
    events.channel_changed(hub, team, conv, "created", creator)
    return conv


def archive(hub: Hub, team: Team, channel: str, *, archived: bool) -> Conversation:
    """A channel is archived, or comes back."""
    conv = channel_named(team, channel)
    conv.archived = archived
    what = "archive" if archived else "unarchive"
    events.channel_changed(hub, team, conv, what, next(iter(conv.members), ""))
    return conv


def rename(hub: Hub, team: Team, channel: str, name: str) -> Conversation:
    """A channel gets another name."""
    conv = channel_named(team, channel)
    conv.name = name
    events.channel_changed(hub, team, conv, "rename", next(iter(conv.members), ""))
    return conv


def set_usergroup(hub: Hub, team: Team, handle: str, members: list[str]) -> Usergroup:
    """Give a user group exactly these members; an unknown handle makes a new group."""
    now = hub.clock.now()
    wanted = handle.lstrip("@")
    group = next((g for g in team.usergroups.values() if g.handle == wanted), None)
    if group is None:
        group = add_usergroup(team, {"handle": wanted}, now)
        events.usergroup_created(hub, team, group)
    ids = [person_named(team, name).id for name in members]
    added = [i for i in ids if i not in group.members]
    removed = [i for i in group.members if i not in ids]
    before, group.members, group.updated = group.updated, ids, int(now)
    events.usergroup_changed(hub, team, group, added, removed, before)
    return group


def revoke(hub: Hub, team: Team) -> None:
    """An admin revokes the app's token."""
    team.install.revoked = True
    hub.world.dead_tokens.add(team.install.token)
    events.app_left(hub, team, uninstalled=False)


def uninstall(hub: Hub, team: Team) -> None:
    """An admin removes the app; its token is of no use from then on."""
    team.install.installed = False
    events.app_left(hub, team, uninstalled=True)


def grant(hub: Hub, team: Team, scopes: list[str]) -> None:
    """Change which scopes the app has, as a new consent would."""
    team.install.scopes = frozenset(scopes)
    hub.journal.add("changed", what="scopes", team=team.id)


DEEDS: dict[str, Callable[..., Any]] = {
    "generate": lambda hub, team, b: {"people": generate(hub, team, b["plan"])},
    "add": lambda hub, team, b: {"user": add(hub, team, b["person"]).id},
    "change": lambda hub, team, b: {"user": change(hub, team, b["user"], b["facts"]).id},
    "deactivate": lambda hub, team, b: {"user": deactivate(hub, team, b["user"]).id},
    "reactivate": lambda hub, team, b: {"user": reactivate(hub, team, b["user"]).id},
    "join": lambda hub, team, b: {"channel": join(hub, team, b["user"], b["channel"]).id},
    "leave": lambda hub, team, b: {"channel": leave(hub, team, b["user"], b["channel"]).id},
    "channel": lambda hub, team, b: {"channel": create_channel(hub, team, b["channel"], b.get("by", "")).id},
    "archive": lambda hub, team, b: {
        "channel": archive(hub, team, b["channel"], archived=b.get("archived", True)).id
    },
    "rename": lambda hub, team, b: {"channel": rename(hub, team, b["channel"], b["name"]).id},
    "usergroup": lambda hub, team, b: {"usergroup": set_usergroup(hub, team, b["handle"], b["members"]).id},
    "revoke": lambda hub, team, b: revoke(hub, team),
    "uninstall": lambda hub, team, b: uninstall(hub, team),
    "grant": lambda hub, team, b: grant(hub, team, b["scopes"]),
}
