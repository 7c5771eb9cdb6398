"""A plan: as many weeks as can be without anybody meeting twice, the same for the same people and seed."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.plan import (
    LARGEST_GROUP,
    MOST_IN_GROUPS,
    PROVED,
    affine,
    circle,
    circle_table,
    cyclic,
    develop,
    fresh_bound,
    most_fresh_weeks,
    next_week,
    pairs,
    seated,
    weeks,
)
from domain.matching.starter_search import search_base_week
from domain.matching.starters import STARTERS

# CSPLib 010, five to ten groups: best known, proved optimal: guwidoe/GroupMixer solver5_target_matrix.v1.json
BEST_KNOWN = {3: (7, 8, 10, 11, 13, 14), 4: (5, 7, 9, 10, 11, 13)}
CELLS = [(groups, size, best) for size, row in BEST_KNOWN.items() for groups, best in enumerate(row, start=5)]

SIZES = [
    (groups, size) for size in range(3, LARGEST_GROUP + 1) for groups in range(1, MOST_IN_GROUPS // size + 1)
]
ROSTERS = st.sampled_from(SIZES).map(lambda each: (each[0] * each[1], each[1]))


def meetings(plan):
    """Every meeting of two people, again as often as they meet."""
    return [pair for week in plan for pair in pairs(week)]


def assert_a_plan(plan, groups, size):
    """Each week seats everybody once in groups of the size, and no two meet twice."""
    for week in plan:
        assert [len(group) for group in week] == [size] * groups
        assert sorted(seat for group in week for seat in group) == list(range(groups * size))
    met = meetings(plan)
    assert len(met) == len(set(met))


def test_in_pairs_everybody_meets_everybody_once_whatever_the_number():
    """Even n: n - 1 weeks that seat all, and no pair twice; for n - 1 people the last seat is empty.

    Every n to 300 and some to 1,000; `bot.lab.match_plans` checks all of them.
    """
    for n in (*range(2, 301, 2), *range(350, 1001, 50)):
        table = circle_table(n)
        one, two = table[..., 0], table[..., 1]
        assert table.shape == (n - 1, n // 2, 2)
        met = np.zeros(n * n, dtype=bool)
        met[one * n + two] = True
        met = met.reshape(n, n)
        assert met.sum() == comb(n, 2)
        assert not (met & met.T).any()
        seen, week = np.zeros((n - 1, n), dtype=bool), np.arange(n - 1)[:, None]
        seen[week, one] = seen[week, two] = True
        assert seen.all()
        assert (two[:, 0] == n - 1).all()
        assert np.array_equal(circle_table(n - 1), table[:, 1:])


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 11])
def test_the_circle_has_no_special_cases(n):
    """Nobody, one, two and three people get the weeks there can be."""
    assert set(meetings(circle(n))) == set(map(frozenset, combinations(range(n), 2)))


@pytest.mark.parametrize(("groups", "size", "best"), CELLS)
def test_a_stored_base_week_gives_the_best_known_plan(groups, size, best):
    """All twelve cells of the social golfer problem are reached, 32 people in fours for ten weeks too."""
    plan = cyclic(groups, size) or affine(groups, size)

    assert_a_plan(plan, groups, size)
    assert len(plan) == best == most_fresh_weeks(groups * size, size)


@pytest.mark.parametrize(("groups", "size"), sorted(STARTERS))
def test_each_stored_base_week_outlasts_the_ring(groups, size):
    """What is stored is a plan, within the bound, and worth storing."""
    plan = cyclic(groups, size)

    assert_a_plan(plan, groups, size)
    assert len(affine(groups, size)) < len(plan) <= most_fresh_weeks(groups * size, size)


@pytest.mark.parametrize(
    ("groups", "size", "expected"),
    [
        (4, 4, 5),
        (8, 8, 9),
        (9, 9, 10),
        (9, 3, 13),
        (16, 4, 21),
        (27, 3, 40),
        (20, 4, 25),
        (13, 8, 13),
        (6, 3, 0),
    ],
)
def test_lines_over_a_ring_are_a_plan(groups, size, expected):
    """A prime power gives a plane, a product the smaller of its fields; columns add plans of their own."""
    plan = affine(groups, size)

    assert_a_plan(plan, groups, size)
    assert len(plan) == expected


@settings(max_examples=60, deadline=None)
@given(ROSTERS, st.integers())
def test_weeks_of_any_size_hold_for_every_seed(roster, seed):
    """Up to 120 people, groups of 3 to 8: a plan within the bound or none, the same for the same seed."""
    n, size = roster
    plan = weeks(n, size, seed=seed)

    assert_a_plan(plan, n // size, size)
    assert len(plan) <= most_fresh_weeks(n, size)
    assert plan == weeks(n, size, seed=seed)


def test_a_seed_draws_one_plan_of_many():
    """Another seed seats people otherwise, as early as the first week."""
    firsts = {frozenset(pairs(weeks(32, 4, seed=seed)[0])) for seed in range(20)}
    assert len(firsts) == 20


def test_a_seed_means_the_same_on_every_machine():
    """The first week of 16 people in fours, written down once."""
    assert weeks(16, 4, seed=7)[0] == ((10, 8, 3, 14), (12, 2, 0, 5), (9, 1, 7, 15), (4, 13, 6, 11))


@pytest.mark.parametrize(
    ("n", "size"), [(31, 4), (12, 5), (10, 5), (1, 2), (0, 2), (1002, 2), (124, 4), (36, 6)]
)
def test_where_a_plan_does_not_help_there_is_none(n, size):
    """A remainder, too few groups, too many people, or no more weeks than a search finds: no plan."""
    assert weeks(n, size, seed=1) == ()


def test_with_odd_pairs_everybody_sits_out_once():
    """25 people, 25 weeks: each is missing from one."""
    plan = weeks(25, 2, seed=3)
    missing = [set(range(25)) - {seat for pair in week for seat in pair} for week in plan]

    assert sorted(seat for few in missing for seat in few) == list(range(25))


@pytest.mark.parametrize(
    ("n", "size", "most"),
    [
        (24, 2, 23),
        (25, 2, 25),
        (2, 2, 1),
        (3, 2, 3),
        (1, 2, 0),
        (0, 3, 0),
        (28, 4, 9),
        (100, 4, 33),
        (12, 8, 1),
        (15, 8, 1),
    ]
    + [(groups * size, size, most) for (groups, size), most in PROVED.items()],
)
def test_the_bound_is_what_can_be_said_to_an_organizer(n, size, most):
    """24 people in pairs: at most 23 fresh weeks. Fewer groups than people in one: only one."""
    assert most_fresh_weeks(n, size) == most


def test_the_bound_counts_a_trio():
    """Seven people have 21 pairs; two pairs and a trio use five a week. Two groups of up to 3: one week."""
    assert fresh_bound(7, [2, 2, 3]) == 4
    assert fresh_bound(5, [2, 3]) == 1


def test_a_program_follows_its_plan_without_storing_it():
    """Asked again each week with those who met, the plan gives all its weeks, then none."""
    people = [f"U{number:02}" for number in range(32)]
    met = set()
    lasted = 0
    while week := next_week(seated(weeks(32, 4, seed=5), people), met):
        assert met.isdisjoint(pairs(week))
        met.update(pairs(week))
        lasted += 1

    assert lasted == 10


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 22)), st.integers(0, 100))
def test_the_plan_is_found_again_after_other_weeks(past, seed):
    """Weeks that passed are skipped, in any order; a meeting outside the plan spoils its own week alone."""
    plan = weeks(24, 2, seed=seed)
    met = {pair for index in past for pair in pairs(plan[index])}

    fresh = [week for index, week in enumerate(plan) if index not in past]
    assert next_week(plan, met) == (fresh[0] if fresh else None)
    if len(fresh) > 1:
        assert next_week(plan, met | {frozenset(fresh[0][3])}) == fresh[1]


def test_the_cheapest_fresh_week_comes_first():
    """A cost chooses among the fresh weeks, never one in which somebody meets again."""
    plan = weeks(12, 2, seed=1)

    def wish(week):
        return -plan.index(week)

    assert next_week(plan, set(), cost=wish) == plan[-1]
    assert next_week(plan, set(pairs(plan[-1])), cost=wish) == plan[-2]
    assert next_week(plan, {pair for week in plan for pair in pairs(week)}, cost=wish) is None


@pytest.mark.parametrize(
    ("groups", "size", "order", "bases"),
    [(5, 3, 7, 1), (5, 4, 5, 1), (8, 3, 11, 1), (6, 3, 4, 2)],
)
def test_the_search_that_filled_the_table_can_be_repeated(groups, size, order, bases):
    """From a seed and a number of moves come base weeks whose turns are a plan of bases * order weeks."""
    found = search_base_week(groups, size, order, bases=bases, seed=1, moves=300_000)

    plan = develop(found, order, groups * size)
    assert_a_plan(plan, groups, size)
    assert len(plan) == bases * order


def test_a_search_without_an_answer_ends():
    """Six people in threes cannot meet afresh in two weeks: the moves run out."""
    assert search_base_week(2, 3, 2, seed=1, moves=2_000) is None
