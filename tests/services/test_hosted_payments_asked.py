"""Where no webhook tells of a payment, Stripe is asked, and not too often."""

from datetime import timedelta
from threading import Event

import pytest

from domain.billing import Fee, Money
from services import checkouts, payments
from services.outside import NoPayments, PriceRefused
from tests.builders import World
from tests.payers import MASSAGE, till_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


def test_a_lost_webhook_is_found_by_asking_every_minute(till):
    """A lost webhook is found by asking every minute."""
    one = till.payer()
    till.pays(one)
    assert till.due_now() == 0
    till.world.clock.move(minutes=1)
    assert till.due_now() == 1
    assert till.state(one) is Money.PAID
    assert till.news(one) == ["paid"]
    assert till.bill(one).poll_at is None
    looked = len(till.stripe.calls)
    till.world.clock.move(minutes=5)
    assert till.due_now() == 0
    assert len(till.stripe.calls) == looked


def test_asking_stops_when_the_checkout_has_expired(till):
    """Asking stops when the checkout has expired."""
    one = till.payer()
    checkout = till.open(one)
    for _ in range(3):
        till.world.clock.move(minutes=1)
        assert till.due_now() == 0
    assert [what for what, _ in till.stripe.calls] == ["open", "look", "look", "look"]
    till.stripe.lapse(checkout)
    till.world.clock.move(minutes=1)
    assert till.due_now() == 1
    assert till.state(one) is Money.EXPIRED
    assert till.bill(one).poll_at is None


def test_asking_slows_down_while_stripe_is_away_and_one_at_a_time(till):
    """Asking slows down while Stripe is away and one at a time."""
    ones = [till.payer(), till.payer(name="Kim")]
    for one in ones:
        till.open(one)
    till.stripe.away = True
    waits = []
    for _ in range(6):
        till.world.clock.now = till.bill(ones[0]).poll_at
        till.poll(ones[0])
        waits.append((till.bill(ones[0]).poll_at - till.now) // MINUTE)
    assert waits == [2, 4, 8, 15, 15, 15]
    till.world.clock.move(minutes=30)
    before = len(till.stripe.calls)
    till.due_now()
    assert len(till.stripe.calls) == before + 1  # the other one waits for its turn
    till.stripe.away = False
    till.stripe.pay(till.bill(ones[0]).checkout)
    till.world.clock.move(hours=1)
    assert till.due_now() == 1
    assert till.bill(ones[0]).misses == 0


def test_asking_ends_a_week_after_a_checkout_that_nobody_can_ask_about(till):
    """Asking ends a week after a checkout that nobody can ask about."""
    one = till.payer()
    till.open(one)
    till.stripe.away = True
    till.world.clock.now = till.bill(one).checkout_until + timedelta(days=7, seconds=1)
    till.poll(one)
    assert till.bill(one).poll_at is None


def test_whoever_comes_back_to_the_page_has_stripe_asked_but_not_all_the_time(till):
    """Whoever comes back to the page has Stripe asked but not all the time."""
    one = till.payer()
    till.pays(one)
    deps = till.world.deps
    payments.glance(deps, one.pay, now=till.now)
    assert till.state(one) is Money.CHECKOUT_OPEN  # opened this very moment
    till.world.clock.move(seconds=6)
    payments.glance(deps, one.pay, now=till.now)
    assert till.state(one) is Money.PAID


def test_stripe_away_at_the_till(till):
    """Stripe away at the till."""
    one = till.payer()
    till.stripe.away = True
    with pytest.raises(NoPayments):
        till.open(one)
    assert till.state(one) is Money.REQUIRED
    assert not till.lets_in(one)
    till.stripe.away = False
    till.paid(one)
    assert len(till.stripe.orders) == 1


def test_a_price_that_stripe_refuses_is_noted(till):
    """A price that Stripe refuses is noted."""
    one = till.payer(Fee(0, "Tip", 10, "USD"))
    with pytest.raises(PriceRefused):
        till.open(one)
    assert till.bill(one).trouble
    with pytest.raises(PriceRefused):
        payments.try_price(till.world.deps, Fee(0, "Tip", 10, "USD"), now=till.now)
    payments.try_price(till.world.deps, MASSAGE, now=till.now)
    assert [order.amount for order in till.stripe.orders] == [4000]
    till.open(till.payer())
    payments.try_price(till.world.deps, MASSAGE, now=till.now)  # known to be taken
    till.stripe.away = True
    payments.try_price(till.world.deps, Fee(0, "Tip", 10, "USD"), now=till.now)
    assert len(till.stripe.orders) == 2


def test_a_form_waits_for_stripe_no_longer_than_slack_for_the_form(till, monkeypatch):
    """Two prices of a slow Stripe: the form goes on; [Waive Payment] says to try again, and may be."""
    one, ends = till.payer(), Event()
    till.open(one)
    monkeypatch.setattr(checkouts, "SOON", 0.02)
    till.stripe.before = lambda method, what: assert_soon(ends)
    tip, book = Fee(0, "Tip", 300, "USD"), Fee(0, "Book", 700, "USD")
    payments.try_price(till.world.deps, tip, book, now=till.now)
    with pytest.raises(NoPayments):
        till.waive(one)
    assert till.state(one) is Money.CHECKOUT_OPEN
    ends.set()
    monkeypatch.setattr(checkouts, "SOON", 20)
    assert till.waive(one).changed
    assert till.state(one) is Money.WAIVED


def assert_soon(ends):
    """Wait for an end that comes in time."""
    assert ends.wait(20)
