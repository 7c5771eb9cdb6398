"""Approval, the time to pay, holds that end, and money that comes too late."""

from datetime import timedelta

import pytest

from domain.classes import Bought, NotYours
from domain.classes_choice import BadChoice
from domain.payments import Checkout, CheckoutState
from services import classes_approval, classes_buying, classes_clock, takings
from services.bills import owner_of
from store.classes_sold import Enrolment, Membership, Purchase
from store.payments import Bill
from tests.builders import TEAM
from tests.classes import ANA, LEA, STAFF, TOM, WED, Studio, at


@pytest.fixture
def studio(db):
    """A studio with a term."""
    return Studio(db)


@pytest.fixture
def term(studio):
    """Autumn 2026."""
    return studio.term()


def buy(studio, membership, *classes, user=LEA):
    """Somebody presses [Continue]; the number of the purchase."""
    deps, key = studio.deps, studio.key()
    return classes_buying.buy(deps, membership, classes, user_id=user, key=key, now=studio.now).id


def asked(studio, term, **more):
    """A request for a membership of one Tuesday class; the purchase and the class."""
    yoga = studio.weekly(term, places=1)
    return buy(studio, studio.membership(term, [yoga], approval=True, **more), yoga), yoga


def state(studio, purchase):
    """Where it stands, and what became of its registrations."""
    rows = {row.state for row in studio.registrations(purchase)}
    return studio.purchase(purchase).state, "".join(sorted(rows))


def wait(studio, term, **more):
    """Time passes, and the clock does all that is due."""
    studio.clock.now += timedelta(**more)
    while classes_clock.step(studio.deps, term, now=studio.now):
        assert studio.seats_agree()


def over(studio, user=LEA):
    """What somebody read about ends, the first one first."""
    return [row.params["what"] for row in studio.told("classes.over", user)]


def pay(studio, purchase):
    """Stripe tells that the first bill was paid; whether anything changed."""
    with studio.db.reading() as tx:
        bill = tx.query(Bill).filter_by(purchase_id=purchase).one()
        owner = owner_of(TEAM, f"purchase {tx.get_one(Purchase, purchase).key}")
    found = Checkout(
        f"cs_{bill.id}", CheckoutState.PAID, amount=bill.amount, currency=bill.currency,
        intent=f"pi_{bill.id}", bill_id=bill.id, owner=owner,
    )  # fmt: skip
    return takings.take(studio.db, TEAM, found, now=studio.now)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-09-02T16:00", "2026-09-04T16:00"),
        ("2026-09-07T16:00", "2026-09-08T22:00"),
        ("2026-09-08T21:50", "2026-09-08T22:21"),
        ("2026-09-08T23:00", "2026-09-10T23:00"),
    ],
)
def test_who_is_approved_has_48_hours_at_most_until_the_first_date(studio, term, now, until):
    """And always the minutes that a page of Stripe's stays open. The second press says who was first."""
    one, _ = asked(studio, term)
    studio.clock.now = at(now)
    done = classes_approval.approve(studio.deps, one, by=STAFF, now=studio.now)
    row = studio.purchase(one)
    assert (done.changed, row.state, row.hold_until) == (True, "awaiting_payment", at(until))
    assert len(studio.told("classes.pay", LEA)) == 1
    again = classes_approval.approve(studio.deps, one, by=ANA, now=studio.now + timedelta(minutes=1))
    assert (again.changed, again.said) == (False, done.said)
    assert again.said.startswith(f"Approved by <@{STAFF}> at ")
    assert len(studio.told("classes.pay", LEA)) == 1


def test_who_is_approved_for_nothing_is_in(studio, term):
    """Price 0: active, C4."""
    one, _ = asked(studio, term, amount=0)
    assert classes_approval.approve(studio.deps, one, by=STAFF, now=studio.now).changed
    assert state(studio, one) == ("active", "registered")
    assert len(studio.told("classes.in", LEA)) == 1


def test_who_is_declined_frees_the_places_and_reads_why(studio, term):
    """C5; nothing was asked for, and a second press changes nothing."""
    one, yoga = asked(studio, term)
    done = classes_approval.decline(studio.deps, one, by=STAFF, reason=" For adults. ", now=studio.now)
    assert done.changed
    assert state(studio, one) == ("rejected", "removed")
    assert (over(studio), studio.purchase(one).reason) == (["declined"], "For adults.")
    again = classes_approval.decline(studio.deps, one, by=ANA, now=studio.now)
    assert (again.changed, again.said) == (False, done.said)
    assert again.said.startswith(f"Declined by <@{STAFF}> at ")
    assert not classes_approval.approve(studio.deps, one, by=STAFF, now=studio.now).changed
    assert over(studio) == ["declined"]
    assert {date.taken for date in studio.dates(yoga)} == {0}
    assert studio.all(Membership)[0].sold == 0
    assert studio.all(Bill) == []


def test_who_asked_may_withdraw_and_nobody_else(studio, term):
    """Then [Approve] says so."""
    one, yoga = asked(studio, term)
    with pytest.raises(NotYours):
        classes_approval.withdraw(studio.deps, one, by=TOM, now=studio.now)
    assert classes_approval.withdraw(studio.deps, one, by=LEA, now=studio.now).changed
    assert not classes_approval.withdraw(studio.deps, one, by=LEA, now=studio.now).changed
    assert state(studio, one) == ("cancelled", "removed")
    said = classes_approval.approve(studio.deps, one, by=STAFF, now=studio.now)
    assert (said.changed, said.said) == (False, "This request was withdrawn.")
    assert {date.taken for date in studio.dates(yoga)} == {0}


def test_an_unanswered_request_expires_and_both_sides_hear_of_it(studio, term):
    """At the end of the second business day: C6 to the member, news to staff."""
    one, _ = asked(studio, term)
    wait(studio, term, days=2, hours=11)
    assert studio.purchase(one).state == Bought.PENDING_APPROVAL
    wait(studio, term, hours=1)
    assert state(studio, one) == ("expired", "removed")
    assert over(studio) == ["expired"]
    assert [row.params["what"] for row in studio.told("classes.news", STAFF)] == ["expired"]
    assert studio.seats_agree()


def test_a_hold_that_is_not_paid_ends_and_the_place_is_sold_again(studio, term):
    """31 minutes; C6; Buy works again, for the same person too."""
    yoga = studio.weekly(term, places=1)
    card = studio.membership(term, [yoga])
    one = buy(studio, card, yoga)
    wait(studio, term, minutes=30)
    assert state(studio, one) == ("awaiting_payment", "held")
    wait(studio, term, minutes=1)
    assert state(studio, one) == ("expired", "removed")
    assert over(studio) == ["expired"]
    assert studio.told("classes.news") == []
    assert state(studio, buy(studio, card, yoga)) == ("awaiting_payment", "held")


def test_who_pays_in_time_is_registered_once(studio, term):
    """The same payment twice: one C4."""
    yoga = studio.weekly(term)
    one = buy(studio, studio.membership(term, [yoga]), yoga)
    assert [pay(studio, one), pay(studio, one)] == [True, False]
    assert state(studio, one) == ("active", "registered")
    assert len(studio.told("classes.in", LEA)) == 1
    wait(studio, term, hours=1)
    assert studio.purchase(one).state == Bought.ACTIVE


def test_what_is_paid_while_dates_pass_is_registered_from_now_on(studio, term):
    """A date that began before the money came takes no place of hers."""
    yoga = studio.weekly(term)
    studio.clock.now = at("2026-09-15T21:50")
    one = buy(studio, studio.membership(term, [yoga]), yoga)
    studio.clock.now += timedelta(minutes=15)
    assert pay(studio, one)
    rows = [row.state for row in studio.registrations(one)]
    assert rows == ["removed", *["registered"] * 8]
    assert studio.told("classes.in", LEA)[0].params["dates"] == 8
    assert studio.seats_agree()


def test_money_that_comes_late_counts_while_all_places_are_free(studio, term):
    """Expired, then paid: active."""
    yoga = studio.weekly(term, places=1)
    one = buy(studio, studio.membership(term, [yoga]), yoga)
    wait(studio, term, minutes=32)
    assert pay(studio, one)
    assert state(studio, one) == ("active", "registered")
    assert studio.all(Membership)[0].sold == 1
    assert studio.seats_agree()


def test_money_that_comes_after_the_place_was_sold_waits_for_staff(studio, term):
    """C7; staff choose other classes, once, and only such that have places."""
    yoga, judo, full = (studio.weekly(term, day, places=1) for day in (1, 2, 3))
    card = studio.membership(term, [yoga, judo, full])
    one = buy(studio, card, yoga)
    wait(studio, term, minutes=32)
    buy(studio, card, yoga, user=TOM)
    buy(studio, card, full, user=ANA)
    assert pay(studio, one)
    assert state(studio, one) == ("paid_unallocated", "removed")
    assert over(studio)[-1] == "unallocated"

    def choose(*classes):
        return classes_buying.choose_other(studio.deps, one, classes, by=STAFF, now=studio.now)

    with pytest.raises(BadChoice, match="Choose 1 class"):
        choose(judo, full)
    studio.clock.now += timedelta(minutes=6)
    with pytest.raises(BadChoice, match="is full"):
        choose(full)
    assert [choose(judo).changed, choose(judo).changed] == [True, False]
    assert state(studio, one) == ("active", "registered")
    assert {row.class_id for row in studio.all(Enrolment, Enrolment.purchase_id == one)} == {judo}
    assert studio.seats_agree()


@pytest.mark.parametrize("amount", [0, 12000])
def test_a_class_may_be_bought_by_the_desk(studio, term, amount):
    """Staff sell: no approval is asked for, and two days to pay."""
    yoga = studio.weekly(term, WED)
    card = studio.membership(term, [yoga], approval=True, online=False, amount=amount)
    done = classes_buying.buy(
        studio.deps, card, [yoga], user_id=LEA, key="desk", now=studio.now, sold_by=STAFF
    )
    row = studio.purchase(done.id)
    assert (row.state, row.sold_by) == ("awaiting_payment" if amount else "active", STAFF)
    assert row.next_at == (
        studio.now + timedelta(hours=48) if amount else at("2026-11-11T23:00") + timedelta(hours=1)
    )
