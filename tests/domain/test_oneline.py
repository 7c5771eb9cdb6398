"""One line of scheduling: many ways to say the same, and nothing that breaks it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.forms import ScheduleForm, check_schedule, suggested
from domain.oneline import OneLine, read
from domain.oneline_words import FILLERS, MONTH, WEEKDAY

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)  # a Wednesday
PROGRAMS = [(1, "Coffee"), (2, "Coffee for Engineers"), (3, "Café crème"), (4, "Lunch")]
JUNE_4, JUNE_10, NINE = date(2027, 6, 4), date(2027, 6, 10), time(9)


def said(line: str, **more: Any) -> OneLine:
    """What a line says on that Wednesday, to somebody in Paris."""
    return read(line, PROGRAMS, now=NOW, zone_name="Europe/Paris", **more)


FULL = {
    "program_id": 1, "opt_in_date": JUNE_4, "opt_in_time": NINE, "match_date": JUNE_10, "match_time": NINE,
    "zone": "Europe/Paris", "weeks": 2,
}  # fmt: skip
TABLE: list[tuple[str, dict[str, Any]]] = [
    ("coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris every 2 weeks", FULL),
    ("  COFFEE   Opt-In 4 JUNE 9:00,  match 10 June 9:00, europe/paris, every two weeks ", FULL),
    ("coffee ask 2027-06-04 9am match 2027-06-10 9am Paris fortnightly", FULL),
    ("coffee opt in June 4 9:00 match June 10 9:00 in paris every 2 weeks", FULL),
    ("coffee opt‑in 4th June 9:00 – match 10th June 9:00 Europe/Paris every 2 weeks", FULL),
    ("coffee Europe/Paris every 2 weeks 4 June 9:00 10 June 9:00", FULL),
    ("coffee 9:00 4 June 9:00 10 June Paris every 2 weeks", FULL),
    ("coffee every 2 weeks match 10 June 9:00 opt-in 4 June 9:00 paris", FULL),
    ("coffee opt-in 4 juin 9h matching 10 juin 9h00 Europe/Paris every 2 weeks", FULL),
    ("coffee", {"program_id": 1}),
    ("Coffee for Engineers", {"program_id": 2}),
    ("coffee for engineers 4 June", {"program_id": 2, "opt_in_date": JUNE_4}),
    ("coffee for 4 June", {"program_id": 1, "opt_in_date": JUNE_4}),
    ("Café crème 4 June", {"program_id": 3, "opt_in_date": JUNE_4}),
    ("opt-in 4 June", {"opt_in_date": JUNE_4}),
    ("lunch match 10 June", {"program_id": 4, "match_date": JUNE_10}),
    ("lunch groups: 10 June at 9", {"program_id": 4, "match_date": JUNE_10, "match_time": NINE}),
    ("lunch now", {"program_id": 4, "now": True}),
    ("lunch now match 10 June noon", {
        "program_id": 4, "now": True, "match_date": JUNE_10, "match_time": time(12),
    }),
    ("lunch opt-in now 10 June", {"program_id": 4, "now": True, "match_date": JUNE_10}),
    ("4 June 21h", {"opt_in_date": JUNE_4, "opt_in_time": time(21)}),
    ("4 June 21h30", {"opt_in_date": JUNE_4, "opt_in_time": time(21, 30)}),
    ("4 June 9:30pm", {"opt_in_date": JUNE_4, "opt_in_time": time(21, 30)}),
    ("4 June 9 pm", {"opt_in_date": JUNE_4, "opt_in_time": time(21)}),
    ("4 June 12am", {"opt_in_date": JUNE_4, "opt_in_time": time(0)}),
    ("4 June 12pm", {"opt_in_date": JUNE_4, "opt_in_time": time(12)}),
    ("4 June midnight", {"opt_in_date": JUNE_4, "opt_in_time": time(0)}),
    ("today 18:00", {"opt_in_date": date(2027, 3, 10), "opt_in_time": time(18)}),
    ("tomorrow 9:00 match friday 9:00", {
        "opt_in_date": date(2027, 3, 11), "opt_in_time": NINE, "match_date": date(2027, 3, 12),
        "match_time": NINE,
    }),
    ("monday", {"opt_in_date": date(2027, 3, 15)}),
    ("wednesday", {"opt_in_date": date(2027, 3, 17)}),
    ("next mon 8am", {"opt_in_date": date(2027, 3, 15), "opt_in_time": time(8)}),
    ("monday match monday", {"opt_in_date": date(2027, 3, 15), "match_date": date(2027, 3, 22)}),
    ("Friday 4 June", {"opt_in_date": JUNE_4}),
    ("Friday, 2027-06-04", {"opt_in_date": JUNE_4}),
    ("in 3 days match in 2 weeks", {"opt_in_date": date(2027, 3, 13), "match_date": date(2027, 3, 24)}),
    ("4 June 2028", {"opt_in_date": date(2028, 6, 4)}),
    ("June 4th, 2028", {"opt_in_date": date(2028, 6, 4)}),
    ("04.06.2027", {"opt_in_date": JUNE_4}),
    ("25/6", {"opt_in_date": date(2027, 6, 25)}),
    ("6/25/2028", {"opt_in_date": date(2028, 6, 25)}),
    ("4/4", {"opt_in_date": date(2027, 4, 4)}),
    ("9 March", {"opt_in_date": date(2028, 3, 9)}),
    ("29 February", {"opt_in_date": date(2028, 2, 29)}),
    ("28 December match 3 January", {"opt_in_date": date(2027, 12, 28), "match_date": date(2028, 1, 3)}),
    ("4 June new york", {"opt_in_date": JUNE_4, "zone": "America/New_York"}),
    ("4 June America/Argentina/Buenos_Aires", {
        "opt_in_date": JUNE_4, "zone": "America/Argentina/Buenos_Aires",
    }),
    ("4 June utc", {"opt_in_date": JUNE_4, "zone": "Etc/UTC"}),
    ("tomorrow Pacific/Kiritimati", {"opt_in_date": date(2027, 3, 11), "zone": "Pacific/Kiritimati"}),
    ("weekly", {"weeks": 1}),
    ("every week", {"weeks": 1}),
    ("every 4 weeks", {"weeks": 4}),
    ("every other week", {"weeks": 2}),
    ("once", {"weeks": 0}),
    ("one time only", {"weeks": 0}),
    ("lunch review", {"program_id": 4, "review": True}),
    ("lunch automatic 4 June", {"program_id": 4, "opt_in_date": JUNE_4}),
    ("", {}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), TABLE, ids=[line for line, _ in TABLE])
def test_a_line_is_understood(line: str, expected: dict[str, Any]) -> None:
    """Whole, without a note."""
    found = said(line)

    assert found == replace(OneLine(**expected), understood=bool(expected))


NOTES = [
    ("coffee 4/6", "“4/6” can be read as two dates. Write 4 June, or 2027-06-04."),
    ("coffee 4/6/2027", "“4/6/2027” can be read as two dates"),
    ("coffee 31 June", "There is no day “31 june”."),
    ("coffee 2027-02-30", "There is no day “2027-02-30”."),
    ("coffee 99/99", "There is no day “99/99”."),
    ("coffee 4 June 25:00", "“25:00” is not a time of day."),
    ("coffee 4 June 13pm", "“13pm” is not a time of day."),
    ("coffee every 5 weeks", "It can repeat every week, or every 2, 3 or 4 weeks."),
    ("coffee every month", "It can repeat every week"),
    ("coffee every", "It can repeat every week"),
    ("coffee 4 June 10 June 12 June", "There is one date too many: 12 June."),
    ("coffee 4 June 9:00 10:00 11:00", "There is one time too many: 11:00."),
    ("coffee with purple sprinkles 4 June", "I did not understand “purple sprinkles”."),
    ("coffee match now", "I did not understand “now”."),
    ("coffee 1890-06-04", "Choose a date between 2000 and 2099."),
    ("tea 4 June", "I did not understand “tea”."),
]


@pytest.mark.parametrize(("line", "note"), NOTES, ids=[line for line, _ in NOTES])
def test_what_is_not_understood_is_said(line: str, note: str) -> None:
    """One sentence, and the rest counts."""
    notes = said(line).notes

    assert any(note in one for one in notes), notes


def test_nothing_understood_is_known() -> None:
    """A line that is not about scheduling at all can be told from one that is."""
    assert not said("blah blah").understood
    assert said("blah 4 June").understood


def test_tomorrow_is_meant_in_the_zone_of_the_line() -> None:
    """At eleven in the evening UTC it is tomorrow in Tokyo."""
    late = datetime(2027, 3, 10, 23, tzinfo=UTC)

    assert read("tomorrow tokyo", [], now=late).opt_in_date == date(2027, 3, 12)
    assert read("tomorrow", [], now=late, zone_name="Not/AZone").opt_in_date == date(2027, 3, 11)


def test_a_whole_line_fills_the_form_in() -> None:
    """And what it fills in can be saved."""
    start = suggested(NOW, "Etc/UTC")
    form = said("coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris every 2 weeks").fill(start)

    assert form == ScheduleForm(
        opt_in_date=JUNE_4,
        opt_in_time=NINE,
        match_date=JUNE_10,
        match_time=NINE,
        zone="Europe/Paris",
        weeks=2,
    )
    assert check_schedule(form, asks_first=True, now=NOW).series.weeks == 2


def test_missing_parts_are_left_to_the_suggestion() -> None:
    """A matching without a date keeps its distance from the opt-in; times stay."""
    start = suggested(NOW, "Europe/Paris")

    assert said("").fill(start) == start
    form = said("4 June").fill(start)
    assert (form.opt_in_date, form.match_date, form.match_time) == (JUNE_4, JUNE_10, NINE)
    now = said("now match 10 June").fill(start)
    assert now.now
    assert now.match_date == JUNE_10


def test_where_nobody_is_asked_one_date_is_the_matching() -> None:
    """A program without opt-in has no other date."""
    form = said("lunch 4 June 10:00").fill(suggested(NOW, "Europe/Paris"), asks_first=False)

    assert (form.match_date, form.match_time) == (JUNE_4, time(10))


def test_review_asks_first_only_where_dates_are_said() -> None:
    """Without dates the groups are made at once; with dates people are asked before."""
    start = suggested(NOW, "Europe/Paris")

    assert said("review").fill(start).undated
    assert not said("review 4 June match 10 June").fill(start).undated


ODD = (
    "opt-in match now every week weeks review 2 4 31 9:00 25:00 9am 21h 4/6 2027-06-04 0000-00-00 2027 9999 "
    "paris new york in days 12.13.2027 00/00 29 february one time only : - at coffee \u0664 ²"
)
WORDS = sorted({*FILLERS, *MONTH, *WEEKDAY, *ODD.split()})
DAYS = st.integers(0, 98 * 365).map(lambda days: datetime(2000, 1, 2, 23, 30, tzinfo=UTC) + timedelta(days))


@given(st.lists(st.sampled_from(WORDS), max_size=12), DAYS)
def test_no_line_of_our_words_ever_raises(words: list[str], now: datetime) -> None:
    """Whatever order they come in; and what comes out is a form that can be drawn."""
    found = read(" ".join(words), PROGRAMS, now=now, zone_name="Europe/Paris")
    form = found.fill(suggested(now, "Europe/Paris"), asks_first=bool(len(words) % 2))

    assert form.weeks in range(5)
    assert all(note.strip() for note in found.notes)


@given(st.text(max_size=400))
def test_no_text_ever_raises(line: str) -> None:
    """Nor any other text, however strange."""
    assert len(said(line).notes) <= 8
