"""The outbox: what is owed is a row first; here it is claimed, fenced, and its outcome recorded.

    pending -> leased -> leased and fenced -> sent | pending (surely not done) | dead | unknown (may be done)
    unknown -> (quarantine, then evidence) -> sent | pending | dead

The order of the steps, and what each death between two of them means, is in docs/adr/0002-outbox.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import String, Table, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from domain.facts import Addressed
from domain.messages import OUTSIDE, Kind, Method, OnDoubt, Outcome, Verdict, backoff
from domain.text import N_
from services.claims import Claimed, claimed
from services.evidence import first_other, prove
from services.outside import Reach
from services.ports import Timing
from store import queries
from store.base import UtcDateTime
from store.core import Workspace
from store.database import Database
from store.outbox import Outbox, Throttle


@dataclass(frozen=True)
class Skip:
    """The message is not wanted any more; *reason* is what an admin reads, in their language."""

    reason: str


class Undeliverable(Exception):
    """Nobody can be reached there: the message is given up, for this reason, and what follows of it follows.

    For loaders. A message that is skipped is one that nobody waits for; this one is waited for.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_STATES = {
    "planned": N_("the session is planned"),
    "open": N_("the session is open"),
    "matching": N_("the session is being matched"),
    "review": N_("the session is in review"),
    "matched": N_("the session is matched"),
    "closed": N_("the session is closed"),
    "cancelled": N_("the session is cancelled"),
    "skipped": N_("the session is skipped"),
}


def as_session_is(state: str) -> Skip:
    """Why a message is not wanted in this state of its session."""
    return Skip(_STATES[state])


Loader = Callable[[Session, Outbox], Addressed | Skip]
Ending = Callable[[Session, Outbox], None]  # told when a message was sent, or given up for good


def opened(db: Database, row: Claimed, channel: str) -> bool:
    """Note the conversation of a group; from now on the row needs a post. False if the lease is lost."""
    with db.transaction() as tx:
        return tx.execute(_OPENED, {**_held(row), "conversation": channel}).first() is not None


def product_time(tx: Session) -> datetime:
    """The present, for loaders of what depends on it."""
    now: datetime = tx.info["now"]
    return now


def database(tx: Session) -> Database:
    """Where this transaction runs, for loaders of what an area keeps."""
    found: Database = tx.info["db"]
    return found


def reach(tx: Session) -> Reach:
    """How people outside Slack are reached, for loaders of what goes to them."""
    found: Reach = tx.info.get("reach") or Reach()
    return found


def look(db: Database, row: Claimed, load: Loader, *, now: datetime) -> Addressed | None:
    """What a message says as it stands, to make its file from; None if it is not wanted, or is gone."""
    with db.reading() as tx:
        tx.info["now"], tx.info["db"] = now, db
        held = tx.get(Outbox, row.id)
        told = load(tx, held) if held is not None else None
        return None if isinstance(told, Skip) else told


def fence(
    db: Database, row: Claimed, load: Loader, *, timing: Timing, now: datetime
) -> tuple[Addressed, Claimed] | None:
    """The last look before sending: is it still ours, is it still wanted, and what does it say now?

    Committed before the post, so that whoever finds the row later knows that a post may have happened.
    None means: do not send.
    """
    with db.transaction() as tx:
        tx.info["now"], tx.info["db"] = now, db
        instant = db.instant(tx)
        held = tx.scalars(
            _FENCE, {**_held(row), "instant": instant, "until": instant + timing.lease, "now": now}
        ).one_or_none()
        if held is None:
            return None
        told = load(tx, held)
        if isinstance(told, Skip):
            tx.execute(_mine(row).values(state="skipped", reason=told.reason, lease_token=None))
            return None
        return told, claimed(held, row.token)


def release(db: Database, row: Claimed, *, delay: timedelta = timedelta(0)) -> None:
    """Give a row back unsent, to be due after *delay*."""
    with db.transaction() as tx:
        due = db.instant(tx) + delay
        tx.execute(_mine(row).values(state="pending", lease_token=None, fenced_at=None, due_at=due))


def record(
    db: Database, row: Claimed, outcome: Outcome, *, timing: Timing, jitter: float, ended: Ending
) -> bool:
    """Write down what one attempt told us. Only a positive answer counts when the lease is lost.

    True if it made a second copy of a message that stands already, which has to be taken back: then we
    stood still for longer than our lease, right before the post, and somebody else sent it meanwhile.
    """
    with db.transaction() as tx:
        now = db.instant(tx)
        if outcome.verdict is Verdict.SENT:
            return _sent(tx, row, outcome, now, ended)
        if outcome.verdict is Verdict.LATER:
            wait = timedelta(seconds=outcome.retry_after or backoff(row.attempts, jitter))
            # what keeps e-mails and texts waiting may be for an administrator to mend, who reads it here
            why = {"reason": _fitting(outcome.reason)} if row.method in OUTSIDE else {}
            tx.execute(
                _mine(row).values(state="pending", lease_token=None, fenced_at=None, due_at=now + wait, **why)
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
        elif row.kind.on_doubt in (OnDoubt.NEWEST, OnDoubt.KEYED):
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
    return False


def _sent(tx: Session, row: Claimed, outcome: Outcome, now: datetime, ended: Ending) -> bool:
    first = first_other(tx, row.id, outcome)
    if first is None:
        prove(tx, row.team_id, row.id, outcome, source="answer")
    else:
        outcome = first
    place = {"posted_in": outcome.channel, "posted_at": outcome.ts}
    done = tx.scalars(_SENT, {**_held(row), "drawn": row.version, "now": now, **place}).one_or_none()
    if done is not None:
        ended(tx, done)
    return first is not None


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


def owed_again(tx: Session, db: Database, team_id: str, *, reason: str) -> None:
    """A workspace that was gone for *reason* is back: what was skipped for it waits again."""
    skipped = (Outbox.team_id == team_id) & (Outbox.state == "skipped") & (Outbox.reason == reason)
    due = {"state": "pending", "reason": "", "due_at": db.instant(tx)}
    # a post that may have happened is looked up first, like every other doubt; a drawing is drawn again
    newest = [kind.value for kind in Kind if kind.on_doubt in (OnDoubt.NEWEST, OnDoubt.KEYED)]
    maybe_sent = Outbox.fenced_at.is_not(None) & Outbox.kind.not_in(newest)
    tx.execute(update(Outbox).where(skipped, maybe_sent).values(state="unknown", reason=""))
    tx.execute(update(Outbox).where(skipped).values(**due))


def _fitting(reason: str) -> str:
    """What Slack, or a proxy before it, said: as much of it as the column holds."""
    return reason.replace("\x00", "")[:255]


def counts(db: Database) -> dict[str, int]:
    """Rows of the outbox by state, for metrics and the doctor."""
    with db.reading() as tx:
        rows = tx.execute(select(Outbox.state, func.count()).group_by(Outbox.state))
        return {state: count for state, count in rows}


def _mine(row: Claimed) -> Any:
    return update(Outbox).where(
        Outbox.id == row.id, Outbox.lease_token == row.token, Outbox.state == "leased"
    )


def _held(row: Claimed) -> dict[str, Any]:
    return {"message": row.id, "token": row.token}


def _throttle(tx: Session, row: Claimed, until: datetime) -> None:
    statement = queries.insert_into(tx, Throttle).values(
        team_id=row.team_id, method=row.method.value, not_before=until
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id", "method"], set_={"not_before": statement.excluded.not_before}
        )
    )


# Built once, and on tables, as in services/invitations.py: every message runs them. What is rare is built
# when it happens.
_outbox = cast(Table, Outbox.__table__)
_MINE = and_(
    _outbox.c.id == bindparam("message"),
    _outbox.c.lease_token == bindparam("token"),
    _outbox.c.state == "leased",
)
_OPENED = (
    update(_outbox)
    .where(_MINE)
    .values(channel=bindparam("conversation"), method=Method.POST.value)
    .returning(_outbox.c.id)
)
_FENCE = select(Outbox).from_statement(
    update(_outbox)
    .where(_MINE, _outbox.c.lease_until > bindparam("instant"))
    .values(
        lease_until=bindparam("until"),
        fenced_at=bindparam("instant"),
        first_attempt_at=func.coalesce(_outbox.c.first_attempt_at, bindparam("now", type_=UtcDateTime())),
    )
    .returning(_outbox)
)
_SENT = select(Outbox).from_statement(
    # an answer that a message exists is true whoever holds the row now
    update(_outbox)
    .where(_outbox.c.id == bindparam("message"), _outbox.c.state.in_(["leased", "unknown", "pending"]))
    .where(
        or_(
            _outbox.c.lease_token == bindparam("token"),
            _outbox.c.fenced_at.is_(None),
            _outbox.c.state == "unknown",
        )
    )
    .values(
        state=case((_outbox.c.version == bindparam("drawn"), "sent"), else_="pending"),
        lease_token=None,
        fenced_at=None,
        channel=func.coalesce(bindparam("posted_in", type_=String()), _outbox.c.channel),
        ts=func.coalesce(bindparam("posted_at", type_=String()), _outbox.c.ts),
        sent_at=bindparam("now"),
        reason="",
    )
    .returning(_outbox)
)
