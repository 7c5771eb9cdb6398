"""What App Home says of mentoring to whoever takes part, or may join."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.mentoring_home import MyProgram


def mine(tx: Session, team_id: str, user_id: str, *, now: datetime) -> tuple[MyProgram, ...]:
    """The programs somebody takes part in, and those they may join."""
    return ()
