"""What classes decide with: one lock a term, and conditional steps from state to state.

Order of locks: outbox rows, then the term, then whatever belongs to it. Whoever reads a row of a term before
it is locked reads it again afterwards.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes import (
    STEPS,
    Bought,
    NoSuchClass,
    NoSuchDate,
    NoSuchMembership,
    NoSuchPurchase,
    NoSuchTerm,
    StaffOnly,
)
from domain.classes_dates import Days
from domain.messages import Kind
from domain.presses import Press
from services import audit, standing_messages
from services.owing import Owed, owe
from store import queries
from store.classes import ClassDate, ClassSetup, Term, WeeklyClass
from store.classes_sold import Enrolment, Membership, Purchase
from store.core import PersonRow
from store.database import Database


@dataclass(frozen=True)
class Held:
    """One change of a term: its transaction, the term, which is locked, when it happens, and by whom.

    *by* is a user id, or empty where time or Stripe does it.
    """

    tx: Session
    db: Database
    term: Term
    now: datetime
    by: str = ""

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.term.team_id

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """Note a change in the audit log. No names, no addresses."""
        about = subject or f"class session {self.term.id}"
        audit.of_classes(self.tx, self.team_id, about, action, self.now, actor=self.by, **detail)


@contextmanager
def changing(
    db: Database, team_id: str, term_id: int, *, now: datetime, by: str = "", press: Press | None = None
) -> Iterator[Held]:
    """A transaction that changes a term, or what belongs to it, alone. Raises NoSuchTerm.

    *press* is the press that asks for it, in a message of ours.
    """
    with db.transaction() as tx:
        if press is not None:
            pressed(tx, db, team_id, press)
        held = Held(tx, db, hold(tx, team_id, term_id), now, by)
        yield held
        tx.flush()


def hold(tx: Session, team_id: str, term_id: int) -> Term:
    """The term, locked: about one term one decides after the other. Raises NoSuchTerm."""
    wanted = select(Term).where(Term.team_id == team_id, Term.id == term_id)
    found = tx.scalars(queries.locked(wanted).execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchTerm
    return found


def days_of(term: Term) -> Days:
    """A term's days, as the rules about dates count them."""
    closed = frozenset(date.fromisoformat(day) for day in term.closed_days)
    return Days(term.starts_on, term.ends_on, term.zone, closed)


# --- Which term something belongs to: read first, then lock, then read again --------------------------


def term_of_class(db: Database, team_id: str, class_id: int) -> int:
    """The term of a class, 0 for one that belongs to none. Raises NoSuchClass."""
    wanted = select(WeeklyClass).where(WeeklyClass.team_id == team_id, WeeklyClass.id == class_id)
    with db.reading() as tx:
        found = tx.scalars(wanted).one_or_none()
        if found is None:
            raise NoSuchClass
        return found.term_id or 0


def term_of_date(db: Database, team_id: str, date_id: int) -> int:
    """The term of a date. Raises NoSuchDate."""
    with db.reading() as tx:
        found = tx.scalar(
            select(ClassDate.term_id).where(ClassDate.team_id == team_id, ClassDate.id == date_id)
        )
    if found is None:
        raise NoSuchDate
    return found


def term_of_membership(db: Database, team_id: str, membership_id: int) -> int:
    """The term of a membership. Raises NoSuchMembership."""
    wanted = select(Membership.term_id).where(Membership.team_id == team_id, Membership.id == membership_id)
    with db.reading() as tx:
        found = tx.scalar(wanted)
    if found is None:
        raise NoSuchMembership
    return found


def term_of_purchase(db: Database, team_id: str, purchase_id: int) -> int:
    """The term of a purchase. Raises NoSuchPurchase."""
    with db.reading() as tx:
        found = tx.scalar(
            select(Purchase.term_id).where(Purchase.team_id == team_id, Purchase.id == purchase_id)
        )
    if found is None:
        raise NoSuchPurchase
    return found


# --- Rows of a term that is locked ---------------------------------------------------------------------


def membership(held: Held, membership_id: int) -> Membership:
    """A membership of this term, as it is now. Raises NoSuchMembership."""
    wanted = select(Membership).where(Membership.term_id == held.term.id, Membership.id == membership_id)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchMembership
    return found


def purchase(held: Held, purchase_id: int) -> Purchase:
    """A purchase of this term, as it is now. Raises NoSuchPurchase."""
    held.tx.flush()
    wanted = select(Purchase).where(Purchase.term_id == held.term.id, Purchase.id == purchase_id)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchPurchase
    return found


def class_of(held: Held, class_id: int) -> WeeklyClass:
    """A class of this term, as it is now. Raises NoSuchClass."""
    wanted = select(WeeklyClass).where(WeeklyClass.term_id == held.term.id, WeeklyClass.id == class_id)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchClass
    return found


def date_of(held: Held, date_id: int) -> ClassDate:
    """A date of this term, as it is now. Raises NoSuchDate."""
    held.tx.flush()
    wanted = select(ClassDate).where(ClassDate.term_id == held.term.id, ClassDate.id == date_id)
    found = held.tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchDate
    return found


def enrolments(held: Held, purchase_id: int) -> Sequence[Enrolment]:
    """The classes of a purchase that have not ended, in the order of their ids."""
    held.tx.flush()
    wanted = (
        select(Enrolment)
        .where(Enrolment.purchase_id == purchase_id, Enrolment.ended_at.is_(None))
        .order_by(Enrolment.class_id)
    )
    return held.tx.scalars(wanted.execution_options(populate_existing=True)).all()


def step(one: Purchase, to: Bought) -> bool:
    """Bring a purchase into another state, if it may come into it from where it stands; whether it did."""
    if Bought(one.state) not in STEPS.get(to, ()):
        return False
    one.state = to.value
    one.version += 1
    return True


# --- People --------------------------------------------------------------------------------------------


def setup_of(tx: Session, team_id: str) -> ClassSetup:
    """What administrators set; as it begins where they set nothing."""
    found = tx.get(ClassSetup, team_id)
    return found or ClassSetup(
        team_id=team_id, staff=[], waitlist_mode="offer", free_hours=12, currency="USD", changed_by=""
    )


def is_staff(tx: Session, team_id: str, user_id: str, *, admin: bool) -> bool:
    """Whether somebody sells and keeps the classes: administrators, and whom they named."""
    return admin or user_id in setup_of(tx, team_id).staff


def only_staff(db: Database, team_id: str, user_id: str, *, admin: bool) -> None:
    """Raises StaffOnly for anybody else. For a door, at each press."""
    with db.reading() as tx:
        if not is_staff(tx, team_id, user_id, admin=admin):
            raise StaffOnly


def staff(tx: Session, team_id: str) -> list[str]:
    """Whom staff messages go to: who was named, else the administrators as Slack knows them."""
    named = [str(one) for one in setup_of(tx, team_id).staff]
    wanted = select(PersonRow.user_id).where(PersonRow.team_id == team_id, PersonRow.deleted.is_(False))
    found = wanted.where(PersonRow.user_id.in_(named) if named else PersonRow.is_admin)
    return sorted(tx.scalars(found))


# --- Telling people ------------------------------------------------------------------------------------


def tell(held: Held, kind: Kind, subject_id: int, user_id: str, key: str, **params: Any) -> None:
    """Owe somebody a direct message, once for this *key*."""
    tell_many(held, [Owed(kind, subject_id, f"classes-{key}"[:120], recipient=user_id, params=params)])


def tell_many(held: Held, owed: Sequence[Owed]) -> int:
    """The same for many people in one statement; their keys begin with "classes-". How many were new."""
    return owe(held.tx, held.db, held.team_id, [one for one in owed if one.recipient])


def tell_staff(held: Held, kind: Kind, subject_id: int, key: str, **params: Any) -> None:
    """Owe all class staff a direct message, each once for this *key*."""
    for one in staff(held.tx, held.team_id):
        tell(held, kind, subject_id, one, f"{key}-{one}", **params)


def pressed(tx: Session, db: Database, team_id: str, press: Press) -> None:
    """A press proves that its message stands there. Before ``hold``: outbox rows are locked first."""
    standing_messages.pressed(tx, db, team_id, press, "classes")


def redraw(
    held: Held, kinds: Collection[Kind], subject_ids: Collection[int], press: Press | None = None
) -> None:
    """Owe the newest state to every message of these kinds about these subjects, wherever it stands."""
    standing_messages.redraw(
        held.tx, held.db, held.team_id, kinds, subject_ids, by=Kind.CLASSES_REDRAW, press=press
    )
