"""A new key: links to pay pages that no area makes anew with what is paid for, one bill at a time.

It may be stopped and run again at any moment; what is done already stays.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import select

from domain.billing import NoSuchLink
from services import bills
from services.billed import opened
from services.outside import CannotUnseal, Vault
from store.database import Database
from store.payments import Bill


@dataclass(frozen=True)
class Rotated:
    """How many rows were made anew, and how many nobody can read: their key is not there any more."""

    changed: int = 0
    unreadable: int = 0

    def __add__(self, other: "Rotated") -> "Rotated":
        return Rotated(self.changed + other.changed, self.unreadable + other.unreadable)


def rotate(db: Database, vault: Vault, *, now: datetime) -> Rotated:
    """Seal and mark with the newest key whatever another one was used for."""
    with db.reading() as tx:
        wanted = select(Bill.team_id, Bill.id).order_by(Bill.id)
        # those of hosted sessions are made anew with their session: services/hosted_keys.py
        every = tx.execute(wanted.where(Bill.participant_id.is_(None), Bill.link_sealed != "")).all()
    total = Rotated()
    for team_id, bill_id in every:
        total += db.retrying(partial(_one, db, vault, team_id, bill_id, now))
    return total


def _one(db: Database, vault: Vault, team_id: str, bill_id: int, now: datetime) -> Rotated:
    with db.transaction() as tx:
        try:
            account = opened(tx, db, team_id, bill_id, now=now)
            return Rotated(changed=int(bills.reseal(vault, account.payable.key, account.bill)))
        except NoSuchLink:  # gone meanwhile
            return Rotated()
        except CannotUnseal:
            return Rotated(unreadable=1)
