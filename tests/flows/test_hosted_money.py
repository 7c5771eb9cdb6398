"""Payment: set up, required, paid at Stripe's stand-in, and told to the host."""

import pytest

from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import (
    EMAIL,
    close_all,
    dashboard,
    host_of,
    person,
    save,
    shows,
    when,
)


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and five others; each story has a host of its own."""
    return stage_of(6).ws


def a_service(who, name="Coaching", price="40", **more):
    """Add an account service."""
    dashboard(who).press("Account Services")
    who.modal("Account Services").press("Add Service")
    form = who.modal("Add Service").fill({"Service": name, "Price": price, **more})
    assert form.submit()["status"] == "ok"
    close_all(who)


def a_paid_session(who, name, address, day="2027-03-10"):
    """Book somebody who has to pay 40.00 USD."""
    when(who, day, "15:00")
    person(who, name, EMAIL, address).press("Click here to require Payment")
    who.modal().choose("Service", "Coaching")
    assert who.modal().values["Price"] == "40.00"
    save(who.modal())
    close_all(who)


def test_services_and_payment_are_set_up_first(ws, guests):
    """Without a service nothing can be charged for; administrators see how Stripe stands."""
    ana = host_of(ws, 0)
    form = when(ana, "2027-03-10", "15:00")
    assert "Click here to require Payment" not in form.labels
    close_all(ana)
    dashboard(ana).press("Payment Settings")
    assert "Stripe is connected" in ana.modal("Payment Settings").text()
    close_all(ana)
    a_service(ana)
    assert "Click here to require Payment" in when(ana, "2027-03-10", "15:00").labels
    close_all(ana)


def test_a_guest_pays_before_entering(ws, guests):
    """The amount stands in the invitation; once it is paid host, guest and dashboard know, once each."""
    ben = host_of(ws, 1)
    a_service(ben)
    a_paid_session(ben, "Payer P.", "payer@example.com")
    assert shows(dashboard(ben), "Payer P.", "Payment due 40.00 USD")
    mail = guests.mail("payer@example.com")
    assert "Please pay 40.00 USD before the session: " in mail.text

    checkout = guests.browse(mail.link("/join/")).follow("Pay Now").press("Pay 40.00 USD")
    guests.pay(checkout.url)
    assert "Paid in full 40.00 USD" in shows(dashboard(ben), "Payer P.", "Paid in full")
    ben.dm().wait_for(text="Payer P. paid 40.00 USD for Wed 10 Mar", timeout=PATIENCE)
    guests.mail("payer@example.com", after=mail.n)  # the receipt
    assert "Pay Now" not in guests.browse(mail.link("/join/")).links
    said = [one for one in ben.dm().messages() if "Payer P. paid" in one.text]
    assert len(said) == 1
