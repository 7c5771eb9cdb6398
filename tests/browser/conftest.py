"""A browser for the tests of this folder, people at its pages, and stages for their stories."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from sandbox.client import Workspace
from tests.browser.visitor import Visitor, Watch, address
from tests.conftest import MISSING
from tests.flows.conftest import stage_of  # noqa: F401
from tests.sandbox.conftest import (  # noqa: F401 - the same workspace and Bolt app as in tests/sandbox
    api,
    bot,
    door,
    fetched,
    ids,
    kit,
    process,
    quiet_logs,
    session_door,
    tolerated,
    ws,
)

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable")
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


# Its scope is this package, not the session: while Playwright runs, its event loop counts as running in this
# thread, and tests of other folders in the same process must not meet it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Without one these tests are skipped, and counted in the summary."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip(f"{MISSING}chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Sit somebody down at a browser of their own; nothing may go wrong in any of them."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def sit_down(there: Workspace, handle: str, in_: str = "", **how: Any) -> Visitor:
        url = str(there.facts["url"])
        sight = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", "timezone_id": "UTC"}
        context = browser.new_context(**{**sight, "reduced_motion": "reduce", **how})
        context.set_default_timeout(PATIENCE)
        watch = Watch(urlsplit(url).netloc)
        watch.over(context)
        contexts.append((context, watch))
        visitor = Visitor(context.new_page(), handle)
        visitor.page.goto(address(url, as_=handle, in_=in_))
        return visitor

    yield sit_down
    seen = []
    for context, watch in contexts:
        context.close()
        seen += watch.seen
    assert seen == [], "the browser was not happy"
