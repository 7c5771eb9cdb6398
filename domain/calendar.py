"""Business days: until when somebody may answer, on the wall calendar of their own zone.

Day 0 is the local date of the acceptance, whatever day it is; then business days are counted, and the time
ends with the last of them. Only then does a date become an instant, so a change of the clocks on the way
makes the time an hour longer or shorter, never a day. That mentors have three business days is the custom
of Together's guide to mentor matching; the details are ours.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import schedule
from domain.errors import FieldRefusal, Refusal
from domain.text import say, visible

SEARCHED = 366  # days in which the next business day must come
REMINDED = time(9, 30)  # on the wall of whoever is reminded

_DAY = timedelta(days=1)
_WEEK = frozenset(range(7))


class NoBusinessDay(Refusal):
    """There is no working day within a year. Change the weekend days or the holidays."""


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: weekdays off (0 is Monday), and dates off."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()

    def is_business_day(self, day: date) -> bool:
        """Whether *day* is worked."""
        return day.weekday() not in self.weekend and day not in self.holidays


@dataclass(frozen=True)
class Deadline:
    """The last local day to answer, and the instant (UTC) that is no longer part of it."""

    last_day: date
    ends_at: datetime
    zone: str


def deadline(calendar: Calendar, accepted_at: datetime, *, days: int, zone: str) -> Deadline:
    """The end of the *days*-th business day (1 or more) after the local date of *accepted_at*.

    Raises NoBusinessDay where the calendar has none for a year, and UnknownZone.
    """
    tz = schedule.zone(zone)
    last_day = _business_days(calendar, accepted_at, days, tz)[-1]
    return Deadline(last_day, _instant(last_day + _DAY, time.min, tz), zone)


def reminders(calendar: Calendar, accepted_at: datetime, *, days: int, zone: str) -> tuple[datetime, ...]:
    """When (UTC) to remind of that deadline: on the first and on the last business day; once where it is one.

    Raises what ``deadline`` raises.
    """
    tz = schedule.zone(zone)
    counted = _business_days(calendar, accepted_at, days, tz)
    return tuple(_instant(day, REMINDED, tz) for day in sorted({counted[0], counted[-1]}))


def days_left(calendar: Calendar, *, off_at: datetime, last_day: date, zone: str) -> int:
    """What the answer clock keeps when it stops: the business days after that local date, at least 1."""
    off = off_at.astimezone(schedule.zone(zone)).date()
    ahead = (off + n * _DAY for n in range(1, (last_day - off).days + 1))
    return max(1, sum(map(calendar.is_business_day, ahead)))


def resume(calendar: Calendar, on_at: datetime, *, left: int, zone: str) -> Deadline:
    """The new deadline when the answer clock starts again: the local date of *on_at* is day 0."""
    return deadline(calendar, on_at, days=left, zone=zone)


def _business_days(calendar: Calendar, after: datetime, count: int, tz: ZoneInfo) -> list[date]:
    day, found = after.astimezone(tz).date(), list[date]()
    while len(found) < count:
        day = _next(calendar, day)
        found.append(day)
    return found


def _next(calendar: Calendar, day: date) -> date:
    for ahead in range(1, SEARCHED + 1):
        if calendar.is_business_day(day + ahead * _DAY):
            return day + ahead * _DAY
    raise NoBusinessDay


def _instant(day: date, at: time, tz: ZoneInfo) -> datetime:
    # a midnight that does not exist is moved by the length of its gap, which begins at midnight: that is
    # the first instant of the day
    return schedule.resolve(datetime.combine(day, at), tz)[0]


# --- What organizers enter -----------------------------------------------------------------------------


def parse_holidays(text: str) -> tuple[date, ...]:
    """The dates of *text*, one per line, sorted and each once; empty lines count as lines only.

    Raises FieldRefusal at "holidays" for the first line that is not a date such as 2026-12-25.
    """
    lines = enumerate(map(str.strip, visible(text).splitlines()), start=1)
    return tuple(sorted({_holiday(line, number) for number, line in lines if line}))


def _holiday(line: str, number: int) -> date:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        day = None
    if day is None or day.isoformat() != line:  # Python also reads 20261225 and 2026-W52-5
        sentence = say("Line {line} is not a date. Write 2026-12-25.", line=number)
        raise FieldRefusal({"holidays": sentence})
    return day


def check_weekend(days: Collection[int]) -> None:
    """Refuse, with FieldRefusal at "weekend", a week without a working day. 0 is Monday."""
    if _WEEK.issubset(days):
        raise FieldRefusal({"weekend": say("Leave at least one working day.")})


def public_holidays(country: str, region: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of these years, days given in lieu included; none where no country is chosen.

    *country* is an ISO 3166-1 code of two letters such as US, *region* one of its subdivisions such as NY,
    or empty for what holds everywhere. Raises FieldRefusal at "country" or "region" for what the library
    does not know; for years that it has no rules for, it knows no holidays.
    """
    if not country:
        return frozenset()
    wanted = list(years)
    everywhere = _known(country, None, wanted)
    if everywhere is None:
        raise FieldRefusal({"country": say("No holidays are known for “{country}”.", country=country)})
    found = _known(country, region, wanted) if region else everywhere
    if found is None:
        raise FieldRefusal({"region": say("No holidays are known for “{region}”.", region=region)})
    return found


def _known(country: str, region: str | None, years: list[int]) -> frozenset[date] | None:
    # the library is heavy. It would take any name of its own for a country; all of two letters are one
    import holidays

    if not re.fullmatch("[A-Z]{2}", country):
        return None
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=years))
    except NotImplementedError:
        return None
