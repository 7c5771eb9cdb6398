"""Meetings, health and the end of a program: the cases of the golden files."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from blocks import mentoring_end, mentoring_health, mentoring_meetings
from domain import facts
from domain.mentoring_health import NUMBERS, Health, Line, MatchRow, Pulse, View
from domain.mentoring_health_facts import CalendarEntry, CheckIn, Digest, Ending, MeetingTold, Nudge
from domain.mentoring_meetings import Entry, MeetingForm, Pair

NOW = datetime(2027, 3, 17, 8, tzinfo=UTC)
PARIS = "Europe/Paris"
MEETING = MeetingTold(
    program="Mentoring", other="Ada Lovelace", starts_at=NOW, minutes=30, zone=PARIS, state="planned",
    value="7.41",
)  # fmt: skip
CHECK_IN = CheckIn(program="Mentoring", other="Ada Lovelace", starts_at=NOW, zone=PARIS, value="7.42")
SAID = replace(CHECK_IN, took_place=True)
NUDGE = Nudge(program="Mentoring", other="Ada Lovelace", value="3.43")
DIGEST = Digest(
    program="Mentoring", value="2", zone=PARIS, since=NOW - timedelta(days=7), until=NOW,
    views={view: n for n, view in enumerate(View)}, active=10, unmatched=1, staged=2, waiting=3, started=4,
    ended=1, sessions=6,
)  # fmt: skip
ENDING = Ending(
    program="Mentoring", ends_on=date(2027, 4, 5), zone=PARIS, others=("Ada Lovelace", "Bob Noyce")
)
ENTRY = Entry("mentoring-7.T1@sessions", 0, NOW, 30, NOW)
FILE = CalendarEntry(program="Mentoring", other="Ada Lovelace", entry=ENTRY, zone=PARIS)

HEALTH_CASES: dict[str, facts.Facts] = {
    "mentoring-meeting": MEETING,
    "mentoring-meeting-again": replace(MEETING, again=True),
    "mentoring-meeting-mine": replace(MEETING, mine=True),
    "mentoring-meeting-moved": replace(MEETING, moved=True, minutes=45),
    "mentoring-meeting-cancelled": replace(MEETING, state="cancelled"),
    "mentoring-meeting-cancelled-ended": replace(MEETING, state="cancelled", ended=True),
    "mentoring-meeting-over": replace(MEETING, state="over"),
    "mentoring-meeting-done": replace(MEETING, state="done"),
    "mentoring-meeting-missed": replace(MEETING, state="missed"),
    "mentoring-check-in": CHECK_IN,
    "mentoring-check-in-again": replace(CHECK_IN, again=True),
    "mentoring-check-in-yes": SAID,
    "mentoring-check-in-first": replace(SAID, first=True, rating=4, fit="deciding"),
    "mentoring-check-in-no": replace(CHECK_IN, took_place=False),
    "mentoring-nudge": NUDGE,
    "mentoring-nudge-message": replace(NUDGE, text="How is it going?", organizer="Priya"),
    "mentoring-digest": DIGEST,
    "mentoring-digest-one": replace(DIGEST, active=1, staged=1, waiting=1, started=1, sessions=1, views={}),
    "mentoring-ends": ENDING,
    "mentoring-ends-organizer": replace(ENDING, organizer=True, matches=12, others=()),
    "mentoring-calendar": FILE,
    "mentoring-calendar-moved": replace(FILE, entry=replace(ENTRY, sequence=1)),
    "mentoring-calendar-cancelled": replace(FILE, entry=replace(ENTRY, sequence=2, cancelled=True)),
}

COUNTS: tuple[tuple[str, float | None], ...] = tuple(
    (name, None if name == "answered" else n) for n, name in enumerate(NUMBERS)
)
HEALTH = Health(
    program_id=2, program="Mentoring", wording="matching", zone=PARIS, since=NOW - timedelta(days=60),
    until=NOW, numbers=COUNTS, views=tuple((view, n) for n, view in enumerate(View)),
    reasons=(("user_disabled", 14), ("a fault of ours (KeyError)", 1)),
)  # fmt: skip
PULSE = Pulse(NOW - timedelta(days=40), NOW - timedelta(days=22), ahead=True, rating=2, unfit=True)
ROWS = (
    MatchRow(3, "Ada Lovelace", "Bob Noyce", PULSE),
    MatchRow(4, "Cy Young", "Di Vine", Pulse(NOW - timedelta(days=9)), nudged_at=NOW - timedelta(days=2)),
)
LISTED = replace(HEALTH, numbers=(), reasons=(), views=())
STANDING = replace(LISTED, views=HEALTH.views, tab=View.NEEDS_CHECK_IN, total=2, rows=ROWS)
LONGEST = tuple(MatchRow(n, "Ada " * 60, "Bob " * 60, PULSE) for n in range(20))
PAIR = Pair(3, 2, "matching", ("U1", "U2"), ("Ada Lovelace", "Bob Noyce"), active=True)
FORM = MeetingForm(date(2027, 3, 18), time(10), PARIS, 45)

HEALTH_VIEWS: dict[str, dict[str, Any]] = {
    "view-mentoring-health": mentoring_health.view(HEALTH),
    "view-mentoring-health-answered": mentoring_health.view(
        replace(HEALTH, numbers=(("answered", 6.5), ("sent", 12345)), reasons=())
    ),
    "view-mentoring-health-list": mentoring_health.view(
        replace(
            LISTED,
            tab="answered",
            total=41,
            page=1,
            lines=(
                Line(("Ada Lovelace", "Bob Noyce"), NOW, "6.5 h"),
                Line(("Cy Young", "Di Vine"), NOW, "0.1 h"),
            ),
        )
    ),
    "view-mentoring-health-empty": mentoring_health.view(replace(LISTED, tab="missed")),
    "view-mentoring-health-matches": mentoring_health.view(STANDING, "Both will be reminded now."),
    "view-mentoring-health-pairings": mentoring_health.view(replace(STANDING, wording="pairing")),
    "view-mentoring-health-longest": mentoring_health.view(replace(STANDING, rows=LONGEST, total=60, page=1)),
    "view-mentoring-health-none": mentoring_health.view(replace(STANDING, rows=(), total=0)),
    "view-mentoring-end": mentoring_end.render(PAIR, metadata={}),
    "view-mentoring-end-asked": mentoring_end.render(
        replace(PAIR, wording="pairing", wish=("Bob Noyce", "no_time", "I move to Oslo.")), metadata={}
    ),
    "view-mentoring-word": mentoring_end.render_word(PAIR, metadata={"tab": "on_track", "page": 0}),
    "view-mentoring-propose": mentoring_meetings.render(FORM, "Ada Lovelace", metadata={"match": 3}),
    "view-mentoring-log": mentoring_meetings.render(
        MeetingForm(date(2027, 3, 17), None, PARIS), "Ada Lovelace", log=True, metadata={"match": 3}
    ),
}
