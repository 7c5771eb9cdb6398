"""The dates of a weekly class: each of its days in a term, at the same time on the wall all year.

A day is a local date of the term's zone; only then does it become an instant. So 18:00 stays 18:00 when the
clocks change, a time that does not exist is the first instant after the gap, and a time that exists twice is
the first of the two.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import schedule
from domain.text import Said, say

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)

SHORT = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))
_NONE = (
    say("No Monday lies in this session."),
    say("No Tuesday lies in this session."),
    say("No Wednesday lies in this session."),
    say("No Thursday lies in this session."),
    say("No Friday lies in this session."),
    say("No Saturday lies in this session."),
    say("No Sunday lies in this session."),
)


@dataclass(frozen=True)
class Days:
    """The days of a term; both its ends belong to it. *closed* are the days without classes."""

    starts_on: date
    ends_on: date
    zone: str
    closed: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether a class may be on *day*."""
        return self.starts_on <= day <= self.ends_on and day not in self.closed


@dataclass(frozen=True)
class Weekly:
    """When a class is: a day of the week (Monday is 0), and a minute of that day on the wall."""

    weekday: int
    minute: int


def dates(cls: Weekly, term: Days) -> list[tuple[date, datetime]]:
    """Each day of a class in a term, and the instant (UTC) at which it begins."""
    first = term.starts_on + (cls.weekday - term.starts_on.weekday()) % 7 * _DAY
    weeks = range(max(0, (term.ends_on - first).days // 7 + 1))
    days = (first + n * WEEK for n in weeks)
    return [(day, begins(day, cls.minute, term.zone)) for day in days if day in term]


def begins(day: date, minute: int, zone: str) -> datetime:
    """The instant (UTC) of a minute of a local day."""
    wall, tz = datetime.combine(day, time(minute // 60, minute % 60)), schedule.zone(zone)
    instant, how = schedule.resolve(wall, tz)
    return _after_gap(wall, tz, instant) if how is schedule.Resolution.GAP else instant


def _after_gap(wall: datetime, tz: ZoneInfo, late: datetime) -> datetime:
    # the clock jumps between the two instants that a time in the gap could mean
    early = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    before = early.astimezone(tz).utcoffset()
    seconds = range(int((late - early).total_seconds()) + 1)
    jump = bisect_left(
        seconds, True, key=lambda n: (early + timedelta(seconds=n)).astimezone(tz).utcoffset() != before
    )
    return early + timedelta(seconds=jump)


def first_instant(term: Days) -> datetime:
    """When a term begins (UTC)."""
    return begins(term.starts_on, 0, term.zone)


def last_instant(term: Days) -> datetime:
    """The first instant (UTC) that is no longer part of a term."""
    return begins(term.ends_on + _DAY, 0, term.zone)


def window(term: Days, weeks: int, now: datetime) -> tuple[datetime, datetime]:
    """What somebody has who buys *weeks* weeks at *now*: dates that begin in [from, until), UTC.

    It does not shift with the day on which it is bought. Whoever comes too late has an empty one, in which
    from is not before until.
    """
    until = min(begins(term.starts_on + weeks * WEEK, 0, term.zone), last_instant(term))
    return max(now, first_instant(term)), until


def weeks_of(term: Days) -> int:
    """How many weeks a term has; one that was begun counts."""
    return -(-((term.ends_on - term.starts_on).days + 1) // 7)


def title(type_name: str, weekday: int, minute: int) -> Said:
    """How a class is called everywhere: "Yoga · Tue 18:00"."""
    at = time(minute // 60, minute % 60)
    return say("{type} · {weekday} {time}", type=type_name, weekday=SHORT[weekday], time=at)


def none_lies(weekday: int) -> Said:
    """Why a class has no date: "No Saturday lies in this session."."""
    return _NONE[weekday]


def overlap(one: Weekly, minutes: int, other: Weekly, other_minutes: int) -> bool:
    """Whether two weekly classes are at the same time; touching is no overlap. Sunday night meets Monday."""
    begin = one.weekday * 1440 + one.minute
    ahead = (other.weekday * 1440 + other.minute - begin) % 10080
    return ahead < minutes or 10080 - ahead < other_minutes


def falls_out(day: date, was: Days, term: Days) -> bool:
    """Whether a date on *day* does not lie in the new days of its term.

    An extra date may stand on a day without classes that was one before.
    """
    return day not in term and not (day in was.closed and term.starts_on <= day <= term.ends_on)
