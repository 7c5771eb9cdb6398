"""The outbox: what is owed is a row first; here it is claimed, fenced, and its outcome recorded.

    pending -> leased -> leased and fenced -> sent | pending (surely not done) | dead | unknown (may be done)
    unknown -> (quarantine, then evidence) -> sent | pending | dead

The order of the steps, and what each death between two of them means, is in docs/adr/0002-outbox.md.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from domain.facts import Facts
from domain.messages import LAST, Kind, Method, OnDoubt, Outcome, Verdict, backoff
from services.ports import Timing
from store import queries
from store.core import Workspace
from store.database import Database
from store.outbox import Evidence, Outbox, Throttle

BATCH = 10  # rows claimed at a time: few enough that an answer to a press soon gets its turn
CLOCK_JUMP = timedelta(seconds=30)


@dataclass(frozen=True)
class Owed:
    """A message to be sent: to one person, or to a group of *users*. *key* is unique in the workspace."""

    kind: Kind
    subject_id: int
    key: str
    recipient: str = ""
    users: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Skip:
    """The message is not wanted any more; *reason* is what an admin reads."""

    reason: str


Loader = Callable[[Session, Outbox], Facts | Skip]
Ending = Callable[[Session, Outbox], None]  # told when a message was sent, or given up for good


def owe(session: Session, db: Database, team_id: str, owed: Sequence[Owed]) -> int:
    """Write what is owed, in the caller's transaction; how many were not owed already."""
    now = db.instant(session)
    rows = [
        {
            "team_id": team_id,
            "key": one.key,
            "kind": one.kind.value,
            "method": _first_step(one).value,
            "subject_id": one.subject_id,
            "recipient": one.recipient,
            "users": list(one.users),
            "params": one.params,
            "priority": one.kind.priority,
            "state": "pending",
            "due_at": now,
        }
        for one in owed
    ]
    return queries.insert_new(session, Outbox, rows, keys=["team_id", "key"])


def _first_step(owed: Owed) -> Method:
    if owed.kind.on_doubt is OnDoubt.NEWEST:
        return Method.UPDATE
    return Method.OPEN if owed.users else Method.POST


def owe_redraw(
    session: Session,
    db: Database,
    team_id: str,
    kind: Kind,
    subject_id: int,
    *,
    response_url: str | None = None,
    **params: Any,
) -> None:
    """Owe the newest state of something to the message that shows it.

    There is one such row per kind and subject. While one is on its way, only its version grows: the sender
    then finds that a newer state is owed and sends again, so the newest is also the last to arrive.
    """
    method = Method.REPLACE if response_url else Method.UPDATE
    now = db.instant(session)
    until = (now + timedelta(minutes=25)).timestamp()  # Slack honours a response_url for 30 minutes
    session.execute(
        _redraw(session.get_bind().dialect.name),
        {
            "team_id": team_id,
            "key": f"{kind.value}-{subject_id}",
            "kind": kind.value,
            "method": method.value,
            "subject_id": subject_id,
            "params": {"response_url": response_url, "until": until, **params},
            "priority": kind.priority,
            "due_at": now,
        },
    )


@cache
def _redraw(dialect: str) -> Any:
    """Build the upsert once: every press runs it, and building costs more than running."""
    table = cast(Table, Outbox.__table__)
    statement = queries.INSERT[dialect](table).values(
        {
            name: bindparam(name, type_=table.c[name].type)
            for name in ("team_id", "key", "kind", "method", "subject_id", "params", "priority", "due_at")
        }
        | {"users": [], "state": "pending", "recipient": "", "version": 0, "attempts": 0, "repeated": False}
    )
    return statement.on_conflict_do_update(
        index_elements=["team_id", "key"],
        set_={
            "version": Outbox.version + 1,
            "method": statement.excluded.method,
            "params": statement.excluded.params,
            "due_at": statement.excluded.due_at,
            "attempts": 0,
            "state": case((Outbox.state == "leased", "leased"), else_="pending"),
        },
    )


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
        return [_claimed(row, token) for row in taken]


def _something_before(team_id: str, now: datetime) -> ColumnElement[bool]:
    """Whether other messages are due or on their way: what counts deliveries waits for them."""
    other = aliased(Outbox)
    return exists().where(
        other.team_id == team_id,
        other.priority < LAST,
        or_(other.state == "leased", and_(other.state == "pending", other.due_at <= now)),
    )


def _claimed(row: Outbox, token: str) -> Claimed:
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


def opened(db: Database, row: Claimed, channel: str) -> bool:
    """Note the conversation of a group; from now on the row needs a post. False if the lease is lost."""
    with db.transaction() as tx:
        done = tx.execute(_mine(row).values(channel=channel, method=Method.POST.value).returning(Outbox.id))
        return done.first() is not None


def fence(
    db: Database, row: Claimed, load: Loader, *, timing: Timing, now: datetime
) -> tuple[Facts, Claimed] | None:
    """The last look before sending: is it still ours, is it still wanted, and what does it say now?

    Committed before the post, so that whoever finds the row later knows that a post may have happened.
    None means: do not send.
    """
    with db.transaction() as tx:
        instant = db.instant(tx)
        held = tx.scalars(
            _mine(row)
            .where(Outbox.lease_until > instant)
            .values(
                lease_until=instant + timing.lease,
                fenced_at=instant,
                first_attempt_at=func.coalesce(Outbox.first_attempt_at, now),
            )
            .returning(Outbox),
            execution_options={"synchronize_session": False},
        ).one_or_none()
        if held is None:
            return None
        facts = load(tx, held)
        if isinstance(facts, Skip):
            tx.execute(_mine(row).values(state="skipped", reason=facts.reason, lease_token=None))
            return None
        return facts, _claimed(held, row.token)


def release(db: Database, row: Claimed, *, delay: timedelta = timedelta(0)) -> None:
    """Give a row back unsent, to be due after *delay*."""
    with db.transaction() as tx:
        due = db.instant(tx) + delay
        tx.execute(_mine(row).values(state="pending", lease_token=None, fenced_at=None, due_at=due))


def record(
    db: Database, row: Claimed, outcome: Outcome, *, timing: Timing, jitter: float, ended: Ending
) -> None:
    """Write down what one attempt told us. Only a positive answer counts when the lease is lost."""
    with db.transaction() as tx:
        now = db.instant(tx)
        if outcome.verdict is Verdict.SENT:
            _sent(tx, row, outcome, now, ended)
        elif outcome.verdict is Verdict.LATER:
            wait = timedelta(seconds=outcome.retry_after or backoff(row.attempts, jitter))
            tx.execute(
                _mine(row).values(state="pending", lease_token=None, fenced_at=None, due_at=now + wait)
            )
            if outcome.retry_after is not None:
                _throttle(tx, row, now + wait)
        elif outcome.verdict is Verdict.REFUSED:
            # a newer state that was owed meanwhile is drawn all the same: it may know a better place
            given_up = case((Outbox.version == row.version, "dead"), else_="pending")
            gone = tx.scalars(
                _mine(row)
                .values(state=given_up, lease_token=None, fenced_at=None, reason=_fitting(outcome.reason))
                .returning(Outbox)
            ).one_or_none()
            if gone is not None:
                ended(tx, gone)
        elif outcome.verdict is Verdict.GONE:
            tx.execute(_mine(row).values(state="pending", lease_token=None, fenced_at=None))
            workspace_gone(tx, db, row.team_id, outcome.reason)
        elif row.kind.on_doubt is OnDoubt.NEWEST:
            wait = timedelta(seconds=backoff(row.attempts, jitter))
            tx.execute(
                _mine(row).values(state="pending", lease_token=None, fenced_at=None, due_at=now + wait)
            )
        else:
            tx.execute(
                _mine(row).values(
                    state="unknown",
                    lease_token=None,
                    lease_until=now + timing.quarantine,
                    reason=_fitting(outcome.reason),
                )
            )


def _sent(tx: Session, row: Claimed, outcome: Outcome, now: datetime, ended: Ending) -> None:
    prove(tx, row.team_id, row.id, outcome, source="answer")
    # an answer that a message exists is true whoever holds the row now
    done = tx.scalars(
        update(Outbox)
        .where(Outbox.id == row.id, Outbox.state.in_(["leased", "unknown", "pending"]))
        .where(or_(Outbox.lease_token == row.token, Outbox.fenced_at.is_(None), Outbox.state == "unknown"))
        .values(
            state=case((Outbox.version == row.version, "sent"), else_="pending"),
            lease_token=None,
            fenced_at=None,
            channel=func.coalesce(outcome.channel, Outbox.channel),
            ts=func.coalesce(outcome.ts, Outbox.ts),
            sent_at=now,
            reason="",
        )
        .returning(Outbox),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if done is not None:
        ended(tx, done)


def prove(tx: Session, team_id: str, outbox_id: int, outcome: Outcome, *, source: str) -> None:
    """Keep the proof that a message exists."""
    if outcome.channel is None or outcome.ts is None:
        return
    row = {
        "team_id": team_id,
        "channel": outcome.channel,
        "ts": outcome.ts,
        "outbox_id": outbox_id,
        "source": source,
    }
    queries.insert_new(tx, Evidence, [row], keys=["team_id", "channel", "ts"])


def settle(
    tx: Session, db: Database, team_id: str, outbox_id: int, channel: str, ts: str, *, source: str
) -> bool:
    """A message was seen to exist (in history, or by a press in it): whatever we thought, it is sent."""
    mine = select(Outbox.id).where(Outbox.team_id == team_id, Outbox.id == outbox_id)
    if tx.scalar(mine) is None:
        return False
    prove(tx, team_id, outbox_id, Outcome(Verdict.SENT, channel=channel, ts=ts), source=source)
    done = tx.execute(
        update(Outbox)
        .where(Outbox.team_id == team_id, Outbox.id == outbox_id, Outbox.state.not_in(["sent", "skipped"]))
        .values(
            state="sent",
            lease_token=None,
            fenced_at=None,
            channel=channel,
            ts=ts,
            sent_at=db.instant(tx),
            reason="",
        )
        .returning(Outbox.id)
    )
    return done.first() is not None


def workspace_gone(tx: Session, db: Database, team_id: str, reason: str) -> None:
    """We were removed or revoked: everything owed is skipped, at once."""
    tx.execute(
        update(Workspace)
        .where(Workspace.team_id == team_id, Workspace.gone_at.is_(None))
        .values(gone_at=db.instant(tx), gone_reason=_fitting(reason)[:64])
    )
    tx.execute(
        update(Outbox)
        .where(Outbox.team_id == team_id, Outbox.state.in_(["pending", "leased", "unknown"]))
        .values(state="skipped", reason=_fitting(reason), lease_token=None)
    )


def _fitting(reason: str) -> str:
    """What Slack, or a proxy before it, said: as much of it as the column holds."""
    return reason.replace("\x00", "")[:255]


def waiting(db: Database, team_id: str) -> bool:
    """Whether anything is due to be sent now."""
    with db.reading() as tx:
        due = select(Outbox.id).where(
            Outbox.team_id == team_id, Outbox.state == "pending", Outbox.due_at <= db.instant(tx)
        )
        return tx.execute(due.limit(1)).first() is not None


def counts(db: Database) -> dict[str, int]:
    """Rows of the outbox by state, for metrics and the doctor."""
    with db.reading() as tx:
        rows = tx.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
        return {state: count for state, count in rows}


def _mine(row: Claimed) -> Any:
    return update(Outbox).where(
        Outbox.id == row.id, Outbox.lease_token == row.token, Outbox.state == "leased"
    )


def _throttle(tx: Session, row: Claimed, until: datetime) -> None:
    statement = queries.insert_into(tx, Throttle).values(
        team_id=row.team_id, method=row.method.value, not_before=until
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id", "method"], set_={"not_before": statement.excluded.not_before}
        )
    )
