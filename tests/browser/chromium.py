"""The browser of the machine, started as the tests, the figures and the pictures need it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable")
SWITCHES = [
    "--no-sandbox",  # tests run in containers, as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 10_000  # real milliseconds; only what goes wrong ever waits so long
SIGHT = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "en-US",
    "timezone_id": "UTC",  # not the zone of anybody in the workspaces: the page shows theirs
    "reduced_motion": "reduce",
}


def find() -> str | None:
    """Where Chromium is, if this machine has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """Chromium, until the block ends."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


def window(browser: Browser, **how: Any) -> BrowserContext:
    """A window of its own, with nothing in it of any other."""
    context = browser.new_context(**{**SIGHT, **how})
    context.set_default_timeout(PATIENCE)
    return context
