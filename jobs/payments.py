"""Payments that are open: Stripe is asked what became of them, where no webhook has told."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from services import payments
from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Ask Stripe about each Checkout whose time to be asked has come; how many bills changed."""
    changed = 0
    for one in payments.due(deps.db, deps.team_id, now=now):
        found = step("payment", one, partial(payments.looked_at, deps, one, now=now))
        if found == "away":  # the next one has its turn while this one waits
            break
        changed += found == "changed"
    return changed
