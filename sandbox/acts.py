"""What people do: commands, shortcuts, presses, menus, messages. Page and control act through this."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox import events, modals, payloads, talk
from sandbox.answers import CannotDo, Json
from sandbox.elements import PRESSED, Field, fields, state_of
from sandbox.entries import conversation_named, entered, option_text, person_named, pick
from sandbox.limits import check_blocks
from sandbox.parcels import Outcome, Parcel
from sandbox.reading import plain
from sandbox.replies import show_command_answer
from sandbox.state import Conversation, Person, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

QUERY_AT_LEAST = 3  # letters, unless the element says otherwise


def actor(team: Team, name: str) -> Person:
    """The person who acts; deactivated people and the bot cannot."""
    person = person_named(team, name)
    if person.deleted:
        raise CannotDo(f"{person.handle} is deactivated and can do nothing.")
    if person.bot:
        raise CannotDo("The bot acts by itself.")
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
    payload = payloads.slash_command(hub, team, person, conv, command, text.strip())
    parcel = Parcel("slash_commands", command, team.id, payload, person.id, conv.id)
    outcome = await hub.courier.deliver(parcel)
    error = show_command_answer(hub, team, person, conv, command, outcome)
    return report(hub, team, person, outcome, before) | ({"error": error} if error else {})


async def shortcut(hub: Hub, team: Team, person: Person, name: str, channel: str = "", ts: str = "") -> Json:
    """Use a global shortcut, or a message shortcut on one message."""
    known = hub.seed.manifest.shortcut(name)
    if known is None:
        raise CannotDo(
            f"There is no shortcut {name!r}.",
            there=[str(s.get("name")) for s in hub.seed.manifest.shortcuts],
        )
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
    draft = talk.Draft(text=text, thread_ts=thread_ts or None)
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
    events.send(hub, team, events.home_opened(hub, team, person.id, conv.id, tab, view))
    await hub.courier.quiet(hub.settings.ack_seconds + 1)
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
    conv = place(hub, team, person, str(spot["channel"]))
    message = talk.find_message(conv, str(spot["ts"]), person.id)
    if message is None:
        raise CannotDo("That message is not there any more.")
    if not conv.kind == "channel" and person.id not in conv.members:
        raise CannotDo(f"{person.handle} cannot see that message.")
    seen = spot.get("blocks") or message.blocks
    found, human = find(team, person, seen, label, spot, human, hub.clock.now())
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
    return await user.use(found, human, confirm=confirm)


def find(
    team: Team,
    person: Person,
    blocks: list[Json],
    label: str,
    spot: Json,
    human: object,
    now: float,
) -> tuple[Field, object]:
    """The one element a person means, by visible text or by ids; an overflow also by its options."""
    usable = list(fields(blocks))
    if spot.get("action_id"):
        ids = (spot.get("block_id"), spot["action_id"])
        usable = [f for f in usable if f.key[1] == ids[1] and ids[0] in (None, f.key[0])]
        matches = [(f, human) for f in usable]
    else:
        matches = _named(team, person, usable, label, human, now)
    if len(matches) != 1:
        count = "Nothing" if not matches else "More than one thing"
        there = [_shown(team, person, f, now) for f in usable]
        raise CannotDo(f"{count} here reads {label!r}.", there=there)
    return matches[0]


def _named(
    team: Team, person: Person, usable: list[Field], label: str, human: object, now: float
) -> list[tuple[Field, object]]:
    def said(found: Field) -> list[str]:
        return [plain(team, person, name, now).strip(" *_") for name in found.names()]

    wanted = label.strip(" *_")
    matches: list[tuple[Field, object]] = [(f, human) for f in usable if wanted in said(f)]
    if human is None:
        matches += [
            (f, label) for f in usable if f.type == "overflow" and label in map(option_text, f.options())
        ]
    first = [(f, h) for f, h in matches if said(f)[:1] == [wanted]]
    return first if len(first) == 1 else matches


def _shown(team: Team, person: Person, found: Field, now: float) -> str:
    names = found.names() or [found.type]
    options = f" ({', '.join(map(option_text, found.options()))})" if found.options() else ""
    return plain(team, person, names[0], now) + options


class Use:
    """One person using one element of a message or view, and the app being told."""

    def __init__(
        self,
        hub: Hub,
        team: Team,
        person: Person,
        values: dict[tuple[str, str], Json],
        payload: Any,
        where: Json,
        channel: str = "",
    ) -> None:
        self.hub, self.team, self.person = hub, team, person
        self.values, self.payload, self.where, self.channel = values, payload, where, channel

    async def use(self, found: Field, human: object, *, confirm: bool = True) -> Json:
        """Press a button or choose in a menu; inputs that wait for submit only keep the value."""
        hub, team = self.hub, self.team
        before = hub.journal.last
        asked = found.element.get("confirm")
        if asked and not confirm:
            return {"status": "cancelled", "confirm": asked}
        state = await self._state(found, human)
        if not found.acts_at_once:
            return {"status": "kept", "delivered": False}
        if not hub.seed.manifest.interactivity:
            hub.journal.add("interactivity_off", element=found.key)
            return {"status": "nothing", "delivered": False}
        body = self.payload(found, state)
        parcel = Parcel("interactive", "block_actions", team.id, body, self.person.id, self.channel)
        outcome = await hub.courier.deliver(parcel)
        told = report(hub, team, self.person, outcome, before)
        return told | ({"confirm": asked} if asked else {})

    async def _state(self, found: Field, human: object) -> Json | None:
        if found.type in PRESSED:
            return None
        if found.type.endswith("external_select"):
            value: object = await self._suggested(found, human)
        else:
            value = entered(self.team, self.person, found, human)
        state = state_of(found.element, value)
        if found.holds_state:
            self.values[found.key] = state
        return state

    async def _suggested(self, found: Field, human: object) -> object:
        many = found.type.startswith("multi_")
        if human in (None, "", []):
            return [] if many else None
        wanted = human if isinstance(human, list) else [human]
        chosen = [await self.suggest(found, str(text)) for text in wanted]
        return chosen if many else chosen[0]

    async def suggest(self, found: Field, typed: str) -> Json:
        """Type letters into an external select and take the option that reads so."""
        options = await self.options(found, typed)
        exact = [o for o in options if option_text(o).casefold() == typed.casefold()]
        if not exact and len(options) == 1:
            return options[0]
        return pick(options, typed)

    async def options(self, found: Field, typed: str) -> list[Json]:
        """The options the app offers for typed letters; none when it answers badly."""
        hub, team = self.hub, self.team
        least = found.element.get("min_query_length", QUERY_AT_LEAST)
        if len(typed) < least:
            raise CannotDo(f"Type at least {least} letters.")
        if not hub.seed.manifest.options:
            hub.journal.add("options_off", element=found.key)
            return []
        body = payloads.block_suggestion(hub, team, self.person, found, typed, self.where)
        parcel = Parcel("interactive", "block_suggestion", team.id, body, self.person.id)
        outcome = await hub.courier.deliver(parcel)
        return _offered(hub, found, outcome)


def _offered(hub: Hub, found: Field, outcome: Outcome) -> list[Json]:
    answer = outcome.content() if outcome.ok else None
    if not isinstance(answer, dict):
        hub.journal.add("no_options", element=found.key, how=outcome.how, status=outcome.status)
        return []
    offered = {k: answer[k] for k in ("options", "option_groups") if answer.get(k)}
    if not offered:
        return []
    placeholder = {"type": "plain_text", "text": "Choose"}
    select = {"type": "static_select", "action_id": "a", "placeholder": placeholder, **offered}
    problems = check_blocks([{"type": "actions", "elements": [select]}], "modal")
    if problems:
        hub.journal.add(
            "bad_ack",
            what="options",
            pointer=problems[0].pointer.removeprefix("/blocks/0/elements/0"),
            text=problems[0].message,
        )
        return []
    return replace(found, element={**found.element, **offered}).options()


def report(hub: Hub, team: Team, person: Person, outcome: Outcome, before: int) -> Json:
    """What an act led to: the delivery's outcome and what this person was shown meanwhile."""
    fresh = [
        e
        for e in hub.journal.after(before, ("effect",))
        if e["what"] == "ephemeral" and person.id in e["recipients"]
    ]
    now = hub.clock.now()
    stack = team.stack(person.id)
    return {
        "status": "ok" if outcome.ok else "failed",
        "warning": not outcome.ok,
        "delivered": True,
        **outcome.brief(),
        "ephemeral": [plain(team, person, e["text"], now) for e in fresh],
        "modal": modals.title_of(stack[-1]) if stack else None,
    }
