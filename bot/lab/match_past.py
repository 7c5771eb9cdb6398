"""What the matching benches share: people are numbers, a rule makes groups, and the past is kept for it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

Group = tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """The groups of one round, and who of those present is in none."""

    groups: tuple[Group, ...]
    left: tuple[int, ...] = ()


def outcome(present: Sequence[int], groups: Iterable[Iterable[int]]) -> Outcome:
    """These groups; whoever is present and in none of them is left."""
    made = tuple(tuple(group) for group in groups)
    grouped = {person for group in made for person in group}
    return Outcome(made, tuple(person for person in present if person not in grouped))


class Past:
    """The rounds so far, numbered 1, 2, ..., and what rules ask of them.

    Every pair of a group has met, and a pair has met whichever of the two is asked.
    """

    def __init__(self) -> None:
        self.rounds: list[Outcome] = []
        self.left: defaultdict[int, list[int]] = defaultdict(list)  # person: rounds in no group
        self._met: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)  # person: other: rounds
        self._partners: defaultdict[int, list[int]] = defaultdict(list)

    @property
    def now(self) -> int:
        """The number of the round that is matched next."""
        return len(self.rounds) + 1

    def add(self, made: Outcome) -> None:
        """One more round took place."""
        now = self.now
        for group in made.groups:
            for one, other in combinations(group, 2):
                for person, partner in ((one, other), (other, one)):
                    self._met[person].setdefault(partner, []).append(now)
                    self._partners[person].append(partner)
        for person in made.left:
            self.left[person].append(now)
        self.rounds.append(made)

    def met(self, one: int, other: int) -> bool:
        """These two were in one group, in any round."""
        return other in self._met[one]

    def times(self, one: int, other: int) -> int:
        """How many times these two were in one group."""
        return len(self._met[one].get(other, ()))

    def first(self, one: int, other: int) -> int:
        """The round in which these two met first; 0 if never."""
        return self._met[one].get(other, (0,))[0]

    def last(self, one: int, other: int) -> int:
        """The round in which these two met last; 0 if never."""
        return self._met[one].get(other, (0,))[-1]

    def within(self, one: int, other: int, rounds: int) -> bool:
        """These two met less than this many rounds ago: with 4, in one of the last three."""
        last = self.last(one, other)
        return last > 0 and last > self.now - rounds

    def partners(self, person: int, count: int) -> list[int]:
        """Whom this person met last, at most *count* of them, the latest at the end."""
        return self._partners[person][-count:]


Rule = Callable[[Sequence[int], Past, Random], Outcome]


def shuffled(present: Iterable[int], rng: Random) -> list[int]:
    """The same people in a random order."""
    order = list(present)
    rng.shuffle(order)
    return order


def sizes(people: int, size: int) -> list[int]:
    """Sizes of the groups: *size*, one more or one less where that is possible, and nobody alone."""
    if people < 2:
        return []
    count = max(1, people // size)
    if people > count * (size + 1):
        count += 1
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


def cut(order: Sequence[int], size: int) -> list[Group]:
    """This order of people, cut into groups."""
    groups, start = [], 0
    for length in sizes(len(order), size):
        groups.append(tuple(order[start : start + length]))
        start += length
    return groups
