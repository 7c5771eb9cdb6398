"""How long the fresh groups of a program last, from its audience now and what it has met."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import schedule
from domain.forecast import FAR, MOST_COUNTED, Forecast, fresh_rounds
from services import grouping
from services.series import as_series, next_occurrence
from store import queries
from store.core import Program, SeriesRow


def of_program(tx: Session, program: Program, people: int | None) -> Forecast | None:
    """What lies ahead of a program with so many *people*; None where nothing can be said.

    A few statements, and one for each round so far; none about history where there are very many people.
    """
    if people is None or people < 2 or program.state == "archived":
        return None
    if people > MOST_COUNTED:
        return Forecast(people, program.group_size, None)
    audience = sorted(tx.scalars(queries.audience_of(program)))
    fresh = fresh_rounds(_met(tx, program, audience), program.group_size, program.leftover)
    if fresh > FAR:
        return Forecast(people, program.group_size, None)
    return _dated(tx, program, Forecast(len(audience), program.group_size, fresh))


def _met(tx: Session, program: Program, audience: list[str]) -> list[int]:
    """How many of the others each of the *audience* has met."""
    meetings = grouping.past(tx, program, audience).among(audience)
    met = Counter(meetings.first.tolist())
    met.update(meetings.second.tolist())
    return [met[number] for number in range(len(audience))]


def _dated(tx: Session, program: Program, found: Forecast) -> Forecast:
    """The same with the interval and the last date, where the newest series goes on."""
    newest = tx.scalars(
        select(SeriesRow)
        .where(SeriesRow.team_id == program.team_id, SeriesRow.program_id == program.id)
        .order_by(SeriesRow.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is None or newest.ended_at is not None or not newest.weeks:
        return found
    following = next_occurrence(tx, newest)
    if following is None or not found.fresh:
        return Forecast(found.people, found.size, found.fresh, newest.weeks)
    last = following.number + found.fresh - 1
    (planned,) = schedule.plan(as_series(newest), from_number=last, count=1)
    return Forecast(
        found.people, found.size, found.fresh, newest.weeks, until=planned.match_at, zone=newest.zone
    )
