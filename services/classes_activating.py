"""From held places to registrations, and back when the time to pay or to answer is over."""

from services.classes import Held
from store.classes_sold import Purchase


def activate(held: Held, one: Purchase) -> bool:
    """A purchase becomes active: its held places are registrations now, C4 is owed. False if it was before.

    Dates that began meanwhile are not registered. Does not look for places: whoever activates an expired
    purchase takes them first by ``take_again``.
    """
    raise NotImplementedError


def take_again(held: Held, one: Purchase) -> bool:
    """Hold all places of an expired purchase anew; False, and nothing is changed, if one of them is gone."""
    raise NotImplementedError


def expire(held: Held, one: Purchase) -> bool:
    """A hold ended: its places are free, the member reads C6, and staff too if they did not answer."""
    raise NotImplementedError


def next_at(one: Purchase) -> None:
    """Set when time next changes a purchase: its hold, a payment, the end of kept places or of its window."""
    raise NotImplementedError
