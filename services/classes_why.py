"""[Why?]: why a membership is full, why a price, why a date is missing, and what became of a purchase."""

from collections.abc import Sequence
from datetime import datetime

from store.database import Database


def of_purchase(db: Database, team_id: str, purchase_id: int, *, now: datetime) -> Sequence[str]:
    """Sentences with time and cause: how its price came about, how it stands, which dates are missing.

    The same for staff and for whoever bought it; the door says who may ask. Raises NoSuchPurchase.
    """
    raise NotImplementedError


def of_membership(db: Database, team_id: str, membership_id: int, *, now: datetime) -> Sequence[str]:
    """Why so many can still be bought, or none: places, purchases, its state. Raises NoSuchMembership."""
    raise NotImplementedError


def of_waiting(db: Database, team_id: str, waiting_id: int, *, now: datetime) -> Sequence[str]:
    """Why somebody on a waitlist has no offer yet. Raises NoSuchPlace."""
    raise NotImplementedError
