"""Refunds are asked for once, and what Stripe says of them is what the bill says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.billing import Money
from domain.errors import Refusal
from domain.hosted import Channel, NotYourSession
from domain.messages import Kind, Outcome, Verdict
from services.refunds import InDispute, NothingPaid
from store.core import Audit
from store.payments import Bill
from tests.builders import ADMIN, World
from tests.guests import OTHER
from tests.payers import till_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def till(db):
    """A till, two days before the session."""
    found = till_of(World(db))
    found.at(hours=48)
    return found


def test_a_host_gives_back_a_part_and_the_rest(till):
    """A host gives back a part and the rest."""
    one = till.payer()
    with pytest.raises(NothingPaid):
        till.refund(one)
    till.paid(one)
    with pytest.raises(NotYourSession):
        till.refund(one, by=OTHER)
    for wrong in (0, -5, 4001):
        with pytest.raises(Refusal):
            till.refund(one, wrong)
    assert [till.refund(one, 1000, key="V1").changed for _ in range(2)] == [True, False]
    assert till.bill(one).refunding == 1000
    assert till.refund(one, 500).said == "A refund is on its way."
    till.world.drain()
    assert till.refund(one, 1000, key="V1").changed is False
    assert (till.state(one), till.bill(one).refunded) == (Money.PARTIALLY_REFUNDED, 1000)
    assert till.lets_in(one)
    assert till.refund(one).changed
    till.world.drain()
    assert (till.state(one), till.bill(one).refunded) == (Money.REFUNDED, 4000)
    assert till.refund(one).changed is False
    told = [row.subject_id for row in till.owed(Kind.HOSTED_REFUNDED)]
    assert len(told) == 2
    till.agrees(one)


def test_a_refund_that_stripe_refuses_is_told(till):
    """A refund that Stripe refuses is told."""
    one = till.payer()
    till.paid(one)
    till.refund(one)
    till.stripe.refund_outcomes = [Outcome(Verdict.REFUSED, reason="Not enough balance.")]
    till.world.drain()
    bill = till.bill(one)
    assert (bill.state, bill.refunding, bill.trouble) == (Money.PAID, 0, "Not enough balance.")
    assert till.news(one) == ["paid", "refund_failed"]
    assert till.alarms() == [(ADMIN, "refund")]
    assert till.refund(one).changed
    till.world.drain()
    assert till.state(one) is Money.REFUNDED
    till.agrees(one)


def test_a_refund_whose_answer_was_lost_happens_once(till):
    """A refund whose answer was lost happens once."""
    one = till.payer()
    till.paid(one)
    till.refund(one)
    till.stripe.refund_outcomes = [Outcome(Verdict.UNKNOWN), Outcome(Verdict.LATER, reason="busy")]
    for _ in range(3):
        till.world.drain()
        till.world.leases_run_out()
    assert len(till.stripe.refunds) == 1
    assert till.state(one) is Money.REFUNDED


def test_what_is_given_back_in_stripes_own_pages_is_seen(till):
    """What is given back in Stripe's own pages is seen."""
    one = till.payer()
    event = till.paid(one)
    till.stripe.refund(event.intent, 1500, "by hand")
    told = till.stripe.tell_refunded(event.intent)
    assert till.tell(told)
    assert (till.state(one), till.bill(one).refunded) == (Money.PARTIALLY_REFUNDED, 1500)
    till.refund(one)
    till.world.drain()
    after = till.stripe.tell_refunded(event.intent)
    till.tell(after)
    assert (till.state(one), till.bill(one).refunded) == (Money.REFUNDED, 4000)
    till.agrees(one)


def test_events_before_their_payment_wait_for_it(till):
    """Events before their payment wait for it."""
    one, two = till.payer(), till.payer(name="Kim")
    paid, other = till.pays(one), till.pays(two)
    till.stripe.refund(paid.intent, 4000, "by hand")
    till.tell(till.stripe.tell_refunded(paid.intent))
    till.tell(till.stripe.dispute(other.intent))
    till.tell(paid)
    till.tell(other)
    assert (till.state(one), till.state(two)) == (Money.REFUNDED, Money.DISPUTED)
    assert not till.lets_in(one)


def test_a_dispute_is_told_and_ends(till):
    """A dispute is told and ends."""
    one = till.payer()
    event = till.paid(one)
    assert till.tell(till.stripe.dispute(event.intent))
    assert till.state(one) is Money.DISPUTED
    assert till.lets_in(one)
    assert till.news(one) == ["paid", "disputed"]
    with pytest.raises(InDispute):
        till.refund(one)
    assert not till.tell(till.stripe.settle(event.intent, won=False))
    assert till.tell(till.stripe.settle(event.intent, won=True))
    assert till.state(one) is Money.PAID


# --- What stays secret -------------------------------------------------------------------------------


def test_a_dispute_told_again_or_after_its_end_changes_nothing(till):
    """Each event counts once, and the end of a dispute counts if it comes first."""
    one, two = till.payer(), till.payer(name="Kim")
    first, second = till.paid(one), till.paid(two)
    opened, won = till.stripe.dispute(first.intent), till.stripe.settle(first.intent, won=True)
    assert [till.tell(event) for event in (opened, won, opened, won)] == [True, True, False, False]
    assert till.state(one) is Money.PAID
    later = till.stripe.dispute(second.intent)
    till.tell(till.stripe.settle(second.intent, won=True))
    till.tell(later)
    assert till.state(two) is Money.PAID
    assert till.news(two) == ["paid", "disputed"]


def test_no_payment_link_stands_in_the_outbox_or_the_audit_log(till):
    """No payment link stands in the outbox or the audit log."""
    one = till.payer(channel=Channel.EMAIL)
    till.paid(one)
    till.refund(one)
    till.world.drain()
    with till.world.db.reading() as tx:
        audited = " ".join(str((row.subject, row.action, row.detail)) for row in tx.scalars(select(Audit)))
        bill = tx.scalars(select(Bill).where(Bill.participant_id == one.id)).one()
        stored = f"{bill.link_hash} {bill.link_sealed}"
    owed = " ".join(str((row.key, row.params)) for row in till.world.owed())
    for text in (audited, owed, stored):
        assert one.pay not in text
    assert "Joey" not in audited
    assert "payment.paid" in audited
