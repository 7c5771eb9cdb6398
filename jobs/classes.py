"""What is due in classes: holds and offers that end, payments, reminders, lists, and the ends of terms."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services import classes_clock
from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Take all that is due one step further, each part of a term in a *step* of its own; how many moved."""
    moved = 0
    for one in classes_clock.due(deps.db, deps.team_id, now=now):
        for part, do in classes_clock.steps(deps, one, now=now):
            moved += bool(step(f"classes_{part}", one, do))
    return moved
