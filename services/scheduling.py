"""Sessions in time: save a series, change it, cancel it, plan what follows, and say what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from domain import schedule
from domain.errors import FieldRefusal, Refusal
from domain.forms import Checked, ScheduleForm, check_schedule
from domain.messages import Kind
from domain.text import N_, say, say_n
from services import audit, live
from services.announcing import redraw_review
from services.owing import Owed, Redraw, owe, owe_redraw, owe_redraws
from services.ports import Chance
from services.series import AlreadyOver, as_series, next_occurrence, roll, series
from store import queries
from store.core import Invitation, Occurrence, Program, Reminder, SeriesRow
from store.database import Database

CAN_BE_CANCELLED = ("planned", "open", "review")


class AlreadyOpen(Refusal):
    """This session is open and nothing follows it. You can cancel it, and schedule a new one."""


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
        program = queries.one_program(tx, team_id, form.program_id or 0, lock=True)
        if program is None or program.state == "archived":
            raise FieldRefusal({"program_id": say("Choose a program.")})
        checked = check_schedule(form, asks_first=program.asks_first, now=now)
        _enough_people(tx, program)
        if not queries.first_time(tx, team_id, key, now=now):
            return Saved(form.series_id or 0, checked.notes)
        if form.series_id is None:
            row = _new_series(tx, program, _values(form, checked), actor, now)
        else:
            row = _edited_series(tx, team_id, form.series_id, _values(form, checked))
        roll(tx, row, chance=chance)
        if not form.sure:
            _no_overlap(tx, row)
        action = "session.scheduled" if form.series_id is None else "session.edited"
        audit.of_series(tx, row, action, actor, now)
        owed = Owed(
            Kind.SCHEDULED,
            row.id,
            f"series-{row.id}-saved-{row.version}",
            recipient=actor,
            params={"edited": form.series_id is not None},
        )
        owe(tx, db, team_id, [owed])
        return Saved(row.id, checked.notes)


def _enough_people(tx: Session, program: Program) -> None:
    if queries.audience_unread(tx, program):
        return  # nobody can tell yet; opening the session looks again
    count = queries.people_in(tx, program)
    if count < 2:
        who = queries.audience_name(tx, program)
        if queries.is_one_channel(tx, program):
            said = say_n(
                "Nobody to match: {channel} has {count} person.",
                "Nobody to match: {channel} has {count} people.",
                count,
                channel=who,
            )
        else:
            said = say_n(
                "Nobody to match: only {count} person of {audience} can take part.",
                "Nobody to match: only {count} people of {audience} can take part.",
                count,
                audience=who,
            )
        raise FieldRefusal({"program_id": said})


def _values(form: ScheduleForm, checked: Checked) -> dict[str, Any]:
    series = checked.series
    return {
        "groups": form.groups,
        "anchor": series.anchor,
        "weeks": series.weeks,
        "zone": series.zone,
        "opt_in_time": f"{series.opt_in_time:%H:%M}" if series.opt_in_time else None,
        "match_days": series.match_days,
        "match_time": f"{series.match_time:%H:%M}",
    }


def _new_series(
    tx: Session, program: Program, values: dict[str, Any], actor: str, now: datetime
) -> SeriesRow:
    row = SeriesRow(
        team_id=program.team_id,
        program_id=program.id,
        created_by=actor,
        created_at=now,
        first_number=0,
        version=0,
        **values,
    )
    tx.add(row)
    tx.flush()
    return row


def _edited_series(tx: Session, team_id: str, series_id: int, values: dict[str, Any]) -> SeriesRow:
    row = series(tx, team_id, series_id, lock=True)
    mine = Occurrence.series_id == row.id
    planned = mine & (Occurrence.state == "planned")
    if tx.scalar(select(Occurrence.id).where(planned).limit(1)) is None:
        raise AlreadyOpen(AlreadyOpen.__doc__)
    tx.execute(delete(Reminder).where(Reminder.occurrence_id.in_(select(Occurrence.id).where(planned))))
    tx.execute(delete(Occurrence).where(planned))
    for name, value in values.items():
        setattr(row, name, value)
    # after all that stay: one that was cancelled may have a larger number than those that were planned
    last = tx.scalar(select(func.max(Occurrence.number)).where(mine))
    row.first_number = 0 if last is None else last + 1
    row.version += 1
    tx.flush()
    return row


def _no_overlap(tx: Session, row: SeriesRow) -> None:
    asks = row.opt_in_time
    if row.weeks and asks and (row.match_days, row.match_time) > (7 * row.weeks, asks):
        raise AreYouSure(say("Each session would still be open when the next one asks its members again."))
    planned = Occurrence.state == "planned"
    mine = tx.scalars(select(Occurrence).where(Occurrence.series_id == row.id, planned)).all()
    others = tx.scalars(
        select(Occurrence)
        .where(Occurrence.team_id == row.team_id, Occurrence.program_id == row.program_id)
        .where(or_(Occurrence.state == "open", planned & (Occurrence.series_id != row.id)))
        .order_by(Occurrence.opens_at)
    ).all()
    other = next((other for other in others if any(_same_days(one, other) for one in mine)), None)
    if other is not None:
        here = schedule.zone(row.zone)
        opens, closes = other.opens_at.astimezone(here), other.match_at.astimezone(here)
        if row.opt_in_time:
            twice = N_(
                "Another session of this program is open in the same days, from {first} to {last}. "
                "Members would be asked twice."
            )
        else:
            twice = N_(
                "Another session of this program is open in the same days, from {first} to {last}. "
                "Members would take part twice."
            )
        raise AreYouSure(say(twice, first=opens.date(), last=closes.date()))


def _same_days(one: Occurrence, other: Occurrence) -> bool:
    """Whether two sessions are open at once, or, where nobody is asked, match on the same local day."""
    if one.opt_in_at is None or other.opt_in_at is None:
        here = schedule.zone(one.zone)
        return one.match_at.astimezone(here).date() == other.match_at.astimezone(here).date()
    return one.opens_at < other.match_at and other.opens_at < one.match_at


def cancel(db: Database, team_id: str, series_id: int, *, actor: str, place: Place, now: datetime) -> int:
    """Cancel a series with its open and planned sessions; how many. Those who were asked are told.

    *place* is the message with the pressed button; it is redrawn.
    """
    with db.transaction() as tx:
        row = series(tx, team_id, series_id, lock=True)
        row.ended_at = now
        cancelled = tx.scalars(
            update(Occurrence)
            .where(Occurrence.series_id == row.id, Occurrence.state.in_(CAN_BE_CANCELLED))
            .values(state="cancelled", reason=N_("cancelled by an organizer"))
            .returning(Occurrence.id)
        ).all()
        if not cancelled:
            raise AlreadyOver(AlreadyOver.__doc__)
        tx.execute(
            update(Reminder)
            .where(Reminder.occurrence_id.in_(cancelled), Reminder.state == "planned")
            .values(state="cancelled")
        )
        tell_cancelled(tx, db, team_id, cancelled)
        owe_redraw(
            tx,
            db,
            team_id,
            Kind.SCHEDULE_REDRAW,
            row.id,
            response_url=place.response_url,
            channel=place.channel,
            ts=place.ts,
        )
        audit.of_series(tx, row, "session.cancelled", actor, now)
        return len(cancelled)


def tell_cancelled(tx: Session, db: Database, team_id: str, occurrences: Sequence[int]) -> None:
    """Redraw the questions of cancelled sessions, and tell those who joined one.

    Where nobody was asked nobody knows of the session, and nobody is bothered.
    """
    asked = tx.execute(
        select(Invitation.id, Invitation.user_id, Invitation.state)
        .join(Occurrence, Occurrence.id == Invitation.occurrence_id)
        .where(Invitation.occurrence_id.in_(occurrences), Occurrence.opt_in_at.is_not(None))
    ).all()
    owe_redraws(tx, db, team_id, Kind.COFFEE_REDRAW, [Redraw(one, urgent=False) for one, _, _ in asked])
    told = [
        Owed(Kind.COFFEE_CANCELLED, invitation_id, f"invitation-{invitation_id}-cancelled", recipient=user_id)
        for invitation_id, user_id, state in asked
        if state == "accepted"
    ]
    owe(tx, db, team_id, told)
    for occurrence_id in occurrences:
        live.changed(tx, db, team_id, occurrence_id)
        redraw_review(tx, db, team_id, occurrence_id)


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
            over = next_occurrence(tx, row) is None
            raise AlreadyOver(AlreadyOver.__doc__) if over else AlreadyOpen(AlreadyOpen.__doc__)
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
            groups=row.groups,
            ask_first=row.groups == "review" and asked is not None,
        )
