"""The bench of weeks counts what it says it counts."""

import io

import pytest
from rich.console import Console

from bot.lab.match_past import Outcome, outcome
from bot.lab.match_peers import chat_roulette, etsy_mixer, icebreaker
from bot.lab.match_peers_groups import blossom, greedy_groups, random_groups
from bot.lab.match_weeks import Setting, attendance, judged, run, show, show_fresh, simulate, table


def always(*groups):
    """A rule that makes the same groups each time."""
    return lambda present, past, rng: outcome(present, groups)


def test_who_comes_is_drawn_from_the_seed_alone():
    """The same people for every rule; others with another seed; some seven of ten."""
    setting = Setting(100, 20, share=0.7)
    weeks = list(attendance(setting, 1))

    assert weeks == list(attendance(setting, 1)) != list(attendance(setting, 2))
    assert 0.65 < sum(map(len, weeks)) / 2000 < 0.75


def test_regulars_always_come():
    """The first three, each time; the others are drawn as they are without regulars."""
    few, regulars = (Setting(40, 30, share=0.3, regulars=count) for count in (0, 3))

    for some, more in zip(attendance(few, 1), attendance(regulars, 1), strict=True):
        assert more[:3] == [0, 1, 2]
        assert set(more) == {*some, 0, 1, 2}
    assert simulate(icebreaker, regulars, 1).always == {0, 1, 2}


def test_repeats_are_counted_from_the_second_meeting_on():
    """The same two pairs for four rounds: six of eight repeat, first in round two."""
    seen = simulate(always([0, 1], [2, 3]), Setting(4, 4), 1)

    assert (seen.first, seen.pairs, seen.repeats) == (2, 8, 6)
    assert seen.lost == 6  # 0-2 1-3 and 0-3 1-2 stay possible in each of three rounds


def test_lost_is_what_a_maximum_matching_would_have_made():
    """Nobody is matched at all: both pairs are lost, each round."""
    assert simulate(always(), Setting(4, 3), 1).lost == 6


def test_missing_is_counted_by_person():
    """One of three sits out each time, and says so whatever the rule reports."""

    def careless(present, past, rng):
        return Outcome(((0, 1),))

    seen = simulate(careless, Setting(3, 5), 1)

    assert (seen.missed, seen.worst, seen.spread) == ({2: 5}, 5, 5)


def test_repeats_may_be_counted_in_the_first_rounds_only():
    """Of five rounds the first two: four pairs, two of them again."""
    seen = simulate(always([0, 1], [2, 3]), Setting(4, 5, counted=2), 1)

    assert (seen.pairs, seen.repeats) == (4, 2)


@pytest.mark.parametrize("groups", [[[0, 9]], [[0]], [[1, 1]]], ids=["stranger", "alone", "with oneself"])
def test_what_is_no_grouping_is_refused(groups):
    """The bench does not measure nonsense."""
    with pytest.raises(ValueError, match="group"):
        judged(outcome(range(4), groups), range(4))


def test_rows_are_means_over_seeds():
    """A seed without a repeat counts as the round after the last; lost is for pairs only."""
    settings = [Setting(6, 2), Setting(9, 2, size=3)]
    rows = table({"neighbours": icebreaker, "random": random_groups(3)}, settings, range(12))

    first = rows[0]
    assert None in first.firsts
    assert 2 in first.firsts
    assert first.first == 2 + first.firsts.count(None) / 12
    assert (first.lost is None, rows[3].lost is None) == (False, True)


def test_a_mapping_of_rules_is_measured_and_shown():
    """Whoever has one more rule hands it over by name and sees it beside the others."""
    said = io.StringIO()
    settings = [Setting(6, 3), Setting(8, 3, size=4)]
    for rows in run(settings, range(2), [lambda size: {"one more": greedy_groups(size)}]):
        assert {row.arm for row in rows} > {"one more", "random"}
        show(rows, Console(file=said, width=160))

    assert said.getvalue().count("one more") == 2


def test_fresh_seeds_have_neither_a_repeat_nor_anybody_left():
    """Four people have three fresh rounds: the same pairs miss them, nobody does, the reference has them."""
    said = io.StringIO()
    arms = {"same": always([0, 1], [2, 3]), "nobody": always(), "reference": blossom}
    rows = table(arms, [Setting(4, 3)], range(5))

    assert [row.fresh for row in rows] == [0, 0, 5]
    show_fresh(rows, Console(file=said, width=160))
    assert "reference" in said.getvalue()


def test_the_order_of_the_rules_is_the_known_one():
    """24 people, 23 rounds: no memory repeats most, the greedy rule less, etsy's never, but leaves people."""
    arms = {"none": icebreaker, "greedy": chat_roulette, "etsy": etsy_mixer}
    none, greedy, etsy = table(arms, [Setting(24, 23)], range(4))

    assert 30 < none.repeat_percent < 41
    assert 3 < greedy.repeat_percent < 11
    assert etsy.repeat_percent == 0 < etsy.left
