"""What one person sees: conversations, messages, the modal on top, Home, files, notifications."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from sandbox import modals, talk
from sandbox.answers import Json
from sandbox.elements import fields, first_value, value_in
from sandbox.entries import option_text
from sandbox.reading import message_text, plain, view_text
from sandbox.state import Conversation, Message, Person, Team, View

if TYPE_CHECKING:
    from sandbox.hub import Hub


def conversations(hub: Hub, team: Team, person: Person) -> list[Json]:
    """The conversations a person is in, direct and group messages included, with unread counts."""
    mine = [conv for conv in team.conversations.values() if person.id in conv.members]
    return [
        {**place(team, person, conv), "members": [team.people[u].handle for u in conv.members]}
        for conv in mine
    ]


def places(hub: Hub, team: Team, person: Person) -> list[Json]:
    """The same without the members: in a large workspace their names are most of it."""
    mine = [conv for conv in team.conversations.values() if person.id in conv.members]
    return [place(team, person, conv) for conv in mine]


def place(team: Team, person: Person, conv: Conversation) -> Json:
    """A conversation as its entry in the sidebar shows it; ``users`` are the others in a direct one."""
    others = [team.people[u] for u in conv.members if u != person.id] if conv.direct else []
    return {
        "id": conv.id,
        "kind": conv.kind,
        "name": conv.name or ", ".join(o.name for o in others),
        "size": len(conv.members),
        "users": [o.id for o in others],
        "topic": conv.topic,
        "archived": conv.archived,
        "messages": len(conv.messages),
        "latest": conv.messages[-1].ts if conv.messages else "",
        "unread": unread(conv, person),
    }


def unread(conv: Conversation, person: Person) -> int:
    """How many messages of others came since the person last looked."""
    first = bisect_right(conv.messages, conv.read.get(person.id, ""), key=lambda m: m.ts)
    return sum(1 for m in conv.messages[first:] if m.user != person.id)


def messages(
    hub: Hub, team: Team, person: Person, conv: Conversation, *, limit: int = 200, before: str = ""
) -> list[Json]:
    """The newest messages of a conversation as the person sees them, oldest first.

    Ephemeral messages are among them only for their reader, until that person reloads.
    """
    mine = [w for w in conv.whispers if w.reader == person.id and w.reader_load == person.loaded]
    shown = conv.messages[-limit:] if not before else _older(conv, before, limit)
    if shown and mine:
        mine = [w for w in mine if len(conv.messages) <= limit or w.ts > shown[0].ts]
    ordered = sorted([*shown, *mine], key=lambda m: m.ts)
    if conv.messages and not before:
        conv.read[person.id] = conv.messages[-1].ts
    return [one_message(hub, team, person, conv, m) for m in ordered]


def some_messages(hub: Hub, team: Team, person: Person, conv: Conversation, wanted: list[str]) -> list[Json]:
    """These messages as the person sees them now, without those that are gone; all is read then."""
    if conv.messages:
        conv.read[person.id] = conv.messages[-1].ts
    found = [talk.find_message(conv, ts, person.id) for ts in wanted]
    return [one_message(hub, team, person, conv, m) for m in found if m is not None]


def _older(conv: Conversation, before: str, limit: int) -> list[Message]:
    return [m for m in conv.messages if m.ts < before][-limit:]


def one_message(hub: Hub, team: Team, person: Person, conv: Conversation, message: Message) -> Json:
    """One message as the person sees it, with what can be pressed in it."""
    now = hub.clock.now()
    author = team.people.get(message.user)
    return {
        "channel": conv.id,
        "ts": message.ts,
        "user": message.user,
        "name": author.name if author else "Slackbot",
        "bot": message.bot,
        "text": message_text(team, person, message, now),
        "mrkdwn": message.text,
        "fallback": plain(team, person, message.text, now),
        "blocks": message.blocks,
        "metadata": message.metadata,
        "ephemeral": message.reader is not None,
        # Slack marks an edit only while the message shows its text rather than blocks.
        "edited": message.edited is not None and not message.blocks,
        "thread_ts": message.thread_ts,
        "files": [file_of(team, f) for f in message.files if f in team.files],
        "reactions": message.reactions,
        "actions": actions(team, person, message.blocks, now),
    }


def actions(team: Team, person: Person, blocks: list[Json], now: float) -> list[Json]:
    """What can be used in blocks: label, type, ids and option texts."""
    return [
        {
            "label": plain(team, person, (f.names() or [""])[0], now),
            "type": f.type,
            "block_id": f.key[0],
            "action_id": f.key[1],
            "options": [option_text(o) for o in f.options()],
            "style": f.element.get("style"),
            "url": f.element.get("url"),
        }
        for f in fields(blocks)
    ]


def file_of(team: Team, file_id: str) -> Json:
    """A file as a person sees it under a message."""
    file = team.files[file_id]
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "size": len(file.content),
        "url": file.url,
    }


def view(hub: Hub, team: Team, person: Person, shown: View) -> Json:
    """A modal or Home as the person sees it, with values and errors by label."""
    now = hub.clock.now()
    blocks: list[Json] = shown.payload["blocks"]
    values, labels = {}, {}
    for f in fields(blocks):
        label = plain(team, person, (f.names() or [f.key[1]])[0], now)
        labels[f.key[0]] = label
        if f.holds_state:
            values[label] = seen_value(team, shown.values.get(f.key) or first_value(f.element))
    payload = shown.payload
    return {
        "id": shown.id,
        "type": shown.kind,
        "title": modals.title_of(shown),
        "callback_id": payload.get("callback_id", ""),
        "submit": (payload.get("submit") or {}).get("text"),
        "close": (payload.get("close") or {}).get("text"),
        "submit_disabled": bool(payload.get("submit_disabled")),
        "hash": shown.hash,
        "text": view_text(team, person, shown, now),
        "blocks": blocks,
        "values": values,
        "errors": {labels.get(k, k): text for k, text in shown.errors.items()},
        "errors_at": shown.errors,
        "trouble": shown.trouble,
        "actions": actions(team, person, blocks, now),
        "wire": modals.wire(hub, team, shown),
    }


def seen_value(team: Team, state: Json) -> object:
    """A value as a person reads it in the input: option texts, handles, channel names."""
    value = value_in(state)
    many = isinstance(value, list)
    read = [_seen(team, state["type"], one) for one in (value if many else [value])]
    return read if many else read[0]


def _seen(team: Team, kind: str, value: object) -> object:
    if isinstance(value, dict) and "text" in value:
        return option_text(value)
    if kind.endswith("users_select") and value in team.people:
        return team.people[str(value)].handle
    if kind.endswith(("conversations_select", "channels_select")) and value in team.conversations:
        return team.conversations[str(value)].name or value
    return value


def stack(hub: Hub, team: Team, person: Person) -> list[Json]:
    """The open modals of a person, top last."""
    return [view(hub, team, person, v) for v in team.stack(person.id)]


def home(hub: Hub, team: Team, person: Person) -> Json | None:
    """The person's App Home, if the app ever set one."""
    view_id = team.homes.get(person.id)
    return view(hub, team, person, team.views[view_id]) if view_id else None


def notifications(hub: Hub, team: Team, person: Person) -> list[Json]:
    """What a phone would have shown: unread direct messages and mentions, by their fallback text.

    Edits and ephemeral messages notify nobody.
    """
    now = hub.clock.now()
    found = []
    for conv in team.conversations.values():
        if person.id not in conv.members:
            continue
        for m in conv.messages:
            loud = conv.direct or f"<@{person.id}>" in m.text
            if loud and m.user != person.id and m.ts > conv.read.get(person.id, ""):
                text = plain(team, person, m.text, now)
                found.append({"channel": conv.id, "ts": m.ts, "text": text})
    return sorted(found, key=lambda n: str(n["ts"]))


def files(team: Team, person: Person) -> list[Json]:
    """The files in conversations the person is in."""
    return [
        {**file_of(team, f.id), "channels": f.channels}
        for f in team.files.values()
        if f.completed and any(person.id in team.conversations[c].members for c in f.channels)
    ]
