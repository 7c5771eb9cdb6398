"""Times that suit a group, and the link that puts one into a calendar."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.meetings import AHEAD, LONGEST_LINK, MEETING, NOTICE, calendar_link, common_times

WEDNESDAY = datetime(2027, 3, 17, 8, tzinfo=UTC)
ZONES = ["Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Australia/Lord_Howe", "Etc/UTC"]


@given(
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=8),
    after=st.datetimes(datetime(2027, 1, 1), datetime(2028, 1, 1)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_a_time_is_in_everybodys_working_hours(zones: list[str], after: datetime) -> None:
    """Between nine and five on a weekday, wherever somebody is; soon, but not at once, and no day twice."""
    found = common_times(zones, after=after)

    assert len(found) <= 3
    assert found == sorted(found)
    assert len({start.astimezone(ZoneInfo(sorted(set(zones))[0])).date() for start in found}) == len(found)
    for start in found:
        assert after + NOTICE <= start <= after + AHEAD
        for zone in zones:
            local, end = (moment.astimezone(ZoneInfo(zone)) for moment in (start, start + MEETING))
            assert local.weekday() < 5
            assert time(9) <= local.time()
            assert end.time() <= time(17)


@pytest.mark.parametrize(
    ("zones", "days"),
    [
        (["Europe/Paris"], [18, 19, 22]),
        (["Europe/Paris", "America/New_York"], [18, 19, 22]),
        (["Europe/Paris", "Nowhere/Land"], [18, 19, 22]),  # whose zone is unknown is met halfway
        (["Asia/Tokyo", "America/New_York"], []),
        ([], []),
    ],
)
def test_the_next_working_days_are_offered(zones: list[str], days: list[int]) -> None:
    """Three days in a row, over the weekend; none where nobody is at work at the same time."""
    assert [start.day for start in common_times(zones, after=WEDNESDAY)] == days


def test_a_morning_and_an_afternoon_are_offered() -> None:
    """The three times differ, so that one of them may suit."""
    local = [
        start.astimezone(ZoneInfo("Europe/Paris"))
        for start in common_times(["Europe/Paris"], after=WEDNESDAY)
    ]

    assert [f"{start:%H:%M}" for start in local] == ["11:00", "15:00", "09:30"]


@given(title=st.text(max_size=4000))
def test_a_link_is_escaped_and_fits(title: str) -> None:
    """Whatever a program and its people are called, the link has three parameters and Slack takes it."""
    link = calendar_link(title, WEDNESDAY)
    query = parse_qs(urlsplit(link).query, keep_blank_values=True)

    assert len(link) <= LONGEST_LINK
    assert link.isascii()
    assert set(query) == {"action", "text", "dates"}
    assert query["dates"] == ["20270317T080000Z/20270317T083000Z"]
    assert urlsplit(link).netloc == "calendar.google.com"


def test_a_meeting_lasts_half_an_hour() -> None:
    """What the link says is what was checked against working hours."""
    assert timedelta(minutes=30) == MEETING
