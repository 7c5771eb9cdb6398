"""One's own data of classes: the file, and what becomes of places, money and names when it is erased."""

import json

import pytest
from sqlalchemy import select

from domain.classes import Bought
from services import classes_dates, classes_drafts, classes_waiting, my_data
from store.base import Base
from store.classes import ClassDraft, Term, WeeklyClass
from store.classes_sold import Membership, Purchase, Registration, Waiting
from store.core import Audit
from store.outbox import Outbox
from store.payments import Bill
from tests.builders import TEAM
from tests.buyers import OCTOBER, Desk
from tests.classes import ANA, LEA, STAFF, THU, TOM
from tests.timetable import press

OURS = [one for one in Base.__subclasses__() if one.__tablename__.startswith("class_")]


@pytest.fixture
def desk(db):
    """A studio with a class of one place beside the one on Tuesdays."""
    found = Desk(db)
    found.small = found.weekly(found.term_id, THU, places=1)
    return found


def erase(desk, user):
    """[Erase My Data], once more while something is on its way."""
    desk.db.retrying(lambda: my_data.erase(desk.db, TEAM, user, chance=desk.chance, now=desk.now))


def the_file(desk, user):
    """What somebody gets to read."""
    with desk.db.reading() as tx:
        return my_data.collect(tx, TEAM, user)


def everything(desk, *tables):
    """All rows of these tables, as text."""
    with desk.db.reading() as tx:
        found = [[dict(row) for row in tx.execute(select(one.__table__)).mappings()] for one in tables]
    return json.dumps(found, default=str)


def lea(desk):
    """Lea bought a membership, waits for another that Tom has, and began a form; the purchase and entry."""
    bought = desk.joins(desk.sold(refund_rule="prorated"))
    small = desk.sold(desk.small, amount=0)
    desk.buys(small, desk.small, who=TOM)
    waits = classes_waiting.join(desk.db, TEAM, user_id=LEA, membership_id=small, class_id=desk.small,
                                 now=desk.now).id  # fmt: skip
    classes_drafts.put(desk.db, TEAM, LEA, "membership", {"name": "Mine"}, now=desk.now)
    return bought, waits


def test_the_file_of_a_member_holds_what_is_theirs(desk):
    """Purchases, registrations, waitlists, payments and drafts; nothing of others."""
    lea(desk)
    found = the_file(desk, LEA)
    counts = {name: len(found[name]) for name in ("memberships", "class_registrations", "waitlists",
                                                  "class_payments", "class_drafts")}  # fmt: skip
    assert counts == {"memberships": 1, "class_registrations": 10, "waitlists": 1, "class_payments": 1,
                      "class_drafts": 1}  # fmt: skip
    assert f'"{TOM}"' not in json.dumps(found, default=str)


def test_the_file_of_a_teacher_and_of_staff_holds_what_they_did(desk):
    """Who teaches and who made what."""
    assert len(the_file(desk, ANA)["classes_taught_or_made"]) == 2
    found = the_file(desk, STAFF)
    assert [len(found[name]) for name in ("class_sessions", "class_staff_of")] == [1, 1]


def test_erasing_a_member_leaves_first_and_keeps_no_trace(desk):
    """Places are free, money goes back by its rule, all counts stay; twice is once."""
    bought, waits = lea(desk)
    desk.clock.now = OCTOBER
    before = [len(desk.all(one)) for one in (Purchase, Registration, Waiting, Bill)]
    for _ in range(2):
        erase(desk, LEA)
    desk.errands()

    assert desk.state(bought) is Bought.CANCELLED
    assert desk.one(Waiting, waits).state == "left"
    assert desk.refunds(bought) == [("cancelled", 7200)]
    assert desk.money(bought).kept == 4800
    assert [one.taken for one in desk.dates(desk.yoga)] == [1] * 4 + [0] * 11
    assert [len(desk.all(one)) for one in (Purchase, Registration, Waiting, Bill)] == before
    assert f'"{LEA}"' not in everything(desk, *OURS, Bill, Outbox)
    with desk.db.reading() as tx:
        assert LEA not in set(tx.scalars(select(Audit.actor).where(Audit.subject.startswith("purchase "))))
        assert LEA not in set(tx.scalars(select(Audit.actor).where(Audit.subject.startswith("waiting "))))
    assert everything(desk, ClassDraft) == "[[]]"
    assert the_file(desk, LEA)["memberships"] == []
    desk.agrees()


def test_the_place_of_whoever_is_erased_goes_to_who_waits(desk):
    """As when they leave by themselves."""
    _, waits = lea(desk)
    erase(desk, TOM)
    assert desk.one(Waiting, waits).state == "offered"
    assert desk.all(Membership)[1].sold == 1  # kept for her
    assert desk.seats_agree()


def test_what_is_held_is_not_to_be_paid_any_more(desk):
    """Nor is a card charged that Stripe keeps for them."""
    bought = desk.joins(desk.sold(plan="renew", amount=1000, every=1, unit="week"))
    other = desk.buys(desk.sold(desk.small), desk.small)
    erase(desk, LEA)
    assert [desk.state(one) for one in (bought, other)] == [Bought.CANCELLED, Bought.CANCELLED]
    assert {(one.customer, one.card, one.link_sealed) for one in desk.all(Bill)} == {("", "", "")}
    desk.later(days=30)
    assert len(desk.stripe.charges) == 0
    desk.agrees()


def test_erasing_a_teacher_or_one_of_the_staff_leaves_the_studio_as_it_is(desk):
    """Classes and memberships stand; nobody in particular made them."""
    bought, _ = lea(desk)
    press(desk, classes_dates.cancel, desk.dates(desk.yoga)[3].id)
    for one in (ANA, STAFF):
        erase(desk, one)
    assert desk.state(bought) is Bought.ACTIVE
    left = everything(desk, *OURS)
    assert f'"{ANA}"' not in left
    assert f'"{STAFF}"' not in left
    assert desk.all(Term)[0].created_by.startswith("erased-")
    assert len(desk.all(WeeklyClass)) == 2
