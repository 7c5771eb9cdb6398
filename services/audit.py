"""The record of changes: who changed what, and when. What time or a rule changed has no actor."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from store.core import Audit, Occurrence

NOBODY = ""  # it was due, or a rule said so


def note(
    tx: Session, row: Occurrence, action: str, now: datetime, *, actor: str = NOBODY, **detail: Any
) -> None:
    """Note a change of a session, in the transaction that makes it."""
    tx.add(
        Audit(
            team_id=row.team_id,
            at=now,
            actor=actor,
            action=action,
            subject=f"session {row.id}",
            detail={"state": row.state, **detail},
        )
    )
