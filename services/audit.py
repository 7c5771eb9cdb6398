"""The record of changes: who changed what, and when. What time or a rule changed has no actor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from store.core import Audit, Occurrence, Program, SeriesRow

NOBODY = ""  # it was due, or a rule said so


def note(
    tx: Session, row: Occurrence, action: str, now: datetime, *, actor: str = NOBODY, **detail: Any
) -> None:
    """Note a change of a session, in the transaction that makes it."""
    _add(tx, row.team_id, f"session {row.id}", action, actor, now, {"state": row.state, **detail})


def of_series(tx: Session, row: SeriesRow, action: str, actor: str, now: datetime) -> None:
    """Note who changed a series, and how it stands now."""
    detail = {"anchor": row.anchor.isoformat(), "weeks": row.weeks, "zone": row.zone}
    _add(tx, row.team_id, f"series {row.id}", action, actor, now, detail)


def of_program(
    tx: Session, row: Program, action: str, actor: str, now: datetime, detail: dict[str, Any]
) -> None:
    """Note who changed a program, and what."""
    _add(tx, row.team_id, f"program {row.id}", action, actor, now, detail)


def of_mentoring(
    tx: Session, team_id: str, subject: str, action: str, now: datetime, *, actor: str = NOBODY, **detail: Any
) -> None:
    """Note a change of a participant, request or match; *subject* says which, as "match 7"."""
    _add(tx, team_id, subject, action, actor, now, detail)


def of_hosted(
    tx: Session, team_id: str, subject: str, action: str, now: datetime, *, actor: str = NOBODY, **detail: Any
) -> None:
    """Note a change of a hosted session, its participants or their bills, or a refusal about them."""
    _add(tx, team_id, subject, action, actor, now, detail)


def of_classes(
    tx: Session, team_id: str, subject: str, action: str, now: datetime, *, actor: str = NOBODY, **detail: Any
) -> None:
    """Note a change of a term, its classes and memberships, or of what somebody bought."""
    _add(tx, team_id, subject, action, actor, now, detail)


def of_many(
    tx: Session, team_id: str, subjects: Mapping[str, str], action: str, now: datetime, **detail: Any
) -> None:
    """Note one change of many subjects, each by its actor, in one statement."""
    rows = [
        {
            "team_id": team_id,
            "at": now,
            "actor": actor,
            "action": action,
            "subject": subject,
            "detail": detail,
        }
        for subject, actor in subjects.items()
    ]
    if rows:
        tx.execute(insert(Audit), rows)


def _add(
    tx: Session, team_id: str, subject: str, action: str, actor: str, now: datetime, detail: dict[str, Any]
) -> None:
    tx.add(Audit(team_id=team_id, at=now, actor=actor, action=action, subject=subject, detail=detail))
