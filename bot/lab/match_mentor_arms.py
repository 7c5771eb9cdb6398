"""Ways to assign mentees to mentors, to compare: the same pairs or lists in, a mentor for each out."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.matching.assignment import NOBODY, Pairs, Solver, assign, prices
from domain.matching.ranked import most, stable

Ints = NDArray[np.int64]


# --- On scored pairs ----------------------------------------------------------------------------------------


def ours_scipy(pairs: Pairs) -> Ints:
    """The engine on scipy, with the proof that nothing is better."""
    of = assign(pairs, Solver.SCIPY)
    prices(pairs, of)
    return of


def ours_ortools(pairs: Pairs) -> Ints:
    """The engine on ortools, with the proof that nothing is better."""
    of = assign(pairs, Solver.ORTOOLS)
    prices(pairs, of)
    return of


def greedy(pairs: Pairs) -> Ints:
    """The highest score first, wherever both are free."""
    order = np.argsort(-pairs.worth, kind="stable")
    return _taken(pairs, zip(pairs.mentee[order].tolist(), pairs.mentor[order].tolist(), strict=True))


def first_come(pairs: Pairs) -> Ints:
    """One mentee after the other, who takes the best-scored mentor with a place."""
    order = np.lexsort((-pairs.worth, pairs.mentee))
    return _taken(pairs, zip(pairs.mentee[order].tolist(), pairs.mentor[order].tolist(), strict=True))


def plain_ortools(pairs: Pairs) -> Ints:
    """SimpleMinCostFlow, as its documents show it."""
    flows = import_module("ortools.graph.python.min_cost_flow")
    flow, mentors, sink = flows.SimpleMinCostFlow(), len(pairs.capacity), pairs.mentees + len(pairs.capacity)
    ones = np.ones(len(pairs.mentee), np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        pairs.mentee, pairs.mentees + pairs.mentor, ones, -pairs.worth
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        pairs.mentees + np.arange(mentors),
        np.full(mentors, sink),
        pairs.capacity,
        np.zeros(mentors, np.int64),
    )
    flow.set_nodes_supplies(np.arange(pairs.mentees), np.ones(pairs.mentees, np.int64))
    flow.set_node_supply(sink, -pairs.mentees)
    flow.solve_max_flow_with_min_cost()
    chosen = flow.flows(arcs) > 0
    of = np.full(pairs.mentees, NOBODY)
    of[pairs.mentee[chosen]] = pairs.mentor[chosen]
    return of


def plain_scipy(pairs: Pairs) -> Ints:
    """linear_sum_assignment on all mentees x places, a pair off the list at a price above all."""
    from scipy.optimize import linear_sum_assignment

    first = np.cumsum(pairs.capacity) - pairs.capacity
    mentor_of = np.repeat(np.arange(len(pairs.capacity)), pairs.capacity)
    cost = np.zeros((pairs.mentees, len(mentor_of)))
    extra = float(pairs.worth.max()) * pairs.mentees + 1
    for place in range(int(pairs.capacity.max())):
        has = pairs.capacity[pairs.mentor] > place
        cost[pairs.mentee[has], (first[pairs.mentor] + place)[has]] = -extra - pairs.worth[has]
    rows, columns = linear_sum_assignment(cost)
    taken = cost[rows, columns] < 0
    of = np.full(pairs.mentees, NOBODY)
    of[rows[taken]] = mentor_of[columns[taken]]
    return of


def networkx_flow(pairs: Pairs) -> Ints:
    """networkx: max_flow_min_cost."""
    nx: Any = import_module("networkx")
    graph = nx.DiGraph()
    for mentee, mentor, worth in zip(
        *(a.tolist() for a in (pairs.mentee, pairs.mentor, pairs.worth)), strict=True
    ):
        graph.add_edge(("mentee", mentee), ("mentor", mentor), capacity=1, weight=-worth)
    graph.add_edges_from((("all", 0), ("mentee", mentee), {"capacity": 1}) for mentee in range(pairs.mentees))
    for mentor, capacity in enumerate(pairs.capacity.tolist()):
        graph.add_edge(("mentor", mentor), ("end", 0), capacity=capacity)
    flow = nx.max_flow_min_cost(graph, ("all", 0), ("end", 0))
    of = np.full(pairs.mentees, NOBODY)
    for mentee in range(pairs.mentees):
        for (_, mentor), units in flow.get(("mentee", mentee), {}).items():
            if units:
                of[mentee] = mentor
    return of


def _taken(pairs: Pairs, order: "zip[tuple[int, int]]") -> Ints:
    free = pairs.capacity.tolist()
    of = [NOBODY] * pairs.mentees
    for mentee, mentor in order:
        if of[mentee] == NOBODY and free[mentor]:
            of[mentee] = mentor
            free[mentor] -= 1
    return np.array(of)


# --- On ranked lists ----------------------------------------------------------------------------------------
# *choices* and *liking* are mentees x ranks; first come first served is the order of the rows


def ours_stable(choices: Ints, liking: Ints, capacity: Ints) -> Ints:
    """The engine: nobody would rather swap."""
    return stable(choices, capacity, liking=liking).of


def ours_most_scipy(choices: Ints, liking: Ints, capacity: Ints) -> Ints:
    """The engine on scipy: as many as possible."""
    return most(choices, capacity, solver=Solver.SCIPY).of


def ours_most_ortools(choices: Ints, liking: Ints, capacity: Ints) -> Ints:
    """The engine on ortools: as many as possible."""
    return most(choices, capacity, solver=Solver.ORTOOLS).of


def lists_first_come(choices: Ints, liking: Ints, capacity: Ints) -> Ints:
    """One mentee after the other, who takes the first mentor with a place."""
    free, of = capacity.tolist(), [NOBODY] * len(choices)
    for mentee, row in enumerate(choices.tolist()):
        for mentor in row:
            if mentor != NOBODY and free[mentor]:
                free[mentor] -= 1
                of[mentee] = mentor
                break
    return np.array(of)


def hospital_resident(choices: Ints, liking: Ints, capacity: Ints) -> Ints:
    """The library ``matching``: HospitalResident, every mentor ranking those who named them."""
    games: Any = import_module("matching.games")
    residents = {mentee: row for mentee, row in enumerate(choices.tolist())}
    hospitals: dict[int, list[int]] = {}
    for cell in np.argsort(-liking, axis=None, kind="stable").tolist():
        mentee, rank = divmod(cell, choices.shape[1])
        hospitals.setdefault(int(choices[mentee, rank]), []).append(mentee)
    places = {mentor: int(capacity[mentor]) for mentor in hospitals}
    game = games.HospitalResident.create_from_dictionaries(residents, hospitals, places)
    of = np.full(len(choices), NOBODY)
    for mentor, mentees in game.solve(optimal="resident").items():
        for mentee in mentees:
            of[mentee.name] = mentor.name
    return of
