"""The lists behind the numbers of a program's health, twenty lines to a page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.mentoring import Status, Taking
from domain.mentoring_health import NUMBERS, PAGE, Line
from domain.messages import Kind
from domain.text import N_
from services.mentoring_standing import here, status, unmatched
from store import queries
from store.core import PersonRow
from store.mentoring import Match, Meeting, Mentoring, Participant, Preferences, Request
from store.outbox import Outbox

LISTS = tuple(NUMBERS)
MEETINGS = ("completed", "upcoming", "missed")
ANSWERED = and_(Request.state.in_(["approved", "declined"]), Request.asked_at.is_not(None))
REQUESTS: Mapping[str, ColumnElement[bool]] = {
    "approved": Request.state == "approved",
    "declined": Request.state == "declined",
    "expired": Request.state == "expired",
    "answered": ANSWERED,
}
MATCHES = {"staged": ("staged", "proposed"), "active": ("active",), "ended": ("ended",)}

Rows = Select[*tuple[Any, ...]]
Found = tuple[int, int, tuple[Line, ...]]  # lines on all pages, the page that is shown, its lines
Who = aliased(PersonRow)
Mentee, Mentor = aliased(Participant), aliased(Participant)
MenteePerson, MentorPerson = aliased(PersonRow), aliased(PersonRow)


def people(setup: Mentoring) -> Mapping[str, ColumnElement[bool]]:
    """Which participants of a program each number counts."""
    stands = status(setup)
    mentee = and_(here(setup), Participant.mentee)
    return {
        "registered": Participant.state != Taking.LEFT,
        "unmatched": and_(here(setup), unmatched()),
        "choosing": and_(mentee, stands == Status.CHOOSING.value),
        "awaiting": and_(mentee, stands == Status.AWAITING_MENTOR.value),
    }


def meetings(now: datetime) -> Mapping[str, ColumnElement[bool]]:
    """Which meetings of a program each number counts."""
    return {
        "completed": Meeting.state == "done",
        "upcoming": and_(Meeting.state == "planned", Meeting.starts_at > now),
        "missed": Meeting.state == "missed",
    }


def read(tx: Session, setup: Mentoring, tab: str, number: int, now: datetime) -> Found:
    """One page of a number's list; the last one where there are fewer. *tab* is one of ``LISTS``."""
    if tab in ("sent", "failed"):
        return _messages(tx, setup, tab, number)
    if tab in REQUESTS:
        return _requests(tx, setup, tab, number)
    if tab in MATCHES or tab in MEETINGS:
        return _pairs(tx, setup, tab, number, now)
    mine = (Participant.team_id == setup.team_id) & (Participant.program_id == setup.program_id)
    found = (
        select(PersonRow.name)
        .join(
            Participant,
            (Participant.team_id == PersonRow.team_id) & (Participant.user_id == PersonRow.user_id),
        )
        .where(mine, people(setup)[tab])
        .order_by(PersonRow.name, Participant.id)
    )
    total, at, rows = _page(tx, found, number)
    return total, at, tuple(Line((name,)) for (name,) in rows)


def _page(tx: Session, found: Rows, number: int) -> tuple[int, int, Sequence[Any]]:
    total = tx.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    at = min(number, max(0, -(-total // PAGE) - 1))
    return total, at, tx.execute(found.limit(PAGE).offset(at * PAGE)).all()


def _of_two(found: Rows, subject: type[Match] | type[Request]) -> Rows:
    """A question about something with a mentee and a mentor, with what both are called."""
    for who, person, column in (
        (Mentee, MenteePerson, subject.mentee_id),
        (Mentor, MentorPerson, subject.mentor_id),
    ):
        found = found.join(who, who.id == column)
        found = found.join(person, (person.team_id == who.team_id) & (person.user_id == who.user_id))
    return found.add_columns(MenteePerson.name, MentorPerson.name)


def _requests(tx: Session, setup: Mentoring, tab: str, number: int) -> Found:
    found = _of_two(select(Request.asked_at, Request.decided_at), Request).where(
        Request.team_id == setup.team_id, Request.program_id == setup.program_id, REQUESTS[tab]
    )
    total, at, rows = _page(tx, found.order_by(Request.decided_at.desc(), Request.id), number)
    return (
        total,
        at,
        tuple(
            Line((mentee, mentor), decided, _hours(asked, decided) if tab == "answered" else "")
            for asked, decided, mentee, mentor in rows
        ),
    )


def _hours(asked: datetime, decided: datetime) -> str:
    return f"{(decided - asked).total_seconds() / 3600:.1f} h"


def _pairs(tx: Session, setup: Mentoring, tab: str, number: int, now: datetime) -> Found:
    """Matches, or meetings of matches, the newest first."""
    mine = (Match.team_id == setup.team_id) & (Match.program_id == setup.program_id)
    if tab in MATCHES:
        when = func.coalesce(Match.over_at, Match.active_at, Match.staged_at)
        found = select(when, Match.id).where(mine, Match.state.in_(MATCHES[tab]))
        found = found.order_by(when.desc(), Match.id)
    else:
        found = select(Meeting.starts_at, Meeting.id).join(Match, Match.id == Meeting.match_id)
        found = found.where(mine, meetings(now)[tab]).order_by(Meeting.starts_at.desc(), Meeting.id)
    total, at, rows = _page(tx, _of_two(found, Match), number)
    return total, at, tuple(Line((mentee, mentor), when) for when, _, mentee, mentor in rows)


# --- Messages ------------------------------------------------------------------------------------------

OF_PROGRAM = (Kind.MENTORING_NOTE, Kind.MENTORING_DIGEST, Kind.MENTORING_SUPPORT, Kind.MENTORING_ENDS)
OF_PERSON = (Kind.MENTORING_INVITE, Kind.MENTORING_PROFILE)
OF_LIST = (Kind.MENTORING_ASKED, Kind.MENTORING_STUCK)
OF_REQUEST = (
    Kind.MENTORING_REQUEST,
    Kind.MENTORING_REMINDER,
    Kind.MENTORING_NEWS,
    Kind.MENTORING_EXPIRED,
    Kind.MENTORING_OFFER,
)
OF_MATCH = (
    Kind.MENTORING_ASSIGNMENT,
    Kind.MENTORING_GROUP,
    Kind.MENTORING_ENDED,
    Kind.MENTORING_GROUP_ENDED,
    Kind.MENTORING_NUDGE,
)
OF_MEETING = (Kind.MENTORING_MEETING, Kind.MENTORING_CHECK_IN, Kind.MENTORING_CALENDAR)


def message_of(setup: Mentoring) -> ColumnElement[bool]:
    """Messages about a program, its people, lists, requests, matches and meetings."""
    parts: list[ColumnElement[bool]] = [
        and_(Outbox.kind.in_(OF_PROGRAM), Outbox.subject_id == setup.program_id)
    ]
    for kinds, table in (
        (OF_PERSON, Participant),
        (OF_LIST, Preferences),
        (OF_REQUEST, Request),
        (OF_MATCH, Match),
    ):
        mine = select(table.id).where(table.team_id == setup.team_id, table.program_id == setup.program_id)
        parts.append(and_(Outbox.kind.in_(kinds), Outbox.subject_id.in_(mine)))
    met = select(Meeting.id).join(Match, Match.id == Meeting.match_id)
    met = met.where(Match.team_id == setup.team_id, Match.program_id == setup.program_id)
    parts.append(and_(Outbox.kind.in_(OF_MEETING), Outbox.subject_id.in_(met)))
    return and_(Outbox.team_id == setup.team_id, or_(*parts))


def _messages(tx: Session, setup: Mentoring, tab: str, number: int) -> Found:
    """Messages that were sent, or failed and why; nobody can know whether they were opened."""
    found = (
        select(Outbox.recipient, Outbox.users, Outbox.sent_at, Outbox.reason)
        .where(message_of(setup), Outbox.state == ("sent" if tab == "sent" else "dead"))
        .order_by(Outbox.id.desc())
    )
    total, at, rows = _page(tx, found, number)
    wanted = {user_id for recipient, users, _, _ in rows for user_id in users or [recipient]}
    known = queries.people_by_id(tx, setup.team_id, wanted)
    lines = []
    for recipient, users, sent_at, reason in rows:
        names = [known[one].name if one in known else N_("Somebody") for one in users or [recipient]]
        note = text_of(reason) if tab == "failed" else ""
        lines.append(Line(tuple(names), sent_at if tab == "sent" else None, note))
    return total, at, tuple(lines)


def text_of(reason: str) -> str:
    """Why a message failed."""
    return reason or N_("no reason was given")
