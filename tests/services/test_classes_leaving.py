"""How memberships end, and what comes back: by member, by staff, by a class that the studio cancels."""

from datetime import UTC, datetime

import pytest

from domain.classes import Bought, NotYours, Plan, Unit
from services import classes_billing, classes_leaving, classes_weekly
from services.classes import changing, class_of
from services.classes_refunding import StandsStill
from store.classes_sold import Credit, Enrolment, Membership, Purchase
from tests.builders import TEAM
from tests.buyers import Desk
from tests.classes import LEA, STAFF, THU, TOM

AFTER_FOUR = datetime(2026, 9, 30, 12, tzinfo=UTC)  # 8, 15, 22 and 29 September have been
PARTS = {"plan": Plan.RECURRING.value, "amount": 3000, "every": 2, "unit": Unit.WEEK.value, "times": 5}


@pytest.fixture
def desk(db):
    """A studio on 1 September."""
    return Desk(db)


def back(desk, purchase_id):
    """What [Leave] says would come back."""
    return classes_leaving.comes_back(desk.deps, purchase_id, now=desk.now)


def test_who_leaves_before_the_first_date_gets_all_back_once(desk):
    """Places are free again, money goes back, and one message says both."""
    membership = desk.sold(refund_rule="prorated")
    bought = desk.joins(membership)
    assert back(desk, bought) == (12000, "CAD")
    with pytest.raises(NotYours):
        desk.leave(bought, by=TOM)
    assert [desk.leave(bought).changed for _ in range(2)] == [True, False]
    desk.errands()
    assert desk.state(bought) is Bought.CANCELLED
    assert desk.seats(bought) == {"removed": 10}
    assert desk.refunds(bought) == [("cancelled", 12000)]
    assert desk.over() == ["cancelled"]
    assert desk.told("classes.over", LEA)[0].params["back"] == [12000, "CAD"]
    assert desk.one(Membership, membership).sold == 0
    assert desk.money(bought).kept == 0
    desk.agrees()


@pytest.mark.parametrize(("rule", "comes"), [("none", 0), ("prorated", 7200)])
def test_who_leaves_after_four_of_ten_gets_what_the_rule_says(desk, rule, comes):
    """The past stays; the rest is free for others."""
    bought = desk.joins(desk.sold(refund_rule=rule))
    desk.until(AFTER_FOUR)
    assert back(desk, bought)[0] == comes
    desk.leave(bought)
    desk.errands()
    assert desk.seats(bought) == {"registered": 4, "removed": 6}
    assert desk.money(bought).kept == 12000 - comes
    assert [one.taken for one in desk.dates(desk.yoga)] == [1] * 4 + [0] * 11
    assert desk.purchase(bought).next_at is None
    desk.agrees()


def test_who_has_not_paid_yet_takes_it_back(desk):
    """Nothing was charged, nothing comes back."""
    bought = desk.buys(desk.sold())
    desk.leave(bought)
    assert desk.over() == ["withdrawn"]
    other = desk.buys(desk.sold(), who=TOM)
    desk.leave(other, by=STAFF)
    assert desk.over(TOM) == ["cancelled"]
    assert desk.refunds(bought) == desk.refunds(other) == []
    desk.agrees()


def test_what_was_used_stays_paid_when_it_is_paid_in_parts(desk):
    """Two of five parts were paid, four of ten lessons used: nothing comes back, nothing is asked for."""
    bought = desk.joins(desk.sold(refund_rule="prorated", **PARTS))
    desk.until(datetime(2026, 9, 16, tzinfo=UTC))
    assert desk.money(bought).paid == 6000
    assert back(desk, bought)[0] == 3000  # 15000 for ten lessons, two were used
    desk.until(AFTER_FOUR)
    assert desk.money(bought).paid == 9000
    assert back(desk, bought)[0] == 3000
    desk.leave(bought)
    desk.until(datetime(2026, 12, 20, tzinfo=UTC))
    assert desk.money(bought).kept == 6000
    desk.agrees()


def test_what_renews_comes_back_for_the_time_that_is_paid(desk):
    """The first month has four dates; two are left."""
    bought = desk.joins(desk.sold(plan="renew", amount=1000, every=1, unit="month", refund_rule="prorated"))
    desk.until(datetime(2026, 9, 16, tzinfo=UTC))
    assert back(desk, bought)[0] == 600  # 22 and 29 September and 6 October of five dates
    desk.leave(bought)
    desk.errands()
    assert desk.money(bought).kept == 400


def test_staff_give_back_the_rest_only_when_it_is_over(desk):
    """[Refund] after [Cancel]."""
    bought = desk.joins(desk.sold())
    desk.until(AFTER_FOUR)
    with pytest.raises(StandsStill):
        desk.refund(bought)
    desk.leave(bought, by=STAFF)
    assert desk.refund(bought).said == "120.00 CAD is on its way back."
    desk.errands()
    assert desk.money(bought).kept == 0
    assert desk.over() == ["cancelled", "refunded"]
    assert not desk.refund(bought).changed
    desk.agrees()


def test_open_make_up_lessons_end_with_the_membership(desk):
    """Whoever leaves cannot make up."""
    bought = desk.joins(desk.sold())
    first = desk.registrations(bought)[0].id
    with desk.db.transaction() as tx:
        tx.add(Credit(team_id=TEAM, purchase_id=bought, registration_id=first, why="skipped",
                      state="open", created_at=desk.now))  # fmt: skip
    desk.leave(bought)
    assert [one.state for one in desk.all(Credit)] == ["void"]


def test_a_membership_ends_after_its_last_date(desk):
    """Once, with a survey; the past stays registered."""
    membership = desk.sold()
    bought = desk.joins(membership)
    desk.until(datetime(2026, 11, 10, 23, 59, tzinfo=UTC))  # 18:59 in Toronto: the last one is not over
    assert desk.state(bought) is Bought.ACTIVE
    desk.later(minutes=1)
    assert desk.state(bought) is Bought.ENDED
    desk.later(days=3)
    assert desk.over() == ["ended"]
    assert desk.seats(bought) == {"registered": 10}
    assert desk.one(Membership, membership).sold == 0
    assert not desk.leave(bought).changed


# --- The studio cancels a class ------------------------------------------------------------------------


def cancel(desk, class_id):
    """[Cancel Class]."""
    return classes_weekly.cancel_class(desk.db, TEAM, class_id, by=STAFF, now=desk.now)


def test_a_cancelled_class_comes_back_whatever_the_rule(desk):
    """72.00 after 4 of 10; one message, and no make-up lesson beside the money."""
    bought = desk.joins(desk.sold())
    unpaid = desk.buys(desk.sold(), who=TOM)
    desk.until(AFTER_FOUR)
    assert desk.state(unpaid) is Bought.EXPIRED
    assert cancel(desk, desk.yoga).changed
    assert not cancel(desk, desk.yoga).changed
    desk.errands()
    assert desk.state(bought) is Bought.CANCELLED
    assert desk.refunds(bought) == [("cancelled", 7200)]
    assert desk.over() == ["class_cancelled"]
    assert desk.told("classes.over", LEA)[0].params["back"] == [7200, "CAD"]
    assert desk.seats(bought) == {"registered": 4, "removed": 6}
    assert desk.all(Credit) == []
    desk.agrees()


def test_who_has_another_class_keeps_it_and_gets_the_part_of_this_one(desk):
    """Of 20 dates of two classes six are cancelled: 36.00 of 120.00; later parts are smaller too."""
    other = desk.weekly(desk.term_id, THU)
    card = desk.joins(desk.sold(desk.yoga, other, lessons=2), desk.yoga, other)
    parts = desk.joins(desk.sold(desk.yoga, other, lessons=2, **PARTS), desk.yoga, other, who=TOM)
    desk.until(AFTER_FOUR)
    cancel(desk, desk.yoga)
    desk.errands()
    assert desk.state(card) is desk.state(parts) is Bought.ACTIVE
    assert desk.refunds(card) == [("cancelled", 3600)]
    assert sum(amount for _, amount in desk.refunds(parts)) == 2700  # of three parts that were paid
    assert desk.purchase(parts).later_amount == 2100
    assert desk.seats(card) == {"registered": 14, "removed": 6}
    ended = desk.all(Enrolment, Enrolment.ended_at.is_not(None))
    assert {one.class_id for one in ended} == {desk.yoga}
    desk.until(datetime(2026, 12, 20, tzinfo=UTC))
    assert desk.money(parts).kept == 15000 * 7 // 10
    desk.agrees()


def test_who_has_not_paid_yet_is_cancelled_with_a_class(desk):
    """They wanted two classes; the places of the other one are free."""
    other = desk.weekly(desk.term_id, THU)
    bought = desk.buys(desk.sold(desk.yoga, other, lessons=2), desk.yoga, other)
    event = desk.stripe.pay(desk.open(bought))
    with changing(desk.db, TEAM, desk.term_id, now=desk.now, by=STAFF) as held:
        assert classes_billing.class_cancelled(held, class_of(held, desk.yoga)) == 1
    assert desk.state(bought) is Bought.CANCELLED
    assert [one.taken for one in desk.dates(other)] == [0] * len(desk.dates(other))
    assert desk.tell(event)
    desk.errands()
    assert desk.refunds(bought) == [("late", 12000)]
    assert desk.all(Purchase, Purchase.counted) == []
    desk.agrees()
