"""One's own data of mentoring: all of it in the file, and what becomes of it when it is erased.

Not in the file is what organizers wrote for themselves: notes on matches, and whom they keep apart, and why.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from domain.messages import Kind
from services.mentoring import Held, hold, participant, redraw
from services.mentoring_leaving import go
from store import queries
from store.base import Base
from store.core import Audit, Program
from store.database import Database
from store.mentoring import (
    AutoRun,
    Exclusion,
    Match,
    Meeting,
    MeetingWord,
    Participant,
    Preferences,
    Request,
    Survey,
)
from store.outbox import Outbox

ERASED = "erased"
UNSYNCED = {"synchronize_session": False}
GROUPS = (Kind.MENTORING_GROUP, Kind.MENTORING_GROUP_ENDED)
# columns of organizers: their notes, how they decided, and who of them did what
HIDDEN: dict[type[Base], frozenset[str]] = {
    Participant: frozenset(),
    Preferences: frozenset(),
    Request: frozenset({"decided_by"}),
    Match: frozenset({"note", "wish", "problem", "created_by", "active_by", "over_by", "approving", "locked",
                      "anyway", "forgotten", "run_id", "nudged_at"}),
    Meeting: frozenset(),
    MeetingWord: frozenset(),
    Survey: frozenset(),
}  # fmt: skip


def collect(tx: Session, team_id: str, user_id: str) -> dict[str, list[dict[str, Any]]]:
    """What is stored about somebody in mentoring, by what it is; the columns of each row."""
    me = _participants(tx, team_id, user_id)
    matches = _ids(tx, Match, _of(Match, me))
    found = {
        "mentoring_profiles": _rows(tx, Participant, Participant.id.in_(me)),
        "mentoring_lists": _rows(tx, Preferences, Preferences.mentee_id.in_(me)),
        "mentoring_requests": _rows(tx, Request, _of(Request, me)),
        "mentoring_matches": _rows(tx, Match, _of(Match, me)),
        "mentoring_meetings": _rows(tx, Meeting, Meeting.match_id.in_(matches)),
        "mentoring_check_ins": _rows(
            tx, MeetingWord, (MeetingWord.team_id == team_id) & (MeetingWord.user_id == user_id)
        ),
        "mentoring_surveys": _rows(tx, Survey, (Survey.team_id == team_id) & (Survey.user_id == user_id)),
    }
    found["mentoring_wishes_to_end"] = [
        {"match_id": match_id, **wish}
        for match_id, wish in tx.execute(select(Match.id, Match.wish).where(_of(Match, me)))
        if wish.get("by") == user_id
    ]
    found["mentoring_not_matched_in_runs"] = _without(tx, team_id, me)
    return {name: _named(tx, rows) for name, rows in found.items()}


def _without(tx: Session, team_id: str, me: Sequence[int]) -> list[dict[str, Any]]:
    """Why runs of the auto-matching found nobody for them."""
    runs = tx.execute(
        select(AutoRun.program_id, AutoRun.at, AutoRun.without)
        .where(AutoRun.team_id == team_id, AutoRun.program_id.in_(_programs(me)))
        .order_by(AutoRun.id)
    )
    return [
        {"program_id": program_id, "at": at, "why": without[str(one)]}
        for program_id, at, without in runs
        for one in me
        if str(one) in without
    ]


def _named(tx: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, with programs by name and people by their Slack ids."""
    numbers = {row[name] for row in rows for name in ("mentee_id", "mentor_id") if name in row}
    users = dict(_pairs(tx, Participant.id, Participant.user_id, sorted(numbers)))
    wanted = sorted({row["program_id"] for row in rows if "program_id" in row})
    programs = dict(_pairs(tx, Program.id, Program.name, wanted))
    for row in rows:
        for name in ("mentee", "mentor"):
            if f"{name}_id" in row:
                row[name] = users.get(row.pop(f"{name}_id"), "")
        if "program_id" in row:
            row["program"] = programs.get(row["program_id"], "")
    return rows


def _pairs(tx: Session, key: Any, value: Any, ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    for start in range(0, len(ids), queries.CHUNK):
        rows = tx.execute(select(key, value).where(key.in_(ids[start : start + queries.CHUNK])))
        yield from ((one, told) for one, told in rows)


def _participants(tx: Session, team_id: str, user_id: str) -> Sequence[int]:
    return _ids(tx, Participant, (Participant.team_id == team_id) & (Participant.user_id == user_id))


def _programs(me: Sequence[int]) -> Any:
    return select(Participant.program_id).where(Participant.id.in_(me))


def _of(table: type[Request] | type[Match], me: Sequence[int]) -> ColumnElement[bool]:
    return or_(table.mentee_id.in_(me), table.mentor_id.in_(me))


def _ids(tx: Session, table: Any, which: ColumnElement[bool]) -> Sequence[int]:
    return tx.scalars(select(table.id).where(which).order_by(table.id)).all()


def _rows(tx: Session, table: type[Base], which: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [one for one in table.__table__.columns if one.name not in HIDDEN[table]]
    rows = tx.execute(select(*columns).where(which).order_by(*table.__table__.primary_key)).mappings()
    return [dict(row) for row in rows]


# --- Erasing -------------------------------------------------------------------------------------------


def leave_all(tx: Session, db: Database, team_id: str, user_id: str, *, now: datetime) -> None:
    """Before somebody is erased: their open requests close, and their matches end; the others are told."""
    for program_id, one in tx.execute(
        select(Participant.program_id, Participant.id)
        .where(Participant.team_id == team_id, Participant.user_id == user_id)
        .order_by(Participant.program_id)
    ).all():
        held = Held(tx, db, hold(tx, team_id, program_id), now)
        row = participant(tx, held.setup, one)
        if row.state != "left":
            go(held, row, why=ERASED)
        matches = _ids(tx, Match, _of(Match, [one]))
        redraw(held, [Kind.MENTORING_ASSIGNMENT, Kind.MENTORING_GROUP], matches)  # they name nobody any more


def group_messages(tx: Session, team_id: str, user_id: str) -> ColumnElement[bool]:
    """The messages that somebody gets together with another."""
    matches = _ids(tx, Match, _of(Match, _participants(tx, team_id, user_id)))
    return (Outbox.team_id == team_id) & Outbox.kind.in_(GROUPS) & Outbox.subject_id.in_(matches)


def keep_back(row: Outbox) -> None:
    """A message of two, of whom one is erased, is not sent any more."""
    if row.kind in GROUPS and row.state in ("pending", "unknown"):
        row.state = "skipped"


def unname_messages(tx: Session, team_id: str, user_id: str, nobody: str, mine: Sequence[int]) -> None:
    """What stands in their own conversation is drawn no more; what they wrote to organizers goes."""
    drawings = (Outbox.team_id == team_id) & (Outbox.kind == Kind.MENTORING_REDRAW.value)
    for start in range(0, len(mine), queries.CHUNK):
        some = drawings & Outbox.subject_id.in_(mine[start : start + queries.CHUNK])
        tx.execute(update(Outbox).where(some).values(state="skipped", params={}), execution_options=UNSYNCED)
    written = select(Outbox).where(
        Outbox.team_id == team_id, Outbox.kind == Kind.MENTORING_SUPPORT.value, Outbox.recipient != nobody
    )
    for row in tx.scalars(written).all():
        if row.params.get("by") == user_id:
            row.params = row.params | {"by": nobody, "text": ""}
            row.state = "skipped" if row.state in ("pending", "unknown") else row.state
    tx.flush()


def unname(tx: Session, team_id: str, user_id: str, nobody: str) -> None:
    """Let rows stand for nobody in particular: matches and counts stay, what was written goes."""
    me = _participants(tx, team_id, user_id)
    lists = _ids(tx, Preferences, Preferences.mentee_id.in_(me))
    requests = _ids(tx, Request, _of(Request, me))
    matches = _ids(tx, Match, _of(Match, me))
    _unname_profile(tx, me, nobody)
    _set(tx, Preferences, lists, goal="")
    _set(tx, Request, requests, response="")
    _set(tx, Match, matches, note="", wish={}, problem=[])
    for column in (Match.created_by, Match.active_by, Match.over_by):
        _replace(tx, Match, Match.id.in_(matches), column, user_id, nobody)
    _replace(tx, Request, Request.id.in_(requests), Request.decided_by, user_id, nobody)
    _replace(tx, Meeting, Meeting.match_id.in_(matches), Meeting.created_by, user_id, nobody)
    _replace(tx, MeetingWord, MeetingWord.team_id == team_id, MeetingWord.user_id, user_id, nobody)
    _replace(tx, Survey, Survey.team_id == team_id, Survey.user_id, user_id, nobody)
    kept = or_(Exclusion.low_id == user_id, Exclusion.high_id == user_id)
    tx.execute(delete(Exclusion).where(Exclusion.team_id == team_id, kept), execution_options=UNSYNCED)
    _unname_problems(tx, team_id, user_id, me)
    subjects = {"participant": me, "list": lists, "request": requests, "match": matches}
    named = [f"{what} {one}" for what, ids in subjects.items() for one in ids]
    for start in range(0, len(named), queries.CHUNK):
        some = (Audit.team_id == team_id) & Audit.subject.in_(named[start : start + queries.CHUNK])
        _replace(tx, Audit, some, Audit.actor, user_id, nobody)


def _unname_profile(tx: Session, me: Sequence[int], nobody: str) -> None:
    nothing: dict[str, Any] = {
        "goals": "",
        "offers": [],
        "wants": [],
        "languages": [],
        "department": "",
        "seniority": None,
    }
    _set(tx, Participant, me, user_id=nobody, draft={}, **nothing)


def _unname_problems(tx: Session, team_id: str, user_id: str, me: Sequence[int]) -> None:
    """Why other matches could not be approved may name them."""
    rows = tx.scalars(
        select(Match).where(
            Match.team_id == team_id, Match.state == "staged", Match.program_id.in_(_programs(me))
        )
    ).all()
    person = queries.people_by_id(tx, team_id, [user_id]).get(user_id)
    for row in rows:
        if person is not None and person.name in str(row.problem):
            row.problem = []
    tx.flush()


def _set(tx: Session, table: Any, ids: Sequence[int], **values: Any) -> None:
    for start in range(0, len(ids), queries.CHUNK):
        some = table.id.in_(ids[start : start + queries.CHUNK])
        tx.execute(update(table).where(some).values(**values), execution_options=UNSYNCED)


def _replace(
    tx: Session, table: Any, which: ColumnElement[bool], column: Any, user_id: str, nobody: str
) -> None:
    mine = update(table).where(which, column == user_id).values({column: nobody})
    tx.execute(mine, execution_options=UNSYNCED)
