"""Reminders of hosted sessions: a row each, which is the truth about it."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.hosted import Held
from store.database import Database
from store.hosted import HostedParticipant


def plan(held: Held, one: HostedParticipant) -> None:
    """Plan the reminders of a participant for the session's time as it is now."""
    raise NotImplementedError


def supersede(held: Held, state: str) -> None:
    """None of the reminders that have not left yet will: they are superseded, or cancelled."""
    raise NotImplementedError


def not_sent(tx: Session, reminder_id: int, state: str, reason: str) -> None:
    """A reminder that was owed did not leave: missed, because the session had begun first, or failed.

    For the loader and the ending of its message: *reason* is a marked text. Locks the reminder alone.
    """
    raise NotImplementedError


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Sessions with a reminder that is due."""
    raise NotImplementedError


def send_due(db: Database, team_id: str, session_id: int, *, now: datetime) -> int:
    """Owe what is due of one session, the newest of several to each; how many rows were decided."""
    raise NotImplementedError
