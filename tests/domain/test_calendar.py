"""Days off: what organizers enter, and the public holidays of a country."""

import subprocess
import sys
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import Calendar, check_weekend, deadline, parse_holidays, public_holidays
from domain.errors import FieldRefusal


def test_holidays_are_read_line_by_line() -> None:
    """Sorted, each once, without the empty lines and what cannot be seen."""
    text = "2026-12-25\n\n  2026-11-26\u200b \r\n2026-12-25\n"

    assert parse_holidays(text) == (date(2026, 11, 26), date(2026, 12, 25))
    assert parse_holidays(" \n") == ()


@given(st.sets(st.dates()))
def test_holidays_are_read_as_they_are_shown(days: set[date]) -> None:
    """The lines that a form shows again are the dates that were stored."""
    assert set(parse_holidays("\n".join(day.isoformat() for day in days))) == days


@pytest.mark.parametrize(
    "line",
    ["Christmas", "25.12.2026", "20261225", "2026-W52-5", "2026-02-30", "2026-12-25 Christmas", "2026-1-1"],
)
def test_a_line_that_is_not_a_date_is_named(line: str) -> None:
    """The first such line is refused by its number; empty lines count."""
    with pytest.raises(FieldRefusal) as refused:
        parse_holidays(f"2026-12-25\n\n{line}\nneither")

    assert refused.value.problems == {"holidays": "Line 3 is not a date. Write 2026-12-25."}


def test_a_week_has_a_working_day() -> None:
    """Six days off are allowed, seven are refused at their field."""
    check_weekend([])
    check_weekend({0, 1, 2, 3, 4, 5})
    with pytest.raises(FieldRefusal) as refused:
        check_weekend([6, 5, 4, 3, 2, 1, 0])

    assert refused.value.problems == {"weekend": "Leave at least one working day."}


# --- Public holidays -----------------------------------------------------------------------------------


def test_public_holidays_are_those_of_the_region() -> None:
    """Thanksgiving is free all over the United States, Lincoln's Birthday in New York; July 4 is moved."""
    country = public_holidays("US", "", [2026])
    region = public_holidays("US", "NY", [2026])

    assert {date(2026, 11, 26), date(2026, 7, 3)} <= country < region
    assert date(2026, 2, 12) in region - country
    assert {day.year for day in public_holidays("FR", "", range(2026, 2029))} == {2026, 2027, 2028}


def test_no_country_has_no_public_holidays() -> None:
    """Whoever chose none has their own dates only."""
    assert public_holidays("", "", [2026]) == frozenset()
    assert public_holidays("", "NY", [2026]) == frozenset()


@pytest.mark.parametrize("country", ["XX", "us", "USA", "HolidayBase", "country_holidays", "../US"])
def test_an_unknown_country_is_refused(country: str) -> None:
    """At its field, whatever is called so inside the library."""
    with pytest.raises(FieldRefusal) as refused:
        public_holidays(country, "", [2026])

    assert refused.value.problems == {"country": f"No holidays are known for “{country}”."}


def test_an_unknown_region_is_refused() -> None:
    """At its field."""
    with pytest.raises(FieldRefusal) as refused:
        public_holidays("FR", "NY", [2026])

    assert refused.value.problems == {"region": "No holidays are known for “NY”."}


def test_public_holidays_move_a_deadline() -> None:
    """Asked on the day before Thanksgiving, a mentor in New York has until Tuesday."""
    calendar = Calendar(holidays=public_holidays("US", "NY", [2026]))
    asked = datetime.fromisoformat("2026-11-25T10:00-05:00")

    assert deadline(calendar, asked, days=3, zone="America/New_York").last_day == date(2026, 12, 1)


def test_the_library_is_read_when_it_is_needed() -> None:
    """Who counts days without a country does not wait for it."""
    counts = "import sys, domain.calendar; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", counts], check=False, timeout=60).returncode == 0
