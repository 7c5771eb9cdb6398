"""How long groups can stay fresh: a bound that no program of rounds exceeds."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import coffee
from domain.forecast import fresh_rounds


@pytest.mark.parametrize(
    ("people", "size", "rounds"),
    [
        (24, 2, 23),  # everybody meets everybody else, one each time
        (25, 2, 21),  # three of them are one group, so a round takes fourteen of the 300 pairs
        (32, 4, 10),  # the social golfers: ten weeks, proved
        (20, 4, 5),  # one less than counting says, proved
        (36, 6, 3),  # Tarry's theorem
        (3, 3, 1),
        (2, 2, 1),
        (1, 2, 0),
        (0, 2, 0),
    ],
)
def test_a_new_program_lasts_as_long_as_the_best_plan_could(people: int, size: int, rounds: int) -> None:
    """Before the first round the bound is that of everybody present."""
    assert fresh_rounds([0] * people, size) == rounds


@pytest.mark.parametrize(("met", "rounds"), [(0, 23), (9, 14), (22, 1), (23, 0)])
def test_each_round_of_pairs_takes_one_away(met: int, rounds: int) -> None:
    """24 people of whom each has met as many others."""
    assert fresh_rounds([met] * 24, 2) == rounds


def test_whoever_knows_most_decides() -> None:
    """One who has met all others but two is in a group with strangers once more, in a group of three."""
    assert fresh_rounds([21] + [1] * 21 + [0] * 2, 3) == 1
    assert fresh_rounds([23] + [1] * 23, 2) == 0


def test_where_somebody_sits_out_only_pairs_are_counted() -> None:
    """Whoever has met everybody may be the one who sits out."""
    assert fresh_rounds([4, 1, 1, 1, 1], 2, "sit_out") == 3
    assert fresh_rounds([4, 1, 1, 1, 1], 2, "larger") == 0


@given(people=st.integers(2, 26), size=st.integers(2, 5), rounds=st.integers(0, 12))
def test_no_history_promises_more_than_a_new_program(people: int, size: int, rounds: int) -> None:
    """Rounds that took place never add to what is left."""
    met = [min(rounds, people - 1)] * people

    assert 0 <= fresh_rounds(met, size) <= fresh_rounds([0] * people, size)


@pytest.mark.parametrize(("people", "size"), [(8, 2), (9, 3), (7, 2), (10, 3), (16, 4)])
def test_rounds_as_they_are_matched_never_exceed_it(people: int, size: int) -> None:
    """Played round by round, at no time do more fresh rounds follow than were promised."""
    everybody = [f"U{number:02}" for number in range(people)]
    ago: dict[frozenset[str], int] = {}
    bounds, fresh = [], []
    for number in range(9):
        met = [sum(who in pair for pair in ago) for who in everybody]
        bounds.append(fresh_rounds(met, size))
        found = coffee.match(everybody, size, met=ago, seed=number)
        fresh.append(found.repeats == 0)
        ago = {pair: rounds + 1 for pair, rounds in ago.items()}
        ago |= {frozenset(two): 1 for group in found.groups for two in combinations(group.people, 2)}

    for number, bound in enumerate(bounds):
        lasted = next((n for n, one in enumerate(fresh[number:]) if not one), len(fresh) - number)
        assert lasted <= bound
