"""People, channels and groups change; what the app learns of it, and what they see."""

import pytest
from slack_sdk.errors import SlackApiError

KINDS = """user_change team_join member_joined_channel member_left_channel channel_rename
channel_archive channel_created subteam_created subteam_members_changed"""


@pytest.fixture
def heard(bot, ws):
    """Events by type, in order."""
    events = []

    def hear(event):
        events.append(event)

    for kind in KINDS.split():
        bot.event(kind)(hear)

    def told():
        assert ws.quiet()
        return events

    return told


def test_a_person_has_all_fields_and_their_flags(api, ids):
    """users.info tells apart admins, guests, strangers, bots and the deactivated."""
    flags = {
        name: {
            k: v
            for k, v in api.users_info(user=getattr(ids, name))["user"].items()
            if k.startswith("is_") or k == "deleted"
        }
        for name in ("ana", "guest", "far", "old", "sessions")
    }
    assert flags["ana"]["is_admin"] is True
    assert flags["guest"]["is_restricted"] is True
    assert flags["far"]["is_stranger"] is True
    assert flags["old"]["deleted"] is True
    assert flags["sessions"]["is_bot"] is True
    assert not flags["ana"]["is_bot"]


def test_an_empty_zone_is_no_zone(api, ids, ws):
    """Whoever has `tz: ""`, in a workspace file or later, is a person without one."""
    ws.post("/control/people/add", person={"handle": "nowhere", "tz": ""})
    ws.user("ana").change(tz="")

    without = {user["name"] for user in api.users_list()["members"] if "tz" not in user}
    assert {"nowhere", "ana"} <= without


def test_slackbot_and_other_bots_are_listed(api, ws):
    """users.list holds Slackbot, which is not marked as a bot, and bots of other apps."""
    ws.people_add("helper", bot=True)
    ws.people_add("flow", workflow_bot=True, bot=True)
    people = {m["name"]: m for m in api.users_list(limit=200)["members"]}
    assert (people["slackbot"]["id"], people["slackbot"]["is_bot"]) == ("USLACKBOT", False)
    assert people["helper"]["is_bot"] is True
    assert people["flow"]["is_workflow_bot"] is True
    for refused in (people["slackbot"]["id"], people["helper"]["id"]):
        with pytest.raises(SlackApiError, match="invalid_user_combination"):
            api.conversations_open(users=[refused])
    with pytest.raises(LookupError, match="by themselves"):
        ws.user("slackbot").say("hi", channel="general")


def test_locale_and_email_come_only_when_allowed(api, ids, ws):
    """Locale needs include_locale; email its scope."""
    assert "locale" not in api.users_info(user=ids.ana)["user"]
    told = api.users_info(user=ids.ana, include_locale=True)["user"]
    assert (told["locale"], told["profile"]["email"]) == ("en-US", "ana@acme.example")
    assert api.users_lookupByEmail(email="ANA@acme.example")["user"]["id"] == ids.ana
    ws.change("grant", scopes=["users:read"])
    assert "email" not in api.users_info(user=ids.ana)["user"]["profile"]


def test_changes_are_told(heard, ws, ids):
    """Zone, name, joining the workspace, joining and leaving channels each make their event."""
    ws.user("ben").change(tz="Asia/Tokyo")
    ws.people_add("new", name="New One", tz="Europe/Paris")
    ws.user("dee").join("coffee")
    ws.user("dee").leave("coffee")
    ws.user("ana").join("quiet")  # the bot is not there
    events = heard()
    kinds = sorted(e["type"] for e in events)
    assert kinds == [
        "member_joined_channel",
        "member_joined_channel",
        "member_left_channel",
        "team_join",
        "user_change",
    ]
    changed = next(e for e in events if e["type"] == "user_change")
    assert (changed["user"]["id"], changed["user"]["tz"]) == (ids.ben, "Asia/Tokyo")


def test_groups_and_channels_are_told(heard, ws, ids):
    """User group members and channel names make their events."""
    ws.change("usergroup", handle="mentors", members=["ana", "cy"])
    ws.change("rename", channel="coffee", name="espresso")
    ws.change("archive", channel="espresso")
    ws.change("channel", channel={"name": "fresh", "members": ["ana"]}, by="ana")
    events = {e["type"]: e for e in heard()}
    members = events["subteam_members_changed"]
    assert (members["added_users"], members["removed_users"]) == ([ids.cy], [ids.ben])
    assert events["channel_rename"]["channel"]["name"] == "espresso"
    assert set(events) >= {"channel_archive", "channel_created"}


def test_a_new_group_is_told_and_so_are_its_members(heard, ws, ids):
    """An unknown handle makes a group: that there is one, and who is in it, in whatever order they arrive."""
    ws.change("usergroup", handle="cooks", members=["ana"])
    told = {event["type"]: event for event in heard()}
    made, members = told["subteam_created"], told["subteam_members_changed"]
    assert made["subteam"]["handle"] == "cooks"
    assert (members["subteam_id"], members["added_users"]) == (made["subteam"]["id"], [ids.ana])


def test_the_deactivated_are_told_of_and_leave(heard, api, ws, ids):
    """They stay in users.list, leave channels and groups, and get nothing any more."""
    ws.user("ben").deactivate()
    assert next(e for e in heard() if e["type"] == "user_change")["user"]["deleted"] is True
    assert ids.ben not in api.conversations_members(channel=ids.general)["members"]
    assert ids.ben not in api.usergroups_users_list(usergroup=ids.groups["mentors"])["users"]
    assert "ben" in [m["name"] for m in api.users_list(limit=200)["members"]]
    assert api.chat_postMessage(channel=ids.ben, text="read by nobody")["ok"]
    assert ws.messages_sent()[-1]["recipients"] == []
    ws.user("ben").reactivate()
    assert api.conversations_open(users=[ids.ben])["ok"]


def test_unread_and_notifications(api, ids, ws):
    """Direct messages and mentions notify by their text; reading ends it; edits stay silent."""
    ben = ws.user("ben")
    posted = api.chat_postMessage(channel=ids.ben, text="Join this session?")
    api.chat_postMessage(channel=ids.general, text="nobody")
    api.chat_postMessage(channel=ids.general, text=f"for <@{ids.ben}>")
    api.chat_update(channel=posted["channel"], ts=posted["ts"], text="Join now?")
    assert [n["text"] for n in ben.notifications()] == ["Join now?", "for @Ben Okafor"]
    unread = {c["name"]: c["unread"] for c in ben.conversations()}
    assert (unread["Sessions"], unread["general"]) == (1, 2)
    ben.dm().messages()
    assert [n["text"] for n in ben.notifications()] == ["for @Ben Okafor"]


def test_message_effects_tell_who_could_read_them(api, ids, ws):
    """Each effect carries text, metadata, channel, ts and recipients, dropped answers included."""
    meta = {"event_type": "sessions_outbox", "event_payload": {"id": "1"}}
    group = api.conversations_open(users=[ids.ana, ids.ben])["channel"]["id"]
    posted = api.chat_postMessage(channel=group, text="Meet", metadata=meta)
    api.chat_delete(channel=group, ts=posted["ts"])
    sent, gone = ws.messages_sent()
    assert (sent["what"], sent["channel"], sent["ts"]) == ("message", group, posted["ts"])
    assert (sent["text"], sent["metadata"]) == ("Meet", meta)
    assert set(sent["recipients"]) == {ids.ana, ids.ben}
    assert (gone["what"], gone["ts"]) == ("delete", posted["ts"])


def test_unknown_arguments_are_ignored_and_noted(api, ids, ws):
    """A misspelt argument changes nothing, and stands in the journal."""
    assert api.api_call("users.info", json={"user": ids.ana, "include_locals": True})["ok"]
    assert ws.journal(kinds=["unknown_arguments"])[0]["names"] == ["include_locals"]


def test_reset_snapshot_and_restore(api, ids, ws):
    """Restore brings a kept world back; reset the file's; ids stay what they were."""
    api.chat_postMessage(channel=ids.general, text="kept")
    ws.user("ana").change(name="Changed")
    first = ws.snapshot("before")
    api.chat_postMessage(channel=ids.general, text="lost")
    assert ws.snapshot("after") != first
    ws.restore("before")
    assert ws.snapshot() == first
    ws.reset()
    assert ws.user("ana").conversation("general").messages() == []
    assert ws.ids()["people"]["ana"] == ids.ana
    with pytest.raises(LookupError, match="no snapshot"):
        ws.restore("never")


def test_the_same_story_gives_the_same_snapshot(api, ids, ws):
    """Twice the same calls from the beginning leave equal pictures."""

    def story():
        ws.reset()
        api.conversations_open(users=[ids.ana, ids.ben])
        api.chat_postMessage(channel=ids.cy, text="hi")
        return ws.snapshot()

    assert story() == story()


def test_plan_and_disabled_groups(api, ids, ws):
    """Groups list their members when asked; the free plan has none."""
    groups = api.usergroups_list(include_users=True)["usergroups"]
    assert [g["handle"] for g in groups] == ["mentors"]
    assert groups[0]["users"] == [ids.ana, ids.ben]
    assert "users" not in api.usergroups_list()["usergroups"][0]


def test_the_journal_is_waited_on(api, ids, ws):
    """A reader gets entries after a number, of the kinds it asked for, without polling."""
    mark = ws.mark()
    assert ws.journal(mark, wait=0.05) == []
    api.chat_postMessage(channel=ids.general, text="x")
    entries = ws.journal(mark)
    assert [e["kind"] for e in entries] == ["call", "effect"]
    assert [e["n"] for e in entries] == [mark + 1, mark + 2]
    assert entries[0]["method"] == "chat.postMessage"
    assert (entries[0]["ok"], entries[0]["answer"]["channel"]) == (True, ids.general)
    assert "token" not in entries[0]["args"]
    assert [e["kind"] for e in ws.journal(mark, kinds=["effect"])] == ["effect"]


def test_every_method_is_answered_as_form_query_and_json(raw, ids, ws):
    """The same call as GET, as form and as JSON gives the same answer."""
    import json
    from urllib.parse import urlencode

    args = {"channel": ids.general, "include_num_members": "true"}
    form = "application/x-www-form-urlencoded"
    answers = [
        raw("conversations.info", args),
        raw("conversations.info", body=urlencode(args).encode(), kind=form),
        raw(
            "conversations.info", body=urlencode({**args, "token": "xoxb-test"}).encode(), kind=form, token=""
        ),
    ]
    bodies = [json.loads(body) for _, _, body in answers]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["ok"]
    blocks = json.dumps([{"type": "divider"}])
    posted = raw("chat.postMessage", kind=form,
                 body=urlencode({"channel": ids.general, "blocks": blocks}).encode())  # fmt: skip
    assert json.loads(posted[2])["message"]["blocks"][0]["type"] == "divider"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
        (b"x", "text/plain", "invalid_post_type"),
    ],
)
def test_bodies_slack_cannot_read(body, kind, error, raw):
    """Broken bodies are refused by name."""
    assert error.encode() in raw("auth.test", body=body, kind=kind)[2]


def test_calls_the_product_may_make(api, ids, ws):
    """The remaining reads answer through slack_sdk, many of which go out as GET."""
    assert api.api_test()["ok"]
    assert api.team_info()["team"]["name"] == "Acme"
    assert api.bots_info(bot="B00SANDBOX")["bot"]["user_id"] == ws.facts["bot_user"]
    assert api.dnd_info(user=ids.ana)["dnd_enabled"] is False
    posted = api.chat_postMessage(channel=ids.general, text="x")
    spot = {"channel": ids.general, "timestamp": posted["ts"]}
    assert api.reactions_add(**spot, name="wave")["ok"]
    assert api.reactions_get(**spot)["message"]["reactions"][0]["name"] == "wave"
    link = api.chat_getPermalink(channel=ids.general, message_ts=posted["ts"])["permalink"]
    assert link.startswith(ws.facts["url"])
    with pytest.raises(SlackApiError, match="user_not_found"):
        api.dnd_info(user="U0NOBODY")
