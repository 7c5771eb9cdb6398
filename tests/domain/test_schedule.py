"""Recurrence: 09:00 stays 09:00 all year, and a wall time that does not exist is moved, never lost."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.schedule import (
    HORIZON,
    Resolution,
    Series,
    UnknownZone,
    find_zones,
    may_still_open,
    plan,
    resolve,
    walls,
    zone,
    zone_names,
)

PLAIN, GAP, OVERLAP = Resolution.PLAIN, Resolution.GAP, Resolution.OVERLAP

# zone; anchor, time, weeks; number; resolved local time; UTC; kind (tz database 2026f)
VECTORS = [
    ("Europe/Paris", "2027-03-15 09:00", 2, 0, "2027-03-15T09:00+01:00", "2027-03-15T08:00", PLAIN),
    ("Europe/Paris", "2027-03-15 09:00", 2, 1, "2027-03-29T09:00+02:00", "2027-03-29T07:00", PLAIN),
    ("Europe/Paris", "2027-03-14 02:30", 2, 1, "2027-03-28T03:30+02:00", "2027-03-28T01:30", GAP),
    ("Europe/Paris", "2027-03-14 02:30", 2, 2, "2027-04-11T02:30+02:00", "2027-04-11T00:30", PLAIN),
    ("Europe/Paris", "2027-10-17 02:30", 2, 1, "2027-10-31T02:30+02:00", "2027-10-31T00:30", OVERLAP),
    ("Europe/Dublin", "2027-03-14 01:30", 2, 1, "2027-03-28T02:30+01:00", "2027-03-28T01:30", GAP),
    ("America/New_York", "2027-02-28 02:30", 2, 1, "2027-03-14T03:30-04:00", "2027-03-14T07:30", GAP),
    ("America/New_York", "2027-10-31 01:30", 1, 1, "2027-11-07T01:30-04:00", "2027-11-07T05:30", OVERLAP),
    ("Australia/Lord_Howe", "2027-09-26 02:15", 1, 1, "2027-10-03T02:45+11:00", "2027-10-02T15:45", GAP),
    ("Australia/Lord_Howe", "2027-03-28 01:45", 1, 1, "2027-04-04T01:45+11:00", "2027-04-03T14:45", OVERLAP),
    ("Asia/Beirut", "2027-03-21 00:00", 1, 1, "2027-03-28T01:00+03:00", "2027-03-27T22:00", GAP),
    ("America/Nuuk", "2027-03-20 23:30", 1, 1, "2027-03-28T00:30-01:00", "2027-03-28T01:30", GAP),
    ("Africa/Casablanca", "2027-01-25 09:00", 2, 1, "2027-02-08T09:00+00:00", "2027-02-08T09:00", PLAIN),
    ("Asia/Kathmandu", "2027-03-15 09:00", 4, 1, "2027-04-12T09:00+05:45", "2027-04-12T03:15", PLAIN),
    ("America/Sao_Paulo", "2027-10-11 09:00", 3, 1, "2027-11-01T09:00-03:00", "2027-11-01T12:00", PLAIN),
    ("Pacific/Apia", "2011-12-23 09:00", 1, 1, "2011-12-31T09:00+14:00", "2011-12-30T19:00", GAP),
]

ZONES = st.sampled_from(zone_names())
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
WEEKS = st.integers(1, 4)


def a_series(zone: str, anchor: str, weeks: int, **more: object) -> Series:
    """A series whose opt-in and anchor are the same moment, matched six days later."""
    at = datetime.fromisoformat(anchor)
    return Series(
        **{  # type: ignore[arg-type]
            "anchor": at.date(),
            "weeks": weeks,
            "zone": zone,
            "opt_in_time": at.time(),
            "match_days": 6,
            "match_time": time(10),
            **more,
        }
    )


@pytest.mark.parametrize(("name", "anchor", "weeks", "number", "local", "utc", "how"), VECTORS)
def test_a_date_is_resolved_as_measured(
    name: str, anchor: str, weeks: int, number: int, local: str, utc: str, how: Resolution
) -> None:
    """Each occurrence of the reference table falls on its instant, and shows its local time."""
    (planned,) = plan(a_series(name, anchor, weeks), from_number=number, count=1)

    assert planned.number == number
    assert planned.opt_in_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert planned.opt_in_at.astimezone(zone(name)).isoformat(timespec="minutes") == local
    assert planned.opt_in_wall is not None
    assert resolve(planned.opt_in_wall, zone(name))[1] is how


def test_the_matching_keeps_its_distance_in_local_days() -> None:
    """Seven days and an hour by the clocks are 168 hours when an hour is skipped between them."""
    series = a_series("Europe/Paris", "2027-03-26 09:00", 2, match_days=7)

    (planned,) = plan(series, from_number=0, count=1)

    assert planned.opt_in_at == datetime(2027, 3, 26, 8, tzinfo=UTC)
    assert planned.match_at == datetime(2027, 4, 2, 8, tzinfo=UTC)
    assert planned.match_at - planned.opens_at == timedelta(hours=168)


@pytest.mark.parametrize("weeks", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("name", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe"])
def test_the_local_time_never_moves(name: str, weeks: int) -> None:
    """Over two years, and every change of the clocks, opt-in and matching keep their local time."""
    series = a_series(name, "2027-01-04 09:00", weeks, match_time=time(17, 30))

    planned = plan(series, from_number=0, count=104 // weeks if weeks else 6)

    assert len(planned) == (104 // weeks if weeks else 1)
    offsets = set()
    for one in planned:
        asked, matched = one.opens_at.astimezone(zone(name)), one.match_at.astimezone(zone(name))
        assert asked.date() == date(2027, 1, 4) + timedelta(weeks=weeks * one.number)
        assert asked.time() == time(9)
        assert matched.date() == asked.date() + timedelta(days=6)
        assert matched.time() == time(17, 30)
        offsets.add(asked.utcoffset())
    assert len(offsets) == (2 if weeks else 1)  # the clocks did change meanwhile


@given(name=ZONES, anchor=DAYS, at=TIMES, weeks=WEEKS)
def test_later_occurrences_are_later(name: str, anchor: date, at: time, weeks: int) -> None:
    """Numbers and instants of a series grow strictly, in every zone."""
    planned = plan(Series(anchor, weeks, name, at, 6, at), from_number=0, count=30)

    assert [one.number for one in planned] == list(range(30))
    for one, following in pairwise(planned):
        assert one.opens_at < following.opens_at
        assert one.match_at < following.match_at


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The instants from 2020 to 2040 at which the clocks of a zone change."""
    tz, found = zone(name), []
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=5 * n) for n in range(1534)]
    for early, late in pairwise(days):
        if early.astimezone(tz).utcoffset() == late.astimezone(tz).utcoffset():
            continue
        minutes = range(int((late - early) / timedelta(minutes=1)) + 1)
        old = early.astimezone(tz).utcoffset()

        def changed(minute: int, early: datetime = early, old: timedelta | None = old) -> bool:
            return (early + timedelta(minutes=minute)).astimezone(tz).utcoffset() != old

        found.append(early + timedelta(minutes=bisect_left(minutes, True, key=changed)))
    return tuple(found)


@st.composite
def moments_near_a_change(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and a wall time within two hours of a change of its clocks."""
    name = draw(st.sampled_from([name for name in SOME_ZONES if changes(name)]))
    change = draw(st.sampled_from(changes(name)))
    before = (change - timedelta(hours=6)).astimezone(zone(name))
    offset = before.utcoffset()
    assert offset is not None
    wall = (change + offset).replace(tzinfo=None) + timedelta(minutes=draw(st.integers(-120, 120)))
    return name, wall


SOME_ZONES = (
    "Europe/Paris", "Europe/Dublin", "America/New_York", "America/Nuuk", "America/Havana", "America/Santiago",
    "Australia/Lord_Howe", "Asia/Beirut", "Asia/Gaza", "Africa/Cairo", "Africa/Casablanca", "Pacific/Easter",
    "Pacific/Chatham", "Antarctica/Troll", "America/St_Johns", "Asia/Jerusalem", "Atlantic/Azores",
)  # fmt: skip


@given(moments_near_a_change() | st.tuples(ZONES, st.builds(datetime.combine, DAYS, TIMES)))
def test_a_wall_time_is_kept_or_moved_forward(moment: tuple[str, datetime]) -> None:
    """Except in gaps an instant shows the wall time it came from; in a gap it shows a later one."""
    name, wall = moment
    instant, how = resolve(wall, zone(name))
    shown = instant.astimezone(zone(name)).replace(tzinfo=None)

    assert (shown > wall) if how is GAP else (shown == wall)


@given(moments_near_a_change())
def test_a_changed_clock_never_makes_it_early(moment: tuple[str, datetime]) -> None:
    """In a gap or an overlap, the offset that was valid before the change decides."""
    name, wall = moment
    instant, how = resolve(wall, zone(name))
    assume(how is not PLAIN)
    before = (instant - timedelta(hours=6)).astimezone(zone(name)).utcoffset()
    assert before is not None

    assert instant == (wall - before).replace(tzinfo=UTC)


@given(moments_near_a_change())
def test_the_first_of_two_counts(moment: tuple[str, datetime]) -> None:
    """No earlier instant of the same day shows the same wall time."""
    name, wall = moment
    instant, _ = resolve(wall, zone(name))

    for minutes in (30, 60, 120):
        earlier = (instant - timedelta(minutes=minutes)).astimezone(zone(name))
        assert earlier.replace(tzinfo=None) != wall


@given(anchor=DAYS, at=TIMES, weeks=WEEKS, split=st.integers(0, 12))
def test_a_range_may_be_split_anywhere(anchor: date, at: time, weeks: int, split: int) -> None:
    """Planning twelve at once, or some now and the rest later, gives the same list."""
    start = datetime.combine(anchor, at)
    whole = walls(anchor, at, weeks, start, 12)
    first = walls(anchor, at, weeks, start, split)
    after = first[-1][1] + timedelta(minutes=1) if first else start

    assert first + walls(anchor, at, weeks, after, 12 - split) == whole


@given(name=ZONES, anchor=DAYS, at=TIMES, weeks=WEEKS, number=st.integers(0, 60))
def test_an_occurrence_does_not_depend_on_what_was_planned_before(
    name: str, anchor: date, at: time, weeks: int, number: int
) -> None:
    """Occurrence i is the same whether the series is planned from its start or from i."""
    series = Series(anchor, weeks, name, at, 3, at, first_number=5)

    (alone,) = plan(series, from_number=5 + number, count=1)
    whole = plan(series, from_number=0, count=number + 1)

    assert alone == whole[-1]
    assert alone.number == 5 + number
    assert alone.opt_in_wall == datetime.combine(anchor + timedelta(weeks=weeks * number), at)


def test_one_time_only_happens_once() -> None:
    """Without a repeat there is one occurrence, and none after it."""
    series = a_series("Europe/Paris", "2027-03-15 09:00", 0)

    assert [one.number for one in plan(series, from_number=0, count=HORIZON)] == [0]
    assert plan(series, from_number=1, count=HORIZON) == []
    assert plan(series, from_number=0, count=0) == []


def test_without_a_question_the_matching_is_the_start() -> None:
    """Where nobody is asked first, work begins at the matching, on the anchor's date."""
    series = Series(date(2027, 3, 15), 1, "Europe/Paris", None, 0, time(9))

    first, second = plan(series, from_number=0, count=2)

    assert (first.opt_in_wall, first.opt_in_at) == (None, None)
    assert first.opens_at == first.match_at == datetime(2027, 3, 15, 8, tzinfo=UTC)
    assert second.match_wall == datetime.fromisoformat("2027-03-22 09:00")


def test_a_repeat_needs_no_process_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's own time zone bends no date."""
    import time as clock

    found = []
    for name in ("UTC", "America/New_York", "Australia/Lord_Howe"):
        monkeypatch.setenv("TZ", name)
        clock.tzset()
        found.append(plan(a_series("Europe/Paris", "2027-03-14 02:30", 1), from_number=0, count=60))
    monkeypatch.undo()
    clock.tzset()

    assert found[0] == found[1] == found[2]


# --- Zones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "Factory", "../etc/passwd", "/etc/localtime", "Mars/Base", "europe/paris"]
)
def test_only_zones_of_the_list_are_taken(name: str) -> None:
    """Anything that is not on the IANA list is refused with a sentence."""
    with pytest.raises(UnknownZone, match="is not a time zone of the IANA list, such as Europe/Paris"):
        zone(name)


def test_old_names_stay_valid() -> None:
    """A zone that was renamed is kept as the person chose it."""
    assert zone("America/Montreal") == ZoneInfo("America/Montreal")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("par", "Europe/Paris"),
        ("Paris", "Europe/Paris"),
        ("  PARIS ", "Europe/Paris"),
        ("new y", "America/New_York"),
        ("new_york", "America/New_York"),
        ("lord", "Australia/Lord_Howe"),
        ("europe/ber", "Europe/Berlin"),
        ("kath", "Asia/Kathmandu"),
        ("utc", "UTC"),
    ],
)
def test_typing_finds_a_zone(typed: str, first: str) -> None:
    """The zone people mean comes first."""
    assert find_zones(typed)[0] == first


def test_typing_nothing_shows_a_start_of_the_list() -> None:
    """An empty search offers zones, UTC first; a senseless one offers none."""
    assert find_zones("")[0] == "Etc/UTC"
    assert len(find_zones("")) == 100
    assert find_zones("zzz") == []
    assert find_zones("\x00%_'") == []


@given(st.text(max_size=30))
def test_any_typing_is_answered(typed: str) -> None:
    """Whatever is typed, at most a hundred zones come back, each once and each choosable."""
    found = find_zones(typed)

    assert len(found) == len(set(found)) <= 100
    assert set(found) <= set(zone_names())


# --- Catching up -----------------------------------------------------------------------------------

OPENS = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "lasts", "still"),
    [
        (timedelta(0), timedelta(days=4), True),
        (timedelta(minutes=15), timedelta(minutes=16), True),
        (timedelta(minutes=16), timedelta(minutes=20), False),
        (timedelta(days=3), timedelta(days=4), True),
        (timedelta(days=3, seconds=1), timedelta(days=4), False),
        (timedelta(days=4), timedelta(days=4), False),
        (timedelta(days=5), timedelta(days=4), False),
        (timedelta(minutes=5), timedelta(minutes=5), False),
    ],
)
def test_a_late_opt_in_needs_time_to_answer(late: timedelta, lasts: timedelta, still: bool) -> None:
    """Opt-ins go out 15 minutes late at most, or while a quarter of the time for answers is left."""
    assert may_still_open(OPENS, OPENS + lasts, OPENS + late) is still
