"""The pictures of 1:1 sessions: the form, the dashboard, and the invitation as a mail program shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from sandbox.client import User
from sandbox.guests_client import Guests
from tests.browser import chromium

if TYPE_CHECKING:
    from tests.browser.pictures import Studio

PATIENCE = 30.0
EMAIL = "Email"
SMALL = {"viewport": {"width": 1000, "height": 640}}
TALL = {"viewport": {"width": 1000, "height": 960}}
LETTER = {"viewport": {"width": 640, "height": 520}}
PEOPLE = (  # who, how, where, their zone, when it is, and for what they pay
    ("Joey P.", EMAIL, "joey@example.com", "America/New_York", "2027-03-02", "15:00", "Coaching"),
    ("Maria Ortega", "Text", "+34 611 22 33 44", "Europe/Madrid", "2027-03-02", "17:00", ""),
    ("S. K.", "System should not send invite", "", "Europe/Paris", "2027-03-04", "10:00", ""),
)
ADDRESS = {EMAIL: "Email address", "Text": "Phone number"}


def play(studio: Studio) -> None:
    """Three clients of Ana: one pays, one answers to a text, one is told the code."""
    ana, guests = studio.ws.user("ana"), Guests(studio.ws)
    ana.home().press("1:1 Sessions")
    _offer(ana)
    for n, person in enumerate(PEOPLE):
        _fill(ana, *person)
        if n == 0:
            studio.take("hosted-form", "ana", "app", _form_seen, tab="home", **TALL)
        ana.modal().submit()
        while ana.modals():
            ana.modal().close()
    letter = guests.mail("joey@example.com", subject="Session with")
    guests.browse(letter.link("/join/")).press("Accept")
    guests.pay(guests.browse(letter.link("/pay/")).press("Pay 40.00 USD").url)
    guests.text("+34611223344")
    studio.take("hosted-dashboard", "ana", "app", _dashboard_seen, tab="home", **SMALL)
    with chromium.window(studio.browser, **LETTER) as window:
        page = window.new_page()
        page.set_content(letter.html)
        studio.keep(page, "hosted-invitation")


def _offer(ana: User) -> None:
    ana.home(open_=False).press("Account Services")
    ana.modal().press("Add Service")
    ana.modal("Add Service").fill({"Service": "Coaching", "Price": "40"}).submit()
    ana.modal().close(everything=True)


def _fill(ana: User, name: str, how: str, where: str, zone: str, day: str, at: str, service: str) -> None:
    """[New Scheduled Session], filled in up to [Save]."""
    ana.home(open_=False).press("New Scheduled Session")
    ana.modal("New session").fill({"Date": day, "Time": at}).submit()
    ana.modal().choose("Session Invite and Reminders", how)
    typed = {"Participant Name or Initials": name, "Participant Time Zone": zone}
    ana.modal().fill({**typed, ADDRESS[how]: where} if where else typed)
    if service:
        ana.modal().press("Click here to require Payment")


def _form_seen(visitor: Any) -> None:
    expect(visitor.modal("Add participant").get_by_label("Price")).to_have_value("40.00")


def _dashboard_seen(visitor: Any) -> None:
    for words in ("Paid in full 40.00 USD", "Text · Invited", "E-mail/Text Not Used"):
        expect(visitor.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE * 1000)
