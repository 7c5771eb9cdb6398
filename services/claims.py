"""Who may send what, and for how long: leases on rows of the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from domain.messages import LAST, Kind, Method, OnDoubt
from services.ports import Timing
from store.core import Workspace
from store.database import Database
from store.outbox import Outbox, Throttle

CLOCK_JUMP = timedelta(seconds=30)
BATCH = 10  # rows claimed at a time: few enough that an answer to a press soon gets its turn


@dataclass(frozen=True)
class Claimed:
    """A row in our hands until the lease ends."""

    id: int
    team_id: str
    token: str
    key: str
    kind: Kind
    method: Method
    subject_id: int
    recipient: str
    users: tuple[str, ...]
    params: dict[str, Any]
    channel: str | None
    ts: str | None
    attempts: int
    repeated: bool
    version: int
    first_attempt_at: datetime | None


def sweep(db: Database, team_id: str, *, timing: Timing) -> int:
    """Leases that ran out after the fence become unknown, to be looked up; updates are simply owed again."""
    with db.transaction() as tx:
        now = db.instant(tx)
        ran_out = and_(
            Outbox.team_id == team_id,
            Outbox.state == "leased",
            Outbox.fenced_at.is_not(None),
            # a lease further ahead than any we give means that the clock jumped back
            or_(Outbox.lease_until < now, Outbox.lease_until > now + timing.lease + CLOCK_JUMP),
        )
        newest = Outbox.kind.in_([kind.value for kind in Kind if kind.on_doubt is OnDoubt.NEWEST])
        free = {"lease_token": None, "fenced_at": None}
        again = update(Outbox).where(ran_out, newest).values(state="pending", **free)
        doubt = (
            update(Outbox)
            .where(ran_out)
            .values(state="unknown", lease_token=None, lease_until=now + timing.quarantine)
        )
        rows = [tx.execute(s.returning(Outbox.id)).all() for s in (again, doubt)]
        return sum(map(len, rows))


def throttled(db: Database, team_id: str) -> dict[Method, datetime]:
    """The methods Slack asked us to leave alone, and until when (real time)."""
    with db.reading() as tx:
        now = db.instant(tx)
        rows = tx.execute(
            select(Throttle.method, Throttle.not_before).where(
                Throttle.team_id == team_id, Throttle.not_before > now
            )
        )
        return {Method(method): until for method, until in rows}


def claim(
    db: Database,
    team_id: str,
    token: str,
    *,
    timing: Timing,
    without: Collection[Method] = (),
    limit: int = BATCH,
) -> list[Claimed]:
    """Take up to *limit* due rows for the length of a lease, the most urgent first.

    Due are pending rows, and leased ones whose lease ran out before the fence: nothing was sent for these.
    """
    with db.transaction() as tx:
        now = db.instant(tx)
        free = or_(
            and_(Outbox.state == "pending", Outbox.due_at <= now),
            and_(
                Outbox.state == "leased",
                Outbox.fenced_at.is_(None),
                or_(Outbox.lease_until < now, Outbox.lease_until > now + timing.lease + CLOCK_JUMP),
            ),
        )
        due = (
            select(Outbox.id)
            .where(or_(Outbox.priority < LAST, ~_something_before(team_id, now)))
            .where(Outbox.team_id == team_id, free, Outbox.method.not_in([m.value for m in without]))
            .join(Workspace, Workspace.team_id == Outbox.team_id)
            .where(Workspace.gone_at.is_(None))
            .order_by(Outbox.priority, Outbox.due_at, Outbox.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=Outbox)
            .cte("due")
        )
        taken = tx.scalars(
            update(Outbox)
            .where(Outbox.id.in_(select(due.c.id)))
            .values(
                state="leased",
                lease_token=token,
                lease_until=now + timing.lease,
                fenced_at=None,
                attempts=Outbox.attempts + 1,
            )
            .returning(Outbox),
            execution_options={"synchronize_session": False},
        ).all()
        taken = sorted(taken, key=lambda row: (row.priority, row.due_at, row.id))
        return [claimed(row, token) for row in taken]


def _something_before(team_id: str, now: datetime) -> ColumnElement[bool]:
    """Whether other messages are due or on their way: what counts deliveries waits for them."""
    other = aliased(Outbox)
    return exists().where(
        other.team_id == team_id,
        other.priority < LAST,
        or_(other.state == "leased", and_(other.state == "pending", other.due_at <= now)),
    )


def claimed(row: Outbox, token: str) -> Claimed:
    """The row as its holder carries it."""
    return Claimed(
        id=row.id,
        team_id=row.team_id,
        token=token,
        key=row.key,
        kind=Kind(row.kind),
        method=Method(row.method),
        subject_id=row.subject_id,
        recipient=row.recipient,
        users=tuple(row.users),
        params=row.params,
        channel=row.channel,
        ts=row.ts,
        attempts=row.attempts,
        repeated=row.repeated,
        version=row.version,
        first_attempt_at=row.first_attempt_at,
    )


def waiting(db: Database, team_id: str) -> bool:
    """Whether anything is due to be sent now."""
    with db.reading() as tx:
        due = select(Outbox.id).where(
            Outbox.team_id == team_id, Outbox.state == "pending", Outbox.due_at <= db.instant(tx)
        )
        return tx.execute(due.limit(1)).first() is not None
