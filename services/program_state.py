"""Pause a program, go on with it, archive it or bring it back; saying it twice does it once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.mentoring import Stage
from domain.messages import Kind
from domain.programs import NoSuchProgram
from domain.text import N_
from services import audit, mentoring_ending_dates
from services.mentoring import Held, hold
from services.owing import Redraw, owe_redraws
from services.programs import changeable
from services.scheduling import tell_cancelled
from store import queries
from store.core import Occurrence, Program, Reminder, SeriesRow
from store.database import Database

UNDER_WAY = ("planned", "open", "matching", "review")


def pause(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> bool:
    """Let the sessions that come due be skipped, until somebody resumes; False if it was paused already."""
    return _turn(db, team_id, program_id, "active", "paused", actor, now)


def resume(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> bool:
    """Let sessions take place again; False if the program was not paused."""
    return _turn(db, team_id, program_id, "paused", "active", actor, now)


def _turn(
    db: Database, team_id: str, program_id: int, before: str, after: str, actor: str, now: datetime
) -> bool:
    with db.transaction() as tx:
        program = changeable(tx, team_id, program_id)
        if program.state != before:
            return False
        program.state = after
        action = "program.paused" if after == "paused" else "program.resumed"
        audit.of_program(tx, program, action, actor, now, {"name": program.name})
        return True


def archive(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> int:
    """End a program: its series end, what was not matched is cancelled; how many sessions.

    Those who were asked see it in their message, and those who joined are told. Of mentoring: matching is
    turned off, open requests are closed, staged matches discarded, and active ones end, of which both hear.
    Raises Archived the second time.
    """
    with db.transaction() as tx:
        program = changeable(tx, team_id, program_id)
        program.state = "archived"
        if program.kind == "mentoring":
            mentoring_ending_dates.end_now(Held(tx, db, hold(tx, team_id, program_id), now, actor))
        ended = _end_series(tx, program, now)
        cancelled = tx.scalars(
            update(Occurrence)
            .where(Occurrence.team_id == team_id, Occurrence.program_id == program.id)
            .where(Occurrence.state.in_(UNDER_WAY))
            .values(state="cancelled", reason=N_("its program was archived"))
            .returning(Occurrence.id)
        ).all()
        tx.execute(
            update(Reminder)
            .where(Reminder.occurrence_id.in_(cancelled), Reminder.state == "planned")
            .values(state="cancelled")
        )
        tell_cancelled(tx, db, team_id, cancelled)
        owe_redraws(tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(one, urgent=False) for one in ended])
        detail = {"name": program.name, "cancelled": len(cancelled)}
        audit.of_program(tx, program, "program.archived", actor, now, detail)
        return len(cancelled)


def restore(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> bool:
    """Bring an archived program back as it was, without sessions to come; False if it is not archived.

    A mentoring program begins anew: its people are there, its matching is off.
    """
    with db.transaction() as tx:
        program = queries.one_program(tx, team_id, program_id, lock=True)
        if program is None:
            raise NoSuchProgram
        if program.state != "archived":
            return False
        program.state = "active"
        if program.kind == "mentoring":
            hold(tx, team_id, program_id).stage = Stage.DRAFT.value
        audit.of_program(tx, program, "program.restored", actor, now, {"name": program.name})
        return True


def _end_series(tx: Session, program: Program, now: datetime) -> list[int]:
    """End every series that goes on; whoever opens or edits one holds its lock, and is waited for."""
    mine = (SeriesRow.team_id == program.team_id) & (SeriesRow.program_id == program.id)
    going_on = select(SeriesRow).where(mine, SeriesRow.ended_at.is_(None)).order_by(SeriesRow.id)
    rows = tx.scalars(queries.locked(going_on)).all()
    for row in rows:
        row.ended_at = now
    tx.flush()
    return [row.id for row in rows]
