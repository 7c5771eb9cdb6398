"""Our engine as one more arm of the matching benches, called as the product calls it."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import combinations
from random import Random

import numpy as np
import scipy.optimize  # noqa: F401 - the engine imports it with the first large round, which is not its time

from bot.lab.match_instances import WISHES, Instance, Numbers
from bot.lab.match_past import Outcome, Past, Rule, outcome
from domain import coffee
from domain.matching import rounds
from domain.matching.ids import Past as Known
from domain.matching.problem import Round, differ, same, together


def arms(size: int) -> Mapping[str, Rule]:
    """Our rules for what remains: week by week, and with the plan that full attendance allows."""
    search = {"ours": partial(_ours, size=size, leftover="sit_out" if size == 2 else "larger", planned=False)}
    plan = {"ours, planned": partial(_ours, size=size, leftover="larger", planned=True)}
    trio = {"ours, one larger": partial(_ours, size=size, leftover="larger", planned=False)}
    return search | (trio if size == 2 else plan)


def _ours(
    present: Sequence[int], past: Past, rng: Random, *, size: int, leftover: str, planned: bool
) -> Outcome:
    name = {person: f"U{person:06}" for person in present}
    met = {
        frozenset((name[one], name[other])): past.now - past.last(one, other)
        for one, other in combinations(present, 2)
        if past.met(one, other)
    }
    rules = coffee.Rules(
        size,
        leftover,
        Known.of(met),
        sat_out={name[person]: past.left[person][-1] for person in present if past.left[person]},
        roster_seed=1 if planned else None,
    )
    groups, _, _ = coffee.grouped(sorted(name.values()), rules, rng.getrandbits(60))
    return outcome(present, [[int(who[1:]) for who in group] for group in groups])


def solve(given: Instance, rng: Random) -> Numbers:
    """Group numbers of a single round, from its memberships to the groups."""
    people, past = given.people, len(given.past)
    groups = (given.past + np.arange(past)[:, None] * people).astype(np.int64)
    ago = np.repeat(np.arange(past, 0, -1, dtype=np.int32), people)
    met = together(groups.ravel(), np.tile(np.arange(people, dtype=np.int32), past), ago)
    rules = tuple(
        (same if wish.same else differ)(values.astype(np.int64))
        for wish, values in zip(WISHES, given.traits, strict=True)
    )
    sizes = tuple(coffee.sizes(people, given.size))
    found = rounds.group(Round(people, sizes, met, rules=rules, seed=rng.getrandbits(60)))
    numbers = np.empty(people, dtype=np.int32)
    for number, group in enumerate(found.groups):
        numbers[group] = number
    return numbers
