"""What was done late, and what was not done: told to the organizers, all of it in one message.

Whatever happens more than five minutes after its time owes a line in the transaction that does it. The first
of these messages that leaves takes all lines that wait for the same person along.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.facts import CatchUp, LateLine, Skipped
from domain.messages import Kind
from domain.text import N_, say
from services.cards import zone_of
from services.organizers import organizers
from services.owing import Owed, Redraw, owe, owe_redraws
from store.core import Occurrence, Program
from store.database import Database
from store.outbox import Outbox

LATE = timedelta(minutes=5)
TOGETHER = N_("told together with another")
OVERDUE = N_("it was overdue, and the next one of its series was due as well")


def late(
    tx: Session, db: Database, row: Occurrence, what: str, planned: datetime, now: datetime, reason: str = ""
) -> None:
    """Owe a line about something that was due at *planned* and is done, or given up, *now*."""
    if now - planned <= LATE:
        return
    line = {
        "occurrence": row.id,
        "what": what,
        "planned": planned.isoformat(),
        "minutes": int((now - planned) / timedelta(minutes=1)),
        "reason": reason,
    }
    owed = [
        Owed(
            Kind.CATCH_UP,
            row.id,
            f"late-{what}-{row.id}-{int(planned.timestamp())}-{user}",
            recipient=user,
            params={"lines": [line]},
        )
        for user in organizers(tx, row.id)
    ]
    owe(tx, db, row.team_id, owed)


def skipped(tx: Session, db: Database, row: Occurrence, now: datetime) -> None:
    """Tell the organizers of a session that was not opened what they can do, where they can do something."""
    owe_redraws(tx, db, row.team_id, Kind.SCHEDULE_REDRAW, [Redraw(row.series_id, urgent=False)])
    if row.reason == OVERDUE:  # the next one opens now: a line is enough
        late(tx, db, row, "skipped", row.opens_at, now, row.reason)
        return
    stamp = int(row.opens_at.timestamp())
    owed = [
        Owed(
            Kind.NOT_OPENED,
            row.id,
            f"occurrence-{row.id}-not-opened-{stamp}-{user}",
            recipient=user,
            params={"still": row.opt_in_at is not None and row.match_at > now},
        )
        for user in organizers(tx, row.id)
    ]
    owe(tx, db, row.team_id, owed)


def load(tx: Session, row: Outbox) -> CatchUp:
    """All that waits to be told to one person; what is told here is not sent once more."""
    waiting = tx.scalars(
        select(Outbox)
        .where(Outbox.team_id == row.team_id, Outbox.kind == Kind.CATCH_UP, Outbox.id != row.id)
        .where(Outbox.recipient == row.recipient, Outbox.state.in_(["pending", "leased"]))
        .where(Outbox.fenced_at.is_(None), Outbox.first_attempt_at.is_(None))
        .with_for_update(skip_locked=True)
    ).all()
    lines = [*row.params["lines"]]
    for other in waiting:
        lines += other.params["lines"]
        other.state, other.reason, other.lease_token = "skipped", TOGETHER, None
    row.params = {**row.params, "lines": lines}
    told = sorted(_lines(tx, lines), key=lambda line: (line.planned, line.program))
    return CatchUp(tuple(told), zone_of(tx, row.team_id, row.recipient))


def _lines(tx: Session, lines: list[Mapping[str, Any]]) -> Iterator[LateLine]:
    sessions = {
        occurrence_id: (name, zone)
        for occurrence_id, name, zone in tx.execute(
            select(Occurrence.id, Program.name, Occurrence.zone)
            .join(Program, Program.id == Occurrence.program_id)
            .where(Occurrence.id.in_({line["occurrence"] for line in lines}))
        )
    }
    for line in lines:
        name, zone = sessions[line["occurrence"]]
        planned = datetime.fromisoformat(line["planned"])
        reason = say(line["reason"]) if line["reason"] else ""
        yield LateLine(name, line["what"], planned, zone, line["minutes"], reason)


def load_skipped(tx: Session, row: Outbox) -> Skipped:
    """Why a session was not opened, and what can be done about it."""
    occurrence = tx.get_one(Occurrence, row.subject_id)
    following = tx.scalar(
        select(func.min(Occurrence.opens_at)).where(
            Occurrence.series_id == occurrence.series_id,
            Occurrence.number > occurrence.number,
            Occurrence.state == "planned",
        )
    )
    waits = occurrence.state == "skipped"
    return Skipped(
        program=tx.get_one(Program, occurrence.program_id).name,
        occurrence_id=occurrence.id if waits else 0,
        opt_in_at=occurrence.opt_in_at,
        match_at=occurrence.match_at,
        zone=occurrence.zone,
        reason=say(occurrence.reason) if waits else "",
        reader_zone=zone_of(tx, row.team_id, row.recipient),
        still=bool(row.params.get("still")),
        next_at=following,
    )
