"""What time alone does to a session: it opens, it ends, its codes are wiped; and its host is told."""

from datetime import datetime

from store.database import Database


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Sessions to which time does something now."""
    raise NotImplementedError


def step(db: Database, team_id: str, session_id: int, *, now: datetime) -> bool:
    """Do all that time has brought to one session; whether anything changed."""
    raise NotImplementedError
