"""What a workspace consists of: people, conversations, messages, views, files and the install."""

from __future__ import annotations

import random
import string
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sandbox.answers import Json

ID_LETTERS = string.digits + string.ascii_uppercase

SLACKBOT = "USLACKBOT"  # listed among people without the mark of a bot, in every workspace

ConversationKind = Literal["channel", "group", "im", "mpim"]
ViewKind = Literal["modal", "home"]


@dataclass
class Person:
    """A member of the workspace, or the app's bot user."""

    id: str
    seq: int
    handle: str
    name: str
    tz: str | None = "Etc/UTC"
    locale: str = "en-US"
    email: str = ""
    admin: bool = False
    owner: bool = False
    restricted: bool = False
    ultra_restricted: bool = False
    stranger: bool = False
    invited: bool = False
    hidden: bool = False  # a guest the bot cannot see
    deleted: bool = False
    bot: bool = False
    app_user: bool = False
    workflow_bot: bool = False
    updated: int = 0
    loaded: int = 0  # how often the person reloaded; ephemeral messages live until the next time


@dataclass
class Message:
    """One message of a conversation. An ephemeral one names its only reader."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    edited: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    bot: bool = False
    reader: str | None = None
    reader_load: int = 0
    subtype: str | None = None
    values: dict[str, dict[tuple[str, str], Json]] = field(default_factory=dict)


@dataclass
class Conversation:
    """A channel, private channel, direct message or group DM."""

    id: str
    seq: int
    kind: ConversationKind
    name: str
    created: int
    creator: str
    members: dict[str, int] = field(default_factory=dict)  # user id -> joining number
    archived: bool = False
    general: bool = False
    topic: str = ""
    purpose: str = ""
    opened: bool = True  # direct and group messages only
    messages: list[Message] = field(default_factory=list)
    whispers: list[Message] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)  # user id -> ts read up to

    @property
    def direct(self) -> bool:
        """Whether this is a direct or a group message."""
        return self.kind in {"im", "mpim"}

    def at(self, ts: str) -> Message | None:
        """The stored message with this ts; ephemeral ones are not stored."""
        index = bisect_left(self.messages, ts, key=lambda m: m.ts)
        if index < len(self.messages) and self.messages[index].ts == ts:
            return self.messages[index]
        return None


@dataclass
class View:
    """A modal on somebody's stack, or somebody's App Home."""

    id: str
    user: str
    kind: ViewKind
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    channel: str | None = None  # where the person was when it opened
    external_id: str = ""
    values: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # block id -> text under that input
    trouble: str = ""
    suggestions: dict[tuple[str, str], list[Json]] = field(default_factory=dict)


@dataclass
class Usergroup:
    """A user group such as @mentors."""

    id: str
    seq: int
    handle: str
    name: str
    members: list[str]
    disabled: bool = False
    updated: int = 0


@dataclass
class File:
    """An uploaded file; *shared* once the upload was completed."""

    id: str
    name: str
    title: str
    user: str
    created: int
    ticket: str
    length: int
    url: str
    content: bytes = b""
    uploaded: bool = False
    completed: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class Trigger:
    """The right to open one view, given by one action of one person."""

    id: str
    user: str
    born: float
    channel: str | None = None  # where the person was
    used: bool = False


@dataclass
class ResponseTicket:
    """What a response_url stands for."""

    id: str
    user: str
    channel: str
    born: float
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Install:
    """The app in one workspace: its token and what it may do."""

    token: str
    scopes: frozenset[str]
    installed: bool = True
    revoked: bool = False


@dataclass
class Team:
    """One workspace with everything in it."""

    id: str
    name: str
    domain: str
    plan: str
    install: Install
    bot_id: str
    bot_user: str
    rng: random.Random
    people: dict[str, Person] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)  # user id -> modal ids, top last
    homes: dict[str, str] = field(default_factory=dict)  # user id -> view id
    files: dict[str, File] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    tickets: dict[str, ResponseTicket] = field(default_factory=dict)
    kept_sets: dict[frozenset[str], str] = field(default_factory=dict)  # members -> group DM
    ims: dict[str, str] = field(default_factory=dict)  # user id -> direct message with the bot
    counter: int = 0
    last_ts: tuple[int, int] = (0, 0)

    def number(self) -> int:
        """The next number of this workspace, for orders that must stay stable."""
        self.counter += 1
        return self.counter

    def draw_id(self, prefix: str) -> str:
        """A fresh opaque id, the same for the same history of the workspace."""
        return prefix + "0" + "".join(self.rng.choices(ID_LETTERS, k=9))

    def secret(self, length: int = 24) -> str:
        """A fresh unguessable-looking token; drawn from the seed, so that runs repeat."""
        return "".join(self.rng.choices(string.ascii_letters + string.digits, k=length))

    def next_ts(self, now: float) -> str:
        """A message ts at *now*, above every earlier one of this workspace."""
        second, count = self.last_ts
        if int(now) > second:
            second, count = int(now), 0
        count += 1
        if count > 999_999:
            second, count = second + 1, 1
        self.last_ts = (second, count)
        return f"{second}.{count:06d}"

    def person_by_handle(self, handle: str) -> Person | None:
        """The person with this handle, if any."""
        wanted = handle.lstrip("@")
        return next((p for p in self.people.values() if p.handle == wanted), None)

    def bot_person(self) -> Person:
        """The app's own user."""
        return self.people[self.bot_user]

    def humans(self) -> Iterator[Person]:
        """Everybody but bots and Slackbot, deactivated people included."""
        return (p for p in self.people.values() if not p.bot and p.id != SLACKBOT)

    def stack(self, user: str) -> list[View]:
        """The modals open for *user*, lowest first."""
        return [self.views[i] for i in self.stacks.get(user, [])]
