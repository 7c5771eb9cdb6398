"""From ids to numbers: who met whom before, and what an owner wishes, for few people as for many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from domain.matching.problem import (
    NO_MEETINGS,
    UNKNOWN,
    Bools,
    Ints,
    Meetings,
    Round,
    Rule,
    Small,
    together,
)

Pair = frozenset[str]


@dataclass(frozen=True)
class Past:
    """Meetings of *people*, who are sorted; the meetings carry their places in that order."""

    people: tuple[str, ...] = ()
    meetings: Meetings = field(default=NO_MEETINGS)

    @classmethod
    def of(cls, met: Mapping[Pair, int]) -> "Past":
        """From pairs, and how many rounds ago each met last; 0 is no meeting."""
        known = {pair: ago for pair, ago in met.items() if ago and len(pair) == 2}
        people = tuple(sorted({who for pair in known for who in pair}))
        at = {who: number for number, who in enumerate(people)}
        rows = [(*sorted(at[who] for who in pair), ago) for pair, ago in known.items()]
        return cls(people, Meetings.of([(a, b, ago) for a, b, ago in rows]))

    def ago(self, one: str, other: str) -> int:
        """How many rounds ago two met last; 0 if they never did."""
        first, second = sorted((self._at.get(one, -1), self._at.get(other, -1)))
        if first < 0:
            return 0
        key = first * len(self.people) + second
        at = int(np.searchsorted(self._keys, key))
        return int(self.meetings.ago[at]) if at < len(self._keys) and self._keys[at] == key else 0

    def repeats(self, group: Collection[str]) -> int:
        """Pairs of a group that had met before."""
        return sum(1 for one, other in combinations(group, 2) if self.ago(one, other))

    def repeats_of(self, groups: Sequence[Collection[str]]) -> list[int]:
        """The same for many groups at once."""
        at = self._at
        pairs = [
            (number, at.get(one, -1), at.get(other, -1))
            for number, group in enumerate(groups)
            for one, other in combinations(sorted(group), 2)
        ]
        if not len(self._keys) or not pairs:
            return [0] * len(groups)
        number, first, second = np.array(pairs, dtype=np.int64).T
        key = first * len(self.people) + second
        place = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        again = (first >= 0) & (second >= 0) & (self._keys[place] == key)
        return np.bincount(number[again], minlength=len(groups)).tolist()  # type: ignore[no-any-return]

    def among(self, present: Sequence[str]) -> Meetings:
        """The meetings of those *present*, numbered in the order given, which is sorted."""
        wanted = {who: number for number, who in enumerate(present)}
        number = np.array([wanted.get(who, -1) for who in self.people], dtype=np.int32)
        if not len(number):
            return NO_MEETINGS
        first, second = number[self.meetings.first], number[self.meetings.second]
        here = (first >= 0) & (second >= 0)
        return Meetings(first[here], second[here], self.meetings.ago[here])

    @cached_property
    def _at(self) -> dict[str, int]:
        return {who: number for number, who in enumerate(self.people)}

    @cached_property
    def _keys(self) -> Ints:
        return self.meetings.first.astype(np.int64) * len(self.people) + self.meetings.second


SAID = {"m": 1, "n": -1}  # of a meeting: it took place, it did not; anything else is silence


class Memberships:
    """Who was in which group of which round, gathered round by round into small arrays."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._groups: list[Ints] = []
        self._people: list[Small] = []
        self._said: list[Small] = []
        self._ago: list[Small] = []

    def add(self, groups: Sequence[str], people: Sequence[str], said: str, ago: int) -> None:
        """A round: for each person the number of the group, and a letter of SAID; how many rounds ago."""
        at, count = self._at, len(people)
        for who in people:
            at.setdefault(who, len(at))
        told = [SAID.get(one, 0) for one in said] if "n" in said else [0] * count
        self._groups.append(np.array(groups, dtype=np.int64))
        self._people.append(np.fromiter(map(at.__getitem__, people), np.int32, count))
        self._said.append(np.array(told, dtype=np.int32))
        self._ago.append(np.full(count, ago, dtype=np.int32))

    def past(self) -> Past:
        """All of it as meetings."""
        if not self._at:
            return Past()
        people = sorted(self._at)
        place = np.zeros(len(people), dtype=np.int32)
        place[[self._at[who] for who in people]] = np.arange(len(people))
        person, ago, said = (np.concatenate(part) for part in (self._people, self._ago, self._said))
        return Past(tuple(people), together(np.concatenate(self._groups), place[person], ago, said))


@dataclass(frozen=True)
class Kept:
    """A rule of the owner about each two people of a group.

    *values* says what each person's profile holds, as a small number; ``clash[a, b]`` whether two values
    break the rule. Somebody without a value breaks no rule. A *hard* one is never broken.
    """

    name: str
    values: Mapping[str, int]
    clash: Bools
    hard: bool = False

    def breaks(self, one: str, other: str) -> bool:
        """Whether two people break it."""
        a, b = self.values.get(one, UNKNOWN), self.values.get(other, UNKNOWN)
        return UNKNOWN not in (a, b) and bool(self.clash[a, b])


def in_numbers(
    present: Sequence[str],
    seats: Sequence[int],
    past: Past,
    never: Collection[Pair] = (),
    kept: Sequence[Kept] = (),
    *,
    seed: int,
    roster_seed: int | None = None,
) -> Round:
    """A round of those *present*, who are sorted, with groups of *seats*."""
    at = {who: number for number, who in enumerate(present)}
    apart = [pair for pair in never if len(pair) == 2 and pair <= at.keys()]
    return Round(
        people=len(present),
        sizes=tuple(seats),
        meetings=past.among(present),
        never=np.array(sorted(sorted(at[who] for who in pair) for pair in apart), np.int64).reshape(-1, 2),
        rules=tuple(
            Rule(np.array([rule.values.get(who, UNKNOWN) for who in present]), rule.clash, rule.hard)
            for rule in kept
        ),
        seed=seed,
        roster_seed=roster_seed,
    )
