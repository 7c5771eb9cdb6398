"""How memberships end: by their member, by staff, or because the last date has passed."""

from datetime import datetime

from domain.classes import Done
from services.classes import Held
from services.ports import Deps
from store.classes_sold import Purchase


def leave(deps: Deps, purchase_id: int, *, by: str, now: datetime, why: str = "") -> Done:
    """[Leave] by the member, or [Cancel] by staff: places ahead are freed, money goes back by the rule.

    A second press changes nothing. Raises NoSuchPurchase and NotYours.
    """
    raise NotImplementedError


def comes_back(deps: Deps, purchase_id: int, *, now: datetime) -> tuple[int, str]:
    """What would come back if it were left now: (smallest unit, currency). For the question before."""
    raise NotImplementedError


def stop_renewal(deps: Deps, purchase_id: int, *, by: str, now: datetime) -> Done:
    """[Stop Renewal]: no payment follows; it ends with the time that is paid for, and later places are freed.

    Raises NoSuchPurchase, NotYours, and Refusal if it does not renew.
    """
    raise NotImplementedError


def ended(held: Held, one: Purchase) -> bool:
    """End a purchase whose last date has passed: a survey, and the offer of the next term; whether it did."""
    raise NotImplementedError
