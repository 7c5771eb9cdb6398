"""A browser for the tests of this folder, people at its pages, and stages for their stories."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from sandbox.client import Workspace
from tests.browser import chromium
from tests.browser.visitor import Visitor, Watch, address
from tests.conftest import MISSING
from tests.flows.conftest import house, stage_of  # noqa: F401
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


# Its scope is this package, not the session: while Playwright runs, its event loop counts as running in this
# thread, and tests of other folders in the same process must not meet it.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Without one these tests are skipped, and counted in the summary."""
    path = chromium.find()
    if path is None:
        pytest.skip(f"{MISSING}chromium")
    with chromium.running(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Iterator[list[tuple[Page, Watch]]]:
    """Windows that nobody sits at: it takes long to open one."""
    free: list[tuple[Page, Watch]] = []
    yield free
    for page, _ in free:
        page.context.close()


@pytest.fixture
def visit(browser: Browser, windows: list[tuple[Page, Watch]]) -> Iterator[Callable[..., Visitor]]:
    """Sit somebody down at a browser of their own; nothing may go wrong in any of them."""
    taken: list[tuple[Page, Watch, bool]] = []

    def sit_down(there: Workspace, handle: str, in_: str = "", before: str = "", **how: Any) -> Visitor:
        url = str(there.facts["url"])
        usual = not (how or before)
        page, watch = windows.pop() if usual and windows else _opened(browser, **how)
        watch.host = urlsplit(url).netloc
        taken.append((page, watch, usual))
        visitor = Visitor(page, handle)
        if before:
            visitor.page.add_init_script(before)
        visitor.page.goto(address(url, as_=handle, in_=in_))
        return visitor

    yield sit_down
    seen = []
    for page, watch, usual in taken:
        if usual and len(page.context.pages) == 1:
            _tidy(page)
            windows.append((page, watch))
        else:
            page.context.close()
        seen += watch.seen
        watch.seen = []
    assert seen == [], "the browser was not happy"


def _opened(browser: Browser, **how: Any) -> tuple[Page, Watch]:
    context, watch = chromium.window(browser, **how), Watch("")
    watch.over(context)
    return context.new_page(), watch


def _tidy(page: Page) -> None:
    """Leave nothing of one test to the next."""
    page.unroute_all(behavior="ignoreErrors")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_permissions()
    page.mouse.move(0, 0)
    page.goto("about:blank")
