"""Plain ways to match one round, to compare an engine with: a pair costs its wishes, a repeat far more."""

from importlib import import_module
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.lab.match_instances import WISHES, Instance, Numbers
from bot.lab.match_past import cut, sizes

REPEAT = 1000  # what a pair costs who met before: more than the wishes of a whole group
RETRIES = 20
SWEEPS = 10

Groups = list[list[int]]


def at_random(given: Instance, rng: Random) -> Numbers:
    """A random order, cut into groups."""
    order = list(range(given.people))
    rng.shuffle(order)
    return _numbers(given, [list(group) for group in cut(order, given.size)])


def greedy(given: Instance, rng: Random) -> Numbers:
    """Each seat goes to the first of up to twenty random free people who met nobody of the group."""
    return _numbers(given, _greedy_groups(given, _people_first(given), rng))


def swaps(given: Instance, rng: Random) -> Numbers:
    """Start greedily; then each person is offered a random swap, ten times over, taken if it is cheaper."""
    past = _people_first(given)
    state = _Swaps(given, past, _greedy_groups(given, past, rng))
    order = list(range(given.people))
    for _ in range(SWEEPS):
        rng.shuffle(order)
        for one in order:
            state.offer(one, rng.randrange(given.people))
    return _numbers(given, state.groups)


def blossom(given: Instance, rng: Random) -> Numbers:
    """The cheapest pairs, exactly, by rustworkx. For an even number of people."""
    import rustworkx as rx

    cost = pair_costs(given)
    graph: rx.PyGraph[int, int] = rx.PyGraph()
    graph.add_nodes_from(range(given.people))
    ones, others = np.triu_indices(given.people, 1)
    weights = -cost[ones, others]
    graph.add_edges_from(list(zip(ones.tolist(), others.tolist(), weights.tolist(), strict=True)))
    return _numbers(given, [list(pair) for pair in rx.max_weight_matching(graph, True, weight_fn=int)])


def blossom_networkx(given: Instance, rng: Random) -> Numbers:
    """The same by networkx."""
    nx: Any = import_module("networkx")  # heavy, and without types
    cost = pair_costs(given)
    graph = nx.Graph()
    edges = combinations(range(given.people), 2)
    graph.add_weighted_edges_from((one, other, -int(cost[one, other])) for one, other in edges)
    return _numbers(given, [list(pair) for pair in nx.max_weight_matching(graph, maxcardinality=True)])


def pair_costs(given: Instance) -> NDArray[np.int64]:
    """What each pair costs: people x people. For a few thousand people at most."""
    cost = np.zeros((given.people, given.people), np.int64)
    for wish, trait in zip(WISHES, given.traits, strict=True):
        alike = trait[:, None] == trait[None, :]
        cost += wish.weight * (~alike if wish.same else alike)
    met = np.zeros_like(cost, dtype=bool)
    for past in given.past:
        met |= past[:, None] == past[None, :]
    cost[met] += REPEAT
    return cost


def _numbers(given: Instance, groups: Groups) -> Numbers:
    numbers = np.full(given.people, -1, np.int32)
    for number, group in enumerate(groups):
        numbers[group] = number
    return numbers


def _people_first(given: Instance) -> Numbers:
    """People x rounds, so that what one person did lies together."""
    return np.ascontiguousarray(given.past.T)


def _greedy_groups(given: Instance, past: Numbers, rng: Random) -> Groups:
    free = list(range(given.people))
    rng.shuffle(free)
    groups: Groups = []
    for length in sizes(given.people, given.size):
        group = [free.pop()]
        while len(group) < length:
            for _ in range(RETRIES):
                drawn = rng.randrange(len(free))
                if not (past[group] == past[free[drawn]]).any():
                    break
            free[drawn], free[-1] = free[-1], free[drawn]
            group.append(free.pop())
        groups.append(group)
    return groups


class _Swaps:
    """Groups, and what a swap would change. History is asked only where the wishes alone are cheaper."""

    def __init__(self, given: Instance, past: Numbers, groups: Groups) -> None:
        self.past, self.groups = past, groups
        self.of = _numbers(given, groups).tolist()  # person: number of the group
        kinds, kind = np.unique(given.traits, axis=1, return_inverse=True)
        self.kind: list[int] = kind.ravel().tolist()
        self.cost = pair_costs(Instance(given.size, kinds, np.empty((0, kinds.shape[1]), np.int32))).tolist()
        self.dear = [0] * given.people  # what a person's repeats cost
        for group in groups:
            self._weigh(group)

    def offer(self, one: int, other: int) -> None:
        """Swap these two if that is cheaper."""
        first, second = self.groups[self.of[one]], self.groups[self.of[other]]
        if first is second:
            return
        new_first = [other if person == one else person for person in first]
        new_second = [one if person == other else person for person in second]
        now = self._soft(one, first) + self._soft(other, second) + self.dear[one] + self.dear[other]
        then = self._soft(other, new_first) + self._soft(one, new_second)
        if then >= now or then + self._repeats(other, new_first) + self._repeats(one, new_second) >= now:
            return
        self.groups[self.of[one]], self.groups[self.of[other]] = new_first, new_second
        self.of[one], self.of[other] = self.of[other], self.of[one]
        self._weigh(new_first)
        self._weigh(new_second)

    def _soft(self, person: int, group: list[int]) -> int:
        costs = self.cost[self.kind[person]]
        return sum([costs[self.kind[mate]] for mate in group if mate != person])

    def _repeats(self, person: int, group: list[int]) -> int:
        mates = [mate for mate in group if mate != person]
        return REPEAT * int((self.past[mates] == self.past[person]).any(axis=1).sum())

    def _weigh(self, group: list[int]) -> None:
        for person in group:
            self.dear[person] = self._repeats(person, group)
