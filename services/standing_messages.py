"""Messages of ours that stand in Slack: a press proves that one does, and a change draws them anew."""

from collections.abc import Collection
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages import OUTSIDE, Kind
from services import evidence
from services.owing import Redraw, owe_redraws
from store.database import Database
from store.outbox import Outbox


class Press(Protocol):
    """Where a button was pressed: the message it stood in, 0 if none, and how to answer there."""

    @property
    def outbox_id(self) -> int:
        """The row of the message."""

    @property
    def channel(self) -> str:
        """Where it stands."""

    @property
    def ts(self) -> str:
        """Slack's stamp of it."""

    @property
    def response_url(self) -> str | None:
        """How to answer there."""


def pressed(tx: Session, db: Database, team_id: str, press: Press, area: str) -> None:
    """A press proves that its message, one of this *area*, stands there. Locks the outbox row."""
    if not (press.outbox_id and press.channel and press.ts):
        return
    row = tx.scalars(
        select(Outbox).where(
            Outbox.team_id == team_id, Outbox.id == press.outbox_id, Outbox.kind.like(f"{area}.%")
        )
    ).one_or_none()
    if row is not None and row.state in ("pending", "leased", "unknown"):
        evidence.settle(tx, db, team_id, row.id, press.channel, press.ts, source="press")


def redraw(
    tx: Session,
    db: Database,
    team_id: str,
    kinds: Collection[Kind],
    subject_ids: Collection[int],
    *,
    by: Kind,
    press: Press | None = None,
) -> None:
    """Owe the newest state to every Slack message of these kinds about these subjects, drawn by *by*."""
    if not subject_ids:
        return
    rows = tx.execute(
        select(Outbox.id, Outbox.ts).where(
            Outbox.team_id == team_id,
            Outbox.kind.in_(kinds),
            Outbox.subject_id.in_(subject_ids),
            Outbox.method.not_in(OUTSIDE),
        )
    ).all()
    at = press.outbox_id if press else 0
    url = press.response_url if press else None
    redraws = [Redraw(one, url if one == at else None) for one, ts in rows if ts or one == at]
    owe_redraws(tx, db, team_id, by, redraws)
