"""Business days: until when a mentor may answer, when they are reminded, and what a frozen clock keeps."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.calendar import (
    Calendar,
    Deadline,
    NoBusinessDay,
    days_left,
    deadline,
    reminders,
    resume,
)
from domain.schedule import UnknownZone, zone, zone_names

SAT_SUN, FRI_SAT, SUN = frozenset({5, 6}), frozenset({4, 5}), frozenset({6})
NEW_YORK, TORONTO, LOS_ANGELES = "America/New_York", "America/Toronto", "America/Los_Angeles"
PARIS = "Europe/Paris"

# accepted at, with its offset; zone; weekend; holidays; business days; ends at (UTC); last day as it is shown
VECTORS = [
    ("2026-03-02T10:00:00-05:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-06T05:00", "Thu 5 Mar"),
    ("2026-03-02T23:59:59-05:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-06T05:00", "Thu 5 Mar"),
    ("2026-03-03T00:00:00-05:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-07T05:00", "Fri 6 Mar"),
    ("2026-03-02T10:00:00-05:00", NEW_YORK, SAT_SUN, [], 1, "2026-03-04T05:00", "Tue 3 Mar"),
    ("2026-03-06T16:00:00-05:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-12T04:00", "Wed 11 Mar"),
    ("2026-03-07T12:00:00-05:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-12T04:00", "Wed 11 Mar"),
    ("2026-03-08T12:00:00-04:00", NEW_YORK, SAT_SUN, [], 3, "2026-03-12T04:00", "Wed 11 Mar"),
    ("2026-11-25T10:00:00-05:00", NEW_YORK, SAT_SUN, ["11-26"], 3, "2026-12-02T05:00", "Tue 1 Dec"),
    ("2026-11-25T10:00:00-05:00", NEW_YORK, SAT_SUN, ["11-26", "11-27"], 3, "2026-12-03T05:00", "Wed 2 Dec"),
    ("2026-12-24T09:00:00-05:00", TORONTO, SAT_SUN, ["12-25"], 3, "2026-12-31T05:00", "Wed 30 Dec"),
    ("2026-03-05T12:00:00+03:00", "Asia/Riyadh", FRI_SAT, [], 3, "2026-03-10T21:00", "Tue 10 Mar"),
    ("2026-10-22T09:00:00+02:00", PARIS, SAT_SUN, [], 3, "2026-10-27T23:00", "Tue 27 Oct"),
    ("2026-03-25T10:00:00+02:00", "Asia/Beirut", SUN, [], 3, "2026-03-28T22:00", "Sat 28 Mar"),
    ("2026-03-06T23:30:00+00:00", "Asia/Tokyo", SAT_SUN, [], 3, "2026-03-11T15:00", "Wed 11 Mar"),
    ("2026-03-06T23:30:00+00:00", PARIS, SAT_SUN, [], 3, "2026-03-11T23:00", "Wed 11 Mar"),
    ("2026-03-06T23:30:00+00:00", LOS_ANGELES, SAT_SUN, [], 3, "2026-03-12T07:00", "Wed 11 Mar"),
]

WORKWEEK = Calendar(SAT_SUN)
MONDAY = datetime.fromisoformat("2026-03-02T10:00-05:00")  # of the first vector, due Thu 5 March

ZONES = st.sampled_from(zone_names())
START = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
COUNTS = st.integers(1, 15)


@st.composite
def calendars(draw: st.DrawFn, around: datetime) -> Calendar:
    """Any weekend that leaves a day, and days off near *around*."""
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=6))
    off = draw(st.frozensets(st.integers(-5, 40), max_size=20))
    return Calendar(weekend, frozenset(around.date() + timedelta(days=n) for n in off))


# --- Deadlines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("accepted", "name", "weekend", "days_off", "count", "utc", "shown"), VECTORS)
def test_a_request_ends_with_its_last_business_day(
    accepted: str, name: str, weekend: frozenset[int], days_off: list[str], count: int, utc: str, shown: str
) -> None:
    """Each row of the reference table ends at its instant, and shows its last day."""
    calendar = Calendar(weekend, frozenset(date.fromisoformat(f"2026-{day}") for day in days_off))

    due = deadline(calendar, datetime.fromisoformat(accepted), days=count, zone=name)

    assert due.ends_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert due.ends_at.tzinfo is UTC
    assert f"{due.last_day:%a %-d %b}" == shown
    assert due.zone == name


@pytest.mark.parametrize(
    ("accepted", "hours"),
    [("2026-03-06T16:00-05:00", 127), ("2026-03-07T12:00-05:00", 107), ("2026-03-08T12:00-04:00", 84)],
)
def test_a_change_of_the_clocks_takes_an_hour(accepted: str, hours: int) -> None:
    """Over the night of 8 March, when New York loses an hour, the days stay and the time is shorter."""
    asked = datetime.fromisoformat(accepted)

    assert deadline(WORKWEEK, asked, days=3, zone=NEW_YORK).ends_at - asked == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("accepted", "name", "first"),
    [
        ("2026-03-27T10:00+00:00", "Asia/Beirut", "2026-03-29T01:00+03:00"),
        ("2026-03-27T10:00+00:00", "Atlantic/Azores", "2026-03-29T01:00+00:00"),
        ("2026-04-23T10:00+00:00", "Africa/Cairo", "2026-04-25T00:00+03:00"),
        ("2026-04-22T10:00+00:00", "Africa/Cairo", "2026-04-24T01:00+03:00"),
    ],
)
def test_a_day_without_midnight_begins_after_the_gap(accepted: str, name: str, first: str) -> None:
    """Where the clocks jump at midnight, the day before ends with the jump."""
    due = deadline(Calendar(frozenset()), datetime.fromisoformat(accepted), days=1, zone=name)

    assert due.ends_at == datetime.fromisoformat(first)


@given(st.data(), INSTANTS, COUNTS, ZONES)
def test_there_are_as_many_business_days_as_promised(
    data: st.DataObject, accepted_at: datetime, count: int, name: str
) -> None:
    """After the acceptance lie exactly so many whole business days of the zone, and the last one ends it."""
    calendar = data.draw(calendars(accepted_at))
    tz = zone(name)

    due = deadline(calendar, accepted_at, days=count, zone=name)

    accepted = accepted_at.astimezone(tz).date()
    between = [accepted + timedelta(days=n) for n in range(1, (due.last_day - accepted).days + 1)]
    assert due.ends_at > accepted_at
    assert sum(map(calendar.is_business_day, between)) == count
    assert calendar.is_business_day(due.last_day)
    assert due.ends_at.astimezone(tz).date() == due.last_day + timedelta(days=1)
    assert (due.ends_at - timedelta(microseconds=1)).astimezone(tz).date() == due.last_day


@given(st.data(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=20)), COUNTS, ZONES)
def test_who_is_asked_later_has_no_less_time(
    data: st.DataObject, first: datetime, later: timedelta, count: int, name: str
) -> None:
    """In one zone, a later acceptance never gives an earlier deadline."""
    calendar = data.draw(calendars(first))

    assert (
        deadline(calendar, first, days=count, zone=name).ends_at
        <= deadline(calendar, first + later, days=count, zone=name).ends_at
    )


def test_a_calendar_without_business_days_is_refused() -> None:
    """Counting ends after a year, and says what to change."""
    year = frozenset(date(2026, 3, 3) + timedelta(days=n) for n in range(366))
    for calendar in (Calendar(frozenset(range(7))), Calendar(frozenset(), year)):
        for rule in (deadline, reminders):
            with pytest.raises(NoBusinessDay, match="no working day within a year"):
                rule(calendar, MONDAY, days=1, zone=NEW_YORK)

    almost = Calendar(frozenset(), year - {date(2027, 3, 3)})
    assert deadline(almost, MONDAY, days=1, zone=NEW_YORK).last_day == date(2027, 3, 3)


def test_many_business_days_may_take_years() -> None:
    """A year is how far the next business day may be, not all of them."""
    mondays = Calendar(frozenset({1, 2, 3, 4, 5, 6}))

    assert deadline(mondays, MONDAY, days=104, zone=NEW_YORK).last_day == date(2028, 2, 28)


def test_a_zone_is_one_of_the_list() -> None:
    """Each rule refuses a zone that nobody knows."""
    for rule in (deadline, reminders):
        with pytest.raises(UnknownZone):
            rule(WORKWEEK, MONDAY, days=3, zone="Mars/Olympus")
    with pytest.raises(UnknownZone):
        days_left(WORKWEEK, off_at=MONDAY, last_day=date(2026, 3, 5), zone="Mars/Olympus")


# --- Reminders -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "name", "count", "expected"),
    [
        ("2026-03-02T10:00-05:00", NEW_YORK, 3, ["2026-03-03T09:30-05:00", "2026-03-05T09:30-05:00"]),
        ("2026-03-02T10:00-05:00", NEW_YORK, 2, ["2026-03-03T09:30-05:00", "2026-03-04T09:30-05:00"]),
        ("2026-03-02T10:00-05:00", NEW_YORK, 1, ["2026-03-03T09:30-05:00"]),
        ("2026-03-06T16:00-05:00", NEW_YORK, 3, ["2026-03-09T09:30-04:00", "2026-03-11T09:30-04:00"]),
        ("2026-03-06T23:30+00:00", "Asia/Tokyo", 3, ["2026-03-09T09:30+09:00", "2026-03-11T09:30+09:00"]),
    ],
)
def test_mentors_are_reminded_on_the_first_and_the_last_day(
    accepted: str, name: str, count: int, expected: list[str]
) -> None:
    """At 9:30 on their wall; once where the first day is the last."""
    due = reminders(WORKWEEK, datetime.fromisoformat(accepted), days=count, zone=name)

    assert due == tuple(map(datetime.fromisoformat, expected))
    assert all(at.tzinfo is UTC for at in due)


@given(st.data(), INSTANTS, COUNTS, ZONES)
def test_reminders_come_while_there_is_time(
    data: st.DataObject, accepted_at: datetime, count: int, name: str
) -> None:
    """After the acceptance and before the deadline, in order, at 9:30 on business days only."""
    calendar = data.draw(calendars(accepted_at))

    due = reminders(calendar, accepted_at, days=count, zone=name)

    assert accepted_at < due[0] <= due[-1] < deadline(calendar, accepted_at, days=count, zone=name).ends_at
    assert len(due) == len(set(due)) == min(count, 2)
    for at in due:
        wall = at.astimezone(zone(name))
        assert wall.time() == time(9, 30)
        assert calendar.is_business_day(wall.date())


# --- A stopped clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "left", "on", "last_day", "utc"),
    [
        ("2026-03-03T15:00-05:00", 2, "2026-03-09T09:00-04:00", "2026-03-11", "2026-03-12T04:00"),
        ("2026-03-05T12:00-05:00", 1, "2026-03-06T09:00-05:00", "2026-03-09", "2026-03-10T04:00"),
        ("2026-03-02T11:00-05:00", 3, "2026-03-02T12:00-05:00", "2026-03-05", "2026-03-06T05:00"),
    ],
)
def test_a_frozen_request_keeps_its_days(off: str, left: int, on: str, last_day: str, utc: str) -> None:
    """What was left when matching went off is what is left when it comes back."""
    due = deadline(WORKWEEK, MONDAY, days=3, zone=NEW_YORK)

    kept = days_left(WORKWEEK, off_at=datetime.fromisoformat(off), last_day=due.last_day, zone=NEW_YORK)

    assert kept == left
    assert resume(WORKWEEK, datetime.fromisoformat(on), left=kept, zone=NEW_YORK) == Deadline(
        date.fromisoformat(last_day), datetime.fromisoformat(utc).replace(tzinfo=UTC), NEW_YORK
    )


def test_days_left_are_days_of_the_responder() -> None:
    """Late on Monday in New York is Tuesday in Paris, where one day fewer is left."""
    late, last_day = datetime.fromisoformat("2026-03-02T23:30-05:00"), date(2026, 3, 5)

    assert days_left(WORKWEEK, off_at=late, last_day=last_day, zone=NEW_YORK) == 3
    assert days_left(WORKWEEK, off_at=late, last_day=last_day, zone=PARIS) == 2


def test_a_day_is_left_after_the_last_day() -> None:
    """Matching goes off after the deadline, but before the job that ends the request: one day is left."""
    off = datetime.fromisoformat("2026-03-10T12:00-04:00")

    assert days_left(WORKWEEK, off_at=off, last_day=date(2026, 3, 5), zone=NEW_YORK) == 1


@given(st.data(), INSTANTS, COUNTS, st.timedeltas(timedelta(0), timedelta(days=40)), ZONES)
def test_freezing_for_a_moment_moves_no_deadline(
    data: st.DataObject, accepted_at: datetime, count: int, passed: timedelta, name: str
) -> None:
    """Off and on again at once, before the last day: the same deadline."""
    calendar = data.draw(calendars(accepted_at))
    due = deadline(calendar, accepted_at, days=count, zone=name)
    now = accepted_at + passed
    assume(now.astimezone(zone(name)).date() < due.last_day)

    left = days_left(calendar, off_at=now, last_day=due.last_day, zone=name)

    assert 1 <= left <= count
    assert resume(calendar, now, left=left, zone=name) == due
