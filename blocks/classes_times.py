"""Days and times of classes, on the wall clock of their session.

A class is at a place, so its time is that of the place; for whoever reads elsewhere, the zone is said.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from blocks.words import _, short_day


def local_day(instant: datetime, zone: str) -> date:
    """The day on the wall of *zone*."""
    return instant.astimezone(ZoneInfo(zone)).date()


def day(instant: datetime, zone: str) -> str:
    """The day: "8 Sep"."""
    return short_day(local_day(instant, zone))


def weekday(instant: datetime, zone: str) -> str:
    """The day with its weekday: "Tue 8 Sep"."""
    return short_day(local_day(instant, zone), weekday=True)


def clock(instant: datetime, zone: str, reader_zone: str = "") -> str:
    """The time of day: "18:00", and "18:00 (America/Toronto)" for who reads where it is another time."""
    shown = f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"
    if not reader_zone or reader_zone == zone or _alike(instant, zone, reader_zone):
        return shown
    return _("{time} ({other})", time=shown, other=zone)


def when(instant: datetime, zone: str, reader_zone: str = "") -> str:
    """Day and time: "Tue 8 Sep, 18:00"."""
    return _("{day}, {time}", day=weekday(instant, zone), time=clock(instant, zone, reader_zone))


def _alike(instant: datetime, zone: str, other: str) -> bool:
    return instant.astimezone(ZoneInfo(zone)).utcoffset() == instant.astimezone(ZoneInfo(other)).utcoffset()
