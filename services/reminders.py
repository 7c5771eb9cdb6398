"""Reminders as organizers plan them; services/coffee.py sends them when they are due."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from domain import schedule
from domain.forms import ReminderForm, check_reminder
from domain.messages import Kind
from services.owing import owe_redraw
from services.scheduling import audit
from services.series import AlreadyOver, next_occurrence, series
from store import queries
from store.core import Reminder
from store.database import Database


def remind(
    db: Database, team_id: str, series_id: int, form: ReminderForm, *, actor: str, key: str, now: datetime
) -> tuple[datetime, str]:
    """Plan a reminder for the open session of a series, or the next one; its instant, and the zone.

    A reminder that was already planned is moved, except by one that goes out now. Raises FieldRefusal at
    the form's fields.
    """
    with db.transaction() as tx:
        row = series(tx, team_id, series_id, lock=True)
        target = next_occurrence(tx, row)
        if target is None or target.opt_in_at is None:
            raise AlreadyOver(AlreadyOver.__doc__)
        due = check_reminder(
            form, zone_name=row.zone, opens_at=target.opens_at, match_at=target.match_at, now=now
        )
        if not queries.first_time(tx, team_id, key, now=now):
            return due, row.zone
        planned = (Reminder.occurrence_id == target.id) & (Reminder.state == "planned")
        move = update(Reminder).where(planned).values(due_at=due).returning(Reminder.id)
        if form.now:
            move = move.where(Reminder.due_at <= now)  # somebody else has just said so too
        if tx.execute(move).first() is None:
            tx.add(
                Reminder(
                    team_id=team_id, occurrence_id=target.id, due_at=due, state="planned", created_by=actor
                )
            )
        owe_redraw(tx, db, team_id, Kind.SCHEDULE_REDRAW, row.id)
        audit(tx, row, "reminder.planned", actor, now)
        return due, row.zone


def reminder_start(db: Database, team_id: str, series_id: int) -> tuple[ReminderForm, str]:
    """Where the reminder's form starts: halfway between the opt-in and the matching, and the zone."""
    with db.reading() as tx:
        row = series(tx, team_id, series_id)
        target = next_occurrence(tx, row)
        if target is None or target.opt_in_at is None:
            raise AlreadyOver(AlreadyOver.__doc__)
        planned = tx.scalars(
            select(Reminder.due_at).where(Reminder.occurrence_id == target.id, Reminder.state == "planned")
        ).first()
        half = (target.match_at - target.opens_at) / 2
        wall = (planned or target.opens_at + half).astimezone(schedule.zone(row.zone))
        if planned is None and half >= timedelta(days=1):
            wall = wall.replace(hour=9, minute=0)
        return ReminderForm(wall.date(), wall.time().replace(second=0, microsecond=0)), row.zone
