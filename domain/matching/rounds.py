"""One round: everyone in exactly one group, as cheap as can be found, with a bound on what could be better.

The method follows from the numbers: pairs of up to three hundred people are matched exactly, groups of up
to three hundred are annealed, more people are seated by column. Where everyone always comes and the owner
set no rules, a plan is followed that lasts longer than any search week by week.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from domain.matching import anneal, columns, pairs, plan
from domain.matching.chance import Chance
from domain.matching.costs import Bill, Costs, Groups, bill
from domain.matching.problem import Meetings, Round, Rule

ENGINE = 1  # kept with each round: another number may give other groups from the same seed
RUNS = 8  # drawn anew, where a run takes a hundredth of a second
SMALL = 300  # people up to whom a table of all pairs is searched as a whole

Effort = Literal["quick", "full"]


class Method(StrEnum):
    """How the groups were found."""

    DRAWN = "drawn"  # nothing to weigh: chance alone
    PLANNED = "planned"
    EXACT = "exact"
    SEARCHED = "searched"


@dataclass(frozen=True)
class Grouping:
    """The groups of a round, largest first, with what they cost and what no grouping could avoid.

    *out* sits out. *unavoidable* is a lower bound on repeats: with ``cost.repeats`` equal to it, the number
    of repeats is proven to be the least possible.
    """

    groups: Groups
    out: tuple[int, ...]
    cost: Bill
    unavoidable: int
    method: Method


def group(found: Round, *, effort: Effort = "full") -> Grouping:
    """Groups of the sizes that *found* asks for."""
    planned = _by_plan(found)
    if planned:
        return _priced(found, planned, Method.PLANNED)
    if found.free or len(found.sizes) < 2:
        return _priced(found, _drawn(found), Method.DRAWN)
    costs = Costs(found)
    if set(found.sizes) == {2} and found.people <= pairs.EXACT:
        return _priced(found, pairs.search(found, costs), Method.EXACT)
    if found.people <= SMALL:
        return _priced(found, _searched(found, costs, effort), Method.SEARCHED)
    return _priced(found, columns.search(found, costs), Method.SEARCHED)


def _searched(found: Round, costs: Costs, effort: Effort) -> Groups:
    """The best of both searches for few people.

    Seating by column keeps rules best; annealing finds the last fresh groupings, and where no rule decides,
    those that leave most for later rounds.
    """
    best = min((columns.search(found, costs, run=run) for run in range(RUNS)), key=_key_of(found))
    cost = bill(found, best)
    if found.rules and not cost.apart and cost.repeats <= forced(found.meetings, found):
        return best
    runs = 1 if effort == "quick" else anneal.RESTARTS
    annealed = anneal.search(found, costs, effort=runs)
    if found.rules:
        return min(best, columns.search(found, costs, start=annealed), key=_key_of(found))
    return min(annealed, best, key=_key_of(found))


def _key_of(found: Round) -> Callable[[Groups], tuple[int, ...]]:
    return lambda groups: bill(found, groups).key


def group_all_but_one(found: Round, may: Sequence[int]) -> Grouping:
    """Pairs of an odd number of people, of whom one of *may* sits out: whoever leaves the others the best.

    ``found.sizes`` are the pairs; an empty chair is added that only those who may sit out can take.
    """
    chair = found.people
    if found.free or chair >= pairs.EXACT:
        out = may[int(Chance(found.seed).order(len(may))[0])]
        return without(found, (out,))
    others = np.setdiff1d(np.arange(chair), np.array(may))
    kept_off = np.column_stack([others, np.full(len(others), chair)])
    with_chair = Round(
        chair + 1,
        (*found.sizes, 2),
        found.meetings,
        np.concatenate([np.asarray(found.never, dtype=np.int64).reshape(-1, 2), kept_off]),
        tuple(Rule(np.append(rule.values, -1), rule.clash, rule.hard) for rule in found.rules),
        found.seed,
    )
    groups = pairs.search(with_chair, Costs(with_chair))
    (out,) = (one for pair in groups if chair in pair for one in pair if one != chair)
    kept = [pair for pair in groups if chair not in pair]
    cost = bill(found, kept)
    return Grouping(kept, (out,), cost, cost.repeats, Method.EXACT)


def without(found: Round, out: tuple[int, ...], *, effort: Effort = "full") -> Grouping:
    """Groups of all but those who sit *out*; people keep their numbers."""
    kept = np.setdiff1d(np.arange(found.people), np.array(out, dtype=np.int64))
    number = np.full(found.people, -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    never = number[np.asarray(found.never, dtype=np.int64).reshape(-1, 2)]
    less = Round(
        len(kept),
        found.sizes,
        found.meetings.among(kept, found.people),
        never[(never >= 0).all(axis=1)],
        tuple(rule.among(kept) for rule in found.rules),
        found.seed,
        found.roster_seed,
    )
    made = group(less, effort=effort)
    back = kept.tolist()
    groups = [[back[one] for one in people] for people in made.groups]
    return Grouping(groups, tuple(sorted(out)), made.cost, made.unavoidable, made.method)


def _drawn(found: Round) -> Groups:
    order = Chance(found.seed).order(found.people).tolist()
    ends = np.cumsum(found.sizes).tolist()
    return [sorted(order[end - size : end]) for end, size in zip(ends, found.sizes, strict=True)]


def _by_plan(found: Round) -> Groups:
    """A week of the plan for just these people in which all is fresh; [] if there is none.

    Pairs keep to the plan only while their history does: otherwise weeks that look fresh would use up what
    the look ahead of an exact search can still arrange.
    """
    if found.roster_seed is None or found.rules or len(found.never) or len(set(found.sizes)) != 1:
        return []
    weeks = plan.weeks(found.people, found.sizes[0], seed=found.roster_seed)
    if not weeks:
        return []
    met = set(map(frozenset, zip(found.meetings.first.tolist(), found.meetings.second.tolist(), strict=True)))
    again = [sum(pair in met for pair in plan.pairs(week)) for week in weeks]
    if found.sizes[0] == 2 and any(0 < count < len(found.sizes) for count in again):
        return []
    fresh = (week for week, count in zip(weeks, again, strict=True) if not count)
    return [sorted(people) for people in next(fresh, ())]


def _priced(found: Round, groups: Groups, method: Method) -> Grouping:
    cost = bill(found, groups)
    sure = cost.repeats if method is Method.EXACT and not cost.apart else forced(found.meetings, found)
    return Grouping(groups, (), cost, min(sure, cost.repeats), method)


def forced(met: Meetings, found: Round) -> int:
    """Repeats that no grouping avoids: whoever has met too many of those present to fill a group afresh."""
    if len(found.sizes) < 2:
        return len(met.first)
    known = np.bincount(np.concatenate([met.first, met.second]), minlength=found.people)
    short = known - (found.people - min(found.sizes))
    return int(-(-short[short > 0].sum() // 2))


NOTHING = group(Round(0, ()))
