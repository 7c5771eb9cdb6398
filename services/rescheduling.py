"""[Update schedule]: other dates for one session, or for it and all that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from domain import review, schedule
from domain.errors import Refusal
from domain.facts import SessionCard
from domain.messages import Kind
from domain.schedule import zone
from domain.text import say
from domain.updates import Dates, UpdateForm, check_update
from services import live
from services.audit import note
from services.cards import card_of, zone_of
from services.owing import Redraw, owe_redraws
from services.ports import Chance
from services.scheduling import AreYouSure
from services.series import NoSuchSession, as_series, instants, roll, series_of
from store import queries
from store.core import Invitation, Occurrence, Reminder, SeriesRow
from store.database import Database

CAN_BE_MOVED = ("planned", "open", "skipped")


class TooLateToMove(Refusal):
    """The answers of this session are closed, so its dates cannot be changed any more."""


@dataclass(frozen=True)
class Start:
    """Where the modal starts: the session as it stands, and its present dates."""

    card: SessionCard
    form: UpdateForm


def start(db: Database, team_id: str, occurrence_id: int, *, reader: str) -> Start:
    """The present dates of a session, as the form that would keep them. Raises what ``update`` raises."""
    with db.reading() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if row is None:
            raise NoSuchSession
        if row.state not in CAN_BE_MOVED:
            raise TooLateToMove
        tz = zone(row.zone)
        asked = row.opt_in_at.astimezone(tz) if row.opt_in_at and row.state != "open" else None
        match = (row.send_at or row.match_at).astimezone(tz)
        form = UpdateForm(
            opt_in_date=asked.date() if asked else None,
            opt_in_time=_minute(asked) if asked else None,
            match_date=match.date(),
            match_time=_minute(match),
        )
        return Start(card_of(tx, row, zone_of(tx, team_id, reader)), form)


def _minute(wall: datetime) -> time:
    return wall.time().replace(second=0, microsecond=0)


def reschedule(
    db: Database,
    team_id: str,
    occurrence_id: int,
    form: UpdateForm,
    *,
    actor: str,
    key: str,
    chance: Chance,
    now: datetime,
) -> Dates:
    """Give a session the dates of the form; members see them in their messages.

    A skipped session is planned again. Raises NoSuchSession, TooLateToMove, FieldRefusal at the form's
    fields, and AreYouSure when it would still be open as the next one asks its members.
    """
    with db.transaction() as tx:
        series = series_of(tx, team_id, occurrence_id)  # its lock keeps openings and other edits out
        row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        if series is None or row is None:
            raise NoSuchSession
        if row.state not in CAN_BE_MOVED or (row.state == "skipped" and series.ended_at is not None):
            raise TooLateToMove
        asks = row.opt_in_at is not None and row.state != "open"
        dates = check_update(form, zone_name=row.zone, opt_in_at=row.opt_in_at, asks=asks, now=now)
        if not queries.first_time(tx, team_id, key, now=now):
            return dates
        moved = _moved(tx, series, row, dates, following=form.following)
        if not form.sure:
            _no_overlap(tx, row, moved)
        if row.state == "skipped":
            row.state, row.reason = "planned", ""
        tx.flush()
        if series.ended_at is None:
            roll(tx, series, chance=chance)
        _reminders_outside(tx, [row.id, *(one.id for one in moved)])
        told = {"opens_at": row.opens_at.isoformat(), "match_at": (row.send_at or row.match_at).isoformat()}
        note(tx, row, "session.moved", now, actor=actor, following=len(moved), **told)
        _redraw(tx, db, row, series)
        return dates


def _moved(
    tx: Session, series: SeriesRow, row: Occurrence, dates: Dates, *, following: bool
) -> Sequence[Occurrence]:
    """Move the session, and those planned after it if they follow; the latter."""
    opt_in, match = dates.instants(zone(row.zone))
    if opt_in is not None:
        row.opt_in_at = row.opens_at = opt_in
    elif row.opt_in_at is None:
        row.opens_at = match
    row.match_at = match
    if series.groups == "review" and row.opt_in_at is not None:
        row.send_at, row.match_at = match, review.cut_off(row.opt_in_at, match)
        row.confirmed = False
    row.moved = not following
    if not following:
        return []
    planned = (Occurrence.series_id == series.id) & (Occurrence.state == "planned")
    if row.state != "open":  # those before it keep the dates that they have
        tx.execute(update(Occurrence).where(planned, Occurrence.number < row.number).values(moved=True))
    _edit_series(series, row, dates)
    tx.flush()
    rest = tx.scalars(
        select(Occurrence).where(planned, Occurrence.number > row.number).order_by(Occurrence.number)
    ).all()
    for one in rest:
        (again,) = schedule.plan(as_series(series), from_number=one.number, count=1)
        for name, instant in instants(series, again).items():
            setattr(one, name, instant)
        one.moved = False
    return rest


def _edit_series(series: SeriesRow, row: Occurrence, dates: Dates) -> None:
    """Let the series go on from this session with the new distances in local days."""
    if dates.opt_in is not None:
        series.anchor, series.first_number = dates.opt_in.date(), row.number
        series.opt_in_time = f"{dates.opt_in:%H:%M}"
    elif row.opt_in_at is None:
        series.anchor, series.first_number = dates.match.date(), row.number
    asked = dates.opt_in or (row.opt_in_at.astimezone(zone(row.zone)) if row.opt_in_at else None)
    series.match_days = (dates.match.date() - asked.date()).days if asked else 0
    series.match_time = f"{dates.match:%H:%M}"
    series.version += 1


def _no_overlap(tx: Session, row: Occurrence, moved: Sequence[Occurrence]) -> None:
    """Raise AreYouSure if another session of the program opens before this one is matched."""
    mine = {row.id, *(one.id for one in moved)}
    others = tx.scalars(
        select(Occurrence)
        .where(Occurrence.team_id == row.team_id, Occurrence.program_id == row.program_id)
        .where(or_(Occurrence.state == "open", Occurrence.state == "planned"), Occurrence.id.not_in({row.id}))
        .order_by(Occurrence.opens_at)
    ).all()
    for one in (row, *moved):
        for other in others:
            if other.id in mine and other.number <= one.number:
                continue
            if one.opens_at < other.match_at and other.opens_at < one.match_at:
                opens = other.opens_at.astimezone(zone(row.zone))
                raise AreYouSure(
                    say(
                        "This session would still be open on {day}, when another one of this program opens.",
                        day=opens.date(),
                    )
                )


def _reminders_outside(tx: Session, occurrence_ids: Sequence[int]) -> None:
    """A reminder that would come before the question, or after the matching, is cancelled."""
    rows = tx.execute(
        select(Reminder, Occurrence)
        .join(Occurrence, Occurrence.id == Reminder.occurrence_id)
        .where(Reminder.occurrence_id.in_(occurrence_ids), Reminder.state == "planned")
    )
    for reminder, occurrence in rows:
        if not occurrence.opens_at < reminder.due_at < occurrence.match_at:
            reminder.state = "cancelled"
    tx.flush()


def _redraw(tx: Session, db: Database, row: Occurrence, series: SeriesRow) -> None:
    """Everything that shows the old dates shows the new ones."""
    asked = tx.scalars(select(Invitation.id).where(Invitation.occurrence_id == row.id)).all()
    redraws = [Redraw(one, urgent=False) for one in asked]
    owe_redraws(tx, db, row.team_id, Kind.COFFEE_REDRAW, redraws)
    owe_redraws(tx, db, row.team_id, Kind.SCHEDULE_REDRAW, [Redraw(series.id)])
    live.changed(tx, db, row.team_id, row.id)
