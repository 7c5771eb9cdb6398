"""Lessons of a week: until when skipping is free, and whether a make-up lesson fits into a week.

A week is an ISO week, Monday to Sunday, on the wall calendar of the term's zone.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from domain import schedule
from domain.classes import COUNTS, Attending
from domain.text import Said, say, say_n

WEEK = timedelta(days=7)
LATE = say("This one was cancelled late and counts as used.")


def week_of(at: datetime, zone: str) -> tuple[int, int]:
    """The ISO year and week of an instant, as the zone's wall calendar counts them."""
    year, week, _ = at.astimezone(schedule.zone(zone)).isocalendar()
    return year, week


def bounds(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """That week as instants: its Monday's first, and the next Monday's, which is not part of it."""
    tz = schedule.zone(zone)
    day = at.astimezone(tz).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time.min)
    return schedule.resolve(monday, tz)[0], schedule.resolve(monday + WEEK, tz)[0]


def in_time(starts_at: datetime, now: datetime, free_hours: int) -> bool:
    """Whether skipping is still free; exactly *free_hours* before counts."""
    return starts_at - now >= timedelta(hours=free_hours)


def no_room(lessons: int, states: Iterable[Attending]) -> Said | None:
    """Why one lesson more does not fit beside registrations in these *states*; None if it does."""
    counted = [one for one in states if one in COUNTS and one is not Attending.OFFERED]
    if len(counted) < lessons:
        return None
    if counted.count(Attending.LATE_CANCELLED) > len(counted) - lessons:
        return LATE
    return say_n(
        "You have {count} lesson this week. Skip one first.",
        "You have {count} lessons this week. Skip one first.",
        len(counted),
    )
