"""Who may send what, and for how long: leases on rows of the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, exists, or_, select, update

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
        wanted = {
            "team": team_id,
            "now": now,
            "beyond": now + timing.lease + CLOCK_JUMP,
            "without": [method.value for method in without],
            "most": limit,
            "token": token,
            "until": now + timing.lease,
        }
        taken = tx.execute(_CLAIM, wanted).all()
        return [
            claimed(row, token) for row in sorted(taken, key=lambda row: (row.priority, row.due_at, row.id))
        ]


def claimed(row: Outbox | Row[*tuple[Any, ...]], token: str) -> Claimed:
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


# Built once, and on tables, as in services/invitations.py: a worker that waits runs it all the time.
_outbox, _workspace = (cast(Table, mapped.__table__) for mapped in (Outbox, Workspace))
_other = _outbox.alias()
# other messages are due or on their way: what counts deliveries waits for them
_SOMETHING_BEFORE = exists().where(
    _other.c.team_id == bindparam("team"),
    _other.c.priority < LAST,
    or_(
        _other.c.state == "leased",
        and_(_other.c.state == "pending", _other.c.due_at <= bindparam("now")),
    ),
)
_FREE = or_(
    and_(_outbox.c.state == "pending", _outbox.c.due_at <= bindparam("now")),
    and_(
        _outbox.c.state == "leased",
        _outbox.c.fenced_at.is_(None),
        or_(_outbox.c.lease_until < bindparam("now"), _outbox.c.lease_until > bindparam("beyond")),
    ),
)
_DUE = (
    select(_outbox.c.id)
    .join(_workspace, _workspace.c.team_id == _outbox.c.team_id)
    .where(_outbox.c.team_id == bindparam("team"), _workspace.c.gone_at.is_(None), _FREE)
    .where(_outbox.c.method.not_in(bindparam("without", expanding=True)))
    .where(or_(_outbox.c.priority < LAST, ~_SOMETHING_BEFORE))
    .order_by(_outbox.c.priority, _outbox.c.due_at, _outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=_outbox)
    .cte("due")
)
_CLAIM = (
    update(_outbox)
    .where(_outbox.c.id.in_(select(_DUE.c.id)))
    .values(
        state="leased",
        lease_token=bindparam("token"),
        lease_until=bindparam("until"),
        fenced_at=None,
        attempts=_outbox.c.attempts + 1,
    )
    .returning(_outbox)
)
