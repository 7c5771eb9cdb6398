"""What the inspector reads: traffic in words, one entry in full, what belongs together."""

import json

import pytest
from slack_sdk.errors import SlackApiError
from websockets.sync.client import connect

from sandbox import traffic
from sandbox.client import NotThere
from sandbox.hub import Hub
from sandbox.journal import HEAVY_ENTRIES_KEPT
from sandbox.manifest import Manifest
from sandbox.seeds import read_seed


def listed(ws, kind):
    """The newest entry of a kind, as the inspector lists it."""
    return [e for e in ws.get("/control/traffic")["entries"] if e["kind"] == kind][-1]


def test_a_call_is_listed_in_words_and_read_in_full(api, ids, ws):
    """The list names people and places and has no bodies; the entry itself has both bodies."""
    api.chat_postMessage(channel=ids.general, text="hi")
    call = listed(ws, "call")
    assert (call["where"], call["status"], call["ok"]) == ("#general", 200, True)
    assert not {"args", "answer"} & set(call)

    whole = ws.get(f"/control/traffic/{call['n']}")

    assert whole["entry"]["args"]["text"] == "hi"
    assert whole["entry"]["answer"]["message"]["text"] == "hi"
    assert not whole["dropped"]


def test_people_are_named_in_direct_and_group_messages(api, ids, ws):
    """A direct message by person or by its own id, and the people a group message is opened with."""
    im = api.conversations_open(users=ids.ana)["channel"]["id"]
    assert listed(ws, "call")["who"] == "Ana Lima"
    api.chat_postMessage(channel=im, text="hi")
    assert listed(ws, "call")["where"] == "direct message with Ana Lima"
    api.chat_postMessage(channel=ids.ben, text="hi")
    assert (listed(ws, "call")["who"], listed(ws, "call")["where"]) == ("Ben Okafor", "direct message")
    api.conversations_open(users=[ids.ana, ids.ben])
    assert listed(ws, "call")["who"] == "Ana Lima, Ben Okafor"


def test_a_home_names_whose_it_is(api, ids, kit, ws):
    """A view's call tells the person it was for."""
    api.views_publish(user_id=ids.cy, view=kit.home(kit.section("hi")))
    assert listed(ws, "call")["who"] == "Cy Tanaka"


def test_a_refused_call_keeps_why(api, ids, kit, ws):
    """The messages with their pointers stay in the list when the bodies are gone."""
    with pytest.raises(SlackApiError):
        api.chat_postMessage(channel=ids.general, text="hi", blocks=[kit.section("x")] * 51)
    call = listed(ws, "call")
    assert call["error"] == "invalid_blocks"
    assert any("/blocks" in why for why in call["why"])


@pytest.mark.parametrize("as_text", [False, True])
def test_elements_without_an_id_are_pointed_out(raw, ids, kit, ws, as_text):
    """A button without an action_id is no error, but the app cannot tell it from others."""
    block = {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}],
    }
    blocks = json.dumps([block]) if as_text else [block]
    raw("chat.postMessage", {"channel": ids.general, "text": "hi", "blocks": blocks})
    assert listed(ws, "call")["nameless"] == ["/blocks/0/elements/0"]


def test_what_a_call_left_is_tied_to_it(raw, ids, ws):
    """Marks and effects carry the call's number."""
    raw("chat.postMessage", {"channel": ids.general, "text": "hi", "colour": "red"})
    call, mark = listed(ws, "call"), listed(ws, "unknown_arguments")
    assert mark["call"] == call["n"]
    kinds = {e["kind"] for e in ws.get(f"/control/traffic/{call['n']}")["rest"]}
    assert kinds == {"unknown_arguments", "effect"}


def test_a_bad_answer_is_tied_to_its_delivery(bot, ws, api, ids, kit, tolerated):
    """The delivery's entry brings its acknowledgement and what was wrong with it."""
    tolerated.add("bad_ack")
    form = kit.modal("M", kit.input("L", "plain_text_input"))

    @bot.command("/sessions")
    def show(ack, client, body):
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form)

    bot.view("")(lambda ack: ack(response_action="errors", errors={"nowhere": "no"}))
    ana = ws.user("ana")
    ana.slash("/sessions", channel="general")
    modal = ana.modal("M")
    modal.fill({"L": "x"}).submit()

    bad = listed(ws, "bad_ack")
    whole = ws.get(f"/control/traffic/{bad['delivery']}")

    assert whole["entry"]["name"] == "view_submission"
    assert whole["entry"]["payload"]["user"]["id"] == ids.ana
    assert {e["kind"] for e in whole["rest"]} == {"ack", "bad_ack"}
    assert bad["pointer"] == "/errors/nowhere"


def test_a_slow_call_is_told_again_when_it_is_answered(api, ids, ws):
    """Whoever reads along learns the answer of a call that was listed without one."""
    ws.faults([{"match": {"method": "chat.postMessage"}, "do": {"slow": {"ms": 50}}}])
    address = ws.facts["url"].replace("http", "ws") + "/ui"
    with connect(address) as page:
        page.recv()
        api.chat_postMessage(channel=ids.general, text="hi")
        told = []
        while not told or told[-1]["kind"] != "answered":
            told += json.loads(page.recv(timeout=5))["entries"]
    first = next(e for e in told if e["kind"] == "call")
    assert "status" not in first
    assert (told[-1]["call"], told[-1]["status"], told[-1]["ok"]) == (first["n"], 200, True)


def test_older_bodies_are_gone_and_said_to_be():
    """After thousands of entries a call's bodies are dropped; its line stays."""
    hub = Hub(read_seed(None, Manifest()))
    old = hub.journal.add("call", method="api.test", args={"foo": "bar"})
    for _ in range(HEAVY_ENTRIES_KEPT):
        hub.journal.add("call", method="api.test", args={})

    assert traffic.whole(hub, old["n"])["dropped"]
    assert not traffic.whole(hub, old["n"] + 1)["dropped"]
    assert traffic.newest(hub, 10_000)["entries"][0]["method"] == "api.test"


def test_an_entry_that_is_not_there_is_refused(ws):
    """Cleared or never written."""
    with pytest.raises(NotThere, match="no longer in the journal"):
        ws.get("/control/traffic/999999999")


def test_one_fault_rule_is_removed(ws):
    """The others stay; a rule that is not there is refused."""
    first, second = ws.faults([{"do": "slow"}, {"do": "garbage"}])
    ws._send("DELETE", f"/control/faults/{first['id']}", None)
    assert [rule["id"] for rule in ws.fault_counts()] == [second["id"]]
    with pytest.raises(NotThere, match="There is no fault rule"):
        ws._send("DELETE", f"/control/faults/{first['id']}", None)
