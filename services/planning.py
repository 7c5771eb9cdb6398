"""The planning: one read model for the calendar, the list, the picture, App Home and whoever exports.

A few queries, however many sessions there are. What a series promises beyond the six sessions that are stored
is computed from its rule.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from domain import schedule
from domain.planning import (
    ALL_PROGRAMS,
    LIST,
    LIVE,
    NEXT,
    PAGE,
    Look,
    PlannedSession,
    Planning,
    completed,
    listed,
    span_of,
)
from domain.text import N_, say
from services.access import Rights
from services.series import as_series
from store.coffee import Group
from store.core import Invitation, Occurrence, PersonRow, Program, SeriesRow
from store.database import Database

MOST = 1000  # sessions that one view reads: more than anybody turns pages for
PAUSED = N_("its program is paused")


def read(db: Database, team_id: str, rights: Rights, look: Look, *, now: datetime) -> Planning:
    """What *look* shows to somebody with these rights, in one consistent state."""
    with db.reading() as tx:
        return planning(tx, team_id, rights, look, now=now)


def planning(tx: Session, team_id: str, rights: Rights, look: Look, *, now: datetime) -> Planning:
    """The same, in a transaction that is open already."""
    zone = tx.scalar(
        select(PersonRow.tz).where(PersonRow.team_id == team_id, PersonRow.user_id == rights.user_id)
    )
    look = completed(look, zone or "", now)
    programs = _programs(tx, team_id, rights)
    if look.program not in {program.id for program in programs}:
        look = replace(look, program=ALL_PROGRAMS)
    chosen = [program for program in programs if look.program in (ALL_PROGRAMS, program.id)]
    start, end = span_of(look, now)
    open_ended = look.view == LIST and look.order == NEXT
    found = sessions(tx, team_id, chosen, start=start, end=end, open_ended=open_ended)
    page, total = found, len(found)
    if look.view == LIST:
        ordered = listed(found, look.order, now)
        total = len(ordered)
        look = replace(look, page=min(look.page, max(0, -(-total // PAGE) - 1)))
        page = counted(tx, ordered[look.page * PAGE : (look.page + 1) * PAGE])
    return Planning(
        look=look,
        today=now.astimezone(schedule.zone(look.zone)).date(),
        sessions=tuple(page),
        programs=tuple((program.id, program.name) for program in programs),
        total=total,
    )


def _programs(tx: Session, team_id: str, rights: Rights) -> Sequence[Program]:
    """The programs with sessions somebody manages; archived ones last, for their history stays."""
    wanted = select(Program).where(Program.team_id == team_id, Program.kind == "coffee")
    if not rights.admin:
        wanted = wanted.where(Program.id.in_(rights.owned))
    return tx.scalars(wanted.order_by(Program.state == "archived", Program.name_key)).all()


def sessions(
    tx: Session,
    team_id: str,
    programs: Collection[Program],
    *,
    start: datetime,
    end: datetime,
    open_ended: bool = False,
) -> list[PlannedSession]:
    """The sessions of these programs between two instants, stored or promised, in order.

    With *open_ended* also what is stored for later, and what is under way from before.
    """
    by_id = {program.id: program for program in programs}
    if not by_id:
        return []
    stored = _stored(tx, team_id, by_id, start=start, end=None if open_ended else end)
    promised = _promised(tx, team_id, by_id, start=start, end=end)
    return sorted([*stored, *promised], key=lambda one: (one.opens_at, one.program_id, one.occurrence_id))


# --- Stored --------------------------------------------------------------------------------------------


def _stored(
    tx: Session, team_id: str, programs: dict[int, Program], *, start: datetime, end: datetime | None
) -> Iterator[PlannedSession]:
    groups_at = func.coalesce(Occurrence.send_at, Occurrence.match_at)
    wanted = (
        select(Occurrence, SeriesRow.weeks, SeriesRow.ended_at)
        .join(SeriesRow, SeriesRow.id == Occurrence.series_id)
        .where(Occurrence.team_id == team_id, Occurrence.program_id.in_(programs))
    )
    if end is None:
        wanted = wanted.where(or_(groups_at >= start, Occurrence.state.in_(LIVE)))
        wanted = wanted.order_by(Occurrence.opens_at, Occurrence.id)
    else:
        wanted = wanted.where(groups_at >= start, Occurrence.opens_at < end)
        wanted = wanted.order_by(Occurrence.opens_at.desc(), Occurrence.id.desc())
    for row, weeks, ended_at in tx.execute(wanted.limit(MOST)):
        yield _as_planned(row, programs[row.program_id], repeats=bool(weeks) and ended_at is None)


def _as_planned(row: Occurrence, program: Program, *, repeats: bool) -> PlannedSession:
    reason = say(row.reason) if row.reason else ""
    if row.state == "planned" and program.state == "paused":
        reason = say(PAUSED)
    return PlannedSession(
        occurrence_id=row.id,
        program_id=program.id,
        program=program.name,
        state=row.state,
        zone=row.zone,
        opt_in_at=row.opt_in_at,
        groups_at=row.send_at or row.match_at,
        colour=row.colour,
        reason=reason,
        dateless=row.state == "review" and row.send_at is None,
        repeats=repeats,
    )


# --- Promised ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rule:
    """A series that goes on, and the number up to which its sessions are stored."""

    row: SeriesRow
    last: int | None


def _promised(
    tx: Session, team_id: str, programs: dict[int, Program], *, start: datetime, end: datetime
) -> Iterator[PlannedSession]:
    """What series will plan between two instants and have not stored yet."""
    last = func.max(Occurrence.number)
    wanted = (
        select(SeriesRow, last)
        .join(Occurrence, Occurrence.series_id == SeriesRow.id, isouter=True)
        .where(SeriesRow.team_id == team_id, SeriesRow.program_id.in_(programs))
        .where(and_(SeriesRow.weeks > 0, SeriesRow.ended_at.is_(None)))
        .group_by(SeriesRow.id)
    )
    for row, number in tx.execute(wanted):
        program = programs[row.program_id]
        if program.state != "archived":
            yield from _following(_Rule(row, number), program, start=start, end=end)


def _following(rule: _Rule, program: Program, *, start: datetime, end: datetime) -> Iterator[PlannedSession]:
    series = as_series(rule.row)
    first = series.first_number if rule.last is None else max(rule.last + 1, series.first_number)
    step = timedelta(weeks=series.weeks)
    # two days more than it takes, for zones and their jumps; what is outside is left out below
    slack = timedelta(days=series.match_days + 2)
    since = start.date() - slack - series.anchor
    number = max(first, series.first_number + since // step)
    count = (end.date() + slack - series.anchor) // step + series.first_number - number + 1
    for one in schedule.plan(series, from_number=number, count=max(0, count)):
        if one.opens_at < end and one.match_at >= start:
            yield PlannedSession(
                occurrence_id=0,
                program_id=program.id,
                program=program.name,
                state="planned",
                zone=series.zone,
                opt_in_at=one.opt_in_at,
                groups_at=one.match_at,
                reason=say(PAUSED) if program.state == "paused" else "",
                repeats=True,
            )


# --- Counts --------------------------------------------------------------------------------------------


def counted(tx: Session, found: Sequence[PlannedSession]) -> list[PlannedSession]:
    """The same sessions with how many were asked, answered, and brought together."""
    ids = [one.occurrence_id for one in found if one.occurrence_id and one.state != "planned"]
    answers: dict[int, dict[str, int]] = {}
    groups: dict[int, int] = {}
    if ids:
        rows = tx.execute(
            select(Invitation.occurrence_id, Invitation.state, func.count())
            .where(Invitation.occurrence_id.in_(ids))
            .group_by(Invitation.occurrence_id, Invitation.state)
        )
        for occurrence_id, state, count in rows:
            answers.setdefault(occurrence_id, {})[state] = count
        made = select(Group.occurrence_id, func.count()).where(Group.occurrence_id.in_(ids))
        groups = {one: count for one, count in tx.execute(made.group_by(Group.occurrence_id))}
    return [_with_counts(one, answers.get(one.occurrence_id, {}), groups) for one in found]


def _with_counts(one: PlannedSession, states: dict[str, int], groups: dict[int, int]) -> PlannedSession:
    return replace(
        one,
        asked=sum(states.values()),
        joined=states.get("accepted", 0),
        declined=states.get("declined", 0),
        silent=states.get("pending", 0) + states.get("expired", 0),
        groups=groups.get(one.occurrence_id, 0),
    )
