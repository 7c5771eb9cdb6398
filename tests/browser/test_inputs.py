"""The same modal filled in on the page and by control: the app cannot tell which it was."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import field
from tests.sandbox.test_inputs import INITIAL, KINDS, ZONE, named

# What a person chooses or types on the page, where it is not what control is told.
ON_THE_PAGE = {
    "number_input": "7",
    "external_select": "Paris",
    "users_select": "Ben Okafor",
    "multi_users_select": ["Ben Okafor", "Cy Tanaka"],
    "conversations_select": "coffee",
}


@pytest.fixture
def form(bot, ws, kit):
    """Open a modal of these blocks for ana; ``form.got`` collects what the app is sent."""
    got = []
    bot.options("value")(lambda ack: ack(options=[ZONE]))
    bot.view("form")(lambda ack, view: got.append(view["state"]["values"]) or ack())

    def open_(*blocks, callback_id="form"):
        view = kit.modal("Form", *blocks, callback_id=callback_id)

        @bot.command("/sessions")
        def listen(ack, client, body):
            client.views_open(trigger_id=body["trigger_id"], view=view)
            ack()

        ws.user("ana").slash("/sessions", channel="general")

    open_.got = got
    return open_


@pytest.fixture
def ana(ws, visit):
    """Ana at the page, in #general."""
    return visit(ws, "ana", "general")


def submit(ana):
    """Press Save, and wait until the modal is gone."""
    shown = ana.modal("Form")
    shown.get_by_role("button", name="Save").click()
    expect(shown).to_have_count(0)


def test_page_and_control_send_equal_values_for_every_kind_of_input(form, ana, ws, kit):
    """Nineteen kinds in one modal, filled in by label both ways: byte for byte the same."""
    blocks = [kit.input(f"The {kind}", kind, **more) for kind, (more, *_) in KINDS.items()]
    by_control = {f"The {kind}": human for kind, (_, human, *_) in KINDS.items()}
    on_page = {f"The {kind}": ON_THE_PAGE.get(kind, human) for kind, (_, human, *_) in KINDS.items()}

    form(*blocks)
    ws.user("ana").modal("Form").fill(by_control).submit()
    form(*blocks)
    ana.fill(ana.modal("Form"), on_page)
    submit(ana)

    control, page = ({block: json.dumps(held) for block, held in values.items()} for values in form.got)
    assert page == control
    assert len(page) == len(KINDS) >= 16


def test_what_nobody_touches_is_sent_as_it_was_filled_in(form, ana, ws, kit, ids):
    """Every kind that can be filled in beforehand carries its first value, as the journal shows."""
    blocks = [
        kit.input(kind, kind, **{**KINDS[kind][0], key: named(first, ids)})
        for kind, (key, first, _) in INITIAL.items()
    ]
    form(*blocks)
    expect(ana.modal("Form")).to_be_visible()
    mark = ws.mark()

    submit(ana)

    (sent,) = [e for e in ws.journal(mark, kinds=("delivery",)) if e["name"] == "view_submission"]
    values = sent["payload"]["view"]["state"]["values"]
    for kind, (_, _, value) in INITIAL.items():
        assert named(value, ids).items() <= values[kind]["value"].items(), kind


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(form, bot, ana, kit):
    """What the page refuses and what the app refuses is read at its input, and the form stays filled in."""
    size = kit.input("Size", "number_input", is_decimal_allowed=False)
    bot.view("wanted")(lambda ack: ack(response_action="errors", errors={"Name": "This name is taken."}))
    form(kit.input("Name", "plain_text_input"), size, callback_id="wanted")
    shown = ana.modal("Form")
    save = shown.get_by_role("button", name="Save")

    ana.fill(shown, {"Name": "Coffee", "Size": "seven"})
    save.click()
    expect(field(shown, "Size")).to_have_accessible_description("Enter a number.")
    expect(field(shown, "Size")).to_be_focused()
    ana.fill(shown, {"Size": "7"})
    save.click()

    expect(field(shown, "Name")).to_have_accessible_description("This name is taken.")
    expect(field(shown, "Size")).to_have_accessible_description("")
    expect(field(shown, "Name")).to_have_value("Coffee")
    expect(field(shown, "Size")).to_have_value("7")


def test_a_modal_of_a_hundred_blocks_is_drawn_quickly(form, ana, kit):
    """Slack's largest modal, in one go."""
    form(*[kit.input(f"Line {number}", "plain_text_input") for number in range(100)])

    expect(ana.modal("Form").get_by_role("textbox")).to_have_count(100)


def test_a_file_that_is_chosen_goes_along(form, ana, kit, api, fetched):
    """The page reads it, whatever it holds; the app reads it back with its token."""
    form(kit.input("The file", "file_input", filetypes=["csv"], max_files=1))
    chosen = ana.modal("Form").locator("input[type=file]")
    assert chosen.get_attribute("accept") == ".csv"
    chosen.set_input_files({"name": "staged.csv", "mimeType": "text/csv", "buffer": b"a,\xff\x00\n"})
    submit(ana)

    ((file,),) = [values["The file"]["value"]["files"] for values in form.got]
    assert (file["name"], file["size"]) == ("staged.csv", 5)
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert fetched(file["url_private_download"], bearer)[2] == b"a,\xff\x00\n"
