"""What is owed once groups are made: to an organizer who looks first, or to everybody."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages import Kind
from services import silence
from services.grouping import LEFT, NOT_IN_AUDIENCE, PAUSED
from services.organizers import organizers
from services.owing import Owed, Redraw, owe, owe_redraws
from services.series import program_of
from store import queries
from store.coffee import GroupMember, SatOut
from store.core import Invitation, Occurrence
from store.database import Database
from store.outbox import Outbox


def stamp(tx: Session, row: Occurrence, *, now: datetime) -> None:
    """Note when the groups were told of each other, and when they are asked whether they met."""
    row.matched_at = now
    days = program_of(tx, row.team_id, row.program_id).follow_up_days
    row.follow_up_at = now + timedelta(days=days) if days else None
    tx.flush()


def drafted(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """The groups are made, and nobody but the organizers hears of it.

    Whoever has just scheduled a session without opt-in is looking at its confirmation, which says so.
    """
    asked = tx.get_one(Occurrence, occurrence_id).opt_in_at is not None
    owed = [
        Owed(
            Kind.REVIEW_READY,
            occurrence_id,
            f"occurrence-{occurrence_id}-review-{user_id}",
            recipient=user_id,
        )
        for user_id in (organizers(tx, occurrence_id) if asked else ())
    ]
    owe(tx, db, team_id, owed)
    _redraw_confirmation(tx, db, team_id, occurrence_id)


def redraw_review(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """Owe the messages that ask organizers to look at the groups their newest state."""
    kinds = [Kind.REVIEW_READY, Kind.REVIEW_WAITS, Kind.REVIEW_LEFT]
    posted = tx.scalars(
        select(Outbox.id).where(
            Outbox.team_id == team_id, Outbox.kind.in_(kinds), Outbox.subject_id == occurrence_id
        )
    ).all()
    owe_redraws(tx, db, team_id, Kind.REVIEW_REDRAW, [Redraw(one) for one in posted])
    _redraw_confirmation(tx, db, team_id, occurrence_id)


def announce(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """Owe the groups as they stand their messages, those in none the reason, and the summary."""
    groups: dict[int, list[str]] = {}
    for group_id, user_id in tx.execute(
        select(GroupMember.group_id, GroupMember.user_id)
        .where(GroupMember.team_id == team_id, GroupMember.occurrence_id == occurrence_id)
        .order_by(GroupMember.group_id, GroupMember.user_id)
    ):
        groups.setdefault(group_id, []).append(user_id)
    owed = [
        Owed(Kind.COFFEE_GROUP, group_id, f"group-{group_id}", users=tuple(people))
        for group_id, people in groups.items()
    ]
    sat = tx.execute(select(SatOut.user_id, SatOut.reason).where(SatOut.occurrence_id == occurrence_id))
    out: dict[str, str] = {user_id: reason for user_id, reason in sat}
    known = queries.people_by_id(tx, team_id, out)
    here = {who for who, one in known.items() if not one.deleted}  # whoever erased their data is not known
    owed += [
        Owed(
            Kind.COFFEE_LEFT_OUT,
            occurrence_id,
            f"occurrence-{occurrence_id}-left-out-{user_id}",
            recipient=user_id,
            params={"reason": reason},
        )
        for user_id, reason in sorted(out.items())
        if user_id in here and reason not in (LEFT, PAUSED)
    ]
    owe(tx, db, team_id, [*owed, *_summaries(tx, occurrence_id, list(out.values()))])
    _tell_the_others(tx, db, team_id, occurrence_id)
    silence.rest(tx, db, team_id, occurrence_id)


def _summaries(tx: Session, occurrence_id: int, reasons: list[str]) -> list[Owed]:
    gone = sum(reason in (LEFT, PAUSED, NOT_IN_AUDIENCE) for reason in reasons)
    first, *others = organizers(tx, occurrence_id)
    key = f"occurrence-{occurrence_id}-summary"
    return [
        Owed(
            Kind.COFFEE_SUMMARY,
            occurrence_id,
            key if user_id == first else f"{key}-{user_id}",
            recipient=user_id,
            params={"left_out": len(reasons) - gone, "gone": gone},
        )
        for user_id in (first, *others)
    ]


def _tell_the_others(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    """What shows this session says how it ended: the questions, and the confirmation."""
    answered = tx.scalars(
        select(Invitation.id).where(
            Invitation.occurrence_id == occurrence_id,
            Invitation.state.in_(["accepted", "declined"]),
            Invitation.ts.is_not(None),
        )
    ).all()
    owe_redraws(tx, db, team_id, Kind.COFFEE_REDRAW, [Redraw(one, urgent=False) for one in answered])
    _redraw_confirmation(tx, db, team_id, occurrence_id)


def _redraw_confirmation(tx: Session, db: Database, team_id: str, occurrence_id: int) -> None:
    series_id = tx.scalars(select(Occurrence.series_id).where(Occurrence.id == occurrence_id)).one()
    owe_redraws(tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(series_id, urgent=False)])
