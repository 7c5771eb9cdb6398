"""Waitlists: whose turn it is, how long an offer stands, and how the last hours are handled.

Who waits first is offered first. Two who come together wait for two places: for a single one they are passed
over once; from then on nobody is offered what they wait for before them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.classes import OFFER, OFFER_ENDS, Mode


@dataclass(frozen=True)
class Option:
    """Something that would do: a class with its *dates* ahead, all of them, or one date.

    *begin* and *end* are minutes of the week, so that two classes at the same time are not offered together.
    """

    dates: frozenset[int]
    begin: int = 0
    end: int = 0

    def overlaps(self, other: "Option") -> bool:
        """Whether nobody can be at both; touching is no overlap."""
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True)
class Entry:
    """Somebody who waits for *need* of some options. *partner*: the entry that comes along, 0: alone."""

    id: int
    options: tuple[Option, ...]
    need: int = 1
    partner: int = 0
    passed_over: bool = False
    membership_id: int = 0  # one of its number of sales is needed


@dataclass
class Turns:
    """Who is offered what: dates by entry; and whose party of two was passed over for a single place."""

    offers: dict[int, frozenset[int]] = field(default_factory=dict)
    passed_over: set[int] = field(default_factory=set)


class _Stock:
    """What is left to be given."""

    def __init__(self, free: Mapping[int, int], sales: Mapping[int, int]) -> None:
        self.free, self.sales = dict(free), dict(sales)

    def pick(self, entry: Entry) -> frozenset[int] | None:
        """The dates that an entry would be offered now."""
        if self.sales.get(entry.membership_id, 1) < 1:
            return None
        chosen: list[Option] = []
        for option in entry.options:
            if len(chosen) < entry.need and self._fits(option) and not any(map(option.overlaps, chosen)):
                chosen.append(option)
        if len(chosen) < entry.need:
            return None
        return frozenset(date for option in chosen for date in option.dates)

    def _fits(self, option: Option) -> bool:
        return bool(option.dates) and all(self.free.get(date, 0) > 0 for date in option.dates)

    def take(self, entry: Entry, dates: frozenset[int], step: int = -1) -> None:
        """Give it to them; a *step* of 1 gives it back."""
        for date in dates:
            self.free[date] += step
        if entry.membership_id in self.sales:
            self.sales[entry.membership_id] += step


def turns(queue: Sequence[Entry], free: Mapping[int, int], sales: Mapping[int, int]) -> Turns:
    """Give the free places of dates to the *queue*, in its order.

    *sales*: how many of a membership may be sold; one that is missing has no such limit.
    """
    stock, found = _Stock(free, sales), Turns()
    overtaken: list[tuple[list[Entry], frozenset[int]]] = []  # parties, and what a single place of theirs is
    kept = set[int]()  # dates that nobody is offered before a party that was passed over
    for party in _parties(queue):
        got = _offer(stock, party, kept)
        if got:
            found.offers.update(got)
            given = frozenset(date for dates in got.values() for date in dates)
            for others, wanted in overtaken:
                found.passed_over.update(one.id for one in others if wanted & given)
        elif len(party) == 2:
            wanted = frozenset(date for one in party for option in one.options for date in option.dates)
            if any(one.passed_over for one in party):
                kept |= wanted
            else:
                overtaken.append((party, wanted))
    return found


def _offer(stock: _Stock, party: Sequence[Entry], kept: Collection[int]) -> dict[int, frozenset[int]]:
    got = dict[int, frozenset[int]]()
    for one in party:
        dates = stock.pick(one)
        if dates is None or dates & frozenset(kept):
            break
        stock.take(one, dates)
        got[one.id] = dates
    if len(got) == len(party):
        return got
    for one in party[: len(got)]:
        stock.take(one, got[one.id], 1)
    return {}


def _parties(queue: Sequence[Entry]) -> Iterator[list[Entry]]:
    known, done = {one.id: one for one in queue}, set[int]()
    for one in queue:
        if one.id in done:
            continue
        party = [one, known[one.partner]] if one.partner in known else [one]
        done |= {each.id for each in party}
        yield party


def mode_of(setting: Mode, first_at: datetime, now: datetime, *, costs: bool) -> Mode | None:
    """How a place whose first date is at *first_at* is given; None once that has begun."""
    if now >= first_at:
        return None
    if now >= first_at - OFFER_ENDS:
        return Mode.EVERYBODY
    return Mode.OFFER if setting is Mode.AT_ONCE and costs else setting


def offer_until(first_at: datetime, now: datetime, mode: Mode) -> datetime:
    """How long an offer stands: 48 hours, but not into the last two before the start."""
    return first_at if mode is Mode.EVERYBODY else min(now + OFFER, first_at - OFFER_ENDS)
