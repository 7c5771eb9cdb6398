"""The rows of one page of one tab of the Matching page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from domain import reasons
from domain.mentoring import Asking, Pairing, Status
from domain.mentoring_board import PAGE, BoardLook, MatchRow, RequestRow, Row, SubTab, Tab, filters
from domain.mentoring_board import PersonRow as Somebody
from services import mentoring_standing as standing
from services.mentoring import cap_of, free_of
from services.mentoring_clock import last_day_of
from services.mentoring_endings import UNDO
from store.core import PersonRow
from store.mentoring import Match, Mentoring, Participant, Request

Found = tuple[Sequence[Row], int, int]  # the rows, how many there are on all pages, and which page it is
MENTEE, MENTOR = aliased(Participant), aliased(Participant)
MENTEE_PERSON, MENTOR_PERSON = aliased(PersonRow), aliased(PersonRow)
STATES = {
    Tab.STAGED: ("staged", "proposed"),
    Tab.ACTIVE: ("active",),
    Tab.ENDED: ("ended",),
}


def rows(tx: Session, setup: Mentoring, look: BoardLook, *, now: datetime) -> Found:
    """One page of the tab that somebody looks at; past the last page it is the last one."""
    tab = Tab(look.tab)
    if tab in (Tab.UNMATCHED, Tab.MENTEES):
        return _mentees(tx, setup, look)
    if tab is Tab.MENTORS:
        return _mentors(tx, setup, look)
    if tab is Tab.REQUESTS:
        return _requests(tx, setup, look)
    return _matches(tx, setup, look, tab, now)


def _page(
    tx: Session,
    wanted: Select[Any],
    look: BoardLook,
    order: Sequence[Any],
    drawn: Callable[[Sequence[Any]], Sequence[Row]],
) -> Found:
    total = tx.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    page = min(look.page, max(0, -(-total // PAGE) - 1))
    found = tx.execute(wanted.order_by(*order).limit(PAGE).offset(page * PAGE)).all()
    return drawn(found), total, page


# --- People --------------------------------------------------------------------------------------------


def _people(setup: Mentoring, look: BoardLook, which: ColumnElement[bool], *more: Any) -> Select[Any]:
    person = and_(PersonRow.team_id == Participant.team_id, PersonRow.user_id == Participant.user_id)
    wanted = (
        select(Participant.id, Participant.user_id, PersonRow.name, *more)
        .outerjoin(PersonRow, person)
        .where(standing.here(setup), which)
    )
    return wanted.where(Participant.user_id.in_(_called(setup, look.search))) if look.search else wanted


def _called(setup: Mentoring, name: str) -> Select[Any]:
    """Who is called so: found once, and not for each row anew where a plan is made without statistics."""
    here = PersonRow.team_id == setup.team_id
    found = select(PersonRow.user_id).where(here, standing.named(name, PersonRow)).cte("called")
    return select(found.prefix_with("MATERIALIZED", dialect="postgresql").c.user_id)


BY_NAME = (func.lower(PersonRow.name), Participant.id)


def _mentees(tx: Session, setup: Mentoring, look: BoardLook) -> Found:
    alone = look.tab == Tab.UNMATCHED
    which = standing.unmatched() if alone else standing.available_mentee(setup)
    status = standing.status(setup).label("status")
    stated = Participant.wants, Participant.goals
    wanted = _people(setup, look, which, Participant.matched, status, *stated)
    if alone and setup.process != "admin":
        invited = Participant.invite_at.is_not(None)
        wanted = wanted.where(invited if look.sub_tab == SubTab.INVITED else ~invited)
    if look.filter in filters(look.tab, setup.process) and look.filter:
        wanted = wanted.where(standing.status(setup) == look.filter)

    def drawn(found: Sequence[Any]) -> list[Row]:
        return [
            Somebody(one, user_id, name or "", Status(status), matched, skills=tuple(wants), goal=goals)
            for one, user_id, name, matched, status, wants, goals in found
        ]

    return _page(tx, wanted, look, BY_NAME, drawn)


def _mentors(tx: Session, setup: Mentoring, look: BoardLook) -> Found:
    wanted = _people(setup, look, standing.available_mentor(setup), Participant)

    def drawn(found: Sequence[Any]) -> list[Row]:
        return [
            Somebody(
                one, user_id, name or "", places=cap_of(setup, row), used=row.used, asked=row.asked,
                free=free_of(setup, row), skills=tuple(row.offers),
            )
            for one, user_id, name, row in found
        ]  # fmt: skip

    return _page(tx, wanted, look, BY_NAME, drawn)


# --- Requests ------------------------------------------------------------------------------------------


def _two(wanted: Any, table: Any, look: BoardLook) -> Any:
    """Both people of a request or a match, and only those who are searched for."""
    found = wanted.join(MENTEE, MENTEE.id == table.mentee_id).join(MENTOR, MENTOR.id == table.mentor_id)
    for who, person in ((MENTEE, MENTEE_PERSON), (MENTOR, MENTOR_PERSON)):
        same = and_(person.team_id == who.team_id, person.user_id == who.user_id)
        found = found.outerjoin(person, same)
    return found.where(standing.named(look.search, MENTEE_PERSON, MENTOR_PERSON)) if look.search else found


def _requests(tx: Session, setup: Mentoring, look: BoardLook) -> Found:
    columns: Any = select(Request, MENTEE.user_id, MENTOR.user_id)
    wanted = _two(columns, Request, look).where(
        Request.team_id == setup.team_id, Request.program_id == setup.program_id
    )
    if look.filter != "all":
        wanted = wanted.where(Request.state.in_([look.filter] if look.filter else ["pending", "frozen"]))

    def drawn(found: Sequence[Any]) -> list[Row]:
        return [
            RequestRow(
                row.id, mentee, mentor, Asking(row.state), row.rank,
                last_day_of(row) if row.expires_at is not None else None, organizer=row.list_id is None,
            )
            for row, mentee, mentor in found
        ]  # fmt: skip

    return _page(tx, wanted, look, (Request.expires_at, Request.id), drawn)


# --- Matches -------------------------------------------------------------------------------------------


def _matches(tx: Session, setup: Mentoring, look: BoardLook, tab: Tab, now: datetime) -> Found:
    states = [look.filter] if tab is Tab.ENDED and look.filter else STATES[tab]
    columns: Any = select(Match, MENTEE, MENTOR.user_id, MENTEE_PERSON, MENTOR_PERSON)
    wanted = _two(columns, Match, look).where(
        Match.team_id == setup.team_id, Match.program_id == setup.program_id, Match.state.in_(states)
    )
    full = MENTEE.matched >= setup.mentors_per_mentee
    if look.filter == "attention":
        wanted = wanted.where(full | (cast(Match.problem, String) != "[]"))
    if look.filter == "locked":
        wanted = wanted.where(Match.locked)

    def drawn(found: Sequence[Any]) -> list[Row]:
        taken = [row.mentee_id for row, mentee, *_ in found if mentee.matched >= setup.mentors_per_mentee]
        others = _others(tx, taken) if tab is Tab.STAGED else {}
        return [_match(one, others, now) for one in found]

    order = {
        Tab.STAGED: (Match.id,),
        Tab.ACTIVE: (Match.active_at.desc(), Match.id),
        Tab.ENDED: (Match.over_at.desc(), Match.id),
    }
    return _page(tx, wanted, look, order[tab], drawn)


def _others(tx: Session, mentees: Collection[int]) -> Mapping[int, str]:
    """With whom these mentees were matched meanwhile."""
    found = tx.execute(
        select(Match.mentee_id, Participant.user_id)
        .join(Participant, Participant.id == Match.mentor_id)
        .where(Match.mentee_id.in_(mentees), Match.state == "active")
        .order_by(Match.active_at)
    )
    return {mentee_id: user_id for mentee_id, user_id in found}


def _match(found: Any, others: Mapping[int, str], now: datetime) -> MatchRow:
    row, mentee, mentor, *people = found
    at = {"active": row.active_at, "ended": row.over_at, "discarded": row.over_at}.get(
        row.state, row.staged_at
    )
    gone = [who.user_id for who in people if who is not None and who.deleted]
    return MatchRow(
        row.id,
        mentee.user_id,
        mentor,
        Pairing(row.state),
        names=(_name(people[0]), _name(people[1])),
        score=row.score,
        why=tuple(reasons.told(one) for one in row.why),
        problem=tuple(reasons.told(one) for one in row.problem),
        conflict=others.get(row.mentee_id, ""),
        by=row.over_by if row.over_at else row.created_by,
        origin=row.origin,
        at=at,
        reason=row.end_reason,
        locked=row.locked,
        waits=bool(row.approving),
        gone=tuple(gone),
        wish=str(row.wish.get("by") or ""),
        undo=row.over_at is not None and now - row.over_at <= UNDO,
    )


def _name(who: PersonRow | None) -> str:
    return who.name if who else ""
