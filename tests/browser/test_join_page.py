"""The pages for guests in a real browser: phone and desktop, light and dark, without any script."""

import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from services.hosted import bill_of
from store.database import Database
from store.hosted import Host, HostedSession
from store.payments import Bill
from tests.browser import chromium
from tests.browser.doorway import FEE, SOON, open_doors
from tests.builders import NOW, TEAM
from tests.guests import HOST

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
SMALL = """() => [...document.querySelectorAll("button, a.button, input:not([type=hidden])")]
  .map((one) => one.getBoundingClientRect())
  .filter(({left, right, height}) => left < 0 || right > innerWidth || height < 44).length"""


@pytest.fixture(scope="module")
def doors(sqlite_copies):
    """The pages of this module's guests."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open_doors(Database(sqlite_copies.fresh())) as doors:
        yield doors


@pytest.fixture
def open_at(browser, doors):
    """Open a window whose every request and complaint is noted."""
    windows = []

    def opened(size="phone", **how):
        window = chromium.window(browser, viewport=SIZES[size], **how)
        window.asked, window.said = [], []
        window.on("request", lambda one: window.asked.append(one.url))
        window.on("console", lambda one: window.said.append(one.text))
        window.on("weberror", lambda one: window.said.append(str(one.error)))
        windows.append(window)
        return window.new_page()

    yield opened
    for window in windows:
        window.close()


def complaints(page):
    """What the browser said, but for pages that are meant to be no success."""
    return [one for one in page.context.said if "the server responded with a status of" not in one]


def elsewhere(page, doors):
    """Requests to any other address than ours."""
    ours = urlsplit(doors.url).netloc
    return [one for one in page.context.asked if urlsplit(one).netloc != ours]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_clean(size, doors, open_at):
    """axe-core finds nothing, light or dark; nothing sticks out, is small to press, or is asked elsewhere."""
    page = open_at(size)
    for state, path in doors.paths.items():
        page.goto(doors.url + path)
        page.evaluate(AXE)
        for scheme in ("light", "dark") if size == "phone" else ("light",):
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("axe.run()")["violations"]
            bad = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
            assert (state, scheme, bad) == (state, scheme, [])
        assert (state, page.evaluate("document.documentElement.scrollWidth")) == (state, SIZES[size]["width"])
        assert (state, page.evaluate(SMALL)) == (state, 0)
        assert (state, page.locator("h1").count()) == (state, 1)
    assert elsewhere(page, doors) == []
    assert complaints(page) == []


def test_light_and_dark_are_two_looks(doors, open_at):
    """The pages follow what the browser prefers."""
    page = open_at(color_scheme="light")
    page.goto(f"{doors.url}/join")
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    light = page.evaluate(colours)
    page.emulate_media(color_scheme="dark")

    assert not set(page.evaluate(colours)) & set(light)


def test_a_guest_comes_in_by_a_code_without_any_script(doors, open_at):
    """Typed on a phone, entered by a button; the room gets no referrer, even where it leads on elsewhere."""
    guest = doors.booked(NOW + SOON)
    page = open_at(java_script_enabled=False)
    page.goto(f"{doors.url}/join")
    page.get_by_label("Access Code").fill("000 000 000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_have_text("This code is not valid. Check it with your host.")
    code = page.get_by_label("Access Code")
    expect(code).to_be_focused()
    code.fill(f"{guest.code[:3]} {guest.code[3:6]} {guest.code[6:]}")
    code.press("Enter")
    expect(page.get_by_role("heading", name="Your session is open.")).to_be_visible()
    assert elsewhere(page, doors) == []

    page.get_by_role("button", name="Enter Session").click()

    expect(page.get_by_role("heading", name="The room")).to_be_visible()
    expect(page.get_by_text("no referrer")).to_be_visible()
    assert urlsplit(page.url).hostname == "localhost"
    assert doors.step.row(guest).joined_at is not None
    assert complaints(page) == []


def test_a_guest_waits_knocks_and_is_let_in_by_pages_that_look_again(doors, open_at):
    """Nobody presses reload: neither for the opening, nor for the host."""
    from services import hosted_join

    db, clock = doors.step.world.db, doors.step.world.clock
    guest = doors.booked(NOW + timedelta(minutes=15, seconds=1))
    doors.step.change(Host, (TEAM, HOST), admit=True)
    page = open_at(java_script_enabled=False)
    page.goto(doors.url + guest.here)
    expect(page.get_by_role("heading", name="Your session opens at")).to_be_visible()
    clock.now = NOW + timedelta(seconds=1)
    page.get_by_role("button", name="Enter Session").click()
    expect(page.get_by_text("Please wait. This page goes on by itself.")).to_be_visible()

    hosted_join.admit(db, TEAM, guest.id, by=HOST, now=clock())

    expect(page.get_by_role("heading", name="Your host lets you in.")).to_be_visible()
    doors.step.change(Host, (TEAM, HOST), admit=False)
    clock.now = NOW
    assert complaints(page) == []


def test_an_answer_is_given_by_the_keyboard(doors, open_at):
    """The choice of the e-mail's link comes first; Tab and Enter are enough."""
    guest = doors.booked(NOW + timedelta(days=1))
    doors.change(guest, state="invited")
    page = open_at("desktop")
    page.goto(f"{doors.url}{guest.here}?answer=decline")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Decline")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="This session was cancelled.")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You accepted.")).to_be_visible()
    assert doors.step.row(guest).state == "accepted"
    with page.expect_download() as file:
        page.get_by_role("link", name="Add to calendar").click()
    assert file.value.suggested_filename == "session.ics"


def test_a_guest_who_has_to_pay_is_led_there_and_in_when_it_is_paid(doors, open_at):
    """[Pay Now] leads to the pay page; the join page looks again by itself, and opens once it is paid."""
    guest = doors.booked(NOW + SOON, fee=FEE)
    page = open_at(java_script_enabled=False)
    page.goto(doors.url + guest.here)
    expect(page.get_by_role("button", name="Enter Session")).to_have_count(0)
    page.get_by_role("link", name="Pay Now").click()
    expect(page.get_by_role("button", name="Pay 40.00 USD")).to_be_visible()
    assert elsewhere(page, doors) == []
    with doors.step.world.db.reading() as tx:
        bill = bill_of(tx, guest.id)
    doors.step.change(Bill, bill.id, state="paid", paid=4000)
    page.go_back()
    page.reload()

    expect(page.get_by_role("button", name="Enter Session")).to_be_visible()
    assert complaints(page) == []


def test_hostile_words_stay_words(doors, open_at):
    """Markup in a name is shown as it was typed, and runs nowhere."""
    evil = "<img src=//evil.example/x onerror=alert(1)>"
    guest = doors.booked(NOW + SOON, evil)
    doors.step.change(HostedSession, guest.session_id, name=f"{evil}<script src=//evil.example></script>")
    page = open_at()
    page.goto(doors.url + guest.here)

    expect(page.get_by_text(evil)).to_be_visible()
    assert elsewhere(page, doors) == []
    assert complaints(page) == []
