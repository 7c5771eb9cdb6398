"""When participants are reminded: by offsets, not right after the booking, and never by text at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.hosted import Channel, Clocks, Stage, next_event
from domain.hosted_reminders import BOOKED, QUIET, Overdue, newest, night_ends, wanted

START = datetime(2026, 3, 3, 20, tzinfo=UTC)
OFFSETS = [1440, 60, 10]
BOOKINGS = [
    ("2026-03-01T10:00", ["2026-03-02T20:00", "2026-03-03T19:00", "2026-03-03T19:50"]),
    ("2026-03-03T18:00", ["2026-03-03T19:00", "2026-03-03T19:50"]),
    ("2026-03-03T18:55", ["2026-03-03T19:00", "2026-03-03T19:50"]),
    ("2026-03-03T18:57", ["2026-03-03T19:50"]),
    ("2026-03-03T19:48", []),
    ("2026-03-03T20:00", []),
]
ZONES = ["America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def planned(starts_at=START, offsets=OFFSETS, booked="2026-03-01T10:00", **more):
    """The reminders of somebody in Paris."""
    how = {"channel": Channel.EMAIL, "zone": "Europe/Paris", "quiet": True, **more}
    return wanted(starts_at, offsets, booked=at(booked), **how)


def test_offsets_are_counted_back_from_the_start_and_none_comes_right_after_the_booking():
    """The rows for each time of booking; five minutes are the least."""
    for booked, rows in BOOKINGS:
        assert [one.due_at for one in planned(booked=booked)] == [at(row) for row in rows], booked


def test_who_is_not_invited_is_not_reminded():
    """No channel, no rows."""
    assert planned(channel=Channel.NONE) == []


def test_texts_of_the_night_go_out_at_five_to_nine_the_evening_before():
    """From 21:00 until 08:00 of whoever gets them; at 20:59 and 08:00 they are not moved."""
    start = at("2026-03-04T09:00")  # 10:00 in Paris
    cases = [  # minutes before, and when it goes out
        (60, "2026-03-04T08:00"),
        (120, "2026-03-04T07:00"),  # 08:00 in Paris
        (121, "2026-03-03T19:55"),  # 07:59
        (600, "2026-03-03T19:55"),  # midnight
        (780, "2026-03-03T19:55"),  # 21:00
        (781, "2026-03-03T19:59"),  # 20:59
    ]
    for before, due in cases:
        (found,) = planned(start, [before], channel=Channel.TEXT)
        assert (found.due_at, found.skipped) == (at(due), ""), before
        (mail,) = planned(start, [before])
        (loud,) = planned(start, [before], channel=Channel.TEXT, quiet=False)
        assert mail.due_at == loud.due_at == start - timedelta(minutes=before)


def test_a_text_of_the_night_is_skipped_if_its_evening_was_before_the_booking():
    """Booked at 22:00 for 07:30: the reminder of 06:30 has nowhere to go."""
    (found,) = planned(at("2026-03-04T06:30"), [60], booked="2026-03-03T21:00", channel=Channel.TEXT)

    assert found.skipped == QUIET


def test_the_night_ends_at_eight_of_the_reader_also_when_clocks_change():
    """The morning of 8 March in New York comes an hour earlier."""
    assert night_ends(at("2026-03-08T02:30"), "America/New_York") == at("2026-03-08T12:00")
    assert night_ends(at("2026-03-07T02:30"), "America/New_York") == at("2026-03-07T13:00")
    assert night_ends(at("2026-03-07T13:00"), "America/New_York") is None
    assert night_ends(at("2026-03-08T00:59"), "America/New_York") is None


def test_of_several_that_are_late_the_last_one_goes_out():
    """The one that was to come last; of two for one moment, the one nearer to the start."""
    rows = [Overdue(1, 1440, START), Overdue(2, 60, START), Overdue(3, 2880, START - timedelta(hours=1))]

    assert newest(rows).id == 2


@given(
    st.integers(0, 700 * 1440).map(lambda minutes: at("2026-01-03") + timedelta(minutes=minutes)),
    st.lists(st.integers(1, 3000), max_size=5),
    st.integers(-10, 4000),
    st.sampled_from(ZONES),
)
def test_no_text_goes_out_at_night_and_nothing_before_its_time_but_for_the_night(start, offsets, ahead, zone):
    """For every zone, over every change of the clocks."""
    booked = start - timedelta(minutes=ahead)
    for one in wanted(start, offsets, booked=booked, channel=Channel.TEXT, zone=zone, quiet=True):
        plain = start - timedelta(minutes=one.before)
        assert one.due_at <= plain
        assert one.due_at >= booked + BOOKED
        if not one.skipped:
            wall = one.due_at.astimezone(ZoneInfo(zone))
            assert 8 <= wall.hour < 21
            if one.due_at != plain:
                assert (wall.hour, wall.minute) == (20, 55)
                assert plain - one.due_at < timedelta(hours=12, minutes=10)


def test_what_time_does_next_is_the_first_of_all_that_it_will():
    """A session opens, ends, and lets its codes go; each state has its own next instant."""
    minute = timedelta(minutes=1)

    def after(stage: Stage, **more: object) -> datetime | None:
        facts = {"asked": True, "nudged": False, "coded": True, **more}
        return next_event(Clocks(stage, START, 50, **facts))  # type: ignore[arg-type]

    assert after(Stage.SCHEDULED) == START - 15 * minute
    assert after(Stage.SCHEDULED, asked=False) == START - 120 * minute
    assert after(Stage.SCHEDULED, waiting_since=START - 200 * minute) == START - 170 * minute
    assert after(Stage.LIVE) == START + 50 * minute
    assert after(Stage.LIVE, waiting_since=START) == START + 30 * minute
    assert after(Stage.DONE) == after(Stage.MISSED) == START + 170 * minute
    assert after(Stage.CANCELLED, over_at=START - 60 * minute) == START - 50 * minute
    assert after(Stage.CANCELLED, over_at=START, coded=False) is None
    assert after(Stage.REQUESTED) == START - 1440 * minute
