"""What messages say, as frozen values: services fill them in, blocks draw them."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.invitations import State


@dataclass(frozen=True)
class Question:
    """An opt-in message as its reader should see it now."""

    program: str
    match_at: datetime
    zone: str
    reader_zone: str
    state: State
    session_state: str
    value: str  # what the buttons carry: "<invitation>.<message>"
    again: bool = False  # a copy that may have been seen already
    reminder: bool = False
    below: bool = False  # a newer copy stands further down
    placed: bool = False  # in a group, once the session is matched
    asking: bool = False  # both buttons again, after [Change my answer]


@dataclass(frozen=True)
class PersonLine:
    """One person in a group message."""

    name: str
    title: str = ""
    zone: str = ""


@dataclass(frozen=True)
class GroupIntro:
    """The message that brings a group together."""

    program: str
    people: tuple[PersonLine, ...]
    icebreaker: str
    repeats: int


@dataclass(frozen=True)
class LeftOut:
    """Tells somebody who joined why they are in no group."""

    program: str
    reason: str


@dataclass(frozen=True)
class Cancelled:
    """Tells somebody who joined that the session will not happen."""

    program: str
    match_at: datetime
    zone: str
    reader_zone: str = ""


@dataclass(frozen=True)
class Summary:
    """What the admin reads after the matching."""

    program: str
    matched_at: datetime
    asked: int
    joined: int
    declined: int
    silent: int
    groups: int
    repeats: int
    left_out: int
    failed: tuple[tuple[str, int], ...]  # (reason, people), of messages that could not be delivered
    next_at: datetime | None
    asks_first: bool
    zone: str
    reader_zone: str = ""


@dataclass(frozen=True)
class SavedLine:
    """One date of a series."""

    opt_in_at: datetime | None
    match_at: datetime


@dataclass(frozen=True)
class Saved:
    """The confirmation of a saved session, with the dates to come and what can be done."""

    program: str
    series_id: int
    audience: str
    people: int | None  # None while the audience is still being read
    zone: str
    repeat: str
    lines: tuple[SavedLine, ...]
    notes: tuple[str, ...] = ()
    edited: bool = False
    ended: bool = False
    asks_first: bool = True
    reminder_at: datetime | None = None
    reader_zone: str = ""


@dataclass(frozen=True)
class Notice:
    """One sentence an organizer must know, with an optional list under it."""

    program: str
    title: str
    text: str
    lines: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class ProgramCard:
    """What forms show of a program. *people* is None while its audience is still being read."""

    id: int
    name: str
    asks_first: bool
    zone: str
    audience: str
    people: int | None


@dataclass(frozen=True)
class Doubt:
    """Asks the organizer about a message whose fate nobody can look up."""

    program: str
    people: tuple[str, ...]
    outbox_id: int


Facts = Question | GroupIntro | LeftOut | Cancelled | Summary | Saved | Notice | Doubt
