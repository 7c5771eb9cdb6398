"""What becomes of one registration: skipped, coming, came, did not come."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from domain.classes import CAME, LIST, Attending, DateState, Done, NoSuchPlace, NotYours
from domain.classes_weeks import LATE, in_time, no_room, week_of
from domain.errors import Refusal
from domain.messages import Kind
from domain.presses import Press
from domain.text import say
from services import classes_credits, classes_seats
from services.classes import Held, changing, date_of, is_staff, redraw, setup_of, term_of_date
from services.classes_offering import freed
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from store.database import Database

SHOWN = (Kind.CLASSES_REMINDER, Kind.CLASSES_DATE)
GIVEN = say("Skipped. You have one make-up lesson.")


class AlreadyBegun(Refusal):
    """This class has begun."""


class TooEarly(Refusal):
    """Attendance can be noted from 10 minutes before the class."""


class NotTeaching(Refusal):
    """Only the teacher of this class, and class staff, can do this."""


# --- What members do -----------------------------------------------------------------------------------


def skip(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[Skip This One]: the place is free. In time it gives a make-up lesson, later it counts as used.

    Pressed again it changes nothing. Raises NoSuchPlace, NotYours, and AlreadyBegun.
    """
    term_id = _term_of(db, team_id, registration_id)
    with changing(db, team_id, term_id, now=now, by=user_id, press=press) as held:
        one, date = _mine(held, registration_id, user_id)
        if one.state != Attending.REGISTERED:
            return Done(False, _said(one), one.id)
        free = in_time(date.starts_at, now, setup_of(held.tx, team_id).free_hours)
        to = Attending.SKIPPED if free else Attending.LATE_CANCELLED
        dates = classes_seats.turn(held, Registration.id == one.id, to, only=(Attending.REGISTERED,))
        if free:
            classes_credits.give(held, [one.id], "skipped")
        held.note(f"registration.{to.value}", subject=f"registration {one.id}")
        freed(held, dates)
        redraw(held, SHOWN, [one.id], press)
        return Done(True, GIVEN if free else LATE, one.id)


def undo_skip(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[Undo Skip], while a place is free and the make-up lesson was not used. Raises as ``skip``."""
    term_id = _term_of(db, team_id, registration_id)
    with changing(db, team_id, term_id, now=now, by=user_id, press=press) as held:
        one, date = _mine(held, registration_id, user_id)
        if one.state not in (Attending.SKIPPED, Attending.LATE_CANCELLED):
            return Done(False, id=one.id)
        if classes_credits.take_back(held, [one.id]):
            raise Refusal(say("The make-up lesson for this date was used already."))
        _check_week(held, one, date)
        here = Registration.id == one.id
        skipped = (Attending.SKIPPED, Attending.LATE_CANCELLED)
        back, _ = classes_seats.restore(held, here, only=skipped)
        if not back:
            raise Refusal(say("This place was given to somebody else."))
        held.note("registration.back", subject=f"registration {one.id}")
        redraw(held, SHOWN, [one.id], press)
        return Done(True, id=one.id)


def _check_week(held: Held, one: Registration, date: ClassDate) -> None:
    """A lesson that was made up for in the same week cannot come back beside it."""
    if one.state == Attending.LATE_CANCELLED:
        return  # it counts already
    wanted = (
        select(Purchase)
        .join(Enrolment, Enrolment.purchase_id == Purchase.id)
        .where(Enrolment.id == one.enrolment_id)
    )
    bought = held.tx.scalars(wanted).one()
    weeks = classes_credits.weeks_of(held.tx, bought.id, held.term.zone)
    full = no_room(bought.lessons, weeks.get(week_of(date.starts_at, held.term.zone), ()))
    if full:
        raise Refusal(full)


def coming(
    db: Database,
    team_id: str,
    registration_id: int,
    *,
    user_id: str,
    now: datetime,
    press: Press | None = None,
) -> Done:
    """[I'm Coming], or [Keep] of a date that was moved."""
    term_id = _term_of(db, team_id, registration_id)
    with changing(db, team_id, term_id, now=now, by=user_id, press=press) as held:
        one, _ = _mine(held, registration_id, user_id, begun=True)
        if one.state != Attending.REGISTERED or one.coming_at is not None:
            return Done(False, _said(one), one.id)
        one.coming_at = now
        held.tx.flush()
        redraw(held, SHOWN, [one.id], press)
        return Done(True, id=one.id)


def _term_of(db: Database, team_id: str, registration_id: int) -> int:
    wanted = (
        select(ClassDate.term_id)
        .join(Registration, Registration.date_id == ClassDate.id)
        .where(Registration.team_id == team_id, Registration.id == registration_id)
    )
    with db.reading() as tx:
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchPlace
    return found


def _mine(
    held: Held, registration_id: int, user_id: str, *, begun: bool = False
) -> tuple[Registration, ClassDate]:
    wanted = select(Registration).where(Registration.id == registration_id)
    one = held.tx.scalars(wanted.execution_options(populate_existing=True)).one()
    if one.user_id != user_id or one.enrolment_id is None:
        raise NotYours
    date = date_of(held, one.date_id)
    if not begun and one.state != Attending.REMOVED and date.starts_at <= held.now:
        raise AlreadyBegun
    return one, date


def _said(one: Registration) -> str:
    if one.state == Attending.SKIPPED:
        return GIVEN
    return LATE if one.state == Attending.LATE_CANCELLED else ""


# --- What teachers do ----------------------------------------------------------------------------------


def mark(
    db: Database, team_id: str, registration_ids: Collection[int], came: bool, *, by: str, now: datetime
) -> Done:
    """[Came] and [Did Not Come], of registrations of one date. Raises NoSuchPlace and TooEarly.

    For a door that asked ``may_mark``. Pressed again it changes nothing; the other way round it corrects.
    """
    wanted = select(Registration.date_id).where(
        Registration.team_id == team_id, Registration.id.in_(registration_ids)
    )
    with db.reading() as tx:
        date_id = tx.scalar(wanted.limit(1))
    if date_id is None:
        raise NoSuchPlace
    with changing(db, team_id, term_of_date(db, team_id, date_id), now=now, by=by) as held:
        date = date_of(held, date_id)
        if now < date.starts_at - LIST or date.state == DateState.CANCELLED:
            raise TooEarly
        to = Attending.ATTENDED if came else Attending.NO_SHOW
        here = Registration.id.in_(registration_ids) & (Registration.date_id == date_id)
        changed = bool(classes_seats.turn(held, here, to, only=CAME))
        if changed:
            held.note(f"attendance.{to.value}", subject=f"date {date_id}", people=len(registration_ids))
            redraw(held, [Kind.CLASSES_ATTENDANCE], [date_id])
        return Done(changed, id=date_id)


def may_mark(db: Database, team_id: str, date_id: int, user_id: str, *, admin: bool) -> bool:
    """Whether somebody keeps a date's attendance: its class's teacher, and class staff."""
    wanted = (
        select(WeeklyClass.teacher_id)
        .join(ClassDate, ClassDate.class_id == WeeklyClass.id)
        .where(ClassDate.team_id == team_id, ClassDate.id == date_id)
    )
    with db.reading() as tx:
        return tx.scalar(wanted) == user_id or is_staff(tx, team_id, user_id, admin=admin)


def check_may_mark(db: Database, team_id: str, date_id: int, user_id: str, *, admin: bool) -> None:
    """Raises NotTeaching for anybody else. For a door, at each press."""
    if not may_mark(db, team_id, date_id, user_id, admin=admin):
        raise NotTeaching
