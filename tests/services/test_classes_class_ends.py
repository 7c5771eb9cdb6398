"""A class that is cancelled with all its dates, and put back; and a process that dies on the way."""

from datetime import timedelta

import pytest

from domain.classes import NoSuchClass
from domain.classes_terms import TooLateToUndo
from services import classes_dates, classes_weekly
from services.classes_money import money_of
from store.classes import ClassDate
from store.classes_sold import Credit, Membership, Registration
from tests.buyers import OCTOBER, Desk
from tests.classes import LEA, TOM, TUE, WED, Studio, at
from tests.statements import statements
from tests.timetable import Killed, bought, fifth, killed_before, press, told


@pytest.fixture
def studio(db):
    """A term with a class of two places on Tuesdays, and a membership for nothing."""
    found = Studio(db)
    found.term_id = found.term(closed_days=["2026-10-12"])
    found.yoga = found.weekly(found.term_id, TUE, places=2)
    found.card = found.membership(found.term_id, [found.yoga], amount=0)
    return found


def test_a_cancelled_class_tells_once_and_comes_back_within_24_hours(studio):
    """Who had it alone has the membership again; each date once."""
    lea, tom = bought(studio), bought(studio, TOM)
    studio.clock.now = at("2026-10-01T16:00")
    done = press(studio, classes_weekly.cancel_class, studio.yoga)
    again = press(studio, classes_weekly.cancel_class, studio.yoga)

    assert (done.changed, done.said, again.changed) == (True, "2 members were told.", False)
    assert {row.state for row in studio.dates(studio.yoga)[4:]} == {"cancelled"}
    assert [row.params["what"] for row in studio.told("classes.over", LEA)] == ["class_cancelled"]
    assert told(studio) == []
    assert studio.purchase(lea).state == "cancelled"
    states = [one.state for one in studio.registrations(lea)]
    assert states == ["registered"] * 4 + ["removed"] * 6
    assert studio.seats_agree()
    with pytest.raises(NoSuchClass):
        press(studio, classes_dates.undo, fifth(studio).id)

    studio.clock.now += timedelta(hours=24)
    back = press(studio, classes_weekly.undo_class, studio.yoga)
    assert (back.changed, back.said) == (True, "2 members are registered again.")
    assert not press(studio, classes_weekly.undo_class, studio.yoga).changed
    assert studio.purchase(lea).state == "active"
    assert [one.state for one in studio.registrations(tom)] == ["registered"] * 10
    assert {row.state for row in studio.dates(studio.yoga)[4:]} == {"planned"}
    assert studio.seats_agree()


def test_a_class_is_put_back_for_24_hours_only(studio):
    """And one that belongs to no term is deleted instead."""
    press(studio, classes_weekly.cancel_class, studio.yoga)
    studio.clock.now += timedelta(hours=24, seconds=1)
    with pytest.raises(TooLateToUndo):
        press(studio, classes_weekly.undo_class, studio.yoga)
    alone = studio.weekly(None, TUE)
    with pytest.raises(NoSuchClass, match="Delete it"):
        press(studio, classes_weekly.cancel_class, alone)


def test_another_class_of_a_membership_stays(studio):
    """One of two is cancelled: the other's dates stand."""
    judo = studio.weekly(studio.term_id, WED)
    both = studio.membership(studio.term_id, [studio.yoga, judo], name="Two", amount=0, lessons=2)
    lea = bought(studio, card=both, classes=[studio.yoga, judo])
    press(studio, classes_weekly.cancel_class, studio.yoga)

    assert studio.purchase(lea).state == "active"
    left = [one for one in studio.registrations(lea) if one.state == "registered"]
    assert {studio.one(ClassDate, one.date_id).class_id for one in left} == {judo}
    assert len(left) == 10
    press(studio, classes_weekly.undo_class, studio.yoga)
    assert [one.state for one in studio.registrations(lea)] == ["registered"] * 20
    assert studio.seats_agree()


def test_a_process_that_dies_anywhere_leaves_nothing_half_done(studio):
    """Before each statement once: the date is as it was, with everybody on it; then it is cancelled once."""
    bought(studio), bought(studio, TOM)
    row = fifth(studio)
    before = studio.all(Registration)
    with statements(studio.db) as seen:
        press(studio, classes_dates.cancel, row.id)
    press(studio, classes_dates.undo, row.id)
    told_before = len(studio.told("classes.date"))
    for number in range(1, len(seen) + 1):
        with pytest.raises(Killed), killed_before(studio.db, number):
            press(studio, classes_dates.cancel, row.id)
        assert studio.one(ClassDate, row.id).state == "planned"
        assert [one.state for one in studio.all(Registration)] == [one.state for one in before]
        assert {one.state for one in studio.all(Credit)} == {"void"}
        assert len(studio.told("classes.date")) == told_before
        assert studio.seats_agree()
    assert press(studio, classes_dates.cancel, row.id).said == "2 members were told."


def test_who_was_refunded_keeps_the_money_when_the_class_comes_back(db):
    """4 of 10 dates are over: 72.00 of 120.00 went back, and the places are for sale again."""
    desk = Desk(db)
    card = desk.sold()
    lea = desk.joins(card)
    desk.clock.now = OCTOBER
    press(desk, classes_weekly.cancel_class, desk.yoga)
    with desk.db.reading() as tx:
        assert money_of(tx, [lea])[lea].back == 7200
    done = press(desk, classes_weekly.undo_class, desk.yoga)

    assert done.said == "0 members are registered again. 1 member was refunded and may buy again."
    assert desk.purchase(lea).state == "cancelled"
    assert {row.taken for row in desk.dates(desk.yoga)[4:]} == {0}
    assert desk.one(Membership, card).sold == 0
    assert desk.buys(card)
    assert desk.seats_agree()
