"""Messages whose fate is unknown: after a quarantine, look for evidence, then decide by the kind's policy."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from domain.messages import UNSURE, Kind, Method, OnDoubt, Outcome, Verdict
from services.delivery import Ending
from services.evidence import prove
from services.owing import Owed, owe
from services.ports import Timing
from store import queries
from store.database import Database
from store.outbox import Evidence, Outbox


@dataclass(frozen=True)
class Doubtful:
    """A message that may or may not exist. *channel* is None where only the person is known."""

    id: int
    team_id: str
    token: str
    key: str
    kind: Kind
    method: Method
    recipient: str
    channel: str | None
    since: datetime


def claim(db: Database, team_id: str, token: str, *, timing: Timing, limit: int = 5) -> list[Doubtful]:
    """Take up to *limit* messages whose quarantine is over, for the length of a lease."""
    with db.transaction() as tx:
        now = db.instant(tx)
        wanted = {"team": team_id, "now": now, "most": limit, "token": token, "until": now + timing.lease}
        rows = tx.execute(_CLAIM, wanted).all()
        return [
            Doubtful(
                id=row.id,
                team_id=row.team_id,
                token=token,
                key=row.key,
                kind=Kind(row.kind),
                method=Method(row.method),
                recipient=row.recipient,
                channel=row.channel,
                since=row.first_attempt_at or now,
            )
            for row in rows
        ]


def decide(
    db: Database, row: Doubtful, seen: Outcome, *, timing: Timing, ended: Ending, organizer: str
) -> None:
    """Settle a doubt by what a look at the conversation told us.

    SENT: it is there. LATER: it is surely not there, so it is owed again. REFUSED: we may not look, so
    the kind's policy decides. Anything else: look again after another quarantine.
    """
    with db.transaction() as tx:
        # locked: a press or a late answer may prove the message in this very moment
        held = tx.scalars(
            queries.locked(
                select(Outbox).where(
                    Outbox.id == row.id, Outbox.lease_token == row.token, Outbox.state == "unknown"
                )
            )
        ).one_or_none()
        if held is None:
            return
        proof = tx.scalars(select(Evidence).where(Evidence.outbox_id == row.id).limit(1)).one_or_none()
        if proof is not None:
            seen = Outcome(Verdict.SENT, channel=proof.channel, ts=proof.ts)
        now = db.instant(tx)
        held.lease_token = None
        if seen.verdict is Verdict.SENT:
            prove(tx, row.team_id, row.id, seen, source="history")
            held.state, held.channel, held.ts, held.sent_at = "sent", seen.channel, seen.ts, now
            held.reason = ""
        elif seen.verdict is Verdict.LATER and seen.retry_after is None:
            held.state, held.fenced_at, held.due_at = "pending", None, now
        elif seen.verdict is Verdict.REFUSED:
            _by_policy(tx, db, held, organizer)
        else:
            held.lease_until = now + max(timing.quarantine, timedelta(seconds=seen.retry_after or 0))
        tx.flush()
        if held.state in ("sent", "dead"):
            ended(tx, held)


def _by_policy(tx: Session, db: Database, held: Outbox, organizer: str) -> None:
    kind = Kind(held.kind)
    once_more = kind.on_doubt is OnDoubt.REPEAT and held.method != Method.TEXT  # a text costs, and annoys
    if once_more and not held.repeated:
        held.state, held.fenced_at, held.due_at, held.repeated = "pending", None, db.instant(tx), True
        return
    held.state, held.reason = "dead", UNSURE
    if kind.on_doubt is OnDoubt.ASK and organizer:
        owed = Owed(Kind.DOUBT, held.id, f"doubt-{held.id}-{held.attempts}", recipient=organizer)
        owe(tx, db, held.team_id, [owed])


def answer(db: Database, team_id: str, outbox_id: int, *, arrived: bool) -> bool:
    """The organizer's word on a doubtful message: it arrived, or send it. False if it is settled already."""
    with db.transaction() as tx:
        values = {"state": "sent"} if arrived else {"state": "pending", "repeated": True}
        done = tx.execute(
            update(Outbox)
            .where(Outbox.team_id == team_id, Outbox.id == outbox_id)
            .where(Outbox.state == "dead", Outbox.reason == UNSURE)
            .values(**values, reason="", lease_token=None, fenced_at=None, due_at=db.instant(tx))
            .returning(Outbox.id)
        )
        return done.first() is not None


# Built once, and on tables, as in services/invitations.py: a worker that waits runs it all the time.
_outbox = cast(Table, Outbox.__table__)
_OVER = (
    select(_outbox.c.id)
    .where(_outbox.c.team_id == bindparam("team"), _outbox.c.state == "unknown")
    .where(or_(_outbox.c.lease_until.is_(None), _outbox.c.lease_until <= bindparam("now")))
    .order_by(_outbox.c.lease_until, _outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("over")
)
_CLAIM = (
    update(_outbox)
    .where(_outbox.c.id.in_(select(_OVER.c.id)))
    .values(lease_token=bindparam("token"), lease_until=bindparam("until"))
    .returning(_outbox)
)
