"""The referee of single rounds judges rightly, and plain solvers are as good as they are said to be."""

import io
from collections import Counter
from itertools import combinations
from random import Random

import numpy as np
import pytest
from rich.console import Console

from bot.lab import match_solvers
from bot.lab.match_instances import WISHES, Case, Score, cases, instance, measure, pairs, score, show, table
from bot.lab.match_past import sizes

HERE = "tests.lab.test_match_instances"
SOLVERS = [match_solvers.at_random, match_solvers.greedy, match_solvers.swaps]
BLOSSOMS = [match_solvers.blossom, match_solvers.blossom_networkx]


def liar(given, rng):
    """No grouping: everybody is in the same group."""
    return np.zeros(given.people, np.int32)


def by_hand(given, groups):
    """The score in plain words."""
    soft = repeats = 0
    for one, other in combinations(range(given.people), 2):
        if groups[one] == groups[other]:
            department, zone, level = (trait[one] == trait[other] for trait in given.traits)
            soft += 4 * bool(department) + 2 * (not zone) + bool(level)
            repeats += any(past[one] == past[other] for past in given.past)
    return Score(soft, repeats)


def test_an_instance_is_drawn_from_its_seed():
    """The same seed, the same people and past; another seed, others. A past takes four bytes a person."""
    first, again, other = (instance(41, 4, seed) for seed in (1, 1, 2))

    assert np.array_equal(first.traits, again.traits)
    assert np.array_equal(first.past, again.past)
    assert not np.array_equal(first.past, other.past)
    assert (first.people, first.past.shape, first.past.dtype) == (41, (50, 41), np.int32)


@pytest.mark.parametrize(("people", "size"), [(40, 2), (41, 4), (9, 2)])
def test_rounds_of_the_past_are_groups(people, size):
    """Each past round seats everybody, in groups of the sizes that a round has."""
    for past in instance(people, size).past:
        assert sorted(Counter(past.tolist()).values()) == sorted(sizes(people, size))


def test_traits_have_their_values():
    """Twelve departments, four zones, four levels, each about as often."""
    for wish, trait in zip(WISHES, instance(6000, 4, rounds=1).traits, strict=True):
        counts = np.bincount(trait)
        assert len(counts) == wish.values
        assert counts.min() > 0.8 * 6000 / wish.values


@pytest.mark.parametrize(("people", "size"), [(60, 2), (61, 2), (62, 4), (50, 8)])
def test_the_referee_counts_as_one_counts_by_hand(people, size):
    """Soft cost and repeats, over every pair of every group."""
    given = instance(people, size)
    groups = match_solvers.at_random(given, Random(1))

    assert score(given, groups) == by_hand(given, groups)


def test_the_referee_sees_a_past_round_as_all_repeats():
    """The same groups once more: every pair met."""
    given = instance(40, 4)

    assert score(given, given.past[17]).repeats == 60
    assert {frozenset(pair) for pair in zip(*pairs(np.array([0, 1, 0, 1, 0])), strict=True)} == {
        frozenset(pair) for pair in ((0, 2), (0, 4), (2, 4), (1, 3))
    }


@pytest.mark.parametrize(
    "groups",
    [np.zeros(8), np.array([0] * 4 + [-1] * 4), np.arange(4).repeat(1), np.array([0] * 7 + [1])],
    ids=["all in one", "left", "too few", "alone"],
)
def test_what_is_no_grouping_is_refused(groups):
    """Everybody in one group, and no group is far from the wanted size."""
    with pytest.raises(ValueError, match=r"has one group|cannot have these sizes"):
        score(instance(8, 4), groups.astype(np.int32))


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("people", [200, 203])
def test_each_solver_is_better_than_the_one_before(people, size):
    """Random, then greedy without (most) repeats, then swaps that also mind the wishes."""
    given = instance(people, size, rounds=5)
    random, greedy, swaps = (score(given, solve(given, Random(3))) for solve in SOLVERS)

    assert swaps.repeats <= greedy.repeats < random.repeats
    assert swaps.soft < min(random.soft, greedy.soft)


def test_swaps_keep_their_books():
    """What the swaps believe the repeats of each person cost is what they cost, after each swap."""
    given = instance(40, 4, rounds=8)
    past = np.ascontiguousarray(given.past.T)
    state = match_solvers._Swaps(given, past, match_solvers._greedy_groups(given, past, Random(1)))
    rng = Random(5)
    for _ in range(300):
        state.offer(rng.randrange(40), rng.randrange(40))

        found = score(given, match_solvers._numbers(given, state.groups))
        assert sum(state.dear) == 2 * match_solvers.REPEAT * found.repeats
    assert all(person in state.groups[number] for person, number in enumerate(state.of))


def test_blossoms_agree_and_nothing_is_cheaper():
    """Two libraries find the same cost, and no swap of two people makes it cheaper."""
    given = instance(40, 2, rounds=20)
    one, other = (score(given, solve(given, Random(1))) for solve in BLOSSOMS)
    assert (one, one.repeats) == (other, 0)

    groups = match_solvers.blossom(given, Random(1))
    for first, second in combinations(range(40), 2):
        swapped = groups.copy()
        swapped[[first, second]] = groups[[second, first]]
        after = score(given, swapped)
        assert after.soft + match_solvers.REPEAT * after.repeats >= one.soft


def test_a_solver_is_measured_in_a_process_of_its_own():
    """The row holds what the referee saw here, with time and memory."""
    (row,) = table({"greedy": "bot.lab.match_solvers:greedy"}, 60, 4)
    given = instance(60, 4)

    assert row.problem == ""
    assert Score(row.soft, row.repeats) == score(given, match_solvers.greedy(given, Random(row.case.seed)))
    assert row.seconds > 0
    assert 10 < row.mb < 2000


def test_memory_is_that_of_the_process_alone():
    """A large process that starts a small one does not lend it its peak."""
    ballast = np.ones(15_000_000)  # 120 MB
    row = measure("random", Case("bot.lab.match_solvers:at_random", 100, 4))

    assert row.mb < ballast.nbytes / 2**20


def test_a_solver_that_fails_is_a_row_too():
    """What is no grouping, and what takes too long, stands in the table with its problem."""
    said = io.StringIO()
    rows = [
        measure("liar", Case(f"{HERE}:liar", 20, 4)),
        measure("late", Case("bot.lab.match_solvers:swaps", 1000, 4), patience=0.01),
    ]

    assert "cannot have these sizes" in rows[0].problem
    assert rows[1].problem.startswith("not done in")
    show(rows, Console(file=said, width=120))
    assert "liar" in said.getvalue()


def test_blossoms_are_asked_for_pairs_only():
    """They know no larger groups; and the quick tables stay small."""
    assert all(size == 2 for _, size, arms in cases(quick=False) if any("blossom" in arm for arm in arms))
    assert max(people for people, _, _ in cases(quick=True)) == 1000
