"""Faults on purpose: what each does to the workspace, and what the caller sees."""

import http.client
import time
import urllib.error

import pytest
from slack_sdk.errors import SlackApiError

POST = {"method": "chat.postMessage"}


def posts(ws):
    """How many messages the bot posted."""
    return len([m for m in ws.messages_sent() if m["what"] == "message"])


def post(api, ids):
    """One post, and what the caller got: an answer's error, a status, or a broken connection."""
    try:
        return api.chat_postMessage(channel=ids.general, text="x")["ok"]
    except SlackApiError as refused:
        return refused.response.data.get("error") or refused.response.status_code
    except (urllib.error.URLError, ConnectionError, http.client.HTTPException, OSError):
        return "broken"


def test_refusals_have_no_effect(api, ids, ws):
    """429, a status and an error leave nothing behind."""
    deeds = [{"rate_limited": {"retry_after": 7}}, {"status": 503}, {"error": "fatal_error"}]
    ws.faults([{"match": {**POST, "nth": n + 1}, "do": do} for n, do in enumerate(deeds)])
    assert [post(api, ids) for _ in deeds] == ["ratelimited", "injected", "fatal_error"]
    assert posts(ws) == 0
    assert [rule["hits"] for rule in ws.fault_counts()] == [1, 1, 1]


def test_an_injected_429_names_its_wait(raw, ids, ws):
    """The caller reads the Retry-After of the rule."""
    ws.faults([{"match": POST, "do": {"rate_limited": {"retry_after": 7}}}])
    status, headers, _ = raw("chat.postMessage", {"channel": ids.general, "text": "x"})
    assert (status, headers["retry-after"]) == (429, "7")


def test_drop_before_breaks_without_effect(api, ids, ws):
    """The connection is reset and nothing was posted."""
    ws.faults([{"match": POST, "do": "drop_before"}])
    assert post(api, ids) == "broken"
    assert posts(ws) == 0


def test_a_hundred_dropped_answers_are_a_hundred_effects(api, ids, ws):
    """drop_after posts every message and resets every connection."""
    ws.settings(rates="off")
    ws.faults([{"match": POST, "do": "drop_after"}])
    assert [post(api, ids) for _ in range(100)] == ["broken"] * 100
    assert posts(ws) == 100


def test_the_default_client_doubles_a_dropped_post(ws, ids):
    """slack_sdk with its own retry handler posts twice where an answer was lost."""
    from slack_sdk import WebClient

    careless = WebClient(ws.facts["bot_token"], base_url=ws.facts["api"])
    ws.faults([{"match": POST, "times": 1, "do": "drop_after"}])
    assert careless.chat_postMessage(channel=ids.general, text="x")["ok"]
    assert posts(ws) == 2


@pytest.mark.parametrize(("do", "sees"), [({"status_after": 500}, 500), ("garbage", "broken")])
def test_done_but_badly_answered(do, sees, api, ids, ws, raw):
    """A 5xx or broken JSON after the effect leaves the message there."""
    ws.faults([{"match": POST, "do": do}])
    status, _, body = raw("chat.postMessage", {"channel": ids.general, "text": "x"})
    assert posts(ws) == 1
    if sees == 500:
        assert status == 500
    else:
        assert (status, body) == (200, b'{"ok": tr')


def test_slow_answers_come_after_the_wait(api, ids, ws):
    """The effect and its answer come after the time the rule names."""
    ws.faults([{"match": POST, "do": {"slow": {"ms": 120}}}])
    started = time.monotonic()
    assert post(api, ids) is True
    assert 0.12 <= time.monotonic() - started < 0.6


def test_a_late_effect_comes_after_the_reset(api, ids, ws):
    """The caller is reset at once; the message appears within 50 ms of its time."""
    ws.faults([{"match": POST, "do": {"late": {"ms": 200}}}])
    mark = ws.mark()
    assert post(api, ids) == "broken"
    assert posts(ws) == 0
    effect = ws.wait_until(lambda: ws.journal(mark, kinds=["effect"]))[0]
    called = ws.journal(mark, kinds=["call"])[0]
    assert abs(effect["at"] - called["at"] - 0.2) <= 0.05


def test_refuse_shuts_the_door_for_a_while(api, ids, ws):
    """The port is closed, control stays open, and the port opens again at the same place."""
    ws.faults([{"do": {"refuse": {"ms": 60_000}}}])
    with pytest.raises(urllib.error.URLError, match="refused"):
        api.chat_postMessage(channel=ids.general, text="x")
    ws.clear_faults()
    assert ws.wait_until(lambda: post(api, ids) is True)


def test_matches_narrow_a_rule(api, ids, ws):
    """Channel, user, nth, every and times say whom a rule strikes."""
    rules = [
        {"match": {**POST, "channel": "coffee"}, "do": {"error": "by_channel"}},
        {"match": {"method": "users.*", "user": "ben"}, "do": {"error": "by_user"}},
        {"match": {"method": "conversations.info", "every": 2}, "do": {"error": "every"}},
        {"match": {"method": "team.info"}, "times": 1, "do": {"error": "once"}},
    ]
    ws.faults(rules)
    assert error(api.chat_postMessage, channel=ids.coffee, text="x") == "by_channel"
    assert error(api.chat_postMessage, channel=ids.general, text="x") is None
    assert error(api.users_info, user=ids.ben) == "by_user"
    assert error(api.users_info, user=ids.ana) is None
    said = [error(api.conversations_info, channel=ids.general) for _ in range(4)]
    assert said == [None, "every", None, "every"]
    assert [error(api.team_info) for _ in range(2)] == ["once", None]


def error(method, **args):
    """The error a call is refused with, or None."""
    try:
        method(**args)
    except SlackApiError as refused:
        return refused.response["error"]
    return None


def test_chance_is_seeded(api, ws):
    """The same seed strikes the same calls."""

    def run():
        ws.clear_faults()
        rule = {"match": {"method": "api.test", "chance": 0.5}, "seed": 4, "do": {"error": "x"}}
        ws.faults([rule])
        return [error(api.api_test) for _ in range(20)]

    first = run()
    assert first == run()
    assert {None, "x"} == set(first)


def test_rules_that_make_no_sense_are_refused(ws):
    """An unknown deed, or a delivery deed for a method, is an error."""
    for rule in (
        {"do": "explode"},
        {"match": {"method": "x"}, "do": "twice"},
        {"match": {"delivery": "x"}, "do": "garbage"},
        {"do": {"slow": 1, "late": 2}},
    ):
        with pytest.raises(ValueError, match="400"):
            ws.faults([rule])


@pytest.fixture
def heard(door):
    """The users of user_change events, in the order they came."""
    import json

    names = []

    def take():
        from flask import request

        names.append(json.loads(request.get_data())["event"]["user"]["name"])
        return ""

    door.handle = take
    return names


def test_a_delivery_may_come_twice(ws, heard):
    """Twice delivers the same event id two times."""
    ws.faults([{"match": {"delivery": "user_change"}, "times": 1, "do": "twice"}])
    ws.user("ana").change(admin=False)
    ws.wait_until(lambda: len(heard) == 2)
    sent = ws.journal(kinds=["delivery"])
    assert len({d["payload"]["event_id"] for d in sent}) == 1


def test_a_delivery_may_be_lost_or_come_late(ws, heard):
    """An event lost in all its tries never comes; a delayed one comes after its time."""
    ws.settings(retry_factor=0.0001)
    ws.faults([{"match": {"delivery": "events_api"}, "times": 4, "do": "lose"}])
    ws.user("ben").change(name="Lost")
    ws.wait_until(lambda: ws.journal(kinds=["event_given_up"]))
    assert heard == []
    ws.clear_faults()
    ws.faults([{"match": {"delivery": "user_change"}, "do": {"delay": {"ms": 80}}}])
    mark = ws.mark()
    ws.user("ana").change(name="Ana L.")
    sent = ws.wait_until(lambda: ws.journal(mark, kinds=["delivery"]))[0]
    fault = ws.journal(mark, kinds=["fault"])[0]
    assert sent["at"] - fault["at"] >= 0.08
    assert ws.quiet()
    assert heard == ["ana"]


def test_deliveries_may_change_places(ws, heard):
    """Reorder lets the next delivery pass first."""
    rule = {"match": {"delivery": "user_change"}, "times": 1, "do": {"reorder": {"ms": 3_000}}}
    ws.faults([rule])
    ws.user("ana").change(name="A")
    ws.user("ben").change(name="B")
    ws.wait_until(lambda: len(heard) == 2)
    assert heard == ["ben", "ana"]
