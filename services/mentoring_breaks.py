"""A break from all programs holds for mentoring too: nobody asks whoever takes one. Matches go on."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.mentoring import Taking
from services.mentoring import Held, hold, participant
from services.mentoring_people import back, rest
from store.database import Database
from store.mentoring import Participant


def begin(
    tx: Session, db: Database, team_id: str, user_id: str, *, until: datetime | None, now: datetime
) -> None:
    """Pause somebody in each mentoring program; a break that lasts longer there stays as it is."""
    for held, row in _theirs(tx, db, team_id, user_id, now=now):
        shorter = row.paused_until is not None and (until is None or until > row.paused_until)
        if row.state == Taking.ACTIVE or (row.state == Taking.PAUSED and shorter):
            rest(held, row, until=until)


def end(
    tx: Session, db: Database, team_id: str, user_id: str, *, until: datetime | None, now: datetime
) -> None:
    """End the breaks that began so: those that end at the same instant, or never."""
    for held, row in _theirs(tx, db, team_id, user_id, now=now):
        if row.state == Taking.PAUSED and row.paused_until == until:
            back(held, row)


def _theirs(
    tx: Session, db: Database, team_id: str, user_id: str, *, now: datetime
) -> Iterator[tuple[Held, Participant]]:
    """How somebody takes part, program by program; each program is held, in one order for all of us."""
    wanted = select(Participant.program_id, Participant.id).where(
        Participant.team_id == team_id, Participant.user_id == user_id, Participant.state != Taking.LEFT
    )
    for program_id, one in tx.execute(wanted.order_by(Participant.program_id)).all():
        held = Held(tx, db, hold(tx, team_id, program_id), now, user_id)
        yield held, participant(tx, held.setup, one)
