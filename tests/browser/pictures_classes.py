"""The pictures of classes: a session, what is for sale, the choice, the registration, and a free place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from sandbox.client import User
from sandbox.guests_client import Guests
from tests.browser.visitor import Visitor
from tests.flows import classes_page as page
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import close_all

if TYPE_CHECKING:
    from tests.browser.pictures import Studio

TERM, TWO, ONE = "Spring 2027", "Two a week", "Weekend"
TUE, THU, SAT = "Yoga · Tue 18:00", "Yoga · Thu 18:00", "Yoga · Sat 10:00"
MON, WED = "Pilates · Mon 19:00", "Pilates · Wed 19:00"
SMALL = {"viewport": {"width": 1000, "height": 640}}
TALL = {"viewport": {"width": 1000, "height": 960}}
SHORT = {"viewport": {"width": 1000, "height": 420}}
LOW = {"viewport": {"width": 1000, "height": 340}}


def play(studio: Studio) -> None:
    """One member chooses two classes and pays; another gets the place that a third has left."""
    ws = studio.ws
    facts = ws.get("/control/see/page", user="ana")["people"]
    members = [p for p in facts if not (p["bot"] or p["deleted"] or p["role"])]
    near = [p["handle"] for p in members if p["tz"] == "Europe/Paris"]
    buyer, leaver, waiter = map(ws.user, near[:3])
    setting_up(studio)
    buying(studio, buyer)
    leaving(studio, leaver, waiter)


def setting_up(studio: Studio) -> None:
    """Four weekly classes have their dates, and a membership of them is on sale."""
    ana = studio.ws.user("ana")
    page.a_type(ana, "Yoga")
    page.a_type(ana, "Pilates")
    page.a_term(ana, TERM)
    page.a_class(ana, "Yoga", ["Tue", "Thu"], **{"Place or link": "Studio 2"})
    page.a_class(ana, "Pilates", ["Mon", "Wed"], "19:00", places=8, **{"Place or link": "Studio 1"})
    page.assign_all(ana)

    def assigned(visitor: Visitor) -> None:
        panel = visitor.page.get_by_role("tabpanel")
        expect(panel.get_by_role("heading", name="Manage Classes")).to_be_visible()
        expect(panel.get_by_text("15 dates")).to_have_count(4)

    studio.take("classes-term", "ana", "app", assigned, tab="home", **TALL)
    weekly = {"Lessons per week": "2", "Duration in weeks": "10"}
    about = {"Description": "Ten weeks, with two lessons that you choose."}
    page.a_membership(ana, TWO, TERM, [MON, TUE, WED, THU], **weekly, **about)


def buying(studio: Studio, buyer: User) -> None:
    """What is for sale, two classes of four, and the message once they are paid."""
    page.sale(buyer)

    def sold(visitor: Visitor) -> None:
        expect(visitor.page.get_by_role("tabpanel").get_by_role("button", name="Buy")).to_be_visible()

    studio.take("classes-sale", buyer.name, "app", sold, tab="home", **SHORT)
    form = page.choice(buyer, TWO).fill({"Choose 2 classes": [TUE, THU]})

    def chosen(visitor: Visitor) -> None:
        modal = visitor.modal("Choose your classes")
        for name in (TUE, THU):
            expect(modal.get_by_text(name)).to_be_visible()

    studio.take("classes-choice", buyer.name, "app", chosen, tab="home", **SMALL)
    page.done(form)
    guests = Guests(studio.ws)
    guests.pay(guests.browse(page.link(buyer.modal(), "Pay")).press("Pay 120.00 USD").url)
    close_all(buyer)
    buyer.dm().wait_for("You are in", PATIENCE)
    buyer.dm().wait_for("Paid.", PATIENCE)
    studio.ws.quiet()
    studio.take("classes-in", buyer.name, "app", newest("You are in"), tab="messages", **SHORT)


def leaving(studio: Studio, leaver: User, waiter: User) -> None:
    """Somebody leaves a class with a single place, and the first who waits is offered it."""
    ana = studio.ws.user("ana")
    page.open_term(ana, TERM)
    page.a_class(ana, "Yoga", ["Sat"], "10:00", places=1)
    page.assign_all(ana)
    page.a_membership(ana, ONE, TERM, [SAT], price="0")
    page.buy(leaver, ONE, [SAT])
    close_all(leaver)
    page.press_at(page.sale(waiter), ONE, "Join Waitlist")
    page.done(waiter.modal("Join waitlist"))
    close_all(waiter)
    page.press_at(page.sale(leaver), ONE, "Leave")
    page.done(leaver.modal("Leave"))
    waiter.dm().wait_for("A place is free", PATIENCE)
    studio.ws.quiet()
    studio.take("classes-offer", waiter.name, "app", newest("A place is free"), tab="messages", **LOW)


def newest(text: str) -> Callable[[Visitor], None]:
    """A pose: until a message with this text is there."""
    return lambda visitor: expect(visitor.message(text)).to_be_visible()
