"""The pay page in a real browser: every sentence of it, and the way to Stripe and back."""

import logging
from dataclasses import replace
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from domain.payments import Order
from services import payments
from store.database import Database
from tests.browser import chromium
from tests.browser.doorway import open_doors
from tests.fake_payments import FakePayments
from tests.payers import Till

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


class NearPayments(FakePayments):
    """Stripe's twin, whose pages for payers are on this computer."""

    place = ""

    def open(self, order: Order):
        """A Checkout at *place*."""
        made = super().open(order)
        self.checkouts[made.id] = replace(self.checkouts[made.id], url=f"{self.place}/{made.id}")
        return self.checkouts[made.id]


@pytest.fixture
def till(sqlite_copies):
    """A till whose pages are served, as is a place that stands for Stripe's."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open_doors(Database(sqlite_copies.fresh())) as doors:
        found = Till(doors.step.world)
        found.numbers, found.url, found.stripe = 100, doors.url, NearPayments()
        # the first address of the room would lead on to this one
        found.stripe.place = doors.room.replace("127.0.0.1", "localhost")
        found.reach = replace(found.reach, url=doors.url, checkout=found.stripe.place)
        found.world.deps = replace(found.world.deps, reach=found.reach, payments=found.stripe)
        yield found


@pytest.fixture
def page(browser):
    """A phone, and what its browser complains of."""
    window = chromium.window(browser, viewport={"width": 390, "height": 844})
    window.said = []
    window.on("console", lambda one: window.said.append(one.text))
    yield window.new_page()
    window.close()


def test_somebody_pays_and_comes_back(till, page):
    """The button leads to Stripe, where the policy of the page lets it; afterwards the page says paid."""
    one = till.payer()
    page.goto(till.url + one.till)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please pay 40.00 USD")
    page.get_by_role("button", name="Pay 40.00 USD").click()
    expect(page.get_by_role("heading")).to_have_text("The room")
    assert page.url.startswith(till.stripe.place)
    till.tell(till.stripe.pay(till.bill(one).checkout))
    page.goto(till.stripe.orders[0].back_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid. Thank you!")
    assert page.context.said == []


def test_a_checkout_at_an_address_of_the_merchants_own_opens_by_a_page_of_its_own(till, page):
    """A browser would hold the form to the policy: the page in between is not held."""
    deps = till.world.deps
    till.world.deps = replace(deps, reach=replace(deps.reach, checkout="https://checkout.stripe.com"))
    one = till.payer()
    page.goto(till.url + one.till)
    page.get_by_role("button", name="Pay 40.00 USD").click()
    expect(page.get_by_role("heading")).to_have_text("The room")
    assert page.context.said == []


def test_every_sentence_of_the_page_is_clean(till, page):
    """axe-core finds nothing in any state of the page, light or dark, and nothing sticks out."""
    due, paid, waived, gone, coming = (till.payer(name=f"Guest {number}") for number in range(5))
    till.paid(paid)
    till.waive(waived)
    till.paid(gone)
    till.cancel(gone)
    till.tell(till.stripe.process(till.open(coming)))
    assert payments.poll(till.world.deps, till.bill(due).id, now=till.now) is False
    for one in (due, paid, waived, gone, coming):
        page.goto(till.url + one.till)
        page.evaluate(AXE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run()")["violations"]
            assert [(bad["id"], [node["html"] for node in bad["nodes"]]) for bad in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.context.said == []
