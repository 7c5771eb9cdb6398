"""Working hours that people share: 9:00 to 17:00 of everybody, in their own zone."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.meetings import DAY_ENDS, DAY_STARTS

WORKDAY = 60 * (DAY_ENDS.hour - DAY_STARTS.hour)  # minutes
DAY = 24 * 60


def shared(one: int, other: int) -> int:
    """The whole working hours, 0 to 8, that two offsets share; the day is a circle."""
    between = abs(one - other) % DAY
    return max(0, WORKDAY - min(between, DAY - between)) // 60


def offset(zone: str, day: date) -> int:
    """Minutes that a zone's noon of a day is ahead of UTC."""
    ahead = datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset()
    return round(ahead.total_seconds() / 60) if ahead is not None else 0
