"""How the page looks and reads: contrast, names, dark and light, wide and narrow."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.flows.conftest import PATIENCE, program, schedule_now

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
NARROW = {"width": 390, "height": 780}
STICKING_OUT = """() => {
  const isShown = (one) => one.checkVisibility({visibilityProperty: true});
  const isOut = ({left, right}) => left < 0 || right > innerWidth;
  const shown = [...document.querySelectorAll("button")].filter(isShown);
  const out = shown.filter((one) => isOut(one.getBoundingClientRect()));
  return [document.documentElement.scrollWidth, out.map((one) => one.outerHTML)];
}"""


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace for the module, in which everybody was asked."""
    ws = stage_of(12).ws
    program(ws)
    schedule_now(ws, "2027-03-08")
    ws.user("ben").dm().wait_for(text="Coffee", label="Join", timeout=PATIENCE)
    ws.user("ana").say("Hello *all*, see <https://example.com|this page>.", channel="general")
    return ws


@pytest.fixture(autouse=True)
def _no_modals(ws):
    """Ana sits down without an open modal."""
    ana = ws.user("ana")
    while ana.modals():
        ana.modal().close(everything=True)


def opt_in(ws, visit, **how):
    """The app's messages, with the question."""
    ben = visit(ws, "ben", "app", **how)
    ben.tab("Messages")
    expect(ben.message("Join this session?")).to_be_visible()
    return ben


def home(ws, visit, **how):
    """The app's Home."""
    ana = visit(ws, "ana", "app", **how)
    ana.tab("Home")
    expect(ana.page.get_by_role("tabpanel")).to_be_visible()
    return ana


def modal(ws, visit, **how):
    """The modal that schedules."""
    ana = visit(ws, "ana", "general", **how)
    ana.write("/sessions schedule")
    expect(ana.modal("Schedule a session").get_by_role("button", name="Save")).to_be_visible()
    return ana


def drawer(tab):
    """The drawer, at one of its tabs."""

    def opened(ws, visit, **how):
        ana = visit(ws, "ana", "general", **how)
        ana.drawer().get_by_role("tab", name=tab).click()
        expect(ana.drawer().get_by_role("tabpanel", name=tab)).to_be_visible()
        return ana

    return opened


def channel(ws, visit, **how):
    """A channel with a message, and completions open."""
    ana = visit(ws, "ana", "general", **how)
    ana.composer().press_sequentially("/s")
    expect(ana.page.get_by_role("option").first).to_be_visible()
    return ana


VIEWS = {
    "opt-in": opt_in,
    "home": home,
    "modal": modal,
    "traffic": drawer("Traffic"),
    "clock": drawer("Clock"),
    "faults": drawer("Faults"),
    "channel": channel,
}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(view, ws, visit):
    """Names, roles, focus, and contrast of at least 4.5 to 1, as axe-core judges them, light and dark."""
    page = VIEWS[view](ws, visit, color_scheme="light").page
    page.evaluate(AXE)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run()")["violations"]
        bad = [
            (one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS
        ]
        assert bad == [], scheme


@pytest.mark.parametrize("view", VIEWS)
def test_a_narrow_window_shows_everything_without_scrolling_sideways(view, ws, visit):
    """390 pixels wide: nothing sticks out, and what one presses is on the screen."""
    page = VIEWS[view](ws, visit, viewport=NARROW).page

    wide, outside = page.evaluate(STICKING_OUT)

    assert wide <= NARROW["width"]
    assert outside == []


def test_light_and_dark_are_two_looks(ws, visit):
    """The page follows what the browser prefers."""
    page = visit(ws, "ben", "general", color_scheme="light").page
    colours = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    light = page.evaluate(colours)

    page.emulate_media(color_scheme="dark")

    assert not set(page.evaluate(colours)) & set(light)


def test_in_a_narrow_window_one_finds_ones_way(ws, visit):
    """The list of conversations opens, leads somewhere and closes; a question is answered there."""
    ben = visit(ws, "ben", "general", viewport=NARROW)
    expect(ben.place("Sessions")).not_to_be_in_viewport()

    ben.page.get_by_role("button", name="Show conversations").click()
    ben.place("Sessions").click()

    ben.tab("Messages")
    expect(ben.message("Join this session?")).to_be_visible()
    expect(ben.place("coffee")).not_to_be_in_viewport()
    expect(ben.message("Join this session?").get_by_role("button", name="Decline")).to_be_in_viewport(ratio=1)
