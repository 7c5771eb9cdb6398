"""Pairs as other coffee bots make them: each rule restated from a description, to be compared fairly.

Common words: *free* is present and not yet in a pair, *left* is present and in no pair. What a rule does not
look at, it does not get: no blocks, no genders, no departments. Each name is the project whose rule it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from random import Random

from bot.lab.match_past import Outcome, Past, Rule, outcome, shuffled

TEAMS_MEETUPLY_LIST = 3  # partners that each person remembers
TEAMS_MEETUPLY_TRIES = 5
RANDOM_COFFEE_WINDOW = 4  # rounds
BEANS_WINDOW = 10  # rounds: its setting for the weeks of cooling down

Pair = tuple[int, int]


def icebreaker(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """Neighbours in a random order; an odd last person is left. Also the rule of pairing-bot."""
    order = shuffled(present, rng)
    return outcome(present, _neighbours(order))


def teams_meetuply(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """The first free person takes the next who is not in the first one's list of three; five tries.

    A sixth try leaves whoever finds nobody, and goes on. The list of the one who is taken is not looked at.
    """
    for _ in range(TEAMS_MEETUPLY_TRIES):
        pairs, stuck = _one_sided(shuffled(present, rng), past)
        if not stuck:
            return outcome(present, pairs)
    pairs, _ = _one_sided(shuffled(present, rng), past)
    return outcome(present, pairs)


def _one_sided(order: list[int], past: Past) -> tuple[list[Pair], bool]:
    """Pairs as (who chose, who was taken), and whether anybody found no partner among others."""
    pairs, stuck = [], False
    while len(order) > 1:
        person = order.pop(0)
        known = past.partners(person, TEAMS_MEETUPLY_LIST)
        partner = next((other for other in order if other not in known), None)
        if partner is None:
            stuck = True
            continue
        order.remove(partner)
        pairs.append((person, partner))
    return pairs, stuck


def chat_roulette(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """In a random order, each free person takes a free person never met before any other, else at random."""
    return outcome(present, _fresh_first(shuffled(present, rng), past, rng))


def slack_meetups(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """If odd, one random person is left; then the rule of chat-roulette."""
    order = shuffled(present, rng)
    return outcome(present, _fresh_first(order[len(order) % 2 :], past, rng))


def _fresh_first(order: list[int], past: Past, rng: Random) -> Iterator[Pair]:
    while len(order) > 1:
        person = order.pop(0)
        partner = rng.choice([other for other in order if not past.met(person, other)] or order)
        order.remove(partner)
        yield person, partner


def py_slack_random_coffee(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """From the end of a random order, each takes a random person not met in four rounds, else any.

    Nobody is left: an odd last person is paired with the one who was at the end, who so has two partners.
    """
    order = shuffled(present, rng)
    end = order[-1] if order else None
    pairs = []
    while len(order) > 1:
        person = order.pop()
        free = [other for other in order if not past.within(person, other, RANDOM_COFFEE_WINDOW)]
        partner = rng.choice(free or order)
        order.remove(partner)
        pairs.append((person, partner))
    if order and end is not None and order[0] != end:
        pairs.append((order[0], end))
    return outcome(present, pairs)


def mattermost_coffeebot(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """In a random order, each takes the free person met the fewest times; among equals the lowest number."""
    order = shuffled(present, rng)
    pairs = []
    while len(order) > 1:
        person = order.pop(0)
        partner = min(order, key=lambda other: (past.times(person, other), other))
        order.remove(partner)
        pairs.append((person, partner))
    return outcome(present, pairs)


def beans(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """As many pairs as possible of people who did not meet in ten rounds; nothing is random (Yelp/beans)."""
    nx = import_module("networkx")  # heavy, and without types

    people = sorted(present)
    graph = nx.Graph()
    graph.add_nodes_from(people)
    for number, one in enumerate(people):
        others = people[number + 1 :]
        graph.add_edges_from((one, other) for other in others if not past.within(one, other, BEANS_WINDOW))
    return outcome(present, sorted(nx.max_weight_matching(graph, maxcardinality=True)))


def rc_coffee_chats(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """A stable matching of two random halves: each prefers whom it never met, then the oldest first meeting.

    If odd, a random person is set aside and joins the last pair, whoever that is.
    """
    order = shuffled(present, rng)
    aside = order[: len(order) % 2]
    order = order[len(aside) :]
    half = len(order) // 2
    pairs: list[tuple[int, ...]] = list(_stable(order[:half], order[half:], past, rng))
    if pairs and aside:
        pairs[-1] += tuple(aside)
    return outcome(present, pairs)


def _stable(first: list[int], second: list[int], past: Past, rng: Random) -> Iterator[Pair]:
    """Gale and Shapley's deferred acceptance; the first half proposes."""

    def wishes(person: int, others: list[int]) -> list[int]:
        return sorted(shuffled(others, rng), key=lambda other: past.first(person, other))

    wanted = {person: iter(wishes(person, second)) for person in first}
    rank = {person: {other: n for n, other in enumerate(wishes(person, first))} for person in second}
    holds: dict[int, int] = {}
    waiting = list(reversed(first))
    while waiting:
        person = waiting.pop()
        asked = next(wanted[person])
        held = holds.get(asked)
        if held is None or rank[asked][person] < rank[asked][held]:
            holds[asked] = person
            waiting += [] if held is None else [held]
        else:
            waiting.append(person)
    return ((person, asked) for asked, person in holds.items())


def etsy_mixer(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """Each takes the first of the pool not met in n - 1 rounds, or else takes a partner away from a pair.

    The pool is in random order; if odd, its first person is out. Whoever lost a partner returns to the end of
    the pool. In the end each of the pool tries once more, without a look at who was paired a moment ago, so
    somebody may land in two pairs.
    """
    pool = shuffled(present, rng)
    order = list(pool)
    if len(order) % 2:
        pool.remove(order.pop(0))
    pairs: list[Pair] = []
    valid = _not_met_in(len(present) - 1, past)
    for person in order:
        if person in pool:
            _take(person, pool, pairs, valid)
    if len(pool) > 1:
        for person in list(pool):
            _take(person, pool, pairs, valid)
    return outcome(present, pairs)


def _not_met_in(rounds: int, past: Past) -> Callable[[int, int], bool]:
    def valid(one: int, other: int) -> bool:
        last = past.last(one, other)
        return one != other and (not last or past.now - last > rounds)

    return valid


def _take(person: int, pool: list[int], pairs: list[Pair], valid: Callable[[int, int], bool]) -> None:
    """Find a partner in the pool, or in a pair that breaks; of a pair, the one who chose is asked first."""
    partner = next((other for other in pool if valid(person, other)), None)
    if partner is not None:
        pairs.append((person, partner))
        pool[:] = [one for one in pool if one not in (person, partner)]
        return
    for number, (chose, taken) in enumerate(pairs):
        for wanted, other in ((chose, taken), (taken, chose)):
            if valid(person, wanted):
                pairs[number] = (person, wanted)
                pool[:] = [*(one for one in pool if one != person), other]
                return


def slack_coffee_matcher(present: Sequence[int], past: Past, rng: Random) -> Outcome:
    """Neighbours in a random order; an odd last person gets a random partner, who so has two."""
    order = shuffled(present, rng)
    pairs = list(_neighbours(order))
    if len(order) % 2 and len(order) > 1:
        pairs.append((order[-1], rng.choice(order[:-1])))
    return outcome(present, pairs)


def _neighbours(order: Sequence[int]) -> Iterator[Pair]:
    return zip(order[::2], order[1::2], strict=False)


PAIRS: Mapping[str, Rule] = {
    "Icebreaker, pairing-bot": icebreaker,
    "TeamsMeetuplyBot": teams_meetuply,
    "pyslackrandomcoffee": py_slack_random_coffee,
    "slack-coffee-matcher": slack_coffee_matcher,
    "beans pairs": beans,
    "rc-coffee-chats": rc_coffee_chats,
    "chat-roulette": chat_roulette,
    "slack-meetups": slack_meetups,
    "mattermost-coffeebot": mattermost_coffeebot,
    "etsy/mixer": etsy_mixer,
}
