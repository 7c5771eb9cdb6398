"""Groups of any size: the rules of other coffee bots, plain baselines, and one reference for pairs."""

from collections.abc import Mapping, Sequence
from itertools import combinations, permutations
from math import comb
from random import Random

from bot.lab.match_past import Group, Outcome, Past, Rule, cut, outcome, shuffled, sizes
from bot.lab.match_peers import PAIRS

SUP_WINDOW = 12  # rounds
SUP_CHECKS = 10_000  # stand for its ten seconds, at a millisecond for a query: an assumption
SUP_ANSWERS = 3
BEANS_SWAPS = 100
TRIES = 50


# --- slack-sup2 -------------------------------------------------------------------------------------------


class _Spent(Exception):
    """The time of the round is over."""


class _Search:
    """Depth first, one step back at a time, through ordered groups in the order of the people."""

    def __init__(self, past: Past, size: int, checks: int) -> None:
        self.past, self.size, self.checks = past, size, checks
        self.forbidden: set[frozenset[int]] = set()
        self.spent = False

    def met(self, one: int, other: int) -> bool:
        """Ask whether two met lately: one query, and none is answered when the time is over."""
        if not self.checks:
            raise _Spent
        self.checks -= 1
        return self.past.within(one, other, SUP_WINDOW)

    def fresh(self, group: Group) -> bool:
        """Nobody in this group met anybody of it lately; asked both ways, as the rule does."""
        return not any(self.met(one, other) for one, other in permutations(group, 2))

    def answer(self, order: Sequence[int]) -> list[Group]:
        """Groups of one search; those made so far when the time is over, none when nothing fits."""
        groups: list[Group] = []
        try:
            self._seat(list(order), groups)
        except _Spent:
            self.spent = True
        self.forbidden |= {frozenset(group) for group in groups}
        return groups

    def _seat(self, free: list[int], groups: list[Group]) -> bool:
        if len(free) < self.size:
            return True
        for group in permutations(free, self.size):
            if frozenset(group) in self.forbidden or not self.fresh(group):
                continue
            groups.append(group)
            if self._seat([person for person in free if person not in group], groups):
                return True
            groups.pop()
        return False


def slack_sup(size: int = 3, checks: int = SUP_CHECKS) -> Rule:
    """Groups in which nobody met within twelve rounds, by a search with an end; slack-sup2's rule.

    The best of up to three searches counts, a complete one at once. One person who remains joins the first
    group without anybody met lately; a few who did not meet form a smaller group; the others are left.
    """

    def rule(present: Sequence[int], past: Past, rng: Random) -> Outcome:
        order = shuffled(present, rng)
        search = _Search(past, size, checks)
        best: list[Group] = []
        for _ in range(SUP_ANSWERS):
            best = max(best, search.answer(order), key=len)
            if search.spent or len(best) * size == len(order):
                break
        return outcome(present, _seat_rest(order, best, past, size))

    return rule


def _seat_rest(order: Sequence[int], groups: list[Group], past: Past, size: int) -> list[Group]:
    """The last of the rule: who remains, where that breaks no window."""
    grouped = {person for group in groups for person in group}
    rest = tuple(person for person in order if person not in grouped)
    if len(rest) == 1:
        for number, group in enumerate(groups):
            if not any(past.within(rest[0], other, SUP_WINDOW) for other in group):
                return [*groups[:number], group + rest, *groups[number + 1 :]]
    elif 1 < len(rest) < size and not any(
        past.within(one, other, SUP_WINDOW) for one, other in combinations(rest, 2)
    ):
        return [*groups, rest]
    return groups


# --- Yelp/beans -------------------------------------------------------------------------------------------


def beans_groups(size: int, *, remembers: bool = False) -> Rule:
    """A random arrangement, improved by a hundred random swaps; an incomplete last group is left.

    Its history of groups is kept by whole groups and asked by pairs, so as it stands no group of three or
    more ever counts as met. *remembers* mends that. Its test to take a worse arrangement is the wrong way
    round, and stays so.
    """

    def rule(present: Sequence[int], past: Past, rng: Random) -> Outcome:
        def score(order: Sequence[int]) -> float:
            return sum(10.0 * comb(size, 2) - 5 * _met_in(block, past) for block in _blocks(order, size))

        now = shuffled(present, rng)
        # where nothing counts as met, all arrangements score alike, and the first one stays the best
        steps = BEANS_SWAPS if remembers and len(now) > 1 else 0
        value = best_value = score(now)
        best = now
        for step in range(steps):
            after = list(now)
            one, other = rng.randrange(len(now)), rng.randrange(len(now))
            after[one], after[other] = after[other], after[one]
            changed = score(after)
            if changed > best_value:
                best, best_value = after, changed
            heat = 1 - (BEANS_SWAPS - step) / (BEANS_SWAPS + step)
            if changed > value or changed / (value + 1) * heat < rng.random():
                now, value = after, changed
        return outcome(present, _blocks(best, size))

    return rule


def _blocks(order: Sequence[int], size: int) -> list[Group]:
    return [tuple(order[n : n + size]) for n in range(0, len(order) - size + 1, size)]


# --- Baselines --------------------------------------------------------------------------------------------


def random_groups(size: int) -> Rule:
    """A random order, cut into groups."""

    def rule(present: Sequence[int], past: Past, rng: Random) -> Outcome:
        return outcome(present, cut(shuffled(present, rng), size))

    return rule


def greedy_groups(size: int) -> Rule:
    """chat-roulette's rule for groups: each takes whoever met it the fewest times, ties at random."""

    def rule(present: Sequence[int], past: Past, rng: Random) -> Outcome:
        free = shuffled(present, rng)
        groups = []
        for length in sizes(len(free), size):
            group = [free.pop()]
            times = {other: past.times(group[0], other) for other in free}
            while len(group) < length:
                # the order is random and min() takes the first, so ties are drawn
                person = min(free, key=times.__getitem__)
                free.remove(person)
                group.append(person)
                for other in free:
                    times[other] += past.times(person, other)
            groups.append(group)
        return outcome(present, groups)

    return rule


def best_of(rule: Rule, tries: int = TRIES) -> Rule:
    """What *rule* finds with the fewest earlier meetings, out of *tries*."""

    def best(present: Sequence[int], past: Past, rng: Random) -> Outcome:
        def meetings(made: Outcome) -> int:
            return sum(_met_in(group, past) for group in made.groups)

        return min((rule(present, past, rng) for _ in range(tries)), key=meetings)

    return best


def blossom(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """The reference for pairs: a cheapest perfect matching, repeats few and then old, ties at random.

    If odd, one of those who were left the fewest times is left. It looks one round ahead only.
    """
    import rustworkx as rx

    people = shuffled(present, rng)
    if len(people) % 2:
        people.remove(min(people, key=lambda person: len(past.left[person])))
    graph = rx.PyGraph()
    graph.add_nodes_from(people)
    dear = 2 * past.now  # above what the age of one meeting can cost
    for one, other in combinations(range(len(people)), 2):
        pair = people[one], people[other]
        graph.add_edge(one, other, -past.times(*pair) * dear - past.last(*pair))
    found = rx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    # which of a pair comes first, and the order of pairs, differ from call to call
    return outcome(present, sorted(sorted((people[one], people[other])) for one, other in found))


def _met_in(group: Group, past: Past) -> int:
    """Earlier meetings among the pairs of this group."""
    return sum(past.times(one, other) for one, other in combinations(group, 2))


def peers(size: int) -> Mapping[str, Rule]:
    """Every rule that makes groups of this size, and the baselines."""
    greedy = greedy_groups(size)
    plain = {"random": random_groups(size), "best of 50 tries": best_of(greedy)}
    if size == 2:
        return {**PAIRS, **plain, "reference: blossom": blossom}
    return {
        **plain,
        "beans groups": beans_groups(size),
        "beans groups, mended": beans_groups(size, remembers=True),
        "slack-sup2": slack_sup(size),
        "chat-roulette's rule": greedy,
    }
