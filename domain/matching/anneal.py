"""Groups for up to some three hundred people: annealing with restarts, then the best single swaps.

Where history leaves few ways, this finds more fresh groupings than assignments by column do. Among fresh
groupings it prefers pairs who have few other partners in common that neither has met: that keeps what is
still unmet in large pieces, so that later rounds stay fresh longer (32 people in fours: 7 fresh rounds
against 6.3, 40: 9 against 8.3, over 5 seeds each).
"""

from random import Random

import numpy as np
from numpy.typing import NDArray

from domain.matching.chance import PATIENCE, STEPS, dice, order
from domain.matching.costs import Costs, Groups, bill
from domain.matching.problem import OLDEST, Ints, Round

MOVES = 250_000  # tried swaps of one run, about a quarter of a second
MOVES_EACH = 5_000  # fewer for few people
RESTARTS = 5  # at most
SURE = 2  # runs of which the one with the better outlook is taken, even where the first repeats nothing
WARM, COLD = 1.0, 0.25  # first and last temperature, as shares of what a repeat costs
REPEAT = 1_000  # what a repeat costs while annealing; apart, age, rules and outlook are fractions of it
LIGHT = 300  # all soft rules of a pair together, and at most the outlook of a pair

Table = list[list[int]]


def search(found: Round, costs: Costs, *, effort: int = RESTARTS) -> Groups:
    """Good groups for up to some three hundred people. *effort* says how often it may start anew."""
    exact = costs.dense()
    warm = _softened(found, costs, exact)
    rng = dice(found.seed, "anneal")
    best: Groups = []
    best_key: tuple[int, ...] = ()
    for run in range(effort):
        groups = _settled(_one_run(warm, found.sizes, rng), exact)
        outlook = sum(warm[p][q] for group in groups for p in group for q in group)
        key = (*bill(found, groups).key, outlook)
        if not best or key < best_key:
            best, best_key = groups, key
        if run + 1 >= SURE and not any(best_key[:2]):
            break
    return best


def _softened(found: Round, costs: Costs, exact: Ints) -> Table:
    """The costs in one scale on which annealing can move: whole numbers, REPEAT for a repeat."""
    apart = exact // costs.apart
    repeats = exact % costs.apart // costs.repeat
    age = exact % costs.apart % costs.repeat // costs.older
    soft = exact % costs.apart % costs.repeat % costs.older
    most = sum(costs.worth)
    table = apart * 6 * REPEAT + repeats * REPEAT + age * REPEAT // (2 * OLDEST)
    if most:
        table += soft * LIGHT // most
    if min(found.sizes) > 2:  # among pairs it would cost more than it brings
        table += _outlook(repeats + apart) * (LIGHT // 10 if most else LIGHT) // 1000
    np.fill_diagonal(table, 0)
    return table.tolist()  # type: ignore[no-any-return]


def _outlook(met: Ints) -> Ints:
    """For each unmet pair, how much of what both could still meet is in common: 0 to 1000."""
    unmet = (met == 0).astype(np.int64)
    np.fill_diagonal(unmet, 0)
    if unmet.sum() == unmet.size - len(unmet):
        return np.zeros_like(unmet)
    common = unmet @ unmet
    return np.asarray(common * unmet * 1000 // max(1, int(common.max())))


def _one_run(table: Table, sizes: tuple[int, ...], rng: Random) -> Groups:
    """Swaps at a falling temperature, from a drawn grouping; the cheapest grouping that was seen."""
    free = order(rng, len(table))
    groups: Groups = []
    for size in sizes:
        groups.append(free[len(free) - size :])
        del free[len(free) - size :]
    if len(groups) > 1:
        _swaps(table, groups, rng)
    return groups


def _swaps(table: Table, groups: Groups, rng: Random) -> None:
    seats = [(group, at) for group in groups for at in range(len(group))]
    draw, people = rng.random, len(table)
    cost = sum(table[p][q] for group in groups for p in group for q in group) // 2
    best, kept = cost, [group[:] for group in groups]
    moves = min(MOVES, MOVES_EACH * people)
    heat = WARM * REPEAT
    cooling = (WARM - COLD) * REPEAT / moves
    for _ in range(moves):
        heat -= cooling
        here, i = seats[int(draw() * people)]
        there, j = seats[int(draw() * people)]
        if here is there:
            continue
        p, q = here[i], there[j]
        of_p, of_q = table[p], table[q]
        change = -2 * of_p[q]
        for who in there:
            change += of_p[who] - of_q[who]
        for who in here:
            change += of_q[who] - of_p[who]
        if change <= 0 or change < heat * PATIENCE[int(draw() * STEPS)]:
            here[i], there[j] = q, p
            cost += change
            if cost < best:
                best, kept = cost, [group[:] for group in groups]
    groups[:] = kept


def _settled(groups: Groups, exact: Ints) -> Groups:
    """The grouping after the best single swap, again and again, until none saves anything."""
    while True:
        seated = np.array([who for group in groups for who in group])
        label = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        saves, p, q = _best_swap(exact[np.ix_(seated, seated)], label)
        if saves <= 0:
            return [sorted(group) for group in groups]
        seated[[p, q]] = seated[[q, p]]
        parts = np.split(seated, np.flatnonzero(np.diff(label)) + 1)
        groups = [part.tolist() for part in parts]


def _best_swap(table: Ints, label: NDArray[np.int64]) -> tuple[int, int, int]:
    """The swap of two people that saves most: what it saves, and both positions."""
    member = (label[:, None] == np.arange(label[-1] + 1)).astype(np.int64)
    beside = table @ member  # (people, groups): what each costs in each group
    own = beside[np.arange(len(label)), label]
    gets = beside[:, label]  # what row costs in the group of column
    change = gets + gets.T - own[:, None] - own[None, :] - 2 * table
    change[label[:, None] == label[None, :]] = 0
    at = int(change.argmin())
    return -int(change.flat[at]), at // len(label), at % len(label)
