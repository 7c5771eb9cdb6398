"""Coffee rounds: who meets whom. Pure and seeded: the same people, history and seed give the same groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

LARGEST_GROUP = 8  # a Slack group message holds eight people and the bot
RESTARTS = 12
SWAPS_PER_PERSON = 60

Pair = frozenset[str]

ICEBREAKERS = (
    "What is the best thing you ate this month?",
    "Which small habit changed your week for the better?",
    "What did you want to become when you were ten?",
    "Which book, film or song do you recommend to everyone?",
    "What would you do with one extra free day a week?",
    "Which place would you show a visitor to your town first?",
    "What are you working on that nobody asks about?",
    "What is something you learned embarrassingly late?",
    "Which tool, digital or not, would you never give back?",
    "What made you laugh lately?",
    "Which skill would you like to wake up with tomorrow?",
    "What does your perfect first hour of the day look like?",
)


@dataclass(frozen=True)
class Group:
    """People brought together. *repeats* counts the pairs among them who had met before."""

    people: tuple[str, ...]
    repeats: int
    icebreaker: str


@dataclass(frozen=True)
class Matched:
    """The groups of one round, and who could not be placed (one person alone, or nobody)."""

    groups: tuple[Group, ...]
    left_out: tuple[str, ...]

    @property
    def repeats(self) -> int:
        """Pairs who meet again, over all groups."""
        return sum(group.repeats for group in self.groups)


def sizes(people: int, size: int) -> list[int]:
    """Group sizes for *people* participants: groups of *size*, the remainder joins them one by one.

    Nobody is alone, and no group is larger than a group message can hold.
    """
    if people < 2:
        return []
    count = max(1, people // size)
    while -(-people // count) > LARGEST_GROUP:
        count += 1
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


def match(
    people: Iterable[str], size: int, *, met: Mapping[Pair, int] | Collection[Pair], seed: int
) -> Matched:
    """Split *people* into groups of *size*, at random, with as few repeats of *met* pairs as can be found.

    *met* maps a pair to the number of times it met (or merely holds the pairs). The order of *people*
    does not matter. Everyone is in exactly one group; one person alone is left out.
    """
    present = sorted(set(people))
    rng = Random(seed)  # noqa: S311 - a seed that can be replayed, not a secret
    if len(present) < 2:
        return Matched((), tuple(present))
    weights = met if isinstance(met, Mapping) else Counter(met)
    best: list[list[str]] = []
    best_cost = -1
    for _ in range(RESTARTS):
        drawn = _one_try(present, size, weights, rng)
        cost = sum(_cost(group, weights) for group in drawn)
        if best_cost < 0 or cost < best_cost:
            best, best_cost = drawn, cost
        if best_cost == 0:
            break
    questions = rng.sample(ICEBREAKERS, len(ICEBREAKERS))
    return Matched(
        tuple(
            Group(
                people=tuple(sorted(group)),
                repeats=sum(1 for a, b in combinations(group, 2) if weights.get(frozenset((a, b)), 0)),
                icebreaker=questions[number % len(questions)],
            )
            for number, group in enumerate(best)
        ),
        (),
    )


def _one_try(present: Sequence[str], size: int, met: Mapping[Pair, int], rng: Random) -> list[list[str]]:
    """A random split, then swaps of two people as long as they lower the number of repeats."""
    order = list(present)
    rng.shuffle(order)
    groups: list[list[str]] = []
    for wanted in sizes(len(order), size):
        groups.append(order[:wanted])
        del order[:wanted]
    if len(groups) > 1:
        _repair(groups, met, rng)
    return groups


def _repair(groups: list[list[str]], met: Mapping[Pair, int], rng: Random) -> None:
    costs = [_cost(group, met) for group in groups]
    swaps = SWAPS_PER_PERSON * sum(map(len, groups))
    while any(costs) and swaps > 0:
        for here in [number for number, cost in enumerate(costs) if cost]:
            swaps -= 1
            there = rng.randrange(len(groups) - 1)
            there += there >= here
            mine, yours = rng.randrange(len(groups[here])), rng.randrange(len(groups[there]))
            before = costs[here] + costs[there]
            _swap(groups[here], mine, groups[there], yours)
            after = _cost(groups[here], met), _cost(groups[there], met)
            if sum(after) <= before:  # an equal swap is taken too: it leads out of dead ends
                costs[here], costs[there] = after
            else:
                _swap(groups[here], mine, groups[there], yours)


def _swap(here: list[str], mine: int, there: list[str], yours: int) -> None:
    here[mine], there[yours] = there[yours], here[mine]


def _cost(group: Sequence[str], met: Mapping[Pair, int]) -> int:
    return sum(met.get(frozenset(pair), 0) for pair in combinations(group, 2))
