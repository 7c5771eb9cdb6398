"""People who left the workspace: organizers of a program hear of all of them once a day, at 09:00."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from domain.mentoring import Stage, Taking
from domain.mentoring_dates import next_morning
from domain.messages import Kind
from domain.text import N_, Said, all_of, say, say_n
from services.delivery import Skip
from services.mentoring import Held, changing, organizers, program_of, tell
from store.core import PersonRow
from store.database import Database
from store.mentoring import Mentoring, Participant
from store.outbox import Outbox

MOST_NAMED = 20
LEFT_SLACK = "left_slack"
WHAT_HAPPENED = N_("Their requests are closed. Their matches have ended, and show “Left Slack”.")


def expect(held: Held) -> None:
    """Somebody has just left: the next morning organizers hear of it, with all who leave until then."""
    if held.setup.gone_at is None and held.setup.stage != Stage.ENDED:
        held.setup.gone_at = next_morning(held.now, program_of(held.tx, held.setup).zone)
        held.tx.flush()


def due_when(now: datetime) -> ColumnElement[bool]:
    """Whether a program has a morning that has come; *now* is product time."""
    return and_(Mentoring.gone_at.is_not(None), Mentoring.gone_at <= now)


def due(db: Database, team_id: str, *, now: datetime) -> list[int]:
    """Programs whose organizers are to hear of people who left."""
    with db.reading() as tx:
        wanted = select(Mentoring.program_id).where(Mentoring.team_id == team_id, due_when(now))
        return list(tx.scalars(wanted.order_by(Mentoring.program_id).limit(100)))


def say_so(db: Database, team_id: str, program_id: int, *, now: datetime) -> bool:
    """Owe the organizers one message about all who left; False if it is owed already, or nobody is gone.

    Whoever left after the morning it was due at is told of the next time.
    """
    with changing(db, team_id, program_id, now=now) as held:
        setup = held.setup
        if setup.gone_at is None or setup.gone_at > now:
            return False
        morning, zone = setup.gone_at, program_of(held.tx, setup).zone
        today = morning_before(next_morning(now, zone), zone)
        gone = _gone(held.tx, setup, since=morning_before(morning, zone))
        left = [row for row in gone if row.left_at is not None and row.left_at < today]
        later = len(left) < len(gone)
        setup.gone_at = next_morning(now, zone) if later else None
        held.tx.flush()
        for one in organizers(held.tx, setup) if left else ():
            told = {"what": LEFT_SLACK, "participants": [row.id for row in left]}
            key = f"left-{program_id}-{int(morning.timestamp())}-{one}"
            tell(held, Kind.MENTORING_NOTE, program_id, one, key, **told)
        return bool(left)


def morning_before(morning: datetime, zone: str) -> datetime:
    """The morning of the day before; a day has 23 to 25 hours."""
    return next_morning(morning - timedelta(hours=26), zone)


def _gone(tx: Session, setup: Mentoring, *, since: datetime) -> Sequence[Participant]:
    """Who left since a morning, and did not come back; whoever left earlier was told of then."""
    wanted = select(Participant).where(
        Participant.team_id == setup.team_id,
        Participant.program_id == setup.program_id,
        Participant.state == Taking.LEFT,
        Participant.left_why == "slack",
        Participant.left_at >= since,
    )
    return tx.scalars(wanted.order_by(Participant.id)).all()


def note(tx: Session, row: Outbox) -> Skip | tuple[Said, str, str]:
    """What that message says: a note of ``mentoring_notes``."""
    person = and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id)
    called = tx.scalars(
        select(PersonRow.name)
        .join(Participant, person)
        .where(Participant.team_id == row.team_id, Participant.id.in_(row.params["participants"]))
        .where(Participant.state == Taking.LEFT, Participant.left_why == "slack")
        .order_by(PersonRow.name)
    ).all()
    if not called:
        return Skip("they are back")
    named: list[str] = list(called[:MOST_NAMED])
    if len(called) > MOST_NAMED:
        named.append(say_n("{count} other person", "{count} other people", len(called) - MOST_NAMED))
    text = say_n("{names} has left Slack.", "{names} have left Slack.", len(called), names=all_of(named))
    return text, "", say(WHAT_HAPPENED)
