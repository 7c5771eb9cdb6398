"""Messages of ours that stand in Slack: a press proves that one does, and a change draws them anew."""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages import OUTSIDE, Kind
from domain.text import N_
from services import evidence
from services.delivery import Skip
from services.owing import Redraw, owe_redraw, owe_redraws
from store.database import Database
from store.outbox import Outbox

Told = TypeVar("Told")


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


def arrived(db: Database, team_id: str, press: Press, area: str) -> None:
    """The same in a transaction of its own, before anything else is locked."""
    with db.transaction() as tx:
        pressed(tx, db, team_id, press, area)


def redraw_pressed(db: Database, team_id: str, press: Press, area: str, by: Kind) -> None:
    """Owe a message of this *area* its newest state, drawn by *by*, best by the press itself."""
    if not press.outbox_id:
        return
    ours = select(Outbox.id).where(
        Outbox.team_id == team_id, Outbox.id == press.outbox_id, Outbox.kind.like(f"{area}.%")
    )
    with db.transaction() as tx:
        if tx.scalar(ours) is not None:
            owe_redraw(tx, db, team_id, by, press.outbox_id, response_url=press.response_url or None)


def again(tx: Session, row: Outbox, drawn: Mapping[Kind, Callable[[Session, Outbox], Told]]) -> Told | Skip:
    """What a message that stands there says now, loaded as its kind is; *row* is about that message's row."""
    posted = tx.get(Outbox, row.subject_id)
    if posted is None or posted.team_id != row.team_id or posted.ts is None:
        return Skip(N_("not posted yet, and true when it will be"))
    load = drawn.get(Kind(posted.kind))
    if load is None:
        return Skip(N_("nothing changes in this message"))
    row.channel, row.ts = posted.channel, posted.ts
    return load(tx, posted)


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
