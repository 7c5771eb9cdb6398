"""Group DMs, cursors, history and metadata, as the bot relies on them."""

import json
import random

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


def test_a_group_dm_is_its_set_of_people(raw, ids, ws):
    """Of a thousand random sets of one to eight, ids are equal exactly when the sets are."""
    ws.settings(rates="off")
    rng = random.Random(5)
    handles = ["ana", "ben", "cy", "dee", "eli", "fay", "gus", "hal", "ivy", "guest"]
    people = [getattr(ids, handle) for handle in handles]
    known = {}
    for _ in range(1_000):
        chosen = rng.sample(people, rng.randint(1, 8))
        rng.shuffle(chosen)
        opened = answer(raw, "conversations.open", {"users": ",".join(chosen)})
        assert known.setdefault(frozenset(chosen), opened["channel"]["id"]) == opened["channel"]["id"]
    assert len(set(known.values())) == len(known)
    groups = {known[s][0] for s in known if len(s) > 1}
    assert groups == {"G", "C"}
    nine = answer(raw, "conversations.open", {"users": ",".join(people[:9])})
    assert nine == {"ok": False, "error": "too_many_users"}


def answer(raw, method, args):
    """The body of a call."""
    return json.loads(raw(method, args)[2])


def test_the_bot_and_everybody_named_are_in_the_group(api, ids, ws):
    """Members are the people and the bot; nobody can be added; each of them sees it."""
    group = api.conversations_open(users=[ids.ana, ids.ben])["channel"]["id"]
    members = api.conversations_members(channel=group)["members"]
    assert set(members) == {ids.ana, ids.ben, ws.facts["bot_user"]}
    api.chat_postMessage(channel=group, text="You met before")
    assert ws.user("ben").group_dms()[0].wait_for("You met before").channel == group
    assert ws.user("cy").group_dms() == []
    with pytest.raises(SlackApiError, match="method_not_supported"):
        api.conversations_invite(channel=group, users=[ids.cy])
    with pytest.raises(LookupError, match="group DM"):
        ws.change("join", user="cy", channel=group)


def test_prevent_creation_and_return_im(api, ids):
    """prevent_creation opens only what exists; return_im tells all about it."""
    with pytest.raises(SlackApiError, match="channel_not_found"):
        api.conversations_open(users=[ids.ana], prevent_creation=True)
    told = api.conversations_open(users=[ids.ana], return_im=True)["channel"]
    assert (told["user"], told["is_im"], told["is_open"]) == (ids.ana, True, True)
    assert api.conversations_close(channel=told["id"])["ok"]
    assert api.conversations_close(channel=told["id"])["already_closed"] is True
    assert "already_open" not in api.conversations_open(users=[ids.ana]).data


def test_posting_to_a_person_opens_the_direct_message(api, ids, ws):
    """The answer names the D channel and the ts by which the message can be changed."""
    posted = api.chat_postMessage(channel=ids.ben, text="hi")
    assert posted["channel"].startswith("D")
    api.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")
    message = ws.user("ben").dm("Sessions").messages()[0]
    assert (message.text, message.edited) == ("changed", True)


def test_texts_and_blocks_take_each_others_place(api, ids, kit):
    """A text without blocks removes blocks; blocks alone keep the text; metadata stays."""
    meta = {"event_type": "sessions_outbox", "event_payload": {"id": "7"}}
    posted = api.chat_postMessage(channel=ids.general, text="one", blocks=[kit.section("one")], metadata=meta)
    spot = {"channel": ids.general, "ts": posted["ts"]}
    only_blocks = {**spot, "blocks": [kit.section("two")]}
    assert api.api_call("chat.update", json=only_blocks)["text"] == "one"
    changed = api.chat_update(**spot, text="three")["message"]
    assert changed["text"] == "three"
    assert "blocks" not in changed
    assert changed["metadata"] == meta


def test_reconciliation_finds_messages_by_their_metadata(api, ids):
    """Metadata comes back only when asked for, whole, and newest first."""
    for n in range(3):
        meta = {"event_type": "sessions_outbox", "event_payload": {"id": f"m{n}"}}
        api.chat_postMessage(channel=ids.ana, text=str(n), metadata=meta)
    channel = api.conversations_open(users=[ids.ana])["channel"]["id"]
    bare = api.conversations_history(channel=channel)["messages"]
    assert all("metadata" not in m for m in bare)
    found = api.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert [m["metadata"]["event_payload"]["id"] for m in found] == ["m2", "m1", "m0"]
    assert {m["bot_id"] for m in found} == {"B00SANDBOX"}


def test_ts_rise_strictly(api, ids, ws):
    """Each ts is above the one before, across conversations and clock jumps."""
    ws.settings(rates="off")
    seen = []
    for n in range(30):
        seen.append(api.chat_postMessage(channel=ids.general, text="x")["ts"])
        seen.append(api.chat_postMessage(channel=ids.ana, text="x")["ts"])
        ws.clock.advance(n / 10)
    assert seen == sorted(set(seen))


def test_history_windows(api, ids, ws):
    """Oldest and latest leave their own message out unless inclusive."""
    stamps = [api.chat_postMessage(channel=ids.coffee, text=str(n))["ts"] for n in range(4)]
    spot = {"channel": ids.coffee, "oldest": stamps[0], "latest": stamps[2]}
    assert texts(api.conversations_history(**spot)) == ["1"]
    assert texts(api.conversations_history(**spot, inclusive=True)) == ["2", "1", "0"]
    assert texts(api.conversations_history(channel=ids.coffee, oldest="0")) == list("3210")


def texts(told):
    """The texts of an answer's messages."""
    return [m["text"] for m in told["messages"]]


def test_replies_are_in_their_thread(api, ids):
    """A thread lists its first message and the replies, oldest first; history shows the first."""
    first = api.chat_postMessage(channel=ids.general, text="first")["ts"]
    for n in range(2):
        api.chat_postMessage(channel=ids.general, text=f"reply {n}", thread_ts=first)
    thread = api.conversations_replies(channel=ids.general, ts=first)
    assert texts(thread) == ["first", "reply 0", "reply 1"]
    assert texts(api.conversations_history(channel=ids.general)) == ["first"]


def walk(method, key, **args):
    """All pages of a listing, and their sizes."""
    found, sizes, cursor = [], [], ""
    while True:
        told = method(**args, **({"cursor": cursor} if cursor else {}))
        found += told[key]
        sizes.append(len(told[key]))
        cursor = told["response_metadata"]["next_cursor"]
        if not cursor:
            return found, sizes


def test_every_third_page_is_shorter(api, ids, ws):
    """A walk finds everybody once although pages are shorter than asked now and then."""
    ws.settings(rates="off")
    ws.change("generate", plan={"people": 40})
    members, sizes = walk(api.users_list, "members", limit=6)
    handles = [m["name"] for m in members]
    assert sizes[:6] == [6, 6, 4, 6, 6, 4]
    assert len(handles) == len(set(handles)) == 55  # the bot, Slackbot and all but the hidden guest
    ws.settings(short_pages=False)
    assert walk(api.users_list, "members", limit=6)[1][:3] == [6, 6, 6]


def test_a_walk_survives_people_who_come_and_go(api, ids, ws):
    """Those who stay are found exactly once, whoever joins or leaves between two pages."""
    ws.settings(rates="off")
    first = api.conversations_members(channel=ids.general, limit=4)
    ws.user(first["members"][-1]).leave("general")
    ws.user("cy").leave("general")
    ws.people_add("newcomer")
    cursor = first["response_metadata"]["next_cursor"]
    rest = walk_on(api, ids.general, cursor)
    staying = set(first["members"]) | set(rest)
    assert len(first["members"]) + len(rest) == len(staying)
    assert ws.ids()["people"]["newcomer"] in rest
    assert ids.ivy in staying


def walk_on(api, channel, cursor):
    """The rest of a member list after a cursor."""
    found = []
    while cursor:
        told = api.conversations_members(channel=channel, limit=4, cursor=cursor)
        found += told["members"]
        cursor = told["response_metadata"]["next_cursor"]
    return found


def test_history_pages_walk_back(api, ids, ws):
    """Pages of history go back in time without a gap or a double, even while messages arrive."""
    ws.settings(rates="off")
    for n in range(20):
        api.chat_postMessage(channel=ids.general, text=str(n))
    told = api.conversations_history(channel=ids.general, limit=7)
    found = texts(told)
    while told["has_more"]:
        api.chat_postMessage(channel=ids.general, text="new")
        cursor = told["response_metadata"]["next_cursor"]
        told = api.conversations_history(channel=ids.general, limit=7, cursor=cursor)
        found += texts(told)
    assert found == [str(n) for n in reversed(range(20))]


def test_listings_show_what_the_bot_may_know(api, ids):
    """Kinds are asked for; private channels are listed only where the bot is."""
    public, _ = walk(api.conversations_list, "channels", exclude_archived=True)
    assert [c["name"] for c in public] == ["general", "coffee", "quiet"]
    private, _ = walk(api.conversations_list, "channels", types="private_channel")
    assert [c["name"] for c in private] == ["inner"]
    of_ben, _ = walk(api.users_conversations, "channels", user=ids.ben)
    assert [c["name"] for c in of_ben] == ["general", "coffee"]


def test_a_channel_of_its_own(api, ids, ws):
    """The bot makes a private channel and invites a group too large for a group DM."""
    made = api.conversations_create(name="round-1", is_private=True)["channel"]
    people = [ids.ana, ids.ben, ids.cy, ids.dee, ids.eli, ids.fay, ids.gus, ids.hal, ids.ivy]
    api.conversations_invite(channel=made["id"], users=people)
    told = api.conversations_info(channel=made["id"], include_num_members=True)["channel"]
    assert (told["num_members"], told["is_private"]) == (10, True)
    api.chat_postMessage(channel=made["id"], text="Welcome")
    assert ws.user("ivy").conversation("round-1").text_has("Welcome")


def test_ephemeral_messages_are_seen_by_one(api, ids, ws):
    """Only the reader sees it; it can be neither edited nor found in the history."""
    told = api.chat_postEphemeral(channel=ids.general, user=ids.ana, text="psst")
    assert ws.user("ana").conversation("general").text_has("psst")
    assert not ws.user("ben").conversation("general").text_has("psst")
    assert api.conversations_history(channel=ids.general)["messages"] == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        api.chat_update(channel=ids.general, ts=told["message_ts"], text="louder")


def test_scheduled_messages(api, ids, ws):
    """A plain one is posted when the clock gets there; one with metadata never is."""
    due = int(ws.clock.now()) + 3_600
    meta = {"event_type": "x", "event_payload": {}}
    api.chat_scheduleMessage(channel=ids.general, text="plain", post_at=due)
    api.chat_scheduleMessage(channel=ids.general, text="never", post_at=due, metadata=meta)
    assert "never posted" in ws.journal(kinds=["warning"])[0]["text"]
    ws.clock.advance(3_601)
    ws.user("ana").conversation("general").wait_for("plain")
    assert not ws.user("ana").conversation("general").text_has("never")


def test_two_workspaces_know_nothing_of_each_other(api, ids, ws):
    """A token sees its own people and channels only."""
    other = WebClient(ws.facts["tokens"]["T0FREE"], base_url=ws.facts["api"], retry_handlers=[])
    assert other.auth_test()["team_id"] == "T0FREE"
    assert [m["name"] for m in other.users_list(limit=9)["members"]] == ["sessions", "slackbot", "zoe"]
    for refused in (
        lambda: other.users_info(user=ids.ana),
        lambda: other.chat_postMessage(channel=ids.general, text="x"),
    ):
        with pytest.raises(SlackApiError, match="not_found"):
            refused()
