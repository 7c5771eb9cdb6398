"""A member chooses, pays, and is registered; what staff and Stripe have to say; waitlists, single dates."""

import pytest

from tests.flows.classes_page import (
    a_class,
    a_membership,
    a_studio,
    a_type,
    area,
    assign_all,
    buy,
    choice,
    done,
    link,
    offered,
    open_term,
    person,
    press_at,
    sale,
    tab,
)
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import close_all

TERM = "Spring 2027"
TUE, THU = "Yoga · Tue 18:00", "Yoga · Thu 18:00"


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana's session with two classes: two lessons a week for 120.00, and one that is approved first."""
    found = stage_of(9).ws
    ana = person(found, 0)
    a_studio(ana, TERM, "Yoga", ["Tue", "Thu"])
    a_membership(ana, "Two a week", TERM, [TUE, THU], **{"Lessons per week": "2", "Duration in weeks": "10"})
    a_membership(ana, "On approval", TERM, [TUE, THU], settings=("Approval required",))
    return found


@pytest.fixture
def ana(ws):
    """The administrator."""
    return person(ws, 0)


def test_two_lessons_are_two_choices(ws):
    """One class is too few; the form stays as it is filled in."""
    ben = person(ws, 1)
    form = choice(ben, "Two a week").fill({"Choose 2 classes": [TUE]})
    assert form.submit()["status"] != "ok"
    assert "Choose 2 classes (you chose 1)." in ben.modal().errors.values()
    assert ben.modal().values["Choose 2 classes"] == [TUE]
    assert "Continue" in str(ben.modal().facts)
    close_all(ben)


def test_who_pays_is_registered_to_every_date(ws, guests):
    """One payment at Stripe; then ten weeks of both classes are registered, without anything more to do."""
    cleo = person(ws, 2)
    shown = buy(cleo, "Two a week", [TUE, THU])
    assert "Pay" in shown.labels
    url = link(shown, "Pay")
    close_all(cleo)
    page = guests.browse(url)
    guests.pay(page.press("Pay 120.00 USD").url)
    told = cleo.dm().wait_for("You are in", PATIENCE)
    assert told.text.count("20 dates") == 1
    assert {"My Classes", "Add to Calendar"} <= set(told.labels)
    home = sale(cleo).wait_for("20 dates ahead", PATIENCE)
    assert len(guests.checkouts()) == 1
    press_at(home, "Two a week", "Dates")
    home = cleo.home(open_=False).wait_for("Skip", PATIENCE)
    press_at(home, "Tue 9 Mar, 18:00", "Skip This One")
    assert cleo.home(open_=False).wait_for("Undo Skip", PATIENCE)


def test_where_approval_is_required_nothing_is_charged_before(ws, ana, guests):
    """Staff approve or decline; only then there is something to pay."""
    dora, emil = person(ws, 3), person(ws, 4)
    buy(dora, "On approval", [TUE])
    close_all(dora)
    assert dora.dm().wait_for("Nothing is charged yet.", PATIENCE).labels == ["Withdraw"]
    before = len(guests.checkouts())
    asked = ana.dm().wait_for("Membership approval", PATIENCE)
    assert {"Approve", "Decline"} <= set(asked.labels)
    asked.press("Approve")
    assert dora.dm().wait_for("You are approved for", PATIENCE)
    buy(emil, "On approval", [TUE])
    close_all(emil)
    ws.wait_until(
        lambda: len(tab(ana, "Requests").labels) and tab(ana, "Requests").text_has("On approval"), PATIENCE
    )
    press_at(tab(ana, "Requests"), "On approval", "Decline")
    done(ana.modal().fill({"Reason": "Please take a trial lesson first."}))
    close_all(ana)
    told = emil.dm().wait_for("Please take a trial lesson first.", PATIENCE)
    assert "Nothing was charged." in told.text
    assert len(guests.checkouts()) == before


def test_a_free_place_is_offered_to_who_waits(ws, ana):
    """One place: the second joins the waitlist, and takes it once the first has left."""
    a_type(ana, "Judo")
    open_term(ana, TERM)
    a_class(ana, "Judo", ["Wed"], places=1)
    assign_all(ana)
    a_membership(ana, "Judo once a week", TERM, ["Judo · Wed 18:00"], price="0")
    finn, gwen = person(ws, 5), person(ws, 6)
    buy(finn, "Judo once a week", ["Judo · Wed 18:00"])
    close_all(finn)
    assert "Join Waitlist" in offered(sale(gwen), "Judo once a week")
    press_at(sale(gwen), "Judo once a week", "Join Waitlist")
    done(gwen.modal("Join waitlist"))
    close_all(gwen)
    press_at(sale(finn), "Judo once a week", "Leave")
    done(finn.modal("Leave"))
    close_all(finn)
    offer = gwen.dm().wait_for("A place is free", PATIENCE)
    assert offer.labels == ["Take the Place", "Pass"]
    offer.press("Take the Place")
    if gwen.modals():
        done(gwen.modal())
    assert gwen.dm().wait_for("You are in", PATIENCE)
    assert area(gwen).wait_for("Judo once a week", PATIENCE)
