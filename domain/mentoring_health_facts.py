"""What the messages about meetings, health and the end of a program say, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.mentoring_facts import Told
from domain.mentoring_health import View
from domain.mentoring_meetings import Entry


@dataclass(frozen=True, kw_only=True)
class MeetingTold(Told):
    """A meeting as one of the two reads of it."""

    other: str
    starts_at: datetime
    minutes: int
    zone: str  # of the reader
    state: str  # planned, done, missed, cancelled; over: planned, and it has begun
    value: str  # what the buttons carry: "<meeting>.<message>"
    mine: bool = False  # the reader chose this time, or cancelled it
    moved: bool = False  # it had another time before
    ended: bool = False  # the match is over


@dataclass(frozen=True, kw_only=True)
class CheckIn(Told):
    """ "Did your session take place?", and what the reader has said."""

    other: str
    starts_at: datetime
    zone: str
    value: str  # as of a meeting
    took_place: bool | None = None
    rating: int | None = None
    fit: str = ""
    first: bool = False  # of the match: whether they fit is asked, too


@dataclass(frozen=True, kw_only=True)
class Nudge(Told):
    """A word of an organizer to both people of a match; without a *text* a reminder to meet."""

    other: str
    value: str  # "<match>.<message>"
    text: str = ""
    organizer: str = ""


@dataclass(frozen=True, kw_only=True)
class Digest(Told):
    """The week of a program, for its organizers."""

    value: str  # the program's id
    zone: str
    since: datetime
    until: datetime
    views: Mapping[View, int] = field(default_factory=dict)  # how many matches stand where
    active: int = 0
    unmatched: int = 0
    staged: int = 0
    waiting: int = 0  # requests that wait for a mentor
    started: int = 0  # matches, since then
    ended: int = 0
    sessions: int = 0  # that took place since then


@dataclass(frozen=True, kw_only=True)
class Ending(Told):
    """Tells that a program ends on a day: organizers how many *matches* go on, others with whom."""

    ends_on: date
    zone: str
    organizer: bool = False
    matches: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarEntry(Told):
    """A meeting as a file for the calendar of its reader."""

    other: str
    entry: Entry
    zone: str


HealthFacts = MeetingTold | CheckIn | Nudge | Digest | Ending | CalendarEntry
