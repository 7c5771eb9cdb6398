"""Ranked lists: nobody would rather swap, or as many as possible are matched."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.assignment import NOBODY, Solver
from domain.matching.ranked import Outcome, Ranked, blocking, most, stable

Problem = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Lists of up to three names, places, and how much each mentor named likes the mentee."""
    mentees, mentors, ranks = draw(st.integers(1, 5)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    names = st.integers(NOBODY, mentors - 1)
    choices = [[draw(names) for _ in range(ranks)] for _ in range(mentees)]
    capacity = [draw(st.integers(0, 2)) for _ in range(mentors)]
    liking = [[draw(st.integers(0, 3)) for _ in range(mentors)] for _ in range(mentees)]
    lists = np.array(choices)
    return (
        lists,
        np.array(capacity),
        np.where(lists >= 0, np.take_along_axis(np.array(liking), lists, axis=1), 0),
    )


def every(choices: np.ndarray, capacity: np.ndarray) -> list[np.ndarray]:
    """All assignments to named mentors that keep to the places."""
    options = [[NOBODY, *sorted(set(row.tolist()) - {NOBODY})] for row in choices]
    tried = [np.array(of) for of in product(*options)]
    return [of for of in tried if (np.bincount(of[of >= 0], minlength=len(capacity)) <= capacity).all()]


def rank(choices: np.ndarray, mentee: int, mentor: int) -> int:
    """The rank of a mentor on a list, from 1; one more than the list is long for nobody."""
    row = choices[mentee].tolist()
    return row.index(mentor) + 1 if mentor != NOBODY else len(row) + 1


@given(problem=problems(), seed=st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_no_pair_would_rather_have_each_other(problem: Problem, seed: int) -> None:
    """The answer is stable, within the places, and no stable answer gives any mentee a better choice."""
    choices, capacity, liking = problem
    found = stable(choices, capacity, liking=liking, seed=seed)

    assert (np.bincount(found.of[found.of >= 0], minlength=len(capacity)) <= capacity).all()
    assert not len(blocking(choices, capacity, found.of, liking=liking, seed=seed))
    for other in every(choices, capacity):
        if not len(blocking(choices, capacity, other, liking=liking, seed=seed)):
            for mentee, mentor in enumerate(other.tolist()):
                assert rank(choices, mentee, int(found.of[mentee])) <= rank(choices, mentee, mentor)


@given(problem=problems(), seed=st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_blocking_pairs_are_all_found(problem: Problem, seed: int) -> None:
    """Every pair that would rather have each other is found, in any assignment, and no other."""
    choices, capacity, _ = problem
    lot = np.random.default_rng(seed).permutation(len(choices))
    for of in every(choices, capacity)[:20]:
        expected = set()
        for mentee, row in enumerate(choices.tolist()):
            for mentor in set(row) - {NOBODY}:
                inside = np.flatnonzero(of == mentor)
                room = len(inside) < capacity[mentor] or (
                    capacity[mentor] and lot[inside].min() < lot[mentee]
                )
                if room and rank(choices, mentee, mentor) < rank(choices, mentee, int(of[mentee])):
                    expected.add((mentee, mentor))
        assert {tuple(pair) for pair in blocking(choices, capacity, of, seed=seed).tolist()} == expected


@pytest.mark.parametrize("solver", [Solver.SCIPY, Solver.ORTOOLS])
@given(problem=problems())
@settings(max_examples=100, deadline=None)
def test_most_are_matched_then_at_the_best_ranks(solver: Solver, problem: Problem) -> None:
    """No assignment matches more; none that matches as many has better ranks, then higher liking."""
    choices, capacity, liking = problem

    def aims(of: np.ndarray) -> tuple[int, int, int]:
        got = [
            (mentee, rank(choices, mentee, int(of[mentee]))) for mentee in np.flatnonzero(of >= 0).tolist()
        ]
        points = sum(choices.shape[1] + 1 - place for _, place in got)
        return len(got), points, sum(int(liking[mentee, place - 1]) for mentee, place in got)

    found = most(choices, capacity, liking=liking, solver=solver)

    assert aims(found.of) == max(aims(of) for of in every(choices, capacity))


@given(problem=problems(), seed=st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_the_same_seed_gives_the_same_answer(problem: Problem, seed: int) -> None:
    """Two runs on the same input and seed are equal."""
    choices, capacity, _ = problem

    assert (
        stable(choices, capacity, seed=seed).of.tolist() == stable(choices, capacity, seed=seed).of.tolist()
    )
    assert most(choices, capacity).of.tolist() == most(choices, capacity).of.tolist()


def test_the_two_rules_differ() -> None:
    """Stability may leave somebody alone whom the other rule matches, at a worse rank for another."""
    choices, capacity = np.array([[0, 1], [0, NOBODY]]), np.array([1, 1])
    liking = np.array([[9, 9], [1, 0]])

    assert stable(choices, capacity, liking=liking).of.tolist() == [0, NOBODY]
    assert most(choices, capacity, liking=liking).of.tolist() == [1, 0]


@pytest.mark.parametrize("rule", [stable, most])
def test_every_list_has_an_outcome(rule: type[stable]) -> None:
    """Matched with the rank, nothing named, no place to begin with, or full."""
    choices = np.array([[0, NOBODY], [0, 0], [NOBODY, NOBODY], [1, NOBODY], [NOBODY, 2]])
    found: Ranked = rule(choices, np.array([1, 0, 1]))

    assert sorted(found.outcome[:2]) == [Outcome.FULL, Outcome.MATCHED]
    assert found.outcome[2:] == (Outcome.NOTHING_NAMED, Outcome.NO_PLACE, Outcome.MATCHED)
    assert sorted(found.rank.tolist()) == [0, 0, 0, 1, 2]
    assert found.matched == 2


@pytest.mark.parametrize("rule", [stable, most])
@pytest.mark.parametrize(("mentees", "mentors", "ranks"), [(0, 0, 0), (0, 2, 3), (2, 0, 3), (2, 2, 0)])
def test_nothing_to_match_is_an_answer(rule: type[stable], mentees: int, mentors: int, ranks: int) -> None:
    """Nobody here, no mentors or empty lists: an empty answer, no exception."""
    found: Ranked = rule(np.full((mentees, ranks), NOBODY), np.ones(mentors, np.int64))

    assert found.of.tolist() == [NOBODY] * mentees
    assert found.outcome == (Outcome.NOTHING_NAMED,) * mentees
