"""Reminders as organizers plan them; services/coffee.py sends them when they are due."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain import schedule
from domain.errors import Refusal
from domain.forms import ReminderForm, check_reminder
from domain.messages import Kind
from services import audit, live
from services.audit import note
from services.owing import owe_redraw
from services.series import AlreadyOver, NoSuchSession, next_occurrence, series, series_of
from store import queries
from store.core import Occurrence, Reminder, SeriesRow
from store.database import Database


class NoReminder(Refusal):
    """No reminder is planned any more: it went out already, or somebody cancelled it."""


def remind(
    db: Database,
    team_id: str,
    series_id: int,
    form: ReminderForm,
    *,
    actor: str,
    key: str,
    now: datetime,
    occurrence_id: int = 0,
) -> tuple[datetime, str]:
    """Plan a reminder for the open session of a series, or the next one; its instant, and the zone.

    With *occurrence_id* it is for that session. A reminder that was already planned is moved, except by one
    that goes out now without being the one that is edited. Raises FieldRefusal at the form's fields.
    """
    with db.transaction() as tx:
        row, target = _target(tx, team_id, series_id, occurrence_id, lock=True)
        due = check_reminder(
            form, zone_name=row.zone, opens_at=target.opens_at, match_at=target.match_at, now=now
        )
        if not queries.first_time(tx, team_id, key, now=now):
            return due, row.zone
        planned = (Reminder.occurrence_id == target.id) & (Reminder.state == "planned")
        move = update(Reminder).where(planned).values(due_at=due).returning(Reminder.id)
        if form.now and not form.edit:
            move = move.where(Reminder.due_at <= now)  # somebody else has just said so too
        moved = tx.execute(move).first() is not None
        if form.edit and not moved:
            raise NoReminder
        if not moved:
            tx.add(
                Reminder(
                    team_id=team_id, occurrence_id=target.id, due_at=due, state="planned", created_by=actor
                )
            )
        tx.flush()
        audit.of_series(tx, row, "reminder.planned", actor, now)
        _redraw(tx, db, team_id, row, target)
        return due, row.zone


def cancel_reminder(db: Database, team_id: str, occurrence_id: int, *, actor: str, now: datetime) -> None:
    """Call off the reminders that are planned for a session. Raises NoReminder when none is."""
    with db.transaction() as tx:
        row, target = _target(tx, team_id, 0, occurrence_id, lock=True)
        planned = (Reminder.occurrence_id == target.id) & (Reminder.state == "planned")
        gone = tx.execute(
            update(Reminder).where(planned).values(state="cancelled").returning(Reminder.id)
        ).all()
        if not gone:
            raise NoReminder
        note(tx, target, "reminder.cancelled", now, actor=actor)
        _redraw(tx, db, team_id, row, target)


def reminder_start(
    db: Database, team_id: str, series_id: int, *, occurrence_id: int = 0
) -> tuple[ReminderForm, str]:
    """Where the reminder's form starts: as planned, or halfway to the matching; and the session's zone."""
    with db.reading() as tx:
        row, target = _target(tx, team_id, series_id, occurrence_id)
        planned = tx.scalars(
            select(Reminder.due_at)
            .where(Reminder.occurrence_id == target.id, Reminder.state == "planned")
            .order_by(Reminder.due_at)
        ).first()
        half = (target.match_at - target.opens_at) / 2
        wall = (planned or target.opens_at + half).astimezone(schedule.zone(row.zone))
        if planned is None and half >= timedelta(days=1):
            wall = wall.replace(hour=9, minute=0)
        edit = planned is not None and occurrence_id != 0
        return ReminderForm(wall.date(), wall.time().replace(second=0, microsecond=0), edit=edit), row.zone


def _target(
    tx: Session, team_id: str, series_id: int, occurrence_id: int, *, lock: bool = False
) -> tuple[SeriesRow, Occurrence]:
    """The series, and the session that a reminder is for. Raises NoSuchSession or AlreadyOver."""
    if occurrence_id:
        found = series_of(tx, team_id, occurrence_id)
        target = queries.one_occurrence(tx, team_id, occurrence_id)
        if found is None or target is None:
            raise NoSuchSession
    else:
        found = series(tx, team_id, series_id, lock=lock)
        target = next_occurrence(tx, found)
    if target is None or target.opt_in_at is None or target.state not in ("planned", "open"):
        raise AlreadyOver
    return found, target


def _redraw(tx: Session, db: Database, team_id: str, row: SeriesRow, target: Occurrence) -> None:
    owe_redraw(tx, db, team_id, Kind.SCHEDULE_REDRAW, row.id)
    live.changed(tx, db, team_id, target.id)
