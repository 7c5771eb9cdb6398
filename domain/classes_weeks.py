"""Lessons of a week: until when skipping is free, and whether a make-up lesson fits into a week.

A week is an ISO week, Monday to Sunday, on the wall calendar of the term's zone.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.classes import Attending
from domain.text import Said


def week_of(at: datetime, zone: str) -> tuple[int, int]:
    """The ISO year and week of an instant, as the zone's wall calendar counts them."""
    raise NotImplementedError


def bounds(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """That week as instants: its Monday's first, and the next Monday's, which is not part of it."""
    raise NotImplementedError


def in_time(starts_at: datetime, now: datetime, free_hours: int) -> bool:
    """Whether skipping is still free; exactly *free_hours* before counts."""
    raise NotImplementedError


def no_room(lessons: int, states: Iterable[Attending]) -> Said | None:
    """Why one lesson more does not fit beside registrations in these *states*; None if it does."""
    raise NotImplementedError
