"""Buying a membership: the places of all chosen classes at once, or none of them."""

from collections.abc import Collection
from datetime import datetime

from domain.classes import Done
from services.ports import Deps


def buy(  # noqa: PLR0913 - what a sale by staff sets aside is said word by word
    deps: Deps, membership_id: int, class_ids: Collection[int], *, user_id: str, key: str, now: datetime,
    sold_by: str = "", why: str = "", override: bool = False,
) -> Done:  # fmt: skip
    """Hold a place in each class, then wait for approval or payment, or be in at once.

    Once for the *key* of the form; ``Done.id`` is the purchase. Staff sell with *sold_by*; with *override*
    and a reason *why*, overlaps and the rules of introductory offers are set aside, places never.
    Raises NotOnSale, HaveItAlready, BadChoice, JustTaken and other Refusals, each in the sentence to show.
    """
    raise NotImplementedError


def choose_other(deps: Deps, purchase_id: int, class_ids: Collection[int], *, by: str, now: datetime) -> Done:
    """Staff give a purchase that was paid too late other classes, and it becomes active."""
    raise NotImplementedError
