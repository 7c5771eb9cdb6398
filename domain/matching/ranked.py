"""Ranked lists and places: each mentee names a few mentors in order. Two rules, the owner's choice.

*Stable*: mentees ask in their order, mentors keep whom they prefer (deferred acceptance, Gale and Shapley
1962). No mentee and mentor would both rather have each other than what they got, and no other stable answer
gives any mentee a better choice.

*Most*: as many as possible are matched, then the ranks are the best; some may rather swap.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from domain.matching.assignment import NOBODY, Pairs, Solver, assign

Ints = NDArray[np.int64]


class Outcome(StrEnum):
    """What became of a mentee's list."""

    MATCHED = "matched"
    NOTHING_NAMED = "nothing_named"
    NO_PLACE = "no_place"  # nobody on the list had a place to begin with
    FULL = "full"  # every place on the list went to somebody else


@dataclass(frozen=True)
class Ranked:
    """Each mentee's mentor or ``NOBODY``, that mentor's rank (1 is the first, 0 nobody), the outcome."""

    of: Ints
    rank: Ints
    outcome: tuple[Outcome, ...]

    @property
    def matched(self) -> int:
        """How many mentees have a mentor."""
        return int((self.of != NOBODY).sum())


def stable(choices: Ints, capacity: Ints, *, liking: Ints | None = None, seed: int = 0) -> Ranked:
    """Deferred acceptance. *choices*: mentees x ranks, the mentor at each rank, or ``NOBODY``.

    *liking* has the same shape: how much the mentor likes this mentee; more is better. Among equals, and
    where it is not given, a lot drawn by *seed* decides, the same at every mentor.
    """
    choices = _once(choices)
    value = _strict(choices, liking, seed)
    mentees = len(choices)
    of, at = np.full(mentees, NOBODY, np.int64), np.zeros(mentees, np.int64)
    asking = np.arange(mentees)
    while True:
        asking, at = _next_asked(asking, at, choices, capacity)
        if not len(asking):
            break
        mentors = choices[asking, at[asking]]
        asked = np.zeros(len(capacity), np.bool_)
        asked[mentors] = True
        holding = np.flatnonzero((of != NOBODY) & asked[of])
        both = np.concatenate([asking, holding])
        of[asking] = mentors
        order = both[np.lexsort((-value[both, at[both]], of[both]))]
        place = np.arange(len(order)) - np.searchsorted(of[order], of[order])
        asking = order[place >= capacity[of[order]]]
        of[asking] = NOBODY
        at[asking] += 1
    return _told(of, choices, capacity)


def most(
    choices: Ints, capacity: Ints, *, liking: Ints | None = None, solver: Solver = Solver.AUTO
) -> Ranked:
    """Most mentees matched, then the sum of (ranks + 1 - rank), then the sum of *liking* (0 or more)."""
    choices = _once(choices)
    mentee, place = np.nonzero(choices != NOBODY)
    liked = np.zeros(len(mentee), np.int64) if liking is None else liking[mentee, place].astype(np.int64)
    best = np.zeros(len(choices), np.int64)
    np.maximum.at(best, mentee, liked)
    worth = (choices.shape[1] - place) * (int(best.sum()) + 1) + liked
    pairs = Pairs(len(choices), capacity, mentee, choices[mentee, place], worth)
    return _told(assign(pairs, solver), choices, capacity)


def blocking(choices: Ints, capacity: Ints, of: Ints, *, liking: Ints | None = None, seed: int = 0) -> Ints:
    """Pairs (mentee, mentor) that would rather have each other than what *of* gives them: none if stable."""
    choices = _once(choices)
    value = _strict(choices, liking, seed)
    mine = (choices == of[:, None]) & (choices != NOBODY)
    rank = _place(mine)
    least = np.full(
        len(capacity), np.iinfo(np.int64).max
    )  # what the least liked mentee of each mentor is worth
    np.minimum.at(least, choices[mine], value[mine])
    least[np.bincount(of[of != NOBODY], minlength=len(capacity)) < capacity] = -1
    rather = (np.arange(choices.shape[1]) < rank[:, None]) & (choices != NOBODY)
    mentee, place = np.nonzero(rather & (value > least[choices]))
    return np.stack([mentee, choices[mentee, place]], axis=1)


def _next_asked(asking: Ints, at: Ints, choices: Ints, capacity: Ints) -> tuple[Ints, Ints]:
    """Who still has somebody to ask, and at which rank: past gaps, and past mentors without a place."""
    at = at.copy()
    ranks = choices.shape[1]
    while True:
        asking = asking[at[asking] < ranks]
        mentors = choices[asking, at[asking]]
        idle = (
            (mentors == NOBODY) | (capacity[mentors] == 0)
            if len(capacity)
            else np.ones(len(asking), np.bool_)
        )
        if not idle.any():
            return asking, at
        at[asking[idle]] += 1


def _once(choices: Ints) -> Ints:
    """The lists with each name at its best rank only."""
    choices = choices.astype(np.int64)
    for rank in range(1, choices.shape[1]):
        again = (choices[:, :rank] == choices[:, rank : rank + 1]).any(axis=1)
        choices[again, rank] = NOBODY
    return choices


def _strict(choices: Ints, liking: Ints | None, seed: int) -> Ints:
    """How each named mentor ranks this mentee: 0 or more, no two mentees equal."""
    lot = np.random.default_rng(seed).permutation(len(choices))
    if liking is None:
        return np.broadcast_to(lot[:, None], choices.shape).copy()
    _, level = np.unique(liking, return_inverse=True)
    return np.asarray(level.reshape(liking.shape) * max(1, len(choices)) + lot[:, None], dtype=np.int64)


def _place(mine: NDArray[np.bool_]) -> Ints:
    """The column that is marked in each row, or the number of columns."""
    return np.asarray(np.concatenate([mine, np.ones((len(mine), 1), np.bool_)], axis=1).argmax(axis=1))


def _told(of: Ints, choices: Ints, capacity: Ints) -> Ranked:
    """The answer with each mentee's rank and outcome."""
    mine = (choices == of[:, None]) & (choices != NOBODY)
    rank = np.where(of != NOBODY, _place(mine) + 1, 0)
    named = choices != NOBODY
    places = named & (np.append(capacity, 0)[choices] > 0)
    outcome = np.select([of != NOBODY, ~named.any(axis=1), ~places.any(axis=1)], [0, 1, 2], default=3)
    kinds = tuple(Outcome)
    return Ranked(of, rank.astype(np.int64), tuple(kinds[kind] for kind in outcome.tolist()))
