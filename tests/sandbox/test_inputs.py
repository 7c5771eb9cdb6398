"""Every kind of input: filled by label, untouched, empty, and refused by the client itself."""

import pytest

# kind: (more of the element, what a person enters, the value in state.values, the value when empty)
ZONE = {"text": {"type": "plain_text", "text": "Paris"}, "value": "Paris"}
RED = {"text": {"type": "plain_text", "text": "Red"}, "value": "Red"}
BLUE = {"text": {"type": "plain_text", "text": "Blue"}, "value": "Blue"}
COLOURS = {"options": [RED, BLUE]}
KINDS = {
    "plain_text_input": ({}, "hello", {"value": "hello"}, {"value": None}),
    "number_input": ({"is_decimal_allowed": False}, 7, {"value": "7"}, {"value": None}),
    "email_text_input": ({}, "a@b.example", {"value": "a@b.example"}, {"value": None}),
    "url_text_input": ({}, "https://a.example", {"value": "https://a.example"}, {"value": None}),
    "datepicker": ({}, "2027-03-01", {"selected_date": "2027-03-01"}, {"selected_date": None}),
    "timepicker": (
        {"timezone": "Europe/Paris"},
        "9:05".zfill(5),
        {"selected_time": "09:05", "timezone": "Europe/Paris"},
        {"selected_time": None, "timezone": "Europe/Paris"},
    ),
    "datetimepicker": (
        {},
        "2027-03-01T09:00",  # in the zone of the person who fills in
        {"selected_date_time": 1803902400},
        {"selected_date_time": None},
    ),
    "static_select": (COLOURS, "Blue", {"selected_option": BLUE}, {"selected_option": None}),
    "external_select": (
        {"min_query_length": 1},
        "Par",
        {"selected_option": ZONE},
        {"selected_option": None},
    ),
    "radio_buttons": (COLOURS, "Red", {"selected_option": RED}, {"selected_option": None}),
    "checkboxes": (COLOURS, ["Red"], {"selected_options": [RED]}, {"selected_options": []}),
    "multi_static_select": (
        COLOURS,
        ["Red", "Blue"],
        {"selected_options": [RED, BLUE]},
        {"selected_options": []},
    ),
    "multi_external_select": (
        {"min_query_length": 1},
        ["Paris"],
        {"selected_options": [ZONE]},
        {"selected_options": []},
    ),
    "users_select": ({}, "ben", {"selected_user": "{ben}"}, {"selected_user": None}),
    "multi_users_select": (
        {},
        ["Ben Okafor", "@cy"],
        {"selected_users": ["{ben}", "{cy}"]},
        {"selected_users": []},
    ),
    "conversations_select": (
        {},
        "#coffee",
        {"selected_conversation": "{coffee}"},
        {"selected_conversation": None},
    ),
    "multi_conversations_select": (
        {},
        ["coffee", "general"],
        {"selected_conversations": ["{coffee}", "{general}"]},
        {"selected_conversations": []},
    ),
    "channels_select": (
        {},
        "general",
        {"selected_channel": "{general}"},
        {"selected_channel": None},
    ),
    "multi_channels_select": (
        {},
        ["general"],
        {"selected_channels": ["{general}"]},
        {"selected_channels": []},
    ),
}


@pytest.fixture
def submitted(bot, ws):
    """Show a modal to ana; returns a function that submits and gives state.values."""
    got = []
    bot.options("value")(lambda ack: ack(options=[ZONE]))
    bot.action("value")(lambda ack: ack())
    bot.view("form")(lambda ack, view: got.append(view["state"]["values"]) or ack())

    def show(view):
        bot.command("/sessions")(
            lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=view) and ack()
        )
        ws.user("ana").slash("/sessions", channel="general")
        return ws.user("ana").modal()

    def submit(modal):
        assert modal.submit()["status"] == "ok"
        return got.pop()

    show.submit = submit
    return show


def named(value, ids):
    """The value with ids put in for {names}."""
    if isinstance(value, str):
        return value.format(**vars(ids)) if value.startswith("{") else value
    if isinstance(value, dict):
        return {k: named(v, ids) for k, v in value.items()}
    return [named(v, ids) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_and_a_human_value_are_enough(kind, submitted, kit, ids):
    """What a person enters under a label arrives in the shape Slack documents for the element."""
    more, human, value, _ = KINDS[kind]
    modal = submitted(kit.modal("Form", kit.input("It", kind, **more), callback_id="form"))
    values = submitted.submit(modal.fill({"It": human}))
    assert values["It"]["value"] == {"type": kind, **named(value, ids)}


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_optional_input_is_null_or_an_empty_list(kind, submitted, kit, ws, ids):
    """Left empty it is null or []; in sparse mode it is missing."""
    more, human, _, empty = KINDS[kind]
    block = kit.input("It", kind, optional=True, **more)
    modal = submitted(kit.modal("Form", block, callback_id="form"))
    modal.fill({"It": human}).fill({"It": None})
    assert submitted.submit(modal)["It"]["value"] == {"type": kind, **empty}
    ws.settings(sparse_state=True)
    modal = submitted(kit.modal("Form", block, callback_id="form"))
    assert submitted.submit(modal) == {}


INITIAL = {
    "plain_text_input": ("initial_value", "hi", {"value": "hi"}),
    "number_input": ("initial_value", "5", {"value": "5"}),
    "datepicker": ("initial_date", "2027-01-02", {"selected_date": "2027-01-02"}),
    "timepicker": ("initial_time", "08:30", {"selected_time": "08:30"}),
    "datetimepicker": ("initial_date_time", 1803902400, {"selected_date_time": 1803902400}),
    "static_select": ("initial_option", BLUE, {"selected_option": BLUE}),
    "external_select": ("initial_option", ZONE, {"selected_option": ZONE}),
    "radio_buttons": ("initial_option", RED, {"selected_option": RED}),
    "checkboxes": ("initial_options", [RED], {"selected_options": [RED]}),
    "multi_static_select": ("initial_options", [BLUE], {"selected_options": [BLUE]}),
    "multi_external_select": ("initial_options", [ZONE], {"selected_options": [ZONE]}),
    "users_select": ("initial_user", "{ben}", {"selected_user": "{ben}"}),
    "multi_users_select": ("initial_users", ["{ben}"], {"selected_users": ["{ben}"]}),
    "conversations_select": (
        "initial_conversation",
        "{coffee}",
        {"selected_conversation": "{coffee}"},
    ),
}


@pytest.mark.parametrize("kind", INITIAL)
def test_an_untouched_input_sends_its_initial_value(kind, submitted, kit, ids):
    """A field that was filled in beforehand and not touched is submitted as it stands."""
    key, initial, value = INITIAL[kind]
    more = {**KINDS[kind][0], key: named(initial, ids)}
    more.pop("timezone", None)
    modal = submitted(kit.modal("Form", kit.input("It", kind, **more), callback_id="form"))
    assert submitted.submit(modal)["It"]["value"] == {"type": kind, **named(value, ids)}


def test_the_current_conversation_can_be_the_default(submitted, kit, ids):
    """default_to_current_conversation takes the channel the command was typed in."""
    block = kit.input("It", "conversations_select", default_to_current_conversation=True)
    modal = submitted(kit.modal("Form", block, callback_id="form"))
    assert modal.values == {"It": "general"}
    values = submitted.submit(modal)
    assert values["It"]["value"]["selected_conversation"] == ids.general


@pytest.mark.parametrize(
    ("kind", "more", "wrong", "complaint"),
    [
        ("plain_text_input", {"min_length": 3}, "ab", "at least 3"),
        ("plain_text_input", {"max_length": 3}, "abcd", "at most 3"),
        ("number_input", {"is_decimal_allowed": False, "min_value": "2"}, 1, "2 or more"),
        ("number_input", {"is_decimal_allowed": True, "max_value": "2.5"}, 2.6, "2.5 or less"),
        ("number_input", {"is_decimal_allowed": False}, "1.5", "a number"),
        ("email_text_input", {}, "nobody", "valid email"),
        ("url_text_input", {}, "nowhere", "valid URL"),
        ("multi_static_select", {**COLOURS, "max_selected_items": 1}, ["Red", "Blue"], "at most 1"),
    ],
)
def test_the_client_refuses_what_cannot_be_sent(kind, more, wrong, complaint, submitted, kit, ws):
    """Lengths, bounds and formats are checked before anything reaches the app."""
    modal = submitted(kit.modal("Form", kit.input("It", kind, **more), callback_id="form"))
    told = modal.fill({"It": wrong}).submit()
    assert told["status"] == "incomplete"
    assert complaint in told["errors"]["It"]
    assert "view_submission" not in [d["name"] for d in ws.journal(kinds=["delivery"])]


def test_unknown_labels_and_options_list_what_is_there(submitted, kit):
    """A label or option that is not there raises with the list of what is."""
    modal = submitted(kit.modal("Form", kit.input("Colour", "static_select", **COLOURS)))
    with pytest.raises(LookupError, match=r"Nothing here reads 'Shape'(.|\n)*Colour"):
        modal.fill({"Shape": "Red"})
    with pytest.raises(LookupError, match=r"No option reads 'Green'(.|\n)*Blue"):
        modal.fill({"Colour": "Green"})


def test_a_label_that_is_there_twice_is_refused(submitted, kit):
    """A person could not tell two inputs of one name apart, so neither is filled in."""
    block = kit.input("Colour", "static_select", **COLOURS)
    modal = submitted(kit.modal("Form", block, kit.input("Colour", "datepicker", "second")))
    with pytest.raises(LookupError, match="More than one thing here reads 'Colour'"):
        modal.fill({"Colour": "Red"})


def test_menus_outside_input_blocks_tell_the_app_at_once(submitted, kit, ws):
    """A select in a section, and an input with dispatch_action, send block_actions when used."""
    accessory = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": kit.plain("Pick"),
        **COLOURS,
    }
    section = kit.section("Colour", accessory=accessory, block_id="s")
    live = kit.input("Live", "plain_text_input", dispatch_action=True)
    calm = kit.input("Calm", "plain_text_input")
    modal = submitted(kit.modal("Form", section, live, calm, callback_id="form"))
    modal.fill({"Colour": "Red", "Live": "x", "Calm": "y"})
    sent = [d for d in ws.journal(kinds=["delivery"]) if d["name"] == "block_actions"]
    assert [d["payload"]["actions"][0]["block_id"] for d in sent] == ["s", "Live"]
    assert submitted.submit(modal)["s"]["value"]["selected_option"] == RED


def test_what_a_page_holds_goes_along_with_the_submit(submitted, kit, ws):
    """Values by ids are taken before the form is checked; what the view has no place for is left out."""
    inputs = kit.input("Name", "plain_text_input"), kit.input("Colour", "static_select", **COLOURS)
    submitted(kit.modal("Form", *inputs, callback_id="form"))
    held = [("Name", "Coffee"), ("Colour", BLUE), ("Gone", "x"), ("Colour", {"value": "Green"})]
    values = [{"block_id": block, "action_id": "value", "value": value} for block, value in held]
    told = ws.post("/control/act/submit", user="ana", values=values)
    assert told["status"] == "ok"
    (sent,) = [d for d in ws.journal(kinds=["delivery"]) if d["name"] == "view_submission"]
    state = sent["payload"]["view"]["state"]["values"]
    assert state["Name"]["value"]["value"] == "Coffee"
    assert state["Colour"]["value"]["selected_option"] == BLUE


def test_options_are_asked_for_by_ids_in_a_message(bot, ws, kit, api, ids):
    """An external select of a message gets its options in their groups, or word that the app failed."""
    group = {"label": kit.plain("Europe"), "options": [ZONE]}
    bot.options("zone")(lambda ack: ack(option_groups=[group]))
    select = {"type": "external_select", "action_id": "zone", "placeholder": kit.plain("Zone")}
    ts = api.chat_postMessage(channel=ids.general, text="Where?", blocks=[kit.actions(select)])["ts"]
    where = {"user": "ana", "channel": "general", "ts": ts, "action_id": "zone"}
    told = ws.post("/control/act/options", {**where, "typed": "par"})
    assert (told["raw"], told["groups"], told["failed"]) == ([ZONE], [group], False)
    assert ws.journal(kinds=["delivery"])[-1]["payload"]["container"]["message_ts"] == ts


def test_people_who_are_gone_cannot_act(ws, bot):
    """A deactivated person can do nothing, and modals close with the account."""
    with pytest.raises(LookupError, match="deactivated"):
        ws.user("old").slash("/sessions")
