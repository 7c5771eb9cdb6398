"""Until when a mentor may answer: the clock starts with Slack, stands while matching is off, and goes on."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain import calendar, schedule
from domain.calendar import REMINDED, Calendar, Deadline
from domain.mentoring import Asking
from domain.messages import Kind
from domain.schedule import zone_names
from services import audit
from services.mentoring import (
    Held,
    participant,
    program_of,
    redraw,
    tell,
)
from services.mentoring_asking import (
    TO_MENTOR,
    redraw_lists,
)
from store.core import PersonRow
from store.mentoring import Mentoring, Request


def calendar_of(setup: Mentoring, *, now: datetime) -> Calendar:
    """The days on which mentors of a program need not answer."""
    own = {date.fromisoformat(day) for day in setup.holidays}
    country, _, region = setup.country.partition("-")
    public = calendar.public_holidays(country, region, range(now.year, now.year + 2)) if country else ()
    return Calendar(frozenset(setup.weekend), frozenset(own.union(public)))


def zone_of(tx: Session, setup: Mentoring, user_id: str) -> str:
    """The zone in which somebody's days are counted: their own, else the program's."""
    person = tx.get(PersonRow, (setup.team_id, user_id))
    return person.tz if person and person.tz in zone_names() else program_of(tx, setup).zone


def deadline_of(tx: Session, setup: Mentoring, request: Request, *, now: datetime) -> Deadline:
    """Until when a mentor may answer: as it is stored, or, before Slack has the question, as it would be."""
    if request.expires_at is not None:
        return Deadline(last_day_of(request), request.expires_at, request.zone)
    zone = zone_of(tx, setup, participant(tx, setup, request.mentor_id).user_id)
    return calendar.deadline(calendar_of(setup, now=now), now, days=setup.answer_days, zone=zone)


def last_day_of(request: Request) -> date:
    """The last local day on which a request may be answered."""
    if request.expires_at is None:
        return date.max
    return (request.expires_at - timedelta(microseconds=1)).astimezone(ZoneInfo(request.zone)).date()


def arrived(held: Held, request: Request) -> bool:
    """Slack has the question: from now on the answer clock runs. False if it ran already."""
    if request.asked_at is not None or request.state not in (Asking.PENDING, Asking.FROZEN):
        return False
    days = calendar_of(held.setup, now=held.now)
    zone = zone_of(held.tx, held.setup, participant(held.tx, held.setup, request.mentor_id).user_id)
    request.asked_at, request.zone = held.now, zone
    request.expires_at = calendar.deadline(days, held.now, days=held.setup.answer_days, zone=zone).ends_at
    request.remind_at = _first(
        calendar.reminders(days, held.now, days=held.setup.answer_days, zone=zone), held.now
    )
    held.tx.flush()
    return True


def _first(due: Iterable[datetime], now: datetime) -> datetime | None:
    return min((at for at in due if at > now), default=None)


def remind(held: Held, request: Request) -> bool:
    """Ask a mentor again whose answer is due soon. False if it is not wanted any more."""
    due = request.remind_at
    if request.state != Asking.PENDING or due is None or due > held.now:
        return False
    last = schedule.resolve(datetime.combine(last_day_of(request), REMINDED), ZoneInfo(request.zone))[0]
    request.remind_at = _first([last], held.now)
    held.tx.flush()
    if request.expires_at is not None and held.now >= request.expires_at:
        return False
    mentor = participant(held.tx, held.setup, request.mentor_id)
    key = f"request-{request.id}-remind-{int(due.timestamp())}"
    tell(held, Kind.MENTORING_REMINDER, request.id, mentor.user_id, key)
    return True


def freeze(held: Held) -> int:
    """Matching was turned off: nobody has to answer now. How many requests stand still.

    Those whose time is over already do not: a job that is late gives nobody more of it.
    """
    found = held.tx.scalars(_of_program(held.setup, [Asking.PENDING])).all()
    rows = [one for one in found if one.expires_at is None or one.expires_at > held.now]
    for one in rows:
        one.state, one.remind_at = Asking.FROZEN, None
    held.tx.flush()
    _note_all(held, rows, "request.frozen")
    redraw(held, TO_MENTOR, [one.id for one in rows])
    redraw_lists(held, {one.list_id for one in rows if one.list_id is not None})
    return len(rows)


def thaw(held: Held, *, off_at: datetime) -> int:
    """Matching is on again: each mentor has the days that were left. How many requests go on."""
    days = calendar_of(held.setup, now=held.now)
    rows = held.tx.scalars(_of_program(held.setup, [Asking.FROZEN])).all()
    for one in rows:
        one.state = Asking.PENDING
        if one.expires_at is None:
            continue  # Slack has not even got the question
        stood = max(off_at, one.asked_at or off_at)  # it may have arrived while matching was off
        left = calendar.days_left(days, off_at=stood, last_day=last_day_of(one), zone=one.zone)
        one.expires_at = calendar.resume(days, held.now, left=left, zone=one.zone).ends_at
        one.remind_at = _first(calendar.reminders(days, held.now, days=left, zone=one.zone), held.now)
    held.tx.flush()
    _note_all(held, rows, "request.thawed")
    redraw(held, TO_MENTOR, [one.id for one in rows])
    redraw_lists(held, {one.list_id for one in rows if one.list_id is not None})
    return len(rows)


def _note_all(held: Held, rows: Collection[Request], action: str) -> None:
    subjects = {f"request {one.id}": held.by for one in rows}
    audit.of_many(held.tx, held.team_id, subjects, action, held.now)


def _of_program(setup: Mentoring, state: Collection[Asking]) -> Select[Request]:
    return (
        select(Request)
        .where(Request.team_id == setup.team_id, Request.program_id == setup.program_id)
        .where(Request.state.in_([one.value for one in state]))
        .order_by(Request.id)
        .execution_options(populate_existing=True)
    )
