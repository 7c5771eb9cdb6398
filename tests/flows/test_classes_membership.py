"""A membership in its four steps, what its settings do, and when it is full."""

import pytest

from tests.flows.classes_page import (
    a_membership,
    a_studio,
    buy,
    done,
    offered,
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
    """Ana, who is an administrator and has a session with two classes of ten places; and others."""
    found = stage_of(8).ws
    a_studio(person(found, 0), TERM, "Yoga", ["Tue", "Thu"])
    return found


@pytest.fixture
def ana(ws):
    """The administrator."""
    return person(ws, 0)


def test_a_membership_is_made_in_four_steps(ws, ana):
    """Description, classes, billing plan, settings; with [Finish] it is on sale."""
    tab(ana, "Memberships").press("Add New Membership")
    form = ana.modal("New membership").choose("Session", TERM)
    form = ana.modal()
    assert form.text_has("Step 1 of 4: Membership description")
    assert form.values["Duration in weeks"] == "15"
    assert form.values["Number of users per class"] == "Default value"
    form.choose("Number of users per class", "Custom value")
    ana.modal().fill({"Membership name": "Two a week", "Description": "Ten weeks of yoga", "Price": "1,000"})
    ana.modal().fill({"How many": "10", "Lessons per week": "2", "Duration in weeks": "10"})
    assert ana.modal().submit()["status"] != "ok"
    done(ana.modal().fill({"Price": "120.00"}))
    form = ana.modal()
    assert form.text_has("Step 2 of 4: Select classes")
    assert form.fill({"Classes members can choose": [TUE]}).submit()["status"] != "ok"
    assert "Select at least 2 classes." in ana.modal().errors.values()
    done(ana.modal().fill({"Classes members can choose": [TUE, THU]}))
    form = ana.modal()
    assert form.text_has("Step 3 of 4: Billing plan")
    for label in ("Recurring payments", "Auto renew", "Class card"):
        ana.modal().choose("Type of membership", label)
    done(ana.modal())
    form = ana.modal()
    assert form.text_has("Step 4 of 4: Membership settings")
    assert form.facts["submit"] == "Finish"
    done(form.fill({"Membership settings": ["Available online"]}))
    close_all(ana)
    home = tab(ana, "Memberships").wait_for("Two a week", PATIENCE)
    assert {"Preview", "Edit", "Stop Sale"} <= set(home.labels)
    assert "Buy" in offered(sale(person(ws, 1)), "Two a week")


def test_one_that_may_be_sold_once_is_full_after_the_first(ws, ana):
    """A custom value of 1: after the first purchase it reads Full, and Buy has become Join Waitlist."""
    tab(ana, "Memberships").press("Add New Membership")
    ana.modal("New membership").choose("Session", TERM)
    ana.modal().choose("Number of users per class", "Custom value")
    done(ana.modal().fill({"Membership name": "Only one", "Price": "0", "How many": "1"}))
    done(ana.modal().fill({"Classes members can choose": [TUE, THU]}))
    done(ana.modal())
    done(ana.modal().fill({"Membership settings": ["Available online"]}))
    close_all(ana)
    buy(person(ws, 1), "Only one", [TUE])
    home = sale(person(ws, 2)).wait_for("Full", PATIENCE)
    assert "Join Waitlist" in offered(home, "Only one")
    assert "Buy" not in offered(home, "Only one")


def test_a_number_that_does_not_fit_is_warned_about(ana):
    """The number of purchases stands beside the places of the classes."""
    tab(ana, "Memberships").press("Add New Membership")
    ana.modal("New membership").choose("Session", TERM)
    ana.modal().choose("Number of users per class", "Custom value")
    done(
        ana.modal().fill({"Membership name": "Few", "Price": "0", "How many": "10", "Lessons per week": "1"})
    )
    ana.modal().choose("Classes members can choose", [TUE, THU])
    form = ana.modal().wait_for("Places in the chosen classes: 10, 10", PATIENCE)
    assert form.text_has("Half of the places would stay empty: 20 purchases fit.")
    close_all(ana)


def test_what_is_not_online_is_sold_by_staff(ws, ana):
    """Without [Available online] members do not see it; staff sell it by [Register Member]."""
    a_membership(ana, "At the desk", TERM, [TUE, THU], price="0", settings=("not online",))
    cleo = person(ws, 3)
    assert not sale(cleo).text_has("At the desk")
    tab(ana, "Members").press("Register Member")
    form = ana.modal("Register member").choose("Membership", f"At the desk · {TERM}")
    form = ana.modal()
    done(form.fill({"Member": cleo.name, "Choose 1 class": [TUE]}))
    close_all(ana)
    assert cleo.dm().wait_for("You are in", PATIENCE)


def test_an_introductory_offer_is_for_new_members(ws, ana):
    """Who has used it, or ever paid, does not see it any more; everybody else does."""
    a_membership(ana, "First steps", TERM, [TUE, THU], price="0", settings=("Introductory offer",))
    dora, emil = person(ws, 4), person(ws, 5)
    assert "Buy" in offered(sale(dora), "First steps")
    buy(dora, "First steps", [TUE])
    dora.dm().wait_for("You are in", PATIENCE)
    a_membership(ana, "First steps again", TERM, [TUE, THU], price="0", settings=("Introductory offer",))
    assert not sale(dora).text_has("First steps again")
    assert "Buy" in offered(sale(emil), "First steps again")
    press_at(tab(ana, "Memberships"), "First steps again", "Stop Sale")
    assert not sale(emil).text_has("First steps again")
