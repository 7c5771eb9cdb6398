"""When reviewed groups are sent: the date an organizer sets, and the moment itself."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain import review, schedule
from domain.errors import FieldRefusal
from domain.forms import DateForm, check_date, suggested_date
from domain.messages import Kind
from domain.text import say
from services import audit, catch_up, live
from services.announcing import announce, redraw_review, stamp
from services.draft_rows import write
from services.organizers import organizers
from services.owing import Owed, owe
from services.review import refuse_stale, reviewed, table
from services.series import program_of
from store import queries
from store.core import Occurrence
from store.database import Database


def date_of(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> DateForm:
    """Where the form starts: the date so far, or tomorrow at nine in the session's zone."""
    with db.reading() as tx:
        row = reviewed(tx, team_id, occurrence_id)
        if row.send_at is None:
            return suggested_date(now, row.zone)
        wall = row.send_at.astimezone(schedule.zone(row.zone))
        return DateForm(wall.date(), wall.time().replace(second=0, microsecond=0), row.zone)


def set_date(
    db: Database,
    team_id: str,
    occurrence_id: int,
    form: DateForm,
    *,
    actor: str,
    now: datetime,
    version: int | None = None,
) -> datetime:
    """Say when the groups are sent, as often as wanted until that moment. Raises FieldRefusal.

    Groups that need mending are mended first: a date says that they may be sent as they are. Raises Stale
    when they are not any more those that the organizer saw as *version* of the draft.
    """
    send_at = check_date(form, now=now)
    with db.transaction() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        reviewed(tx, team_id, occurrence_id)
        if row is None:
            raise AssertionError  # reviewed has refused it
        if version is not None:
            refuse_stale(tx, row, version)
        _whole(tx, row, now)
        tx.execute(
            update(Occurrence)
            .where(Occurrence.id == row.id)
            .values(send_at=send_at, zone=form.zone, confirmed=True)
        )
        tx.refresh(row)
        audit.note(tx, row, "draft.date", now, actor=actor, send_at=send_at.isoformat())
        _show(tx, db, row)
    return send_at


def _whole(tx: Session, row: Occurrence, now: datetime) -> None:
    found = table(tx, row, now=now)
    broken = sorted(review.problems(found.draft, found.rules, found.gone))
    if broken:
        sentence = say("Group {number} has to be mended first. “Mend for me” does it.", number=broken[0] + 1)
        raise FieldRefusal({"match_date": sentence})


def send(db: Database, team_id: str, occurrence_id: int, *, now: datetime) -> str | None:
    """Send the reviewed groups, once and exactly as they stand; or wait, and tell the organizers once.

    Edits and this meet at the row of the session: an edit that commits first is sent, a later one is refused.
    """
    with db.transaction() as tx:
        row = queries.one_occurrence(tx, team_id, occurrence_id, lock=True)
        if row is None or row.state != "review" or row.send_at is None or row.send_at > now:
            return None
        program = program_of(tx, team_id, row.program_id)
        if not row.confirmed and program.at_deadline == "wait":
            _wait(tx, db, row, now)
            return "waits"
        found = table(tx, row, now=now)
        wishes = replace(found.rules, kept=())  # what an organizer has seen is not taken apart by a rule
        after = review.parted(found.draft, wishes, found.gone)
        if after != found.draft:
            write(tx, found.stored, after, program, found.gone, found.rules)
        row.state = "matched"
        stamp(tx, row, now=now)
        catch_up.late(tx, db, row, "matched", row.send_at, now)
        audit.note(tx, row, "draft.sent", now, version=row.draft_version)
        announce(tx, db, team_id, row.id)
        redraw_review(tx, db, team_id, row.id)
        live.changed(tx, db, team_id, row.id)
        return "sent"


def _wait(tx: Session, db: Database, row: Occurrence, now: datetime) -> None:
    """The date has come and nobody has confirmed it: there is none any more."""
    asked = int(row.send_at.timestamp()) if row.send_at else 0
    row.send_at = None
    tx.flush()
    owed = [
        Owed(Kind.REVIEW_WAITS, row.id, f"occurrence-{row.id}-waits-{asked}-{user_id}", recipient=user_id)
        for user_id in organizers(tx, row.id)
    ]
    owe(tx, db, row.team_id, owed)
    audit.note(tx, row, "draft.waits", now)
    _show(tx, db, row)


def _show(tx: Session, db: Database, row: Occurrence) -> None:
    """What shows the date of this session shows the newest one: cards, messages, and the questions."""
    redraw_review(tx, db, row.team_id, row.id)
    live.changed(tx, db, row.team_id, row.id)
