"""Things that reach a bot twice, in another order, or spoiled; and events that are tried again."""

import json

import pytest
from flask import Response, request


@pytest.fixture
def names(door):
    """The real names in user_change events, in order of arrival; the answer can be exchanged."""
    heard = []
    door.answer = lambda: ""

    def take():
        heard.append(json.loads(request.get_data())["event"]["user"]["real_name"])
        return door.answer()

    door.handle = take
    return heard


def test_a_press_can_come_twice(bot, ws, api, ids, kit):
    """The last interaction is delivered again, one after the other or at once."""
    pressed = []
    bot.action("go")(lambda ack, body: pressed.append(body["trigger_id"]) or ack())
    api.chat_postMessage(channel=ids.ana, text="Go?", blocks=[kit.actions(kit.button("Go", "go"))])
    ws.user("ana").dm().messages()[-1].press("Go")
    outcomes = ws.again(kind="interactive", times=2, at_once=True)
    assert [o["http"] for o in outcomes] == [200, 200]
    assert len(pressed) == 3
    assert len(set(pressed)) == 1


def test_events_can_come_out_of_order(names, ws):
    """Deliveries named by their journal numbers come again in the order asked for."""
    ws.user("ana").change(name="First")
    assert ws.quiet()  # two events at once come in any order
    ws.user("ana").change(name="Second")
    assert ws.quiet()
    numbers = [d["n"] for d in ws.journal(kinds=["delivery"])]
    ws.again(deliveries=numbers[::-1])
    assert names[2:] == names[:2][::-1]


@pytest.mark.parametrize("what", ["signature", "timestamp", "body"])
def test_a_spoiled_delivery_is_refused_by_bolt(what, bot, ws):
    """A wrong signature, an old timestamp and an altered byte are each answered 401."""
    bot.command("/sessions")(lambda ack: ack())
    ws.user("ana").slash("/sessions")
    assert ws.again()[0]["http"] == 200
    assert ws.again(tamper=what)[0]["http"] == 401


def test_nothing_to_repeat_is_said(ws):
    """Before the first delivery there is nothing to deliver again."""
    with pytest.raises(LookupError, match="No such delivery"):
        ws.again()
    with pytest.raises(LookupError, match="No such delivery"):
        ws.again(deliveries=[12345678])


def test_a_failed_event_is_tried_three_more_times(names, door, ws):
    """Retries carry their number and reason; the event id stays the same."""
    ws.settings(retry_factor=0.0001)
    door.answer = lambda: Response("", 500)
    ws.user("ana").change(name="A")
    ws.wait_until(lambda: ws.journal(kinds=["event_given_up"]))
    heads = [h for h, _ in door.requests]
    assert [h.get("X-Slack-Retry-Num") for h in heads] == [None, "1", "2", "3"]
    assert {h.get("X-Slack-Retry-Reason") for h in heads[1:]} == {"http_error"}
    assert len({json.loads(body)["event_id"] for _, body in door.requests}) == 1


def test_an_event_is_not_tried_again_when_the_app_says_so(names, door, ws):
    """X-Slack-No-Retry: 1 ends it."""
    ws.settings(retry_factor=0.0001)
    door.answer = lambda: Response("", 500, {"X-Slack-No-Retry": "1"})
    ws.user("ana").change(name="A")
    assert ws.quiet()
    door.answer = lambda: ""
    ws.user("ana").change(name="B")
    ws.wait_until(lambda: "B" in names)
    assert names == ["A", "B"]


def test_the_first_retry_comes_at_once(names, door, ws):
    """A bot that failed once gets the event again without waiting a minute."""
    answers = iter([Response("", 500), ""])
    door.answer = lambda: next(answers)
    ws.user("ana").change(name="A")
    ws.wait_until(lambda: len(names) == 2)
    assert names == ["A", "A"]


def test_too_many_events_in_an_hour(door, ws):
    """Beyond the hourly cap events are withheld and app_rate_limited is sent once."""
    types = []

    def take():
        body = json.loads(request.get_data())
        types.append(body["type"])
        return ""

    door.handle = take
    ws.settings(events_per_hour=2)
    for n in range(5):
        ws.user("ana").change(name=f"N{n}")
    assert ws.quiet()
    ws.wait_until(lambda: len(types) == 3)
    assert sorted(types) == ["app_rate_limited", "event_callback", "event_callback"]


def test_revoking_and_uninstalling_tell_the_app_in_either_order(door, ws):
    """tokens_revoked and app_uninstalled both come; over several workspaces, in both orders."""
    heard = []

    def take():
        body = json.loads(request.get_data())
        heard.append(body["event"]["type"])
        return ""

    door.handle = take
    orders = set()
    for _ in range(8):
        heard.clear()
        ws.change("uninstall")
        ws.wait_until(lambda: len(heard) == 2)
        sent = ws.journal(kinds=["delivery"])[-2:]
        orders.add(tuple(d["name"] for d in sent))
    assert orders == {
        ("tokens_revoked", "app_uninstalled"),
        ("app_uninstalled", "tokens_revoked"),
    }


def test_many_presses_at_once(bot, ws, api, ids, kit):
    """press_many delivers over several connections and tells status and latency of each."""
    seen = []
    bot.action("go")(lambda ack, body: seen.append(body["user"]["id"]) or ack())
    posted = api.chat_postMessage(
        channel=ids.general, text="Go?", blocks=[kit.actions(kit.button("Go", "go"))]
    )
    spot = {"channel": ids.general, "ts": posted["ts"], "label": "Go"}
    told = ws.press_many(
        [{"user": name, **spot} for name in ("ana", "ben", "cy", "dee", "nobody")], connections=4
    )
    assert [t["status"] for t in told] == ["ok"] * 4 + ["impossible"]
    assert all(t["ms"] > 0 for t in told[:4])
    assert len(seen) == 4
