"""Waitlists: of a membership, of a class with all its dates, or of one date.

Whoever frees or adds places calls ``freed``; what is offered takes its places until it is taken, passed on or
over. In the last two hours before a start nothing is kept: everybody is asked, and the first press wins.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from domain.classes import Done, Press
from services.classes import Held
from store.classes_sold import Waiting
from store.database import Database


def join(
    db: Database,
    team_id: str,
    *,
    user_id: str,
    membership_id: int | None = None,
    class_id: int | None = None,
    date_id: int | None = None,
    with_id: str = "",
    now: datetime,
) -> Done:
    """Put somebody at the end of a waitlist; Done.id is the entry. Joining again changes nothing.

    A date alone: of that date. A class: of all its dates, to be bought as *membership_id*, else as the
    cheapest on sale that offers it. A membership alone: of any classes of it. *with_id* comes along: both
    have an entry, and are offered places together. Raises what is not there, and Refusals.
    """
    raise NotImplementedError


def leave(
    db: Database, team_id: str, waiting_id: int, *, user_id: str, now: datetime, press: Press | None = None
) -> Done:
    """Somebody waits no more; what was kept for them goes to the next. Raises NotYours, NoSuchEntry."""
    raise NotImplementedError


def move_to_top(db: Database, team_id: str, waiting_id: int, *, by: str, now: datetime) -> Done:
    """Staff put somebody first. For a door that asked ``only_staff``."""
    raise NotImplementedError


def freed(held: Held, date_ids: Collection[int]) -> int:
    """These dates have places: give them to those who wait for them, in their order; how many were told.

    For whoever frees or adds places, in the same transaction, after the places were counted.
    """
    raise NotImplementedError


def pass_on(
    db: Database, team_id: str, waiting_id: int, *, user_id: str, now: datetime, press: Press | None = None
) -> Done:
    """[Pass]: the next one is offered the place."""
    raise NotImplementedError


def offers_due(held: Held) -> bool:
    """Give what was offered too long to the next, end entries whose dates have begun; whether any was due."""
    raise NotImplementedError


def offered_to(held: Held, user_id: str, membership_id: int, class_ids: Collection[int]) -> Sequence[Waiting]:
    """What a buyer was offered of this membership or of these classes, and what they still wait for of them.

    For ``classes_buying``: it calls ``release_for`` with each before it takes places, so that theirs are free
    for them.
    """
    raise NotImplementedError


def release_for(held: Held, waiting: Waiting) -> None:
    """An entry ends because its person buys: what is kept for it is free, for a purchase in this transaction.

    If the purchase is refused, the transaction is rolled back and the offer stands as before.
    """
    raise NotImplementedError
