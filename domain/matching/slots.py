"""Mentees who may have several mentors: one exact matching for each slot, and nobody twice together. Pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from domain.matching.candidates import Wishes
from domain.matching.fit import Fit
from domain.matching.mentors import Matching, match
from domain.matching.reasons import Matched, NoMentor, Unmatched, why


@dataclass
class Filled:
    """Matches in the order they were made, and why each mentee who has none has none."""

    matches: list[Matched] = field(default_factory=list)
    served: set[int] = field(default_factory=set)
    without: dict[int, Unmatched] = field(default_factory=dict)

    @property
    def pairs(self) -> set[tuple[int, int]]:
        """Who was given to whom."""
        return {(one.mentee, one.mentor) for one in self.matches}


@dataclass(frozen=True)
class Demand:
    """*places* of each mentor, *slots* of each mentee, *wishes*: (mentor, rank) of each mentee's list.

    *choices* is how many names a list may hold; *idle* are mentors who have nobody.
    """

    places: Sequence[int]
    slots: Sequence[int]
    wishes: Sequence[Sequence[tuple[int, int]]]
    choices: int
    idle: Collection[int]


def fill(fit: Fit, demand: Demand, *, seed: int, longest: int = 50, sweeps: int | None = None) -> Filled:
    """Match slot by slot: everybody's first one before anybody's second. Same input and seed, same answer.

    *longest* and *sweeps* are those of `match`. Whoever got nobody while a mentor beyond their list has a
    place is matched again.
    """
    filled, solve = Filled(), partial(match, seed=seed, longest=longest, sweeps=sweeps)
    for number in range(1, max(demand.slots, default=0) + 1):
        waiting = [mentee for mentee, slots in enumerate(demand.slots) if slots >= number]
        while waiting:
            missed = _round(fit, demand, waiting, filled, solve)
            if len(missed) == len(waiting):
                break
            waiting = missed
    return filled


def _round(
    fit: Fit, demand: Demand, waiting: Sequence[int], filled: Filled, solve: Callable[..., Matching]
) -> list[int]:
    """One matching of those *waiting*; who got nobody, though a mentor beyond their list has a place."""
    given = filled.pairs
    taken = np.array([mentor for _, mentor in given], np.int64)
    left = np.array(demand.places, np.int64) - np.bincount(taken, minlength=fit.mentors)
    idle = np.zeros(fit.mentors, np.bool_)
    idle[list(demand.idle)] = True
    idle[taken] = False
    asked = [
        (row, mentor, rank)
        for row, mentee in enumerate(waiting)
        for mentor, rank in demand.wishes[mentee]
        if (mentee, mentor) not in given
    ]
    wishes = Wishes(np.array(asked, np.int64).reshape(-1, 3), choices=demand.choices)
    found = solve(fit.of(waiting, given), left, mentees=len(waiting), wishes=wishes, idle=idle)
    return [mentee for row, mentee in enumerate(waiting) if _missed(why(found, row), mentee, filled)]


def _missed(told: Matched | Unmatched, mentee: int, filled: Filled) -> bool:
    """Note what became of a mentee; whether another look may bring somebody."""
    told = replace(told, mentee=mentee)
    if isinstance(told, Matched):
        filled.matches.append(told)
        filled.served.add(mentee)
        filled.without.pop(mentee, None)
        return False
    if mentee not in filled.served:
        filled.without[mentee] = told
    return told.code is NoMentor.NOT_SEEN
