"""A member's classes as a calendar file; who has one gets its newest version."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import TAKES, Bought, DateState, Done, NotYours
from domain.classes_dates import begins, title
from domain.classes_facts import Moved, Weekly
from domain.messages import Kind
from domain.text import say
from services.classes import Held, changing, purchase, tell_many, term_of_purchase
from services.owing import Owed
from store import queries
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Purchase, Registration
from store.database import Database
from store.outbox import Outbox

STANDS = (Bought.ACTIVE, Bought.SUSPENDED)
TAKING = frozenset(one.value for one in TAKES)


# --- Owed -----------------------------------------------------------------------------------------------


def send(db: Database, team_id: str, purchase_id: int, *, user_id: str, now: datetime) -> Done:
    """[Add to Calendar]: owe the member the file of their classes. Raises NoSuchPurchase, NotYours."""
    with changing(db, team_id, term_of_purchase(db, team_id, purchase_id), now=now, by=user_id) as held:
        one = purchase(held, purchase_id)
        if one.user_id != user_id:
            raise NotYours
        if one.state not in STANDS:
            return Done(changed=False, said=say("This membership is not active."), id=one.id)
        new = _owe(held, {one.id: one.user_id})
        return Done(changed=new > 0, said=say("The file is on its way to you."), id=one.id)


def renew(held: Held, purchase_ids: Collection[int]) -> None:
    """Owe a newer file to those who asked for one of these purchases."""
    known = dict[int, str]()
    wanted = sorted(purchase_ids)
    for at in range(0, len(wanted), queries.CHUNK):
        rows = held.tx.execute(
            select(Outbox.subject_id, Outbox.recipient)
            .where(
                Outbox.team_id == held.team_id,
                Outbox.kind == Kind.CLASSES_CALENDAR,
                Outbox.subject_id.in_(wanted[at : at + queries.CHUNK]),
            )
            .distinct()
        )
        known |= {purchase_id: user_id for purchase_id, user_id in rows}
    _owe(held, known)


def _owe(held: Held, wanted: Mapping[int, str]) -> int:
    """Owe the file of each purchase to its member: one that has not left yet will say the newest.

    How many were new.
    """
    second, leaving = int(held.now.timestamp()), _leaving(held, sorted(wanted))
    return tell_many(held, [
        Owed(Kind.CLASSES_CALENDAR, purchase_id, f"classes-calendar-{purchase_id}-{second}",
             recipient=user_id, users=(user_id,))
        for purchase_id, user_id in sorted(wanted.items())
        if purchase_id not in leaving
    ])  # fmt: skip


def _leaving(held: Held, purchase_ids: Sequence[int]) -> set[int]:
    """Those whose file waits to be made."""
    found = set[int]()
    for at in range(0, len(purchase_ids), queries.CHUNK):
        found |= set(held.tx.scalars(
            select(Outbox.subject_id).where(
                Outbox.team_id == held.team_id, Outbox.kind == Kind.CLASSES_CALENDAR,
                Outbox.subject_id.in_(purchase_ids[at : at + queries.CHUNK]), Outbox.state == "pending",
            )
        ))  # fmt: skip
    return found


# --- What is in it --------------------------------------------------------------------------------------


def entries(tx: Session, one: Purchase, term: Term) -> tuple[Weekly, ...]:
    """One weekly entry for each class of a purchase, and one for each make-up lesson.

    An entry tells of the dates somebody has a place at. Its sequence grows with whatever changes them:
    the time of the last change of a registration, and the sequences of the dates.
    """
    classes = tx.execute(
        select(Enrolment, WeeklyClass, ClassType.name)
        .join(WeeklyClass, WeeklyClass.id == Enrolment.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(Enrolment.purchase_id == one.id)
        .order_by(WeeklyClass.weekday, WeeklyClass.minute, Enrolment.id)
    ).all()
    dates = defaultdict[int, list[Any]](list)
    for row in _registrations(tx, one.id):
        dates[row.enrolment_id].append(row)
    found = list[Weekly]()
    for enrolment, cls, type_name in classes:
        mine = dates[enrolment.id]
        weekly = [row for row in mine if not row.make_up]
        if weekly:
            found.append(
                _weekly(one, term, enrolment, cls, title(type_name, cls.weekday, cls.minute), weekly)
            )
        found += [_single(one, row) for row in mine if row.make_up]
    return tuple(found)


def _registrations(tx: Session, purchase_id: int) -> Any:
    """All registrations of a purchase, whatever became of them, with their dates and classes."""
    return tx.execute(
        select(
            Registration.id, Registration.enrolment_id, Registration.state, Registration.make_up,
            Registration.changed_at, ClassDate.day, ClassDate.starts_at, ClassDate.minutes,
            ClassDate.sequence, ClassDate.extra, ClassDate.state.label("date_state"), WeeklyClass.place,
            WeeklyClass.weekday, WeeklyClass.minute, ClassType.name,
        )
        .join(Enrolment, Enrolment.id == Registration.enrolment_id)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .where(Enrolment.purchase_id == purchase_id)
        .order_by(ClassDate.day, Registration.id)
    ).all()  # fmt: skip


def _weekly(
    one: Purchase, term: Term, enrolment: Enrolment, cls: WeeklyClass, class_: str, rows: Sequence[Any]
) -> Weekly:
    """From the first to the last weekly date; what somebody has no place at is left out."""

    def slot(on: date) -> datetime:
        return begins(on, cls.minute, term.zone)

    regular = [row for row in rows if not row.extra and row.day.weekday() == cls.weekday]
    days = [row.day for row in regular] or [rows[0].day]
    here = [row for row in rows if _takes(row)]
    there = {row.day for row in here}
    week = [days[0].fromordinal(n) for n in range(days[0].toordinal(), days[-1].toordinal() + 1, 7)]
    extra = [row for row in here if row not in regular]
    moved = [row for row in here if row in regular and row.starts_at != slot(row.day)]
    longer = [row for row in here if row in regular and row not in moved and row.minutes != cls.minutes]
    return Weekly(
        uid=f"classes-{enrolment.id}.{one.team_id.lower()}@sessions",
        sequence=_sequence(one, rows),
        class_=class_,
        place=cls.place,
        first_at=slot(days[0]),
        last_at=slot(days[-1]),
        minutes=cls.minutes,
        left_out=tuple(slot(on) for on in week if on not in there),
        moved=tuple(_at(row, slot(row.day)) for row in (*moved, *longer)),
        extra=tuple(_at(row, row.starts_at) for row in extra),
        cancelled=not here or one.state not in (*STANDS, Bought.ENDED),
    )


def _single(one: Purchase, row: Any) -> Weekly:
    """A make-up lesson is at one date."""
    return Weekly(
        uid=f"classes-make-up-{row.id}.{one.team_id.lower()}@sessions",
        sequence=_sequence(one, [row]),
        class_=title(row.name, row.weekday, row.minute),
        place=row.place,
        first_at=row.starts_at,
        last_at=row.starts_at,
        minutes=row.minutes,
        cancelled=not _takes(row) or one.state not in (*STANDS, Bought.ENDED),
    )


def _takes(row: Any) -> bool:
    return bool(row.state in TAKING and row.date_state != DateState.CANCELLED)


def _at(row: Any, slot: datetime) -> Moved:
    return Moved(slot=slot, starts_at=row.starts_at, minutes=row.minutes)


def _sequence(one: Purchase, rows: Sequence[Any]) -> int:
    last: datetime = max(row.changed_at for row in rows)
    seconds = max(0, int((last - one.bought_at).total_seconds()))
    return seconds + sum(int(row.sequence) for row in rows)
