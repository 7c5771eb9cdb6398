"""The session card: how a session stands now, for the messages, App Home and the planning alike."""

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, false, func, or_, select
from sqlalchemy.orm import Session

from domain.facts import SessionCard
from domain.messages import Kind
from domain.text import say
from services.audiences import members
from services.series import NoSuchSession, program_of
from store import queries
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence, PersonRow, Program, Reminder, SeriesRow
from store.database import Database
from store.outbox import Outbox
from store.people import EVERY_PROGRAM, Pause

LIVE = ("open", "matching", "review")  # the states in which people answer, or somebody has to decide


def card(db: Database, team_id: str, occurrence_id: int, *, reader: str = "") -> SessionCard:
    """The card of one session, for *reader*. Raises NoSuchSession."""
    with db.reading() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if row is None:
            raise NoSuchSession
        return card_of(tx, row, zone_of(tx, team_id, reader))


def zone_of(tx: Session, team_id: str, user_id: str) -> str:
    """The zone of somebody, "" where none is known."""
    person = tx.get(PersonRow, (team_id, user_id))
    return person.tz if person else ""


def locale_of(tx: Session, team_id: str, user_id: str) -> str:
    """The locale of somebody, "" where none is known."""
    person = tx.get(PersonRow, (team_id, user_id))
    return person.locale if person else ""


def card_of(tx: Session, row: Occurrence, reader_zone: str) -> SessionCard:
    """The card of a session as it stands in this transaction."""
    program = program_of(tx, row.team_id, row.program_id)
    series = tx.get_one(SeriesRow, row.series_id)
    states, away = _answers(tx, row, program)
    failed = _failed(tx, row, program)
    groups, met = _groups(tx, row) if row.state in ("matched", "closed", "review") else (0, 0)
    return SessionCard(
        program=program.name,
        occurrence_id=row.id,
        state=row.state,
        reason=say(row.reason) if row.reason else "",
        opt_in_at=row.opt_in_at,
        match_at=row.match_at,
        send_at=row.send_at,
        confirmed=row.confirmed,
        waits=program.at_deadline == "wait",
        zone=row.zone,
        reader_zone=reader_zone,
        asks_first=row.opt_in_at is not None,
        repeats=bool(series.weeks) and series.ended_at is None,
        review=series.groups == "review",
        asked=sum(states.values()),
        joined=states.get("accepted", 0) - away.get("accepted", 0),
        declined=states.get("declined", 0),
        silent=states.get("pending", 0) + states.get("expired", 0) - away.get("pending", 0) - failed,
        failed=failed,
        left=states.get("withdrawn", 0) + sum(away.values()),
        groups=groups,
        met=met,
        reminder_at=tx.scalar(
            select(func.min(Reminder.due_at)).where(
                Reminder.occurrence_id == row.id, Reminder.state == "planned"
            )
        ),
    )


def _answers(tx: Session, row: Occurrence, program: Program) -> tuple[dict[str, int], dict[str, int]]:
    """How many answered what; and of those who could take part, how many will not: paused, or left.

    Once the groups are made, what counts is what was answered then.
    """
    states = queries.answers(tx, row.id)
    if row.state not in LIVE:
        return states, {}
    rows = tx.execute(
        select(Invitation.state, func.count())
        .where(Invitation.occurrence_id == row.id, gone(row, program))
        .group_by(Invitation.state)
    )
    return states, {state: count for state, count in rows}


def gone(row: Occurrence, program: Program) -> ColumnElement[bool]:
    """Whether somebody who could still take part will not: paused, or not in the audience any more."""
    if row.state not in LIVE:
        return false()
    pauses = (
        exists()
        .where(Pause.team_id == row.team_id, Pause.user_id == Invitation.user_id)
        .where(Pause.program_id.in_([EVERY_PROGRAM, program.id]))
        .where(Pause.until.is_(None) | (Pause.until > row.match_at))
    )
    here = select(members(row, program).subquery().c.user_id)
    return Invitation.state.in_(["pending", "accepted"]) & (Invitation.user_id.not_in(here) | pauses)


def _groups(tx: Session, row: Occurrence) -> tuple[int, int]:
    """How many groups a session has, and how many of them said that they met."""
    groups, met = tx.execute(
        select(
            func.count(func.distinct(GroupMember.group_id)),
            func.count(func.distinct(case((GroupMember.met == "met", GroupMember.group_id)))),
        )
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.occurrence_id == row.id)
    ).one()
    return groups, met


def lost() -> ColumnElement[bool]:
    """Whether a message will never arrive."""
    return or_(Outbox.state == "dead", and_(Outbox.state == "skipped", Outbox.reason == "deactivated"))


def _failed(tx: Session, row: Occurrence, program: Program) -> int:
    """How many of those who could still answer could not be asked."""
    if tx.scalar(_SOMEBODY_LOST, {"session": row.id}) is None:  # as a rule; who went is dear to find out
        return 0
    return tx.scalars(
        select(func.count())
        .select_from(Invitation)
        .join(Outbox, and_(Outbox.kind == Kind.COFFEE_OPT_IN, Outbox.subject_id == Invitation.id))
        .where(Invitation.occurrence_id == row.id, Invitation.state.in_(["pending", "expired"]))
        .where(lost(), ~gone(row, program))
    ).one()


_SOMEBODY_LOST = (
    select(Outbox.id)
    .join(Invitation, and_(Outbox.kind == Kind.COFFEE_OPT_IN, Outbox.subject_id == Invitation.id))
    .where(Invitation.occurrence_id == bindparam("session"), Invitation.state.in_(["pending", "expired"]))
    .where(lost())
    .limit(1)
)
