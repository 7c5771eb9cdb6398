"""A series and its sessions: find it, read it as the rules do, and plan what follows."""

from datetime import date, datetime, time

import tzdata
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain import review, schedule
from domain.errors import Refusal
from domain.programs import NoSuchProgram
from services.ports import Chance
from store import queries
from store.core import Occurrence, Program, SeriesRow

COLOURS = ("#E01E5A", "#ECB22E", "#2EB67D", "#36C5F0", "#7C3085", "#DE7C45", "#8D5B3E", "#3D4451")


class NoSuchSession(Refusal):
    """This session does not exist any more."""


class AlreadyOver(Refusal):
    """This session is over or was cancelled, so it cannot be changed."""


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


def instants(row: SeriesRow, one: schedule.Planned) -> dict[str, datetime | None]:
    """When a session of the series opens, and when its groups are made and sent.

    Where people are asked and an organizer looks at the groups first, the date that everybody reads is the
    one of sending, and the answers close some time before it.
    """
    dates = {"opens_at": one.opens_at, "opt_in_at": one.opt_in_at, "match_at": one.match_at, "send_at": None}
    if row.groups == "review" and one.opt_in_at is not None:
        dates |= {"match_at": review.cut_off(one.opt_in_at, one.match_at), "send_at": one.match_at}
    return dates


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
    wanted = max(0, schedule.HORIZON - ahead)
    off = _called_off(tx, row)
    planned = [
        one
        for one in schedule.plan(as_series(row), from_number=start, count=wanted + len(off))
        # the first day of a series was chosen by somebody
        if one.number == row.first_number or (one.opt_in_wall or one.match_wall).date() not in off
    ]
    rows = [
        {
            "team_id": row.team_id,
            "program_id": row.program_id,
            "series_id": row.id,
            "number": one.number,
            "state": "planned",
            **instants(row, one),
            "zone": row.zone,
            "tz_version": tzdata.IANA_VERSION,
            "colour": COLOURS[chance.seed() % len(COLOURS)],
            "seed": chance.seed(),
        }
        for one in planned[:wanted]
    ]
    return queries.insert_new(tx, Occurrence, rows, keys=["series_id", "number"])


def _called_off(tx: Session, row: SeriesRow) -> set[date]:
    """The days on which an organizer cancelled one session of a series: an edit does not bring them back."""
    tz = schedule.zone(row.zone)
    cancelled = select(Occurrence.opens_at).where(
        Occurrence.series_id == row.id,
        Occurrence.state == "cancelled",
        Occurrence.opened_at.is_(None),
        Occurrence.moved.is_(False),
    )
    return {opens_at.astimezone(tz).date() for opens_at in tx.scalars(cancelled)}


def next_occurrence(tx: Session, row: SeriesRow) -> Occurrence | None:
    """The open session of a series, or the next planned one."""
    return tx.scalars(
        select(Occurrence)
        .where(Occurrence.series_id == row.id, Occurrence.state.in_(["open", "planned"]))
        .order_by(Occurrence.number)
        .limit(1)
    ).one_or_none()


def program_of(tx: Session, team_id: str, program_id: int) -> Program:
    """A program of this tenant. Raises NoSuchProgram."""
    program = queries.one_program(tx, team_id, program_id)
    if program is None:
        raise NoSuchProgram
    return program
