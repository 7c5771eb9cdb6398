"""The pages of the world outside Slack in a browser: what guests got, and the Checkout on which they pay."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import axe_playwright_python
import pytest
import stripe
from playwright.sync_api import expect

from tests.browser import chromium
from tests.stripe_bank import inbox

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def window(browser):
    """A window of its own on a telephone, and what it complained about."""
    context = chromium.window(browser, viewport=PHONE)
    said = []
    context.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    context.on("weberror", lambda one: said.append(str(one.error)))
    yield context.new_page(), said
    context.close()


def post(ws, subject, html="<p>Hi <a href='http://127.0.0.1:9/join/x'>Join</a></p><script>alert(1)</script>"):
    """Send an e-mail with a calendar entry."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Sessions <s@example.com>", "joey@example.com", subject
    letter.set_content("Join: http://127.0.0.1:9/join/x.")
    letter.add_alternative(html, subtype="html")
    letter.add_alternative("BEGIN:VCALENDAR\r\n", subtype="calendar", params={"method": "REQUEST"})
    with smtplib.SMTP(*ws.facts["smtp"].removeprefix("smtp://").split(":")) as server:
        server.send_message(letter)


def is_clean(page):
    """axe-core finds nothing, light or dark, and nothing sticks out."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # strangers' letters are not ours to judge
        found = page.evaluate("axe.run({exclude: ['iframe']}, {iframes: false})")["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_what_guests_got_shows_itself_as_it_arrives(ws, visit, window):
    """From the workspace's own page to the letters; new ones come by themselves; their scripts do nothing."""
    link = visit(ws, "ana").page.get_by_role("link", name="What guests got")
    page, said = window
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(ws.facts["url"] + "/" + link.get_attribute("href"))
    expect(page.get_by_text("Nothing has arrived yet.")).to_be_visible()
    post(ws, "Session with Ana")
    expect(page.get_by_role("heading", name="Session with Ana")).to_be_visible()
    is_clean(page)

    page.get_by_text("As a mail program shows it").click()
    letter = page.frame_locator("iframe")
    expect(letter.get_by_role("link", name="Join")).to_have_attribute("href", "http://127.0.0.1:9/join/x")
    with page.context.expect_page() as opened:
        letter.get_by_role("link", name="Join").click()
    opened.value.close()
    assert all("script" in one and "sandboxed" in one for one in said), (
        said
    )  # the letter's, which was refused


def test_a_payer_pays_and_is_led_back(ws, window):
    """Without a script, and across origins, as the app's own page is on another one."""
    api = stripe.StripeClient(
        ws.facts["stripe_key"], base_addresses={"api": ws.facts["stripe"].rstrip("/")}, max_network_retries=0
    ).v1
    home = ws.facts["control"] + "/guests/"  # the same pages at another door, so another origin
    price = {"currency": "jpy", "unit_amount": 4000, "product_data": {"name": "Coaching"}}
    page, said = window
    with inbox() as (url, came):
        ws.settings(stripe_webhook=url)
        for button, events in (("Cancel", 0), ("Pay 4000 JPY", 3)):
            made = api.checkout.sessions.create(
                {"mode": "payment", "line_items": [{"quantity": 1, "price_data": price}],
                 "success_url": home, "cancel_url": home}
            )  # fmt: skip
            page.goto(made.url)
            is_clean(page)
            page.get_by_role("button", name=button).click()
            page.wait_for_url(home)
            for _ in range(events):
                came.get(timeout=5)
        page.goto(made.url)
        expect(page.get_by_text("This page was paid.")).to_be_visible()
        ws.settings(stripe_webhook=None)
    assert [one for one in said if "410" not in one] == []
