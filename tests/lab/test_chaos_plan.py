"""What goes wrong is drawn from a seed: all of it, and the same again."""

from collections import Counter

import pytest

from bot.lab.chaos_plan import VICTIMS, draw


def test_the_same_seed_gives_the_same_plan():
    """A failure can be played again."""
    first, second = draw(7, 50, people=48), draw(7, 50, people=48)
    assert first == second
    assert first != draw(8, 50, people=48)
    assert first.rules(0, "ask") == second.rules(0, "ask")


@pytest.mark.parametrize("seed", range(20))
def test_fifty_kills_strike_each_kind_of_process_at_five_moments_or_more(seed):
    """Every victim dies ten times, at five or more different moments."""
    plan = draw(seed, 50, people=48)
    kills = [one for one in plan.strikes if one.victim in VICTIMS]
    assert Counter(one.victim for one in kills) == dict.fromkeys(VICTIMS, 10)
    for victim in VICTIMS:
        moments = {(one.stage, one.name) for one in kills if one.victim == victim}
        assert len(moments) >= 5


@pytest.mark.parametrize("seed", range(20))
def test_a_deaf_worker_is_not_waited_for(seed):
    """In the round in which the worker is frozen, no strike needs it."""
    plan = draw(seed, 50, people=48)
    if plan.deaf is not None:
        assert all(one.role != "worker" for one in plan.strikes if one.round == plan.deaf)
        assert plan.deaf == plan.rounds - 1
