"""Another amount, a second payment, another price: what is no payment of the bill goes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.billing import AlreadyPaid, Fee, Money
from domain.payments import CheckoutState, Order
from store.payments import Bill
from tests.builders import ADMIN, World
from tests.payers import MASSAGE, till_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


@pytest.mark.parametrize("wrong", [{"amount": 3900}, {"amount": 4100}, {"currency": "EUR"}])
def test_another_amount_is_not_paid_and_goes_back(till, wrong):
    """Another amount is not paid and goes back."""
    one = till.payer()
    event = till.pays(one, **wrong)
    assert [till.tell(event), till.tell(event), till.poll(one)] == [True, False, False]
    assert till.state(one) is Money.FAILED
    assert not till.lets_in(one)
    assert till.alarms() == [(ADMIN, "amount")]
    assert till.news(one) == []
    amount = wrong.get("amount", 4000)
    assert till.refunds(one) == [("mismatch", amount, "asked")]
    till.world.drain()
    assert till.refunds(one) == [("mismatch", amount, "done")]
    till.agrees(one)
    told = till.world.told(ADMIN)
    if wrong == {"amount": 3900}:
        assert "Amount differs: expected 40.00 USD, got 39.00 USD." in told
        assert till.bill(one).trouble == "Amount differs: expected 40.00 USD, got 39.00 USD."
    till.paid(one)  # the link stays usable
    assert till.state(one) is Money.PAID
    till.agrees(one)


def test_a_second_payment_goes_back_at_once(till):
    """A second payment goes back at once."""
    one = till.payer()
    first = till.open(one)
    till.tell(till.stripe.lapse(first))
    till.tell(till.pays(one))
    again = till.stripe.pay(first)  # which Stripe had told was over
    assert till.tell(again)
    assert till.state(one) is Money.PAID
    assert till.refunds(one) == [("twice", 4000, "asked")]
    till.world.drain()
    assert till.refunds(one) == [("twice", 4000, "done")]
    bill = till.bill(one)
    assert (bill.state, bill.paid, bill.refunded) == (Money.PAID, 4000, 0)
    assert till.news(one) == ["paid", "refunded"]
    till.agrees(one)


def test_an_older_checkout_that_is_paid_closes_the_newer_one(till):
    """An older checkout that is paid closes the newer one."""
    one = till.payer()
    first = till.open(one)
    till.tell(till.stripe.lapse(first))
    second = till.open(one)
    till.tell(till.stripe.pay(first))
    assert till.state(one) is Money.PAID
    till.world.drain()
    assert till.stripe.checkouts[second].state is CheckoutState.EXPIRED
    till.poll(one)
    assert (till.state(one), till.bill(one).poll_at) == (Money.PAID, None)


def test_a_new_price_closes_the_checkout_of_the_old_one(till):
    """A new price closes the checkout of the old one."""
    one = till.payer()
    first = till.open(one)
    till.price(one, Fee(0, "Massage", 5000, "USD"))
    second = till.open(one)
    assert second != first
    assert till.stripe.checkouts[first].state is CheckoutState.EXPIRED
    assert till.stripe.orders[-1].amount == 5000
    till.tell(till.stripe.pay(second))
    assert till.bill(one).paid == 5000
    till.price(one, Fee(0, "Massage", 5000, "USD"))
    with pytest.raises(AlreadyPaid):
        till.price(one, MASSAGE)
    with pytest.raises(AlreadyPaid):
        till.price(one, None)


def test_old_money_that_comes_before_the_new_price_is_opened_goes_back(till):
    """Old money that comes before the new price is opened goes back."""
    one = till.payer()
    first = till.open(one)
    till.price(one, Fee(0, "Massage", 5000, "USD"))
    till.stripe.pay(first)
    assert till.open(one) != first
    till.world.drain()
    assert till.refunds(one) == [("mismatch", 4000, "done")]
    till.agrees(one)


def test_a_payment_that_is_not_asked_for_any_more_is_gone_or_waived(till):
    """A payment that is not asked for any more is gone or waived."""
    one, two = till.payer(), till.payer(name="Kim")
    till.open(two)
    till.price(one, None)
    till.price(two, None)
    with till.world.db.reading() as tx:
        assert [bill.participant_id for bill in tx.scalars(select(Bill))] == [two.id]
    assert till.state(two) is Money.WAIVED
    assert till.lets_in(one)
    assert till.lets_in(two)
    till.price(two, MASSAGE)
    assert till.state(two) is Money.REQUIRED
    assert not till.lets_in(two)
    till.paid(two)
    till.agrees(two)


def test_money_of_another_installation_is_not_touched(till):
    """Two workspaces, or a new database, with the same account of Stripe: numbers of bills are the same."""
    one = till.payer()
    till.paid(one)
    bill = till.bill(one)
    theirs = Order(
        bill.id, "their-key", 3900, "USD", "Haircut", till.now + timedelta(hours=2), "https://b.example.com",
        owner="theirs",
    )  # fmt: skip
    event = till.stripe.pay(till.stripe.open(theirs).id)
    assert not till.tell(event)
    till.world.drain()
    assert till.refunds(one) == []
    assert till.stripe.refunds == []
    assert till.alarms() == []


def test_money_for_what_was_waived_goes_back_whatever_is_cancelled_and_undone_meanwhile(till):
    """Stripe was away when the refund was owed: an undone cancellation takes back its own refunds only."""
    one = till.payer()
    event = till.pays(one)
    till.price(one, None)
    till.tell(event)
    assert till.refunds(one) == [("late", 4000, "asked")]
    till.cancel(one)
    till.undo(one)
    till.world.drain()
    assert till.refunds(one) == [("late", 4000, "done")]
    assert (till.state(one), till.lets_in(one)) == (Money.WAIVED, True)
    till.agrees(one)
