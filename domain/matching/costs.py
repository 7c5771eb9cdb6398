"""What it costs to put two people into one group. Whole numbers throughout, so that every machine agrees.

A pair that must be apart costs more than all repeats together, a repeat more than all soft rules together,
a recent repeat more than an old one, and a rule twice as much as the next in the owner's order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.problem import OLDEST, UNKNOWN, Floats, Ints, Round

STRICT = 1024  # pairs over which the order above is strict; doubles hold the sums of twice as many exactly
APART = 128  # added to the code of a pair that must be apart; above OLDEST, and a byte holds both
Groups = list[list[int]]


@dataclass(frozen=True)
class Bill:
    """What a grouping costs: pairs that should be *apart*, *repeats*, their *age*, *soft* points.

    *age* adds up, for each repeat, by how many rounds less than OLDEST ago it was. Compares in this order.
    """

    apart: int
    repeats: int
    age: int
    soft: int

    @property
    def key(self) -> tuple[int, int, int, int]:
        """To compare two bills: the smaller is the better."""
        return (self.apart, self.repeats, self.age, self.soft)


class Costs:
    """The costs of a round, as a sparse part (history and wishes) and a part by values (rules).

    ``starts``, ``others`` and ``codes`` hold for each person the people they have a history with or must
    avoid (n+1, m and m entries), and ``prices[code]`` what that costs. ``has[p] @ wants[q]`` is what soft
    rules charge for p beside q, ``has[p] @ bars[q]`` how many hard rules the two break (n+1 rows: the last
    is an empty seat).
    """

    def __init__(self, found: Round) -> None:
        self.people = found.people
        pairs = min(max(found.pairs, 1), STRICT)
        soft = [rule for rule in found.rules if not rule.hard]
        self.worth = [1 << (len(soft) - 1 - rank) for rank in range(len(soft))]
        self.repeat = (sum(self.worth) * pairs + 1) * OLDEST * pairs
        self.older = sum(self.worth) * pairs + 1  # by a round
        self.apart = (self.repeat + self.older * OLDEST) * (pairs + 1)
        self.has, self.wants, self.bars = self._by_value(found)
        self.starts, self.others, self.codes = self._sparse(found)
        self.prices = self._priced()

    def _priced(self) -> Floats:
        """Prices by code: how many rounds ago two met, 0 for never, plus APART if they must be apart."""
        code = np.arange(2 * APART)
        ago = code % APART
        again = np.where(ago > 0, self.repeat + self.older * (OLDEST - np.clip(ago, 1, OLDEST)), 0)
        return (again + np.where(code >= APART, self.apart, 0)).astype(np.float64)

    def _by_value(
        self, found: Round
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32] | None]:
        has, wants, bars = [], [], []
        worth = iter(self.worth)
        for rule in found.rules:
            known = np.append(rule.values, UNKNOWN)
            shape = (found.people + 1, len(rule.clash))
            one_hot = np.zeros(shape, dtype=np.float32)
            there = np.flatnonzero(known != UNKNOWN)
            one_hot[there, known[there]] = 1
            clashing = np.zeros(shape, dtype=np.float32)
            clashing[there] = rule.clash[known[there]]
            has.append(one_hot)
            wants.append(np.zeros(shape, np.float32) if rule.hard else clashing * np.float32(next(worth)))
            bars.append(clashing if rule.hard else np.zeros(shape, np.float32))
        if not has:
            nothing = np.zeros((found.people + 1, 0), dtype=np.float32)
            return nothing, nothing, None
        hard = any(rule.hard for rule in found.rules)
        return np.hstack(has), np.hstack(wants), np.hstack(bars) if hard else None

    def _sparse(self, found: Round) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]:
        from scipy.sparse import coo_array

        met, never = found.meetings, _once(found.never)
        one = np.concatenate([met.first, met.second, never[:, 0], never[:, 1]])
        other = np.concatenate([met.second, met.first, never[:, 1], never[:, 0]])
        ago = met.ago.astype(np.uint8)
        code = np.concatenate([ago, ago, np.full(2 * len(never), APART, dtype=np.uint8)])
        table = coo_array((code, (one, other)), shape=(self.people, self.people)).tocsr()  # adds both codes
        return table.indptr, table.indices, table.data

    def beside(self, people: Ints) -> tuple[Ints, Ints]:
        """The entries of the sparse part that belong to *people*: row numbers into *people*, and entries."""
        counts = self.starts[people + 1] - self.starts[people]
        rows = np.repeat(np.arange(len(people)), counts)
        before = np.cumsum(counts) - counts
        return rows, np.repeat(self.starts[people] - before, counts) + np.arange(counts.sum())

    def price(self, entries: Ints) -> Floats:
        """What entries of the sparse part cost."""
        return self.prices[self.codes[entries]]

    def dense(self) -> Ints:
        """The whole table, n x n, for a few thousand people at most; nothing on the diagonal."""
        has, wants = self.has[:-1], self.wants[:-1]
        table = np.rint(has @ wants.T).astype(np.int64)
        if self.bars is not None:
            table += self.apart * np.rint(has @ self.bars[:-1].T).astype(np.int64)
        rows, entries = self.beside(np.arange(self.people))
        np.add.at(table, (rows, self.others[entries]), self.price(entries).astype(np.int64))
        np.fill_diagonal(table, 0)
        return np.asarray(table)


def bill(found: Round, groups: Groups) -> Bill:
    """What a grouping costs, counted from the round itself."""
    group_of = np.full(found.people, -1, dtype=np.int64)
    for number, group in enumerate(groups):
        group_of[group] = number
    met = found.meetings
    again = (group_of[met.first] == group_of[met.second]) & (group_of[met.first] >= 0)
    never = _once(found.never)
    apart = (group_of[never[:, 0]] == group_of[never[:, 1]]) & (group_of[never[:, 0]] >= 0)
    broken = [breaks(rule.values, rule.clash, groups) for rule in found.rules]
    hard = sum(count for rule, count in zip(found.rules, broken, strict=True) if rule.hard)
    soft = [count for rule, count in zip(found.rules, broken, strict=True) if not rule.hard]
    return Bill(
        apart=int(apart.sum()) + hard,
        repeats=int(again.sum()),
        age=int((OLDEST - met.ago[again]).sum()),
        soft=sum(count << (len(soft) - 1 - rank) for rank, count in enumerate(soft)),
    )


def breaks(values: Ints, clash: NDArray[np.bool_], groups: Groups) -> int:
    """How many pairs break a rule."""
    padded = np.append(values, UNKNOWN)
    count = 0
    for size in {len(group) for group in groups}:
        seats = padded[np.array([group for group in groups if len(group) == size])]
        for i in range(size):
            for j in range(i):
                known = (seats[:, i] != UNKNOWN) & (seats[:, j] != UNKNOWN)
                count += int(clash[seats[known, i], seats[known, j]].sum())
    return count


def _once(never: Ints) -> NDArray[np.int32]:
    """Each pair once, whichever of the two wished it."""
    pairs = np.sort(np.asarray(never, dtype=np.int32).reshape(-1, 2), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
