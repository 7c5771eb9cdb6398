"""Proof that a message exists: Slack's answer, its history, or a press in the message itself."""

from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from domain.messages import Outcome, Verdict
from store import queries
from store.database import Database
from store.outbox import Evidence, Outbox


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


def first_other(tx: Session, outbox_id: int, seen: Outcome) -> Outcome | None:
    """The message that was there before the one that was *seen*, if it is not the same."""
    if seen.ts is None:  # an update leaves no message behind
        return None
    # two who learn of their copies at the same moment take turns
    tx.execute(_TAKE_TURNS, {"message": outbox_id})
    first = tx.execute(_FIRST_OTHER, {"message": outbox_id, "seen": seen.ts}).one_or_none()
    return Outcome(Verdict.SENT, channel=first.channel, ts=first.ts) if first else None


# Built once, and on tables, as in services/invitations.py: every message runs them.
_outbox, _evidence = (cast(Table, mapped.__table__) for mapped in (Outbox, Evidence))
_TAKE_TURNS = queries.locked(select(_outbox.c.id).where(_outbox.c.id == bindparam("message")))
_FIRST_OTHER = (
    select(_evidence.c.channel, _evidence.c.ts)
    .where(_evidence.c.outbox_id == bindparam("message"), _evidence.c.ts != bindparam("seen"))
    .order_by(_evidence.c.ts)
    .limit(1)
)


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
