"""Proof that a message exists: Slack's answer, its history, or a press in the message itself."""

from sqlalchemy import select, update
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
    tx.execute(queries.locked(select(Outbox.id).where(Outbox.id == outbox_id)))
    other = select(Evidence).where(Evidence.outbox_id == outbox_id, Evidence.ts != seen.ts)
    first = tx.scalars(other.order_by(Evidence.ts).limit(1)).one_or_none()
    return Outcome(Verdict.SENT, channel=first.channel, ts=first.ts) if first else None


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
