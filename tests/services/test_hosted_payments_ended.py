"""Waived, cancelled, declined, removed, undone: money and state agree all the same."""

from datetime import timedelta

import pytest

from domain.billing import Money, NoSuchLink, NotPayable
from domain.errors import Refusal
from domain.hosted import Channel, NotYourSession
from domain.messages import Outcome, Verdict
from domain.payments import CheckoutState
from services import hosted_participants, payments
from services.outside import NoPayments
from tests.builders import TEAM, World
from tests.guests import HOST, OTHER
from tests.payers import MASSAGE, till_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


def test_a_waiver_closes_the_checkout_first(till):
    """A waiver closes the checkout first."""
    one = till.payer()
    checkout = till.open(one)
    with pytest.raises(Refusal):
        till.waive(one, "  ")
    with pytest.raises(NotYourSession):
        till.waive(one, by=OTHER)
    done = till.waive(one)
    assert done.changed
    assert till.stripe.checkouts[checkout].state is CheckoutState.EXPIRED
    assert (till.state(one), till.bill(one).waived_why) == (Money.WAIVED, "A friend.")
    assert till.lets_in(one)
    assert till.waive(one).changed is False
    with pytest.raises(NotPayable):
        till.open(one)


def test_money_that_came_first_wins_over_a_waiver(till):
    """Money that came first wins over a waiver."""
    one = till.payer()
    till.stripe.pay(till.open(one))
    done = till.waive(one)
    assert (done.changed, done.said) == (False, "Already paid.")
    assert till.state(one) is Money.PAID
    assert till.news(one) == ["paid"]


def test_a_waiver_while_a_checkout_is_being_made_leaves_none_open(till):
    """A waiver while a checkout is being made leaves none open."""
    one = till.payer()
    till.stripe.before = lambda method, _what: till.waive(one) if method == "open" else None
    with pytest.raises(NotPayable):
        till.open(one)
    till.stripe.before = lambda *_: None
    assert till.state(one) is Money.WAIVED
    till.world.drain()
    assert till.stripe.open_ones() == []


def test_nothing_is_waived_while_stripe_cannot_close_the_checkout(till):
    """Nothing is waived while Stripe cannot close the checkout."""
    one = till.payer()
    till.open(one)
    till.stripe.away = True
    with pytest.raises(NoPayments):
        till.waive(one)
    assert till.state(one) is Money.CHECKOUT_OPEN


def test_money_after_a_waiver_goes_back_and_the_guest_gets_in(till):
    """Money after a waiver goes back and the guest gets in."""
    one = till.payer()
    checkout = till.open(one)
    till.waive(one)
    assert till.tell(till.stripe.pay(checkout))
    assert till.state(one) is Money.PAID_UNALLOCATED
    assert till.lets_in(one)
    assert till.news(one) == ["late_payment"]
    till.world.drain()
    assert till.state(one) is Money.WAIVED
    assert till.lets_in(one)
    till.agrees(one)


# --- Sessions end ------------------------------------------------------------------------------------


def test_a_cancelled_session_gives_everything_back(till):
    """A cancelled session gives everything back."""
    one = till.payer()
    till.paid(one)
    till.at(hours=2)
    till.cancel(one)
    assert till.state(one) is Money.PAID
    till.world.drain()
    assert till.state(one) is Money.REFUNDED
    assert till.bill(one).refunded == 4000
    assert not till.lets_in(one)
    assert till.news(one) == ["paid"]
    till.agrees(one)


def test_a_host_may_keep_the_money_of_a_cancelled_session_and_give_it_back_later(till):
    """A host may keep the money of a cancelled session and give it back later."""
    one = till.payer()
    till.paid(one)
    till.cancel(one, refund=False)
    till.world.drain()
    assert till.state(one) is Money.PAID
    assert till.refund(one).changed
    till.world.drain()
    assert till.state(one) is Money.REFUNDED


def test_a_cancelled_session_closes_its_checkouts_and_money_that_was_faster_goes_back(till):
    """A cancelled session closes its checkouts and money that was faster goes back."""
    one, two = till.payer(), till.payer(name="Kim")
    till.open(one)
    late = till.open(two)
    till.cancel(one)
    till.cancel(two)
    till.stripe.pay(late)
    with pytest.raises(NotPayable):
        till.open(one)
    till.world.drain()
    assert till.due_now() == 2
    assert till.stripe.open_ones() == []
    assert (till.state(one), till.state(two)) == (Money.EXPIRED, Money.PAID_UNALLOCATED)
    assert till.news(two) == ["late_payment"]
    till.world.drain()
    assert till.state(two) is Money.REFUNDED
    till.agrees(two)


@pytest.mark.parametrize(("hours", "state"), [(30, Money.REFUNDED), (24, Money.REFUNDED), (3, Money.PAID)])
def test_who_declines_gets_their_money_until_24_hours_before(till, hours, state):
    """Who declines gets their money until 24 hours before."""
    one = till.payer()
    till.paid(one)
    till.at(hours=hours)
    till.answer(one, accepted=False)
    till.world.drain()
    assert till.state(one) is state
    if state is Money.PAID:
        assert till.refund(one).changed
        till.world.drain()
        assert till.state(one) is Money.REFUNDED
    till.agrees(one)


@pytest.mark.parametrize(("hours", "refunds"), [(30, [("late", 4000, "asked")]), (3, [])])
def test_money_after_declining_follows_the_same_rule(till, hours, refunds):
    """Money after declining follows the same rule."""
    one = till.payer()
    till.at(hours=hours)
    checkout = till.open(one)
    till.answer(one, accepted=False)
    till.tell(till.stripe.pay(checkout))
    assert till.state(one) is Money.PAID_UNALLOCATED
    assert till.refunds(one) == refunds
    assert not till.lets_in(one)
    if not refunds:
        assert till.refund(one).changed


def test_money_of_somebody_who_was_removed_goes_back(till):
    """Money of somebody who was removed goes back."""
    one, two = till.payer(), till.payer(name="Kim")
    checkout = till.open(one)
    till.remove(one)
    till.tell(till.stripe.pay(checkout))
    assert till.state(one) is Money.PAID_UNALLOCATED
    till.paid(two)
    till.remove(two)
    till.world.drain()
    assert [till.state(one), till.state(two)] == [Money.REFUNDED, Money.REFUNDED]
    till.agrees(one)
    till.agrees(two)


def test_who_comes_again_after_declining_pays_again(till):
    """Who comes again after declining pays again."""
    one = till.payer()
    till.paid(one)
    till.answer(one, accepted=False)
    till.world.drain()
    till.answer(one, accepted=True)
    bill = till.bill(one)
    assert (bill.state, bill.paid, bill.refunded, bill.intent) == (Money.REQUIRED, 0, 0, "")
    assert not till.lets_in(one)
    first = next(iter(till.stripe.checkouts))
    again = till.stripe.pay(first)
    assert not till.tell(again)  # known, and given back
    till.paid(one)
    assert till.lets_in(one)
    assert till.news(one) == ["paid", "refunded", "paid"]


def test_undo_takes_back_refunds_that_have_not_left(till):
    """Undo takes back refunds that have not left."""
    one, two = till.payer(), till.payer(name="Kim")
    till.paid(one)
    till.paid(two)
    till.cancel(one)
    till.cancel(two)
    till.undo(one)
    till.world.drain()
    till.undo(two)
    assert till.refunds(one) == [("cancelled", 4000, "dropped")]
    assert (till.state(one), till.bill(one).refunding) == (Money.PAID, 0)
    assert till.lets_in(one)
    assert till.refunds(two) == [("cancelled", 4000, "done")]
    assert till.state(two) is Money.REQUIRED  # the money is back already
    till.cancel(one)
    till.world.drain()
    assert till.state(one) is Money.REFUNDED
    till.agrees(one)


def test_undo_leaves_a_refund_that_stripe_may_have_been_asked_for(till):
    """Undo leaves a refund that Stripe may have been asked for."""
    one = till.payer()
    till.paid(one)
    till.cancel(one)
    till.stripe.refund_outcomes = [Outcome(Verdict.UNKNOWN)]
    till.world.drain()
    till.undo(one)
    assert till.refunds(one) == [("cancelled", 4000, "asked")]
    till.world.leases_run_out()
    till.world.drain()
    assert till.refunds(one) == [("cancelled", 4000, "done")]
    assert till.state(one) is Money.REQUIRED  # they are part of it again, and have their money
    assert len(till.stripe.refunds) == 1


def test_whoever_has_the_old_address_does_not_see_the_new_link_on_the_pay_page(till):
    """A new address has a payment link of its own, and a Checkout that names it."""
    one = till.payer()
    old = till.open(one)
    readdressed(till, one)
    with pytest.raises(NoSuchLink):
        payments.pay_view(till.world.db, TEAM, till.reach, one.pay, now=till.now)
    till.world.drain()
    assert till.stripe.checkouts[old].state is CheckoutState.EXPIRED
    there = till.as_payer(till.guests(one.session_id)[0])
    assert there.token != one.token
    till.paid(there)
    assert till.stripe.orders[-1].email == "new@example.com"
    assert till.stripe.orders[-1].back_url.endswith(there.till)
    assert till.lets_in(there)


def test_who_comes_in_the_place_of_one_who_declined_can_pay(till):
    """The one before got all back; another address is another invitation, and is asked to pay anew."""
    one = till.payer()
    till.paid(one)
    till.answer(one, accepted=False)
    till.world.drain()
    assert till.state(one) is Money.REFUNDED
    readdressed(till, one)
    assert till.state(one) is Money.REQUIRED
    assert not till.lets_in(one)
    till.paid(till.as_payer(till.guests(one.session_id)[0]))
    assert till.lets_in(one)
    till.agrees(one)


def readdressed(till, one):
    """The host changes the address, by [Edit Participant]."""
    new = till.person("Joey P.", channel=Channel.EMAIL, address="new@example.com", fee=MASSAGE)
    hosted_participants.edit(
        till.world.db, TEAM, one.id, new, by=HOST, now=till.now, vault=till.vault,
        chance=till.world.deps.chance,
    )  # fmt: skip
