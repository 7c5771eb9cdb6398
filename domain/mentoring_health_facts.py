"""What the messages about meetings, health and the end of a program say, as frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.mentoring_meetings import Entry


@dataclass(frozen=True)
class MeetingTold:
    """A meeting as one of the two reads of it."""

    program: str
    other: str
    starts_at: datetime
    minutes: int
    zone: str  # of the reader
    state: str  # planned, done, missed, cancelled; over: planned, and its time has passed
    value: str  # what the buttons carry: "<meeting>.<message>"
    mine: bool = False  # the reader proposed this time, or cancelled it
    moved: bool = False  # it had another time before
    ended: bool = False  # the match is over
    again: bool = False  # a copy that may have been seen already
    locale: str = ""


@dataclass(frozen=True)
class CheckIn:
    """ "Did your session take place?", and what the reader has said."""

    program: str
    other: str
    starts_at: datetime
    zone: str
    value: str
    took_place: bool | None = None
    rating: int | None = None
    fit: str = ""
    first: bool = False  # of the match: whether they fit is asked, too
    again: bool = False
    locale: str = ""


@dataclass(frozen=True)
class Nudge:
    """A word of an organizer to both people of a match; without a *text* a reminder to meet."""

    program: str
    other: str
    value: str  # "<match>.<message>"
    text: str = ""
    organizer: str = ""
    again: bool = False
    locale: str = ""


@dataclass(frozen=True)
class Digest:
    """The week of a program, for its organizers."""

    program: str
    program_id: int
    zone: str
    since: datetime
    until: datetime
    views: dict[str, int] = field(default_factory=dict)  # how many matches stand where
    active: int = 0
    unmatched: int = 0
    staged: int = 0
    waiting: int = 0  # requests that wait for a mentor
    started: int = 0  # matches, since then
    ended: int = 0
    sessions: int = 0  # that took place since then
    again: bool = False
    locale: str = ""


@dataclass(frozen=True)
class Ending:
    """Tells that a program ends on a day; *matches* of its organizers, *others* of whoever is matched."""

    program: str
    ends_on: date
    zone: str
    organizer: bool = False
    matches: int = 0
    others: tuple[str, ...] = ()
    again: bool = False
    locale: str = ""


@dataclass(frozen=True)
class CalendarEntry:
    """A meeting as a file for the calendar of its reader."""

    program: str
    other: str
    entry: Entry
    zone: str
    locale: str = ""
