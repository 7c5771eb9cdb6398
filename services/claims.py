"""Who may send what, and for how long: leases on rows of the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, and_, bindparam, case, exists, null, or_, select, update

from domain.messages import LAST, Kind, Method, OnDoubt
from services.ports import Timing
from store.base import UtcDateTime
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
        beyond, until = now + timing.lease + CLOCK_JUMP, now + timing.quarantine
        swept = tx.execute(_SWEEP, {"team": team_id, "now": now, "beyond": beyond, "until": until})
        return len(swept.all())


def throttled(db: Database, team_id: str) -> dict[Method, datetime]:
    """The methods Slack asked us to leave alone, and until when (real time)."""
    with db.reading() as tx:
        rows = tx.execute(_THROTTLED, {"team": team_id, "now": db.instant(tx)})
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
        return tx.execute(_WAITING, {"team": team_id, "now": db.instant(tx)}).first() is not None


# Built once, and on tables, as in services/invitations.py: a worker that waits runs it all the time.
_outbox, _workspace, _throttle = (cast(Table, mapped.__table__) for mapped in (Outbox, Workspace, Throttle))
_THROTTLED = select(_throttle.c.method, _throttle.c.not_before).where(
    _throttle.c.team_id == bindparam("team"), _throttle.c.not_before > bindparam("now")
)
_WAITING = (
    select(_outbox.c.id)
    .where(_outbox.c.team_id == bindparam("team"), _outbox.c.state == "pending")
    .where(_outbox.c.due_at <= bindparam("now"))
    .limit(1)
)
# a lease further ahead than any we give means that the clock jumped back
_RAN_OUT = or_(_outbox.c.lease_until < bindparam("now"), _outbox.c.lease_until > bindparam("beyond"))
_AGAIN = (OnDoubt.NEWEST, OnDoubt.KEYED)
_DRAWING = _outbox.c.kind.in_([kind.value for kind in Kind if kind.on_doubt in _AGAIN])
_SWEEP = (
    update(_outbox)
    .where(_outbox.c.team_id == bindparam("team"), _outbox.c.state == "leased")
    .where(_outbox.c.fenced_at.is_not(None), _RAN_OUT)
    .values(
        state=case((_DRAWING, "pending"), else_="unknown"),
        fenced_at=case((_DRAWING, null()), else_=_outbox.c.fenced_at),
        lease_until=case((_DRAWING, _outbox.c.lease_until), else_=bindparam("until", type_=UtcDateTime())),
        lease_token=None,
    )
    .returning(_outbox.c.id)
)
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
        _RAN_OUT,
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
