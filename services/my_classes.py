"""One's own data of classes: all of it in the file, and what becomes of it when it is erased."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.classes import LISTED, LIVE
from domain.errors import Refusal
from services import classes_leaving, classes_waiting
from services.my_rows import named, renamed, rows
from store import queries
from store.base import Base
from store.classes import ClassDate, ClassDraft, ClassSetup, ClassType, Term, WeeklyClass
from store.classes_sold import Credit, Membership, Purchase, Registration, Waiting
from store.core import Audit
from store.database import Database
from store.outbox import Outbox
from store.payments import Bill, Refund

UNSYNCED = {"synchronize_session": False}
# columns that say who did something, or is somebody
WHO: dict[type[Base], tuple[str, ...]] = {
    ClassType: ("created_by",),
    Term: ("created_by", "changed_by"),
    WeeklyClass: ("created_by", "teacher_id"),
    Membership: ("created_by",),
    Purchase: ("user_id", "decided_by", "over_by", "sold_by", "intro_of"),
    Registration: ("user_id",),
    Waiting: ("user_id", "with_id"),
    ClassSetup: ("changed_by",),
}
NAMES: dict[type[Base], str] = {
    ClassType: "class_types",
    Term: "class_sessions",
    WeeklyClass: "classes_taught_or_made",
    Membership: "memberships_made",
    Purchase: "memberships",
    Registration: "class_registrations",
    Waiting: "waitlists",
    ClassSetup: "class_setup_changed",
}


def collect(tx: Session, team_id: str, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is stored about somebody as a member, a teacher and as staff, by what it is."""
    found = {name: rows(tx, table, _by(table, team_id, user_id)) for table, name in NAMES.items()}
    mine = select(Purchase.id).where(Purchase.team_id == team_id, Purchase.user_id == user_id)
    bills = Bill.purchase_id.in_(mine)
    drafts = (ClassDraft.team_id == team_id) & (ClassDraft.user_id == user_id)
    return found | {
        "class_drafts": rows(tx, ClassDraft, drafts),
        "make_up_lessons": rows(tx, Credit, Credit.purchase_id.in_(mine)),
        "class_payments": rows(tx, Bill, bills),
        "class_refunds": rows(tx, Refund, Refund.bill_id.in_(select(Bill.id).where(bills))),
        "class_staff_of": rows(
            tx, ClassSetup, (ClassSetup.team_id == team_id) & named(ClassSetup.staff, user_id)
        ),
    }


def _by(table: Any, team_id: str, user_id: str) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = table.team_id == team_id
    return mine & or_(*(getattr(table, name) == user_id for name in WHO[table]))


# --- Erasing -------------------------------------------------------------------------------------------


def leave_all(db: Database, team_id: str, user_id: str, *, now: datetime) -> None:
    """Before somebody is erased: they leave what they wait for and what they bought, as by [Leave].

    Places are free for others, money goes back by its rule. Each in a transaction of its own; done again it
    goes on where it was broken off.
    """
    with db.reading() as tx:
        waits, bought = listed(tx, team_id, user_id), live(tx, team_id, user_id)
    for waiting_id in waits:
        with suppress(Refusal):  # time was faster
            classes_waiting.leave(db, team_id, waiting_id, user_id=user_id, now=now)
    for purchase_id in bought:
        with suppress(Refusal):
            classes_leaving.leave_own(db, team_id, purchase_id, by=user_id, now=now)


def live(tx: Session, team_id: str, user_id: str) -> Sequence[int]:
    """The purchases that somebody has to leave before they are erased."""
    wanted = select(Purchase.id).where(
        Purchase.team_id == team_id,
        Purchase.user_id == user_id,
        Purchase.state.in_([one.value for one in LIVE]),
    )
    return tx.scalars(wanted.order_by(Purchase.id)).all()


def listed(tx: Session, team_id: str, user_id: str) -> Sequence[int]:
    """The waitlists that they have to leave."""
    wanted = select(Waiting.id).where(
        Waiting.team_id == team_id,
        Waiting.user_id == user_id,
        Waiting.state.in_([one.value for one in LISTED]),
    )
    return tx.scalars(wanted.order_by(Waiting.id)).all()


def unname(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    """Let rows stand for nobody in particular: times, states and amounts stay, so that counts do."""
    told = (Outbox.team_id == team_id) & Outbox.kind.startswith("classes.") & named(Outbox.params, user_id)
    # messages are locked before the rows that they are about, as by a press
    for message in tx.scalars(queries.locked(select(Outbox).where(told).order_by(Outbox.id))).all():
        message.params = renamed(message.params, user_id, nobody)
    tx.flush()
    for table, columns in WHO.items():
        for name in columns:
            column = getattr(table, name)
            theirs = (table.team_id == team_id) & (column == user_id)  # type: ignore[attr-defined]
            tx.execute(update(table).where(theirs).values(**{name: nobody}), execution_options=UNSYNCED)
    written = (Purchase.team_id == team_id) & (Purchase.user_id == nobody)
    blank = {"reason": "", "sold_why": "", "over_why": ""}
    tx.execute(update(Purchase).where(written).values(**blank), execution_options=UNSYNCED)
    drafts = (ClassDraft.team_id == team_id) & (ClassDraft.user_id == user_id)
    tx.execute(delete(ClassDraft).where(drafts), execution_options=UNSYNCED)
    setup = tx.get(ClassSetup, team_id)
    if setup is not None and user_id in setup.staff:
        setup.staff = [one for one in setup.staff if one != user_id]
    undone = (ClassDate.team_id == team_id) & named(ClassDate.undo, user_id)
    for date in tx.scalars(select(ClassDate).where(undone)).all():
        date.undo = renamed(date.undo, user_id, nobody)
    mine = select(Purchase.id).where(Purchase.team_id == team_id, Purchase.user_id == nobody)
    paid = (Bill.team_id == team_id) & Bill.purchase_id.in_(mine)  # the card is not ours to charge any more
    cardless = {"customer": "", "card": "", "link_hash": None, "link_sealed": ""}
    tx.execute(update(Bill).where(paid).values(**cardless), execution_options=UNSYNCED)
    about = (Audit.team_id == team_id) & (Audit.actor == user_id) & _of_classes()
    tx.execute(update(Audit).where(about).values(actor=nobody), execution_options=UNSYNCED)
    tx.flush()


def _of_classes() -> ColumnElement[bool]:
    """What members did to their purchases and places; what staff did as staff stays theirs."""
    about = ("purchase", "registration", "waiting")
    did = or_(*(cast(Audit.subject, String).startswith(f"{one} ") for one in about))
    return did & (Audit.action != "waitlist.moved_to_top")
