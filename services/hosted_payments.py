"""Payments by participants, as hosted sessions call them.

What holds for every payment is in services/payments.py; services/hosted_bills.py says when bills of
participants begin, change and end, and services/hosted_payable.py what follows for their session.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.hosted import Done, NoSuchGuest
from services import payments
from services.hosted_bills import (
    back,
    cancelled,
    change_fee,
    charge,
    due_of,
    left,
    lets_in,
    link_sent,
    renew_link,
    restored,
)
from services.ports import Deps
from store.database import Database
from store.hosted import HostedParticipant
from store.payments import Bill

__all__ = [
    "back", "cancelled", "change_fee", "charge", "due_of", "left", "lets_in", "link_sent", "refund",
    "renew_link", "restored", "waive",
]  # fmt: skip


def waive(deps: Deps, participant_id: int, reason: str, *, by: str, now: datetime) -> Done:
    """[Waive Payment]; see ``payments.waive``. Raises NotYourSession and NoSuchGuest too."""
    with deps.db.reading() as tx:
        bill_id, session_id = _found(tx, deps.team_id, participant_id)
    done = payments.waive(deps, bill_id, reason, by=by, now=now)
    return Done(done.changed, done.said, session_id)


def refund(
    db: Database,
    team_id: str,
    participant_id: int,
    amount: int | None,
    *,
    by: str,
    now: datetime,
    key: str = "",
) -> Done:
    """[Refund]; see ``payments.refund``. Raises NotYourSession and NoSuchGuest too."""
    with db.reading() as tx:
        bill_id, session_id = _found(tx, team_id, participant_id)
    done = payments.refund(db, team_id, bill_id, amount, by=by, now=now, key=key)
    return Done(done.changed, done.said, session_id)


def _found(tx: Session, team_id: str, participant_id: int) -> tuple[int, int]:
    """A participant's bill and session."""
    wanted = select(Bill.id, HostedParticipant.session_id).join(
        HostedParticipant, HostedParticipant.id == Bill.participant_id
    )
    found = tx.execute(
        wanted.where(Bill.team_id == team_id, Bill.participant_id == participant_id)
    ).one_or_none()
    if found is None:
        raise NoSuchGuest
    return found[0], found[1]
