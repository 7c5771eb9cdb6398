"""Memberships paid in parts: each on its day, three tries, then on hold, and back once it is paid."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.billing import Money
from domain.classes import Bought, Plan, Unit
from domain.messages import Outcome, Verdict
from services import classes_leaving
from services.classes_leaving import DoesNotRenew
from store.classes_sold import Credit, Membership
from store.payments import Bill
from tests.buyers import Desk
from tests.classes import LEA, STAFF, THU, TOM

DECLINED = Outcome(Verdict.REFUSED, reason="Your card was declined.")
PARTS = {"plan": Plan.RECURRING.value, "amount": 3000, "every": 2, "unit": Unit.WEEK.value, "times": 5}
RENEWS = {"plan": Plan.RENEW.value, "amount": 1000, "every": 1, "unit": Unit.MONTH.value, "times": 1}
SUNDAY = datetime(2026, 12, 20, tzinfo=UTC)


@pytest.fixture
def desk(db):
    """A studio on 1 September, a Tuesday."""
    return Desk(db)


def parts(desk, bought):
    """The bills of a purchase: when each was made, for how much, and how it stands."""
    return [(f"{one.created_at:%d %b}", one.amount, one.state) for one in desk.all(Bill)]


def asked(desk):
    """The messages with a link to pay: part and try."""
    return [(row.params["part"], row.params["tries"]) for row in desk.told("classes.pay", LEA)]


def test_the_card_that_is_kept_is_charged_on_each_day(desk):
    """30.00 every 2 weeks, 5 times: 150.00 in all, and nothing after that."""
    bought = desk.joins(desk.sold(**PARTS))
    desk.until(SUNDAY)
    days = ["01 Sep", "15 Sep", "29 Sep", "13 Oct", "27 Oct"]
    assert parts(desk, bought) == [(day, 3000, Money.PAID) for day in days]
    assert len(desk.stripe.charges) == 4
    assert desk.money(bought).paid == 15000
    assert desk.state(bought) is Bought.ENDED
    assert asked(desk) == [(0, 0)]
    assert desk.over() == ["ended"]
    desk.agrees()


def test_what_renews_is_paid_as_long_as_its_dates_go(desk):
    """By the month, from the first day of its window; nothing is due after its end."""
    bought = desk.joins(desk.sold(**RENEWS))
    desk.until(SUNDAY)
    assert [day for day, _, _ in parts(desk, bought)] == ["01 Sep", "07 Oct", "07 Nov"]
    assert desk.money(bought).paid == 3000


def test_a_card_is_tried_three_times_in_seven_days_then_all_is_on_hold(desk):
    """C8; the places are kept for seven days, and freed then."""
    bought = desk.joins(desk.sold(**PARTS))
    desk.stripe.charge_outcomes = [DECLINED] * 3
    desk.until(datetime(2026, 9, 16, tzinfo=UTC))
    assert (desk.state(bought), asked(desk)) == (Bought.ACTIVE, [(0, 0), (1, 1)])
    desk.until(datetime(2026, 9, 19, tzinfo=UTC))
    assert asked(desk) == [(0, 0), (1, 1), (1, 2)]
    desk.until(datetime(2026, 9, 22, tzinfo=UTC))
    assert desk.state(bought) is Bought.ACTIVE
    desk.until(datetime(2026, 9, 22, 20, tzinfo=UTC))  # seven days after it was due, two hours before a class
    assert desk.state(bought) is Bought.SUSPENDED
    assert desk.over() == ["suspended"]
    assert desk.seats(bought) == {"registered": 2, "on_hold": 8}
    assert desk.stripe.charge_outcomes == []
    kept = desk.purchase(bought).kept_until
    assert f"{kept:%d %b %H:%M}" == "29 Sep 16:00"
    desk.until(kept - timedelta(minutes=1))
    assert desk.seats(bought) == {"registered": 2, "on_hold": 8}
    desk.until(kept)
    assert desk.seats(bought) == {"registered": 2, "on_hold": 1, "removed": 7}  # one has passed
    assert desk.stripe.charges == []
    desk.agrees()


def suspended(desk, membership):
    """A purchase on hold since 22 September, as its card was declined three times."""
    bought = desk.joins(membership)
    desk.stripe.charge_outcomes = [DECLINED] * 3
    desk.until(datetime(2026, 9, 22, 20, tzinfo=UTC))
    assert desk.state(bought) is Bought.SUSPENDED
    return bought


def test_who_pays_while_places_are_kept_is_back_on_all_dates(desk):
    """And the next part is due on its own day."""
    bought = suspended(desk, desk.sold(**PARTS))
    desk.paid(bought)
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.seats(bought) == {"registered": 10}
    assert desk.purchase(bought).tries == 0
    assert len(desk.told("classes.in", LEA)) == 2
    desk.until(SUNDAY)
    assert desk.money(bought).paid == 15000
    assert [state for _, _, state in parts(desk, bought)] == [Money.PAID] * 5
    desk.agrees()


def test_dates_that_were_given_away_meanwhile_are_made_up(db):
    """Registered again where a place is free; where none is, told so, with one make-up lesson for each."""
    desk = Desk(db)
    desk.yoga = desk.weekly(desk.term_id, THU, places=1)
    bought = suspended(desk, desk.sold(**PARTS))
    desk.until(datetime(2026, 10, 1, 12, tzinfo=UTC))
    other = desk.buys(desk.sold(amount=0, weeks=6), who=TOM)
    assert desk.state(other) is Bought.ACTIVE
    desk.paid(bought)
    lost = desk.seats(other)["registered"]
    assert lost == 3
    assert desk.seats(bought)["removed"] == lost
    assert [one.why for one in desk.all(Credit)] == ["no_place"] * lost
    assert [row.params["what"] for row in desk.told("classes.date", LEA)] == ["no_place"] * lost
    desk.agrees()


def test_the_desk_brings_back_as_well(desk):
    """[Mark as Paid] of a membership on hold."""
    bought = suspended(desk, desk.sold(**PARTS))
    assert desk.mark(bought).changed
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.money(bought).desk == 3000
    desk.until(SUNDAY)
    assert desk.money(bought).kept == 15000


def test_without_a_card_the_member_is_asked_three_times(db):
    """Who paid at the desk at first gets links, then is on hold."""
    desk = Desk(db)
    bought = desk.buys(desk.sold(**PARTS))
    desk.mark(bought)
    desk.until(datetime(2026, 9, 21, tzinfo=UTC))
    assert asked(desk) == [(0, 0), (1, 1), (1, 2)]
    assert desk.state(bought) is Bought.ACTIVE
    desk.until(datetime(2026, 9, 23, tzinfo=UTC))
    assert desk.state(bought) is Bought.SUSPENDED
    desk.paid(bought)
    assert desk.state(bought) is Bought.ACTIVE


def test_a_link_and_a_charge_never_both_count(desk):
    """The member pays by hand while the card is tried again."""
    bought = desk.joins(desk.sold(**PARTS))
    desk.stripe.charge_outcomes = [DECLINED]
    desk.until(datetime(2026, 9, 16, tzinfo=UTC))
    event = desk.stripe.pay(desk.open(bought))
    desk.clock.now += timedelta(days=3)
    desk.tick()  # asks Stripe first, or charges: one of both
    desk.tell(event)
    desk.errands()
    assert desk.money(bought).kept == 6000
    assert desk.state(bought) is Bought.ACTIVE
    desk.agrees()


def test_money_on_its_way_is_waited_for(desk):
    """No card is charged meanwhile, and nothing counts as failed; if it does not come, one is."""
    bought = desk.joins(desk.sold(**PARTS))
    desk.stripe.charge_outcomes = [DECLINED]
    desk.until(datetime(2026, 9, 16, tzinfo=UTC))
    number = desk.open(bought)
    desk.tell(desk.stripe.process(number))
    for _ in range(4):
        desk.later(days=3)
    assert desk.state(bought) is Bought.ACTIVE
    assert (desk.purchase(bought).tries, desk.stripe.charges) == (1, [])
    desk.tell(desk.stripe.fail(number))
    desk.until(datetime(2026, 9, 29, 20, tzinfo=UTC))
    assert len(desk.stripe.charges) == 2  # this part, and the next
    assert desk.money(bought).paid == 9000


def test_each_part_of_a_late_buyer_is_prorated(desk):
    """Six of ten dates: 18.00 each."""
    desk.clock.now = datetime(2026, 10, 1, 16, tzinfo=UTC)
    bought = desk.joins(desk.sold(**PARTS))
    assert (desk.purchase(bought).amount, desk.purchase(bought).later_amount) == (1800, 1800)
    desk.until(SUNDAY)
    assert desk.state(bought) is Bought.ENDED  # on 10 November, while parts were still to come
    assert desk.money(bought).paid == 9000
    assert desk.purchase(bought).next_at is None


def test_staff_hear_of_what_is_owed_after_the_end(desk):
    """Nothing can be put on hold any more."""
    desk.clock.now = datetime(2026, 10, 1, 16, tzinfo=UTC)
    bought = desk.joins(desk.sold(**PARTS))
    desk.until(datetime(2026, 11, 11, tzinfo=UTC))
    assert desk.state(bought) is Bought.ENDED
    desk.stripe.charge_outcomes = [DECLINED] * 9
    desk.until(SUNDAY)
    assert desk.news() == ["unpaid"]
    assert desk.state(bought) is Bought.ENDED
    assert desk.purchase(bought).next_at is None
    desk.paid(bought)
    assert desk.money(bought).due == 0


def test_a_stopped_renewal_ends_with_what_is_paid(desk):
    """Its later places are free; it is no fixed number of payments that can be stopped."""
    bought = desk.joins(desk.sold(**RENEWS))
    desk.until(datetime(2026, 10, 10, tzinfo=UTC))
    stop = classes_leaving.stop_renewal
    assert stop(desk.deps, bought, by=LEA, now=desk.now).changed
    assert not stop(desk.deps, bought, by=LEA, now=desk.now).changed
    assert f"{desk.purchase(bought).until_at:%d %b}" == "07 Nov"
    assert desk.seats(bought) == {"registered": 9, "removed": 1}
    desk.until(SUNDAY)
    assert desk.state(bought) is Bought.ENDED
    assert desk.money(bought).paid == 2000
    assert (desk.money(bought).due, desk.money(bought).desk) == (0, 0)
    desk.agrees()


def test_what_does_not_renew_cannot_be_stopped(desk):
    """A class card, or a fixed number of parts; and nobody stops another's."""
    bought = desk.joins(desk.sold(**PARTS))
    with pytest.raises(DoesNotRenew):
        classes_leaving.stop_renewal(desk.deps, bought, by=STAFF, now=desk.now)


def test_an_unpaid_renewal_that_is_stopped_is_not_asked_for(desk):
    """What is paid all the same goes back."""
    bought = suspended(desk, desk.sold(**{**RENEWS, "unit": Unit.WEEK.value}))
    event = desk.stripe.pay(desk.open(bought))
    classes_leaving.stop_renewal(desk.deps, bought, by=LEA, now=desk.now)
    assert desk.money(bought).due == 0
    desk.tell(event)
    desk.errands()
    assert desk.money(bought).kept == 1000
    assert desk.refunds(bought) == [("late", 1000)]
    desk.tick()
    assert desk.state(bought) is Bought.ENDED
    desk.agrees()


def test_price_and_rhythm_stay_as_they_were_bought(desk):
    """An edit touches later purchases only."""
    membership = desk.sold(**PARTS)
    bought = desk.joins(membership)
    with desk.db.transaction() as tx:
        row = tx.get_one(Membership, membership)
        row.amount, row.times, row.every = 9900, 2, 1
    desk.until(SUNDAY)
    assert desk.money(bought).paid == 15000
