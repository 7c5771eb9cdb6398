"""What reaches the app has every key that Bolt's own scenario samples have.

The lists below were taken from the sample payloads in slackapi/bolt-python, tests/scenario_tests.
"""

import json

import pytest

TEAM = ["team.id", "team.domain"]
ACTOR = ["user.id", "user.username", "user.name", "user.team_id"]
APP = ["type", "token", "api_app_id"]
VIEW = [
    f"view.{key}"
    for key in [
        "id",
        "team_id",
        "type",
        "blocks",
        "private_metadata",
        "callback_id",
        "state.values",
        "hash",
        "title.text",
        "clear_on_close",
        "notify_on_close",
        "close",
        "submit",
        "previous_view_id",
        "root_view_id",
        "app_id",
        "external_id",
        "app_installed_team_id",
        "bot_id",
    ]
]
ACTION = ["actions.0.action_id", "actions.0.block_id", "actions.0.type", "actions.0.action_ts"]
BUTTON = [*ACTION, "actions.0.text.text", "actions.0.value"]
KEYS = {
    "slash_command": [
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "response_url",
        "trigger_id",
        "api_app_id",
        "is_enterprise_install",
    ],
    "shortcut": [
        *APP,
        *TEAM,
        "action_ts",
        "user.id",
        "user.username",
        "user.team_id",
        "callback_id",
        "trigger_id",
    ],
    "message_action": [
        *APP,
        *TEAM,
        *ACTOR,
        "callback_id",
        "trigger_id",
        "message_ts",
        "response_url",
        "channel.id",
        "channel.name",
        "message.text",
        "message.ts",
        "action_ts",
    ],
    "message_button": [
        *APP,
        *TEAM,
        *ACTOR,
        *BUTTON,
        "trigger_id",
        "response_url",
        "container.type",
        "container.message_ts",
        "container.channel_id",
        "container.is_ephemeral",
        "channel.id",
        "channel.name",
        "message.blocks",
        "message.ts",
        "state.values",
    ],
    "modal_button": [
        *APP,
        *TEAM,
        *ACTOR,
        *BUTTON,
        *VIEW,
        "trigger_id",
        "container.type",
        "container.view_id",
    ],
    "home_button": [*APP, *TEAM, *ACTOR, *BUTTON, "trigger_id", "container.view_id", "view.hash"],
    "view_submission": [*APP, *TEAM, *ACTOR, *VIEW, "trigger_id", "response_urls"],
    "view_closed": [*APP, *TEAM, *ACTOR, *VIEW, "is_cleared", "response_urls"],
    "block_suggestion": [
        *APP,
        *TEAM,
        *ACTOR,
        *VIEW,
        "container.type",
        "container.view_id",
        "action_id",
        "block_id",
        "value",
    ],
}
EVENT = ["token", "team_id", "api_app_id", "type", "event_id", "event_time", "event.type", "event.event_ts"]
EVENTS = {
    "app_home_opened": ["event.user", "event.channel", "event.tab"],
    "app_uninstalled": [],
    "tokens_revoked": ["event.tokens.oauth", "event.tokens.bot"],
    "team_join": ["event.user.id", "event.user.tz", "event.user.profile.email"],
    "user_change": ["event.user.id", "event.user.deleted", "event.user.is_restricted"],
    "member_joined_channel": ["event.user", "event.channel", "event.channel_type", "event.team"],
    "member_left_channel": ["event.user", "event.channel", "event.channel_type", "event.team"],
    "subteam_members_changed": [
        "event.subteam_id",
        "event.team_id",
        "event.added_users",
        "event.added_users_count",
        "event.removed_users",
        "event.removed_users_count",
    ],
}


def dig(payload, path):
    """The value at a dotted path; KeyError when it is not there."""
    for step in path.split("."):
        payload = payload[int(step)] if step.isdigit() else payload[step]
    return payload


@pytest.fixture
def payloads(bot, ws, api, ids, kit):
    """Every kind of payload once, by the ways people make them."""
    go = kit.button("Go", "go", value="1")
    search = kit.input("Zone", "external_select", min_query_length=1)
    form = kit.modal("Form", kit.actions(go), search, callback_id="form", notify_on_close=True)
    bot.command("/sessions")(
        lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=form) and ack()
    )
    bot.action("go")(lambda ack: ack())
    bot.options("value")(lambda ack: ack(options=kit.options("Paris")))
    bot.view("form")(lambda ack: ack())
    bot.view_closed("form")(lambda ack: ack())
    bot.shortcut("any")(lambda ack: ack())
    ana = ws.user("ana")
    api.chat_postMessage(channel=ids.ana, text="Go?", blocks=[kit.actions(go)])
    api.views_publish(user_id=ids.ana, view=kit.home(kit.actions(go)))
    message = ana.dm().messages()[-1]
    return {
        "slash_command": lambda: ana.slash("/sessions now"),
        "shortcut": lambda: ana.shortcut("any"),
        "message_action": lambda: ana.shortcut("any", on=message),
        "message_button": lambda: ana.press("Go", in_=message),
        "modal_button": lambda: ana.slash("/sessions") and ana.modal().press("Go"),
        "home_button": lambda: ana.home(open_=False).press("Go"),
        "view_submission": lambda: ana.slash("/sessions") and ana.modal().fill({"Zone": "Paris"}).submit(),
        "view_closed": lambda: ana.slash("/sessions") and ana.modal().close(),
        "block_suggestion": lambda: ana.slash("/sessions") and ana.modal().options("Zone", "p"),
    }


@pytest.mark.parametrize("kind", KEYS)
def test_interactions_are_complete(kind, payloads, ws):
    """No key that a sample has is missing from ours."""
    payloads[kind]()
    payload = ws.journal(kinds=["delivery"])[-1]["payload"]
    for path in KEYS[kind]:
        dig(payload, path)


@pytest.mark.parametrize("kind", EVENTS)
def test_events_are_complete(kind, ws, door, kit):
    """Every event of the product's manifest comes in Slack's envelope, with its own facts."""
    door.handle = lambda: ""
    ana, ben = ws.user("ana"), ws.user("ben")
    makes = {
        "app_home_opened": ana.home,
        "app_uninstalled": lambda: ws.change("uninstall"),
        "tokens_revoked": lambda: ws.change("revoke"),
        "team_join": lambda: ws.people_add("new", name="New One"),
        "user_change": lambda: ana.change(tz="Asia/Tokyo"),
        "member_joined_channel": lambda: ws.user("dee").join("coffee"),
        "member_left_channel": lambda: ben.leave("coffee"),
        "subteam_members_changed": lambda: ws.change("usergroup", handle="mentors", members=["cy"]),
    }
    makes[kind]()
    assert ws.quiet()
    body = next(json.loads(raw) for _, raw in door.requests if json.loads(raw)["event"]["type"] == kind)
    for path in [*EVENT, *EVENTS[kind]]:
        dig(body, path)


def test_ephemeral_messages_do_not_carry_their_content(bot, ws, api, ids, kit):
    """A button in an ephemeral message comes without the message, as Slack sends it."""
    bot.action("go")(lambda ack: ack())
    blocks = [kit.actions(kit.button("Go", "go"))]
    api.chat_postEphemeral(channel=ids.general, user=ids.ana, text="Go?", blocks=blocks)
    shown = ws.user("ana").conversation("general").wait_for("Go")
    assert shown.press("Go")["status"] == "ok"
    payload = ws.journal(kinds=["delivery"])[-1]["payload"]
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True


def test_a_chosen_conversation_gets_a_response_url(bot, ws, kit):
    """An input that asks for it makes the submission carry an address for the chosen channel."""
    where = kit.input("Where", "conversations_select", response_url_enabled=True)
    got = []

    @bot.command("/sessions")
    def show(ack, client, body):
        client.views_open(trigger_id=body["trigger_id"], view=kit.modal("Form", where, callback_id="f"))
        ack()

    @bot.view("f")
    def take(ack, body):
        got.extend(body["response_urls"])
        ack()

    ws.user("ana").slash("/sessions")
    ws.user("ana").modal("Form").fill({"Where": "coffee"}).submit()
    assert [url["block_id"] for url in got] == ["Where"]
    assert got[0]["response_url"].startswith(ws.facts["url"])
