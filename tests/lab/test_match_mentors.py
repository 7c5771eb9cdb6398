"""The mentor measurements: the same instances every time, and what every way of matching must keep to."""

import numpy as np
import pytest

from bot.lab.match_mentors import RANKED, SCORED, Case, measure, one, program, ranked_lists


@pytest.mark.parametrize("arm", sorted(set(SCORED) - {"linear_sum_assignment"}))
def test_nobody_beats_the_exact_ways(arm: str) -> None:
    """Exact ways agree in number and score; the others match no more than they."""
    seen, best = (one(Case("scores", name, 120, 40)) for name in (arm, "linear_sum_assignment"))

    if arm in ("first come", "greedy by score"):
        assert seen["matched"] <= best["matched"]
    else:
        assert (seen["matched"], seen["score"]) == (best["matched"], best["score"])


@pytest.mark.parametrize("arm", sorted(RANKED))
def test_ranked_ways_keep_their_promise(arm: str) -> None:
    """Deferred acceptance leaves no blocking pair, whoever computes it; "most" matches as many or more."""
    seen, stable = (one(Case("ranked", name, 120, 40)) for name in (arm, "ours, stable"))

    if arm in ("ours, stable", "matching"):
        assert (seen["blocking"], seen["matched"]) == (0, stable["matched"])
    if arm.startswith("ours, most"):
        assert seen["matched"] >= stable["matched"]


def test_instances_are_drawn_from_the_seed() -> None:
    """One seed, one instance; every list names five different mentors; there are places for 95 in 100."""
    choices, _, capacity = ranked_lists(200, 60)
    rules, places = program(200, 60)

    assert np.array_equal(choices, ranked_lists(200, 60)[0])
    assert np.array_equal(rules.parts[0].mentees, program(200, 60)[0].parts[0].mentees)
    assert not np.array_equal(choices, ranked_lists(200, 60, seed=8)[0])
    assert all(len(set(row)) == 5 for row in choices.tolist())
    assert capacity.sum() == places.sum() == 190


def test_each_way_runs_alone() -> None:
    """A row comes from a process of its own, with its time and memory; who fails says why."""
    row = measure(Case("whole", "ours, and the bound", 60, 20))
    failed = measure(Case("ranked", "nobody's", 60, 20))

    assert row.matched
    assert row.mb
    assert "nobody's" in failed.problem
    assert "not done" in measure(Case("scores", "networkx", 1000, 300), patience=0.01).problem
