"""Mentees and mentors, with places: who is assigned to whom. Pure and seeded.

Aims, each before all that follow: most mentees matched; wishes (choices + 1 - rank, summed); the sum of
scores; mentors who have nobody get somebody. The assignment is exact on the pairs it looked at. The prices of
its places say whether the first three aims are exact beyond them too: a pair that was left off could serve
only if it is worth more than its mentor's price and its mentee's profit together.
"""

import sys
from dataclasses import dataclass, replace

import numpy as np

from domain.matching.assignment import NOBODY, Pairs, Solver, assign, premium, prices, profits, spread
from domain.matching.candidates import Candidates, Rules, Scorer, Wishes, candidates
from domain.matching.scoring import Bools, Ints, Scoring, Small

_SMALL = 50_000_000  # pairs, all of which are looked at again until nothing can be better: under 2 s
_ADDED = 10  # pairs that a mentee gains at most when lists are extended


@dataclass(frozen=True)
class Beyond:
    """What pairs outside the lists could add at most: *matched* more, or *wishes* and *score* higher.

    One bound, read from the most important on: at most *matched* more; of those with as many matched, at most
    *wishes* more; of those with as many wishes too, at most *score* more. All 0: exact over all pairs.
    """

    matched: int
    wishes: int
    score: int

    @property
    def exact(self) -> bool:
        """Whether no assignment of any pairs is better in the first three aims."""
        return self == Beyond(0, 0, 0)


@dataclass(frozen=True)
class Matching:
    """An answer, with what is needed to explain it. *of*: each mentee's mentor, or ``NOBODY``.

    *matched*, *wishes*, *score* and *fresh* (mentors who had nobody and got somebody) are the four aims.
    *beyond* is None where the pairs outside the lists were not looked at. *ranks*: what each mentee stated.
    """

    of: Ints
    matched: int
    wishes: int
    score: int
    fresh: int
    beyond: Beyond | None
    candidates: Candidates
    capacity: Ints
    scorer: Scoring
    ranks: dict[int, dict[int, int]]


def match(  # noqa: PLR0913  # what a program's owner may set
    rules: Rules | Scoring,
    capacity: Ints,
    *,
    mentees: int,
    wishes: Wishes | None = None,
    idle: Bools | None = None,
    longest: int = 50,
    sweeps: int | None = None,
    seed: int = 0,
    solver: Solver = Solver.AUTO,
) -> Matching:
    """Assign *mentees* to mentors of *capacity* free places by *rules*, or by scores that are made otherwise.

    *longest* is how many mentors are looked at for each mentee. *idle* marks mentors who have nobody now
    (default: all). *sweeps* is how often all pairs are looked at again, and the lists extended by those that
    could be better; default: until none is, up to fifty million pairs, and never above. Same input, seed and
    solver, same answer.
    """
    mentors = len(capacity)
    idle = np.ones(mentors, np.bool_) if idle is None else idle
    wishes = wishes or Wishes()
    scorer = rules if isinstance(rules, Scoring) else Scorer(rules, mentees, mentors)
    listed = candidates(scorer, capacity > 0, wishes=wishes, longest=longest, seed=seed)
    left = sweeps if sweeps is not None else (sys.maxsize if mentees * mentors <= _SMALL else 0)
    while True:
        pairs = _pairs(listed, capacity)
        of = assign(pairs, solver)
        price = prices(pairs, of)
        if listed.complete:
            beyond, more = Beyond(0, 0, 0), None
        elif left:
            beyond, more = _look_beyond(scorer, listed, pairs, price, profits(pairs, of, price))
        else:
            beyond, more = None, None
        left -= 1
        if more is None or not left:
            break
        listed = more
    of = spread(pairs, of, price, idle)
    return _counted(of, listed, capacity, idle, beyond, scorer, wishes.ranks())


def _unit(listed: Candidates) -> int:
    """What one point of wishes is worth: more than twice all scores together."""
    best = np.zeros(listed.mentees, np.int64)
    np.maximum.at(best, listed.mentee, listed.score)
    return 2 * int(best.sum()) + 1


def _pairs(listed: Candidates, capacity: Ints) -> Pairs:
    worth = listed.wish.astype(np.int64) * _unit(listed) + listed.score
    return Pairs(listed.mentees, capacity, listed.mentee, listed.mentor, worth)


def _look_beyond(
    scorer: Scoring, listed: Candidates, pairs: Pairs, price: Ints, profit: Ints
) -> tuple[Beyond, Candidates | None]:
    """What pairs outside the lists could add, and the lists with the best of those pairs; None if none could.

    Wishes stand on the lists already, so a pair outside them is worth its score alone. Duality: no assignment
    is worth more than all prices and profits, once each profit is raised to what its best pair offers.
    """
    extra, total = premium(pairs), 0
    found: list[Small] = []
    for start, stop in scorer.blocks():
        score, fine = scorer.block(start, stop)
        fine &= (score >= scorer.minimum) & (pairs.capacity > 0)
        gain = np.where(fine, score + (extra - price)[None, :] - profit[start:stop, None], 0)
        best = gain.max(axis=1)
        total += int(np.maximum(best, 0).sum())
        for row in np.flatnonzero(best > 0).tolist():
            order = np.argsort(-gain[row], kind="stable")[:_ADDED]
            order = order[gain[row, order] > 0]
            found.append(
                np.stack([np.full(len(order), start + row), order, score[row, order]]).astype(np.int32)
            )
    if not total:
        return Beyond(0, 0, 0), None
    unit = _unit(listed)  # a gain of one aim may cost less than half its unit in the aims below
    return Beyond((total + extra // 2) // extra, (total + unit // 2) // unit, total), _extended(listed, found)


def _extended(listed: Candidates, found: list[Small]) -> Candidates:
    """The lists with more pairs, none of which they held."""
    mentee = np.concatenate([listed.mentee, *(pair[0] for pair in found)])
    mentor = np.concatenate([listed.mentor, *(pair[1] for pair in found)])
    score = np.concatenate([listed.score, *(pair[2] for pair in found)])
    wish = np.concatenate([listed.wish, np.zeros(len(score) - len(listed.wish), np.int32)])
    order = np.lexsort((mentor, mentee))
    return replace(listed, mentee=mentee[order], mentor=mentor[order], score=score[order], wish=wish[order])


def _counted(
    of: Ints,
    listed: Candidates,
    capacity: Ints,
    idle: Bools,
    beyond: Beyond | None,
    scorer: Scoring,
    ranks: dict[int, dict[int, int]],
) -> Matching:
    chosen = of[listed.mentee] == listed.mentor
    taken = np.zeros(len(capacity), np.bool_)
    taken[of[of != NOBODY]] = True
    return Matching(
        of,
        int(chosen.sum()),
        int(listed.wish[chosen].sum()),
        int(listed.score[chosen].sum()),
        int((taken & idle).sum()),
        beyond,
        listed,
        capacity,
        scorer,
        ranks,
    )
