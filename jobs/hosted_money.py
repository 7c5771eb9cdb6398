"""Payments that are open: Stripe is asked what became of them, where no webhook has told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from services.ports import Deps

Step = Callable[[str, int, Callable[[], Any]], Any]


def payments_due(deps: Deps, step: Step, *, now: datetime) -> int:
    """Ask Stripe about each Checkout whose time to be asked has come; how many bills changed."""
    return 0
