"""Coffee rounds: who meets whom. Pure and seeded: the same people, history and seed give the same groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from domain.text import N_

LARGEST_GROUP = 8  # a Slack group message holds eight people and the bot
RESTARTS = 12
SWAPS_PER_PERSON = 60
NEVER = 1_000_000  # what it costs to put two people together who must not be: more than any history

# Why somebody who joined is in no group. One sentence for all who could not be placed: it gives no hint.
NOBODY_ELSE = N_("Nobody else joined this time, so there was no one to match you with.")
NO_GROUP = N_("There was no group for you this time.")

Pair = frozenset[str]

ICEBREAKERS = (
    N_("What is the best thing you ate this month?"),
    N_("Which small habit changed your week for the better?"),
    N_("What did you want to become when you were ten?"),
    N_("Which book, film or song do you recommend to everyone?"),
    N_("What would you do with one extra free day a week?"),
    N_("Which place would you show a visitor to your town first?"),
    N_("What are you working on that nobody asks about?"),
    N_("What is something you learned embarrassingly late?"),
    N_("Which tool, digital or not, would you never give back?"),
    N_("What made you laugh lately?"),
    N_("Which skill would you like to wake up with tomorrow?"),
    N_("What does your perfect first hour of the day look like?"),
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


def sizes(people: int, size: int, leftover: str = "larger") -> list[int]:
    """Group sizes for *people* participants: groups of *size*, and what *leftover* says of the remainder.

    "larger" lets it join the groups one by one, "smaller" makes a smaller group, "sit_out" leaves it out.
    Nobody is alone, and no group is larger than a group message can hold.
    """
    if people < 2:
        return []
    count, rest = divmod(people, size)
    if leftover == "sit_out" and count:
        return [size] * count
    if leftover == "smaller" and count and rest and (rest > 1 or size > 2):
        # one person alone gets company from another group, which is then smaller too
        return [size] * count + [rest] if rest > 1 else [size] * (count - 1) + [size - 1, 2]
    return _larger(people, size)


def _larger(people: int, size: int) -> list[int]:
    count = max(1, people // size)
    while -(-people // count) > LARGEST_GROUP:
        count += 1
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


@dataclass(frozen=True)
class Rules:
    """What holds for the groups of a program.

    *met* counts how often a pair met, *never* holds pairs that must not be together, *sat_out* says how
    late each person sat out last: whoever sat out longest ago, or never, is next.
    """

    size: int
    leftover: str = "larger"
    met: Mapping[Pair, int] = field(default_factory=dict)
    never: frozenset[Pair] = frozenset()
    sat_out: Mapping[str, int] = field(default_factory=dict)

    def costs(self, present: Collection[str]) -> dict[Pair, int]:
        """What each pair among those *present* costs."""
        here = set(present)
        found = {pair: count for pair, count in self.met.items() if count and pair <= here}
        return found | {pair: NEVER for pair in self.never if pair <= here}

    def repeats(self, group: Collection[str]) -> int:
        """Pairs of a group that had met before."""
        return sum(1 for pair in combinations(sorted(group), 2) if self.met.get(frozenset(pair), 0))

    def clashes(self, who: str, group: Collection[str]) -> bool:
        """Whether somebody of the group must not be together with *who*."""
        return bool(self.never) and any(frozenset((who, other)) in self.never for other in group)


def match(
    people: Iterable[str],
    size: int,
    *,
    met: Mapping[Pair, int] | Collection[Pair],
    seed: int,
    leftover: str = "larger",
    never: Collection[Pair] = (),
    sat_out: Mapping[str, int] | None = None,
    questions: Sequence[str] = (),
) -> Matched:
    """Split *people* into groups of *size*, at random, with as few repeats of *met* pairs as can be found.

    *met* maps a pair to the number of times it met (or merely holds the pairs). The order of *people*
    does not matter. Everyone is in exactly one group or in ``left_out``; *questions* are the program's own
    icebreakers.
    """
    weights = met if isinstance(met, Mapping) else Counter(met)
    rules = Rules(size, leftover, weights, frozenset(never), sat_out or {})
    present = sorted(set(people))
    rng = Random(seed)  # noqa: S311 - a seed that can be replayed, not a secret
    groups, left_out = grouped(present, rules, rng)
    asked = list(questions or ICEBREAKERS)
    rng.shuffle(asked)
    return Matched(
        tuple(
            Group(tuple(sorted(group)), rules.repeats(group), asked[number % len(asked)])
            for number, group in enumerate(groups)
        ),
        tuple(sorted(left_out)),
    )


def grouped(
    present: Sequence[str], rules: Rules, rng: Random, *, restarts: int = RESTARTS
) -> tuple[list[list[str]], list[str]]:
    """Groups of those *present*, and who is in none: alone, their turn to sit out, or no group for them."""
    if len(present) < 2:
        return [], list(present)
    staying, out = _seated(present, rules, rng)
    costs = rules.costs(staying)
    best: list[list[str]] = []
    best_cost = -1
    for _ in range(restarts):
        drawn = _one_try(staying, rules, costs, rng)
        cost = sum(_cost(group, costs) for group in drawn)
        if best_cost < 0 or cost < best_cost:
            best, best_cost = drawn, cost
        if best_cost == 0:
            break
    if best_cost >= NEVER:
        out += mended(best, rules)
    return best, out


def _seated(present: Sequence[str], rules: Rules, rng: Random) -> tuple[list[str], list[str]]:
    """Who gets a seat, and whose turn it is to sit out: whoever did so longest ago, or never."""
    over = len(present) - sum(sizes(len(present), rules.size, rules.leftover))
    if not over:
        return list(present), []
    drawn = list(present)
    rng.shuffle(drawn)
    drawn.sort(key=lambda who: rules.sat_out.get(who, -1))
    out = set(drawn[:over])
    return [who for who in present if who not in out], sorted(out)


def mended(groups: list[list[str]], rules: Rules, *, loose: Iterable[str] = ()) -> list[str]:
    """Take apart who must not be together, and place them and the *loose* ones; who finds no place.

    Changes *groups*: nobody stays alone, and nobody who needs no other place is moved.
    """
    waiting = [*loose, *(who for group in groups for who in apart(group, rules))]
    groups[:] = [group for group in groups if group]
    return _placed(groups, waiting, rules)


def apart(group: list[str], rules: Rules) -> list[str]:
    """Take out of a group who must not be together with the others, and who is alone then; who that is."""
    taken = []
    while clashing := [who for who in sorted(group) if rules.clashes(who, set(group) - {who})]:
        most = max(clashing, key=lambda who: sum(frozenset((who, o)) in rules.never for o in group))
        group.remove(most)
        taken.append(most)
    return [*taken, group.pop()] if len(group) == 1 else taken


def _placed(groups: list[list[str]], waiting: Sequence[str], rules: Rules) -> list[str]:
    """Give each of the *waiting* the group where it repeats least; those for whom there is none."""
    costs = rules.costs([*waiting, *(who for group in groups for who in group)])
    out: list[str] = []
    for who in waiting:
        fitting = [g for g in groups if len(g) < LARGEST_GROUP and not rules.clashes(who, g)]
        if fitting:
            min(fitting, key=lambda g: (_cost([*g, who], costs) - _cost(g, costs), len(g))).append(who)
            continue
        partner = next((other for other in out if not rules.clashes(who, [other])), None)
        if partner is None:
            out.append(who)
        else:
            out.remove(partner)
            groups.append([partner, who])
    return out


def _one_try(present: Sequence[str], rules: Rules, costs: Mapping[Pair, int], rng: Random) -> list[list[str]]:
    """A random split, then swaps of two people as long as they lower the number of repeats."""
    order = list(present)
    rng.shuffle(order)
    groups: list[list[str]] = []
    for wanted in sizes(len(order), rules.size, rules.leftover):
        groups.append(order[:wanted])
        del order[:wanted]
    if len(groups) > 1:
        _repair(groups, costs, rng)
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
