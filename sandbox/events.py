"""Events the app subscribed to: their shapes, and who decides whether one is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import Json
from sandbox.shapes import message_object, user_object, usergroup_object
from sandbox.state import Conversation, Message, Person, Team, Usergroup

if TYPE_CHECKING:
    from sandbox.deliver import Sending
    from sandbox.hub import Hub

CHANNEL_TYPES = {"channel": "channel", "group": "group", "im": "im", "mpim": "mpim"}
MESSAGE_EVENTS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


def send(hub: Hub, team: Team, event: Json, *, subscription: str | None = None) -> Sending | None:
    """Send one event, if the app subscribed to it, may see it, and is still installed."""
    name = subscription or str(event["type"])
    farewell = name in {"tokens_revoked", "app_uninstalled"}
    if not hub.seed.manifest.sends(name, team.install.scopes):
        hub.journal.add("not_sent", event=name, why="not subscribed or scope missing")
        return None
    if not team.install.installed and not farewell:
        return None
    now = hub.clock.now()
    event = {**event, "event_ts": f"{int(now)}.{hub.serial() % 1_000_000:06d}"}
    return hub.courier.send_event(team, name, wrapped(hub, team, event, now))


def wrapped(hub: Hub, team: Team, event: Json, now: float) -> Json:
    """The envelope every event travels in."""
    return {
        "token": hub.app.verification_token,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": hub.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev0{hub.serial():09d}",
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{team.id}-{hub.serial()}",
    }


def user_changed(hub: Hub, team: Team, person: Person, *, joined: bool = False) -> None:
    """Tell that a person changed, or is new."""
    now = hub.clock.now()
    email = "users:read.email" in team.install.scopes
    user = user_object(team, person, now, email=email, locale=True)
    event: Json = {"type": "team_join" if joined else "user_change", "user": user}
    if not joined:
        event["cache_ts"] = int(now)
    send(hub, team, event)


def member_moved(hub: Hub, team: Team, conv: Conversation, user: str, *, joined: bool) -> None:
    """Tell that somebody joined or left a channel the bot is in."""
    if team.bot_user not in conv.members and user != team.bot_user:
        return
    event = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": conv.id,
        "channel_type": "C" if conv.kind == "channel" else "G",
        "team": team.id,
    }
    send(hub, team, event)


def channel_changed(hub: Hub, team: Team, conv: Conversation, what: str, user: str) -> None:
    """Tell that a channel was created, renamed, archived or unarchived."""
    private = conv.kind == "group"
    if private and team.bot_user not in conv.members:
        return
    channel: object = conv.id
    if what in {"created", "rename"}:
        channel = {"id": conv.id, "name": conv.name, "created": conv.created, "creator": user}
    kind = "group" if private else "channel"
    send(hub, team, {"type": f"{kind}_{what}", "channel": channel, "user": user})


def usergroup_created(hub: Hub, team: Team, group: Usergroup) -> None:
    """Tell that there is a new user group; its members follow in an event of their own."""
    send(hub, team, {"type": "subteam_created", "subteam": usergroup_object(team, group, users=True)})


def usergroup_changed(
    hub: Hub, team: Team, group: Usergroup, added: list[str], removed: list[str], before: int
) -> None:
    """Tell that a user group has other members than before."""
    event = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": team.id,
        "date_previous_update": before,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    send(hub, team, event)
    updated = {"type": "subteam_updated", "subteam": usergroup_object(team, group, users=True)}
    send(hub, team, updated)


def home_opened(hub: Hub, team: Team, user: str, channel: str, tab: str, view: Json | None) -> Json:
    """The event for a person who opened the app's home or messages tab."""
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab}
    return {**event, "view": view} if view else event


def message_written(hub: Hub, team: Team, conv: Conversation, message: Message) -> None:
    """Tell the bot what a person wrote where it is a member, and once more if it was mentioned."""
    if team.bot_user not in conv.members:
        return
    event = message_object(team, message, hub.app.id)
    event |= {
        "channel": conv.id,
        "channel_type": CHANNEL_TYPES[conv.kind],
        "client_msg_id": f"{hub.serial():08d}-0000-4000-8000-000000000000",
    }
    send(hub, team, event, subscription=MESSAGE_EVENTS[conv.kind])
    if f"<@{team.bot_user}>" in message.text and conv.kind != "im":
        mention = {k: v for k, v in event.items() if k != "channel_type"}
        send(hub, team, {**mention, "type": "app_mention"})


def app_left(hub: Hub, team: Team, *, uninstalled: bool) -> None:
    """Tell that the token was revoked and, if so, the app removed; Slack keeps no order."""
    farewells: list[Json] = [{"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}}]
    if uninstalled:
        farewells.append({"type": "app_uninstalled"})
    team.rng.shuffle(farewells)
    for event in farewells:
        send(hub, team, event)
