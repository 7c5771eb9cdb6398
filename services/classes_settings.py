"""What staff set for all classes of a workspace: who is staff, how waitlists work, when skipping is free."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Database


@dataclass(frozen=True)
class Settings:
    """What can be set."""

    staff: tuple[str, ...] = ()  # user ids, beside the administrators
    waitlist_mode: str = "offer"
    free_hours: int = 12  # before a class; skipping is free until then
    currency: str = "USD"  # that a new membership begins with


def settings(db: Database, team_id: str) -> Settings:
    """What is set now."""
    raise NotImplementedError


def save(db: Database, team_id: str, new: Settings, *, by: str, admin: bool, now: datetime) -> None:
    """Keep it. Who is staff stays as it was, unless an administrator says otherwise."""
    raise NotImplementedError
