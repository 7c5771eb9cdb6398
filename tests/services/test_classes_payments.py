"""A membership is paid once: whatever is told twice, late or out of order; and who paid is registered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.billing import Money
from domain.classes import Bought, StaffOnly
from domain.errors import Refusal
from domain.payments import CheckoutState
from services import classes_billing, classes_buying, payments
from services.refunds import InDispute
from store.classes_sold import OfferedClass, Purchase
from store.payments import Bill
from tests.builders import ADMIN, TEAM
from tests.buyers import OCTOBER, Desk
from tests.classes import LEA, REACH, STAFF, THU, TOM


@pytest.fixture
def desk(db):
    """A studio before its term begins."""
    return Desk(db)


def test_a_payment_brings_in_once(desk):
    """Who pays is registered to every date, and told once."""
    bought = desk.buys(desk.sold())
    assert desk.state(bought) is Bought.AWAITING_PAYMENT
    assert desk.seats(bought) == {"held": 10}
    event = desk.stripe.pay(desk.open(bought))
    assert [desk.tell(event) for _ in range(3)] == [True, False, False]
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.seats(bought) == {"registered": 10}
    assert desk.bill(bought).state == Money.PAID
    assert len(desk.told("classes.in", LEA)) == 1
    assert (desk.money(bought).paid, desk.money(bought).kept, desk.money(bought).due) == (12000, 12000, 0)
    desk.agrees()


def test_the_price_of_a_late_buyer(desk):
    """Six of ten dates are left: 72.00; and the pay page says for what."""
    desk.clock.now = OCTOBER
    bought = desk.buys(desk.sold())
    assert desk.bill(bought).amount == 7200
    assert desk.purchase(bought).why_price == {"left": 6, "all": 10, "rule": "prorated"}
    told = payments.pay_view(desk.db, TEAM, REACH, desk.token(bought), now=desk.now)
    assert (told.page, told.amount.minor, told.about.title) == ("due", 7200, "Autumn card")
    assert told.about.classes[0].endswith("· Tue 18:00")
    assert f"{told.about.first} {told.about.last}" == "2026-10-01 2026-11-15"


def test_a_poll_tells_what_no_webhook_told(desk):
    """Stripe is asked."""
    bought = desk.buys(desk.sold())
    desk.stripe.pay(desk.open(bought))
    assert desk.poll(bought)
    assert desk.state(bought) is Bought.ACTIVE
    assert not desk.poll(bought)


def test_places_are_held_as_long_as_the_first_checkout_is_open(desk):
    """Not shorter than Stripe takes the money, and not longer by opening another."""
    bought = desk.buys(desk.sold())
    desk.later(minutes=20)
    desk.open(bought)
    until = desk.bill(bought).checkout_until
    assert desk.purchase(bought).hold_until == until == desk.now + timedelta(minutes=31)
    desk.later(minutes=30)
    assert desk.state(bought) is Bought.AWAITING_PAYMENT
    desk.later(minutes=2)
    assert desk.state(bought) is Bought.EXPIRED
    assert desk.seats(bought) == {"removed": 10}
    assert desk.over() == ["expired"]
    desk.agrees()


def test_what_expired_cannot_be_paid_any_more(desk):
    """Its Checkout is closed at Stripe."""
    bought = desk.buys(desk.sold())
    number = desk.open(bought)
    desk.clock.now = desk.purchase(bought).hold_until
    desk.tick()
    desk.errands()
    assert desk.state(bought) is Bought.EXPIRED
    assert desk.stripe.checkouts[number].state is CheckoutState.EXPIRED
    with pytest.raises(Refusal):
        desk.open(bought)
    again = desk.buys(desk.purchase(bought).membership_id)
    assert again != bought


def late(desk, meanwhile=lambda: None):
    """A payment that comes after the hold; *meanwhile* happens between."""
    bought = desk.buys(desk.sold())
    number = desk.open(bought)
    event = desk.stripe.pay(number)
    held = desk.stripe.checkouts[number]
    desk.stripe.away = True
    desk.later(hours=2)
    assert desk.state(bought) is Bought.EXPIRED
    meanwhile()
    desk.stripe.away = False
    desk.stripe.checkouts[number] = held
    assert desk.tell(event)
    assert not desk.tell(event)
    return bought


def test_a_late_payment_counts_while_all_places_are_free(desk):
    """The places are taken again."""
    bought = late(desk)
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.seats(bought) == {"registered": 10}
    assert desk.bill(bought).state == Money.PAID
    assert desk.refunds(bought) == []
    assert len(desk.told("classes.in", LEA)) == 1
    desk.agrees()


def test_a_late_payment_for_places_that_are_gone_waits_for_staff(db):
    """C7; then they give it back, or other classes."""
    desk = Desk(db)
    small = desk.weekly(desk.term_id, THU, places=1)
    desk.yoga = small
    other = desk.sold(small, amount=0)
    bought = late(desk, lambda: desk.buys(other, small, who=TOM))
    assert desk.state(bought) is Bought.PAID_UNALLOCATED
    assert desk.bill(bought).state == Money.PAID_UNALLOCATED
    assert desk.over() == ["expired", "unallocated"]
    assert desk.news() == ["unallocated"]
    with pytest.raises(StaffOnly):
        desk.refund(bought, by=LEA)
    assert desk.refund(bought).changed
    assert not desk.refund(bought).changed
    desk.errands()
    assert desk.state(bought) is Bought.CANCELLED
    assert desk.refunds(bought) == [("host", 12000)]
    assert desk.over() == ["expired", "unallocated", "refunded"]
    desk.agrees()


def test_a_late_payment_may_be_for_other_classes(db):
    """[Choose Other Classes] makes it count."""
    desk = Desk(db)
    small, wide = desk.weekly(desk.term_id, THU, places=1), desk.yoga
    desk.yoga = small
    other = desk.sold(small, amount=0)
    bought = late(desk, lambda: desk.buys(other, small, who=TOM))
    membership = desk.purchase(bought).membership_id
    with db.transaction() as tx:
        tx.add(OfferedClass(team_id=TEAM, membership_id=membership, class_id=wide))
    classes_buying.choose_other(desk.deps, bought, [wide], by=STAFF, now=desk.now)
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.bill(bought).state == Money.PAID
    assert desk.seats(bought) == {"registered": 10}
    desk.agrees()


def test_a_late_payment_of_who_bought_again_goes_back(desk):
    """Nobody has the same membership twice."""
    again = []

    def buys_again():
        again.append(desk.buys(desk.all(Purchase)[0].membership_id))

    bought = late(desk, buys_again)
    desk.errands()
    assert desk.state(bought) is Bought.EXPIRED
    assert desk.refunds(bought) == [("late", 12000)]
    assert desk.state(again[0]) is Bought.AWAITING_PAYMENT
    assert "refunded" in desk.over()
    desk.agrees()


def test_money_for_what_was_left_goes_back(desk):
    """The member took it back while they paid."""
    bought = desk.buys(desk.sold())
    event = desk.stripe.pay(desk.open(bought))
    desk.leave(bought)
    assert desk.tell(event)
    desk.errands()
    assert desk.state(bought) is Bought.CANCELLED
    assert desk.refunds(bought) == [("late", 12000)]
    assert desk.seats(bought) == {"removed": 10}
    desk.agrees()


def test_a_second_payment_goes_back(desk):
    """Two tabs, or a webhook of another Checkout."""
    bought = desk.buys(desk.sold())
    first = desk.open(bought)
    desk.tell(desk.stripe.lapse(first))
    desk.paid(bought)
    assert desk.tell(desk.stripe.pay(first))
    desk.errands()
    assert desk.refunds(bought) == [("twice", 12000)]
    assert desk.money(bought).kept == 12000
    assert len(desk.told("classes.in", LEA)) == 1
    assert desk.over() == ["refunded"]


# --- At the desk ---------------------------------------------------------------------------------------


def test_staff_mark_as_paid_what_was_paid_at_the_desk(desk):
    """Once, with a reason; the Checkout that is open is closed first."""
    bought = desk.buys(desk.sold())
    number = desk.open(bought)
    for nobody in (LEA, TOM):
        with pytest.raises(StaffOnly):
            desk.mark(bought, by=nobody)
    with pytest.raises(Refusal, match=r"Write why\."):
        classes_billing.mark_paid(desk.deps, bought, " ", by=STAFF, now=desk.now)
    assert desk.mark(bought, by=ADMIN).changed
    assert not desk.mark(bought).changed
    assert desk.stripe.checkouts[number].state is CheckoutState.EXPIRED
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.seats(bought) == {"registered": 10}
    assert (desk.money(bought).desk, desk.money(bought).paid) == (12000, 0)
    assert len(desk.told("classes.in", LEA)) == 1
    desk.agrees()


def test_money_that_came_first_wins_over_the_desk(desk):
    """Stripe is asked before anything is marked."""
    bought = desk.buys(desk.sold())
    desk.stripe.pay(desk.open(bought))
    assert not desk.mark(bought).changed
    assert desk.state(bought) is Bought.ACTIVE
    assert (desk.money(bought).desk, desk.money(bought).paid) == (0, 12000)


def test_without_stripe_a_membership_is_paid_at_the_desk(db):
    """No link is made; [Mark as Paid] lets in; what goes back is staff's to give."""
    desk = Desk(db)
    reach = replace(REACH, payments=False)
    desk.world.deps = replace(desk.world.deps, payments=None, reach=reach)
    bought = desk.buys(desk.sold())
    with db.reading() as tx:
        assert classes_billing.pay_link(tx, reach, tx.get_one(Purchase, bought)) == ""
        assert classes_billing.pay_link(tx, REACH, tx.get_one(Purchase, bought)).startswith(REACH.url)
    desk.mark(bought)
    assert desk.state(bought) is Bought.ACTIVE
    desk.leave(bought)
    assert desk.news() == ["give_back"]
    assert desk.told("classes.news", STAFF)[-1].params["back"] == [12000, "CAD"]


# --- What else Stripe says -----------------------------------------------------------------------------


def test_staff_hear_of_a_dispute_and_cannot_refund_it(desk):
    """The bank decides."""
    bought = desk.joins(desk.sold())
    intent = desk.bill(bought).intent
    assert desk.tell(desk.stripe.dispute(intent))
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.news() == ["disputed"]
    desk.leave(bought)
    with pytest.raises(InDispute):
        desk.refund(bought)
    assert desk.refunds(bought) == []


def test_nothing_to_pay_is_no_bill(desk):
    """Price 0: in at once."""
    bought = desk.buys(desk.sold(amount=0))
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.all(Bill) == []
    assert desk.money(bought).kept == 0
