"""What goes back goes back once, and no less: at the desk, class by class, in disputes, and after an undo."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.billing import Money
from domain.classes import Bought, NewTerm, Plan, Unit
from domain.messages import Outcome, Verdict
from domain.payments import MoneyEvent
from services import classes_leaving, classes_terms, classes_weekly
from store.payments import Bill
from tests.builders import TEAM
from tests.buyers import Desk
from tests.classes import LEA, STAFF, THU, TOM
from tests.timetable import press

AFTER_FOUR = datetime(2026, 10, 2, 12, tzinfo=UTC)  # of Tuesdays and of Thursdays
WEEKLY = {"plan": Plan.RENEW.value, "amount": 1000, "every": 1, "unit": Unit.WEEK.value}


@pytest.fixture
def desk(db):
    """A studio with two classes a week, on 1 September."""
    found = Desk(db)
    found.judo = found.weekly(found.term_id, THU)
    return found


def both(desk, **more):
    """Somebody who has both classes, and paid."""
    return desk.joins(desk.sold(desk.yoga, desk.judo, lessons=2, **more), desk.yoga, desk.judo)


def to_give_back(desk):
    """What staff were told to give back at the desk."""
    rows = desk.told("classes.news", STAFF)
    return [row.params["back"][0] for row in rows if row.params["what"] == "give_back"]


def test_what_was_used_of_a_cancelled_class_stays_paid(desk):
    """8 of 20 dates have been; both classes are cancelled, one after the other: 72.00, as if at once."""
    bought = both(desk)
    desk.until(AFTER_FOUR)
    press(desk, classes_weekly.cancel_class, desk.yoga)
    press(desk, classes_weekly.cancel_class, desk.judo)
    assert desk.money(bought).back == 7200
    assert desk.state(bought) is Bought.CANCELLED


def test_what_renews_comes_back_for_the_time_that_is_paid_only(desk):
    """Four weeks were paid and had; of the fifth, which has begun, nothing was had of either class."""
    bought = both(desk, **WEEKLY)
    desk.until(AFTER_FOUR)
    paid = desk.money(bought).kept
    assert paid == 4000
    press(desk, classes_weekly.cancel_class, desk.judo)
    assert desk.money(bought).back == 0
    assert desk.purchase(bought).later_amount == 500


def test_money_of_the_desk_goes_back_once(desk):
    """Half with the first class, half with the second; never more than was paid."""
    bought = desk.buys(desk.sold(desk.yoga, desk.judo, lessons=2), desk.yoga, desk.judo)
    desk.mark(bought)
    press(desk, classes_weekly.cancel_class, desk.yoga)
    assert desk.money(bought).kept == 6000
    press(desk, classes_weekly.cancel_class, desk.judo)
    assert to_give_back(desk) == [6000, 6000]
    assert desk.money(bought).kept == 0


def test_who_got_money_back_at_the_desk_has_not_the_class_as_well(desk):
    """It is put back: they may buy again, like those who were refunded by card."""
    bought = desk.buys(desk.sold())
    desk.mark(bought)
    press(desk, classes_weekly.cancel_class, desk.yoga)
    assert to_give_back(desk) == [12000]
    done = press(desk, classes_weekly.undo_class, desk.yoga)
    assert done.said == "0 members are registered again. 1 member was refunded and may buy again."
    assert desk.state(bought) is Bought.CANCELLED


def test_the_desk_counts_while_other_money_is_on_its_way_back(desk):
    """Paid at the desk, then by card: the card's goes back at once; who leaves gets the desk's."""
    bought = desk.buys(desk.sold())
    event = desk.stripe.pay(desk.open(bought))
    connected, desk.world.deps = desk.world.deps, replace(desk.world.deps, payments=None)
    desk.mark(bought)
    desk.world.deps = connected
    assert desk.tell(event)
    assert desk.refunds(bought) == [("late", 12000)]
    assert desk.money(bought).kept == 12000
    desk.leave(bought)
    assert to_give_back(desk) == [12000]


def test_money_that_a_bank_has_asked_for_is_not_given_back_at_the_desk(desk):
    """The bank gives it to its payer, or the studio keeps it: staff are told of the dispute alone."""
    bought = desk.joins(desk.sold())
    desk.tell(MoneyEvent("evt_dispute", "disputed", intent=desk.bill(bought).intent))
    assert desk.bill(bought).state == Money.DISPUTED
    desk.leave(bought)
    assert to_give_back(desk) == []
    assert "back" not in desk.told("classes.over", LEA)[0].params


def test_what_came_too_late_goes_back_whole_when_its_class_is_cancelled(db):
    """Nothing of it was ever had, however many dates have been meanwhile."""
    desk = Desk(db)
    small = desk.weekly(desk.term_id, THU, places=1)
    card = desk.sold(small, amount=12000)
    bought = desk.buys(card, small)
    number = desk.open(bought)
    event, kept = desk.stripe.pay(number), desk.stripe.checkouts[number]
    desk.stripe.away = True
    desk.later(hours=2)
    desk.buys(desk.sold(small, amount=0), small, who=TOM)
    desk.stripe.away, desk.stripe.checkouts[number] = False, kept
    desk.tell(event)
    assert desk.state(bought) is Bought.PAID_UNALLOCATED
    desk.until(AFTER_FOUR)
    press(desk, classes_weekly.cancel_class, small)
    assert desk.refunds(bought) == [("cancelled", 12000)]


def test_late_money_does_not_count_for_fewer_classes(desk):
    """One of the two was cancelled after the hold ended: staff decide."""
    bought = desk.buys(desk.sold(desk.yoga, desk.judo, lessons=2), desk.yoga, desk.judo)
    number = desk.open(bought)
    event, kept = desk.stripe.pay(number), desk.stripe.checkouts[number]
    desk.stripe.away = True
    desk.later(hours=2)
    press(desk, classes_weekly.cancel_class, desk.judo)
    desk.stripe.away, desk.stripe.checkouts[number] = False, kept
    desk.tell(event)
    assert desk.state(bought) is Bought.PAID_UNALLOCATED
    desk.agrees()


def test_instalments_go_on_when_a_class_is_put_back(desk):
    """Nothing came back, for less was paid than had: so what is due later is due as before."""
    parts = {"plan": Plan.RECURRING.value, "amount": 1000, "every": 4, "unit": Unit.WEEK.value, "times": 3}
    bought = desk.joins(desk.sold(**parts))
    desk.until(datetime(2026, 9, 28, 12, tzinfo=UTC))
    was = desk.purchase(bought).pay_at
    with desk.db.transaction() as tx:  # so little was paid that nothing comes back
        row = tx.get_one(Bill, desk.bill(bought).id)
        row.amount = row.paid = 100
    press(desk, classes_weekly.cancel_class, desk.yoga)
    assert desk.money(bought).back == 0
    press(desk, classes_weekly.undo_class, desk.yoga)
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.purchase(bought).pay_at == was
    assert desk.purchase(bought).next_at is not None


def test_who_left_meanwhile_does_not_come_back_with_a_class(desk):
    """They said so themselves."""
    bought = desk.buys(desk.sold(desk.yoga, desk.judo, lessons=2, amount=0), desk.yoga, desk.judo)
    press(desk, classes_weekly.cancel_class, desk.yoga)
    desk.leave(bought)
    press(desk, classes_weekly.undo_class, desk.yoga)
    assert desk.state(bought) is Bought.CANCELLED
    assert desk.seats(bought)["registered"] == 0


def test_money_on_its_way_when_a_renewal_is_stopped_has_its_dates(desk):
    """The month that is being paid is the member's."""
    bought = desk.joins(desk.sold(plan="renew", amount=1000, every=1, unit="month"))
    desk.clock.now = desk.purchase(bought).pay_at
    desk.stripe.charge_outcomes.append(Outcome(Verdict.REFUSED, reason="Your card was declined."))
    desk.tick()
    number = desk.open(bought)
    desk.tell(desk.stripe.process(number))
    assert desk.bill(bought).state == Money.PROCESSING
    classes_leaving.stop_renewal(desk.deps, bought, by=LEA, now=desk.now)
    desk.tell(desk.stripe.pay(number))
    assert desk.bill(bought).state == Money.PAID
    assert desk.seats(bought) == {"registered": 9, "removed": 1}  # until 7 November


def test_a_stopped_renewal_stays_stopped_when_its_session_grows(desk):
    """More weeks of the session are not the member's, who has stopped paying."""
    bought = desk.joins(desk.sold(plan="renew", amount=1000, every=1, unit="month", weeks=20))
    classes_leaving.stop_renewal(desk.deps, bought, by=LEA, now=desk.now)
    until, seats = desk.purchase(bought).until_at, desk.seats(bought)
    new = NewTerm("Autumn 2026", date(2026, 9, 7), date(2026, 12, 30), "America/Toronto")
    plan = classes_terms.plan_edit(desk.db, TEAM, desk.term_id, new, now=desk.now)
    classes_terms.edit(desk.db, TEAM, desk.term_id, new, by=STAFF, now=desk.now, version=plan.version,
                       plan=plan.key)  # fmt: skip
    assert desk.purchase(bought).until_at == until
    assert desk.seats(bought) == seats
