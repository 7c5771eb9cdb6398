"""Reminders of a date to all who are registered, and the list for its teacher."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from domain.classes import LIST, REMIND, Attending, DateState
from domain.classes_clock import date_next
from domain.messages import Kind
from services.classes import Held, staff, tell_many
from services.owing import Owed
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Registration

THERE = (Attending.REGISTERED.value, Attending.ATTENDED.value, Attending.NO_SHOW.value)


def remind_due(held: Held) -> bool:
    """24 hours before: C12 to all who are registered, of all dates at once; whether one was due.

    A date that has begun meanwhile needs no reminder.
    """
    due = _due(held, ClassDate.reminded_at.is_(None), REMIND)
    ahead = {one.id: one for one in due if one.starts_at > held.now}
    people = held.tx.execute(
        select(Registration.id, Registration.date_id, Registration.user_id).where(
            Registration.date_id.in_(ahead), Registration.state == Attending.REGISTERED.value
        )
    )
    tell_many(
        held,
        [
            Owed(Kind.CLASSES_REMINDER, one, f"classes-reminder-{one}-{ahead[date].sequence}", recipient=user)
            for one, date, user in people
        ],
    )
    for one in due:
        one.reminded_at = held.now
        _next(one)
    return bool(due)


def lists_due(held: Held) -> bool:
    """10 minutes before: the attendance list to the teacher, else to the staff; whether one was due.

    Nobody gets a list that has nobody on it, or of a class that is over.
    """
    due = _due(held, ClassDate.listed_at.is_(None), LIST)
    if not due:
        return False
    wanted = select(WeeklyClass.id, WeeklyClass.teacher_id).where(
        WeeklyClass.id.in_([one.class_id for one in due])
    )
    teachers = {row[0]: row[1] for row in held.tx.execute(wanted)}
    nobody_else = staff(held.tx, held.team_id)
    wanted_people = select(Registration.date_id).where(
        Registration.date_id.in_([one.id for one in due]), Registration.state.in_(THERE)
    )
    some = set(held.tx.scalars(wanted_people.distinct()))
    owed = list[Owed]()
    for one in due:
        if held.now < one.starts_at + timedelta(minutes=one.minutes) and one.id in some:
            key = f"classes-list-{one.id}-{one.sequence}"
            teacher = teachers[one.class_id]
            people = {key: teacher} if teacher else {f"{key}-{each}": each for each in nobody_else}
            owed += [Owed(Kind.CLASSES_ATTENDANCE, one.id, name, recipient=each)
                     for name, each in people.items()]  # fmt: skip
        one.listed_at = held.now
        _next(one)
    tell_many(held, owed)
    return True


def _due(held: Held, not_yet: ColumnElement[bool], before: timedelta) -> Sequence[ClassDate]:
    held.tx.flush()
    wanted = (
        select(ClassDate)
        .where(ClassDate.term_id == held.term.id, ClassDate.state == DateState.PLANNED.value, not_yet)
        .where(ClassDate.starts_at <= held.now + before)
        .order_by(ClassDate.starts_at, ClassDate.id)
    )
    return held.tx.scalars(wanted.execution_options(populate_existing=True)).all()


def _next(one: ClassDate) -> None:
    one.next_at = date_next(
        one.state, one.starts_at, one.minutes, reminded=one.reminded_at is not None,
        listed=one.listed_at is not None,
    )  # fmt: skip
