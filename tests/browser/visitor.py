"""A person at the page: opens it, and finds everything as people and screen readers do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

OPTIONAL = r"( \(optional\))?"  # stands behind the label of what may be left empty


class Watch:
    """Notes whatever must not happen in a browser: errors, and requests to another host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.seen: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme in ("http", "https", "ws", "wss") and there.netloc != self.host:
            self.seen.append(f"request to another host: {request.url}")


class Visitor:
    """A person at the page."""

    def __init__(self, page: Page, handle: str) -> None:
        self.page, self.handle = page, handle

    # Places

    def place(self, name: str) -> Locator:
        """An entry of the sidebar."""
        return self.page.get_by_role("navigation").get_by_role("button", name=name)

    def tab(self, name: str) -> None:
        """Choose a tab of the app's page."""
        self.page.get_by_role("tab", name=name).click()

    def app(self) -> Visitor:
        """Go to the app's messages."""
        self.place("Sessions").click()
        self.tab("Messages")
        return self

    def drawer(self) -> Locator:
        """The drawer, opened."""
        shown = self.page.get_by_role("complementary")
        if not shown.is_visible():
            self.page.get_by_role("button", name="Traffic", exact=True).click()
        return shown

    # Messages

    def messages(self) -> Locator:
        """All messages of this place."""
        return self.page.get_by_role("log", name="Messages").get_by_role("article")

    def message(self, text: str) -> Locator:
        """The newest message that contains *text*."""
        return self.messages().filter(has_text=text).last

    def press(self, label: str, text: str = "") -> None:
        """Press a button of the newest message with *text*."""
        self.message(text).get_by_role("button", name=label, exact=True).click()

    def composer(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    def write(self, text: str) -> None:
        """Write a message or a command, and send it."""
        self.composer().fill(text)
        self.page.get_by_role("button", name="Send").click()

    # The keyboard

    def walk_to(self, role: str, name: str, steps: int = 80) -> None:
        """Press Tab until the focus is on something, as people without a mouse do."""
        wanted = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        met = []
        for _ in range(steps):
            self.page.keyboard.press("Tab")
            here = self.page.locator(":focus")
            met.append(here.first.aria_snapshot() if here.count() else "nothing")
            if here.and_(wanted).count():
                return
        raise AssertionError(f"Tab never came to {name!r}, but to {met}.")

    # Forms

    def modal(self, title: str) -> Locator:
        """The open modal with this title."""
        return self.page.get_by_role("dialog", name=title)

    def fill(self, inside: Locator, values: Mapping[str, Any]) -> None:
        """Fill inputs in by their labels, as a person would."""
        for label, value in values.items():
            self.enter(field(inside, label), value)

    def enter(self, control: Locator, value: Any) -> None:
        """Type into a control, tick what a group offers, or choose in a list; a list of values for many."""
        role = control.get_attribute("role")
        if role in ("group", "radiogroup"):
            for text in listed(value):
                control.get_by_label(text, exact=True).check()
        elif role == "combobox":
            for text in listed(value):
                self.choose(control, text)
        else:
            control.fill(value)
            control.blur()

    def choose(self, control: Locator, text: str) -> None:
        """Type into a select and take the option that reads *text*."""
        control.click()
        control.fill(text)
        self.page.get_by_role("option").filter(has_text=text).first.click()
        if control.get_attribute("aria-expanded") == "true":
            control.press("Escape")  # a list that takes several stays open


def field(inside: Locator, label: str) -> Locator:
    """The input under a label."""
    return inside.get_by_label(re.compile(f"^{re.escape(label)}{OPTIONAL}$"))


def listed(value: Any) -> list[str]:
    """One or several, as several."""
    return list(value) if isinstance(value, list | tuple) else [value]


def address(url: str, **asked: Any) -> str:
    """The page's address, for a person and a conversation."""
    return f"{url}/?{urlencode({key.rstrip('_'): value for key, value in asked.items() if value})}"
