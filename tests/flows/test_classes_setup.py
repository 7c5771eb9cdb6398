"""Class staff set up: types, a session, its classes, and all of their dates."""

import pytest

from tests.flows.classes_page import (
    a_class,
    a_term,
    a_type,
    area,
    assign_all,
    done,
    open_term,
    person,
    tab,
)
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import close_all


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana, who is an administrator, and others."""
    return stage_of(6).ws


@pytest.fixture
def ana(ws):
    """The administrator."""
    return person(ws, 0)


def test_a_class_type_comes_first(ana):
    """Without a class type a session has nothing to add; the way to one stands there."""
    home = area(ana)
    assert {"Classes", "Class Types", "Memberships"} <= set(home.labels)
    home = a_term(ana, "Too early", "2027-07-05", "2027-07-30")
    assert home.text_has("Create a class type first.")
    home.press("Add Class Type")
    done(ana.modal("New class type").fill({"Name": "Judo"}))
    close_all(ana)
    assert tab(ana, "Class Types").text_has("Judo")


def test_a_session_gets_its_classes_and_dates(ana):
    """A name and two days make a session; each ticked day makes a class, and each week a date of it."""
    a_type(ana, "Yoga")
    tab(ana, "Classes").press("Add a New Session")
    form = ana.modal("New session").fill({"Session name": "Spring 2027", "Start date": "2027-06-18"})
    assert form.fill({"End date": "2027-03-08"}).submit()["status"] != "ok"
    assert "The end date lies before the start date." in ana.modal().errors.values()
    done(ana.modal().fill({"Start date": "2027-03-08", "End date": "2027-06-18"}))
    close_all(ana)
    tab(ana, "Classes").wait_for("Spring 2027", PATIENCE)
    home = open_term(ana, "Spring 2027")
    assert home.text_has("Manage Classes")
    home.press("Add New Class")
    form = {"Class type": "Yoga", "Days": ["Tue", "Thu"], "Start time": "18:00", "Places": "10"}
    done(ana.modal("New class").fill(form))
    close_all(ana)
    home = ana.home(open_=False).wait_for("Thu 18:00", PATIENCE)
    home = assign_all(ana).wait_for("2 classes assigned, 30 dates created.", PATIENCE)
    assert home.text_has("15 dates")
    a_class(ana, "Yoga", ["Sat"], "10:00")
    home = ana.home(open_=False).wait_for("Sat 10:00", PATIENCE)
    home = assign_all(ana).wait_for("3 classes assigned, 14 dates created.", PATIENCE)
