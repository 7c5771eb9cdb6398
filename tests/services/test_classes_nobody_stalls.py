"""Whoever waits is offered what becomes free, whatever made it free; and nothing is held for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.classes import Bought, NewTerm, Plan, Unit
from domain.errors import Refusal
from domain.messages import Outcome, Verdict
from services import (
    classes_attending,
    classes_credits,
    classes_dates,
    classes_leaving,
    classes_memberships,
    classes_terms,
    classes_waiting,
    classes_weekly,
)
from store.classes import ClassDate, WeeklyClass
from store.classes_sold import Credit, Registration, Waiting
from store.core import PersonRow
from tests.builders import TEAM
from tests.buyers import Desk
from tests.classes import ANA, EVENING, LEA, STAFF, THU, TOM
from tests.timetable import press

WEEKLY = {"plan": Plan.RENEW.value, "amount": 1000, "every": 1, "unit": Unit.WEEK.value}
DECLINED = Outcome(Verdict.REFUSED, reason="Your card was declined.")


@pytest.fixture
def desk(db):
    """A studio with a class of one place on Thursdays."""
    found = Desk(db)
    found.small = found.weekly(found.term_id, THU, places=1)
    return found


def waits(desk, who=TOM, **what):
    """Somebody on a waitlist; the entry."""
    return classes_waiting.join(desk.db, TEAM, user_id=who, now=desk.now, **what).id


def state(desk, entry):
    """Where an entry stands."""
    return desk.one(Waiting, entry).state


def edit(desk, card, **more):
    """[Edit] of a membership."""
    with desk.db.reading() as tx:
        new = classes_memberships.new_of(tx, TEAM, card)
    classes_memberships.edit(desk.db, TEAM, card, replace(new, **more), by=STAFF, now=desk.now, version=0)


def test_a_higher_number_of_a_membership_is_offered(desk):
    """Sold out by its own limit; staff raise it."""
    card = desk.sold(custom=1, amount=0)
    desk.buys(card)
    entry = waits(desk, membership_id=card)
    assert state(desk, entry) == "waiting"
    edit(desk, card, custom=2)
    assert state(desk, entry) == "offered"


def test_a_sale_that_goes_on_is_offered(desk):
    """A place became free while it was stopped."""
    card = desk.sold(desk.small, amount=0)
    bought = desk.buys(card, desk.small)
    entry = waits(desk, membership_id=card)
    classes_memberships.stop(desk.db, TEAM, card, by=STAFF, now=desk.now)
    desk.leave(bought)
    assert state(desk, entry) == "waiting"
    classes_memberships.resume(desk.db, TEAM, card, by=STAFF, now=desk.now)
    assert state(desk, entry) == "offered"


def test_without_its_full_date_a_class_has_a_place(desk):
    """One date had fewer places; it is cancelled."""
    row = desk.dates(desk.yoga)[3]
    press(desk, classes_dates.places, row.id, 1)
    card = desk.sold(amount=0)
    desk.buys(card)
    entry = waits(desk, membership_id=card, class_id=desk.yoga)
    assert state(desk, entry) == "waiting"
    press(desk, classes_dates.cancel, row.id)
    assert state(desk, entry) == "offered"
    assert desk.seats_agree()


def test_what_a_cancelled_class_leaves_is_offered_and_nothing_of_itself(desk):
    """A membership was sold out by its limit: its one purchase ends with a class; the other is free."""
    card = desk.sold(desk.yoga, desk.small, custom=1, amount=0)
    desk.buys(card, desk.small)
    entry = waits(desk, membership_id=card)
    press(desk, classes_weekly.cancel_class, desk.small)
    assert state(desk, entry) == "offered"
    kept = desk.all(Registration, Registration.waiting_id == entry, Registration.state == "offered")
    assert {desk.one(ClassDate, one.date_id).class_id for one in kept} == {desk.yoga}
    assert desk.seats_agree()


def test_nobody_who_is_gone_is_offered_a_place(desk):
    """It goes to the next one at once."""
    card = desk.sold(desk.small, amount=0)
    bought = desk.buys(card, desk.small)
    gone, entry = waits(desk, TOM, membership_id=card), waits(desk, ANA, membership_id=card)
    with desk.db.transaction() as tx:
        tx.get_one(PersonRow, (TEAM, TOM)).deleted = True
    desk.leave(bought)
    assert (state(desk, gone), state(desk, entry)) == ("waiting", "offered")


def freed(desk):
    """A membership on hold whose places were given away; the purchase."""
    desk.stripe.charge_outcomes.extend([DECLINED] * 3)
    bought = desk.joins(desk.sold(**WEEKLY))
    desk.until(datetime(2026, 9, 14, 5, tzinfo=UTC) + timedelta(days=15))
    assert desk.state(bought) is Bought.SUSPENDED
    assert desk.purchase(bought).kept_until is None
    return bought


def test_a_membership_on_hold_holds_no_new_date_once_its_places_are_given_away(desk):
    """It has them when it is paid."""
    bought = freed(desk)
    before = desk.seats(bought)
    found = press(desk, classes_dates.add_date, desk.yoga, date(2026, 10, 9), EVENING).id
    assert desk.one(ClassDate, found).taken == 0
    desk.mark(bought)
    assert desk.state(bought) is Bought.ACTIVE
    assert desk.seats(bought)["registered"] == before["registered"] + before["removed"] + 1
    assert desk.one(ClassDate, found).taken == 1
    desk.agrees()


def test_a_date_that_is_put_back_is_not_held_for_it_either(desk):
    """Its places were given away while the date was cancelled."""
    desk.stripe.charge_outcomes.extend([DECLINED] * 3)
    bought = desk.joins(desk.sold(**WEEKLY))
    desk.until(datetime(2026, 9, 28, 3, 59, tzinfo=UTC))
    assert desk.purchase(bought).kept_until is not None
    row = desk.dates(desk.yoga)[5]
    press(desk, classes_dates.cancel, row.id)
    desk.later(hours=12)
    assert desk.purchase(bought).kept_until is None
    press(desk, classes_dates.undo, row.id)
    assert desk.one(ClassDate, row.id).taken == 0


def test_a_date_after_a_stopped_renewal_is_not_put_back_for_it(desk):
    """It was cancelled before the member stopped paying."""
    bought = desk.joins(desk.sold(plan="renew", amount=1000, every=1, unit="month"))
    row = desk.dates(desk.yoga)[8]
    press(desk, classes_dates.cancel, row.id)
    classes_leaving.stop_renewal(desk.deps, bought, by=LEA, now=desk.now)
    press(desk, classes_dates.undo, row.id)
    assert desk.one(ClassDate, row.id).taken == 0


def test_a_make_up_lesson_that_was_used_is_not_also_the_lesson(desk):
    """Paying brings back what was given away, not what had been made up for."""
    kind = desk.one(WeeklyClass, desk.yoga).type_id
    other = desk.weekly(desk.term_id, THU, EVENING + 120, type_id=kind)
    desk.stripe.charge_outcomes.extend([DECLINED] * 3)
    bought = desk.joins(desk.sold(**WEEKLY))
    row = desk.dates(desk.yoga)[5]
    press(desk, classes_dates.cancel, row.id)
    credit, there = desk.all(Credit)[0].id, desk.dates(other)[5].id
    classes_credits.use(desk.db, TEAM, credit, there, user_id=LEA, now=desk.now)
    press(desk, classes_dates.undo, row.id)
    desk.until(datetime(2026, 9, 14, 5, tzinfo=UTC) + timedelta(days=15))
    assert (desk.one(ClassDate, row.id).taken, desk.one(ClassDate, there).taken) == (0, 0)
    desk.mark(bought)
    assert (desk.one(ClassDate, row.id).taken, desk.one(ClassDate, there).taken) == (0, 1)
    desk.agrees()


def test_a_date_outside_the_session_is_not_put_back(desk):
    """The session was made shorter: its dates were cancelled, and come back with its days alone."""
    new = NewTerm("Autumn 2026", date(2026, 9, 7), date(2026, 12, 1), "America/Toronto")
    plan = classes_terms.plan_edit(desk.db, TEAM, desk.term_id, new, now=desk.now)
    classes_terms.edit(desk.db, TEAM, desk.term_id, new, by=STAFF, now=desk.now, version=plan.version,
                       plan=plan.key)  # fmt: skip
    last = desk.dates(desk.yoga)[-1]
    assert last.state == "cancelled"
    with pytest.raises(Refusal):
        press(desk, classes_dates.undo, last.id)


def test_a_make_up_lesson_in_another_class_outlives_the_class_that_was_missed(desk):
    """It was earned before, and its class goes on."""
    kind = desk.one(WeeklyClass, desk.yoga).type_id
    other = desk.weekly(desk.term_id, THU, EVENING + 120, type_id=kind)
    bought = desk.buys(desk.sold(desk.yoga, other, lessons=2, amount=0), desk.yoga, other)
    mine = desk.registrations(bought)  # Tuesday, Thursday, Tuesday
    for one in mine[:2]:
        classes_attending.skip(desk.db, TEAM, one.id, user_id=LEA, now=desk.now)
    credit = next(one.id for one in desk.all(Credit) if one.registration_id == mine[0].id)
    third = desk.weekly(desk.term_id, THU, EVENING + 240, type_id=kind)
    there = desk.dates(third)[0].id
    classes_credits.use(desk.db, TEAM, credit, there, user_id=LEA, now=desk.now)
    press(desk, classes_weekly.cancel_class, desk.yoga)
    assert desk.one(ClassDate, there).taken == 1
    desk.leave(bought)
    assert desk.one(ClassDate, there).taken == 0
