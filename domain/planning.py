"""The planning: how somebody looks at it, which days a month shows, and on which of them sessions fall."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.schedule import resolve, zone_names
from domain.text import N_

CALENDAR, LIST = "calendar", "list"
NEXT, NEWEST = "next", "newest"
ALL_PROGRAMS = 0
PAGE = 10  # sessions on one page of the list
AHEAD = timedelta(days=183)  # so far ahead the list goes with sessions of a series that are not stored yet
BACK = timedelta(days=730)  # and so far back
FARTHEST = 120  # months from now to which a calendar can be turned

STATES = {
    "planned": N_("planned"),
    "open": N_("open"),
    "matching": N_("being matched"),
    "review": N_("in review"),
    "matched": N_("matched"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
    "skipped": N_("skipped"),
}
LIVE = ("open", "matching", "review")
OFF = ("cancelled", "skipped")  # nothing happens on these days
DONE = ("matched", "closed")


@dataclass(frozen=True)
class Look:
    """How somebody looks at the planning. It travels in a view, so it is a wish and proves nothing."""

    view: str = CALENDAR
    month: str = ""  # "2027-03"; "" for the present one
    order: str = NEXT
    page: int = 0
    zone: str = ""
    program: int = ALL_PROGRAMS
    board: dict[str, Any] = field(default_factory=dict)  # in App Home: the Matching page instead; {}: not now

    def as_dict(self) -> dict[str, Any]:
        """For a view's metadata, or a column."""
        found = asdict(self)
        return found if self.board else {name: value for name, value in found.items() if name != "board"}


def look_of(found: Mapping[str, Any]) -> Look:
    """The look that somebody sent back; what makes no sense is as in the beginning."""
    zone = str(found.get("zone") or "")
    month = str(found.get("month") or "")
    return Look(
        view=LIST if found.get("view") == LIST else CALENDAR,
        month=month if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) else "",
        order=NEWEST if found.get("order") == NEWEST else NEXT,
        page=_count(found.get("page")),
        zone=zone if zone in zone_names() else "",
        program=_count(found.get("program")),
        board=board if isinstance(board := found.get("board"), dict) else {},
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else 0


@dataclass(frozen=True)
class PlannedSession:
    """A session as the planning knows it. *occurrence_id* is 0 for one that a series only promises yet."""

    occurrence_id: int
    program_id: int
    program: str
    state: str
    zone: str
    opt_in_at: datetime | None
    groups_at: datetime  # when the groups are made; in review, when they are sent
    colour: str = ""  # "": not drawn yet
    reason: str = ""
    dateless: bool = False  # in review, and nobody has said when the groups are sent
    repeats: bool = False
    asked: int = 0
    joined: int = 0
    declined: int = 0
    silent: int = 0
    groups: int = 0

    @property
    def opens_at(self) -> datetime:
        """When it begins."""
        return self.opt_in_at or self.groups_at


@dataclass(frozen=True)
class Planning:
    """What one view of the planning shows: the sessions of its month, or of its page."""

    look: Look  # complete: with its month and its zone
    today: date  # in the zone of the look
    sessions: tuple[PlannedSession, ...]
    programs: tuple[tuple[int, str], ...] = ()  # for the filter
    total: int = 0  # in the list: on all pages

    @property
    def pages(self) -> int:
        """How many pages the list has; one at least."""
        return max(1, -(-self.total // PAGE))

    @property
    def first(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.look.month}-01")


@dataclass(frozen=True)
class Mark:
    """Something of a session that happens on a day."""

    session: PlannedSession
    at: datetime  # wall time in the zone of the calendar
    groups: bool  # the groups are made; else people are asked


# --- Months --------------------------------------------------------------------------------------------


def month_of(day: date) -> str:
    """The month of a day, as a look names it."""
    return f"{day:%Y-%m}"


def turned(month: str, by: int) -> str:
    """The month so many months later."""
    year, number = (int(part) for part in month.split("-"))
    count = year * 12 + number - 1 + by
    return f"{count // 12:04}-{count % 12 + 1:02}"


def within_reach(month: str, today: date) -> str:
    """The month, or the farthest that a calendar can be turned to."""
    present = month_of(today)
    return min(max(month or present, turned(present, -FARTHEST)), turned(present, FARTHEST))


def weeks_of(first: date) -> list[list[date]]:
    """The weeks that touch a month, each from Monday to Sunday."""
    monday = first - timedelta(days=first.weekday())
    weeks: list[list[date]] = []
    while not weeks or monday.month == first.month:
        weeks.append([monday + timedelta(days=number) for number in range(7)])
        monday += timedelta(days=7)
    return weeks


def instants_of(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """From when until when these days last in a zone; the end does not belong to them."""
    tz = ZoneInfo(zone)
    after = last + timedelta(days=1)
    return resolve(datetime.combine(first, time()), tz)[0], resolve(datetime.combine(after, time()), tz)[0]


def marks_of(sessions: Sequence[PlannedSession], zone: str) -> dict[date, list[Mark]]:
    """What happens on which day of a zone, each day in order of time."""
    tz = ZoneInfo(zone)
    found: dict[date, list[Mark]] = {}
    for one in sessions:
        for at, groups in ((one.opt_in_at, False), (one.groups_at, True)):
            if at is not None:
                wall = at.astimezone(tz)
                found.setdefault(wall.date(), []).append(Mark(one, wall, groups))
    for marks in found.values():
        marks.sort(key=lambda mark: (mark.at, mark.session.program.casefold(), mark.session.occurrence_id))
    return found


# --- Lists ---------------------------------------------------------------------------------------------


def listed(sessions: Collection[PlannedSession], order: str, now: datetime) -> list[PlannedSession]:
    """The sessions of a list in its order: what is under way or to come, or what has begun.

    An open session belongs to both: it has begun, and it is not over.
    """
    if order == NEWEST:
        begun = [one for one in sessions if one.opens_at <= now]
        return sorted(begun, key=lambda one: (one.opens_at, one.occurrence_id), reverse=True)
    ahead = [one for one in sessions if one.state in LIVE or (one.groups_at >= now and one.state not in DONE)]
    return sorted(ahead, key=lambda one: (one.opens_at, one.program.casefold(), one.occurrence_id))


def span_of(look: Look, now: datetime) -> tuple[datetime, datetime]:
    """From when until when a view of the planning has to know sessions."""
    if look.view == LIST:
        return (now - BACK, now) if look.order == NEWEST else (now, now + AHEAD)
    weeks = weeks_of(date.fromisoformat(f"{look.month}-01"))
    return instants_of(weeks[0][0], weeks[-1][-1], look.zone)


def completed(look: Look, zone: str, now: datetime) -> Look:
    """The look with all that it left open; *zone* is the reader's own."""
    chosen = look.zone or (zone if zone in zone_names() else "Etc/UTC")
    today = now.astimezone(ZoneInfo(chosen)).date()
    return Look(look.view, within_reach(look.month, today), look.order, look.page, chosen, look.program)
