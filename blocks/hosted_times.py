"""Times of hosted sessions as they are read: wall clocks with the abbreviation of their zone.

Guests read them in e-mails, texts and pages, where nothing turns an instant into the reader's own time; so
messages in Slack say them the same way.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from blocks.words import _, short_day

_NUMBERS = re.compile(r"([+-])(\d\d)(\d\d)?")  # what a zone is called that has no name: "-03", "+0530"


def zone_mark(instant: datetime, zone: str) -> str:
    """How a zone is called at an instant: "EST", or "UTC-3" where it has only numbers."""
    name = instant.astimezone(ZoneInfo(zone)).tzname() or ""
    found = _NUMBERS.fullmatch(name)
    if found is None:
        return name
    sign, hours, minutes = found.groups()
    rest = f":{minutes}" if minutes and minutes != "00" else ""
    return f"UTC{sign}{int(hours)}{rest}" if int(hours) or rest else "UTC"


def clock(instant: datetime, zone: str, *, marked: bool = True) -> str:
    """The time of day: "15:00 EST", and "15:00" where it is not *marked*."""
    shown = f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"
    return f"{shown} {zone_mark(instant, zone)}" if marked else shown


def weekday(instant: datetime, zone: str) -> str:
    """The day: "Tue 3 Mar"."""
    return short_day(instant.astimezone(ZoneInfo(zone)), weekday=True)


def when(instant: datetime, zone: str, *, marked: bool = True) -> str:
    """Day and time: "Tue 3 Mar, 15:00 EST"."""
    return _("{day}, {time}", day=weekday(instant, zone), time=clock(instant, zone, marked=marked))


def briefly(instant: datetime, zone: str) -> str:
    """The same in few characters, for texts: "3 Mar 15:00 EST"."""
    day = short_day(instant.astimezone(ZoneInfo(zone)))
    return _("{day} {time}", day=day, time=clock(instant, zone))


def in_both(instant: datetime, zone: str, other: str) -> str:
    """Day and time of the reader, and of the *other* zone where it differs.

    "Tue 3 Mar, 21:00 CET (15:00 EST)"; the other day is named where it is another.
    """
    here, there = (instant.astimezone(ZoneInfo(one)) for one in (zone, other))
    mine = when(instant, zone)
    if here.utcoffset() == there.utcoffset():
        return mine
    beside = clock(instant, other) if here.date() == there.date() else when(instant, other)
    return _("{time} ({other})", time=mine, other=beside)
