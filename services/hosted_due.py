"""Whether something is due in a workspace's hosted sessions, and when the next thing is."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from services.hosted_retention import left
from store.core import Workspace
from store.hosted import Host, HostedReminder, HostedSession


def work(now: datetime) -> ColumnElement[bool]:
    """Whether a workspace has something to do; *now* is product time."""
    return or_(
        exists().where(HostedSession.team_id == Workspace.team_id, HostedSession.next_at <= now),
        exists().where(
            HostedReminder.team_id == Workspace.team_id,
            HostedReminder.state == "planned",
            HostedReminder.due_at <= now,
        ),
        exists().where(Host.team_id == Workspace.team_id, left(now)),
    )


def next_due(tx: Session, team_id: str, *, now: datetime) -> datetime | None:
    """The first instant after *now* at which something is due; asking Stripe again is no event."""
    instants = (
        select(func.min(HostedSession.next_at)).where(
            HostedSession.team_id == team_id, HostedSession.next_at > now
        ),
        select(func.min(HostedReminder.due_at)).where(
            HostedReminder.team_id == team_id, HostedReminder.state == "planned", HostedReminder.due_at > now
        ),
    )
    return min((at for one in instants if (at := tx.scalar(one)) is not None), default=None)
