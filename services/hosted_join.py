"""What a guest does at the door of a session, and what the host lets happen there."""

from datetime import datetime

from domain.hosted import Done, Press
from store.database import Database


def admit(
    db: Database, team_id: str, participant_id: int, *, by: str, now: datetime, press: Press | None = None
) -> Done:
    """[Admit]: the host lets somebody in who waits at the door. Raises NotYourSession, NoSuchGuest."""
    raise NotImplementedError
