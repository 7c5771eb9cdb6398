"""What is forgotten by itself: who came to a session a year ago, wrong codes and drafts of yesterday."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, select, update

from domain.hosted import DRAFT_KEPT
from store import queries
from store.database import Database
from store.hosted import Host, HostedParticipant, HostedSession, WrongCode

KEPT = timedelta(days=365)  # names and addresses of guests, after the session
WRONG_KEPT = timedelta(days=1)
BATCH = 50  # sessions to a transaction
FORGOTTEN = "…"  # stands for a name


def due(db: Database, team_id: str, *, now: datetime) -> bool:
    """Whether there is something to forget."""
    with db.reading() as tx:
        return bool(
            tx.scalar(
                select(
                    exists().where(_old(team_id, now))
                    | exists().where(_wrong(team_id, now))
                    | exists().where(left(now), Host.team_id == team_id)
                )
            )
        )


def forget(db: Database, team_id: str, *, now: datetime) -> int:
    """Forget some of it; how many sessions. Amounts, times and states stay: they are nobody's any more.

    Colleagues stay in it by their Slack ids, as everywhere; contacts stay their host's until deleted there.
    """
    with db.transaction() as tx:
        wanted = select(HostedSession.id).where(_old(team_id, now)).order_by(HostedSession.id).limit(BATCH)
        sessions = tx.scalars(queries.locked(wanted)).all()
        tx.execute(
            update(HostedParticipant)
            .where(HostedParticipant.session_id.in_(sessions), HostedParticipant.user_id == "")
            .values(**GONE)
            .execution_options(synchronize_session=False)
        )
        tx.execute(
            update(HostedSession)
            .where(HostedSession.id.in_(sessions))
            .values(forgotten_at=now)
            .execution_options(synchronize_session=False)
        )
        tx.execute(delete(WrongCode).where(_wrong(team_id, now)))
        tx.execute(
            update(Host)
            .where(left(now), Host.team_id == team_id)
            .values(draft={}, draft_at=None)
            .execution_options(synchronize_session=False)
        )
        return len(sessions)


GONE = {
    "name": FORGOTTEN, "address": None, "contact_id": None, "trouble": "", "locale": "",
    "code_hash": None, "code_sealed": "", "code_until": None, "link_hash": None, "link_sealed": "",
}  # fmt: skip


def left(now: datetime) -> ColumnElement[bool]:
    """Whether a host's draft can be continued no more."""
    return Host.draft_at <= now - DRAFT_KEPT


def _old(team_id: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        HostedSession.team_id == team_id,
        HostedSession.forgotten_at.is_(None),
        HostedSession.starts_at < now - KEPT,
    )


def _wrong(team_id: str, now: datetime) -> ColumnElement[bool]:
    return and_(WrongCode.team_id == team_id, WrongCode.at < now - WRONG_KEPT)
