"""Memberships that need approval: staff say yes or no, members take their request back."""

from datetime import datetime

from domain.classes import Done, Press
from services.ports import Deps


def approve(deps: Deps, purchase_id: int, *, by: str, now: datetime, press: Press | None = None) -> Done:
    """[Approve]: the time to pay begins, or it is active if nothing is to pay.

    A second press changes nothing; its ``said`` is "Approved by <@U1> at 14:02." Raises NoSuchPurchase.
    """
    raise NotImplementedError


def decline(
    deps: Deps, purchase_id: int, *, by: str, now: datetime, reason: str = "", press: Press | None = None
) -> Done:
    """[Decline]: places are freed; the member reads *reason*."""
    raise NotImplementedError


def withdraw(deps: Deps, purchase_id: int, *, by: str, now: datetime, press: Press | None = None) -> Done:
    """[Withdraw], by the member who asked, before staff answered. Raises NotYours."""
    raise NotImplementedError
