"""What follows when a message of classes was sent, or was given up."""

from sqlalchemy.orm import Session

from store.database import Database
from store.outbox import Outbox


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """A message's fate is known. Called while its row is locked, before any lock of a term."""
