"""Means of what both state, exact to the point, and mentees with several slots."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.assignment import NOBODY
from domain.matching.fit import Fit, compared, shared
from domain.matching.reasons import NoMentor
from domain.matching.scoring import FULL
from domain.matching.slots import Demand, Filled, fill

ITEMS = st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7)
LEVEL = st.none() | st.integers(0, 4)


@given(
    wanted=st.lists(ITEMS, min_size=3, max_size=3),
    offered=st.lists(ITEMS, min_size=2, max_size=2),
    ours=st.lists(LEVEL, min_size=3, max_size=3),
    theirs=st.lists(LEVEL, min_size=2, max_size=2),
    weights=st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
@settings(max_examples=200, deadline=None)
def test_a_score_is_the_exact_mean(**drawn: Any) -> None:
    """In whole points, halves up, where a part that either does not state is left out with its weight."""
    first, second = drawn["weights"]
    parts = [
        shared("items", first, drawn["wanted"], drawn["offered"]),
        compared("level", second, drawn["ours"], drawn["theirs"], min, enough=4),
    ]
    scores, fine = Fit(parts, 3, 2).block(0, 3)

    assert fine.all()
    for a, b in np.ndindex(3, 2):
        wanted, offered = set(drawn["wanted"][a]), set(drawn["offered"][b])
        one, other = drawn["ours"][a], drawn["theirs"][b]
        stated = []
        if wanted and offered:
            stated.append((first, FULL * len(wanted & offered) // len(wanted)))
        if one is not None and other is not None:
            stated.append((second, FULL * min(one, other) // 4))
        weight = sum(part for part, _ in stated)
        mean = Fraction(sum(part * value for part, value in stated), 100 * weight) if weight else Fraction(0)
        assert scores[a, b] == 100 * int(mean + Fraction(1, 2))


def test_the_parts_of_a_score_add_up() -> None:
    """Reached and possible, in hundredths; what is not stated reaches nothing and asks for nothing."""
    parts = [
        shared("items", 60, [["a", "b"]], [["a"], []]),
        compared("level", 20, [1], [3, 3], lambda a, b: b - a, enough=4),
    ]
    fit = Fit(parts, 1, 2)

    assert fit.parts_of(0, 0) == (("items", 3_750, 7_500), ("level", 1_250, 2_500))
    assert fit.parts_of(0, 1) == (("items", 0, 0), ("level", 5_000, FULL))


def test_some_of_an_item_may_be_enough() -> None:
    """One of two, or of a hundred."""
    part = shared("items", 1, [["a", "b"], ["a"], ["c"]], [["b", "a"], ["z"]], most=1)

    assert Fit([part], 3, 2).block(0, 3)[0].tolist() == [[FULL, 0], [FULL, 0], [0, 0]]


@pytest.mark.parametrize("mentors", [0, 2])
@pytest.mark.parametrize("mentees", [0, 3])
def test_nobody_here_is_an_answer(mentees: int, mentors: int) -> None:
    """No parts, no people: nobody is matched, and each mentee has a reason."""
    demand = Demand([0] * mentors, [1] * mentees, [()] * mentees, choices=3, idle=())
    filled = fill(Fit([], mentees, mentors), demand, seed=1)

    assert filled.matches == []
    assert len(filled.without) == mentees


# --- Slots -----------------------------------------------------------------------------------------------


def filled(places: list[int], slots: list[int], **more: Any) -> Filled:
    """Three mentees, of whom all three fit all mentors equally."""
    demand = Demand(places, slots, [()] * len(slots), choices=3, idle=range(len(places)))
    return fill(Fit([], len(slots), len(places)), demand, seed=1, **more)


def test_first_slots_come_first() -> None:
    """Nobody has two mentors while somebody who could have one has none."""
    found = filled([1, 1, 1], [3, 3, 3])

    assert sorted(one.mentee for one in found.matches) == [0, 1, 2]
    assert found.without == {}


def test_nobody_gets_the_same_mentor_twice() -> None:
    """However many places that mentor has."""
    found = filled([5, 1], [2, 2, 2])

    assert len(found.pairs) == len(found.matches) == 4
    assert sorted(one.mentor for one in found.matches) == [0, 0, 0, 1]


def test_who_was_left_out_by_short_lists_is_matched_again() -> None:
    """Each looks at one mentor only, and the others of a large program are looked at next."""
    wanted, offered = [["a"]] * 4, [["a"], [], [], ["b"]]
    fit = Fit([shared("items", 1, wanted, offered)], 4, 4)
    demand = Demand([1] * 4, [1] * 4, [()] * 4, choices=3, idle=())
    found = fill(fit, demand, seed=1, longest=1, sweeps=0)

    assert sorted(one.mentor for one in found.matches) == [0, 1, 2, 3]
    assert found.without == {}


def test_who_is_left_has_the_last_reason() -> None:
    """After all looks: nobody who fits has a place any more."""
    found = filled([1, 1], [1, 1, 1], longest=1, sweeps=0)

    assert len(found.matches) == 2
    assert [one.code for one in found.without.values()] in ([NoMentor.FULL], [NoMentor.NO_PLACE])
    assert NOBODY not in {one.mentor for one in found.matches}


@pytest.mark.parametrize("seed", range(8))
def test_who_got_somebody_is_not_idle_any_more(seed: int) -> None:
    """A second mentor is one who has nobody, if all fit equally."""
    demand = Demand([2, 2, 2], [2, 1], [(), ()], choices=3, idle=range(3))
    found = fill(Fit([], 2, 3), demand, seed=seed)

    assert sorted(one.mentor for one in found.matches) == [0, 1, 2]
