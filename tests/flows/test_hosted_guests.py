"""A hosted session as guests live it: their e-mails and texts, browser and money, on real processes."""

import pytest

from sandbox.client import NotThere
from tests.flows.conftest import PATIENCE

JOEY = "joey@example.com"
PAY = "Pay 40.00 USD"


@pytest.fixture(scope="module")
def stage(stage_of):
    """Ana, an admin in Paris, who hosts; and a service that she charges for."""
    stage = stage_of(12)
    board = open_board(stage.ws)
    board.press("Account Services")
    ana = stage.ws.user("ana")
    ana.modal("Account Services").press("Add Service")
    ana.modal("Add Service").fill({"Service": "Coaching", "Price": "40"}).submit()
    ana.modal("Account Services").close(everything=True)
    return stage


@pytest.fixture
def ws(stage):
    """The workspace, without faults."""
    yield stage.ws
    stage.ws.clear_faults()


def open_board(ws):
    """Ana's dashboard."""
    home = ws.user("ana").home()
    if "New Session Now" not in home.labels:
        home.press("1:1 Sessions")
    return ws.user("ana").home(open_=False).wait_for("New Session Now", PATIENCE)


def book(ws, day, name, *, paid, **address):
    """Ana books somebody for 15:00 of a day."""
    ana = ws.user("ana")
    open_board(ws).press("New Scheduled Session")
    ana.modal("New session").fill({"Date": day, "Time": "15:00"}).submit()
    form = ana.modal("Add participant")
    channel = "Text" if "Phone number" in address else "Email"
    form.fill({"Participant Name or Initials": name, "Session Invite and Reminders": channel})
    form = ana.modal("Add participant").fill(address)
    if paid:
        form.press("Click here to require Payment")
        ana.modal("Add participant").choose("Service", "Coaching")
    return ana.modal("Add participant").submit()


def shows(ws, text):
    """Wait until Ana's dashboard says this."""
    return open_board(ws).wait_for(text, PATIENCE)


def posts(ws, text):
    """What stands in Ana's conversation with the bot and says this."""
    return [one for one in ws.user("ana").dm().messages() if text in one.text]


def test_a_guest_pays_and_enters(ws, guests, stage):
    """From the invitation over the Checkout to the open page; an event counts once, a forged one never."""
    assert book(ws, "2027-03-02", "Joey P.", paid=True, **{"Email address": JOEY})["status"] == "ok"
    invitation = guests.mail(JOEY, subject="Session with Ana Lima: Tue 2 Mar, 15:00 CET")
    assert invitation.method == "REQUEST"
    assert "Please pay 40.00 USD" in guests.browse(invitation.link("/join/")).text
    shows(ws, "*Joey P.* · Email · Invited · Payment due 40.00 USD")

    ws.faults([{"match": {"delivery": "checkout.session.completed"}, "do": "twice"}])
    checkout = guests.browse(invitation.link("/pay/")).press(PAY)
    assert guests.cancel(checkout.url).buttons == [PAY]
    assert guests.browse(invitation.link("/pay/")).press(PAY).url == checkout.url
    guests.pay(checkout.url)
    shows(ws, "Paid in full 40.00 USD")
    (event,) = guests.events("checkout.session.completed")
    assert [one["http"] for one in guests.send(event["id"], times=3)] == [200] * 3
    assert [guests.send(event["id"], tamper=how)[0]["http"] for how in ("forged", "old", "body")] == [400] * 3

    guests.mail(JOEY, subject="Payment of 40.00 USD")
    assert len([one for one in guests.mails(JOEY) if "Payment of" in one.subject]) == 1
    assert len(posts(ws, "Joey P. paid 40.00 USD")) == 1
    page = guests.browse(f"{stage.address}/join").press("Continue", **{"code": invitation.code})
    assert "opens at" in page.text
    assert guests.refunds() == []


def test_money_whose_event_was_lost_is_found_and_goes_back(ws, guests):
    """Stripe is asked every minute; [Cancel Session] gives the money back, and tells the guest."""
    ws.faults([{"match": {"delivery": "stripe"}, "do": "lose"}])
    before = len(guests.refunds())
    kim = "kim@example.com"
    book(ws, "2027-03-03", "Kim", paid=True, **{"Email address": kim})
    pay = guests.browse(guests.mail(kim).link("/pay/")).press(PAY)
    ws.post("/control/stripe/pay", checkout=pay.url.rpartition("/")[2])
    ws.clock.advance(61)
    shows(ws, "*Kim* · Email · Invited · Paid in full 40.00 USD")
    assert len(posts(ws, "Kim paid 40.00 USD")) == 1

    cancel(ws, "Wed 3 Mar")
    guests.mail(kim, text="You get 40.00 USD back.")
    ws.wait_until(lambda: len(guests.refunds()) == before + 1, PATIENCE)
    assert guests.refunds()[-1]["amount"] == 4000
    assert guests.mail(kim, text="was cancelled").method == "CANCEL"


def cancel(ws, day):
    """Ana cancels the session of a day, with the money back."""
    open_board(ws).press(f"{day}, 15:00-15:50 · 1 participant · Scheduled", "Cancel Session")
    modal = ws.user("ana").modal("Cancel Session")
    assert "Refund in full" in modal.values.values()
    assert modal.submit()["closed"]


def test_a_guest_who_answers_stop_gets_no_more_texts(ws, guests):
    """The invitation fits one text; STOP is kept, and the form says so before it is sent again."""
    number = "+15145550123"
    book(ws, "2027-03-04", "Lee", paid=False, **{"Phone number": number})
    text = guests.text(number, text="Session with Ana Lima")
    assert len(text.text) <= 160
    assert text.code
    assert text.link("/join/")
    assert guests.reply(number, "STOP")["http"] == 200

    assert book(ws, "2027-03-05", "Lee", paid=False, **{"Phone number": number})["status"] == "errors"
    assert "does not want texts" in str(ws.user("ana").modal().errors)
    ws.user("ana").modal().close(everything=True)


def test_an_address_that_does_not_exist_is_told(ws, guests):
    """The host is told why, and may show the code."""
    book(ws, "2027-03-08", "Nobody N.", paid=False, **{"Email address": "nobody@example.com"})
    ws.user("ana").dm().wait_for(text="The invitation to Nobody N. could not be delivered", timeout=PATIENCE)
    with pytest.raises(NotThere):
        guests.mail("nobody@example.com")
