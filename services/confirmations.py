"""Confirmations of a series: when a newer one stands, the older ones say so and lose their buttons."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.facts import ScheduleBelow
from domain.messages import Kind
from services.cards import locale_of
from services.owing import Owed, owe
from store.core import Program, SeriesRow
from store.database import Database
from store.outbox import Outbox


def arrived(tx: Session, db: Database, row: Outbox) -> None:
    """A confirmation was posted: owe every older one of the series its last words."""
    posted = tx.scalars(
        select(Outbox)
        .where(Outbox.team_id == row.team_id, Outbox.kind == Kind.SCHEDULED)
        .where(Outbox.subject_id == row.subject_id, Outbox.ts.is_not(None))
        .order_by(Outbox.id)
    ).all()
    older = [
        Owed(
            Kind.SCHEDULE_BELOW,
            row.subject_id,
            f"{one.key}-below",
            params={"channel": one.channel, "ts": one.ts, "reader": one.recipient},
        )
        for one in posted[:-1]
    ]
    owe(tx, db, row.team_id, older)


def below(tx: Session, row: Outbox) -> ScheduleBelow:
    """What an older confirmation says now, where it stands."""
    row.channel, row.ts = row.params["channel"], row.params["ts"]
    series = tx.get_one(SeriesRow, row.subject_id)
    program = tx.get_one(Program, series.program_id)
    return ScheduleBelow(program.name, locale_of(tx, row.team_id, row.params["reader"]))
