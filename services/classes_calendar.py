"""A member's classes as a calendar file; who has one gets its newest version."""

from collections.abc import Collection
from datetime import datetime

from domain.classes import Done
from services.classes import Held
from store.database import Database


def send(db: Database, team_id: str, purchase_id: int, *, user_id: str, now: datetime) -> Done:
    """[Add to Calendar]: owe the member the file of their classes. Raises NoSuchPurchase, NotYours."""
    raise NotImplementedError


def renew(held: Held, purchase_ids: Collection[int]) -> None:
    """Owe a newer file to those who asked for one of these purchases."""
    raise NotImplementedError
