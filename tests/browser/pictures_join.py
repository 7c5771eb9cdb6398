"""The pictures of the join page: what guests see, on a phone and at a desk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from store import migrate
from store.database import Database, make_engine
from tests.browser import chromium
from tests.browser.doorway import open_doors

PICTURES = {  # what is shown, and how large
    "hosted-join-phone": ("enter", {"width": 390, "height": 844}),
    "hosted-join-desktop": ("waiting, asked", {"width": 1280, "height": 800}),
}


def take(browser: Browser, images: Path) -> None:
    """Take them."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/guests.db")
        migrate.upgrade(engine)
        with open_doors(Database(engine)) as doors:
            for name, (state, size) in PICTURES.items():
                with chromium.window(browser, viewport=size) as window:
                    page = window.new_page()
                    page.goto(doors.url + doors.paths[state])
                    page.screenshot(path=images / f"{name}.png", caret="hide")
        engine.dispose()
