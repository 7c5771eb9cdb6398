"""Whether something is due in a workspace's classes, and when the next thing is."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from store.classes import ClassDate, Term
from store.classes_sold import Purchase, Waiting
from store.core import Workspace


def work(now: datetime) -> ColumnElement[bool]:
    """Whether a workspace has something to do; *now* is product time."""
    return or_(
        exists().where(Term.team_id == Workspace.team_id, Term.next_at <= now),
        exists().where(ClassDate.team_id == Workspace.team_id, ClassDate.next_at <= now),
        exists().where(Purchase.team_id == Workspace.team_id, Purchase.next_at <= now),
        exists().where(
            Waiting.team_id == Workspace.team_id, Waiting.state == "offered", Waiting.offer_until <= now
        ),
    )


def next_due(tx: Session, team_id: str, *, now: datetime) -> datetime | None:
    """The first instant after *now* at which something is due."""
    instants = [
        select(func.min(column)).where(table.team_id == team_id, column > now)
        for table, column in (
            (Term, Term.next_at),
            (ClassDate, ClassDate.next_at),
            (Purchase, Purchase.next_at),
        )
    ]
    offers = select(func.min(Waiting.offer_until)).where(
        Waiting.team_id == team_id, Waiting.state == "offered", Waiting.offer_until > now
    )
    return min((at for one in (*instants, offers) if (at := tx.scalar(one)) is not None), default=None)
