"""What follows on what for a bill, which money counts, and who gets it back."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from domain.billing import (
    DUE,
    HOLDS,
    LETS_IN,
    RECEIVED,
    UNPAID,
    Amount,
    Effect,
    Money,
    Next,
    Standing,
    Turn,
    after,
    checkout_until,
    next_look,
    of_payment,
)
from domain.hosted import late_refund, own_refund
from domain.pay_page import Page, page_of

START = datetime(2026, 3, 3, 20, tzinfo=UTC)
PRICE = Amount(4000, "USD")
HOUR = timedelta(hours=1)
BACK = {Turn.PART_BACK, Turn.ALL_BACK, Turn.DISPUTED, Turn.AGAIN, Turn.WON, Turn.KEPT}


def test_money_that_arrived_is_taken_back_by_nothing_but_a_refund_or_a_dispute():
    """Out of order and repeated events never lead from money that arrived to none."""
    for state, turn in product(RECEIVED, set(Turn) - BACK):
        follows = after(state, turn)
        assert follows is None or follows.state is state, (state, turn)


def test_paid_opens_the_door_once():
    """Every state without money comes to be paid, and tells it; none does twice."""
    for state in UNPAID:
        assert after(state, Turn.PAID) == Next(Money.PAID, (Effect.TELL_PAID,))
    for state in set(Money) - set(UNPAID):
        assert after(state, Turn.PAID) is None


def test_only_paid_and_waived_bills_open_the_door():
    """A turn that lets somebody in is a payment, a waiver, or a dispute about one that was made."""
    for state, turn in product(Money, Turn):
        follows = after(state, turn)
        if follows and follows.state in LETS_IN and state not in LETS_IN:
            assert turn in (Turn.PAID, Turn.WAIVED, Turn.DISPUTED, Turn.KEPT), (state, turn)


def test_what_can_be_paid_is_what_is_due():
    """The states that are due are those without money, and each can be opened but one."""
    assert set(UNPAID) == set(DUE)
    opened = {state for state in Money if after(state, Turn.OPENED)}
    assert opened == set(UNPAID) - {Money.PROCESSING}
    assert {state for state in Money if after(state, Turn.WAIVED)} == opened


def test_all_that_is_held_can_go_back():
    """From every state with money, all of it leads to refunded."""
    for state in HOLDS:
        assert after(state, Turn.ALL_BACK) == Next(Money.REFUNDED)


@pytest.mark.parametrize(
    ("state", "got", "known", "wanted", "what"),
    [
        (Money.CHECKOUT_OPEN, PRICE, (), True, Turn.PAID),
        (Money.EXPIRED, PRICE, (), True, Turn.PAID),
        (Money.REQUIRED, PRICE, ("pi_1",), True, None),
        (Money.PAID, PRICE, ("pi_1",), True, None),
        (Money.PAID, PRICE, ("pi_0",), True, Turn.TWICE),
        (Money.REFUNDED, PRICE, ("pi_0",), True, Turn.TWICE),
        (Money.PAID, Amount(3900, "USD"), ("pi_0",), True, Turn.TWICE),
        (Money.CHECKOUT_OPEN, Amount(3900, "USD"), (), True, Turn.MISMATCH),
        (Money.CHECKOUT_OPEN, Amount(4000, "EUR"), (), True, Turn.MISMATCH),
        (Money.CHECKOUT_OPEN, Amount(3900, "USD"), (), False, Turn.MISMATCH),
        (Money.CHECKOUT_OPEN, PRICE, (), False, Turn.LATE),
        (Money.WAIVED, PRICE, (), True, Turn.LATE),
    ],
)
def test_what_a_payment_is_to_a_bill(state, got, known, wanted, what):
    """Known, paid, twice, late, or of another amount."""
    assert of_payment(Standing(state, PRICE, frozenset(known), wanted), "pi_1", got) is what
    if what is not None:
        assert after(state, what) is not None


def test_own_cancellations_are_free_until_24_hours_before():
    """Full until 24 hours before the start, none later; by the host always."""
    assert own_refund(START, START - 30 * HOUR)
    assert own_refund(START, START - 24 * HOUR)
    assert not own_refund(START, START - 24 * HOUR + timedelta(seconds=1))
    assert not own_refund(START, START - 3 * HOUR)
    assert late_refund(declined=False, starts_at=START, now=START)
    assert not late_refund(declined=True, starts_at=START, now=START)


@pytest.mark.parametrize(
    ("ahead", "lasts"),
    [(timedelta(days=3), 23 * HOUR), (23 * HOUR, 23 * HOUR), (5 * HOUR, 5 * HOUR),
     (31 * HOUR / 60, 31 * HOUR / 60), (HOUR / 60, 31 * HOUR / 60), (-HOUR, 31 * HOUR / 60)],
)  # fmt: skip
def test_how_long_a_checkout_lasts(ahead, lasts):
    """Until the session's end, within 31 minutes and 23 hours."""
    assert checkout_until(START, START + ahead) == START + lasts


def test_when_stripe_is_asked_again():
    """Every minute; more and more seldom while it is away; a week after its end nobody asks."""
    waits = [next_look(START, misses, None) - START for misses in (0, 1, 2, 3, 4, 5, 500)]
    assert [wait / timedelta(minutes=1) for wait in waits] == [1, 2, 4, 8, 15, 15, 15]
    assert next_look(START, 0, START - timedelta(days=7)) is not None
    assert next_look(START, 0, START - timedelta(days=7, seconds=1)) is None


def test_the_page_of_every_state():
    """A button only where something is due, in a session that is to be."""
    for state, wanted, over in product(Money, (True, False), (True, False)):
        page = page_of(state, wanted=wanted, over=over)
        assert (page is Page.DUE) == (state in DUE and state is not Money.PROCESSING and wanted and not over)
        assert (page is Page.CANCELLED) == (not wanted)
    assert page_of(Money.PAID, wanted=True, over=True) is Page.PAID
    assert page_of(Money.PROCESSING, wanted=True, over=True) is Page.PROCESSING
    assert page_of(Money.WAIVED, wanted=True, over=False) is Page.WAIVED
    assert page_of(Money.REFUNDED, wanted=True, over=False) is Page.REFUNDED
    assert page_of(Money.EXPIRED, wanted=True, over=True) is Page.ENDED
