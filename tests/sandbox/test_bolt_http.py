"""A real Bolt app over HTTP: commands, modals, buttons, options, Home, events, response_url."""

import threading

import pytest
from slack_sdk.webhook import WebhookClient


@pytest.fixture
def ana(ws):
    """An admin in Sao Paulo."""
    return ws.user("ana")


@pytest.fixture
def opens(bot):
    """Let /sessions open this modal."""

    def arrange(view):
        @bot.command("/sessions")
        def show(ack, client, body):
            client.views_open(trigger_id=body["trigger_id"], view=view)
            ack()

    return arrange


@pytest.fixture
def form(kit):
    """A modal with one text input."""
    return kit.modal("Form", kit.input("Name", "plain_text_input"), callback_id="form")


def test_a_command_answers_privately_or_to_all(bot, ana, ws):
    """Text is shown to the one who typed; in_channel is posted."""
    bot.command("/sessions")(lambda ack: ack("only you"))
    told = ana.slash("/sessions", channel="general")
    assert told["ephemeral"] == ["only you"]
    assert not ws.user("ben").conversation("general").text_has("only you")

    bot.command("/all")(lambda ack: ack(text="everybody", response_type="in_channel"))
    ana.slash("/all", channel="general")
    assert ws.user("ben").conversation("general").text_has("everybody")


def test_a_reload_takes_ephemeral_messages_away(bot, ana):
    """An ephemeral message lives until its reader reloads, and is never in the history."""
    bot.command("/sessions")(lambda ack: ack("only you"))
    ana.slash("/sessions", channel="general")
    ana.reload()
    assert not ana.conversation("general").text_has("only you")


def test_a_late_command_times_out(door, ana, ws):
    """No answer in time reads operation_timeout; a refusal reads dispatch_failed."""
    ws.settings(ack_seconds=0.15)
    release = threading.Event()
    door.handle = lambda: (release.wait(5), "")[1]
    late = ana.slash("/sessions", channel="general")
    release.set()
    assert late["error"] == "operation_timeout"
    assert 'failed with the error "operation_timeout"' in late["ephemeral"][0]

    door.handle = lambda: ("no", 500)
    assert ana.slash("/sessions")["error"] == "dispatch_failed"


def test_nobody_listening_is_dispatch_failed(ws, ana):
    """A command to a closed port fails at once."""
    ws.bot("http://127.0.0.1:9/slack/events", verify=False)
    assert ana.slash("/sessions")["error"] == "dispatch_failed"


def test_the_address_is_checked_when_entered(bot, ws, session_door):
    """url_verification and ssl_check reach Bolt, which answers both."""
    told = ws.bot(session_door.url)
    assert told["url_verification"] is True
    assert told["ssl_check"] is True


def test_a_submission_is_refused_with_errors(bot, opens, form, ana):
    """Errors are drawn under their inputs, the modal stays, and the next submit closes it."""
    opens(form)

    @bot.view("form")
    def take(ack, view):
        name = view["state"]["values"]["Name"]["value"]["value"]
        if name == "bad":
            return ack(response_action="errors", errors={"Name": "Not that one"})
        return ack()

    ana.slash("/sessions")
    modal = ana.modal("Form").fill({"Name": "bad"})
    assert modal.submit()["errors"] == {"Name": "Not that one"}
    assert modal.errors == {"Name": "Not that one"}
    told = modal.fill({"Name": "good"}).submit()
    assert told["closed"] is True
    assert ana.modals() == []


def test_required_inputs_never_reach_the_app(bot, opens, form, ana, ws):
    """The client itself refuses an empty required input."""
    opens(form)
    ana.slash("/sessions")
    told = ana.modal().submit()
    assert told["status"] == "incomplete"
    assert told["errors"] == {"Name": "Please complete this required field."}
    assert ws.journal(kinds=["delivery"])[-1]["type"] == "slash_commands"


def test_a_submission_may_update_push_and_clear(bot, opens, form, kit, ana):
    """Update replaces the modal, push lays one on top, clear closes the stack."""
    opens(form)
    second = kit.modal("Second", kit.section("more"), callback_id="second")
    third = kit.modal("Third", kit.section("last"), callback_id="third")
    bot.view("form")(lambda ack: ack(response_action="update", view=second))
    bot.view("second")(lambda ack: ack(response_action="push", view=third))
    bot.view("third")(lambda ack: ack(response_action="clear"))
    ana.slash("/sessions")
    ana.modal("Form").fill({"Name": "x"}).submit()
    ana.modal("Second").submit()
    assert [m["title"] for m in ana.modals()] == ["Second", "Third"]
    ana.modal("Third").submit()
    assert ana.modals() == []


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "/errors/nowhere"),
        ({"response_action": "errors", "errors": {"note": "x"}}, "/errors/note"),
        ({"response_action": "update", "view": {"type": "modal"}}, "/view"),
        ({"response_action": "dance"}, "/response_action"),
    ],
)
def test_a_wrong_answer_keeps_the_modal(answer, pointer, door, ws, api, kit, ana, tolerated):
    """An answer Slack would not take shows the trouble line and is journalled with its pointer."""
    tolerated.add("bad_ack")
    note = kit.section("note", block_id="note")
    view = kit.modal("Form", kit.input("Name", "plain_text_input"), note)
    door.handle = lambda: ""
    ana.slash("/sessions")
    trigger = ws.journal(kinds=["delivery"])[-1]["payload"]["trigger_id"]
    api.views_open(trigger_id=trigger, view=view)
    door.handle = lambda: answer
    told = ana.modal().fill({"Name": "x"}).submit()
    assert told["status"] == "trouble"
    assert "trouble connecting" in told["trouble"]
    assert told["closed"] is False
    assert ws.journal(kinds=["bad_ack"])[0]["pointer"] == pointer


def test_a_server_error_keeps_what_was_typed(bot, opens, form, ana, tolerated):
    """A failing listener shows the trouble line; the same input can be sent again."""
    tolerated.add("bad_ack")
    opens(form)
    answers = iter([RuntimeError("first"), None])

    @bot.view("form")
    def take(ack):
        trouble = next(answers)
        if trouble:
            raise trouble
        ack()

    ana.slash("/sessions")
    modal = ana.modal().fill({"Name": "kept"})
    assert modal.submit()["status"] == "trouble"
    assert modal.values == {"Name": "kept"}
    assert modal.submit()["status"] == "ok"


def test_typed_values_survive_an_update(bot, opens, kit, ana):
    """Inputs keep what was entered while block_id and action_id stay; new initials do not win."""
    kind = kit.input("Kind", "static_select", options=kit.options("A", "B"), dispatch_action=True)
    name = kit.input("Name", "plain_text_input")
    opens(kit.modal("Form", kind, name))

    @bot.action("value")
    def chosen(ack, client, body):
        fresh = {**name, "element": {**name["element"], "initial_value": "other"}}
        more = kit.input("More", "plain_text_input", initial_value="first")
        view = body["view"]
        client.views_update(view_id=view["id"], hash=view["hash"], view=kit.modal("Form", kind, fresh, more))
        ack()

    ana.slash("/sessions")
    modal = ana.modal().fill({"Name": "typed", "Kind": "B"})
    assert modal.values == {"Kind": "B", "Name": "typed", "More": "first"}


def test_external_options_are_asked_for(bot, opens, kit, ana, ws):
    """Typed letters reach the app; the option that fits is taken."""
    opens(kit.modal("Form", kit.input("Zone", "external_select"), callback_id="form"))
    zones = ["Europe/Paris", "Europe/Prague", "America/Paramaribo"]

    @bot.options("value")
    def offer(ack, body):
        ack(options=[kit.option(z) for z in zones if body["value"].lower() in z.lower()])

    ana.slash("/sessions")
    modal = ana.modal()
    assert modal.options("Zone", "europe") == ["Europe/Paris", "Europe/Prague"]
    modal.choose("Zone", "Prague")
    assert modal.values == {"Zone": "Europe/Prague"}
    with pytest.raises(LookupError, match="More than one option"):
        modal.choose("Zone", "europe")
    with pytest.raises(LookupError, match="at least 3"):
        modal.choose("Zone", "eu")


@pytest.mark.parametrize("answer", ["nonsense", ("", 500), {"options": [{"text": "x"}]}])
def test_bad_options_are_an_empty_list(answer, door, ws, api, kit, ana, tolerated):
    """Whatever is wrong with the answer, the list is empty and the journal says so."""
    tolerated.update({"bad_ack", "no_options"})
    door.handle = lambda: ""
    ana.slash("/sessions")
    trigger = ws.journal(kinds=["delivery"])[-1]["payload"]["trigger_id"]
    api.views_open(trigger_id=trigger, view=kit.modal("Form", kit.input("Zone", "external_select")))
    door.handle = lambda: answer
    assert ana.modal().options("Zone", "par") == []
    assert len(ws.journal(kinds=["bad_ack", "no_options"])) == 1


def test_a_button_edits_its_message(bot, api, ids, kit, ws):
    """A press reaches the listener, whose chat.update shows in place for every reader."""
    join = kit.actions(kit.button("Join", "join", value="7"))
    asked = api.chat_postMessage(channel=ids.ben, text="Join?", blocks=[join])

    @bot.action("join")
    def joined(ack, body, client):
        assert body["actions"][0]["value"] == "7"
        ack()
        client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            blocks=[kit.section("You joined")],
            text="You joined",
        )

    ben = ws.user("ben")
    message = ben.dm("Sessions").wait_for(label="Join")
    assert message.ts == asked["ts"]
    assert ben.press("Join", in_=message)["status"] == "ok"
    assert message.again().text == "You joined"
    with pytest.raises(LookupError, match="Nothing here reads 'Join'"):
        ben.press("Join", in_=message)
    # A client that did not see the edit can still press the old button.
    assert ben.press("Join", in_=message, stale=True)["status"] == "ok"


def test_a_failed_press_shows_a_warning(door, api, ids, kit, ws):
    """A button whose press failed carries a warning sign."""
    door.handle = lambda: ("", 503)
    api.chat_postMessage(channel=ids.ben, text="Go?", blocks=[kit.actions(kit.button("Go", "go"))])
    told = ws.user("ben").dm().messages()[-1].press("Go")
    assert (told["status"], told["warning"], told["http"]) == ("failed", True, 503)


def test_a_confirm_dialog_can_be_declined(bot, api, ids, kit, ws):
    """Declining the dialog sends nothing; accepting sends the press."""
    bot.action("go")(lambda ack: ack())
    texts = {k: kit.plain(k) for k in ("title", "confirm", "deny")}
    sure = {**texts, "text": kit.plain("Sure?")}
    blocks = [kit.actions(kit.button("Go", "go", confirm=sure))]
    api.chat_postMessage(channel=ids.ben, text="Go?", blocks=blocks)
    message = ws.user("ben").dm().messages()[-1]
    assert message.press("Go", confirm=False)["status"] == "cancelled"
    assert ws.journal(kinds=["delivery"]) == []
    assert message.press("Go")["status"] == "ok"


def test_menus_in_messages_keep_each_readers_choice(bot, api, ids, kit, ws):
    """A menu sends its option, state.values tells what this reader chose, overflow works by text."""
    seen = []

    @bot.action("value")
    @bot.action("more")
    def chosen(ack, body):
        seen.append((body["actions"][0]["selected_option"]["value"], body["state"]["values"]))
        ack()

    menu = {
        "type": "static_select",
        "action_id": "value",
        "placeholder": kit.plain("Colour"),
        "options": kit.options("Red", "Blue"),
    }
    more = {"type": "overflow", "action_id": "more", "options": kit.options("Skip", "Stop")}
    block = kit.actions(menu, more, block_id="b")
    api.chat_postMessage(channel=ids.general, text="?", blocks=[block])
    ana, ben = (ws.user(n).conversation("general").messages()[-1] for n in ("ana", "ben"))
    ana.press("Colour", value="Blue")
    ben.press("Stop")
    assert [value for value, _ in seen] == ["Blue", "Stop"]
    assert seen[0][1]["b"]["value"]["selected_option"]["value"] == "Blue"
    assert seen[1][1]["b"]["value"]["selected_option"] is None


def test_home_is_published_on_opening(bot, ws, kit, ana):
    """Opening Home sends app_home_opened, and what the app publishes is there on return."""

    @bot.event("app_home_opened")
    def opened(event, client):
        assert event["tab"] == "home"
        text = f"Welcome back <@{event['user']}>" if "view" in event else "Welcome"
        client.views_publish(user_id=event["user"], view=kit.home(kit.section(text)))

    assert ana.home().text() == "Welcome"
    assert ana.home().text_has("Welcome back @Ana Lima")


def test_closing_tells_apps_that_asked(bot, opens, kit, ana, ws):
    """notify_on_close sends view_closed; closing everything says is_cleared."""
    closed = []
    opens(kit.modal("Form", kit.section("x"), callback_id="form", notify_on_close=True))
    bot.view_closed("form")(lambda ack, body: closed.append(body["is_cleared"]) or ack())
    ana.slash("/sessions")
    ana.modal().close()
    ana.slash("/sessions")
    ana.modal().close(everything=True)
    assert closed == [False, True]


def test_the_stack_is_three_deep(bot, opens, kit, ana):
    """A third push is refused; closing pops one level at a time."""
    go = kit.actions(kit.button("Deeper", "deeper"))
    opens(kit.modal("One", go))

    @bot.action("deeper")
    def deeper(ack, client, body):
        ack()
        view = kit.modal(body["view"]["title"]["text"] + "+", go)
        told = client.views_push(trigger_id=body["trigger_id"], view=view)
        assert told["view"]["root_view_id"] == body["view"]["root_view_id"]
        assert told["view"]["previous_view_id"] == body["view"]["id"]

    ana.slash("/sessions")
    ana.modal("One").press("Deeper")
    ana.modal("One+").press("Deeper")
    assert [m["title"] for m in ana.modals()] == ["One", "One+", "One++"]
    ana.modal("One++").close()
    assert ana.modal().title == "One+"


def test_response_url_works_five_times(bot, ana, ws):
    """The sixth use, or one after its life, is answered 404 used_url."""
    urls = []
    bot.command("/sessions")(lambda ack, body: urls.append(body["response_url"]) or ack())
    ana.slash("/sessions", channel="general")
    hook = WebhookClient(urls[0], retry_handlers=[])
    said = [hook.send(text=f"number {n}").status_code for n in range(6)]
    assert said == [200] * 5 + [404]
    assert "used_url" in hook.send(text="again").body
    shown = [m.text for m in ana.conversation("general").messages() if m.ephemeral]
    assert shown == [f"number {n}" for n in range(5)]

    ws.settings(response_seconds=0)
    ana.slash("/sessions", channel="general")
    assert WebhookClient(urls[1], retry_handlers=[]).send(text="late").status_code == 404


def test_response_url_replaces_and_deletes(bot, api, ids, kit, ws):
    """respond() takes the place of the message, posts beside it, or takes it away."""
    names = ["Replace", "Beside", "Public", "Delete"]
    buttons = [kit.button(name, name.lower()) for name in names]
    block = kit.actions(*buttons)

    @bot.action("replace")
    def replace(ack, respond):
        ack()
        respond(text="replaced", blocks=[block, kit.section("new")], replace_original=True)

    @bot.action("beside")
    def beside(ack, respond):
        ack()
        respond(text="beside", replace_original=False)

    @bot.action("public")
    def public(ack, respond):
        ack()
        respond(text="to all", response_type="in_channel", replace_original=False)

    @bot.action("delete")
    def delete(ack, respond):
        ack()
        respond(delete_original=True)

    api.chat_postMessage(channel=ids.general, text="menu", blocks=[block])
    ana = ws.user("ana")
    message = ana.conversation("general").messages()[-1]
    message.press("Replace")
    assert message.again().text.endswith("new")
    assert message.press("Beside")["ephemeral"] == ["beside"]
    message.press("Public")
    assert ws.user("ben").conversation("general").text_has("to all")
    message.press("Delete")
    assert message.again() is None


def test_a_person_who_writes_is_heard(bot, ws, ana):
    """A direct message sends message.im; a mention in a channel sends app_mention too."""
    heard = []
    bot.event("message")(lambda event: heard.append((event["channel_type"], event["text"])))
    bot.event("app_mention")(lambda event: heard.append(("mention", event["text"])))
    ana.say("hello bot")
    ana.say("hey @sessions", channel="general")
    assert ws.quiet()
    assert sorted(kind for kind, _ in heard) == ["channel", "im", "mention"]


def test_every_signature_is_taken(bot, ws, ana):
    """Deliveries are signed so that Bolt accepts every one of them."""
    bot.command("/sessions")(lambda ack: ack())
    told = [ana.slash(f"/sessions {n}") for n in range(50)]
    assert {t["http"] for t in told} == {200}
