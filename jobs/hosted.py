"""What is due in hosted sessions: starts and ends, reminders, payments to look after, codes to wipe."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Take all that is due one step further, each in a *step* of its own; how many moved."""
    return 0
