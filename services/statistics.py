"""What came of sessions, in numbers. One question, however many sessions there are."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from domain.messages import Kind
from domain.programs import NoSuchProgram
from domain.statistics import Figures, Report
from services.delivery import Skip
from services.grouping import SENT
from services.owing import Owed, owe
from services.series import NoSuchSession
from store import queries
from store.coffee import Group, GroupMember
from store.core import Invitation, Occurrence, PersonRow, Program
from store.database import Database
from store.outbox import Outbox

COUNTED = ("open", "matching", "review", "matched", "closed")  # states in which a session has numbers


def of_program(db: Database, team_id: str, program_id: int, *, reader: str = "") -> Report:
    """The numbers of a program. Raises NoSuchProgram."""
    with db.reading() as tx:
        return _of_program(tx, team_id, program_id, reader)


def of_session(db: Database, team_id: str, occurrence_id: int, *, reader: str = "") -> Report:
    """The numbers of one session. Raises NoSuchSession."""
    with db.reading() as tx:
        return _of_session(tx, team_id, occurrence_id, reader)


def _of_program(tx: Session, team_id: str, program_id: int, reader: str) -> Report:
    program = queries.one_program(tx, team_id, program_id)
    if program is None:
        raise NoSuchProgram
    wanted = and_(Occurrence.program_id == program.id, Occurrence.state.in_(COUNTED))
    return _report(tx, program, wanted, reader)


def _of_session(tx: Session, team_id: str, occurrence_id: int, reader: str) -> Report:
    session = queries.one_occurrence(tx, team_id, occurrence_id)
    if session is None:
        raise NoSuchSession
    program = tx.get_one(Program, session.program_id)
    return _report(tx, program, Occurrence.id == session.id, reader, occurrence_id)


def _report(
    tx: Session, program: Program, wanted: ColumnElement[bool], reader: str, occurrence_id: int = 0
) -> Report:
    sessions = tuple(figures(tx, program.team_id, wanted))
    people = tx.scalars(
        select(func.count(func.distinct(GroupMember.user_id)))
        .join(Occurrence, Occurrence.id == GroupMember.occurrence_id)
        .where(Occurrence.team_id == program.team_id, Occurrence.state.in_(SENT), wanted)
    ).one()
    person = tx.get(PersonRow, (program.team_id, reader))
    return Report(
        program_id=program.id,
        program=program.name,
        sessions=sessions,
        different_people=people,
        reader_zone=person.tz if person else "",
        occurrence_id=occurrence_id,
        locale=person.locale if person else "",
    )


def figures(tx: Session, team_id: str, wanted: ColumnElement[bool]) -> Iterator[Figures]:
    """The numbers of these sessions, oldest first, one after the other."""
    rows = tx.execute(_figures(team_id, wanted).execution_options(yield_per=500)).mappings()
    for row in rows:
        counts = {name: value or 0 for name, value in row.items() if name in COUNTS}
        yield Figures(**{**row, **counts})


COUNTS = (
    "asked", "reached", "joined", "said_yes", "declined", "groups", "people", "groups_met", "people_met",
    "people_not_met", "new_pairs",
)  # fmt: skip


def _figures(team_id: str, wanted: ColumnElement[bool]) -> Select[Any]:
    mine = and_(Occurrence.team_id == team_id, wanted)
    parts: Sequence[FromClause] = (_answers(mine), _groups(mine), _new_pairs(team_id, mine))
    counts = [column for part in parts for column in part.c if column.name in COUNTS]
    found = select(
        Occurrence.id.label("occurrence_id"), Program.name.label("program"), Occurrence.zone,
        Occurrence.state, func.coalesce(Occurrence.send_at, Occurrence.match_at).label("match_at"),
        Occurrence.opt_in_at, Occurrence.matched_at, Occurrence.closed_at, Occurrence.reason, *counts,
    ).join(Program, Program.id == Occurrence.program_id)  # fmt: skip
    for part in parts:
        found = found.outerjoin(part, part.c.occurrence_id == Occurrence.id)
    return found.where(mine).order_by(Occurrence.match_at, Occurrence.id)


def _count(when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((when, 1), else_=0))


def _answers(mine: ColumnElement[bool]) -> FromClause:
    """Whoever takes part without having been asked counts as joined, and for no rate."""
    joined = Invitation.state == "accepted"
    asked = ~(joined & Invitation.answered_at.is_(None))
    return (
        select(
            Invitation.occurrence_id,
            _count(asked).label("asked"),
            _count(asked & Invitation.ts.is_not(None)).label("reached"),
            _count(joined).label("joined"),
            _count(joined & asked).label("said_yes"),
            _count(Invitation.state == "declined").label("declined"),
        )
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .where(mine)
        .group_by(Invitation.occurrence_id)
        .subquery()
    )


def _groups(mine: ColumnElement[bool]) -> FromClause:
    met_in = case((GroupMember.met == "met", GroupMember.group_id))
    return (
        select(
            GroupMember.occurrence_id,
            func.count(func.distinct(GroupMember.group_id)).label("groups"),
            func.count().label("people"),
            func.count(func.distinct(met_in)).label("groups_met"),
            _count(GroupMember.met == "met").label("people_met"),
            _count(GroupMember.met == "no").label("people_not_met"),
        )
        .join(Occurrence, Occurrence.id == GroupMember.occurrence_id)
        .where(mine, Occurrence.state.in_(SENT))
        .group_by(GroupMember.occurrence_id)
        .subquery()
    )


def _new_pairs(team_id: str, mine: ColumnElement[bool]) -> FromClause:
    """Pairs by the session that brought them together first, in the whole history of their program."""
    one, other = aliased(GroupMember), aliased(GroupMember)
    programs = select(Occurrence.program_id).where(mine)
    history = aliased(Occurrence)
    turn = func.row_number().over(
        partition_by=(history.program_id, one.user_id, other.user_id),
        order_by=(history.matched_at, history.id),
    )
    pairs = (
        select(one.occurrence_id, turn.label("turn"))
        .join(other, and_(one.group_id == other.group_id, one.user_id < other.user_id))
        .join(Group, Group.id == one.group_id)
        .join(history, history.id == one.occurrence_id)
        .where(history.team_id == team_id, history.program_id.in_(programs), history.state.in_(SENT))
        .subquery()
    )
    return (
        select(pairs.c.occurrence_id, func.count().label("new_pairs"))
        .where(pairs.c.turn == 1)
        .group_by(pairs.c.occurrence_id)
        .subquery()
    )


# --- [Send to me] ----------------------------------------------------------------------------------


def send(
    db: Database, team_id: str, program_id: int, *, occurrence_id: int = 0, actor: str, key: str
) -> bool:
    """Owe somebody the numbers as a message; False if the press with this *key* asked for it already."""
    owed = Owed(
        Kind.STATISTICS,
        program_id,
        f"statistics-{key}"[:120],
        recipient=actor,
        params={"occurrence": occurrence_id},
    )
    with db.transaction() as tx:
        return owe(tx, db, team_id, [owed]) == 1


def load(tx: Session, row: Outbox) -> Report | Skip:
    """The numbers as they are when the message leaves."""
    try:
        if row.params["occurrence"]:
            return _of_session(tx, row.team_id, row.params["occurrence"], row.recipient)
        return _of_program(tx, row.team_id, row.subject_id, row.recipient)
    except (NoSuchProgram, NoSuchSession):
        return Skip("it is gone")
