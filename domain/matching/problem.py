"""A round in numbers: who is here, who met whom, who must be apart, and what the owner wishes.

People are 0 … n-1, in an order that the caller keeps. Everything here is an array, so that a hundred
thousand people fit; names and ids stay outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UNKNOWN = -1  # the value of somebody whose profile does not say: it breaks no rule
NEVER_SAT_OUT = -1
OLDEST = 64  # rounds: a meeting longer ago is as good as one so long ago


@dataclass(frozen=True)
class Meetings:
    """Who met whom: arrays of one length m, each pair once, *first* < *second*.

    *ago* counts the rounds since the two met last; 1 is the last round, and OLDEST the highest number.
    """

    first: Small
    second: Small
    ago: Small

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int, int]]) -> "Meetings":
        """Meetings from (one, other, rounds ago), in any order; of several the latest counts."""
        rows = np.array(pairs, dtype=np.int32).reshape(-1, 3)
        return latest(rows[:, 0], rows[:, 1], rows[:, 2])

    def among(self, kept: Ints, people: int) -> "Meetings":
        """The meetings of those *kept*, numbered anew in their order, of *people* in all."""
        number = np.full(people, -1, dtype=np.int32)
        number[kept] = np.arange(len(kept))
        first, second = number[self.first], number[self.second]
        here = (first >= 0) & (second >= 0)
        return Meetings(first[here], second[here], self.ago[here])


def latest(one: Small, other: Small, ago: Small) -> Meetings:
    """Each pair once, with its latest meeting. *ago* is cut at OLDEST."""
    first, second = np.minimum(one, other), np.maximum(one, other)
    width = int(second.max(initial=0)) + 1
    key = ((first.astype(np.int64) * width + second) << 7) | np.clip(ago, 1, OLDEST)
    key.sort()
    pair = key >> 7
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = pair[1:] != pair[:-1]
    pair, back = pair[fresh], (key[fresh] & 127).astype(np.int32)
    return Meetings((pair // width).astype(np.int32), (pair % width).astype(np.int32), back)


def together(group: Ints, person: Small, ago: Small, said: Small | None = None) -> Meetings:
    """The meetings that memberships tell: row i says *person* i was in *group* i, *ago* i rounds ago.

    Groups of all rounds carry numbers of their own; the arrays have one length. *said* is 1 where the person
    says that the group met, -1 that it did not: two did not meet if one says so and the other does not
    say that they did.
    """
    order = np.argsort(group, kind="stable")
    group, person, ago = group[order], person[order], ago[order]
    told = None if said is None or not (said < 0).any() else said[order]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else np.zeros(0, np.int64)
    sizes = np.diff(np.r_[starts, len(group)])
    found = []
    for size in np.unique(sizes):
        at = starts[sizes == size]
        for i in range(size):
            for j in range(i):
                met = at if told is None else at[told[at + i] + told[at + j] >= 0]
                found.append((person[met + i], person[met + j], ago[met]))
    if not found:
        return NO_MEETINGS
    one, other, back = (np.concatenate(part) for part in zip(*found, strict=True))
    return latest(one, other, back)


_NONE: Small = np.zeros(0, dtype=np.int32)
NO_MEETINGS = Meetings(_NONE, _NONE, _NONE)


@dataclass(frozen=True)
class Rule:
    """A rule about each two people of a group.

    *values* holds one small number per person, or UNKNOWN; ``clash[a, b]`` says whether two people of the
    values a and b break the rule, and is symmetric. A *hard* rule is kept like a wish to be apart.
    """

    values: Ints
    clash: Bools
    hard: bool = False

    def among(self, kept: Ints) -> "Rule":
        """The rule for those *kept*."""
        return Rule(self.values[kept], self.clash, self.hard)

    def breaks(self, one: int, other: int) -> bool:
        """Whether two people break it."""
        a, b = self.values[one], self.values[other]
        return UNKNOWN not in (a, b) and bool(self.clash[a, b])


def differ(values: Ints, hard: bool = False) -> Rule:
    """Different values are wanted."""
    return Rule(values, np.eye(int(values.max(initial=0)) + 1, dtype=bool), hard)


def same(values: Ints, hard: bool = False) -> Rule:
    """The same value is wanted."""
    return Rule(values, ~np.eye(int(values.max(initial=0)) + 1, dtype=bool), hard)


@dataclass(frozen=True)
class Round:
    """What is to be matched: *people* of them, into groups of *sizes*.

    *never* has shape (m, 2): pairs who must be apart. *rules* stand in the owner's order, the weightiest
    first. *roster_seed*, if given, lets a program in which everyone always comes follow a plan.
    """

    people: int
    sizes: tuple[int, ...]
    meetings: Meetings = NO_MEETINGS
    never: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    rules: tuple[Rule, ...] = ()
    seed: int = 0
    roster_seed: int | None = None

    @property
    def free(self) -> bool:
        """Whether any grouping is as good as any other."""
        return not (len(self.meetings.first) or len(self.never) or self.rules)

    @property
    def pairs(self) -> int:
        """How many pairs the groups form."""
        return sum(size * (size - 1) // 2 for size in self.sizes)
