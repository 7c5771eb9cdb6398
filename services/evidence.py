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
