"""Pairs: the cheapest perfect matching, exactly, and among equals one that leaves later rounds possible.

By the blossom algorithm (`rustworkx.max_weight_matching`), which takes 0.3 s for EXACT people.
"""

from random import Random

import numpy as np
import rustworkx

from domain.matching.chance import dice, order
from domain.matching.costs import Costs, Groups
from domain.matching.problem import Bools, Ints, Round

EXACT = 300  # people
WORK = 1_000_000  # edges to look at, in all, when rounds to come are tried out
TRIES = 40  # at most

Pairing = list[tuple[int, int]]


def search(found: Round, costs: Costs) -> Groups:
    """The cheapest pairs of an even number of people, EXACT at most."""
    rng = dice(found.seed, "pairs")
    place = np.array(order(rng, found.people))
    table = costs.dense()[np.ix_(place, place)]  # shuffled: chance decides among equals
    pairs = cheapest(table)
    unmet = table < costs.repeat
    np.fill_diagonal(unmet, False)
    if _runs_out(unmet) and all(unmet[pair] for pair in pairs):
        pairs = _leaving_most(table, unmet, pairs, rng)
    return [sorted((int(place[a]), int(place[b]))) for a, b in pairs]


def cheapest(table: Ints) -> Pairing:
    """The cheapest perfect matching of an even number of people, by an n x n table of costs."""
    one, other = np.triu_indices(len(table), 1)
    cost = table[one, other]
    return _matching(len(table), one, other, cost.max(initial=0) - cost)


def _matching(people: int, one: Ints, other: Ints, worth: Ints) -> Pairing:
    """As many pairs as these edges allow, and of those the worthiest."""
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(people))
    graph.add_edges_from(list(zip(one.tolist(), other.tolist(), worth.tolist(), strict=True)))
    found = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return sorted((min(pair), max(pair)) for pair in found)


def _runs_out(unmet: Bools) -> bool:
    """Whether everyone has equally many left to meet, and so few that a careless round may be the last.

    With half of all others or more left, what remains can always be split into rounds (Csaba, Kühn, Lo,
    Osthus and Treglown 2016, for large numbers of people; small ones are tried in the tests).
    """
    left = unmet.sum(axis=1)
    return bool(len(left) > 4 and 1 < left[0] <= len(left) // 2 + 1 and (left == left[0]).all())


def _leaving_most(table: Ints, unmet: Bools, pairs: Pairing, rng: Random) -> Pairing:
    """A cheapest pairing after which everyone can meet somebody new in each round to the end.

    Rounds to come are drawn one after the other; the first pairing for which that comes to the end is
    taken, or else *pairs*. Edges are drawn apart by less than any difference in cost.
    """
    rounds = int(unmet[0].sum())
    fresh = np.where(unmet, table, int(table[unmet].max()) * len(table) + 1)
    tries = max(2, min(TRIES, WORK // int(unmet.sum() * rounds)))
    for _ in range(tries):
        ahead = unmet.copy()
        ahead[tuple(zip(*pairs, strict=True))] = False
        ahead &= ahead.T
        if _fills(ahead, rounds - 1, rng):
            return pairs
        drawn = _drawn(len(table), rng)
        pairs = cheapest(fresh * (len(table) << 20) + drawn)
    return pairs


def _drawn(people: int, rng: Random) -> Ints:
    draws = np.array([int(rng.random() * (1 << 20)) for _ in range(people * people)], dtype=np.int64)
    return np.triu(draws.reshape(people, people), 1) + np.triu(draws.reshape(people, people), 1).T


def _fills(ahead: Bools, rounds: int, rng: Random) -> bool:
    """Whether so many rounds without a repeat were found, one after the other."""
    people = len(ahead)
    for _ in range(rounds):
        one, other = np.nonzero(np.triu(ahead))
        worth = np.array([int(rng.random() * 1024) for _ in range(len(one))], dtype=np.int64)
        pairs = _matching(people, one, other, worth)
        if len(pairs) * 2 < people:
            return False
        ahead[tuple(zip(*pairs, strict=True))] = False
        ahead &= ahead.T
    return True
