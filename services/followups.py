"""The follow-up: did the groups meet? Each says so by a press; those who have not said are asked once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from domain.meetings import CLOSES_AFTER, NEVER_ASKED, SAID, Met, NotInGroup
from domain.messages import Kind
from services import catch_up, evidence, live
from services.audit import note
from services.owing import Owed, Redraw, owe, owe_redraws
from store import queries
from store.coffee import Group, GroupMember
from store.core import Occurrence
from store.database import Database
from store.outbox import Outbox

SETTLED = ("sent", "skipped")


@dataclass(frozen=True)
class Press:
    """[We met], [Not yet] or [We did not meet], pressed: where, and by whom."""

    group_id: int
    outbox_id: int
    user_id: str
    met: Met
    channel: str
    ts: str
    response_url: str | None = None


def record(db: Database, team_id: str, press: Press, *, now: datetime) -> Met:
    """Note what somebody says of the meeting of their group, and redraw what shows it; what stands now.

    It counts for the presser alone, and may change. Raises NotInGroup.
    """
    with db.transaction() as tx:
        mine = (
            (GroupMember.team_id == team_id)
            & (GroupMember.group_id == press.group_id)
            & (GroupMember.user_id == press.user_id)
        )
        occurrence_id = tx.scalar(select(GroupMember.occurrence_id).where(mine))
        if occurrence_id is None:
            raise NotInGroup
        asked = _receipt(tx, db, team_id, press)
        # locked, so that the last two of a session who say so see each other
        session = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        said = tx.scalars(
            update(GroupMember)
            .where(mine, GroupMember.met != press.met.value)
            .values(met=press.met.value, met_at=now)
            .returning(GroupMember.user_id)
        ).first()
        _redraw(tx, db, team_id, press, in_group=asked is None or asked.kind == Kind.COFFEE_GROUP)
        if session is not None and said is not None:
            _said(tx, db, session, now=now)
        return press.met


def _receipt(tx: Session, db: Database, team_id: str, press: Press) -> Outbox | None:
    """The message that was pressed, if it is one of this group; the press proves that it stands there."""
    row = tx.scalars(
        select(Outbox)
        .where(Outbox.team_id == team_id, Outbox.id == press.outbox_id)
        .where(Outbox.subject_id == press.group_id)
        .where(Outbox.kind.in_([Kind.COFFEE_GROUP, Kind.COFFEE_FOLLOW_UP]))
    ).one_or_none()
    if row is not None and row.state not in SETTLED and press.channel and press.ts:
        evidence.settle(tx, db, team_id, row.id, press.channel, press.ts, source="press")
    return row


def _redraw(tx: Session, db: Database, team_id: str, press: Press, *, in_group: bool) -> None:
    url = press.response_url
    group = Redraw(press.group_id, url if in_group else None)
    asked = tx.scalars(
        select(Outbox.id)
        .where(Outbox.team_id == team_id, Outbox.kind == Kind.COFFEE_FOLLOW_UP)
        .where(Outbox.subject_id == press.group_id, Outbox.recipient == press.user_id)
        .order_by(Outbox.id)
    ).all()
    redraws = [Redraw(one, url if one == press.outbox_id else None) for one in asked]
    owe_redraws(tx, db, team_id, Kind.COFFEE_GROUP_REDRAW, [group])
    owe_redraws(tx, db, team_id, Kind.COFFEE_FOLLOW_UP_REDRAW, redraws)


def _said(tx: Session, db: Database, session: Occurrence, *, now: datetime) -> None:
    """Somebody has said something new: the last one closes the session, and its summary counts anew."""
    if session.state == "matched" and not _unsaid(tx, session):
        _close(tx, db, session, now=now)
    elif session.state == "closed":
        _count_anew(tx, db, session)
    else:
        live.changed(tx, db, session.team_id, session.id)


def _unsaid(tx: Session, session: Occurrence) -> bool:
    silent = exists().where(
        GroupMember.team_id == session.team_id,
        GroupMember.occurrence_id == session.id,
        GroupMember.met.not_in(SAID),
    )
    return bool(tx.scalar(select(silent)))


def _close(tx: Session, db: Database, session: Occurrence, *, now: datetime) -> None:
    session.state, session.closed_at = "closed", now
    tx.flush()
    note(tx, session, "session.closed", now)
    _count_anew(tx, db, session)


def _count_anew(tx: Session, db: Database, session: Occurrence) -> None:
    """The summary says how many met, and so does the card."""
    summaries = tx.scalars(
        select(Outbox.id)
        .where(Outbox.team_id == session.team_id, Outbox.kind == Kind.COFFEE_SUMMARY)
        .where(Outbox.subject_id == session.id, Outbox.ts.is_not(None))
    ).all()
    redraws = [Redraw(one, urgent=False) for one in summaries]
    owe_redraws(tx, db, session.team_id, Kind.COFFEE_SUMMARY_REDRAW, redraws)
    live.changed(tx, db, session.team_id, session.id)


# --- What is due -----------------------------------------------------------------------------------


def due(now: datetime) -> ColumnElement[bool]:
    """Sessions whose people are to be asked whether they met, or that are to be closed."""
    to_ask = and_(Occurrence.followed_up_at.is_(None), Occurrence.follow_up_at <= now)
    asked_long_ago = Occurrence.followed_up_at <= now - CLOSES_AFTER
    never_asked = and_(Occurrence.follow_up_at.is_(None), Occurrence.matched_at <= now - NEVER_ASKED)
    return and_(Occurrence.state == "matched", or_(to_ask, asked_long_ago, never_asked))


def find(db: Database, team_id: str, *, now: datetime) -> Sequence[int]:
    """The sessions of a workspace to be followed up at *now*, oldest first."""
    with db.reading() as tx:
        found = select(Occurrence.id).where(Occurrence.team_id == team_id, due(now))
        return tx.scalars(found.order_by(Occurrence.matched_at, Occurrence.id)).all()


def follow_up(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> str | None:
    """Ask those who have not said whether they met, once; a week later close the session. What was done."""
    with db.transaction() as tx:
        session = tx.scalars(
            queries.locked(
                select(Occurrence).where(
                    Occurrence.team_id == team_id, Occurrence.id == occurrence_id, due(now)
                )
            )
        ).one_or_none()
        if session is None:
            return None  # it was done already
        if session.followed_up_at is None and session.follow_up_at is not None and _unsaid(tx, session):
            _ask(tx, db, session, now=now)
            return "asked"
        _close(tx, db, session, now=now)
        return "closed"


def _ask(tx: Session, db: Database, session: Occurrence, *, now: datetime) -> None:
    planned, session.followed_up_at = session.follow_up_at, now
    introduced = exists().where(
        Outbox.kind == Kind.COFFEE_GROUP, Outbox.subject_id == Group.id, Outbox.state == "sent"
    )
    silent = tx.execute(
        select(GroupMember.group_id, GroupMember.user_id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.team_id == session.team_id, Group.occurrence_id == session.id, introduced)
        .where(GroupMember.met.not_in(SAID))
        .order_by(GroupMember.group_id, GroupMember.user_id)
    )
    owed = [
        Owed(Kind.COFFEE_FOLLOW_UP, group_id, f"group-{group_id}-follow-up-{user_id}", recipient=user_id)
        for group_id, user_id in silent
    ]
    tx.flush()
    owe(tx, db, session.team_id, owed)
    note(tx, session, "session.followed_up", now, people=len(owed))
    if planned is not None:
        catch_up.late(tx, db, session, "followed_up", planned, now)
