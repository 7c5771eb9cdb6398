"""Whether something is due in a workspace's mentoring programs, and when the next thing is."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from services import mentoring_check_ins, mentoring_digest, mentoring_ending_dates, mentoring_gone
from store.core import PersonRow, Workspace
from store.mentoring import Match, Meeting, Mentoring, Participant, Request


def work(now: datetime) -> ColumnElement[bool]:
    """Whether a workspace has something to do; *now* is product time."""
    request = exists().where(
        Request.team_id == Workspace.team_id,
        Request.state == "pending",
        or_(Request.expires_at <= now, Request.remind_at <= now),
    )
    offer = exists().where(
        Request.team_id == Workspace.team_id, Request.offer == "made", Request.offer_until <= now
    )
    rested = exists().where(
        Participant.team_id == Workspace.team_id,
        Participant.state == "paused",
        Participant.paused_until <= now,
    )
    gone = exists().where(
        Participant.team_id == Workspace.team_id,
        Participant.state != "left",
        PersonRow.team_id == Participant.team_id,
        PersonRow.user_id == Participant.user_id,
        PersonRow.deleted,
    )
    approving = exists().where(
        Match.team_id == Workspace.team_id, Match.approving != "", Match.state == "staged"
    )
    met = exists().where(Meeting.team_id == Workspace.team_id, mentoring_check_ins.over(now))
    digest = exists().where(Mentoring.team_id == Workspace.team_id, mentoring_digest.due_when(now))
    ending = exists().where(Mentoring.team_id == Workspace.team_id, mentoring_ending_dates.due_when(now))
    left = exists().where(Mentoring.team_id == Workspace.team_id, mentoring_gone.due_when(now))
    return or_(request, offer, rested, gone, left, approving, met, digest, ending)


def next_due(tx: Session, team_id: str, *, now: datetime) -> datetime | None:
    """The first instant after *now* at which something of mentoring is due; None if nothing is."""
    waiting = and_(Request.team_id == team_id, Request.state == "pending")
    instants = [
        select(func.min(Request.expires_at)).where(waiting, Request.expires_at > now),
        select(func.min(Request.remind_at)).where(waiting, Request.remind_at > now),
        select(func.min(Request.offer_until)).where(
            Request.team_id == team_id, Request.offer == "made", Request.offer_until > now
        ),
        select(func.min(Participant.paused_until)).where(
            Participant.team_id == team_id, Participant.state == "paused", Participant.paused_until > now
        ),
        select(func.min(Mentoring.gone_at)).where(Mentoring.team_id == team_id, Mentoring.gone_at > now),
        select(func.min(Mentoring.digest_at)).where(
            Mentoring.team_id == team_id,
            Mentoring.stage == "open",
            Mentoring.digest,
            Mentoring.digest_at > now,
        ),
        select(func.min(Mentoring.ending_at)).where(
            Mentoring.team_id == team_id,
            Mentoring.stage == "open",
            Mentoring.ends_on.is_not(None),
            Mentoring.ending_at > now,
        ),
    ]
    found = [at for statement in instants if (at := tx.scalar(statement)) is not None]
    met = mentoring_check_ins.next_over(tx, team_id, now=now)
    found += [met] if met is not None else []
    return min(found, default=None)
