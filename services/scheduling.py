"""Sessions in time: save a series, change it, cancel it, plan what follows, and say what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import tzdata
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from domain import schedule
from domain.errors import FieldRefusal, Refusal
from domain.forms import Checked, ReminderForm, ScheduleForm, check_reminder, check_schedule
from domain.messages import Kind
from services import delivery
from services.delivery import Owed
from services.ports import Chance
from services.programs import NoSuchProgram
from store import queries
from store.core import Audit, Invitation, Occurrence, Program, Reminder, SeriesRow
from store.database import Database

COLOURS = ("#E01E5A", "#ECB22E", "#2EB67D", "#36C5F0", "#7C3085", "#DE7C45", "#4A6FA5", "#5B8C5A")


class NoSuchSession(Refusal):
    """This session does not exist any more."""


class AlreadyOver(Refusal):
    """This session is over or was cancelled, so it cannot be changed."""


class AlreadyOpen(Refusal):
    """This session is open and nothing follows it, so its dates cannot be changed here."""


class AreYouSure(Refusal):
    """Another session is open in the same days; saving asks once more."""


@dataclass(frozen=True)
class Place:
    """Where a button was pressed."""

    channel: str
    ts: str
    response_url: str | None = None


@dataclass(frozen=True)
class Saved:
    """What saving did."""

    series_id: int
    notes: tuple[str, ...]


def save(
    db: Database, team_id: str, form: ScheduleForm, *, actor: str, key: str, chance: Chance, now: datetime
) -> Saved:
    """Store what the modal says: a new series, or the new dates of one. Owes the confirmation.

    *key* tells a repeated request from a new one. Raises FieldRefusal at the form's fields, and
    AreYouSure when another session of the program is open in the same days.
    """
    with db.transaction() as tx:
        program = queries.one_program(tx, team_id, form.program_id or 0)
        if program is None:
            raise FieldRefusal({"program_id": "Choose a program."})
        checked = check_schedule(form, asks_first=program.asks_first, now=now)
        _enough_people(tx, program)
        if not queries.first_time(tx, team_id, key, now=now):
            return Saved(form.series_id or 0, checked.notes)
        if form.series_id is None:
            row = _new_series(tx, program, checked, actor, now)
        else:
            row = _edited_series(tx, team_id, form.series_id, checked)
        roll(tx, row, chance=chance)
        if not form.sure:
            _no_overlap(tx, row)
        action = "session.scheduled" if form.series_id is None else "session.edited"
        _audit(tx, row, action, actor, now)
        owed = Owed(
            Kind.SCHEDULED,
            row.id,
            f"series-{row.id}-saved-{row.version}",
            recipient=actor,
            params={"notes": list(checked.notes), "edited": form.series_id is not None},
        )
        delivery.owe(tx, db, team_id, [owed])
        return Saved(row.id, checked.notes)


def _enough_people(tx: Session, program: Program) -> None:
    if queries.audience_unread(tx, program):
        return  # nobody can tell yet; opening the session looks again
    count = queries.people_in(tx, program)
    if count < 2:
        who = queries.audience_name(tx, program)
        has = "1 person" if count == 1 else f"{count} people"
        raise FieldRefusal({"program_id": f"Nobody to match: {who} has {has}."})


def _values(checked: Checked) -> dict[str, object]:
    series = checked.series
    return {
        "anchor": series.anchor,
        "weeks": series.weeks,
        "zone": series.zone,
        "opt_in_time": f"{series.opt_in_time:%H:%M}" if series.opt_in_time else None,
        "match_days": series.match_days,
        "match_time": f"{series.match_time:%H:%M}",
    }


def _new_series(tx: Session, program: Program, checked: Checked, actor: str, now: datetime) -> SeriesRow:
    row = SeriesRow(
        team_id=program.team_id,
        program_id=program.id,
        created_by=actor,
        created_at=now,
        first_number=0,
        version=0,
        **_values(checked),
    )
    tx.add(row)
    tx.flush()
    return row


def _edited_series(tx: Session, team_id: str, series_id: int, checked: Checked) -> SeriesRow:
    row = series(tx, team_id, series_id, lock=True)
    planned = (Occurrence.series_id == row.id) & (Occurrence.state == "planned")
    first = tx.scalars(select(func.min(Occurrence.number)).where(planned)).one()
    if first is None:
        raise AlreadyOpen(AlreadyOpen.__doc__)
    tx.execute(delete(Reminder).where(Reminder.occurrence_id.in_(select(Occurrence.id).where(planned))))
    tx.execute(delete(Occurrence).where(planned))
    for name, value in _values(checked).items():
        setattr(row, name, value)
    row.first_number = first
    row.version += 1
    tx.flush()
    return row


def series(tx: Session, team_id: str, series_id: int, *, lock: bool = False) -> SeriesRow:
    """A series of this tenant that still goes on. Raises NoSuchSession or AlreadyOver.

    Whoever plans, moves or cancels sessions of a series takes its *lock* first.
    """
    wanted = select(SeriesRow).where(SeriesRow.team_id == team_id, SeriesRow.id == series_id)
    row = tx.scalars(queries.locked(wanted) if lock else wanted).one_or_none()
    if row is None:
        raise NoSuchSession(NoSuchSession.__doc__)
    if row.ended_at is not None:
        raise AlreadyOver(AlreadyOver.__doc__)
    return row


def series_of(tx: Session, team_id: str, occurrence_id: int) -> SeriesRow | None:
    """The series of a session, locked as by ``series``; None if there is no such session."""
    mine = select(Occurrence.series_id).where(Occurrence.team_id == team_id, Occurrence.id == occurrence_id)
    return tx.scalars(
        queries.locked(select(SeriesRow).where(SeriesRow.id == mine.scalar_subquery()))
    ).one_or_none()


def as_series(row: SeriesRow) -> schedule.Series:
    """The row as the rules know it."""
    return schedule.Series(
        anchor=row.anchor,
        weeks=row.weeks,
        zone=row.zone,
        opt_in_time=time.fromisoformat(row.opt_in_time) if row.opt_in_time else None,
        match_days=row.match_days,
        match_time=time.fromisoformat(row.match_time),
        first_number=row.first_number,
    )


def roll(tx: Session, row: SeriesRow, *, chance: Chance) -> int:
    """Plan ahead until six sessions of the series are planned; how many were added.

    The pair (series, number) is unique, so that two who plan at once plan each session once.
    """
    mine = Occurrence.series_id == row.id
    last = tx.scalars(select(func.max(Occurrence.number)).where(mine)).one()
    ahead = tx.scalars(
        select(func.count()).select_from(Occurrence).where(mine, Occurrence.state == "planned")
    ).one()
    start = row.first_number if last is None else max(last + 1, row.first_number)
    planned = schedule.plan(as_series(row), from_number=start, count=schedule.HORIZON - ahead)
    rows = [
        {
            "team_id": row.team_id,
            "program_id": row.program_id,
            "series_id": row.id,
            "number": one.number,
            "state": "planned",
            "opens_at": one.opens_at,
            "opt_in_at": one.opt_in_at,
            "match_at": one.match_at,
            "zone": row.zone,
            "tz_version": tzdata.IANA_VERSION,
            "colour": COLOURS[chance.seed() % len(COLOURS)],
            "seed": chance.seed(),
        }
        for one in planned
    ]
    return queries.insert_new(tx, Occurrence, rows, keys=["series_id", "number"])


def _no_overlap(tx: Session, row: SeriesRow) -> None:
    asks = row.opt_in_time
    if row.weeks and asks and (row.match_days, row.match_time) > (7 * row.weeks, asks):
        raise AreYouSure("Each session would still be open when the next one asks its members again.")
    first = tx.scalars(
        select(Occurrence)
        .where(Occurrence.series_id == row.id, Occurrence.state == "planned")
        .order_by(Occurrence.number)
        .limit(1)
    ).one()
    other = tx.scalars(
        select(Occurrence)
        .where(Occurrence.team_id == row.team_id, Occurrence.program_id == row.program_id)
        .where(Occurrence.series_id != row.id, Occurrence.state.in_(["planned", "open"]))
        .where(Occurrence.opens_at < first.match_at, Occurrence.match_at > first.opens_at)
        .order_by(Occurrence.opens_at)
        .limit(1)
    ).one_or_none()
    if other is not None:
        here = schedule.zone(row.zone)
        opens, closes = other.opens_at.astimezone(here), other.match_at.astimezone(here)
        raise AreYouSure(
            f"Another session of this program is open in the same days, from {opens:%-d %B} to "
            f"{closes:%-d %B}. Members would be asked twice."
        )


def cancel(db: Database, team_id: str, series_id: int, *, actor: str, place: Place, now: datetime) -> int:
    """Cancel a series with its open and planned sessions; how many. Those who were asked are told.

    *place* is the message with the pressed button; it is redrawn.
    """
    with db.transaction() as tx:
        row = series(tx, team_id, series_id, lock=True)
        row.ended_at = now
        cancelled = tx.scalars(
            update(Occurrence)
            .where(Occurrence.series_id == row.id, Occurrence.state.in_(["planned", "open"]))
            .values(state="cancelled", reason="cancelled by an organizer")
            .returning(Occurrence.id)
        ).all()
        tx.execute(
            update(Reminder)
            .where(Reminder.occurrence_id.in_(cancelled), Reminder.state == "planned")
            .values(state="cancelled")
        )
        _tell_cancelled(tx, db, team_id, cancelled)
        delivery.owe_redraw(
            tx,
            db,
            team_id,
            Kind.SCHEDULE_REDRAW,
            row.id,
            response_url=place.response_url,
            channel=place.channel,
            ts=place.ts,
        )
        _audit(tx, row, "session.cancelled", actor, now)
        return len(cancelled)


def _tell_cancelled(tx: Session, db: Database, team_id: str, occurrences: Sequence[int]) -> None:
    asked = tx.execute(
        select(Invitation.id, Invitation.user_id, Invitation.state).where(
            Invitation.occurrence_id.in_(occurrences)
        )
    ).all()
    for invitation_id, _, _ in asked:
        delivery.owe_redraw(tx, db, team_id, Kind.COFFEE_REDRAW, invitation_id)
    told = [
        Owed(Kind.COFFEE_CANCELLED, invitation_id, f"invitation-{invitation_id}-cancelled", recipient=user_id)
        for invitation_id, user_id, state in asked
        if state == "accepted"
    ]
    delivery.owe(tx, db, team_id, told)


def remind(
    db: Database, team_id: str, series_id: int, form: ReminderForm, *, actor: str, key: str, now: datetime
) -> tuple[datetime, str]:
    """Plan one reminder for the open session of a series, or the next one; its instant, and the zone.

    A reminder that was already planned is moved. Raises FieldRefusal at the form's fields.
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
        moved = tx.execute(update(Reminder).where(planned).values(due_at=due).returning(Reminder.id)).first()
        if moved is None:
            tx.add(
                Reminder(
                    team_id=team_id, occurrence_id=target.id, due_at=due, state="planned", created_by=actor
                )
            )
        _audit(tx, row, "reminder.planned", actor, now)
        return due, row.zone


def next_occurrence(tx: Session, row: SeriesRow) -> Occurrence | None:
    """The open session of a series, or the next planned one."""
    return tx.scalars(
        select(Occurrence)
        .where(Occurrence.series_id == row.id, Occurrence.state.in_(["open", "planned"]))
        .order_by(Occurrence.number)
        .limit(1)
    ).one_or_none()


def form_of(db: Database, team_id: str, series_id: int) -> ScheduleForm:
    """A saved series as the form that would save it, on the dates of its next planned session."""
    with db.reading() as tx:
        row = series(tx, team_id, series_id)
        following = tx.scalars(
            select(Occurrence)
            .where(Occurrence.series_id == row.id, Occurrence.state == "planned")
            .order_by(Occurrence.number)
            .limit(1)
        ).one_or_none()
        if following is None:
            raise AlreadyOpen(AlreadyOpen.__doc__)
        (one,) = schedule.plan(as_series(row), from_number=following.number, count=1)
        asked = one.opt_in_wall
        return ScheduleForm(
            program_id=row.program_id,
            opt_in_date=asked.date() if asked else None,
            opt_in_time=asked.time() if asked else None,
            match_date=one.match_wall.date(),
            match_time=one.match_wall.time(),
            zone=row.zone,
            weeks=row.weeks,
            series_id=row.id,
        )


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


def program_of(tx: Session, team_id: str, program_id: int) -> Program:
    """A program of this tenant. Raises NoSuchProgram."""
    program = queries.one_program(tx, team_id, program_id)
    if program is None:
        raise NoSuchProgram(NoSuchProgram.__doc__)
    return program


def _audit(tx: Session, row: SeriesRow, action: str, actor: str, now: datetime) -> None:
    tx.add(
        Audit(
            team_id=row.team_id,
            at=now,
            actor=actor,
            action=action,
            subject=f"series {row.id}",
            detail={"anchor": row.anchor.isoformat(), "weeks": row.weeks, "zone": row.zone},
        )
    )
