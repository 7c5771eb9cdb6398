"""When participants are reminded of a session, and which of several late reminders still goes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain import schedule
from domain.hosted import Channel
from domain.text import N_

BOOKED = timedelta(minutes=5)  # nobody is reminded so soon after the booking
QUIET_FROM, QUIET_UNTIL = time(21), time(8)  # no texts on the wall of whoever gets them
LAST_TEXT = time(20, 55)  # where a reminder of the night goes
_DAY = timedelta(days=1)

QUIET = N_("texts are not sent at night")
NEWER = N_("a later reminder was due as well")
BEGUN = N_("the session had begun")
HERE = N_("already here")
DECLINED = N_("declined")
CHANGED = N_("the participant was changed")
MOVED = N_("the session was moved")
OVER = N_("the session was cancelled")


class Reminded(StrEnum):
    """Where one reminder stands. SENT: it is owed as a message, and the outbox tells the rest."""

    PLANNED = "planned"
    SENT = "sent"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    MISSED = "missed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Wanted:
    """A reminder to be: *before* in minutes. *skipped* says why it will not go out after all."""

    before: int
    due_at: datetime
    skipped: str = ""


def wanted(
    starts_at: datetime, offsets: Iterable[int], *, booked: datetime, channel: Channel, zone: str, quiet: bool
) -> list[Wanted]:
    """The reminders of a participant in *zone*, told by *channel*, of a session that was *booked* then.

    *offsets* are minutes before the start. Those due before, or soon after, the booking are none. With
    *quiet*, texts of the night are sent at 20:55 before it, or skipped where that is too soon.
    """
    if channel is Channel.NONE:
        return []
    found = list[Wanted]()
    for before in sorted(set(offsets), reverse=True):
        due = starts_at - timedelta(minutes=before)
        if due < booked + BOOKED:
            continue
        earlier = _before_the_night(due, zone) if quiet and channel is Channel.TEXT else due
        why = QUIET if earlier < booked + BOOKED else ""
        found.append(Wanted(before, due if why else earlier, why))
    return found


def night_ends(now: datetime, zone: str) -> datetime | None:
    """When texts may be sent again in *zone*; None if they may now."""
    tz = schedule.zone(zone)
    wall = now.astimezone(tz)
    if QUIET_UNTIL <= wall.time() < QUIET_FROM:
        return None
    day = wall.date() + (_DAY if wall.time() >= QUIET_FROM else timedelta(0))
    return schedule.resolve(datetime.combine(day, QUIET_UNTIL), tz)[0]


def _before_the_night(due: datetime, zone: str) -> datetime:
    tz = schedule.zone(zone)
    wall = due.astimezone(tz)
    if QUIET_UNTIL <= wall.time() < QUIET_FROM:
        return due
    day = wall.date() - (_DAY if wall.time() < QUIET_UNTIL else timedelta(0))
    return schedule.resolve(datetime.combine(day, LAST_TEXT), tz)[0]


@dataclass(frozen=True)
class Overdue:
    """A planned reminder that is due."""

    id: int
    before: int
    due_at: datetime


def newest(due: Sequence[Overdue]) -> Overdue:
    """Which of several that are due for one participant goes out: the one that was to come last."""
    return max(due, key=lambda one: (one.due_at, -one.before))
