"""The pictures of the README and the documents: ``make screenshots`` takes them anew in docs/images.

``python -m tests.browser.pictures mentoring`` takes those of mentoring alone, ``hosted`` those of hosts,
``join`` those of guests, ``classes`` those of classes.
The workspace's clock stands and its people come from a seed, so most pictures change only when the page or
the product does. Who meets whom is drawn anew each time, and the inspector tells real time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from bot.lab.company import COMPANY
from bot.lab.stage import Stage
from sandbox.client import Workspace
from tests.browser import chromium, pictures_classes, pictures_hosted, pictures_join, pictures_mentoring
from tests.browser.visitor import Visitor, address

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
NOW = "2027-03-01T08:00:00Z"
PATIENCE = 30.0
NARROW = {"viewport": {"width": 390, "height": 800}}
CHAT = (
    ("2027-03-01T08:02:00Z", 3, "Good morning! Who knows a good place for lunch near the office?"),
    ("2027-03-01T08:05:00Z", 8, "The noodle bar around the corner. Go *early*, there is a queue at noon."),
    ("2027-03-01T08:06:00Z", 3, "Perfect, thank you :raised_hands:"),
)


class Studio:
    """Takes pictures of a stage."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser, self.ws, self.url = browser, stage.ws, stage.url

    def take(
        self, name: str, handle: str, in_: str, pose: Callable[[Visitor], Any], tab: str = "", **how: Any
    ) -> None:
        """A picture of what somebody sees somewhere, once *pose* has brought them there."""
        with chromium.window(self.browser, **how) as window:
            page = window.new_page()
            page.goto(address(self.url, as_=handle, in_=in_, tab=tab))
            pose(Visitor(page, handle))
            page.mouse.move(640, 2)
            self.keep(page, name)

    def keep(self, page: Page, name: str) -> None:
        """A picture of a page as it stands."""
        page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")


def run(*chosen: str) -> None:
    """Play each story, or those that were *chosen*, and take the pictures on the way."""
    path = chromium.find()
    if path is None:
        sys.exit("There is no Chromium here: install it, then run make screenshots again.")
    with tempfile.TemporaryDirectory() as folder, chromium.running(path) as browser:
        for name, story in STORIES.items():
            if name in (chosen or STORIES):
                with Stage(workspace=COMPANY, data=Path(folder) / name, now=NOW) as stage:
                    stage.ws.clock.set_rate(0)
                    story(Studio(browser, stage))
        if "join" in (chosen or ("join",)):
            pictures_join.take(browser, IMAGES)


def coffee(studio: Studio) -> None:
    """A round of coffee, from its planning to its groups."""
    chat(studio.ws)
    scheduling(studio)
    asking(studio)
    meeting(studio)


STORIES = {
    "coffee": coffee,
    "mentoring": pictures_mentoring.play,
    "hosted": pictures_hosted.play,
    "classes": pictures_classes.play,
}


def chat(ws: Workspace) -> None:
    """A few lines in #general, and the clock at 10:15 in Paris."""
    people = [p["handle"] for p in ws.get("/control/see/page", user="ana")["people"] if not p["bot"]]
    for at, who, text in CHAT:
        ws.clock.advance_to(at)
        ws.user(people[who]).say(text, channel="general")
    ws.clock.advance_to("2027-03-01T09:15:00Z")


def scheduling(studio: Studio) -> None:
    """The admin's modal, and what she is told when it is saved."""
    ana = studio.ws.user("ana")
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Schedule a session").press("New program")
    form = {"Name": "Coffee", "Channels": ["coffee"], "Time zone": "Europe/Paris"}
    ana.modal("New program").fill(form).submit()
    modal = ana.modal("Schedule a session")
    ws = studio.ws
    ws.wait_until(lambda: modal.choose("Program", "Coffee") and modal.text_has("people)"), PATIENCE)
    modal.fill({"Opt-in date": "2027-03-04", "Opt-in time": "09:00"})
    modal.fill({"Matching date": "2027-03-08", "Matching time": "10:00"})
    modal.fill({"Repeat": "Every 2 weeks on same days"})

    def posed(visitor: Visitor) -> None:
        expect(visitor.modal("Schedule a session").get_by_role("button", name="Save")).to_be_visible()
        expect(visitor.message("Perfect")).to_be_visible()

    studio.take("schedule", "ana", "general", posed)
    modal.submit()
    ana.dm().wait_for(text="Session scheduled", timeout=PATIENCE)
    seen = sees("Session scheduled: Coffee")
    studio.take("confirmation", "ana", "app", seen, tab="messages")


def asking(studio: Studio) -> None:
    """The question, as a member reads it; and what the inspector tells of it."""
    ws = studio.ws
    ws.clock.advance_to("2027-03-04T08:00:00Z")
    asked = wait_for_all(ws, "-opt-in")
    member = next(handle for handle in asked if handle != "ana")
    seen = sees("Join this session?")
    studio.take("opt-in", member, "app", seen, tab="messages")
    studio.take("dark", member, "app", seen, tab="messages", color_scheme="dark")
    studio.take("narrow", member, "app", seen, tab="messages", **NARROW)

    def traffic(visitor: Visitor) -> None:
        seen(visitor)
        visitor.drawer().get_by_role("tab", name="Traffic").click()
        visitor.press("Join", "Join this session?")
        expect(visitor.message("You're in")).to_be_visible()
        expect(
            visitor.drawer().get_by_role("listitem").filter(has_text="block_actions").first
        ).to_be_visible()
        ws.quiet()

    def clock(visitor: Visitor) -> None:
        seen(visitor)
        visitor.drawer().get_by_role("tab", name="Clock").click()
        expect(visitor.drawer().get_by_role("button", name="To the next event")).to_be_enabled()

    studio.take("inspector", member, "app", traffic, tab="messages")
    for handle in asked[:24]:
        if handle != member:
            ws.user(handle).dm().wait_for(text="Join this session?", label="Join").press("Join")
    ws.quiet()
    studio.take("clock", asked[-1], "app", clock, tab="messages")


def meeting(studio: Studio) -> None:
    """The group's message, the admin's summary, and the app's Home."""
    ws = studio.ws
    ws.clock.advance_to("2027-03-08T09:00:00Z")
    wait_for_all(ws, "-summary")
    ws.quiet()
    group = next(m for m in ws.messages_sent() if "group-" in key_of(m) and m["what"] == "message")
    reader = ws.get("/control/ids")["people"]
    handle = next(name for name, user in reader.items() if user == group["recipients"][0])
    studio.take("group", handle, group["channel"], sees("Meet your group"))
    studio.take("summary", "ana", "app", sees("the groups are made"), tab="messages")

    def home(visitor: Visitor) -> None:
        expect(visitor.page.get_by_role("tabpanel").get_by_text("Your next sessions")).to_be_visible()

    def planning(visitor: Visitor) -> None:
        visitor.write("/sessions planning")
        expect(visitor.page.get_by_role("dialog").get_by_text("March 2027")).to_be_visible()

    studio.take("home", "ana", "app", home, tab="home")
    studio.take("planning", "ana", "general", planning)


def sees(text: str) -> Callable[[Visitor], None]:
    """A pose: until the newest message with a text is there."""
    return lambda visitor: expect(visitor.message(text)).to_be_visible()


def wait_for_all(ws: Workspace, part: str) -> list[str]:
    """The handles of those who got a message whose key holds *part*, once nothing more is coming."""

    def sent() -> list[str]:
        return [
            m["recipients"][0] for m in ws.messages_sent() if m["what"] == "message" and part in key_of(m)
        ]

    ws.wait_until(sent, PATIENCE)
    names = {user: handle for handle, user in ws.ids()["people"].items()}
    wanted = len(ws.user("ana").conversations()[0]["members"]) if part == "-opt-in" else 1
    ws.wait_until(lambda: len(sent()) >= wanted - 5 and ws.quiet(), PATIENCE)
    return sorted(names[user] for user in sent())


def key_of(message: dict[str, Any]) -> str:
    """The key that the bot put into a message's metadata."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("k") or "")


if __name__ == "__main__":
    run(*sys.argv[1:])
