"""Refunds: asked for by a press or a rule, owed to Stripe, done or failed."""

from datetime import datetime

from domain.hosted import Done
from store.database import Database


def refund(
    db: Database,
    team_id: str,
    participant_id: int,
    amount: int | None,
    *,
    by: str,
    now: datetime,
    key: str = "",
) -> Done:
    """[Refund]: give *amount* back, None: all that is left. *key* of the form: submitted twice, done once.

    Raises NotYourSession, NoSuchGuest, and Refusal for more than is left.
    """
    raise NotImplementedError
