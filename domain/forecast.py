"""How long a program can go on without repeats: a bound by counting, of which nothing better is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb

from domain.coffee import sizes
from domain.matching.plan import fresh_bound, most_fresh_weeks

MOST_COUNTED = 2_000  # people; with more there is somebody new for more than a year
FAR = 104  # sessions, two years of weeks: a larger bound is no forecast any more


@dataclass(frozen=True)
class Forecast:
    """What lies ahead of *people* in groups of *size*, if all take part every time.

    At most *fresh* more sessions are without a repeat; None where the people are too many to be counted, or
    the end is too far away. *weeks* is the interval of the sessions, 0 where none repeats, and *until* the
    date of the last fresh one.
    """

    people: int
    size: int
    fresh: int | None
    weeks: int = 0
    until: datetime | None = None
    zone: str = "Etc/UTC"


def fresh_rounds(met: Sequence[int], size: int, leftover: str = "larger") -> int:
    """At most so many rounds bring nobody together again, if all take part in each of them.

    *met* says of each person how many of the others they have met. Two counts bound it, and the smaller
    holds: pairs who have not met, by the pairs that a round makes; and where nobody sits out, the people new
    to whoever knows the most, by those met in the smallest group. Before the first round counting says no
    more than ``domain.matching.plan`` does.
    """
    people = len(met)
    seats = sizes(people, size, leftover)
    a_round = sum(comb(one, 2) for one in seats)
    if not a_round:
        return 0
    left = comb(people, 2) - sum(met) // 2
    bound = min(fresh_bound(people, seats), left // a_round)
    if sum(seats) < people:
        return bound  # whoever knows most may sit out
    if set(seats) == {size}:
        bound = min(bound, most_fresh_weeks(people, size))
    return min(bound, (people - 1 - max(met)) // (min(seats) - 1))
