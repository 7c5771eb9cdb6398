"""The dates of weekly classes: 4.1 of the rules, row by row, and what holds for any term."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain import classes_dates
from domain.classes_dates import Days, Weekly, dates, falls_out, none_lies, overlap, weeks_of, window

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TORONTO = "America/Toronto"
AUTUMN = Days(date(2026, 9, 7), date(2026, 12, 18), TORONTO)
EVENING = 18 * 60
TUESDAY = Weekly(TUE, EVENING)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def bought(local: str, weeks: int = 10) -> list[date]:
    """The Tuesdays that are left to somebody who buys at this time in Toronto."""
    now = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(TORONTO)).astimezone(UTC)
    begin, until = window(AUTUMN, weeks, now)
    return [day for day, start in dates(TUESDAY, AUTUMN) if begin <= start < until]


def test_a_class_keeps_its_time_on_the_wall_all_year():
    """15 Tuesdays at 18:00: 22:00Z until the clocks change, 23:00Z from then on."""
    found = dates(TUESDAY, AUTUMN)
    by_day = dict(found)

    assert len(found) == 15
    assert (found[0][0], found[-1][0]) == (date(2026, 9, 8), date(2026, 12, 15))
    assert by_day[date(2026, 10, 27)] == at("2026-10-27T22:00")
    assert by_day[date(2026, 11, 3)] == at("2026-11-03T23:00")


def test_days_without_classes_have_none():
    """15 Mondays but Labour Day and Thanksgiving."""
    closed = Days(
        AUTUMN.starts_on, AUTUMN.ends_on, TORONTO, frozenset({date(2026, 9, 7), date(2026, 10, 12)})
    )
    found = [day for day, _ in dates(Weekly(MON, EVENING), closed)]

    assert len(dates(Weekly(MON, EVENING), AUTUMN)) == 15
    assert len(found) == 13
    assert found[0] == date(2026, 9, 14)
    assert date(2026, 10, 12) not in found


def test_who_buys_late_has_fewer_dates_in_the_same_window():
    """The window ends on Sunday 15 November whenever it is bought; a class that has begun is not in it."""
    assert bought("2026-09-01T12:00") == [date(2026, 9, 8) + timedelta(weeks=n) for n in range(10)]
    assert bought("2026-10-01T12:00")[0] == date(2026, 10, 6)
    assert len(bought("2026-10-01T12:00")) == 6
    assert len(bought("2026-10-06T17:59:59")) == 6
    assert bought("2026-10-06T18:00:01") == bought("2026-10-13T17:00")
    assert len(bought("2026-10-06T18:00:01")) == 5
    assert bought("2026-11-20T12:00") == []


def test_a_window_ends_with_the_term():
    """30 weeks of a term with 15."""
    assert weeks_of(AUTUMN) == 15
    assert len(bought("2026-09-01T12:00", 30)) == 15
    assert window(AUTUMN, 30, at("2026-09-01T16:00"))[1] == at("2026-12-19T05:00")
    assert window(AUTUMN, 10, at("2026-09-01T16:00")) == (at("2026-09-07T04:00"), at("2026-11-16T05:00"))


def test_a_term_may_begin_in_the_middle_of_a_week():
    """From a Wednesday: Tuesdays begin a week later, Wednesdays on the first day; 10 days are 2 weeks."""
    term = Days(date(2026, 9, 9), date(2026, 9, 18), TORONTO)

    assert [day for day, _ in dates(TUESDAY, term)] == [date(2026, 9, 15)]
    assert [day for day, _ in dates(Weekly(WED, 600), term)] == [date(2026, 9, 9), date(2026, 9, 16)]
    assert [day for day, _ in dates(Weekly(FRI, 600), term)] == [date(2026, 9, 11), date(2026, 9, 18)]
    assert weeks_of(term) == 2
    # a week of such a term lasts until the Tuesday after
    assert window(term, 1, at("2026-09-01T16:00"))[1] == at("2026-09-16T04:00")


def test_a_day_that_never_comes_is_named():
    """A Saturday in a term from Monday to Friday."""
    week = Days(date(2026, 9, 7), date(2026, 9, 11), TORONTO)

    assert dates(Weekly(SAT, 600), week) == []
    assert none_lies(SAT) == "No Saturday lies in this session."
    assert none_lies(MON) == "No Monday lies in this session."


def test_a_time_that_the_clocks_skip_or_repeat():
    """02:30 in March is the first instant after the gap, 01:30 in November the first of the two."""
    spring = Days(date(2026, 3, 2), date(2026, 3, 15), TORONTO)
    autumn = Days(date(2026, 10, 26), date(2026, 11, 8), TORONTO)
    lord_howe = Days(date(2026, 10, 4), date(2026, 10, 4), "Australia/Lord_Howe")

    assert [start for _, start in dates(Weekly(SUN, 150), spring)] == [
        at("2026-03-08T07:00"), at("2026-03-15T06:30")
    ]  # fmt: skip
    assert [start for _, start in dates(Weekly(SUN, 90), autumn)] == [
        at("2026-11-01T05:30"), at("2026-11-08T06:30")
    ]  # fmt: skip
    # a jump of half an hour, from 02:00 to 02:30
    assert dates(Weekly(SUN, 135), lord_howe)[0][1] == at("2026-10-03T15:30")


def test_a_class_is_called_by_type_day_and_time():
    """As the buttons and messages have it."""
    assert classes_dates.title("Yoga", TUE, EVENING) == "Yoga · Tue 18:00"
    assert classes_dates.title("Judo", SUN, 9 * 60 + 5) == "Judo · Sun 09:05"


def test_classes_overlap_but_do_not_touch():
    """Also from Sunday night to Monday."""
    cases = [
        (Weekly(TUE, 1080), 60, Weekly(TUE, 1140), 60, False),
        (Weekly(TUE, 1080), 60, Weekly(TUE, 1110), 60, True),
        (Weekly(TUE, 1110), 60, Weekly(TUE, 1080), 60, True),
        (Weekly(TUE, 1080), 60, Weekly(TUE, 1080), 1, True),
        (Weekly(TUE, 1080), 60, Weekly(WED, 1080), 60, False),
        (Weekly(SUN, 1410), 60, Weekly(MON, 0), 30, True),
        (Weekly(MON, 0), 30, Weekly(SUN, 1410), 30, False),
    ]
    for one, minutes, other, others, expected in cases:
        assert overlap(one, minutes, other, others) is expected, (one, other)
        assert overlap(other, others, one, minutes) is expected, (other, one)


def test_what_falls_out_of_a_term_that_has_other_days():
    """Days outside and new days without classes, but not those that were without before."""
    was = Days(date(2026, 9, 7), date(2026, 9, 30), TORONTO, frozenset({date(2026, 9, 8)}))
    now = Days(date(2026, 9, 7), date(2026, 9, 20), TORONTO, frozenset({date(2026, 9, 8), date(2026, 9, 9)}))
    days = [date(2026, 9, day) for day in (8, 9, 10, 20, 21)]

    assert [falls_out(day, was, now) for day in days] == [False, True, False, False, True]


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.integers(0, 365),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.sampled_from([TORONTO, "Europe/Paris", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"]),
    st.integers(1, 52),
)
def test_every_such_day_of_a_term_has_one_date(start, length, weekday, minute, zone, weeks):
    """Counted day by day; each on its own local day, in order, and windows end on a local midnight."""
    term = Days(start, start + timedelta(days=length), zone)
    found = dates(Weekly(weekday, minute), term)

    days = [start + timedelta(days=n) for n in range(length + 1)]
    assert [day for day, _ in found] == [day for day in days if day.weekday() == weekday]
    for day, begins in found:
        wall = begins.astimezone(ZoneInfo(zone))
        assert wall.date() == day
        assert (wall.hour * 60 + wall.minute == minute) or wall.utcoffset() != (
            begins - timedelta(seconds=1)
        ).astimezone(ZoneInfo(zone)).utcoffset()
    assert [begins for _, begins in found] == sorted(begins for _, begins in found)
    assert weeks_of(term) == len(range(0, length + 1, 7))
    until = window(term, weeks, at("2019-01-01T00:00"))[1]
    inside = [day for day, begins in found if begins < until]
    assert inside == [day for day, _ in found if day < start + timedelta(weeks=weeks)]
