"""The restated rules of other bots do what their descriptions say, faults included."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from bot.lab.match_past import Outcome, Past, cut, sizes
from bot.lab.match_peers import (
    PAIRS,
    beans,
    chat_roulette,
    etsy_mixer,
    icebreaker,
    mattermost_coffeebot,
    py_slack_random_coffee,
    rc_coffee_chats,
    slack_coffee_matcher,
    slack_meetups,
    teams_meetuply,
)
from bot.lab.match_peers_groups import beans_groups, best_of, blossom, greedy_groups, peers, slack_sup
from bot.lab.match_weeks import Setting, judged, simulate

SEEDS = range(8)


def past_of(*rounds, left=()):
    """A past of these rounds, each a list of groups."""
    past = Past()
    for groups in rounds:
        past.add(Outcome(tuple(map(tuple, groups)), left))
    return past


def weeks(rule, people, rounds, seed=1):
    """What this rule makes of *people*, round by round, and the past before each."""
    past, rng = Past(), Random(seed)
    for _ in range(rounds):
        made = rule(list(range(people)), past, rng)
        yield made, past
        past.add(made)


# --- The past ---------------------------------------------------------------------------------------------


def test_a_trio_is_three_meetings():
    """Every pair of a group has met, whoever is asked."""
    past = past_of([[1, 2, 3]], [[1, 2]])

    assert [past.times(*pair) for pair in ((1, 2), (2, 1), (3, 1), (2, 3), (1, 4))] == [2, 2, 1, 1, 0]
    assert (past.first(2, 1), past.last(2, 1), past.last(1, 4)) == (1, 2, 0)


def test_within_four_means_the_last_three_rounds():
    """In the fifth round, a meeting in the first is over and one in the second is not."""
    past = past_of([[1, 2]], [[3, 4]], [], [])

    assert past.now == 5
    assert not past.within(1, 2, 4)
    assert past.within(4, 3, 4)
    assert not past.within(1, 3, 4)


@pytest.mark.parametrize(
    ("people", "size", "expected"),
    [(1, 4, []), (2, 4, [2]), (5, 2, [3, 2]), (7, 4, [4, 3]), (30, 4, [5, 5, 4, 4, 4, 4, 4]), (5, 3, [3, 2])],
)
def test_sizes_differ_by_one(people, size, expected):
    """The remainder joins groups, or makes groups one smaller where there are too few to join."""
    assert sizes(people, size) == expected
    assert [len(group) for group in cut(range(people), size)] == expected


# --- All of them ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("people", [0, 1, 2, 3, 7, 12])
def test_every_rule_takes_any_number_of_people(size, people):
    """Nobody is drawn from nowhere, nobody is alone in a group, and who is left is said."""
    for rule in peers(size).values():
        for made, _ in weeks(rule, people, 5):
            assert judged(made, range(people)) == made.left


@pytest.mark.parametrize("size", [2, 3])
def test_the_same_seed_gives_the_same_weeks(size):
    """Nothing but the arguments decides."""
    for rule in peers(size).values():
        first, second = ([made for made, _ in weeks(rule, 11, 6, seed=3)] for _ in range(2))
        assert first == second


# --- One by one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule", [icebreaker, teams_meetuply, chat_roulette, slack_meetups, mattermost_coffeebot]
)
def test_the_odd_one_is_left(rule):
    """One of seven, each time; the others are in pairs."""
    for made, _ in weeks(rule, 7, 5):
        assert len(made.left) == 1
        assert [len(group) for group in made.groups] == [2, 2, 2]


def test_teams_meetuply_looks_at_the_list_of_who_chooses():
    """Who chose never gets one of his last three; and when nothing else remains, he is left."""
    for made, past in weeks(teams_meetuply, 12, 30):
        assert all(taken not in past.partners(chose, 3) for chose, taken in made.groups)

    past = past_of([[0, 1]])
    assert teams_meetuply([0, 1], past, Random(1)) == Outcome((), (0, 1))


def test_chat_roulette_takes_fresh_partners_only_while_they_last():
    """Two who met take the two others; and two alone meet again."""
    past = past_of([[0, 1], [2, 3]])

    for seed in SEEDS:
        made = chat_roulette(range(4), past, Random(seed))
        assert not any(past.met(*pair) for pair in made.groups)
    assert len(chat_roulette([0, 1], past, Random(1)).groups) == 1


@pytest.mark.parametrize("rule", [py_slack_random_coffee, slack_coffee_matcher])
def test_nobody_is_left_where_one_takes_two(rule):
    """Of nine people one has two partners."""
    for made, _ in weeks(rule, 9, 5):
        assert made.left == ()
        taken = Counter(person for pair in made.groups for person in pair)
        assert sorted(taken.values()) == [1] * 8 + [2]


def test_py_slack_random_coffee_forgets_after_four_rounds():
    """Who chooses first does not get whom he met three rounds ago, and may get whom he met four ago."""
    recent, older = past_of([[0, 1]], [], []), past_of([[0, 1]], [], [], [])

    def chosen(past):
        made = (py_slack_random_coffee(range(4), past, Random(seed)) for seed in range(60))
        return {frozenset(groups.groups[0]) for groups in made}

    assert frozenset({0, 1}) not in chosen(recent)
    assert frozenset({0, 1}) in chosen(older)


def test_mattermost_counts_and_then_takes_the_lowest_number():
    """With nothing to tell them apart, whoever is first takes the lowest."""
    made = mattermost_coffeebot(range(6), Past(), Random(1))

    for number, (chose, taken) in enumerate(made.groups):
        free = {person for pair in made.groups[number:] for person in pair} - {chose}
        assert taken == min(free)


def test_beans_has_a_window_of_ten_and_no_chance():
    """Four people meet in three rounds, then nobody meets until the eleventh: all over again."""
    rounds = [made for made, _ in weeks(beans, 4, 12, seed=1)]

    assert [len(made.groups) for made in rounds] == [2] * 3 + [0] * 7 + [2] * 2
    assert rounds == [made for made, _ in weeks(beans, 4, 12, seed=2)]
    assert rounds[10] == rounds[0]


def test_rc_coffee_chats_ends_in_a_trio():
    """Of five, one is set aside and joins the last pair; nobody is left."""
    for made, _ in weeks(rc_coffee_chats, 5, 5):
        assert sorted(map(len, made.groups)) == [2, 3]
        assert len(made.groups[-1]) == 3


def test_rc_coffee_chats_prefers_the_oldest_first_meeting():
    """Its matching is stable: no two of different halves would both rather have each other."""
    past = past_of([[0, 1], [2, 3]], [[0, 2], [1, 3]], [[0, 3], [1, 2]], [[0, 1], [2, 3]])
    for seed in SEEDS:
        made = rc_coffee_chats(range(4), past, Random(seed))
        (one, two), (three, four) = made.groups
        for first, second, mine, yours in ((one, four, two, three), (three, two, four, one)):
            better = past.first(first, second) < past.first(first, mine)
            assert not (better and past.first(second, first) < past.first(second, yours))


def test_etsy_mixer_would_rather_leave_people():
    """No pair meets again within n - 1 rounds, so some who could meet again are left."""
    left = 0
    for seed in SEEDS:
        for made, past in weeks(etsy_mixer, 12, 11, seed):
            assert not any(past.met(*pair) for pair in made.groups)
            left += len(made.left)
    assert left > 0


def test_etsy_mixer_may_put_one_person_into_two_pairs():
    """Its last pass does not ask who was paired a moment ago: with enough chances, it happens."""
    doubled = 0
    for seed in range(60):
        for made, _ in weeks(etsy_mixer, 10, 9, seed):
            people = [person for pair in made.groups for person in pair]
            doubled += len(people) > len(set(people))
    assert doubled > 0


# --- Groups -----------------------------------------------------------------------------------------------


def test_slack_sup_leaves_people_rather_than_break_its_window():
    """Twelve people in threes run out of fresh groups within twelve rounds: most are then left."""
    left = []
    for made, past in weeks(slack_sup(3, checks=2000), 12, 10):
        assert not any(past.within(*pair, 12) for group in made.groups for pair in combinations(group, 2))
        left.append(len(made.left))
    assert left[0] == 0
    assert left[-1] >= 6


def test_slack_sup_seats_a_remainder_that_did_not_meet():
    """Seven: three and four; eight: three, three and two."""
    rule = slack_sup(3)

    assert sorted(map(len, rule(range(7), Past(), Random(1)).groups)) == [3, 4]
    assert sorted(map(len, rule(range(8), Past(), Random(1)).groups)) == [2, 3, 3]


def test_beans_groups_forget_and_leave_the_remainder():
    """As it stands, history changes nothing; mended, it does."""
    past = past_of([[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    as_it_stands = beans_groups(3)

    assert as_it_stands(range(9), past, Random(4)) == as_it_stands(range(9), Past(), Random(4))
    assert len(as_it_stands(range(11), past, Random(4)).left) == 2
    mended = simulate(beans_groups(3, remembers=True), Setting(30, 8, 3), 1)
    assert mended.repeats < simulate(as_it_stands, Setting(30, 8, 3), 1).repeats


def test_greedy_groups_take_whoever_met_the_group_least():
    """After a round of trios, the first group takes one of each: nobody of it met."""
    past = past_of([[0, 1, 2], [3, 4, 5], [6, 7, 8]])

    for seed in SEEDS:
        group = greedy_groups(3)(range(9), past, Random(seed)).groups[0]
        assert not any(past.met(*pair) for pair in combinations(group, 2))


def test_more_tries_repeat_less():
    """The best of twenty is better than the only one."""
    setting = Setting(40, 8, size=4)

    assert (
        simulate(best_of(greedy_groups(4), 20), setting, 1).repeats
        < simulate(greedy_groups(4), setting, 1).repeats
    )


def test_the_reference_loses_nothing_and_is_fair():
    """Nine people for eighteen rounds: as many fresh pairs as possible, two rounds off for each."""
    seen = simulate(blossom, Setting(8, 7), 1)
    assert (seen.lost, seen.missed.total()) == (0, 0)

    assert simulate(blossom, Setting(9, 18), 1).missed == dict.fromkeys(range(9), 2)


def test_all_pairs_are_here():
    """The rules of ten bots; one of them is that of two."""
    assert len(PAIRS) == 10
