"""What changes in conversations: posting, editing, deleting, whispering, opening direct messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox import events
from sandbox.answers import Json
from sandbox.elements import with_ids
from sandbox.state import Conversation, Message, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

TEXT_KEPT = 40_000  # longer texts are cut, not refused
NO_TEXT_FALLBACK = "This content can't be displayed."


@dataclass
class Draft:
    """What somebody wants to say."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    files: list[str] = field(default_factory=list)


def post(hub: Hub, team: Team, conv: Conversation, author: str, draft: Draft) -> Message:
    """Add a message everybody in the conversation can read."""
    message = Message(
        ts=team.next_ts(hub.clock.now()),
        user=author,
        text=draft.text[:TEXT_KEPT] or (NO_TEXT_FALLBACK if draft.blocks else ""),
        blocks=with_ids(team, draft.blocks),
        metadata=draft.metadata,
        thread_ts=draft.thread_ts,
        files=draft.files,
        bot=author == team.bot_user,
    )
    conv.messages.append(message)
    note(hub, team, conv, "message", message)
    if not message.bot:
        events.message_written(hub, team, conv, message)
    return message


def edit(hub: Hub, team: Team, conv: Conversation, message: Message, change: Json) -> None:
    """Change a message in place.

    A text without blocks removes the blocks there were; metadata that is not named stays.
    """
    if "text" in change:
        message.text = change["text"][:TEXT_KEPT]
        message.blocks = []
    if "blocks" in change:
        message.blocks = with_ids(team, change["blocks"])
        message.text = message.text or NO_TEXT_FALLBACK
    if "metadata" in change:
        message.metadata = change["metadata"]
    now = hub.clock.now()
    message.edited = {"user": message.user, "ts": f"{int(now)}.000000"}
    note(hub, team, conv, "update", message)


def erase(hub: Hub, team: Team, conv: Conversation, message: Message) -> None:
    """Take a message away, or an ephemeral one from its reader."""
    (conv.whispers if message.reader else conv.messages).remove(message)
    note(hub, team, conv, "delete", message)


def whisper(
    hub: Hub,
    team: Team,
    conv: Conversation,
    reader: str,
    draft: Draft,
    *,
    author: str | None = None,
) -> Message:
    """Show an ephemeral message to one person. It is never in the history."""
    message = Message(
        ts=team.next_ts(hub.clock.now()),
        user=author or team.bot_user,
        text=draft.text[:TEXT_KEPT] or NO_TEXT_FALLBACK,
        blocks=with_ids(team, draft.blocks),
        thread_ts=draft.thread_ts,
        bot=author is None,
        reader=reader,
        reader_load=team.people[reader].loaded,
    )
    conv.whispers.append(message)
    note(hub, team, conv, "ephemeral", message)
    return message


def find_message(conv: Conversation, ts: str, reader: str | None = None) -> Message | None:
    """The message with this ts, ephemeral ones of *reader* included."""
    stored = conv.at(ts)
    if stored is not None or reader is None:
        return stored
    return next((m for m in conv.whispers if m.ts == ts and m.reader == reader), None)


def open_im(hub: Hub, team: Team, user: str) -> Conversation:
    """The direct message between *user* and the bot, opened if it was not."""
    if user in team.ims:
        conv = team.conversations[team.ims[user]]
    else:
        conv = _new(hub, team, "im", team.draw_id("D"), "", {user, team.bot_user})
        team.ims[user] = conv.id
    conv.opened = True
    return conv


def open_group(hub: Hub, team: Team, users: frozenset[str]) -> Conversation:
    """The group DM of exactly these people and the bot; the same set finds the same one."""
    members = users | {team.bot_user}
    if members in team.kept_sets:
        return team.conversations[team.kept_sets[members]]
    handles = sorted(team.people[u].handle for u in users)
    name = "mpdm-" + "--".join([*handles, team.bot_person().handle]) + "-1"
    # Slack's group DM ids start with G or C; nothing may be read from the letter.
    conv = _new(hub, team, "mpim", team.draw_id(team.rng.choice("GC")), name, members)
    team.kept_sets[members] = conv.id
    return conv


def _new(
    hub: Hub, team: Team, kind: str, conv_id: str, name: str, members: set[str] | frozenset[str]
) -> Conversation:
    now = hub.clock.now()
    conv = Conversation(
        id=conv_id,
        seq=team.number(),
        kind="im" if kind == "im" else "mpim",
        name=name,
        created=int(now),
        creator=team.bot_user,
        members={user: team.number() for user in sorted(members)},
    )
    team.conversations[conv.id] = conv
    people = sorted(members - {team.bot_user})
    hub.journal.add(
        "effect", what="conversation", team=team.id, channel=conv.id, type=kind, recipients=people
    )
    return conv


def readers(team: Team, conv: Conversation, message: Message) -> list[str]:
    """Who can read a message: active members other than its author; or its one reader."""
    if message.reader:
        return [message.reader]
    return [u for u in conv.members if u != message.user and not team.people[u].deleted]


def note(hub: Hub, team: Team, conv: Conversation, what: str, message: Message) -> None:
    """Write one message effect into the journal, with all a checker needs to count it."""
    hub.journal.add(
        "effect",
        what=what,
        team=team.id,
        channel=conv.id,
        channel_type=conv.kind,
        ts=message.ts,
        user=message.user,
        bot=message.bot,
        text=message.text,
        metadata=message.metadata,
        recipients=readers(team, conv, message),
    )
