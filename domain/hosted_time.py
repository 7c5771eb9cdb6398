"""Dates and times as a host types them: the wall clock of the host's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import schedule
from domain.errors import FieldRefusal
from domain.schedule import Resolution
from domain.text import N_, Said, say

PASSED = timedelta(minutes=1)  # a form takes a moment to be sent
LAST_YEAR = 9000  # beyond it a zone's arithmetic leaves the calendar
MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


@dataclass(frozen=True)
class Start:
    """When a session begins; *note* says what the host should know about it, or is empty."""

    instant: datetime
    note: str = ""


def read_start(day: date, at: time, zone: str, *, now: datetime) -> Start:
    """The instant of a wall time. Raises FieldRefusal at "time" for one that is not, or has passed.

    Of a time that comes twice the first one is meant, unless only the second is still ahead.
    """
    tz = schedule.zone(zone)
    if not 1900 < day.year < LAST_YEAR:
        raise FieldRefusal({"time": say("Choose a date of this century.")})
    wall = datetime.combine(day, at)
    instant, how = schedule.resolve(wall, tz)
    if how is Resolution.GAP:
        raise FieldRefusal({"time": _missing(day, at, zone)})
    if how is Resolution.OVERLAP and instant < now - PASSED:
        second = _second(wall, tz)
        if second >= now - PASSED:
            return Start(second, say("{time} happens twice that night; we took the second.", time=at))
    if instant < now - PASSED:
        passed = say("This time has passed. Choose a later time or use New Session Now.")
        raise FieldRefusal({"time": passed})
    if how is Resolution.OVERLAP:
        return Start(instant, say("{time} happens twice that night; we took the first.", time=at))
    return Start(instant)


def the_minute(now: datetime) -> datetime:
    """The beginning of the minute: when a session that is opened now begins."""
    return now.replace(second=0, microsecond=0)


def _second(wall: datetime, tz: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=tz, fold=1).astimezone(UTC)


def _missing(day: date, at: time, zone: str) -> Said:
    on = say("{day} {month} {year}", day=day.day, month=say(MONTHS[day.month - 1]), year=day.year)
    pattern = N_("{time} does not exist on {day} in {zone}. Choose another time.")
    return say(pattern, time=at, day=on, zone=zone)
