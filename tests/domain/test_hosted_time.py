"""Dates and times as hosts type them, on the nights when clocks change as well."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import schedule
from domain.errors import FieldRefusal
from domain.hosted_time import read_start, the_minute

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YORK = "America/New_York"
PASSED = "This time has passed. Choose a later time or use New Session Now."


def test_a_time_is_the_wall_clock_of_the_hosts_zone():
    """15:00 in New York is 20:00 UTC in winter, 21:00 in Paris."""
    start = read_start(date(2026, 3, 3), time(15), NEW_YORK, now=LONG_AGO)

    assert start.instant == datetime(2026, 3, 3, 20, tzinfo=UTC)
    assert start.note == ""
    assert (
        f"{start.instant.astimezone(ZoneInfo('Europe/Paris')):%a %-d %b, %H:%M %Z}" == "Tue 3 Mar, 21:00 CET"
    )


def test_a_time_that_does_not_exist_is_refused_by_its_name():
    """On the night when the clocks go forward, 02:30 is skipped."""
    with pytest.raises(FieldRefusal) as refused:
        read_start(date(2026, 3, 8), time(2, 30), NEW_YORK, now=LONG_AGO)

    assert refused.value.problems == {
        "time": "02:30 does not exist on 8 Mar 2026 in America/New_York. Choose another time."
    }


def test_of_a_time_that_comes_twice_the_first_one_is_meant():
    """On the night when the clocks go back; once that one has passed, it can only be the second."""
    read = {"day": date(2026, 11, 1), "at": time(1, 30), "zone": NEW_YORK}

    first = read_start(**read, now=LONG_AGO)
    second = read_start(**read, now=datetime(2026, 11, 1, 6, tzinfo=UTC))

    assert first.instant == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert first.note == "01:30 happens twice that night; we took the first."
    assert second.instant == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert second.note == "01:30 happens twice that night; we took the second."
    with pytest.raises(FieldRefusal, match="has passed"):
        read_start(**read, now=datetime(2026, 11, 1, 6, 32, tzinfo=UTC))


def test_a_time_is_past_one_minute_later():
    """Who types the present minute, and sends the form in the next one, is not refused."""
    start = datetime(2026, 3, 3, 20, tzinfo=UTC)
    read = {"day": date(2026, 3, 3), "at": time(15), "zone": NEW_YORK}

    assert read_start(**read, now=start + timedelta(minutes=1)).instant == start
    with pytest.raises(FieldRefusal) as refused:
        read_start(**read, now=start + timedelta(minutes=1, seconds=1))
    assert refused.value.problems == {"time": PASSED}


def test_now_is_the_minute_that_runs():
    """A session opened at 14:03:27 began at 14:03."""
    pressed = datetime(2026, 3, 3, 14, 3, 27, 9, tzinfo=UTC)

    assert the_minute(pressed) == datetime(2026, 3, 3, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize("year", [1, 1899, 9999])
def test_a_date_that_nobody_means_is_refused(year):
    """A date at the end of the calendar is a sentence, not a fault."""
    with pytest.raises(FieldRefusal):
        read_start(date(year, 1, 1), time(0), "Pacific/Kiritimati", now=LONG_AGO)


@given(
    st.dates(date(2026, 1, 2), date(2035, 12, 30)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from([NEW_YORK, "Europe/Paris", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]),
)
def test_the_instant_reads_as_what_was_typed_or_it_is_refused(day, at, zone):
    """No zone and no night bends a time silently."""
    wall = datetime.combine(day, at)
    if schedule.resolve(wall, ZoneInfo(zone))[1] is schedule.Resolution.GAP:
        with pytest.raises(FieldRefusal, match="does not exist"):
            read_start(day, at, zone, now=LONG_AGO)
        return
    start = read_start(day, at, zone, now=LONG_AGO)
    assert start.instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
