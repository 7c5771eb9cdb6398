"""The dates of one session, changed: what is entered, and the rules it must meet."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.errors import FieldRefusal
from domain.forms import ScheduleForm, check_schedule
from domain.schedule import resolve, zone
from domain.text import say


@dataclass(frozen=True)
class UpdateForm:
    """The modal "Update schedule" as it was filled in. None means left empty, or not shown."""

    opt_in_date: date | None = None
    opt_in_time: time | None = None
    match_date: date | None = None
    match_time: time | None = None
    following: bool = False  # "This and all following"
    sure: bool = False  # the warning was shown, and [Update anyway] pressed


@dataclass(frozen=True)
class Dates:
    """New dates of a session: wall times as entered; no opt-in where people are asked already, or never."""

    opt_in: datetime | None
    match: datetime
    notes: tuple[str, ...] = field(default=())

    def instants(self, tz: ZoneInfo) -> tuple[datetime | None, datetime]:
        """What they mean in a zone."""
        return resolve(self.opt_in, tz)[0] if self.opt_in else None, resolve(self.match, tz)[0]


def check_update(
    form: UpdateForm, *, zone_name: str, opt_in_at: datetime | None, asks: bool, now: datetime
) -> Dates:
    """The dates of a form that passed. Raises FieldRefusal with a sentence per field.

    *asks* says whether people are still to be asked; if not, *opt_in_at* is when they were.
    """
    entered = ScheduleForm(
        opt_in_date=form.opt_in_date,
        opt_in_time=form.opt_in_time,
        match_date=form.match_date,
        match_time=form.match_time,
        zone=zone_name,
    )
    checked = check_schedule(entered, asks_first=asks, now=now)
    match = datetime.combine(form.match_date or date.min, form.match_time or time.min)
    if not asks:
        if opt_in_at is not None and resolve(match, zone(zone_name))[0] <= opt_in_at:
            raise FieldRefusal({"match_date": say("The matching date must be after the opt-in date.")})
        return Dates(None, match, checked.notes)
    opt_in = datetime.combine(form.opt_in_date or date.min, form.opt_in_time or time.min)
    return Dates(opt_in, match, checked.notes)
