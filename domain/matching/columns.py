"""Groups for many people: take one person out of each group, seat all of them anew at the least cost, repeat.

Seating m people who each leave one free seat is a linear assignment problem, solved exactly
(`scipy.optimize.linear_sum_assignment`), so each step is the best of m! ways. Groups are drawn into blocks
of BLOCK anew in each sweep: a step costs no more for a hundred thousand people than for a thousand.
"""

import numpy as np

from domain.matching.chance import Chance
from domain.matching.costs import Costs, Groups
from domain.matching.problem import Floats, Ints, Round

BLOCK = 500  # groups; assignments of this size take about a millisecond
SWEEPS = 12  # at most, where there are many blocks
SWEEPS_OF_ONE = 40  # at most, where all groups fit into one block
PATIENT = 4  # so many sweeps without any gain end the work
MENDING = 30  # more steps for groups that still cost more than soft rules do


class Table:
    """Groups as a table of seats: row g holds group g's people, then -1 for seats that it does not have."""

    def __init__(self, found: Round, costs: Costs, chance: Chance, start: Groups | None = None) -> None:
        self.costs, self.chance = costs, chance
        self.sizes = np.array(found.sizes, dtype=np.int64)
        self.seats = np.full((len(self.sizes), int(self.sizes.max())), -1, dtype=np.int64)
        order = [who for group in start for who in group] if start else chance.order(found.people)
        self.seats[np.arange(self.seats.shape[1]) < self.sizes[:, None]] = order
        self.group_of = np.zeros(found.people + 1, dtype=np.int64)
        self._refresh()
        self._place = np.full(len(self.sizes), -1, dtype=np.int64)  # of a group in the block at hand
        self._moving = np.zeros(found.people + 1, dtype=bool)

    def _refresh(self) -> None:
        group, seat = np.nonzero(self.seats >= 0)
        self.group_of[self.seats[group, seat]] = group

    def step(self, block: Ints, leave: Ints) -> float:
        """Seat anew those who sit on seat *leave[i]* of group *block[i]*; what that saves."""
        movers = self.seats[block, leave]
        cost = self._costs(block, movers)
        at = np.arange(len(block))
        to = _assigned(cost)
        before, after = float(cost[at, at].sum()), float(cost[at, to].sum())
        if after < before:
            self.seats[block[to], leave[to]] = movers
            self.group_of[movers] = block[to]
        return max(0.0, before - after)

    def _costs(self, block: Ints, movers: Ints) -> Floats:
        """What each mover costs in each group of the block, beside those who stay there."""
        costs = self.costs
        stay = self.seats[block]
        wants = costs.wants[stay].sum(axis=1) - costs.wants[movers]
        table = (costs.has[movers] @ wants.T).astype(np.float64)
        if costs.bars is not None:
            bars = costs.bars[stay].sum(axis=1) - costs.bars[movers]
            table += costs.apart * (costs.has[movers] @ bars.T).astype(np.float64)
        self._place[block] = np.arange(len(block))
        self._moving[movers] = True
        rows, entries = costs.beside(movers)
        others = costs.others[entries]
        place = self._place[self.group_of[others]]
        known = (place >= 0) & ~self._moving[others]
        np.add.at(table, (rows[known], place[known]), costs.price(entries[known]))
        self._place[block] = -1
        self._moving[movers] = False
        return np.asarray(table)

    def sweep(self, size: int) -> float:
        """One step for each seat of each group, in blocks of *size* drawn anew; what it saved."""
        order = self.chance.order(len(self.seats))
        parts = np.array_split(order, max(1, round(len(order) / size)))
        return sum(self.turn(np.sort(part)) for part in parts)

    def turn(self, block: Ints) -> float:
        """One step for each seat of the block's groups, in an order drawn for each group."""
        empty = np.arange(self.seats.shape[1]) >= self.sizes[block][:, None]
        turns = np.argsort(
            self.chance.draws(*empty.shape) | (empty.astype(np.int64) << 62), axis=1, kind="stable"
        )
        saved = 0.0
        for number in range(self.seats.shape[1]):
            there = self.sizes[block] > number
            if there.sum() > 1:
                saved += self.step(block[there], turns[there, number])
        return saved

    def costly(self) -> Ints:
        """The groups in which people meet again, or should not be together."""
        costs = self.costs
        rows, entries = costs.beside(np.arange(costs.people))
        group = self.group_of[rows]
        return np.unique(group[group == self.group_of[costs.others[entries]]])

    def groups(self) -> Groups:
        """The groups, each in the order of its people."""
        rows = zip(self.seats.tolist(), self.sizes.tolist(), strict=True)
        return [sorted(row[:size]) for row, size in rows]


def _assigned(cost: Floats) -> Ints:
    """For each row the column it gets, at the least cost in all."""
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(cost)[1])


def search(found: Round, costs: Costs, *, run: int = 0, start: Groups | None = None) -> Groups:
    """Good groups for any number of people: another *run* draws anew, or mends a grouping to *start* from.

    The groups of *start* have the sizes that *found* asks for, in that order.
    """
    table = Table(found, costs, Chance(found.seed + run), start)
    if found.free or len(found.sizes) < 2:
        return table.groups()
    _settle(table)
    _mend(table)
    return table.groups()


def _settle(table: Table) -> None:
    whole = len(table.seats) <= BLOCK * 3 // 2
    idle = 0
    for _ in range(SWEEPS_OF_ONE if whole else SWEEPS):
        idle = 0 if table.sweep(BLOCK) else idle + 1
        if idle == PATIENT:
            return


def _mend(table: Table) -> None:
    """Look once more at groups that repeat, each time beside other groups."""
    for _ in range(MENDING):
        costly = table.costly()
        if not len(costly):
            return
        others = table.chance.order(len(table.seats))
        others = others[~np.isin(others, costly)]
        table.turn(np.sort(np.concatenate([costly[:BLOCK], others[:BLOCK]])))
