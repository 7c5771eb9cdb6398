"""A round as people see it, from the command to the group message: real processes behind a real page."""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import field
from tests.flows.conftest import PATIENCE, program, schedule_now

SERIAL = count(1)


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace for the module; every test makes a program of its own."""
    return stage_of(12).ws


@pytest.fixture(autouse=True)
def _no_modals(ws):
    """Ana sits down without an open modal."""
    ana = ws.user("ana")
    while ana.modals():
        ana.modal().close(everything=True)


def asked(ws, day=8):
    """A program of this test alone whose members were asked just now; its name."""
    from tests.flows.test_schedule import day as date

    name = f"Coffee {next(SERIAL)}"
    program(ws, name)
    schedule_now(ws, date(ws, day))
    ws.user("ben").dm().wait_for(text=name, label="Join", timeout=PATIENCE)
    return name


def test_an_admin_schedules_by_clicking_alone(ws, visit):
    """The command is completed, a modal opens on top of another, and the dates are confirmed."""
    name = f"Coffee {next(SERIAL)}"
    ana = visit(ws, "ana", "general")

    ana.composer().press_sequentially("/ses")
    ana.page.get_by_role("option", name="/sessions schedule", exact=True).click()
    ana.page.get_by_role("button", name="Send").click()
    ana.modal("Schedule a session").get_by_role("button", name="New program").click()
    new = ana.modal("New program")
    ana.fill(new, {"Name": name, "Channels": ["coffee"], "Time zone": "Europe/Paris"})
    new.get_by_role("button", name="Create").click()
    expect(new).to_have_count(0)
    form = ana.modal("Schedule a session")
    expect(field(form, "Program")).to_have_value(name)
    ana.fill(form, {"Opt-in date": "2027-11-02", "Opt-in time": "09:00"})
    ana.fill(form, {"Matching date": "2027-11-09", "Matching time": "10:00"})
    ana.fill(form, {"Repeat": "Every 2 weeks on same days"})
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)

    told = ana.app().message(f"Session scheduled: {name}")
    expect(told).to_contain_text("1. opt-in Nov 2, 2027 at 9:00 AM → groups Nov 9, 2027 at 10:00 AM")
    expect(told).to_contain_text("6. ")


def test_two_people_answer_in_two_windows(ws, visit):
    """Each sees their own answer and nobody else's, and may change it."""
    name = asked(ws)
    people = ws.get("/control/see/page", user="ana")["people"]
    other = next(one["handle"] for one in people if one["handle"] not in ("ana", "ben") and not one["bot"])
    ws.user(other).dm().wait_for(text=name, label="Join", timeout=PATIENCE)
    ben, cy = visit(ws, "ben").app(), visit(ws, other).app()

    ben.press("Join", name)
    cy.press("Decline", name)

    expect(ben.message(name)).to_contain_text("You're in")
    expect(cy.message(name)).to_contain_text("Not this time")
    cy.press("Change my answer", name)
    cy.press("Join", name)
    expect(cy.message(name)).to_contain_text("You're in")


def test_a_double_click_is_one_answer(ws, visit):
    """Pressed twice in one breath, Join is answered once, and stays an answer."""
    name = asked(ws)
    ben, mark = visit(ws, "ben").app(), ws.mark()

    ben.message(name).get_by_role("button", name="Join").dblclick()

    expect(ben.message(name)).to_contain_text("You're in")
    assert ws.quiet()
    presses = [e for e in ws.journal(mark, kinds=("delivery",)) if e["name"] == "block_actions"]
    assert len(presses) == 1
    told = [m for m in ws.messages_sent() if m["n"] > mark and m["recipients"] == [ws.ids()["people"]["ben"]]]
    assert [m["what"] for m in told] == ["update"]


def test_the_clock_goes_to_the_next_event_and_the_groups_are_made(ws, visit):
    """One button in the drawer, and the group message waits, unread, in a conversation of its own."""
    name = asked(ws)
    for handle in ("ben", "ana"):
        ws.user(handle).dm().wait_for(text=name, label="Join").press("Join")
    ben = visit(ws, "ben", "general")
    drawer = ben.drawer()
    drawer.get_by_role("tab", name="Clock").click()

    moved = ws.clock.now()
    drawer.get_by_role("button", name="To the next event").click()

    group = ben.place("Ana Lima")
    expect(group).to_contain_text("unread")
    assert ws.clock.now() - moved > 3_600
    group.click()
    intro = ben.message(f"Meet your group: {name}")
    expect(intro).to_contain_text("Ben Okafor")
    expect(intro).to_contain_text("To break the ice:")
    expect(group).not_to_contain_text("unread")
    ben.app()
    expect(ben.message(name)).to_contain_text("your group has a conversation of its own")


def test_one_can_answer_without_a_mouse(ws, visit):
    """Tab, arrows and Enter alone: from the top of the page to the app, to Join, and to another answer."""
    name = asked(ws)
    ben = visit(ws, "ben", "general")

    ben.walk_to("button", "Sessions")
    ben.page.keyboard.press("Enter")
    ben.walk_to("tab", "Home")
    ben.page.keyboard.press("ArrowRight")
    ben.page.keyboard.press("Enter")
    expect(ben.message(name)).to_be_visible()
    ben.walk_to("button", "Join")
    ben.page.keyboard.press("Enter")
    expect(ben.message(name)).to_contain_text("You're in")

    expect(ben.message(name).get_by_role("button", name="Change my answer")).to_be_focused()
    ben.page.keyboard.press("Enter")
    ben.walk_to("button", "Decline")
    ben.page.keyboard.press("Enter")
    expect(ben.message(name)).to_contain_text("Not this time")


def test_an_unknown_command_is_told_and_kept(ws, visit):
    """The sentence stands at the composer, and what was typed is still there."""
    ana = visit(ws, "ana", "general")

    ana.write("/nothing at all")

    expect(ana.page.get_by_role("status").filter(has_text="/nothing")).to_be_visible()
    expect(ana.composer()).to_have_value("/nothing at all")
