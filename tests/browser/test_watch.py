"""The watch over every page of these tests: what must not happen is noticed."""

import pytest

from tests.browser.visitor import Watch

GOES_WRONG = {
    "told": ("console", "console.error('so wrong')", "so wrong"),
    "thrown": ("weberror", "setTimeout(() => { throw new Error('so thrown'); })", "so thrown"),
    "refused": ("weberror", "Promise.reject(new Error('so refused'))", "so refused"),
    "elsewhere": (
        "request",
        "new Image().src = 'http://elsewhere.invalid/pixel.png'",
        "http://elsewhere.invalid",
    ),
}


@pytest.mark.parametrize(("event", "script", "sign"), GOES_WRONG.values(), ids=GOES_WRONG)
def test_what_goes_wrong_in_a_page_is_noticed(browser, event, script, sign):
    """Errors in the console, thrown or refused, and any request to another host."""
    watch = Watch("127.0.0.1:1")
    with browser.new_context() as context:
        watch.over(context)
        page = context.new_page()
        with context.expect_event(event):
            page.set_content(f"<script>{script}</script>")

    assert any(sign in what for what in watch.seen)
