"""When a group could meet, and the follow-up: whether it did."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.schedule import zone_names
from domain.text import on_one_line
from domain.texts import Texts

DAY_STARTS, DAY_ENDS = time(9), time(17)
MEETING = timedelta(minutes=30)
AHEAD = timedelta(days=10)
NOTICE = timedelta(hours=12)  # nobody is invited to meet in an hour
MOST_TIMES = 3
PLACES = (0.25, 0.75, 0.12)  # where in the common hours of a day: a morning, an afternoon, a morning
SATURDAY = 5

CLOSES_AFTER = timedelta(days=7)  # after people were asked whether they met
NEVER_ASKED = timedelta(days=14)  # after the matching, where nobody is asked
SILENT_ROUNDS = 3  # sessions in a row without any answer


class Met(StrEnum):
    """What somebody says of the meeting of their group. The value is stored; never rename one."""

    UNSAID = ""
    YES = "met"
    NOT_YET = "not_yet"
    NO = "no"


SAID = (Met.YES, Met.NO)  # nothing more is asked of these


class NotInGroup(Refusal):
    """This group is not yours, so only its members can say whether they met."""


class NotForYou(Refusal):
    """This message was sent to somebody else, so only they can answer it."""


@dataclass(frozen=True)
class Word:
    """Somebody of a group, and what they said of the meeting."""

    name: str
    met: Met


@dataclass(frozen=True)
class FollowUp:
    """Asks somebody whether they met those of their group, and shows what they said."""

    program: str
    partners: tuple[str, ...]
    value: str  # what the buttons carry: "<group>.<message>"
    met: Met = Met.UNSAID
    again: bool = False  # a copy that may have been seen already
    reader: str = ""
    locale: str = ""
    texts: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Rested:
    """Tells somebody who never answered that they are not asked any more, and that this is easily undone."""

    program: str
    value: str  # what the button carries: "<program>.<message>"
    back: bool = False  # they are asked again
    reader: str = ""
    locale: str = ""


def common_times(zones: Collection[str], *, after: datetime) -> list[datetime]:
    """Up to three times in the working hours of everybody in these *zones*, each on a day of its own.

    Working hours are 9 to 17 on weekdays, in each person's own zone, within ten days.
    """
    return list(_common_times(frozenset(zones), after))


@lru_cache(maxsize=256)  # most groups of a session live in the same zones
def _common_times(zones: frozenset[str], after: datetime) -> Sequence[datetime]:
    everywhere = [ZoneInfo(name) for name in sorted(zones.intersection(zone_names()))]
    if not everywhere:
        return []
    first, *others = everywhere
    days: list[list[datetime]] = []
    for start in _working_times(first, after):
        if not all(_works(start, other) for other in others):
            continue
        if not days or days[-1][0].astimezone(first).date() != start.astimezone(first).date():
            days.append([])
        days[-1].append(start)
    return [_at(day, place) for day, place in zip(days, PLACES, strict=False)][:MOST_TIMES]


def _working_times(here: ZoneInfo, after: datetime) -> Sequence[datetime]:
    """Every half hour of the working days in a zone at which a meeting can start, as instants."""
    earliest, latest = after + NOTICE, after + AHEAD
    first = after.astimezone(here).date()
    utc = after.tzinfo
    found = []
    for ahead in range(AHEAD.days + 1):
        day = first + timedelta(days=ahead)
        if day.weekday() >= SATURDAY:
            continue
        wall = datetime.combine(day, DAY_STARTS)
        while wall + MEETING <= datetime.combine(day, DAY_ENDS):
            start = wall.replace(tzinfo=here).astimezone(utc)
            if earliest <= start <= latest:
                found.append(start)
            wall += MEETING
    return found


def _works(start: datetime, where: ZoneInfo) -> bool:
    begin, end = start.astimezone(where), (start + MEETING).astimezone(where)
    return begin.weekday() < SATURDAY and begin.time() >= DAY_STARTS and _until(begin, end)


def _until(begin: datetime, end: datetime) -> bool:
    return begin.date() == end.date() and end.time() <= DAY_ENDS


def _at(day: Sequence[datetime], place: float) -> datetime:
    return day[min(len(day) - 1, int(len(day) * place))]


CALENDAR = "https://calendar.google.com/calendar/render"
LONGEST_LINK = 3000  # as Slack takes it


def calendar_link(title: str, start: datetime, length: timedelta = MEETING) -> str:
    """The address that opens a meeting filled in, in Google Calendar; it is saved by whoever follows it."""
    stamps = "/".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (start, start + length))
    seen = on_one_line(title)
    while True:
        link = (
            f"{CALENDAR}?{urlencode({'action': 'TEMPLATE', 'text': seen, 'dates': stamps}, errors='replace')}"
        )
        if len(link) <= LONGEST_LINK:
            return link
        seen = seen[: len(seen) // 2]
