"""When a series happens: recurrence on wall-clock dates, resolved to instants one by one.

A series is anchored on a local date and time. Occurrence *i* is the anchor date plus i times *weeks*
weeks at the same *local* time, and only then becomes an instant. So 09:00 stays 09:00 all year.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from croniter import croniter

from domain.errors import Refusal
from domain.text import say

HORIZON = 6  # so many sessions of a series are planned ahead, and shown when it is saved


class Resolution(StrEnum):
    """How a wall time met the zone's calendar."""

    PLAIN = "plain"
    GAP = "gap"  # it does not exist that day: moved forward by the length of the gap
    OVERLAP = "overlap"  # it exists twice that day: the first one counts


class UnknownZone(Refusal):
    """This is not a time zone of the IANA list, such as Europe/Paris."""


@dataclass(frozen=True)
class Series:
    """A recurrence as it was entered: local dates and times of one zone.

    *weeks* is 0 for "One time only", else 1 to 4. *opt_in_time* is None where nobody is asked first; the
    anchor is then the matching date itself and *match_days* is 0.
    """

    anchor: date
    weeks: int
    zone: str
    opt_in_time: time | None
    match_days: int
    match_time: time
    first_number: int = 0  # the number of the occurrence that falls on the anchor


@dataclass(frozen=True)
class Planned:
    """One occurrence of a series: wall times as entered, and the instants they mean."""

    number: int
    opt_in_wall: datetime | None
    opt_in_at: datetime | None
    match_wall: datetime
    match_at: datetime

    @property
    def opens_at(self) -> datetime:
        """The instant at which work on this occurrence begins."""
        return self.opt_in_at or self.match_at


@cache
def zone_names() -> tuple[str, ...]:
    """All IANA names a person may choose, sorted."""
    return tuple(sorted(available_timezones() - {"Factory", "localtime", "posixrules"}))


def zone(name: str) -> ZoneInfo:
    """The zone called *name*. Raises UnknownZone for anything that is not on the list."""
    if name not in zone_names():
        raise UnknownZone(
            say("“{name}” is not a time zone of the IANA list, such as Europe/Paris.", name=name)
        )
    return ZoneInfo(name)


def find_zones(typed: str, limit: int = 100) -> list[str]:
    """Zones whose name holds *typed*, best first: "par" finds Europe/Paris, "new y" America/New_York."""
    wanted = typed.strip().lower().replace(" ", "_")
    if not wanted:
        return ["Etc/UTC", *(name for name in zone_names() if "/" in name)][:limit]

    def rank(name: str) -> tuple[int, bool, int, str]:
        low = name.lower()
        city = low.rsplit("/", 1)[-1]
        order = 0 if low == wanted else 1 if city.startswith(wanted) else 2 if wanted in city else 3
        return order, "/" not in low or low.startswith(("etc/", "us/")), len(city), name

    return sorted((name for name in zone_names() if wanted in name.lower()), key=rank)[:limit]


def resolve(wall: datetime, tz: ZoneInfo) -> tuple[datetime, Resolution]:
    """The instant, in UTC, of the naive wall time *wall* in *tz*, and how it was found.

    A time that does not exist moves forward by the length of the gap, because fold=0 uses the offset
    before the jump; a time that exists twice means the first one.
    """
    first = wall.replace(tzinfo=tz, fold=0)
    instant = first.astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) != wall:
        return instant, Resolution.GAP
    twice = wall.replace(tzinfo=tz, fold=1).utcoffset() != first.utcoffset()
    return instant, Resolution.OVERLAP if twice else Resolution.PLAIN


def walls(anchor: date, at: time, weeks: int, after: datetime, count: int) -> list[tuple[int, datetime]]:
    """The first *count* wall times of the series that are >= *after* (naive), with their numbers.

    croniter steps the weeks on naive times, so no zone can bend them; the anchor picks the right ones.
    """
    start = datetime.combine(anchor, at)
    if weeks == 0:
        return [(0, start)] if start >= after and count > 0 else []
    line = f"{at.minute} {at.hour} * * {anchor.isoweekday() % 7}"
    steps = croniter(line, max(start, after) - timedelta(seconds=1))
    found: list[tuple[int, datetime]] = []
    while len(found) < count:
        wall: datetime = steps.get_next(datetime)
        number, rest = divmod((wall.date() - anchor).days, 7 * weeks)
        if rest == 0:
            found.append((number, wall))
    return found


def plan(series: Series, *, from_number: int, count: int) -> list[Planned]:
    """Occurrences *from_number* and after, *count* at most; one at most where nothing repeats.

    The matching keeps its distance from the opt-in in local days; each is resolved on its own.
    """
    tz = zone(series.zone)
    ahead = max(0, from_number - series.first_number)
    at = series.opt_in_time or series.match_time
    after = datetime.combine(series.anchor + timedelta(weeks=ahead * series.weeks), time.min)
    if series.weeks == 0 and ahead > 0:
        return []
    return [
        _planned(series, number, wall, tz)
        for number, wall in walls(series.anchor, at, series.weeks, after, count)
    ]


def _planned(series: Series, number: int, wall: datetime, tz: ZoneInfo) -> Planned:
    match_wall = datetime.combine(wall.date() + timedelta(days=series.match_days), series.match_time)
    asks = series.opt_in_time is not None
    return Planned(
        number=series.first_number + number,
        opt_in_wall=wall if asks else None,
        opt_in_at=resolve(wall, tz)[0] if asks else None,
        match_wall=match_wall,
        match_at=resolve(match_wall, tz)[0],
    )


def may_still_open(opens_at: datetime, match_at: datetime, now: datetime) -> bool:
    """Whether a late opt-in still makes sense: 15 minutes late at most, or a quarter of the time left."""
    if match_at <= now:
        return False
    return now - opens_at <= timedelta(minutes=15) or match_at - now >= (match_at - opens_at) / 4


REMINDER_GRACE = timedelta(hours=4)  # a reminder later than that would only confuse
