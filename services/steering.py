"""What an organizer decides about one session: match it now, cancel it, send it all the same.

Each press is one transaction that names the state it leaves. A card that shows another state is refused with
a sentence, and drawn anew.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.errors import Refusal
from domain.messages import Kind
from domain.text import N_
from services import coffee
from services.audit import note
from services.owing import Redraw, owe_redraws
from services.ports import Chance
from services.scheduling import CAN_BE_CANCELLED, tell_cancelled
from services.series import NoSuchSession, roll, series_of
from store import queries
from store.core import Occurrence, Reminder, SeriesRow
from store.database import Database

BY_ORGANIZER = N_("cancelled by an organizer")


class NotOpen(Refusal):
    """This session is not open any more, so there is nothing to match now."""


class TooFew(Refusal):
    """Fewer than two people have joined so far, so there is nobody to match yet."""


class OverAlready(Refusal):
    """This session is over or was cancelled, so it cannot be cancelled any more."""


class BeingMatched(Refusal):
    """The groups of this session are being made at this moment, so it cannot be cancelled any more."""


class NotSkipped(Refusal):
    """This session is not skipped any more."""


class TooLateToSend(Refusal):
    """The matching date of this session is over. Move its dates instead."""


def match_now(db: Database, team_id: str, occurrence_id: int, *, actor: str, now: datetime) -> None:
    """Close the answers of an open session now; a job makes the groups. Raises NotOpen or TooFew."""
    with db.transaction() as tx:
        _, row = _locked(tx, team_id, occurrence_id)
        if row.state != "open":
            raise NotOpen
        joined = queries.answers(tx, row.id).get("accepted", 0)
        if joined < 2:
            raise TooFew
        row.match_at = now
        row.moved = True
        note(tx, row, "session.match_now", now, actor=actor, joined=joined)
        coffee.cut_off(tx, db, row, now=now)


def cancel_session(
    db: Database,
    team_id: str,
    occurrence_id: int,
    *,
    following: bool,
    actor: str,
    chance: Chance,
    now: datetime,
) -> int:
    """Cancel one session, and with *following* all planned after it; how many. Those who were asked are told.

    A series of which something is left goes on. Raises OverAlready or BeingMatched.
    """
    with db.transaction() as tx:
        series, row = _locked(tx, team_id, occurrence_id)
        _may_cancel(row)
        chosen = Occurrence.id == row.id
        if following or not series.weeks:
            series.ended_at = now
            planned = (Occurrence.state == "planned") & (Occurrence.number > row.number)
            chosen = chosen | ((Occurrence.series_id == series.id) & planned)
        cancelled = tx.scalars(
            update(Occurrence)
            .where(chosen)
            .values(state="cancelled", reason=BY_ORGANIZER)
            .returning(Occurrence.id)
        ).all()
        tx.execute(
            update(Reminder)
            .where(Reminder.occurrence_id.in_(cancelled), Reminder.state == "planned")
            .values(state="cancelled")
        )
        tx.flush()
        if series.ended_at is None:
            roll(tx, series, chance=chance)
        note(tx, row, "session.cancelled", now, actor=actor, sessions=len(cancelled))
        tell_cancelled(tx, db, team_id, cancelled)
        owe_redraws(tx, db, team_id, Kind.SCHEDULE_REDRAW, [Redraw(series.id)])
        return len(cancelled)


def may_cancel(db: Database, team_id: str, occurrence_id: int) -> None:
    """Raise what cancelling this session would raise now."""
    with db.reading() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id)
        if row is None:
            raise NoSuchSession
        _may_cancel(row)


def _may_cancel(row: Occurrence) -> None:
    if row.state == "matching":
        raise BeingMatched
    if row.state not in CAN_BE_CANCELLED:
        raise OverAlready


def send_anyway(db: Database, team_id: str, occurrence_id: int, *, actor: str, now: datetime) -> None:
    """Open a session that was skipped, now. Raises NotSkipped or TooLateToSend."""
    with db.transaction() as tx:
        series, row = _locked(tx, team_id, occurrence_id)
        if row.state != "skipped" or series.ended_at is not None:
            raise NotSkipped
        if row.match_at <= now:
            raise TooLateToSend
        row.state, row.reason = "planned", ""
        row.opens_at = now
        if row.opt_in_at is not None:
            row.opt_in_at = now
        row.moved = True
        note(tx, row, "session.sent_anyway", now, actor=actor)


def _locked(tx: Session, team_id: str, occurrence_id: int) -> tuple[SeriesRow, Occurrence]:
    """A session and its series, kept from changing, in the order in which everybody locks them."""
    series = series_of(tx, team_id, occurrence_id)
    row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
    if series is None or row is None:
        raise NoSuchSession
    return series, row
