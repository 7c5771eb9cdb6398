"""Modals on the page: the stack, errors, what happens while one types, and how they are left."""

import threading

import pytest
from playwright.sync_api import expect

from tests.sandbox.conftest import plain

NAME = {"initial_value": "Coffee"}


@pytest.fixture
def show(bot, ws, kit, visit):
    """Shows ana a modal of blocks by a command; returns her page."""

    def show(*blocks, title="Form", **more):
        view = kit.modal(title, *blocks, callback_id="form", **more)
        bot.command("/sessions")(
            lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=view) and ack()
        )
        page = visit(ws, "ana", "general").page
        page.get_by_role("textbox").fill("/sessions")
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name=title).wait_for()
        return page

    return show


@pytest.fixture
def sent(bot):
    """The forms the app got; it takes each."""
    got = []
    bot.view("form")(lambda ack, view: got.append(view["state"]["values"]) or ack())
    return got


@pytest.fixture
def change(api, ws):
    """Gives the modal on top other blocks, as an app does by views.update."""

    def change(*blocks, title="Form"):
        on_top = ws.get("/control/see/modals", user="ana")[-1]
        view = {"type": "modal", "title": plain(title), "submit": plain("Save"), "callback_id": "form"}
        api.views_update(view_id=on_top["id"], view={**view, "blocks": list(blocks)})

    return change


def press(page, name):
    """Press a button by its name."""
    page.get_by_role("button", name=name, exact=True).click()


def test_errors_of_the_page_and_of_the_app_look_the_same(show, bot, kit):
    """Under the input, named by it, and the focus is in the first one; a change takes the error away."""
    bot.view("form")(lambda ack: ack(response_action="errors", errors={"Name": "That name is taken."}))
    page = show(kit.input("Note", "plain_text_input", optional=True), kit.input("Name", "plain_text_input"))
    name = page.get_by_role("textbox", name="Name")
    press(page, "Save")
    for sentence in ("Please complete this required field.", "That name is taken."):
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        expect(name).to_be_focused()
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_have_accessible_description(sentence)
        name.fill("Coffee")
        expect(page.get_by_text(sentence)).to_have_count(0)
        expect(name).not_to_have_attribute("aria-invalid", "true")
        press(page, "Save")


def test_an_update_leaves_typing_alone(show, change, sent, kit):
    """A modal drawn again while somebody types keeps text, caret and focus, and the text arrives."""
    name = kit.input("Name", "plain_text_input")
    page = show(name, kit.input("Day", "datepicker", optional=True))
    shown = page.get_by_role("textbox", name="Name")
    shown.press_sequentially("Cofee")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    label = {**name, "hint": kit.plain("As people know it")}  # the block itself is another one
    change(kit.section("New above"), label, kit.input("Day", "datepicker", optional=True))
    page.get_by_text("As people know it").wait_for()
    page.keyboard.type("f")
    expect(shown).to_have_value("Coffee")
    expect(shown).to_be_focused()
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent[0]["Name"]["value"]["value"] == "Coffee"


def test_an_input_with_other_ids_starts_anew(show, change, sent, kit):
    """What was typed into an input that is gone does not come back, and is not sent."""
    page = show(kit.input("Name", "plain_text_input"))
    page.get_by_role("textbox", name="Name").fill("Old")
    change(kit.input("Name", "plain_text_input", block_id="Name.2", initial_value="New"))
    expect(page.get_by_role("textbox", name="Name")).to_have_value("New")
    change(kit.input("Name", "plain_text_input", initial_value="Again"))
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Again")
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent == [{"Name": {"value": {"type": "plain_text_input", "value": "Again"}}}]


def test_a_press_takes_along_what_is_typed(show, bot, ws, kit):
    """A button in a modal tells the app also the text that nobody told it yet."""
    heard = []
    bot.action("look")(lambda ack, body: heard.append(body["view"]["state"]["values"]) or ack())
    page = show(
        kit.input("Name", "plain_text_input", dispatch_action=True), kit.actions(kit.button("Look", "look"))
    )
    page.get_by_role("textbox", name="Name").fill("Coffee")
    press(page, "Look")
    ws.wait_until(lambda: heard)
    assert heard[0]["Name"]["value"]["value"] == "Coffee"


def test_views_are_stacked_and_left_one_by_one(show, bot, ws, kit, sent):
    """A pushed view covers the one below, which comes back as it was left, focus and all."""
    second = kit.modal("Second", kit.section("On top"))
    bot.action("more")(
        lambda ack, client, body: client.views_push(trigger_id=body["trigger_id"], view=second) and ack()
    )
    page = show(kit.input("Name", "plain_text_input"), kit.actions(kit.button("More", "more")))
    page.get_by_role("textbox", name="Name").fill("Coffee")
    for leave in ("Back", "Cancel"):
        press(page, "More")
        expect(page.get_by_role("dialog", name="Second")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(1)
        expect(page.get_by_text("On top")).to_be_visible()
        press(page, leave)
        expect(page.get_by_role("dialog", name="Form")).to_be_visible()
        expect(page.get_by_role("button", name="More")).to_be_focused()
        expect(page.get_by_role("textbox", name="Name")).to_have_value("Coffee")
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent[0]["Name"]["value"]["value"] == "Coffee"


@pytest.mark.parametrize("leave", ["Escape", "Close"])
def test_leaving_by_the_corner_closes_everything(leave, show, bot, ws, kit):
    """Escape and the cross close the whole stack; the focus is back in the composer."""
    closed = []
    bot.view_closed("form")(lambda ack, body: closed.append(body["is_cleared"]) or ack())
    second = kit.modal("Second", kit.section("On top"))
    bot.action("more")(
        lambda ack, client, body: client.views_push(trigger_id=body["trigger_id"], view=second) and ack()
    )
    page = show(kit.actions(kit.button("More", "more")), notify_on_close=True)
    press(page, "More")
    expect(page.get_by_role("dialog", name="Second")).to_be_visible()
    if leave == "Escape":
        page.keyboard.press("Escape")
    else:
        press(page, "Close")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_be_focused()
    ws.wait_until(lambda: closed)
    assert closed == [True]


def test_a_form_is_sent_once_however_often_one_presses(show, bot, ws, kit):
    """While the app takes it the button is busy; the modal goes when the app has it."""
    taken, got = threading.Event(), []
    bot.view("form")(lambda ack: got.append(1) or (taken.wait(2.5) and ack()))
    page = show(kit.input("Name", "plain_text_input", **NAME))
    save = page.get_by_role("button", name="Save")
    save.dblclick()
    expect(save).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Enter")
    ws.wait_until(lambda: got)
    taken.set()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert ws.quiet()
    assert got == [1]


def test_half_a_date_is_not_sent_as_none(show, sent, kit):
    """A date somebody did not finish is asked for, although its input may be left empty."""
    page = show(kit.input("Day", "datepicker", optional=True, initial_date="2027-03-01"))
    day = page.get_by_label("Day")
    day.focus()
    page.keyboard.press("Backspace")
    press(page, "Save")
    expect(day).to_have_accessible_description("Please complete this date or time.")
    expect(day).to_be_focused()
    day.fill("2027-03-02")
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert sent[0]["Day"]["value"]["selected_date"] == "2027-03-02"


def test_trouble_keeps_the_modal_and_what_is_in_it(show, bot, ws, kit, tolerated):
    """An app that cannot take the form: Slack's line above the buttons, and another try works."""
    tolerated.add("bad_ack")
    page = show(kit.input("Name", "plain_text_input"))
    page.get_by_role("textbox", name="Name").fill("Coffee")
    press(page, "Save")  # the app has no listener yet
    trouble = page.get_by_text("We had some trouble connecting. Try again?")
    expect(trouble).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Coffee")
    bot.view("form")(lambda ack: ack())
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_answer_can_show_another_view(show, bot, kit):
    """response_action update exchanges what is shown, push puts a view on top, clear closes all."""
    answers = iter(
        [
            {"response_action": "update", "view": kit.modal("Updated", kit.section("u"), callback_id="form")},
            {"response_action": "push", "view": kit.modal("Pushed", kit.section("p"), callback_id="form")},
            {"response_action": "clear"},
        ]
    )
    bot.view("form")(lambda ack: ack(next(answers)))
    page = show(kit.section("first"))
    for title in ("Updated", "Pushed"):
        press(page, "Save")
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
    press(page, "Save")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_reload_brings_the_modals_back(show, bot, kit):
    """Stack and entered values are the workspace's; only what was not told yet is gone."""
    page = show(kit.input("Name", "plain_text_input"))
    page.get_by_role("textbox", name="Name").fill("Coffee")
    page.get_by_role("textbox", name="Name").blur()
    page.reload()
    expect(page.get_by_role("dialog", name="Form")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Coffee")


def test_an_app_can_put_the_focus_where_it_wants(show, kit):
    """focus_on_load; otherwise the modal itself has it."""
    blocks = kit.input("Name", "plain_text_input"), kit.input("Who", "users_select", focus_on_load=True)
    page = show(*blocks)
    expect(page.get_by_role("combobox", name="Who")).to_be_focused()


def test_a_modal_drawn_again_stays_where_it_was_scrolled(show, change, kit):
    """An update far below does not move what one looks at, and leaves same blocks as they are."""
    lines = [kit.section(f"Line {number}", block_id=f"l{number}") for number in range(60)]
    page = show(*lines)
    page.get_by_text("Line 30").scroll_into_view_if_needed()
    page.get_by_text("Line 30").evaluate("(one) => (one.same = true)")
    before = page.get_by_text("Line 30").bounding_box()
    change(*lines[:-1], kit.section("The end", block_id="end"))
    page.get_by_text("The end").wait_for()
    assert page.get_by_text("Line 30").bounding_box() == before
    assert page.get_by_text("Line 30").evaluate("(one) => one.same")
