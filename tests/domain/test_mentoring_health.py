"""How matches do, when meetings may be, and what is due towards the end of a program: the rules alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import FieldRefusal
from domain.mentoring import NotOfThisMatch
from domain.mentoring_dates import END, due_step, next_digest, next_step_at, step_at
from domain.mentoring_health import Course, Pulse, View, view_of
from domain.mentoring_meetings import Entry, MeetingForm, Pair, ahead, calendar_file, outcome, past

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
PARIS = "Europe/Paris"


def at_day(number: int, **pulse: object) -> View:
    """The view of a match that met last so many days ago, in a rhythm of 14."""
    last = NOW - timedelta(days=number)
    started = NOW - timedelta(days=90)
    return view_of(Pulse(started, last, **pulse), Course(14, PARIS, NOW))  # type: ignore[arg-type]


# --- The five views ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "view"), [(20, View.ON_TRACK), (21, View.ON_TRACK), (22, View.NEEDS_CHECK_IN)]
)
def test_a_match_needs_a_check_in_after_one_and_a_half_rhythms(number: int, view: View) -> None:
    """Exactly one and a half times is on track still."""
    assert at_day(number) == view


def test_days_are_those_on_the_calendar_of_the_program() -> None:
    """Day 21 is on track from its first minute to its last, in the program's zone."""
    last = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Paris
    for now, view in (
        (datetime(2027, 3, 22, 22, 59, tzinfo=UTC), View.ON_TRACK),  # 23:59 of day 21
        (datetime(2027, 3, 22, 23, 0, tzinfo=UTC), View.NEEDS_CHECK_IN),  # midnight: day 22
    ):
        assert view_of(Pulse(last, last), Course(14, PARIS, now)) == view


@pytest.mark.parametrize("rhythm", [1, 7, 13, 30])
def test_an_odd_rhythm_is_not_rounded(rhythm: int) -> None:
    """With 7 days, day 10 is on track and day 11 is not: 10.5 lies between them."""
    most = 3 * rhythm // 2
    started = NOW - timedelta(days=200)
    for days, view in ((most, View.ON_TRACK), (most + 1, View.NEEDS_CHECK_IN)):
        pulse = Pulse(started, NOW - timedelta(days=days))
        assert view_of(pulse, Course(rhythm, PARIS, NOW)) == view


@pytest.mark.parametrize(
    ("days", "ahead", "view"),
    [(6, False, View.ON_TRACK), (7, False, View.NOT_STARTED), (40, True, View.ON_TRACK)],
)
def test_a_match_without_a_meeting_has_seven_days(days: int, ahead: bool, view: View) -> None:
    """A planned first meeting counts as a start."""
    pulse = Pulse(NOW - timedelta(days=days), ahead=ahead)
    assert view_of(pulse, Course(14, PARIS, NOW)) == view


@pytest.mark.parametrize(
    ("rating", "unfit", "view"),
    [
        (1, False, View.LOW_SCORE),
        (2, False, View.LOW_SCORE),
        (3, False, View.ON_TRACK),
        (4, True, View.LOW_SCORE),
        (None, False, View.ON_TRACK),
    ],
)
def test_a_low_score_is_two_of_four_or_no_fit(rating: int | None, unfit: bool, view: View) -> None:
    """What they said last counts."""
    assert at_day(3, rating=rating, unfit=unfit) == view


@pytest.mark.parametrize(
    ("left", "view"), [(14, View.ON_TRACK), (13, View.ENDING_SOON), (0, View.ENDING_SOON)]
)
def test_a_match_ends_soon_in_less_than_14_days(left: int, view: View) -> None:
    """Exactly 14 days are not soon yet."""
    course = Course(14, PARIS, NOW, date(2027, 3, 10) + timedelta(days=left))
    assert view_of(Pulse(NOW, NOW), course) == view


def test_the_first_view_that_applies_wins() -> None:
    """All four at once, and then one less each time."""
    course = Course(14, PARIS, NOW, date(2027, 3, 12))
    long_ago = NOW - timedelta(days=60)
    assert view_of(Pulse(long_ago, rating=1), course) == View.NOT_STARTED
    assert view_of(Pulse(long_ago, long_ago, rating=1), course) == View.NEEDS_CHECK_IN
    assert view_of(Pulse(long_ago, NOW, rating=1), course) == View.LOW_SCORE
    assert view_of(Pulse(long_ago, NOW, rating=4), course) == View.ENDING_SOON


# --- Meetings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([], "planned"),
        ([None], "planned"),
        ([False], "planned"),
        ([False, None], "planned"),
        ([False, False], "missed"),
        ([True], "done"),
        ([True, False], "done"),
        ([False, True], "done"),
    ],
)
def test_one_yes_counts_and_two_no_are_a_miss(words: list[bool | None], state: str) -> None:
    """Silence decides nothing."""
    assert outcome(words) == state


def test_a_time_is_meant_in_the_zone_of_whoever_fills_it_in() -> None:
    """Ten o'clock in Tokyo is one in the morning in UTC."""
    form = MeetingForm(date(2027, 3, 12), time(10), "Asia/Tokyo", 45)
    assert ahead(form, NOW) == datetime(2027, 3, 12, 1, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_moved_over_the_gap() -> None:
    """On 28 March 2027 the clocks of Paris jump from 02:00 to 03:00."""
    form = MeetingForm(date(2027, 3, 28), time(2, 30), PARIS)
    assert ahead(form, NOW).astimezone(ZoneInfo(PARIS)).time() == time(3, 30)


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        (MeetingForm(None, time(9), PARIS), "day", "Choose a day."),
        (MeetingForm(date(2027, 3, 11), None, PARIS), "at", "Choose a time."),
        (MeetingForm(date(2027, 3, 11), time(9), PARIS, 7), "minutes", "Choose one of these."),
        (MeetingForm(date(2027, 3, 10), time(9), PARIS), "at", "Choose a time to come."),
        (MeetingForm(date(2027, 3, 9), time(9), PARIS), "day", "Choose a time to come."),
        (MeetingForm(date(2028, 4, 9), time(9), PARIS), "day", "Choose a day within a year."),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(form: MeetingForm, field: str, sentence: str) -> None:
    """What was typed stays, and the sentence says what to do."""
    with pytest.raises(FieldRefusal) as refused:
        ahead(form, NOW)
    assert refused.value.problems == {field: sentence}


def test_an_unknown_zone_is_refused() -> None:
    """A form proves nothing: its zone is looked up."""
    with pytest.raises(FieldRefusal) as refused:
        past(MeetingForm(date(2027, 3, 9), time(9), "Mars/Base"), NOW)
    assert set(refused.value.problems) == {"zone"}


def test_a_session_is_logged_in_the_past_only() -> None:
    """One that began this minute is over soon enough."""
    assert past(MeetingForm(date(2027, 3, 10), time(10), PARIS), NOW) == NOW
    for day, field in ((date(2027, 3, 10), "at"), (date(2027, 3, 11), "day"), (date(2026, 3, 1), "day")):
        with pytest.raises(FieldRefusal) as refused:
            past(MeetingForm(day, time(11), PARIS), NOW)
        assert set(refused.value.problems) == {field}


def test_a_calendar_entry_keeps_its_id_and_grows_its_sequence() -> None:
    """What is cancelled replaces what was planned (RFC 5546)."""
    entry = Entry("mentoring-7.T1@sessions", 0, NOW, 30, NOW)
    planned = calendar_file(entry, "Mentoring: Ada, and Bob; both").decode()
    gone = calendar_file(Entry("mentoring-7.T1@sessions", 1, NOW, 30, NOW, cancelled=True), "x").decode()

    assert "UID:mentoring-7.T1@sessions\r\n" in planned
    assert "SEQUENCE:0\r\nDTSTAMP:20270310T090000Z\r\nDTSTART:20270310T090000Z\r\n" in planned
    assert "DTEND:20270310T093000Z\r\nSUMMARY:Mentoring: Ada\\, and Bob\\; both\r\n" in planned
    assert "METHOD:PUBLISH" in planned
    assert "UID:mentoring-7.T1@sessions\r\nSEQUENCE:1\r\n" in gone
    assert "METHOD:CANCEL" in gone
    assert "STATUS:CANCELLED" in gone


def test_lines_of_a_calendar_entry_are_folded() -> None:
    """No line is longer than 75 octets, and no letter is cut in two."""
    found = calendar_file(Entry("x", 0, NOW, 30, NOW), "é" * 200 + "\r\nBEGIN:VALARM")
    lines = found.split(b"\r\n")

    assert max(len(line) for line in lines) <= 75
    assert "é" * 200 in found.decode().replace("\r\n ", "")
    assert b"BEGIN:VALARM" not in lines


def test_only_the_two_of_a_match_have_another_one() -> None:
    """A stranger is refused."""
    pair = Pair(1, 1, "matching", ("U1", "U2"), ("Ada", "Bob"), active=True)
    assert pair.other("U1") == "Bob"
    assert pair.other("U2") == "Ada"
    with pytest.raises(NotOfThisMatch):
        pair.other("U3")


# --- Digest and end ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("2027-03-10T09:00Z", "2027-03-15T08:00Z"),  # Wednesday
        ("2027-03-15T07:59Z", "2027-03-15T08:00Z"),
        ("2027-03-15T08:00Z", "2027-03-22T08:00Z"),  # not twice
        ("2027-03-22T08:00Z", "2027-03-29T07:00Z"),  # summer time began on the 28th
        ("2027-10-25T07:00Z", "2027-11-01T08:00Z"),  # and ended on 31 October
    ],
)
def test_the_digest_is_due_on_mondays_at_nine(after: str, found: str) -> None:
    """On the wall of the program's zone, whatever its clocks do."""
    assert next_digest(datetime.fromisoformat(after), PARIS) == datetime.fromisoformat(found)


def test_the_end_has_three_steps() -> None:
    """Two notices at 09:00, and the end at 20:00 of its day; summer time begins on 28 March."""
    ends_on = date(2027, 4, 5)
    steps = [step_at(ends_on, step, PARIS) for step in (14, 3, END)]

    assert [one.isoformat() for one in steps] == [
        "2027-03-22T08:00:00+00:00",
        "2027-04-02T07:00:00+00:00",
        "2027-04-05T18:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("now", "noticed", "step"),
    [
        ("2027-03-22T07:59Z", 0, None),
        ("2027-03-22T08:00Z", 0, 14),
        ("2027-03-22T08:00Z", 14, None),
        ("2027-04-02T07:00Z", 14, 3),
        ("2027-04-02T07:00Z", 0, 3),  # nobody hears twice in one minute
        ("2027-04-02T07:00Z", 3, None),
        ("2027-04-05T17:59Z", 3, None),
        ("2027-04-05T18:00Z", 3, END),
        ("2027-06-01T00:00Z", 0, END),
    ],
)
def test_one_step_is_due_at_a_time(now: str, noticed: int, step: int | None) -> None:
    """Each once, and of several only the last."""
    assert due_step(date(2027, 4, 5), noticed, PARIS, datetime.fromisoformat(now)) == step


def test_the_next_step_is_known() -> None:
    """None once the program should be over."""
    ends_on = date(2027, 4, 5)
    assert next_step_at(ends_on, PARIS, NOW) == step_at(ends_on, 14, PARIS)
    assert next_step_at(ends_on, PARIS, step_at(ends_on, 14, PARIS)) == step_at(ends_on, 3, PARIS)
    assert next_step_at(ends_on, PARIS, step_at(ends_on, END, PARIS)) is None
