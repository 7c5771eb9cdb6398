"""How fast the page is on this machine: ``python -m tests.browser.figures`` prints each figure."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect
from slack_sdk import WebClient

from sandbox.client import Workspace, launch
from tests.browser import chromium
from tests.browser.visitor import Visitor, address

SWITCHED = 200  # ms until another conversation can be read
FIRST_PAINT = 1_000  # ms until a conversation of a large workspace can be read
SEEN = 150  # ms until what the API answered is on the screen
LARGE = """
workspace: {id: T0LARGE, name: Large}
people: [{handle: ana, name: Ana Lima, tz: Europe/Paris, admin: true}]
generate: {people: 499, seed: 7, zones: [Europe/Paris, Asia/Tokyo], channels: 199, messages: 10000}
channels: [{name: general, members: all}]
"""
# The first frame in which a message stands, in ms since the browser was sent to the page.
NOTE_PAINT = """
new MutationObserver((_, watch) => {
  if (!document.querySelector("[role=log] article")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.painted = performance.now(); }));
}).observe(document, {childList: true, subtree: true});
"""
AWAIT_PAINT = """() => new Promise((done) => {
  const look = () => (window.painted ? done(window.painted) : setTimeout(look, 5));
  look();
})"""
# From a click on a conversation to the frame in which its messages stand.
SWITCH = """(name) => new Promise((done) => {
  const place = document.querySelector("main");
  const began = performance.now();
  new MutationObserver((_, watch) => {
    if (!place.ariaLabel.endsWith(name) || !place.querySelector("article")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  }).observe(place, {childList: true, subtree: true, attributes: true});
  [...document.querySelectorAll("nav button .name")].find((one) => one.textContent === name).click();
})"""
# When each word was first there to be read, on the clock that Python reads too.
NOTE_WORDS = """() => {
  window.seen = {};
  new MutationObserver(() => {
    const text = document.querySelector("[role=log]").textContent;
    for (const word of text.match(/tick-\\d{3}/g) ?? []) window.seen[word] ??= Date.now();
  }).observe(document, {childList: true, subtree: true, characterData: true});
}"""


@contextmanager
def large(folder: Path) -> Iterator[Workspace]:
    """A workspace of 500 people, 200 channels and 10,000 messages, with 60 more in #general."""
    file = folder / "workspace.yml"
    file.write_text(LARGE, "utf-8")
    with launch(file, options=["--rates", "off"]) as workspace:
        api, general = api_of(workspace), workspace.ids()["channels"]["general"]
        for number in range(60):
            api.chat_postMessage(channel=general, text=f"News {number}")
        yield workspace


def api_of(ws: Workspace) -> WebClient:
    """The app's way into a workspace."""
    return WebClient(ws.facts["bot_token"], base_url=ws.facts["api"], retry_handlers=[])


def painted(visitor: Visitor) -> float:
    """How long the first paint took, of somebody who came with NOTE_PAINT."""
    return float(visitor.page.evaluate(AWAIT_PAINT))


def delays(visitor: Visitor, api: Any, channel: str, times: int = 25) -> list[float]:
    """Post and change messages one after another; ms from each answer to the screen, shortest first."""
    expect(visitor.composer()).to_be_visible()
    visitor.page.evaluate(NOTE_WORDS)
    answered = {}
    for number in range(100, 100 + times):
        post = api.chat_postMessage(channel=channel, text=f"tick-{number}")
        answered[f"tick-{number}"] = time.time() * 1_000
        expect(visitor.message(f"tick-{number}")).to_be_visible()
        api.chat_update(channel=channel, ts=post["ts"], text=f"tick-{number + 500}")
        answered[f"tick-{number + 500}"] = time.time() * 1_000
        expect(visitor.message(f"tick-{number + 500}")).to_be_visible()
    seen = visitor.page.evaluate("window.seen")
    return sorted(seen[word] - at for word, at in answered.items())


def measure(browser: Browser) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder, large(Path(folder)) as ws:
        url = str(ws.facts["url"])
        paints = []
        for _ in range(10):
            with chromium.window(browser) as window:
                page = window.new_page()
                page.add_init_script(NOTE_PAINT)
                page.goto(address(url, as_="ana", in_="general"))
                paints.append(painted(Visitor(page, "ana")))
        tell("first paint, ms", paints, FIRST_PAINT)
        with chromium.window(browser) as window:
            page = window.new_page()
            page.goto(address(url, as_="ana", in_="general"))
            general = ws.ids()["channels"]["general"]
            late = delays(Visitor(page, "ana"), api_of(ws), general, times=50)
            switches = [float(page.evaluate(SWITCH, f"topic-{number}")) for number in range(51, 71)]
        tell("message or change seen after the API answered, ms", late, SEEN)
        tell("another conversation, ms", switches, SWITCHED)


def tell(what: str, took: list[float], wanted: float) -> None:
    """Print one figure."""
    ordered = sorted(took)
    most = ordered[int(len(ordered) * 0.95)]
    print(f"{what}: median {statistics.median(took):.0f}, p95 {most:.0f}; wanted {wanted}")  # noqa: T201


if __name__ == "__main__":
    path = chromium.find()
    if path is None:
        sys.exit("There is no Chromium here.")
    with chromium.running(path) as browser:
        measure(browser)
