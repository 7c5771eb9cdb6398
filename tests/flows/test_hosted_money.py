"""Payment: set up, required, paid at Stripe's stand-in, told to the host, and given back."""

import pytest

from sandbox.guests_client import Guests
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import (
    EMAIL,
    close_all,
    dashboard,
    from_menu,
    line,
    person,
    save,
    shows,
    when,
)


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana and five others; each story has a host of its own."""
    return stage_of(6).ws


@pytest.fixture(scope="module")
def guests(ws):
    """The world outside Slack."""
    return Guests(ws)


def host(ws, number):
    """Somebody who hosts, without an open modal."""
    handles = [one for one in ws.ids()["people"] if one not in ("sessions", "slackbot")]
    found = ws.user(handles[number])
    close_all(found)
    return found


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
    ana = host(ws, 0)
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
    ben = host(ws, 1)
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
    (event,) = guests.events("checkout.session.completed")
    guests.send(event["id"], times=2)
    assert [told["http"] for told in guests.send(event["id"], tamper="forged")] == [400]
    assert "Pay Now" not in guests.browse(mail.link("/join/")).links
    said = [one for one in ben.dm().messages() if "Payer P. paid" in one.text]
    assert len(said) == 1


def test_money_is_found_when_nobody_tells(ws, guests):
    """A lost webhook: Stripe is asked, and the payment counts once."""
    cleo = host(ws, 2)
    a_service(cleo)
    a_paid_session(cleo, "Quiet Q.", "quiet@example.com")
    mail = guests.mail("quiet@example.com")
    hook = ws.settings()["stripe_webhook"]
    guests.webhook(None)
    try:
        guests.pay(guests.browse(mail.link("/pay/")).press("Pay 40.00 USD").url)
        ws.clock.advance(61)
        assert shows(dashboard(cleo), "Quiet Q.", "Paid in full 40.00 USD")
    finally:
        guests.webhook(hook)


def test_a_cancelled_session_gives_the_money_back(ws, guests):
    """The host chooses; a full refund is proposed."""
    dan = host(ws, 3)
    a_service(dan)
    a_paid_session(dan, "Back B.", "back@example.com")
    mail = guests.mail("back@example.com")
    guests.pay(guests.browse(mail.link("/pay/")).press("Pay 40.00 USD").url)
    home = dashboard(dan)
    shows(home, "Back B.", "Paid in full 40.00 USD")
    from_menu(home, line(home, "Back B."), "Cancel Session")
    form = dan.modal("Cancel Session")
    assert "Refund in full" in form.values.values()
    assert form.submit()["status"] == "ok"

    told = guests.mail("back@example.com", subject="Cancelled")
    assert "You get 40.00 USD back." in told.text
    (refund,) = ws.wait_until(guests.refunds, PATIENCE)
    assert refund["amount"] == 4000
    assert shows(dashboard(dan), "Back B.", "Refunded 40.00 USD")
