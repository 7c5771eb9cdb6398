"""A payment is taken once: whatever is told twice, late or out of order."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.billing import Fee, Money, NoSuchLink, NotPayable
from domain.messages import Kind, Method
from domain.pay_page import Page
from domain.payments import CheckoutState
from services import payments
from services.hosted_bills import OnItsWay
from store.payments import Bill
from tests.builders import TEAM, World
from tests.guests import HOST
from tests.payers import RULE, till_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


def test_a_payment_is_told_once_and_opens_the_door(till):
    """A payment is told once and opens the door."""
    till.wants_mail()
    one = till.payer()
    assert till.state(one) is Money.REQUIRED
    assert not till.lets_in(one)
    event = till.pays(one)
    assert till.state(one) is Money.CHECKOUT_OPEN
    assert [till.tell(event) for _ in range(3)] == [True, False, False]
    bill = till.bill(one)
    assert (bill.state, bill.paid, bill.poll_at) == (Money.PAID, 4000, None)
    assert till.lets_in(one)
    assert till.news(one) == ["paid"]
    receipts = [(row.recipient, row.method) for row in till.owed(Kind.HOSTED_RECEIPT)]
    assert receipts == [("", Method.MAIL), (HOST, Method.MAIL)]
    till.agrees(one)


def test_a_host_without_an_address_gets_no_mail(till):
    """A host without an address gets no mail."""
    one = till.payer()
    till.paid(one)
    assert [row.recipient for row in till.owed(Kind.HOSTED_RECEIPT)] == [""]


def test_a_price_of_zero_is_no_bill(till):
    """A price of zero is no bill."""
    with till.world.db.reading() as tx:
        before = tx.scalars(select(Bill)).all()
    till.book("Zoe", fee=Fee(0, "Talk", 0, "USD"))
    with till.world.db.reading() as tx:
        assert tx.scalars(select(Bill)).all() == before == []


def test_the_page_says_what_is_to_be_paid(till):
    """The page says what is to be paid."""
    till.wants_mail()
    one = till.payer()
    told = payments.pay_view(till.world.db, TEAM, till.reach, one.pay, now=till.now)
    assert (told.page, told.name, told.service, told.rule) == (Page.DUE, "Joey P.", "Massage", RULE)
    assert (told.amount.minor, told.amount.currency) == (4000, "USD")
    assert till.stripe.calls == []
    for wrong in ("", "x" * 32, one.pay[:-1], one.token):
        with pytest.raises(NoSuchLink):
            payments.pay_view(till.world.db, TEAM, till.reach, wrong, now=till.now)


def test_two_tabs_reuse_the_open_checkout(till):
    """Two tabs reuse the open checkout."""
    one = till.payer()
    assert till.open(one) == till.open(one)
    assert len(till.stripe.orders) == 1
    order = till.stripe.orders[0]
    assert (order.amount, order.currency, order.service) == (4000, "USD", "Massage")
    assert order.back_url.endswith(one.till)
    assert order.email.endswith("@example.com")
    assert order.until == till.now + timedelta(hours=23)


def test_two_tabs_at_the_same_moment_make_one_checkout(till):
    """Two tabs at the same moment make one checkout."""
    one = till.payer()
    asked = []

    def second_tab(method, _what):
        if method == "open" and not asked:
            asked.append(method)
            asked.append(till.open(one))

    till.stripe.before = second_tab
    assert till.open(one) == asked[1]
    assert len(till.stripe.orders) == 1


@pytest.mark.parametrize(
    ("hours", "lasts"), [(48, timedelta(hours=23)), (2, timedelta(minutes=170)), (0, timedelta(minutes=50))]
)
def test_a_checkout_lasts_until_the_session_ends_within_stripes_limits(till, hours, lasts):
    """A checkout lasts until the session ends within Stripe's limits."""
    one = till.payer()
    till.at(hours=hours)
    till.open(one)
    assert till.stripe.orders[0].until == till.now + lasts


def test_a_checkout_made_right_before_the_end_lasts_31_minutes(till):
    """A checkout made right before the end lasts 31 minutes."""
    one = till.payer()
    till.at(minutes=-45)
    till.open(one)
    assert till.stripe.orders[0].until == till.now + 31 * MINUTE


def test_after_a_checkout_has_expired_a_new_one_of_the_same_amount_is_made(till):
    """After a checkout has expired a new one of the same amount is made."""
    one = till.payer()
    first = till.open(one)
    till.world.clock.move(hours=23, minutes=1)
    second = till.open(one)
    assert second != first
    assert till.stripe.checkouts[first].state is CheckoutState.EXPIRED
    assert [order.amount for order in till.stripe.orders] == [4000, 4000]
    assert till.state(one) is Money.CHECKOUT_OPEN
    assert not till.tell(till.stripe.lapse(first))  # the first one's event closes nothing else
    assert till.open(one) == second


def test_an_expired_checkout_that_stripe_tells_of_leaves_the_link_usable(till):
    """An expired checkout that Stripe tells of leaves the link usable."""
    one = till.payer()
    assert till.tell(till.stripe.lapse(till.open(one)))
    assert till.state(one) is Money.EXPIRED
    till.paid(one)
    assert till.state(one) is Money.PAID
    assert till.bill(one).number == 2


def test_money_on_its_way_arrives_or_fails(till):
    """Money on its way arrives or fails."""
    one = till.payer()
    first = till.open(one)
    assert till.tell(till.stripe.process(first))
    assert till.state(one) is Money.PROCESSING
    assert not till.lets_in(one)
    with pytest.raises(NotPayable):
        till.open(one)
    with pytest.raises(OnItsWay):
        till.price(one, None)
    assert till.waive(one).changed is False
    assert till.tell(till.stripe.fail(first))
    assert till.state(one) is Money.FAILED
    second = till.open(one)
    till.tell(till.stripe.process(second))
    assert till.tell(till.stripe.pay(second))
    assert till.state(one) is Money.PAID
    assert till.news(one) == ["paid"]


def test_nothing_that_comes_late_takes_money_back_from_paid(till):
    """Nothing that comes late takes money back from paid."""
    one = till.payer()
    checkout = till.open(one)
    stale = [till.stripe.process(checkout), till.stripe.fail(checkout), till.stripe.lapse(checkout)]
    till.tell(till.stripe.pay(checkout))
    before = till.bill(one).paid
    for event in stale:
        till.tell(event)
    assert till.state(one) is Money.PAID
    assert till.bill(one).paid == before == 4000
    assert till.lets_in(one)
    assert till.news(one) == ["paid"]


def test_unknown_events_say_nothing(till):
    """Unknown events say nothing."""
    one = till.payer()
    till.open(one)
    stranger = till.stripe.dispute("pi_of_somebody_else")
    assert not till.tell(stranger)
    assert not till.tell(stranger)
    assert till.state(one) is Money.CHECKOUT_OPEN
