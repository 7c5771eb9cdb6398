"""A large workspace in the page: 500 people, 200 conversations, 10,000 messages.

The bounds leave room for a busy machine; `python -m tests.browser.figures` prints what this one does.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.figures import FIRST_PAINT, NOTE_PAINT, large, painted


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    """The workspace, for the module."""
    with large(tmp_path_factory.mktemp("large")) as workspace:
        yield workspace


def test_the_page_can_be_read_soon(ws, visit):
    """From the address to a painted conversation; and everybody and everything is there."""
    took = painted(visit(ws, "ana", "general", before=NOTE_PAINT))

    assert took <= 3 * FIRST_PAINT
    facts = ws.get("/control/see/page", user="ana")
    assert len(facts["people"]) >= 500
    assert len(facts["conversations"]) >= 200


def test_older_messages_come_on_scroll(ws, visit):
    """Fifty first, fifty more at the top, and the eye stays where it was."""
    ana = visit(ws, "ana", "general")
    expect(ana.messages()).to_have_count(50)
    oldest = ana.messages().first
    before = oldest.get_attribute("data-ts")

    ana.page.get_by_role("log", name="Messages").hover()
    ana.page.mouse.wheel(0, -100_000)

    expect(ana.messages()).to_have_count(100)
    assert ana.messages().first.get_attribute("data-ts") < before
    expect(ana.messages().nth(50)).to_be_in_viewport()
    assert ana.messages().nth(50).get_attribute("data-ts") == before


def test_one_of_500_is_found_by_name(ws, visit):
    """Typing a name narrows the list to those who are called that."""
    ana = visit(ws, "ana", "general")
    ana.page.get_by_role("button", name="Act as: Ana Lima").click()
    wanted = ws.get("/control/see/page", user="ana")["people"][400]

    ana.page.get_by_role("combobox", name="Find a person to act as").press_sequentially(wanted["name"])
    ana.page.get_by_role("option", name=wanted["name"]).first.click()

    expect(ana.page.get_by_role("button", name=f"Act as: {wanted['name']}")).to_be_visible()
