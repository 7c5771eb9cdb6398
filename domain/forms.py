"""What people enter, and the rules a form must meet before anything is stored."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from domain.errors import FieldRefusal
from domain.schedule import Resolution, Series, UnknownZone, resolve, zone
from domain.text import N_, say

REPEATS = {
    0: N_("One time only"),
    1: N_("Every week on same days"),
    2: N_("Every 2 weeks on same days"),
    3: N_("Every 3 weeks on same days"),
    4: N_("Every 4 weeks on same days"),
}


@dataclass(frozen=True)
class ScheduleForm:
    """The modal "Schedule a session" as it was filled in. None means left empty."""

    program_id: int | None = None
    opt_in_date: date | None = None
    opt_in_time: time | None = None
    now: bool = False  # "Send opt-in messages now"
    match_date: date | None = None
    match_time: time | None = None
    zone: str = ""
    weeks: int = 0
    series_id: int | None = None  # set when a saved series is edited
    sure: bool = False  # the warning was shown, and [Save anyway] pressed
    groups: str = "automatic"  # or "review": an organizer looks at them before they are sent
    ask_first: bool = False  # in review: "Ask people to opt in first"

    @property
    def undated(self) -> bool:
        """Whether the groups are made at once, to be looked at, and no date is defined for sending them."""
        return self.groups == "review" and not self.ask_first

    def asks(self, program_asks_first: bool) -> bool:
        """Whether opt-in messages are sent: as the program does, or as the review wishes."""
        return self.ask_first if self.groups == "review" else program_asks_first


@dataclass(frozen=True)
class ProgramForm:
    """The modals "New program" and "Settings" as they were filled in; the second half is in Settings only."""

    name: str = ""
    channels: tuple[str, ...] = ()
    usergroups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    everyone: bool = False
    include_guests: bool = False
    owners: tuple[str, ...] = ()
    zone: str = ""
    group_size: int = 2
    opt_in: str = "on"  # or "off"; "mixed" asks all but those who take part automatically
    automatic: tuple[str, ...] = ()
    leftover: str = "larger"  # or "smaller", "sit_out"
    rules: tuple[str, ...] = ()  # of matching, by rank; "" where there is none
    teams: tuple[str, ...] = ()  # user groups, to rules about teams
    ask_new: bool = True
    follow_up_days: int | None = 7  # 0: nobody is asked; None: no number was entered
    icebreakers: tuple[str, ...] = ()
    at_deadline: str = "wait"  # or "send"


@dataclass(frozen=True)
class ReminderForm:
    """The modal "Send a reminder" as it was filled in."""

    reminder_date: date | None = None
    reminder_time: time | None = None
    now: bool = False
    edit: bool = False  # the one that is planned already


@dataclass(frozen=True)
class DateForm:
    """The modal "Update matching date" as it was filled in."""

    match_date: date | None = None
    match_time: time | None = None
    zone: str = ""


@dataclass(frozen=True)
class Checked:
    """A form that passed, as a series, with sentences about wall times that do not exist."""

    series: Series
    notes: tuple[str, ...] = field(default=())


def check_schedule(form: ScheduleForm, *, asks_first: bool, now: datetime) -> Checked:
    """Turn the form into a series anchored on its dates. Raises FieldRefusal with a sentence per field."""
    try:
        tz = zone(form.zone)
    except UnknownZone as error:
        raise FieldRefusal({"zone": error.sentence}) from error
    _within_calendar({"opt_in_date": form.opt_in_date, "match_date": form.match_date})
    here = now.astimezone(tz)
    if form.undated:
        wall = here.replace(tzinfo=None, second=0, microsecond=0)
        return Checked(Series(wall.date(), 0, form.zone, None, 0, wall.time()))
    if form.match_date is None or form.match_time is None:
        raise FieldRefusal({"match_date": say("Choose the date and time of the matching.")})
    match_wall = datetime.combine(form.match_date, form.match_time)
    if not form.asks(asks_first):
        _not_past({"match_date": match_wall}, form.zone, now)
        notes = _gap_notes([match_wall], form.zone)
        return Checked(Series(form.match_date, form.weeks, form.zone, None, 0, form.match_time), notes)
    if form.now:
        opt_in_wall = here.replace(tzinfo=None, second=0, microsecond=0)
        _not_past({"match_date": match_wall}, form.zone, now)
    elif form.opt_in_date is None or form.opt_in_time is None:
        raise FieldRefusal({"opt_in_date": say("Choose a date and a time, or “Send opt-in messages now”.")})
    else:
        opt_in_wall = datetime.combine(form.opt_in_date, form.opt_in_time)
        _not_past({"opt_in_date": opt_in_wall, "match_date": match_wall}, form.zone, now)
    if resolve(match_wall, tz)[0] <= resolve(opt_in_wall, tz)[0]:
        raise FieldRefusal({"match_date": say("The matching date must be after the opt-in date.")})
    series = Series(
        anchor=opt_in_wall.date(),
        weeks=form.weeks,
        zone=form.zone,
        opt_in_time=opt_in_wall.time(),
        match_days=(match_wall.date() - opt_in_wall.date()).days,
        match_time=match_wall.time(),
    )
    return Checked(series, _gap_notes([opt_in_wall, match_wall], form.zone))


def check_date(form: DateForm, *, now: datetime) -> datetime:
    """The instant at which reviewed groups are sent. Raises FieldRefusal with a sentence per field."""
    try:
        tz = zone(form.zone)
    except UnknownZone as error:
        raise FieldRefusal({"zone": error.sentence}) from error
    if form.match_date is None or form.match_time is None:
        raise FieldRefusal({"match_date": say("Choose the date and time of the matching.")})
    _within_calendar({"match_date": form.match_date})
    wall = datetime.combine(form.match_date, form.match_time)
    _not_past({"match_date": wall}, form.zone, now)
    return resolve(wall, tz)[0]


def suggested_date(now: datetime, zone_name: str) -> DateForm:
    """A matching date to start from: tomorrow at nine."""
    return DateForm(now.astimezone(zone(zone_name)).date() + timedelta(days=1), time(9), zone_name)


def check_reminder(
    form: ReminderForm, *, zone_name: str, opens_at: datetime, match_at: datetime, now: datetime
) -> datetime:
    """The instant of a reminder. Raises FieldRefusal when it falls outside the time for answers."""
    if form.now:
        if not opens_at <= now < match_at:
            raise FieldRefusal({"now": say("The session is not open now, so nobody can be reminded yet.")})
        return now
    if form.reminder_date is None or form.reminder_time is None:
        raise FieldRefusal({"reminder_date": say("Choose a date and a time, or “Send it now”.")})
    _within_calendar({"reminder_date": form.reminder_date})
    wall = datetime.combine(form.reminder_date, form.reminder_time)
    _not_past({"reminder_date": wall}, zone_name, now)
    due = resolve(wall, zone(zone_name))[0]
    if not opens_at < due < match_at:
        sentence = say("The reminder must be after the opt-in date and before the matching date.")
        raise FieldRefusal({"reminder_date": sentence})
    return due


def _within_calendar(days: dict[str, date | None]) -> None:
    """Refuse dates so far away that a repeat, or another zone, would leave the calendar."""
    problems = {
        name: say("Choose a date between 2000 and 2099.")
        for name, day in days.items()
        if day is not None and not 2000 <= day.year < 2100
    }
    if problems:
        raise FieldRefusal(problems)


def _not_past(walls: dict[str, datetime], zone_name: str, now: datetime) -> None:
    tz = zone(zone_name)
    minute = now.replace(second=0, microsecond=0)
    clock = now.astimezone(tz)
    past = say("This is in the past (it is now {time} in {zone}).", time=clock.time(), zone=zone_name)
    problems = {name: past for name, wall in walls.items() if resolve(wall, tz)[0] < minute}
    if problems:
        raise FieldRefusal(problems)


def _gap_notes(walls: list[datetime], zone_name: str) -> tuple[str, ...]:
    return tuple(note for wall in walls if (note := gap_note(wall, zone_name)))


def gap_note(wall: datetime, zone_name: str) -> str:
    """The sentence about a wall time that does not exist that day; empty where it does."""
    tz = zone(zone_name)
    instant, how = resolve(wall, tz)
    if how is not Resolution.GAP:
        return ""
    moved = instant.astimezone(tz)
    return say(
        "{time} does not exist on {day}; it will be sent at {later}.",
        time=wall.time(),
        day=wall.date(),
        later=moved.time(),
    )


def suggested(now: datetime, zone_name: str) -> ScheduleForm:
    """Dates to start from: ask on the next working day at 9:00, match on one about six days later at 9:00."""
    today = now.astimezone(UTC if not zone_name else zone(zone_name)).date()
    first = _working_day(today + timedelta(days=1))
    return ScheduleForm(
        opt_in_date=first,
        opt_in_time=time(9),
        match_date=_working_day(first + timedelta(days=6)),
        match_time=time(9),
        zone=zone_name,
    )


def _working_day(day: date) -> date:
    """The day, or the Monday after it on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
