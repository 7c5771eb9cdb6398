"""Forms: each refusal at its field, in the sentence people read."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.errors import FieldRefusal
from domain.forms import ReminderForm, ScheduleForm, check_reminder, check_schedule, gap_note, suggested
from domain.schedule import Series

NOW = datetime(2027, 3, 10, 13, 5, 42, tzinfo=UTC)  # 14:05 in Paris
FORM = ScheduleForm(
    program_id=1,
    opt_in_date=date(2027, 3, 11),
    opt_in_time=time(9),
    match_date=date(2027, 3, 17),
    match_time=time(9),
    zone="Europe/Paris",
    weeks=2,
)
PAST = "This is in the past (it is now 14:05 in Europe/Paris)."
ORDER = "The matching date must be after the opt-in date."


def refused(form: ScheduleForm, *, asks_first: bool = True) -> dict[str, str]:
    """The sentences under the fields of a refused form."""
    with pytest.raises(FieldRefusal) as found:
        check_schedule(form, asks_first=asks_first, now=NOW)
    return found.value.problems


def test_a_filled_form_becomes_a_series() -> None:
    """The series is anchored on the opt-in date and keeps the local times."""
    checked = check_schedule(FORM, asks_first=True, now=NOW)

    assert checked.series == Series(date(2027, 3, 11), 2, "Europe/Paris", time(9), 6, time(9))
    assert checked.notes == ()


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"match_date": date(2027, 3, 11)}, "match_date", ORDER),
        ({"match_date": date(2027, 3, 10), "match_time": time(23)}, "match_date", ORDER),
        ({"match_date": date(2027, 3, 11), "match_time": time(9, 1)}, None, None),
        ({"opt_in_date": date(2027, 3, 10), "opt_in_time": time(14, 4)}, "opt_in_date", PAST),
        ({"opt_in_date": date(2027, 3, 10), "opt_in_time": time(14, 5)}, None, None),
        ({"opt_in_date": None}, "opt_in_date", "Choose a date and a time, or “Send opt-in messages now”."),
        ({"opt_in_time": None}, "opt_in_date", "Choose a date and a time, or “Send opt-in messages now”."),
        ({"match_time": None}, "match_date", "Choose the date and time of the matching."),
        ({"match_date": None}, "match_date", "Choose the date and time of the matching."),
        ({"zone": "Paris"}, "zone", "“Paris” is not a time zone of the IANA list, such as Europe/Paris."),
        ({"zone": ""}, "zone", "“” is not a time zone of the IANA list, such as Europe/Paris."),
        ({"match_date": date(2029, 3, 17)}, None, None),
        ({"now": True, "opt_in_date": None, "opt_in_time": None}, None, None),
        ({"now": True, "match_date": date(2027, 3, 10), "match_time": time(14, 5)}, "match_date", ORDER),
        ({"now": True, "match_date": date(2027, 3, 10), "match_time": time(14, 4)}, "match_date", PAST),
    ],
)
def test_each_problem_is_said_at_its_field(
    change: dict[str, object], field: str | None, sentence: str | None
) -> None:
    """What cannot be is refused in one sentence; what can be is taken, even years ahead."""
    form = replace(FORM, **change)  # type: ignore[arg-type]
    if field is None:
        check_schedule(form, asks_first=True, now=NOW)
    else:
        assert refused(form) == {field: sentence}


def test_both_dates_may_be_past() -> None:
    """Two past dates are two sentences."""
    form = replace(FORM, opt_in_date=date(2027, 3, 1), match_date=date(2027, 3, 2))

    assert refused(form) == {"opt_in_date": PAST, "match_date": PAST}


def test_the_clock_of_the_form_is_the_zone_of_the_form() -> None:
    """What is past is decided, and said, in the zone that was chosen."""
    form = replace(FORM, zone="Asia/Tokyo", opt_in_date=date(2027, 3, 10), opt_in_time=time(22, 4))

    assert refused(form) == {"opt_in_date": "This is in the past (it is now 22:05 in Asia/Tokyo)."}
    check_schedule(replace(form, opt_in_time=time(22, 5)), asks_first=True, now=NOW)


def test_now_means_this_minute_there() -> None:
    """“Send opt-in messages now” anchors the series on the present date and minute of its zone."""
    now = datetime(2027, 3, 10, 23, 30, 59, tzinfo=UTC)
    form = replace(FORM, now=True, zone="Asia/Tokyo")

    series = check_schedule(form, asks_first=True, now=now).series

    assert (series.anchor, series.opt_in_time, series.match_days) == (date(2027, 3, 11), time(8, 30), 6)


def test_the_order_is_decided_in_time_and_not_on_the_dial() -> None:
    """In the hour that does not exist, 02:30 is 03:30: a matching at 03:00 comes before it."""
    spring = {"opt_in_date": date(2027, 3, 28), "match_date": date(2027, 3, 28), "opt_in_time": time(2, 30)}

    assert refused(replace(FORM, **spring, match_time=time(3, 0))) == {"match_date": ORDER}  # type: ignore[arg-type]
    check_schedule(replace(FORM, **spring, match_time=time(4, 0)), asks_first=True, now=NOW)  # type: ignore[arg-type]


def test_without_questions_only_the_matching_counts() -> None:
    """Where nobody is asked first, opt-in fields are ignored and the anchor is the matching date."""
    form = replace(FORM, opt_in_date=date(2020, 1, 1), now=True)

    checked = check_schedule(form, asks_first=False, now=NOW)

    assert checked.series == Series(date(2027, 3, 17), 2, "Europe/Paris", None, 0, time(9))
    assert refused(replace(form, match_date=date(2027, 3, 9)), asks_first=False) == {"match_date": PAST}


def test_a_time_that_does_not_exist_is_accepted_and_said() -> None:
    """A wall time in a gap is moved, and the confirmation says so."""
    form = replace(FORM, match_date=date(2027, 3, 28), match_time=time(2, 30))

    notes = check_schedule(form, asks_first=True, now=NOW).notes

    assert notes == ("02:30 does not exist on 28 March; it will be sent at 03:30.",)
    assert check_schedule(form, asks_first=False, now=NOW).notes == notes
    assert gap_note(datetime.fromisoformat("2027-10-31 02:30"), "Europe/Paris") == ""


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(9999, 12, 1), date(2200, 1, 1), date(1, 1, 1)])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_date_beyond_all_calendars_is_refused(day: date, zone: str) -> None:
    """A date that cannot be repeated within the calendar is a sentence, not a failure."""
    form = replace(FORM, opt_in_date=day, match_date=day, match_time=time(23), weeks=4, zone=zone)

    sentence = "Choose a date between 2000 and 2099."
    assert refused(form) == {"opt_in_date": sentence, "match_date": sentence}
    with pytest.raises(FieldRefusal, match=sentence):
        reminder(ReminderForm(day, time(9)))


def test_suggested_dates_are_tomorrow_and_six_days_later() -> None:
    """The form starts with dates that would pass."""
    form = suggested(NOW, "Europe/Paris")

    assert form == replace(FORM, program_id=None, weeks=0)
    check_schedule(form, asks_first=True, now=NOW)
    assert suggested(datetime(2027, 3, 10, 23, 30, tzinfo=UTC), "Asia/Tokyo").opt_in_date == date(2027, 3, 12)


@pytest.mark.parametrize("days", range(7))
def test_nobody_is_asked_or_matched_on_a_weekend_unasked(days: int) -> None:
    """Whatever day it is, the suggested dates are working days, in order, and would pass."""
    now = NOW + timedelta(days=days)
    form = suggested(now, "Europe/Paris")

    assert form.opt_in_date
    assert form.match_date
    assert form.opt_in_date.weekday() < 5
    assert form.match_date.weekday() < 5
    assert 4 <= (form.match_date - form.opt_in_date).days <= 8
    check_schedule(replace(form, program_id=1), asks_first=True, now=now)


# --- Reminders -------------------------------------------------------------------------------------

OPENS, MATCH = datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 17, 8, tzinfo=UTC)
BETWEEN = "The reminder must be after the opt-in date and before the matching date."


def reminder(form: ReminderForm, now: datetime = OPENS + timedelta(days=1)) -> datetime:
    """The instant of a reminder of a session that opens on the 11th."""
    return check_reminder(form, zone_name="Europe/Paris", opens_at=OPENS, match_at=MATCH, now=now)


def test_a_reminder_is_a_wall_time_of_the_session() -> None:
    """Date and time are read in the session's zone."""
    assert reminder(ReminderForm(date(2027, 3, 14), time(9))) == datetime(2027, 3, 14, 8, tzinfo=UTC)


def test_a_reminder_may_go_out_now() -> None:
    """“Send it now” is this instant, while the session is open."""
    now = OPENS + timedelta(days=1)

    assert reminder(ReminderForm(now=True), now) == now


@pytest.mark.parametrize(
    ("form", "now", "problems"),
    [
        (ReminderForm(), None, {"reminder_date": "Choose a date and a time, or “Send it now”."}),
        (
            ReminderForm(date(2027, 3, 14)),
            None,
            {"reminder_date": "Choose a date and a time, or “Send it now”."},
        ),
        (ReminderForm(date(2027, 3, 17), time(9)), None, {"reminder_date": BETWEEN}),
        (ReminderForm(date(2027, 3, 11), time(9)), OPENS - timedelta(days=1), {"reminder_date": BETWEEN}),
        (
            ReminderForm(date(2027, 3, 11), time(9)),
            None,
            {"reminder_date": "This is in the past (it is now 09:00 in Europe/Paris)."},
        ),
        (
            ReminderForm(now=True),
            OPENS - timedelta(minutes=1),
            {"now": "The session is not open now, so nobody can be reminded yet."},
        ),
        (
            ReminderForm(now=True),
            MATCH,
            {"now": "The session is not open now, so nobody can be reminded yet."},
        ),
    ],
)
def test_a_reminder_outside_the_time_for_answers_is_refused(
    form: ReminderForm, now: datetime | None, problems: dict[str, str]
) -> None:
    """A reminder must fall between the opt-in and the matching, and not in the past."""
    with pytest.raises(FieldRefusal) as found:
        reminder(form, now or OPENS + timedelta(days=1))

    assert found.value.problems == problems
