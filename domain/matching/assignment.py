"""Exact assignment to places on a sparse list of pairs, and the prices that prove it.

Words: a *mentee* takes at most one place, a *mentor* has *capacity* places, a pair has a *worth*.
"""

import importlib.util
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Ints = NDArray[np.int64]
NOBODY = -1
_EXACT = 2**53  # whole numbers above this are not all there in a float64
_LARGE = 100_000  # pairs from which ortools is asked, where it is installed


class Solver(StrEnum):
    """Who computes. All find the same total; among equal totals they may choose differently."""

    AUTO = "auto"
    SCIPY = "scipy"
    ORTOOLS = "ortools"


@dataclass(frozen=True)
class Pairs:
    """The problem: parallel arrays sorted by mentee; *worth* is a whole number, 0 or more."""

    mentees: int
    capacity: Ints
    mentee: NDArray[np.integer]
    mentor: NDArray[np.integer]
    worth: Ints


class NotOptimal(ArithmeticError):
    """This assignment can be improved, so no prices support it."""


def assign(pairs: Pairs, solver: Solver = Solver.AUTO) -> Ints:
    """The mentor of each mentee, or ``NOBODY``: as many mentees as possible, then the greatest sum of worth.

    Exact, and the same every time for the same solver. Raises `OverflowError` if the worths are too large for
    that, and `ModuleNotFoundError` if ortools is asked for and not installed (the extra ``scale``).
    """
    room = np.minimum(pairs.capacity, np.bincount(pairs.mentor, minlength=len(pairs.capacity)))
    of = np.full(pairs.mentees, NOBODY, np.int64)
    open_ = np.flatnonzero(room[pairs.mentor] > 0)
    if not len(open_):
        return of
    some = slice(None) if len(open_) == len(pairs.mentee) else open_
    fits = Pairs(pairs.mentees, room, pairs.mentee[some], pairs.mentor[some], pairs.worth[some])
    if premium(fits) * 4 > _EXACT:
        raise OverflowError("These worths are too large to be added exactly.")
    if solver is Solver.AUTO:
        large = len(open_) > _LARGE and importlib.util.find_spec("ortools") is not None
        solver = Solver.ORTOOLS if large else Solver.SCIPY
    chosen = open_[_by_flow(fits) if solver is Solver.ORTOOLS else _by_seats(fits)]
    of[pairs.mentee[chosen]] = pairs.mentor[chosen]
    return of


def premium(pairs: Pairs) -> int:
    """What being matched is worth by itself: more than twice all worths that could be lost by it."""
    best = np.zeros(pairs.mentees, np.int64)
    np.maximum.at(best, pairs.mentee, pairs.worth)
    return 2 * int(best.sum()) + 1


def _by_flow(pairs: Pairs) -> Ints:
    """The pairs chosen by a flow of least cost: mentees, mentors, one sink."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow, mentors, size = SimpleMinCostFlow(), len(pairs.capacity), len(pairs.mentee)
    sink = pairs.mentees + mentors
    flow.add_arcs_with_capacity_and_unit_cost(
        pairs.mentee, pairs.mentees + pairs.mentor, np.ones(size, np.int64), -pairs.worth
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        pairs.mentees + np.arange(mentors),
        np.full(mentors, sink),
        pairs.capacity,
        np.zeros(mentors, np.int64),
    )
    flow.set_nodes_supplies(np.arange(pairs.mentees), np.ones(pairs.mentees, np.int64))
    flow.set_node_supply(sink, -pairs.mentees)
    status = flow.solve_max_flow_with_min_cost()
    if status != flow.OPTIMAL:
        raise OverflowError(f"The solver refused these numbers ({status}).")
    return np.flatnonzero(flow.flows(np.arange(size)) > 0)


def _by_seats(pairs: Pairs) -> Ints:
    """The pairs chosen by an assignment to single seats; each mentee has a seat apart, for staying alone."""
    first = np.cumsum(pairs.capacity) - pairs.capacity
    seats = int(pairs.capacity.sum())
    times = pairs.capacity[pairs.mentor]
    pair = np.repeat(np.arange(len(pairs.mentee), dtype=np.int32), times)
    start = first[pairs.mentor] - (
        np.cumsum(times) - times
    )  # of a pair's seats, less those of the pairs before
    columns = (np.arange(len(pair)) + start[pair]).astype(np.int32)
    alone = np.arange(pairs.mentees)
    most = int(pairs.worth.max())
    cost = np.concatenate(
        [(most + 1 - pairs.worth)[pair], np.full(pairs.mentees, most + 1 + premium(pairs))], dtype=np.float64
    )
    rows = np.concatenate([pairs.mentee[pair], alone], dtype=np.int32)
    columns = np.concatenate([columns, seats + alone], dtype=np.int32)
    del pair
    table = csr_array((cost, (rows, columns)), shape=(pairs.mentees, seats + pairs.mentees))
    del cost, rows, columns
    _, taken = min_weight_full_bipartite_matching(table)
    of = np.concatenate(
        [np.repeat(np.arange(len(pairs.capacity)), pairs.capacity), np.full(pairs.mentees, NOBODY)]
    )
    return np.flatnonzero(of[taken][pairs.mentee] == pairs.mentor)


def prices(pairs: Pairs, of: Ints) -> Ints:
    """The least prices of places that support an assignment; finding them proves that it is the best.

    A pair is worth ``premium`` + *worth* here, and a mentee's profit is what their own pair is worth less its
    price (0 for who is alone). No pair of the list is worth more than its price and profit together, and a
    place that nobody took is free: so no other assignment is worth more (duality of linear programs). Raises
    `NotOptimal`.
    """
    extra, mentors = premium(pairs), len(pairs.capacity)
    worth = pairs.worth + extra
    at = of[pairs.mentee]
    own = np.zeros(pairs.mentees, np.int64)
    chosen = at == pairs.mentor
    own[pairs.mentee[chosen]] = worth[chosen]
    most = np.full(mentors, np.iinfo(np.int64).max)  # a dearer place would be better left by one who has it
    np.minimum.at(most, pairs.mentor[chosen], worth[chosen])
    most[np.bincount(of[of != NOBODY], minlength=mentors) < pairs.capacity] = 0

    price = np.zeros(mentors, np.int64)
    alone = at == NOBODY
    np.maximum.at(price, pairs.mentor[alone], worth[alone])
    moves = np.flatnonzero(~alone & ~chosen)
    moves = moves[np.argsort(at[moves], kind="stable")]
    source, target = at[moves], pairs.mentor[moves]
    gain = worth[moves] - own[pairs.mentee[moves]]
    first = np.searchsorted(source, np.arange(mentors + 1))
    changed = np.arange(mentors)
    for _ in range(mentors + 1):
        edges = _ragged(first, changed)
        offer = price[source[edges]] + gain[edges]
        dearer = offer > price[target[edges]]
        edges, offer = edges[dearer], offer[dearer]
        if not len(edges):
            break
        np.maximum.at(price, target[edges], offer)
        if (price > most).any():
            break
        changed = np.unique(target[edges])
    else:
        raise NotOptimal("Somebody could change places, and all together would gain.")
    if (price > most).any():
        raise NotOptimal("Somebody without a place, or a free place, would serve better.")
    return price


def spread(pairs: Pairs, of: Ints, price: Ints, idle: NDArray[np.bool_]) -> Ints:
    """An assignment of the same worth in which as many *idle* mentors as possible get a mentee.

    Every assignment of this worth uses pairs without loss at these *prices* only, and leaves no priced place
    free. So each idle mentor left over looks for a chain of such pairs to somebody who can spare a mentee.
    """
    of, counts = of.copy(), np.bincount(of[of != NOBODY], minlength=len(price))
    worth = pairs.worth + premium(pairs)
    profit = profits(pairs, of, price)
    even = np.flatnonzero(worth == price[pairs.mentor] + profit[pairs.mentee])
    even = even[np.argsort(pairs.mentor[even], kind="stable")]
    first = np.searchsorted(pairs.mentor[even], np.arange(len(price) + 1))
    seen: set[int] = set()
    for start in np.flatnonzero(idle & (counts == 0) & (pairs.capacity > 0)).tolist():
        chain: dict[int, tuple[int, int]] = {}  # mentor -> the mentee they would lose, and to whom
        queue, end = [start], None
        seen.add(start)
        for mentor in queue:
            for mentee in pairs.mentee[even[first[mentor] : first[mentor + 1]]].tolist():
                loser = int(of[mentee])
                if loser in seen:
                    continue
                chain[loser] = (mentee, mentor)
                if loser == NOBODY or (price[loser] == 0 and (not idle[loser] or counts[loser] > 1)):
                    end = loser
                    break
                seen.add(loser)
                queue.append(loser)
            if end is not None:
                break
        if end is None:
            continue  # whom this search reached can spare nobody, now or later: they stay in *seen*
        seen -= {start, *queue}
        counts[start] += 1
        if end != NOBODY:
            counts[end] -= 1
        while end != start:
            mentee, end = chain[end]
            of[mentee] = end
    return of


def profits(pairs: Pairs, of: Ints, price: Ints) -> Ints:
    """What each mentee has of their own pair above its price; 0 for who is alone."""
    profit = np.zeros(pairs.mentees, np.int64)
    chosen = of[pairs.mentee] == pairs.mentor
    profit[pairs.mentee[chosen]] = (pairs.worth + premium(pairs))[chosen] - price[pairs.mentor[chosen]]
    return profit


def _ragged(first: Ints, rows: Ints) -> Ints:
    """The places from ``first[row]`` up to ``first[row + 1]``, of each row, one after the other."""
    start, length = first[rows], first[rows + 1] - first[rows]
    ends = np.cumsum(length)
    return np.asarray(np.arange(length.sum()) + np.repeat(start - ends + length, length))
