"""Counts what members of classes got against what they should have got. Shares no code with the product.

The truth is what stands in Slack, in Stripe's books, and in the rows. When a class is, and when somebody is
reminded of it, is computed here once more, from nothing but the rules: 24 hours before, on the wall clock.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, LIST, HOUR = timedelta(days=1), timedelta(minutes=10), timedelta(hours=1)
# the kinds of messages, by their words; the first that fits
KINDS = (
    ("asked", r"^Your request for \*.+\* was sent\."),
    ("declined", r"^Your request for \*.+\* was declined\."),
    ("approved", r"^You are approved for \*"),
    ("to pay", r"^Please pay .+ for \*"),
    ("expired", r"^The time to (pay|answer) for \*.+\* ran out\."),
    ("in", r"^You are in: "),
    ("left", r"^Your membership \*.+\* is cancelled\."),
    ("moved", r" moves to .+\.$"),
    ("called off", r" is cancelled\. You have one make-up lesson\.$"),
    ("back", r" takes place after all\. You are registered\.$"),
    ("added", r" has one date more: .+ You are registered\.$"),
    ("offer", r"^A place is free: "),
    ("reminder", r" is (today|tomorrow|on .+), \d\d:\d\d"),
    ("ended", r"^\*.+\* has ended\. How was it\?"),
    ("request", r"^Membership approval: "),
    ("unanswered", r"^The time to answer .+'s request for "),
    ("list", r"^Attendance: "),
)


def starts(day: date, at: str, zone: str) -> datetime:
    """When a class is on a day: the first instant of a repeated time, the first one after a gap."""
    hour, minute = (int(one) for one in at.split(":"))
    wall = datetime.combine(day, time(hour, minute), ZoneInfo(zone))
    instant = wall.astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    before = datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
    offset = before.astimezone(ZoneInfo(zone)).utcoffset()
    while before.astimezone(ZoneInfo(zone)).utcoffset() == offset:
        before += timedelta(minutes=1)
    return before


@dataclass(frozen=True)
class Lesson:
    """One date of a class as it is in the end: its title, the day it was made for, and when it begins."""

    title: str
    day: date
    start: datetime
    zone: str

    @property
    def wall(self) -> datetime:
        """When it begins, on the studio's wall."""
        return self.start.astimezone(ZoneInfo(self.zone))

    def reminder(self, visits: Sequence[datetime]) -> str:
        """What is said at the first visit in the day before it; "" where nobody was there."""
        visit = next((one for one in visits if one >= self.start - DAY), None)
        if visit is None or visit >= self.start:
            return ""
        days = (self.wall.date() - visit.astimezone(ZoneInfo(self.zone)).date()).days
        return f"{self.title} is {('today', 'tomorrow')[days]}, {self.wall:%H:%M}"

    def listed(self, visits: Sequence[datetime]) -> bool:
        """Whether its list is due: at the first visit from ten minutes before it, unless it is over."""
        visit = next((one for one in visits if one >= self.start - LIST), None)
        return visit is not None and visit < self.start + HOUR

    def __str__(self) -> str:
        """ "Tue 9 Mar, 18:00"."""
        return f"{self.wall:%a} {self.wall.day} {self.wall:%b}, {self.wall:%H:%M}"


@dataclass(frozen=True)
class Said:
    """One message as it was posted, and when."""

    text: str
    at: datetime
    key: str = ""


@dataclass
class Owed:
    """What one person should have read: how often something of a kind that says certain words.

    *may* are messages that depend on who was faster.
    """

    name: str
    must: Counter[tuple[str, str]] = field(default_factory=Counter)
    may: Counter[tuple[str, str]] = field(default_factory=Counter)

    def read(self, kind: str, words: str = "", times: int = 1) -> None:
        """They have to read this."""
        self.must[kind, words] += times


@dataclass
class ClassesFindings:
    """What the checker found."""

    sent: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    money: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to report."""
        return not (self.lost or self.doubled or self.wrong or self.places or self.money)


def kind_of(text: str) -> str:
    """What kind of message it is; "" for none that is known."""
    return next((kind for kind, words in KINDS if re.search(words, text)), "")


def check_messages(owed: Sequence[Owed], said: Mapping[str, Sequence[Said]]) -> ClassesFindings:
    """Check what all people read: *said* by their name."""
    found = ClassesFindings()
    for one in owed:
        _person(found, one, said.get(one.name, ()))
    keys = Counter(each.key for many in said.values() for each in many if each.key)
    found.doubled += [f"{key} stands {count} times in Slack" for key, count in keys.items() if count > 1]
    return found


def _person(found: ClassesFindings, one: Owed, said: Sequence[Said]) -> None:
    left = Counter(one.must)
    may = Counter(one.may)
    for each in said:
        kind = kind_of(each.text)
        found.sent[kind or "unknown"] += 1
        fits = [key for key in (*left, *may) if key[0] == kind and key[1] in each.text]
        if not fits:
            found.wrong.append(f"{one.name}: nobody expected {each.text!r} at {each.at:%d %b %H:%M}Z")
            continue
        key = next((key for key in fits if left[key] > 0), None)
        if key is not None:
            left[key] -= 1
        elif (free := next((key for key in fits if may[key] > 0), None)) is not None:
            may[free] -= 1
        else:
            found.doubled.append(f"{one.name}: once more {each.text!r} at {each.at:%d %b %H:%M}Z")
    for (kind, words), count in left.items():
        if count > 0:
            found.lost.append(f"{one.name}: {count} of kind {kind} with {words!r}")
