"""What is due in mentoring programs: requests, breaks, and matches that were approved together."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from services import (
    mentoring_bulk,
    mentoring_check_ins,
    mentoring_digest,
    mentoring_ending_dates,
    mentoring_gone,
    mentoring_leaving,
    mentoring_people,
    mentoring_requests,
)
from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Take all that is due one step further, each in a *step* of its own; how many moved."""
    db, team = deps.db, deps.team_id
    moved = 0
    for one in mentoring_requests.due(db, team, now=now):
        done = step("request", one, partial(mentoring_requests.come_due, db, team, one, now=now))
        moved += done is not None
    for one in mentoring_people.rested(db, team, now=now):
        moved += bool(step("rested", one, partial(mentoring_people.wake, db, team, one, now=now)))
    for program, one in mentoring_leaving.deactivated(db, team, now=now):
        moved += bool(step("gone", one, partial(mentoring_leaving.gone, db, team, program, one, now=now)))
    for one in mentoring_gone.due(db, team, now=now):
        moved += bool(step("left", one, partial(mentoring_gone.say_so, db, team, one, now=now)))
    for one in mentoring_bulk.to_approve(db, team):
        some = partial(mentoring_bulk.approve_some, db, team, one, now=now)
        while step("approve", one, some):
            moved += 1
    return moved + _dates(deps, step, now=now)


def _dates(deps: Deps, step: Step, *, now: datetime) -> int:
    """Meetings that are over, weekly digests, and ends of programs."""
    db, team = deps.db, deps.team_id
    moved = 0
    for one in mentoring_check_ins.due(db, team, now=now):
        moved += bool(step("check_in", one, partial(mentoring_check_ins.ask, db, team, one, now=now)))
    for one in mentoring_digest.due(db, team, now=now):
        moved += bool(step("digest", one, partial(mentoring_digest.send, db, team, one, now=now)))
    for one in mentoring_ending_dates.due(db, team, now=now):
        some = partial(mentoring_ending_dates.take_step, db, team, one, now=now)
        while (taken := step("end", one, some)) == "ending":
            moved += 1
        moved += taken is not None
    return moved
