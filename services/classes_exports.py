"""What class staff may take along: dates of classes, registrations, memberships and waitlists, row by row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from domain import money
from domain.classes_dates import title
from domain.exports import Cell, Export, Form, What, stamp
from domain.messages import Kind
from domain.schedule import zone_names
from services import audit
from services.classes import is_staff
from services.delivery import Skip
from services.owing import Owed, owe
from store.classes import ClassDate, ClassType, Term, WeeklyClass
from store.classes_sold import Enrolment, Membership, Purchase, Registration, Waiting
from store.core import PersonRow
from store.database import Database
from store.outbox import Outbox
from store.payments import Bill

Row = Sequence[Cell]
STREAMED = {"yield_per": 1000}


def ask(
    db: Database, team_id: str, user: str, what: What, form: Form, *, admin: bool, key: str, now: datetime
) -> bool:
    """Owe somebody of the staff a file; False if the form with this *key* asked already.

    The caller has looked whether *user* is staff; whether they still are is looked at when it is made.
    """
    owed = Owed(
        Kind.EXPORT,
        0,
        f"export-classes-{key}"[:120],
        recipient=user,
        users=(user,),  # the conversation is opened first: files go to nothing else
        params={"what": what.value, "form": form.value, "admin": admin},
    )
    with db.transaction() as tx:
        new = owe(tx, db, team_id, [owed]) > 0
        if new:
            audit.of_classes(tx, team_id, "class sessions", "export", now, actor=user, what=what.value)
        return new


def load(tx: Session, row: Outbox) -> Export | Skip:
    """What the file is about."""
    person = tx.get(PersonRow, (row.team_id, row.recipient))
    if person is None or person.deleted:
        return Skip("deactivated")
    if not is_staff(tx, row.team_id, row.recipient, admin=bool(row.params.get("admin"))):
        return Skip("not of the staff any more")
    return Export(
        team_id=row.team_id,
        what=What(row.params["what"]),
        program_ids=(),
        locale=person.locale,
        form=Form(row.params["form"]),
        zone=person.tz if person.tz in zone_names() else "",
    )


def _dates(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(ClassDate, WeeklyClass, ClassType.name, Term)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .join(Term, Term.id == ClassDate.term_id)
        .where(ClassDate.team_id == wanted.team_id)
        .order_by(Term.starts_on, Term.id, ClassDate.starts_at, ClassDate.id),
        execution_options=STREAMED,
    )
    for one, weekly, kind, term in rows:
        yield (
            term.id, term.name, term.state, weekly.id, _title(kind, weekly), weekly.teacher_id, weekly.place,
            one.id, stamp(one.starts_at), stamp(one.starts_at, term.zone), one.minutes, one.state, one.places,
            one.taken, one.why,
        )  # fmt: skip


def _registrations(tx: Session, wanted: Export) -> Iterator[Row]:
    rows = tx.execute(
        select(Registration, ClassDate.starts_at, WeeklyClass, ClassType.name, Term, PersonRow.name, Purchase)
        .join(ClassDate, ClassDate.id == Registration.date_id)
        .join(WeeklyClass, WeeklyClass.id == ClassDate.class_id)
        .join(ClassType, ClassType.id == WeeklyClass.type_id)
        .join(Term, Term.id == ClassDate.term_id)
        .outerjoin(Enrolment, Enrolment.id == Registration.enrolment_id)
        .outerjoin(Purchase, Purchase.id == Enrolment.purchase_id)
        .outerjoin(PersonRow, _named(Registration.user_id, wanted))
        .where(Registration.team_id == wanted.team_id)
        .order_by(Term.starts_on, ClassDate.starts_at, ClassDate.id, Registration.id),
        execution_options=STREAMED,
    )
    for one, starts_at, weekly, kind, term, name, bought in rows:
        yield (
            one.id, term.name, weekly.id, _title(kind, weekly), one.date_id, stamp(starts_at),
            stamp(starts_at, term.zone), one.user_id, name, bought.name if bought else "",
            bought.id if bought else None, one.state, "yes" if one.make_up else "no", stamp(one.coming_at),
            stamp(one.changed_at),
        )  # fmt: skip


def _purchases(tx: Session, wanted: Export) -> Iterator[Row]:
    paid = (
        select(
            Bill.purchase_id, func.count(), func.sum(Bill.paid).label("paid"),
            func.sum(Bill.refunded).label("refunded"),
        )
        .where(Bill.team_id == wanted.team_id, Bill.purchase_id.is_not(None), Bill.paid > 0)
        .group_by(Bill.purchase_id)
        .subquery()
    )  # fmt: skip
    rows = tx.execute(
        select(Purchase, Term.name, PersonRow.name, paid)
        .join(Term, Term.id == Purchase.term_id)
        .outerjoin(paid, paid.c.purchase_id == Purchase.id)
        .outerjoin(PersonRow, _named(Purchase.user_id, wanted))
        .where(Purchase.team_id == wanted.team_id)
        .order_by(Term.starts_on, Purchase.id),
        execution_options=STREAMED,
    )
    for one, term, name, _, payments, received, refunded in rows:
        yield (
            one.id, term, one.name, one.user_id, name, one.state, one.plan, one.lessons, one.weeks,
            stamp(one.bought_at), stamp(one.active_at), stamp(one.over_at), one.currency,
            money.written(one.amount, one.currency), money.written(one.later_amount, one.currency),
            payments or 0, money.written(int(received or 0), one.currency),
            money.written(int(refunded or 0), one.currency), one.sold_by, one.sold_why,
        )  # fmt: skip


def _waiting(tx: Session, wanted: Export) -> Iterator[Row]:
    of_date = aliased(WeeklyClass)
    rows = tx.execute(
        select(Waiting, Term.name, WeeklyClass, ClassType.name, ClassDate.starts_at, Membership.name,
               PersonRow.name)
        .join(Term, Term.id == Waiting.term_id)
        .outerjoin(ClassDate, ClassDate.id == Waiting.date_id)
        .outerjoin(of_date, of_date.id == ClassDate.class_id)
        .outerjoin(WeeklyClass, WeeklyClass.id == func.coalesce(Waiting.class_id, of_date.id))
        .outerjoin(ClassType, ClassType.id == WeeklyClass.type_id)
        .outerjoin(Membership, Membership.id == Waiting.membership_id)
        .outerjoin(PersonRow, _named(Waiting.user_id, wanted))
        .where(Waiting.team_id == wanted.team_id)
        .order_by(Term.starts_on, Waiting.class_id, Waiting.date_id, Waiting.rank),
        execution_options=STREAMED,
    )  # fmt: skip
    for one, term, weekly, kind, starts_at, membership, name in rows:
        yield (
            one.id, term, weekly.id if weekly else None, _title(kind, weekly) if weekly else "", one.date_id,
            stamp(starts_at), membership, one.user_id, name, one.with_id, one.state, stamp(one.joined_at),
            stamp(one.offered_at), stamp(one.offer_until), stamp(one.over_at),
        )  # fmt: skip


def _title(kind: str, weekly: Any) -> str:
    return str(title(kind, weekly.weekday, weekly.minute))


def _named(user_id: Any, wanted: Export) -> ColumnElement[bool]:
    return and_(PersonRow.team_id == wanted.team_id, PersonRow.user_id == user_id)


ROWS: dict[What, Callable[[Session, Export], Iterator[Row]]] = {
    What.CLASSES: _dates,
    What.REGISTRATIONS: _registrations,
    What.MEMBERSHIPS: _purchases,
    What.WAITLISTS: _waiting,
}
