"""Meetings of a match: when they may be, whether they took place, and their calendar entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain import schedule
from domain.errors import FieldRefusal, Refusal
from domain.mentoring import NotOfThisMatch
from domain.schedule import UnknownZone
from domain.text import N_, on_one_line, say

LENGTHS = (15, 30, 45, 60, 90, 120)  # minutes
LONGEST = timedelta(minutes=max(LENGTHS))
RATINGS = (1, 2, 3, 4)
FITS = {"good": N_("Good Fit"), "deciding": N_("Still Deciding"), "not_good": N_("Not a Good Fit")}
WITHIN = timedelta(days=366)  # a meeting is not planned, or noted, farther away than that


class MeetingOver(Refusal):
    """This meeting is over or was cancelled. Propose a new time."""


class MatchOver(Refusal):
    """This match has ended."""


class NoSuchMeeting(Refusal):
    """This meeting does not exist any more."""


@dataclass(frozen=True)
class MeetingForm:
    """When a match meets, or met: a wall time in the zone of whoever fills it in."""

    day: date | None = None
    at: time | None = None
    zone: str = ""
    minutes: int = 30


@dataclass(frozen=True)
class Opinion:
    """What one of the two says of a meeting; None leaves what was said before."""

    took_place: bool | None = None
    rating: int | None = None  # 1 to 4
    fit: str | None = None


def ahead(form: MeetingForm, now: datetime) -> datetime:
    """When a proposed meeting starts, in UTC. Raises FieldRefusal at "day", "at", "zone" or "minutes"."""
    found = _instant(form)
    if found <= now:
        raise FieldRefusal({_late(form, now): say("Choose a time to come.")})
    if found > now + WITHIN:
        raise FieldRefusal({"day": say("Choose a day within a year.")})
    return found


def past(form: MeetingForm, now: datetime) -> datetime:
    """When a logged session started, in UTC. Raises FieldRefusal as ``ahead`` does."""
    found = _instant(form)
    if found > now:
        raise FieldRefusal({_late(form, now): say("Choose a time in the past.")})
    if found < now - WITHIN:
        raise FieldRefusal({"day": say("Choose a day within a year.")})
    return found


def _instant(form: MeetingForm) -> datetime:
    problems: dict[str, str] = {}
    if form.day is None:
        problems["day"] = say("Choose a day.")
    if form.at is None:
        problems["at"] = say("Choose a time.")
    if form.minutes not in LENGTHS:
        problems["minutes"] = say("Choose one of these.")
    try:
        tz = schedule.zone(form.zone)
    except UnknownZone as error:
        problems["zone"] = error.sentence
    if problems or form.day is None or form.at is None:
        raise FieldRefusal(problems)
    return schedule.resolve(datetime.combine(form.day, form.at), tz)[0]


def _late(form: MeetingForm, now: datetime) -> str:
    """The field that is wrong: the time where the day could be right."""
    return "at" if form.day == now.astimezone(schedule.zone(form.zone)).date() else "day"


def outcome(words: Collection[bool | None]) -> str:
    """The state of a meeting by what both say, None for who has not: one Yes counts, two No are a miss."""
    if any(words):
        return "done"
    return "missed" if sum(word is False for word in words) > 1 else "planned"


# --- The calendar entry --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A meeting as calendars know it: one id for its whole life, and a sequence that grows."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    stamp: datetime
    cancelled: bool = False


def calendar_file(entry: Entry, title: str) -> bytes:
    """The entry as iCalendar (RFC 5545); imported anew, it replaces the one with the same id (RFC 5546)."""
    ends_at = entry.starts_at + timedelta(minutes=entry.minutes)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Sessions//Mentoring//EN",
        f"METHOD:{'CANCEL' if entry.cancelled else 'PUBLISH'}",
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{_stamp(entry.stamp)}",
        f"DTSTART:{_stamp(entry.starts_at)}",
        f"DTEND:{_stamp(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    line = on_one_line(text).encode(errors="replace").decode()
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> list[str]:
    """A line in parts of at most 75 octets, of which all but the first begin with a space."""
    parts, now = list[str](), ""
    for letter in line:
        if len((now + letter).encode()) > 75:
            parts.append(now)
            now = " "
        now += letter
    return [*parts, now]


# --- The two -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A match as its modals show it. *wish* is who asks to end it, the reason, and their note."""

    match_id: int
    program_id: int
    wording: str
    users: tuple[str, str]
    names: tuple[str, str]
    active: bool
    wish: tuple[str, str, str] | None = None

    def other(self, user_id: str) -> str:
        """What the other one is called. Raises NotOfThisMatch."""
        if user_id not in self.users:
            raise NotOfThisMatch
        return self.names[1 - self.users.index(user_id)]
