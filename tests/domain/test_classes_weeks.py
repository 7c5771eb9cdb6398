"""4.4: skipping, make-up lessons, and how many lessons a week has."""

from datetime import UTC, datetime, timedelta

from domain.classes import Attending
from domain.classes_weeks import bounds, in_time, no_room, week_of

TORONTO = "America/Toronto"
START = datetime(2026, 10, 6, 22, tzinfo=UTC)  # Tue 18:00 in Toronto
REGISTERED, SKIPPED, LATE = Attending.REGISTERED, Attending.SKIPPED, Attending.LATE_CANCELLED


def test_exactly_twelve_hours_before_is_in_time() -> None:
    """12 h counts, a second less does not; with 0 hours, until it begins."""
    assert in_time(START, START - timedelta(hours=12), 12)
    assert not in_time(START, START - timedelta(hours=12) + timedelta(seconds=1), 12)
    assert in_time(START, START, 0)


def test_a_third_lesson_of_two_a_week_is_refused() -> None:
    """The sentence says how many lessons there are."""
    assert no_room(2, [REGISTERED, REGISTERED]) == "You have 2 lessons this week. Skip one first."
    assert no_room(1, [REGISTERED]) == "You have 1 lesson this week. Skip one first."
    assert no_room(2, [REGISTERED, Attending.ATTENDED, SKIPPED]) == (
        "You have 2 lessons this week. Skip one first."
    )


def test_a_skipped_or_cancelled_lesson_leaves_room_for_one() -> None:
    """What was skipped in time, or given back, is no lesson; an offer of a waitlist is none either."""
    assert no_room(2, [REGISTERED, SKIPPED]) is None
    assert no_room(2, [REGISTERED, Attending.REMOVED]) is None
    assert no_room(2, [REGISTERED, Attending.OFFERED]) is None


def test_a_lesson_cancelled_late_counts_as_used() -> None:
    """And says so, if it is what stands in the way."""
    assert no_room(2, [REGISTERED, LATE]) == "This one was cancelled late and counts as used."
    assert no_room(1, [REGISTERED, LATE]) == "You have 2 lessons this week. Skip one first."


def test_sunday_night_and_monday_are_two_weeks_of_the_zone() -> None:
    """Sun 23:30 and Mon 00:30 lie an hour apart and in two weeks, although UTC has Monday for both."""
    sunday, monday = datetime(2026, 10, 12, 3, 30, tzinfo=UTC), datetime(2026, 10, 12, 4, 30, tzinfo=UTC)
    assert week_of(sunday, TORONTO) == (2026, 41)
    assert week_of(monday, TORONTO) == (2026, 42)
    assert bounds(sunday, TORONTO)[1] == bounds(monday, TORONTO)[0] == datetime(2026, 10, 12, 4, tzinfo=UTC)


def test_the_week_of_the_clock_change_is_an_hour_longer() -> None:
    """Its bounds are midnights on the wall."""
    begin, end = bounds(datetime(2026, 10, 28, 12, tzinfo=UTC), TORONTO)
    assert end - begin == timedelta(days=7, hours=1)
