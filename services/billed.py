"""Which area a bill belongs to, and how what it is for is found and locked."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import NoSuchLink
from services import classes_payable, hosted_payable
from services.payables import Account, Payable
from store.database import Database
from store.payments import Bill

# ``opener(tx, db, team_id, subject_id, now=, by=, lock=)``; None where it is not there any more
Opener = Callable[..., Payable | None]
OPENERS: dict[str, Opener] = {
    "participant_id": hosted_payable.open_of,
    "purchase_id": classes_payable.open_of,
}


def opened(tx: Session, db: Database, team_id: str, bill_id: int, *, now: datetime, by: str = "") -> Account:
    """A bill, and what it is for, locked before the bill is read. Raises NoSuchLink."""
    tx.flush()
    payable = open_of(tx, db, team_id, bill_id, now=now, by=by)
    wanted = select(Bill).where(Bill.team_id == team_id, Bill.id == bill_id)
    bill = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if payable is None or bill is None:
        raise NoSuchLink
    return Account(payable, bill)


def open_of(
    tx: Session,
    db: Database,
    team_id: str,
    bill_id: int,
    *,
    now: datetime,
    by: str = "",
    lock: bool = True,
) -> Payable | None:
    """What a bill is for, locked unless it is only read; None where there is no such bill."""
    wanted = select(*(getattr(Bill, column) for column in OPENERS))
    found = tx.execute(wanted.where(Bill.team_id == team_id, Bill.id == bill_id)).one_or_none()
    for column, subject_id in zip(OPENERS, found or (), strict=False):
        if subject_id is not None:
            return OPENERS[column](tx, db, team_id, subject_id, now=now, by=by, lock=lock)
    return None
