"""A line such as "coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris every 2 weeks", read forgivingly.

Whatever is understood fills the modal in, whatever is missing stays as suggested, and whatever was not
understood is said in the modal. Nothing is saved by it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

from domain import oneline_days
from domain import oneline_words as words_of
from domain.forms import ScheduleForm
from domain.oneline_words import FILLERS, MONTH, padded
from domain.schedule import zone, zone_names
from domain.text import on_one_line, say

LONGEST = 300  # characters that are looked at
OPT_IN, MATCH = "opt_in", "match"
SECTIONS = {
    "opt-in": OPT_IN, "optin": OPT_IN, "opt-ins": OPT_IN, "ask": OPT_IN, "asks": OPT_IN, "open": OPT_IN,
    "opens": OPT_IN, "start": OPT_IN, "starts": OPT_IN, "match": MATCH, "matching": MATCH, "matched": MATCH,
    "matches": MATCH, "groups": MATCH,
}  # fmt: skip
REPEATS = {"once": 0, "weekly": 1, "fortnightly": 2, "biweekly": 2}
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


@dataclass
class _Part:
    """One of the two dates, as far as it was said."""

    day: date | None = None
    at: time | None = None


@dataclass(frozen=True)
class OneLine:
    """What a line says. None, and an empty zone, where it does not say it."""

    program_id: int | None = None
    opt_in_date: date | None = None
    opt_in_time: time | None = None
    match_date: date | None = None
    match_time: time | None = None
    now: bool = False
    zone: str = ""
    weeks: int | None = None
    review: bool = False
    notes: tuple[str, ...] = ()
    understood: bool = False  # anything at all

    def fill(self, start: ScheduleForm, *, asks_first: bool = True) -> ScheduleForm:
        """The suggestion *start* with whatever the line says."""
        match_date, match_time = self.match_date, self.match_time
        if not asks_first and match_date is None and not self.review:
            match_date, match_time = self.opt_in_date, match_time or self.opt_in_time
        if match_date is None and self.opt_in_date is not None and start.match_date and start.opt_in_date:
            match_date = self.opt_in_date + (start.match_date - start.opt_in_date)
        said: dict[str, Any] = {
            "zone": self.zone or None,
            "weeks": self.weeks,
            "now": self.now or None,
            "opt_in_date": None if self.now else self.opt_in_date,
            "opt_in_time": None if self.now else self.opt_in_time,
            "match_date": match_date,
            "match_time": match_time,
        }
        form = replace(start, **{name: value for name, value in said.items() if value is not None})
        if not self.review:
            return form
        dated = self.opt_in_date is not None or self.match_date is not None or self.now
        return replace(form, groups="review", ask_first=dated)


def read(line: str, programs: Sequence[tuple[int, str]], *, now: datetime, zone_name: str = "") -> OneLine:
    """What a line says; *programs* are ids and names, *zone_name* is where "tomorrow" is meant."""
    typed = on_one_line(line)[:LONGEST]
    program_id, rest = _program(typed, programs)
    reader = _Reader(_words(rest))
    reader.zone = reader.find_zone()
    here = reader.zone or zone_name
    reader.today = now.astimezone(zone(here) if here in zone_names() else UTC).date()
    reader.run()
    parts = reader.parts
    return OneLine(
        program_id=program_id,
        opt_in_date=parts[OPT_IN].day,
        opt_in_time=parts[OPT_IN].at,
        match_date=parts[MATCH].day,
        match_time=parts[MATCH].at,
        now=reader.now,
        zone=reader.zone,
        weeks=reader.weeks,
        review=reader.review,
        notes=tuple(reader.notes[:8]),
        understood=program_id is not None or reader.understood,
    )


def _program(typed: str, programs: Sequence[tuple[int, str]]) -> tuple[int | None, str]:
    """The program whose name the line begins with, the longest such name, and the rest of the line."""
    low = typed.casefold()
    for one, name in sorted(programs, key=lambda found: -len(found[1])):
        wanted = on_one_line(name).casefold()
        if wanted and (low == wanted or low.startswith(wanted + " ")):
            return one, low[len(wanted) :]
    return None, low


def _words(rest: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", rest.translate(DASHES).replace("→", " "))
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = plain.replace("opt in", "opt-in").replace(",", " ").replace(";", " ")
    return [word for word in plain.split() if word.strip("-:")]


@dataclass
class _Reader:
    """Reads words from left to right. Each ``_x`` says how many words it took, 0 for none."""

    words: list[str]
    today: date = date.min
    section: str = ""
    latest: str = ""  # the part that was filled last
    zone: str = ""
    now: bool = False
    weeks: int | None = None
    review: bool = False
    understood: bool = False
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # words in a row that mean nothing
    parts: dict[str, _Part] = field(default_factory=lambda: {OPT_IN: _Part(), MATCH: _Part()})

    def find_zone(self) -> str:
        """Take the zone out of the words first: "tomorrow" depends on it."""
        for start, word in enumerate(self.words):
            if word in FILLERS or word in MONTH:
                continue
            found, count = words_of.zone_of(self.words[start : start + 3])
            if found:
                del self.words[start : start + count]
                self.understood = True
                return found
        return ""

    def run(self) -> None:
        """Read all words."""
        while self.words:
            taken = self._keyword() or self._repeat() or self._day() or self._clock()
            if taken:
                self._say_lost()
                self.understood = True
            else:
                taken = 1
                if self.words[0] not in FILLERS:
                    self.lost.append(self.words[0])
            del self.words[:taken]
        self._say_lost()

    def _say_lost(self) -> None:
        if self.lost:
            lost = " ".join(self.lost)
            self.notes.append(
                say("I did not understand “{words}”. Please check the dates below.", words=lost)
            )
            self.lost = []

    def _keyword(self) -> int:
        word = self.words[0].rstrip(":")
        if word in SECTIONS:
            self.section = self.latest = SECTIONS[word]
        elif word == "now" and self.section != MATCH:
            self.now, self.latest = True, OPT_IN
        elif word in ("review", "reviewed"):
            self.review = True
        elif word not in ("automatic", "automatically"):
            return 0
        return 1

    def _repeat(self) -> int:
        first, *more = padded(self.words)
        if first in REPEATS:
            self.weeks = REPEATS[first]
            return 1
        if first == "one" and more[0] == "time":
            self.weeks = 0
            return 2 + (more[1] == "only")
        if first != "every":
            return 0
        weeks, length = (1, 2) if more[0] == "week" else (words_of.number_of(more[0]), 3)
        if length == 3 and more[1] not in ("week", "weeks"):
            self.notes.append(say("It can repeat every week, or every 2, 3 or 4 weeks."))
            return 1 + bool(more[0]) + bool(more[1] in ("month", "months", "day", "days"))
        if not 1 <= weeks <= 4:
            self.notes.append(say("It can repeat every week, or every 2, 3 or 4 weeks."))
        else:
            self.weeks = weeks
        return length

    def _day(self) -> int:
        found = oneline_days.read(self.words, today=self.today, base=self._base())
        if found.note:
            self.notes.append(found.note)
        elif found.day is not None:
            self._put_day(found.day)
        return found.taken

    def _base(self) -> date:
        """The day after which a weekday, or a date without a year, is looked for."""
        asked = self.parts[OPT_IN].day
        return asked if self._target() == MATCH and asked is not None else self.today

    def _target(self) -> str:
        """The part that a date belongs to: the one that is spoken about, else the first without a date."""
        asked = self.now and self.section == OPT_IN
        if self.section and not asked and self.parts[self.section].day is None:
            return self.section
        return MATCH if self.parts[OPT_IN].day is not None or self.now else OPT_IN

    def _put_day(self, day: date) -> None:
        target = self._target()
        if self.parts[target].day is not None:
            self.notes.append(say("There is one date too many: {day}.", day=day))
        else:
            self.parts[target].day = day
            self.latest = target

    def _clock(self) -> int:
        first, second, _third = padded(self.words)
        taken, typed = 1, first
        if first == "at" and second.isascii() and second.isdigit() and len(second) <= 2:
            taken, typed = 2, f"{second}:00"
        elif first.isascii() and first.isdigit() and second in ("am", "pm", "a.m.", "p.m.", "h"):
            taken, typed = 2, first + second
        try:
            found = words_of.clock(typed)
        except ValueError:
            self.notes.append(say("“{typed}” is not a time of day.", typed=typed))
            return taken
        if found is None:
            return 0
        target = self.latest or self.section or OPT_IN
        if self.parts[target].at is not None and target == OPT_IN:
            target = MATCH
        if self.parts[target].at is not None:
            self.notes.append(say("There is one time too many: {time}.", time=found))
        else:
            self.parts[target].at = found
            self.latest = target
        return taken
