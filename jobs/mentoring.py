"""What is due in mentoring programs: requests, breaks, and matches that were approved together."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from services import mentoring_bulk, mentoring_people, mentoring_requests
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
    for program, one in mentoring_people.deactivated(db, team, now=now):
        moved += bool(step("gone", one, partial(mentoring_people.gone, db, team, program, one, now=now)))
    for one in mentoring_bulk.to_approve(db, team):
        some = partial(mentoring_bulk.approve_some, db, team, one, now=now)
        while step("approve", one, some):
            moved += 1
    return moved
