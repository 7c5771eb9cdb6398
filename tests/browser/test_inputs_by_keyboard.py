"""Every input of a form filled in by keyboard alone, and what menus, buttons and dates tell the app."""

import threading
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.sandbox.test_inputs import COLOURS, KINDS, ZONE, named

# What one presses in each kind of input, from the moment it has the focus.
KEYS = {
    "plain_text_input": ["hello"],
    "number_input": ["7"],
    "email_text_input": ["a@b.example"],
    "url_text_input": ["https://a.example"],
    "datepicker": ["03012027"],
    "timepicker": ["0905AM"],
    "datetimepicker": ["03012027", "0900AM"],
    "static_select": ["blu", "<Enter>"],
    "external_select": ["Par", "<Paris>", "<Enter>"],
    "radio_buttons": ["<Space>"],
    "checkboxes": ["<Space>"],
    "multi_static_select": ["<ArrowDown>", "<Enter>", "<End>", "<Enter>", "<Escape>"],
    "multi_external_select": ["Par", "<Paris>", "<Enter>"],
    "users_select": ["ben", "<Enter>"],
    "multi_users_select": ["ben", "<Enter>", "tana", "<Enter>"],
    "conversations_select": ["#cof", "<Enter>"],
    "multi_conversations_select": ["cof", "<Enter>", "gen", "<Enter>"],
    "channels_select": ["gen", "<Enter>"],
    "multi_channels_select": ["gen", "<Enter>"],
}


@pytest.fixture
def told(bot, ws):
    """What ana made the app hear: actions of the element "value", and the values of submitted forms."""
    heard = []
    bot.options("value")(lambda ack: ack(options=[ZONE]))
    bot.action("value")(lambda ack, payload: heard.append(payload) or ack())
    bot.view("form")(lambda ack, view: heard.append(view["state"]["values"]) or ack())
    return heard


@pytest.fixture
def form(bot, ws, kit, visit, told):
    """Shows ana a modal of blocks; returns her page."""

    def show(*blocks):
        view = kit.modal("Form", *blocks, callback_id="form")
        bot.command("/sessions")(
            lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=view) and ack()
        )
        page = visit(ws, "ana", "general").page
        ws.user("ana").slash("/sessions", channel="general")
        page.get_by_role("dialog").wait_for()
        return page

    return show


def press(page, keys):
    """Type texts and press <keys>; <Paris> waits until the app offered it."""
    for key in keys:
        if key == "<Paris>":
            page.get_by_role("option", name="Paris").wait_for()
        elif key.startswith("<"):
            page.keyboard.press(key.strip("<>"))
        else:
            page.keyboard.type(key)


def tab_to(page, place):
    """Press Tab, past the parts of a date and the buttons of chips, until the focus is in *place*."""
    page.keyboard.press("Tab")
    while not page.evaluate("(place) => document.activeElement.closest(place)", place):
        page.keyboard.press("Tab")


def save(page):
    """Press Save, and wait until the modal is gone."""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_whole_form_is_filled_in_and_sent_by_keyboard_alone(form, told, kit, ids):
    """Tab reaches every kind of input in order, keys fill it in, and the app gets what control would send."""
    page = form(*(kit.input(kind, kind, **KINDS[kind][0]) for kind in KINDS))
    for kind in KINDS:
        tab_to(page, f"[data-block-id='{kind}']")
        press(page, KEYS[kind])
    tab_to(page, "[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)

    (values,) = told
    sent = {kind: values[kind]["value"] for kind in KINDS}
    assert sent == {kind: {"type": kind, **named(KINDS[kind][2], ids)} for kind in KINDS}


def test_text_is_sent_although_it_was_never_told_before(form, told, kit):
    """Enter submits in the middle of typing; what was typed goes along, however late the rest arrives."""
    on_the_way = []
    page = form(
        kit.input("Name", "plain_text_input"), kit.input("Size", "number_input", is_decimal_allowed=True)
    )
    page.route("**/act/use", lambda route: on_the_way.append(route))  # noqa: PLW0108 - no builtins here
    page.get_by_label("Name").fill("Coffee")
    page.get_by_label("Size").press_sequentially("2.5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for late in on_the_way:
        late.fulfill(json={"status": "kept"})
    assert [told[0][label]["value"]["value"] for label in ("Name", "Size")] == ["Coffee", "2.5"]


def test_what_is_emptied_is_sent_as_nothing(form, told, kit):
    """Text and dates deleted, a choice cleared, the last chip removed with Backspace."""
    page = form(
        kit.input("Name", "plain_text_input", optional=True, initial_value="x"),
        kit.input("Day", "datepicker", optional=True, initial_date="2027-03-01"),
        kit.input("Colour", "static_select", optional=True, **COLOURS, initial_option=COLOURS["options"][0]),
        kit.input(
            "Colours", "multi_static_select", optional=True, **COLOURS, initial_options=COLOURS["options"]
        ),
    )
    page.get_by_label("Name").fill("")
    page.get_by_label("Day").fill("")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Colours").focus()
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="Remove Red").click()
    save(page)
    sent = {label: held["value"] for label, held in told[0].items()}
    assert sent == {
        "Name": {"type": "plain_text_input", "value": None},
        "Day": {"type": "datepicker", "selected_date": None},
        "Colour": {"type": "static_select", "selected_option": None},
        "Colours": {"type": "multi_static_select", "selected_options": []},
    }


def test_a_list_is_left_without_leaving_the_modal(form, told, kit):
    """Escape closes the list and keeps what was chosen; letters that fit nothing say so."""
    page = form(kit.input("Colour", "static_select", **COLOURS, initial_option=COLOURS["options"][0]))
    colour = page.get_by_role("combobox", name="Colour")
    colour.focus()
    page.keyboard.type("zzz")
    expect(page.get_by_text("No results")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(colour).to_have_value("Red")
    save(page)
    assert told[0]["Colour"]["value"]["selected_option"]["value"] == "Red"


def test_no_more_can_be_chosen_than_the_app_wants(form, told, kit):
    """With max_selected_items reached, the other options are there but cannot be taken."""
    options = kit.options("Red", "Blue", "Green")
    page = form(kit.input("Colours", "multi_static_select", options=options, max_selected_items=2))
    page.get_by_label("Colours").click()
    for colour in ("Red", "Blue"):
        page.get_by_role("option", name=colour).click()
    expect(page.get_by_text("You can choose 2 at most.")).to_be_visible()
    expect(page.get_by_role("option", name="Green")).to_be_disabled()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    save(page)
    assert [one["value"] for one in told[0]["Colours"]["value"]["selected_options"]] == ["Red", "Blue"]


def test_one_of_five_hundred_people_is_found_at_once(form, ws, kit):
    """Each letter narrows the list within 100 ms."""
    ws.change("generate", plan={"people": 500, "seed": 7})
    page = form(kit.input("Who", "users_select"))
    who = page.get_by_role("combobox", name="Who")
    who.click()
    slowest = who.evaluate(
        """(input) => Math.max(...["b", "be", "ben", "ben o"].map((typed) => {
          const start = performance.now();
          input.value = typed;
          input.dispatchEvent(new Event("input", { bubbles: true }));
          input.closest(".select").getBoundingClientRect();
          return performance.now() - start;
        }))"""
    )
    expect(page.get_by_role("option").first).to_have_text("Ben Okafor@ben")
    assert slowest <= 100


def test_an_app_that_offers_nothing_well_is_named(form, bot, kit, tolerated):
    """Failing to offer options is said in the list; too few letters are not sent at all."""
    tolerated.add("no_options")
    bot.options("broken")(lambda ack: None)
    block = kit.input("Zone", "external_select", min_query_length=2)
    block["element"]["action_id"] = "broken"
    page = form(block)
    page.get_by_label("Zone").click()
    expect(page.get_by_text("Type at least 2 letters to search.")).to_be_visible()
    page.keyboard.type("pa")
    expect(page.get_by_text("The app did not send options.")).to_be_visible()


def test_typing_tells_the_app_when_the_app_wants_it(form, told, ws, kit):
    """On Enter by default, on each character where the element says so; leaving the input tells nothing."""
    config = {"trigger_actions_on": ["on_character_entered"]}
    page = form(
        kit.input("Search", "plain_text_input", dispatch_action=True),
        kit.input("Follow", "plain_text_input", dispatch_action=True, dispatch_action_config=config),
    )
    page.get_by_label("Search").fill("quiet")
    page.get_by_label("Follow").press_sequentially("abc")
    ws.wait_until(lambda: told)
    page.get_by_label("Search").press("Enter")
    ws.wait_until(lambda: len(told) > 1)
    assert [(one["block_id"], one["value"]) for one in told] == [("Follow", "abc"), ("Search", "quiet")]


def test_a_date_is_told_once_and_whole(form, told, ws, kit):
    """While the year is typed the browser knows the year 2; the app hears the date that was meant."""
    page = form(kit.actions({"type": "datepicker", "action_id": "value", "placeholder": kit.plain("Day")}))
    day = page.get_by_label("Day")
    day.focus()
    page.keyboard.type("03012027")
    page.keyboard.press("Enter")
    ws.wait_until(lambda: told)
    day.blur()
    assert ws.quiet()
    assert [one["selected_date"] for one in told] == ["2027-03-01"]


@pytest.fixture
def post(ws, api, ids, visit, told):
    """Post blocks to #general; returns ana's page."""

    def post(*blocks):
        api.chat_postMessage(channel=ids.general, text="Look", blocks=list(blocks))
        page = visit(ws, "ana", "general").page
        page.get_by_role("article").last.wait_for()
        return page

    return post


def test_two_clicks_are_one_press(post, bot, ws, kit):
    """While a press is answered its button is busy, and another click does nothing."""
    answer, heard = threading.Event(), []
    bot.action("slow")(lambda ack: heard.append(1) or (answer.wait(2.5) and ack()))
    button = post(kit.actions(kit.button("Join", "slow"))).get_by_role("button", name="Join")
    button.dblclick()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_be_disabled()
    ws.wait_until(lambda: heard)
    answer.set()
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert ws.quiet()
    assert heard == [1]


def test_a_question_comes_before_the_press(post, told, ws, kit):
    """Denied or left with Escape, the app hears nothing; confirmed, it hears one press."""
    asked = {
        "title": kit.plain("Really?"),
        "text": {"type": "mrkdwn", "text": "It is *final*."},
        "confirm": kit.plain("Yes, do"),
        "deny": kit.plain("No"),
        "style": "danger",
    }
    page = post(kit.actions(kit.button("End it", "value", value="7", confirm=asked)))
    button = page.get_by_role("button", name="End it")
    button.click()
    expect(page.get_by_role("dialog", name="Really?")).to_have_accessible_description("It is final.")
    page.get_by_role("button", name="No", exact=True).click()
    button.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    assert ws.quiet()
    assert told == []
    button.click()
    page.get_by_role("button", name="Yes, do").click()
    ws.wait_until(lambda: told)
    assert [one["value"] for one in told] == ["7"]


def test_menus_in_messages_tell_the_app_at_once(post, told, ws, kit):
    """A select beside a text, an external one, and an overflow menu by keyboard."""
    pick = {"type": "static_select", "placeholder": kit.plain("Pick"), "action_id": "value", **COLOURS}
    zone = {
        "type": "external_select",
        "placeholder": kit.plain("Zone"),
        "action_id": "value",
        "min_query_length": 1,
    }
    more = {"type": "overflow", "action_id": "value", "options": kit.options("Edit", "Cancel")}
    page = post(kit.section("Colour", accessory=pick), kit.actions(zone), kit.actions(more))
    page.get_by_role("combobox", name="Colour, Pick").focus()
    press(page, ["<ArrowDown>", "<ArrowDown>", "<Enter>"])
    ws.wait_until(lambda: told)
    page.get_by_role("combobox", name="Zone").focus()
    press(page, ["Par", "<Paris>", "<Enter>"])
    ws.wait_until(lambda: len(told) > 1)
    page.get_by_role("button", name="More options").focus()
    press(page, ["<Enter>", "<ArrowUp>", "<Enter>"])
    ws.wait_until(lambda: len(told) > 2)
    assert [one["selected_option"]["value"] for one in told] == ["Blue", "Paris", "Cancel"]


def test_a_press_that_fails_leaves_a_warning_at_its_button(post, bot, kit):
    """The sign has words, and goes with the next press."""
    answers = iter([500, 200])
    bot.action("shaky", matchers=[lambda: next(answers) == 200])(lambda ack: ack())
    page = post(kit.actions(kit.button("Join", "shaky")))
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert").filter(has_text="The app did not answer well.")).to_be_visible()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("The app did not answer well.")).to_have_count(0)


def test_a_button_with_an_address_opens_it_elsewhere_and_tells_the_app(post, told, ws, kit):
    """It is a link to a new tab that knows nothing of this one."""
    url = f"{ws.facts['url']}/?as=ben"
    page = post(kit.actions(kit.button("Read", "value", url=url)))
    link = page.get_by_role("link", name="Read")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    with page.expect_popup() as opened:
        link.click()
    assert opened.value.url == url
    ws.wait_until(lambda: told)


def test_a_moment_is_entered_on_the_clocks_of_the_one_who_enters_it(form, told, kit):
    """Ana is in São Paulo; the instant is right on both sides of a daylight saving change."""
    first = int(datetime(2018, 11, 3, 15, tzinfo=UTC).timestamp())
    page = form(kit.input("When", "datetimepicker", initial_date_time=first))
    when = page.get_by_label("When")
    expect(when).to_have_value("2018-11-03T12:00")
    when.fill("2018-11-04T01:30")  # at midnight the clocks went on to one
    save(page)
    assert told[0]["When"]["value"]["selected_date_time"] == first + 12.5 * 3600
