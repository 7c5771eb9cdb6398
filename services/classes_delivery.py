"""What follows when a message of classes was sent, or was given up."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.classes_facts import News
from domain.messages import Kind, Method
from services import classes_calendar, classes_facts
from services.classes import Held, hold
from services.delivery import Skip, product_time
from services.owing import Redraw, owe_redraws
from store.classes import ClassDate
from store.classes_sold import Purchase, Registration, Waiting
from store.database import Database
from store.outbox import Outbox

CALLS_OFF = ("cancelled", "class_cancelled")
IN_SLACK = (Method.POST, Method.UPDATE, Method.REPLACE)


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known. Called while its row is locked, before any lock of a term.

    What it is about may have changed while it was on its way, when nobody knew where to draw it anew.
    """
    kind = Kind(row.kind)
    if row.state == "sent" and row.params.get("what") in CALLS_OFF and kind is Kind.CLASSES_OVER:
        _renew_calendar(tx, db, row)
    if row.state != "sent" or not row.ts or row.method not in IN_SLACK or "now" not in tx.info:
        return
    is_old, term_id = OLD.get(kind), _term_of(tx, row, kind)
    if is_old is None or term_id is None:
        return
    hold(tx, row.team_id, term_id)  # whoever changes it comes before us, or sees the message
    told = classes_facts.DRAWN[kind](tx, row)
    if not isinstance(told, Skip) and is_old(told):
        owe_redraws(tx, db, row.team_id, Kind.CLASSES_REDRAW, [Redraw(row.id)])


def _renew_calendar(tx: Session, db: Database, row: Outbox) -> None:
    """Who has the file of their classes gets one that takes them out, after the message that says why."""
    term_id = _term_of(tx, row, Kind.CLASSES_OVER)
    if term_id is not None and "now" in tx.info:
        held = Held(tx, db, hold(tx, row.team_id, term_id), product_time(tx))
        classes_calendar.renew(held, [row.subject_id])


def _term_of(tx: Session, row: Outbox, kind: Kind) -> int | None:
    """The term of what a message is about."""
    if kind in OF_PURCHASE or (kind is Kind.CLASSES_NEWS and row.params.get("what") == "unallocated"):
        return tx.scalar(
            select(Purchase.term_id).where(Purchase.team_id == row.team_id, Purchase.id == row.subject_id)
        )
    if kind in (Kind.CLASSES_DATE, Kind.CLASSES_REMINDER):
        return tx.scalar(
            select(ClassDate.term_id)
            .join(Registration, Registration.date_id == ClassDate.id)
            .where(Registration.team_id == row.team_id, Registration.id == row.subject_id)
        )
    if kind is Kind.CLASSES_OFFER:
        return tx.scalar(
            select(Waiting.term_id).where(Waiting.team_id == row.team_id, Waiting.id == row.subject_id)
        )
    return None


OF_PURCHASE = (Kind.CLASSES_ASKED, Kind.CLASSES_REQUEST, Kind.CLASSES_PAY, Kind.CLASSES_OVER)
# whether what is told now is not what a message says that was made while everything stood as expected
OLD: dict[Kind, Callable[[Any], bool]] = {
    Kind.CLASSES_ASKED: lambda told: told.state != "pending_approval",
    Kind.CLASSES_REQUEST: lambda told: told.state != "pending_approval",
    Kind.CLASSES_PAY: lambda told: told.state != "open",
    Kind.CLASSES_OVER: lambda told: told.what in ("suspended", "expired") and not told.open,
    Kind.CLASSES_DATE: lambda told: told.state != "registered" or not told.open,
    Kind.CLASSES_REMINDER: lambda told: told.state != "registered" or not told.open,
    Kind.CLASSES_OFFER: lambda told: told.state != "offered",
    Kind.CLASSES_NEWS: lambda told: isinstance(told, News) and not told.open,
}
