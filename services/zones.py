"""A new tz database may move wall times: sessions still planned are resolved again when one is installed."""

from dataclasses import dataclass
from datetime import datetime

import tzdata
from sqlalchemy import select

from domain import schedule
from services.series import as_series, instants
from store.core import Occurrence, SeriesRow
from store.database import Database


@dataclass(frozen=True)
class Moved:
    """A planned session whose instants the new tz database changed."""

    occurrence_id: int
    was: datetime
    now: datetime


def resolve_again(db: Database, team_id: str, *, version: str = tzdata.IANA_VERSION) -> list[Moved]:
    """Resolve what is planned under another tz database once more; the sessions that moved.

    The wall time as entered stays; only the instant it means may change. Opened sessions are left alone.
    """
    moved = []
    with db.transaction() as tx:
        rows = tx.execute(
            select(Occurrence, SeriesRow)
            .join(SeriesRow, SeriesRow.id == Occurrence.series_id)
            .where(Occurrence.team_id == team_id, Occurrence.state == "planned")
            .where(Occurrence.moved.is_(False))  # those have instants of their own
            .where(Occurrence.tz_version != version)
            .with_for_update(key_share=True, of=Occurrence)  # one that is being opened is left alone
        ).all()
        for occurrence, series in rows:
            (planned,) = schedule.plan(as_series(series), from_number=occurrence.number, count=1)
            dates = instants(series, planned)
            if any(getattr(occurrence, name) != instant for name, instant in dates.items()):
                moved.append(Moved(occurrence.id, occurrence.opens_at, planned.opens_at))
            for name, instant in dates.items():
                setattr(occurrence, name, instant)
            occurrence.tz_version = version
    return moved
