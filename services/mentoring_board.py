"""The Matching page of organizers, read for one page of one tab: the same few statements for any size."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from domain.mentoring_board import (
    Board,
    BoardLook,
    Choice,
    Result,
    Step,
    SubTab,
    Tab,
    board_look_of,
)
from services import mentoring_rows
from services import mentoring_standing as standing
from services.access import Rights
from services.mentoring_programs import STEPS
from store.core import Program
from store.database import Database
from store.mentoring import Match, Mentoring, Participant, Request

SAID = timedelta(hours=1)  # so long the page says what the last action came to
MOST_LISTED = 40  # programs in the list from which one is chosen; each takes two blocks of the hundred


def board(
    tx: Session, team_id: str, rights: Rights, look: Mapping[str, Any], *, now: datetime
) -> Board | None:
    """The page as somebody looks at it; None where they manage no such program."""
    wanted = board_look_of(look)
    if not wanted.program:
        choices = choices_of(tx, team_id, rights)
        return Board(wanted, choices, admin=rights.admin) if choices or rights.admin else None
    if not rights.manages(wanted.program):
        return None
    found = tx.execute(
        select(Mentoring, Program.name, Program.zone)
        .join(Program, and_(Program.team_id == Mentoring.team_id, Program.id == Mentoring.program_id))
        .where(Mentoring.team_id == team_id, Mentoring.program_id == wanted.program)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return None
    setup, name, zone = found
    rows, total, page = mentoring_rows.rows(tx, setup, wanted, now=now)
    shown = _of(setup, replace(wanted, page=page), now)
    people, matches = _people(tx, setup), _matches(tx, setup)
    counts = {**people, **matches, Tab.REQUESTS.value: _requests(tx, setup)}
    return replace(
        shown, program=name, zone=zone, admin=rights.admin, counts=counts, rows=rows, total=total,
        unlocked=matches["unlocked"], to_approve=matches["to_approve"],
    )  # fmt: skip


def choices(db: Database, team_id: str, rights: Rights) -> tuple[Choice, ...]:
    """``choices_of``, for a door."""
    with db.reading() as tx:
        return choices_of(tx, team_id, rights)


def program_called(db: Database, team_id: str, name: str) -> int | None:
    """The mentoring program of this name, whoever organizes it."""
    with db.reading() as tx:
        return tx.scalar(
            select(Program.id).where(
                Program.team_id == team_id, Program.kind == "mentoring", Program.name_key == name.casefold()
            )
        )


def choices_of(tx: Session, team_id: str, rights: Rights) -> tuple[Choice, ...]:
    """The mentoring programs that somebody organizes, by name."""
    theirs: ColumnElement[bool] = Program.team_id == team_id
    if not rights.admin:
        theirs = theirs & Program.id.in_(rights.owned)
    rows = tx.execute(
        select(Program.id, Program.name, Mentoring.stage, Mentoring.matching_on, Mentoring.wording)
        .join(Mentoring, and_(Mentoring.team_id == Program.team_id, Mentoring.program_id == Program.id))
        .where(theirs, Program.state != "archived")
        .order_by(Program.name_key)
        .limit(MOST_LISTED)
    )
    return tuple(Choice(*row) for row in rows)


def _of(setup: Mentoring, look: BoardLook, now: datetime) -> Board:
    """What the program's own row says."""
    return Board(
        look,
        wording=setup.wording,
        process=setup.process,
        type=setup.type,
        stage=setup.stage,
        on=setup.matching_on,
        choices_each=setup.mentors_per_mentee,
        steps=tuple(_step(name, setup.steps.get(name)) for name in STEPS),
        result=_result(setup.said, now),
    )


def _step(name: str, done: Mapping[str, str] | None) -> Step:
    return Step(name, done["by"], datetime.fromisoformat(done["at"])) if done else Step(name)


def _result(said: Mapping[str, Any], now: datetime) -> Result | None:
    if not said or (not said.get("todo") and now - datetime.fromisoformat(said["at"]) > SAID):
        return None
    counts = {name: int(said.get(name, 0)) for name in ("done", "attention", "todo", "match")}
    return Result(str(said.get("what")), **counts)


# --- Counts --------------------------------------------------------------------------------------------


def _sum(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _people(tx: Session, setup: Mentoring) -> dict[str, int]:
    """How many people are in each of the first three tabs, and in the sub-tabs of the first."""
    alone, invited = standing.unmatched(), Participant.invite_at.is_not(None)
    counted = {
        Tab.UNMATCHED: alone,
        Tab.MENTEES: standing.available_mentee(setup),
        Tab.MENTORS: standing.available_mentor(setup),
        SubTab.NOT_INVITED: alone & ~invited,
        SubTab.INVITED: alone & invited,
    }
    row = tx.execute(select(*map(_sum, counted.values())).where(standing.here(setup))).one()
    return {name.value: int(count) for name, count in zip(counted, row, strict=True)}


def _matches(tx: Session, setup: Mentoring) -> dict[str, int]:
    state, idle = Match.state, Match.approving == ""
    counted = {
        Tab.STAGED.value: state.in_(mentoring_rows.STATES[Tab.STAGED]),
        Tab.ACTIVE.value: state == "active",
        Tab.ENDED.value: state == "ended",
        "to_approve": and_(state == "staged", idle),
        "unlocked": and_(state == "staged", idle, ~Match.locked),
    }
    here = and_(Match.team_id == setup.team_id, Match.program_id == setup.program_id)
    row = tx.execute(select(*map(_sum, counted.values())).where(here)).one()
    return {name: int(count) for name, count in zip(counted, row, strict=True)}


def _requests(tx: Session, setup: Mentoring) -> int:
    waiting = and_(Request.team_id == setup.team_id, Request.program_id == setup.program_id)
    count = select(func.count()).where(waiting, Request.state.in_(["pending", "frozen"]))
    return tx.scalar(count) or 0
