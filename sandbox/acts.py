"""What people do: commands, shortcuts, presses, menus, messages. Page and control act through this."""

from __future__ import annotations

import asyncio
import html
import re
from typing import TYPE_CHECKING

from sandbox import events, modals, payloads, talk
from sandbox.answers import CannotDo, Json
from sandbox.elements import Field
from sandbox.entries import conversation_named, person_named
from sandbox.parcels import Parcel
from sandbox.replies import show_command_answer
from sandbox.state import SLACKBOT, Conversation, Person, Team
from sandbox.using import Offer, Use, find, report

if TYPE_CHECKING:
    from sandbox.hub import Hub


MENTION = re.compile(r"(?<!\S)([@#])([\w.-]*\w)")


def actor(team: Team, name: str) -> Person:
    """The person who acts; deactivated people and the bot cannot."""
    person = person_named(team, name)
    if person.deleted:
        raise CannotDo(f"{person.handle} is deactivated and can do nothing.")
    if person.bot or person.id == SLACKBOT:
        raise CannotDo("Bots act by themselves.")
    return person


def place(hub: Hub, team: Team, person: Person, name: str) -> Conversation:
    """A conversation as a person names it: a channel, an id, or the app's name for its messages."""
    bot = team.bot_person()
    if name in {"", bot.handle, bot.name, "@" + bot.handle}:
        return talk.open_im(hub, team, person.id)
    return team.conversations[conversation_named(team, person, name)]


async def slash(hub: Hub, team: Team, person: Person, typed: str, channel: str) -> Json:
    """Type a slash command; the answer says what the person was shown."""
    conv = place(hub, team, person, channel)
    command, _, text = typed.partition(" ")
    if not hub.seed.manifest.knows_command(command):
        shown = f"{command} is not a valid command."
        return {"status": "unknown_command", "text": shown, "ephemeral": [shown]}
    before = hub.journal.last
    text = text.strip()
    if hub.seed.manifest.commands.get(command, {}).get("should_escape"):
        text = escaped(team, text)
    payload = payloads.slash_command(hub, team, person, conv, command, text)
    parcel = Parcel("slash_commands", command, team.id, payload, person.id, conv.id)
    outcome = await hub.courier.deliver(parcel)
    error = show_command_answer(hub, team, person, conv, command, outcome)
    return report(hub, team, person, outcome, before) | ({"error": error} if error else {})


def escaped(team: Team, text: str, *, labels: bool = True) -> str:
    """Typed text as Slack sends it to apps that want it escaped: mentions with their ids.

    In commands the typed name goes along as a label, in messages it does not.
    """

    def with_id(found: re.Match[str]) -> str:
        sign, name = found.groups()
        label = f"|{name}" if labels else ""
        if sign == "@":
            known = team.person_by_handle(name)
            return f"<@{known.id}{label}>" if known else found.group(0)
        for conv in team.conversations.values():
            if conv.name == name and not conv.direct:
                return f"<#{conv.id}{label}>"
        return found.group(0)

    return MENTION.sub(with_id, html.escape(text, quote=False))


async def shortcut(hub: Hub, team: Team, person: Person, name: str, channel: str = "", ts: str = "") -> Json:
    """Use a global shortcut, or a message shortcut on one message."""
    known = hub.seed.manifest.shortcut(name)
    if known is None:
        raise CannotDo(
            f"There is no shortcut {name!r}.",
            there=[str(s.get("name")) for s in hub.seed.manifest.shortcuts],
        )
    if not hub.seed.manifest.interactivity:
        hub.journal.add("interactivity_off", shortcut=name)
        return {"status": "nothing", "delivered": False}
    before = hub.journal.last
    callback = str(known["callback_id"])
    if ts:
        conv = place(hub, team, person, channel)
        message = talk.find_message(conv, ts, person.id)
        if message is None:
            raise CannotDo("That message is not there any more.")
        payload = payloads.message_shortcut(hub, team, person, conv, message, callback)
    else:
        payload = payloads.shortcut(hub, team, person, callback)
    parcel = Parcel("interactive", payload["type"], team.id, payload, person.id)
    return report(hub, team, person, await hub.courier.deliver(parcel), before)


def say(hub: Hub, team: Team, person: Person, channel: str, text: str, thread_ts: str = "") -> Json:
    """Write a message."""
    conv = place(hub, team, person, channel)
    if person.id not in conv.members:
        raise CannotDo(f"{person.handle} is not in #{conv.name}.")
    if conv.kind == "im" and hub.seed.manifest.messages_read_only:
        raise CannotDo("The app takes no messages.")
    draft = talk.Draft(text=escaped(team, text, labels=False), thread_ts=thread_ts or None)
    message = talk.post(hub, team, conv, person.id, draft)
    return {"channel": conv.id, "ts": message.ts}


async def open_home(hub: Hub, team: Team, person: Person, tab: str = "home") -> Json:
    """Open the app's Home or Messages tab; the app is told before this returns."""
    manifest = hub.seed.manifest
    if tab == "home" and not manifest.home_tab:
        raise CannotDo("The app has no Home tab.")
    conv = talk.open_im(hub, team, person.id)
    view_id = team.homes.get(person.id)
    view = modals.wire(hub, team, team.views[view_id]) if view_id and tab == "home" else None
    opened = events.home_opened(hub, team, person.id, conv.id, tab, view)
    told = events.send(hub, team, opened)
    if told is not None:
        await asyncio.wait({told}, timeout=hub.settings.ack_seconds + 1)
    return {"view": team.homes.get(person.id)}


async def press_message(
    hub: Hub,
    team: Team,
    person: Person,
    spot: Json,
    *,
    label: str = "",
    human: object = None,
    confirm: bool = True,
) -> Json:
    """Use a button or menu of a message. *spot* names channel and ts, and perhaps kept blocks."""
    user, seen = _at_message(hub, team, person, spot)
    found, human = find(team, person, seen, label, spot, human, hub.clock.now())
    return await user.use(found, human, confirm=confirm)


async def offered_in_message(
    hub: Hub, team: Team, person: Person, spot: Json, *, label: str, typed: str
) -> Offer:
    """The options an external select of a message shows for typed letters."""
    user, seen = _at_message(hub, team, person, spot)
    found, _ = find(team, person, seen, label, spot, None, hub.clock.now())
    return await user.offer(found, typed)


def _at_message(hub: Hub, team: Team, person: Person, spot: Json) -> tuple[Use, list[Json]]:
    conv = place(hub, team, person, str(spot["channel"]))
    message = talk.find_message(conv, str(spot["ts"]), person.id)
    if message is None:
        raise CannotDo("That message is not there any more.")
    if not conv.kind == "channel" and person.id not in conv.members:
        raise CannotDo(f"{person.handle} cannot see that message.")
    values = message.values.setdefault(person.id, {})

    def payload(found: Field, state: Json | None) -> Json:
        action = payloads.action_of(hub, team, found, state)
        return payloads.message_action(hub, team, person, conv, message, action)

    where = {
        "container": {"type": "message", "message_ts": message.ts, "channel_id": conv.id},
        "channel": {"id": conv.id, "name": payloads.channel_name(conv)},
        "message": {"ts": message.ts, "text": message.text},
    }
    user = Use(hub, team, person, values, payload, where, conv.id)
    return user, spot.get("blocks") or message.blocks
