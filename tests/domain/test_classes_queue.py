"""3.6: whose turn it is on a waitlist."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.classes import Mode
from domain.classes_queue import Entry, Option, mode_of, offer_until, turns

START = datetime(2026, 10, 6, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def alone(entry_id: int, *dates: int, **more: int) -> Entry:
    """Somebody who waits for all of these dates."""
    return Entry(entry_id, (Option(frozenset(dates)),), **more)


def pair(first: int, second: int, date: int, *, passed_over: bool = False) -> list[Entry]:
    """Two who come together."""
    want = (Option(frozenset({date})),)
    return [
        Entry(first, want, partner=second, passed_over=passed_over),
        Entry(second, want, partner=first, passed_over=passed_over),
    ]


def test_the_first_is_offered_first() -> None:
    """Two places for three people."""
    found = turns([alone(1, 7), alone(2, 7), alone(3, 7)], {7: 2}, {})
    assert found.offers == {1: frozenset({7}), 2: frozenset({7})}


def test_a_class_is_offered_only_with_all_its_dates() -> None:
    """Who waits for all dates is skipped while one of them is full; who waits for the one date has it."""
    found = turns([alone(1, 7, 8), alone(2, 7)], {7: 1, 8: 0}, {})
    assert set(found.offers) == {2}


def test_a_membership_takes_as_many_classes_as_it_needs_and_none_at_the_same_time() -> None:
    """Of three classes the first and the third, because the second overlaps the first."""
    options = (
        Option(frozenset({1}), 0, 60), Option(frozenset({2}), 30, 90), Option(frozenset({3}), 60, 120)
    )  # fmt: skip
    free = {1: 1, 2: 1, 3: 1}
    assert turns([Entry(9, options, need=2)], free, {}).offers == {9: frozenset({1, 3})}
    assert not turns([Entry(9, options[:2], need=2)], free, {}).offers


def test_no_more_is_offered_than_may_be_sold() -> None:
    """One sale is left, whatever places there are."""
    queue = [alone(1, 7, membership_id=5), alone(2, 7, membership_id=5), alone(3, 7)]
    assert set(turns(queue, {7: 3}, {5: 1}).offers) == {1, 3}


def test_two_wait_for_two_places_and_are_passed_over_once() -> None:
    """The single place goes to the next; the next time it waits for them."""
    once = turns([*pair(1, 2, 7), alone(3, 7)], {7: 1}, {})
    assert set(once.offers) == {3}
    assert once.passed_over == {1, 2}
    again = turns([*pair(1, 2, 7, passed_over=True), alone(3, 7)], {7: 1}, {})
    assert not again.offers
    both = turns([*pair(1, 2, 7, passed_over=True), alone(3, 7)], {7: 2}, {})
    assert set(both.offers) == {1, 2}


def test_two_are_not_passed_over_when_nobody_is_behind_them() -> None:
    """Nothing was given to anybody else."""
    assert not turns(pair(1, 2, 7), {7: 1}, {}).passed_over


@given(
    st.lists(st.tuples(st.sets(st.integers(1, 4), min_size=1), st.integers(0, 2)), max_size=12),
    st.dictionaries(st.integers(1, 4), st.integers(0, 3)),
    st.dictionaries(st.integers(1, 2), st.integers(0, 3)),
)
def test_never_more_is_given_than_there_is(
    wants: list[tuple[set[int], int]], free: dict[int, int], sales: dict[int, int]
) -> None:
    """Whatever the queue; and nobody is left out for whom there was enough after all offers."""
    queue = [
        alone(n, *dates, membership_id=membership) for n, (dates, membership) in enumerate(wants, start=1)
    ]
    offers = turns(queue, free, sales).offers
    for date in range(1, 5):
        left = free.get(date, 0) - sum(date in dates for dates in offers.values())
        assert left >= 0
    by_membership = {one.id: one.membership_id for one in queue}
    for membership, most in sales.items():
        assert sum(by_membership[one] == membership for one in offers) <= most


@pytest.mark.parametrize(
    ("setting", "before", "costs", "mode"),
    [
        (Mode.OFFER, 3 * HOUR, True, Mode.OFFER),
        (Mode.OFFER, 2 * HOUR, True, Mode.EVERYBODY),
        (Mode.AT_ONCE, 3 * HOUR, True, Mode.OFFER),
        (Mode.AT_ONCE, 3 * HOUR, False, Mode.AT_ONCE),
        (Mode.EVERYBODY, 300 * HOUR, True, Mode.EVERYBODY),
        (Mode.OFFER, 0 * HOUR, True, None),
    ],
)
def test_how_a_place_is_given(setting: Mode, before: timedelta, costs: bool, mode: Mode | None) -> None:
    """In the last two hours everybody is asked; nothing is offered once it began."""
    assert mode_of(setting, START, START - before, costs=costs) is mode


def test_how_long_an_offer_stands() -> None:
    """48 hours, at most until two hours before the start; whoever is asked with everybody until it begins."""
    assert offer_until(START, START - 100 * HOUR, Mode.OFFER) == START - 52 * HOUR
    assert offer_until(START, START - 5 * HOUR, Mode.OFFER) == START - 2 * HOUR
    assert offer_until(START, START - HOUR, Mode.EVERYBODY) == START
