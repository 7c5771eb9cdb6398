"""The weekly digest: Monday 09:00 in the program's zone, once, to its organizers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from domain.mentoring import Stage
from domain.mentoring_dates import last_digest, next_digest
from domain.messages import Kind
from services.mentoring import changing, organizers, program_of, tell
from store.database import Database
from store.mentoring import Mentoring

DAY = timedelta(days=1)


def due_when(now: datetime) -> ColumnElement[bool]:
    """Programs whose digest is due, or of which nobody knows yet when the next one is."""
    when = or_(Mentoring.digest_at.is_(None), Mentoring.digest_at <= now)
    return and_(Mentoring.stage == Stage.OPEN.value, Mentoring.digest, when)


def due(db: Database, team_id: str, *, now: datetime) -> Sequence[int]:
    """These programs of a workspace."""
    with db.reading() as tx:
        found = select(Mentoring.program_id).where(Mentoring.team_id == team_id, due_when(now))
        return tx.scalars(found.order_by(Mentoring.program_id)).all()


def send(db: Database, team_id: str, program_id: int, *, now: datetime) -> int | None:
    """Owe the digest to each organizer and move on to the next Monday; how many. None: not due any more.

    A digest that is due is late only after an outage, or where the program's zone was changed: if 09:00 is
    still to come there, it waits until then. One begins where the one before ended, however late it is.
    """
    with changing(db, team_id, program_id, now=now) as held:
        setup = held.setup
        was = setup.digest_at
        if setup.stage != Stage.OPEN or not setup.digest or (was is not None and was > now):
            return None
        zone = program_of(held.tx, setup).zone
        setup.digest_at = next_digest(now, zone)
        held.tx.flush()
        if was is None or setup.digest_at - was < DAY:
            return 0
        since, until = last_digest(was - DAY, zone), last_digest(now, zone)
        told = organizers(held.tx, setup)
        for user_id in told:
            params = {"until": until.isoformat(), "since": since.isoformat()}
            key = f"digest-{program_id}-{int(was.timestamp())}-{user_id}"
            tell(held, Kind.MENTORING_DIGEST, program_id, user_id, key, **params)
        held.note(f"program {program_id}", "digest.sent", people=len(told))
        return len(told)
