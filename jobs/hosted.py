"""What is due in hosted sessions: starts and ends, reminders, codes to wipe."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from services import hosted_clock, hosted_reminders, hosted_retention
from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Take all that is due one step further, each in a *step* of its own; how many moved."""
    db, team = deps.db, deps.team_id
    moved = 0
    for one in hosted_reminders.due(db, team, now=now):
        some = partial(hosted_reminders.send_due, db, team, one, now=now)
        moved += bool(step("hosted_remind", one, some))
    for one in hosted_clock.due(db, team, now=now):
        moved += bool(step("hosted", one, partial(hosted_clock.step, db, team, one, now=now)))
    if hosted_retention.due(db, team, now=now):
        moved += step("forget", 0, partial(hosted_retention.forget, db, team, now=now)) or 0
    return moved
