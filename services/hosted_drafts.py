"""A form that was closed, or could not be saved, is kept for 24 hours: [Continue Draft]."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from store.database import Database


def put(
    db: Database, team_id: str, user_id: str, form: Mapping[str, Any], *, key: str, now: datetime
) -> None:
    """Keep what was typed into the form *key*, instead of what was kept before; nothing if it was saved."""
    raise NotImplementedError


def read(db: Database, team_id: str, user_id: str, *, now: datetime) -> dict[str, Any] | None:
    """What was typed, and not saved, in the last 24 hours; None if there is nothing."""
    raise NotImplementedError


def drop(db: Database, team_id: str, user_id: str, *, key: str) -> None:
    """Forget the draft of the form *key*: it was saved."""
    raise NotImplementedError


def waits(tx: Session, team_id: str, user_id: str, *, now: datetime) -> bool:
    """Whether [Continue Draft] is offered."""
    raise NotImplementedError
