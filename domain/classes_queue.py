"""Waitlists: whose turn it is, how long an offer stands, and how the last hours are handled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.classes import Mode


@dataclass(frozen=True)
class Entry:
    """Somebody who waits. *wants*: the sets of dates that would do, best first; all dates of one are needed.

    *partner* is the id of the entry that comes together with this one, 0: alone.
    """

    id: int
    wants: tuple[frozenset[int], ...]
    partner: int = 0
    passed_over: bool = False
    membership_id: int = 0  # whose number of sales it needs one of


@dataclass(frozen=True)
class Turns:
    """Who is offered what: dates by entry; and whose party of two was passed over for a place alone."""

    offers: Mapping[int, frozenset[int]]
    passed_over: Collection[int]


def turns(queue: Sequence[Entry], free: Mapping[int, int], sales: Mapping[int, int]) -> Turns:
    """Give the free places of dates to the *queue*, in its order.

    *sales*: how many of a membership may be sold; one that is missing has no such limit.
    """
    raise NotImplementedError


def mode_of(setting: Mode, first_at: datetime, now: datetime, *, costs: bool) -> Mode | None:
    """How a place whose first date is at *first_at* is given; None once that has begun."""
    raise NotImplementedError


def offer_until(first_at: datetime, now: datetime, mode: Mode) -> datetime:
    """How long an offer stands."""
    raise NotImplementedError
