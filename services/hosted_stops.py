"""Numbers that want no texts: who answered STOP, until they answer START.

A number is known here by its keyed hash, so that the list of those who want nothing names nobody.
"""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from services.outside import Vault
from store import queries
from store.database import Database
from store.hosted import StoppedPhone

MARK = "phone"  # the purpose of the hash
PLACE = "stopped phone"  # where the sealed number stands


def stopped(tx: Session, vault: Vault, phone: str) -> bool:
    """Whether nothing may be sent to *phone*, a number in E.164."""
    marks = vault.marks(phone, MARK)
    return bool(tx.scalar(select(exists().where(StoppedPhone.phone.in_(marks)))))


def stop(db: Database, team_id: str, vault: Vault, phone: str, now: datetime) -> bool:
    """Send nothing to *phone* any more; False if nothing was sent there before."""
    with db.transaction() as tx:
        if stopped(tx, vault, phone):
            return False
        row = {
            "team_id": team_id,
            "phone": vault.mark(phone, MARK),
            "sealed": vault.seal(phone, PLACE),
            "at": now,
        }
        return queries.insert_new(tx, StoppedPhone, [row], keys=["team_id", "phone"]) > 0


def start(db: Database, team_id: str, vault: Vault, phone: str) -> bool:
    """Send to *phone* again; False if it was not stopped."""
    marks = vault.marks(phone, MARK)
    with db.transaction() as tx:
        gone = delete(StoppedPhone).where(StoppedPhone.team_id == team_id, StoppedPhone.phone.in_(marks))
        return tx.execute(gone.returning(StoppedPhone.phone)).first() is not None
