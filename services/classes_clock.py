"""What time does to classes, a term at a time."""

from datetime import datetime

from services.ports import Deps
from store.database import Database


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """The terms in which something is due now."""
    return []


def step(deps: Deps, term_id: int, *, now: datetime) -> bool:
    """Take everything that is due in a term one step further; whether anything moved."""
    raise NotImplementedError
