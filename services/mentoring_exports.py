"""What organizers may take along of mentoring: matches, people and requests, row by row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, aliased

from domain import reasons
from domain.exports import Cell, Export, What, stamp
from services import mentoring_standing as standing
from services.mentoring import cap_of, free_of
from store.core import PersonRow, Program
from store.mentoring import Match, Meeting, Mentoring, Participant, Request
from store.queries import Rows

Row = Sequence[Cell]
STREAMED = {"yield_per": 1000}
MENTEE, MENTOR = aliased(Participant), aliased(Participant)
MENTEE_PERSON, MENTOR_PERSON = aliased(PersonRow), aliased(PersonRow)
NO_EMAIL = ""  # addresses of people are not read from Slack
STATES = {What.STAGED: ["staged", "proposed"], What.ACTIVE: ["active"], What.ENDED: ["ended"]}


def _of(wanted: Export, column: Any) -> ColumnElement[bool]:
    return true() if wanted.program_ids is None else column.in_(wanted.program_ids)


def _with_people(statement: Rows, table: type[Match] | type[Request]) -> Rows:
    """The same, joined with the two people of each row and its program."""
    return (
        statement.join(MENTEE, MENTEE.id == table.mentee_id)
        .join(MENTOR, MENTOR.id == table.mentor_id)
        .join(Program, Program.id == table.program_id)
        .outerjoin(MENTEE_PERSON, _is(MENTEE_PERSON, MENTEE))
        .outerjoin(MENTOR_PERSON, _is(MENTOR_PERSON, MENTOR))
    )


def _is(person: Any, who: Any) -> ColumnElement[bool]:
    return and_(person.team_id == who.team_id, person.user_id == who.user_id)


def _both(wanted: Export, *instants: datetime | None) -> tuple[list[Cell], list[Cell]]:
    """Instants in UTC, and in the zone of whoever asked."""
    return [stamp(one) for one in instants], [stamp(one, wanted.zone) for one in instants]


def _matches(tx: Session, wanted: Export) -> Iterator[Row]:
    held = (
        select(Meeting.match_id, func.count().label("done"), func.max(Meeting.starts_at).label("last"))
        .where(Meeting.team_id == wanted.team_id, Meeting.state == "done")
        .group_by(Meeting.match_id)
        .subquery()
    )
    columns = select(
        Match, MENTEE.user_id, MENTEE_PERSON.name, MENTOR.user_id, MENTOR_PERSON.name, held.c.done,
        held.c.last, Program.name,
    )  # fmt: skip
    statement = _with_people(columns, Match).outerjoin(held, held.c.match_id == Match.id)
    statement = statement.where(Match.team_id == wanted.team_id, _of(wanted, Match.program_id))
    if wanted.what in STATES:
        statement = statement.where(Match.state.in_(STATES[wanted.what]))
    rows = tx.execute(statement.order_by(Match.id), execution_options=STREAMED)
    for match, mentee_id, mentee, mentor_id, mentor, done, last, program in rows:
        utc, local = _both(wanted, match.staged_at, match.active_at, match.over_at, last)
        yield (
            match.id, match.state, match.score, "; ".join(reasons.told(one) for one in match.why),
            mentee, mentee_id, NO_EMAIL, mentor, mentor_id, NO_EMAIL, match.created_by, *utc[:3],
            match.end_reason, done or 0, utc[3], *local, program,
            *(("", match.note) if wanted.what is What.STAGED else ()),
        )  # fmt: skip


def _people(tx: Session, wanted: Export) -> Iterator[Row]:
    mine = select(Mentoring).where(Mentoring.team_id == wanted.team_id, _of(wanted, Mentoring.program_id))
    for setup in tx.scalars(mine.order_by(Mentoring.program_id)).all():
        yield from _of_program(tx, wanted, setup)


def _of_program(tx: Session, wanted: Export, setup: Mentoring) -> Iterator[Row]:
    rows = tx.execute(
        select(Participant, PersonRow.name, standing.status(setup), Program.name)
        .join(Program, Program.id == Participant.program_id)
        .outerjoin(PersonRow, _is(PersonRow, Participant))
        .where(Participant.team_id == setup.team_id, Participant.program_id == setup.program_id)
        .where(_chosen(wanted, setup))
        .order_by(Participant.id),
        execution_options=STREAMED,
    )
    for who, name, status, program in rows:
        utc, local = _both(wanted, who.invited_at, who.joined_at)
        places = (cap_of(setup, who), who.used, free_of(setup, who)) if who.mentor else (None, None, None)
        yield (
            who.id, name, who.user_id, NO_EMAIL, _yes(who.mentee), _yes(who.mentor), who.state,
            status if who.mentee else "", who.goals, ", ".join(who.offers), ", ".join(who.wants),
            ", ".join(who.languages), who.department, who.seniority, *places,
            who.matched if who.mentee else None, *utc, *local, program,
        )  # fmt: skip


def _chosen(wanted: Export, setup: Mentoring) -> ColumnElement[bool]:
    """Who is in the tab that is exported."""
    here = standing.here(setup)
    tabs = {
        What.UNMATCHED: and_(here, standing.unmatched()),
        What.MENTEES: and_(here, standing.available_mentee(setup)),
        What.MENTORS: and_(here, standing.available_mentor(setup)),
    }
    return tabs.get(wanted.what, true())


def _yes(found: bool) -> str:
    return "yes" if found else "no"


def _requests(tx: Session, wanted: Export) -> Iterator[Row]:
    columns = select(
        Request, MENTEE.user_id, MENTEE_PERSON.name, MENTOR.user_id, MENTOR_PERSON.name, Program.name
    )
    statement = _with_people(columns, Request).where(
        Request.team_id == wanted.team_id, _of(wanted, Request.program_id)
    )
    rows = tx.execute(statement.order_by(Request.id), execution_options=STREAMED)
    for one, mentee_id, mentee, mentor_id, mentor, program in rows:
        utc, local = _both(wanted, one.asked_at, one.expires_at, one.decided_at)
        yield (
            one.id, one.list_id, one.rank, one.state, mentee, mentee_id, NO_EMAIL, mentor, mentor_id,
            NO_EMAIL, *utc, *local, program,
        )  # fmt: skip


ROWS: dict[What, Callable[[Session, Export], Iterator[Row]]] = {
    What.MATCHES: _matches,
    What.STAGED: _matches,
    What.ACTIVE: _matches,
    What.ENDED: _matches,
    What.MENTORING: _people,
    What.UNMATCHED: _people,
    What.MENTEES: _people,
    What.MENTORS: _people,
    What.REQUESTS: _requests,
}
