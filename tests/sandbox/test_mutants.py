"""Twelve small wrong bots. Each makes a mistake that is easy to make, and each is caught by name."""

import contextlib
import threading

import pytest
from flask import request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


@pytest.fixture
def command(bot, ws):
    """Run a listener for /sessions typed by ana; gives the Web API errors it met."""

    def run(work):
        errors = []

        @bot.command("/sessions")
        def listener(ack, client, body):
            try:
                work(client, body)
            except SlackApiError as refused:
                errors.append(refused.response["error"])
            ack()

        ws.user("ana").slash("/sessions", channel="general")
        return errors

    return run


def test_1_reuses_a_trigger(command, kit):
    """Opening two views with one trigger is answered exchanged_trigger_id."""

    def twice(client, body):
        for _ in range(2):
            client.views_open(trigger_id=body["trigger_id"], view=kit.modal("M", kit.section("x")))

    assert command(twice) == ["exchanged_trigger_id"]


def test_2_ignores_429(command, ids, ws, tolerated):
    """Calls before Retry-After is over are counted as early."""
    tolerated.add("early")

    def hammers(client, body):
        for _ in range(9):
            with contextlib.suppress(SlackApiError):
                client.chat_postMessage(channel=ids.general, text="x")

    command(hammers)
    assert ws.settings()["early_calls"] >= 1


def test_3_keeps_the_default_retries(ws, ids):
    """A client that retries a lost answer by itself posts the message twice."""
    careless = WebClient(ws.facts["bot_token"], base_url=ws.facts["api"])
    ws.faults([{"match": {"method": "chat.postMessage"}, "times": 1, "do": "drop_after"}])
    meta = {"event_type": "outbox", "event_payload": {"id": "1"}}
    careless.chat_postMessage(channel=ids.general, text="x", metadata=meta)
    ids_sent = [m["metadata"]["event_payload"]["id"] for m in ws.messages_sent()]
    assert ids_sent == ["1", "1"]


def test_4_posts_51_blocks(command, ids):
    """One block too many is answered invalid_blocks."""
    blocks = [{"type": "divider"}] * 51
    assert command(
        lambda client, body: client.chat_postMessage(channel=ids.general, text="x", blocks=blocks)
    ) == ["invalid_blocks"]


def test_5_opens_nine_people(command, ids):
    """A group DM holds eight and the bot."""
    names = ["ana", "ben", "cy", "dee", "eli", "fay", "gus", "hal", "ivy"]
    nine = [getattr(ids, name) for name in names]
    assert command(lambda client, body: client.conversations_open(users=nine)) == ["too_many_users"]


def test_6_trusts_an_id_prefix(api, ids, ws):
    """A bot that takes every G for a group DM and every C for a channel errs in both ways."""
    ws.settings(rates="off")
    others = [ids.cy, ids.dee, ids.eli, ids.fay, ids.gus, ids.hal]
    opened = [api.conversations_open(users=[ids.ana, x])["channel"]["id"] for x in others]
    believed = {conv: conv.startswith("G") for conv in [*opened, ids.inner]}
    truth = {conv: api.conversations_info(channel=conv)["channel"]["is_mpim"] for conv in believed}
    assert {conv for conv in opened if not believed[conv]}
    assert believed != truth


def test_7_acknowledges_late(bot, ws):
    """An ack after the time is an error for the person, though the listener ran."""
    ws.settings(ack_seconds=0.1)
    release, ran = threading.Event(), threading.Event()

    @bot.command("/sessions")
    def slow(ack):
        release.wait(5)
        ack()
        ran.set()

    told = ws.user("ana").slash("/sessions")
    release.set()
    assert told["error"] == "operation_timeout"
    assert ran.wait(5)


def test_8_forgets_the_submit_button(command, kit):
    """A modal with an input and no submit is answered invalid_arguments."""
    view = kit.modal("M", kit.input("Name", "plain_text_input"), submit=None)
    assert command(lambda client, body: client.views_open(trigger_id=body["trigger_id"], view=view)) == [
        "invalid_arguments"
    ]


def test_9_draws_a_chart_in_the_home_tab(command, kit):
    """A data_visualization block is for messages only."""
    chart = {
        "type": "data_visualization",
        "title": "Answers",
        "chart": {"type": "pie", "segments": [{"label": "Yes", "value": 3}]},
    }
    assert command(
        lambda client, body: client.views_publish(user_id=body["user_id"], view=kit.home(chart))
    ) == ["invalid_arguments"]


def test_10_reads_a_date_that_is_missing(bot, ws, kit, tolerated):
    """In sparse state an empty optional input is not there, and indexing it fails."""
    tolerated.add("bad_ack")
    ws.settings(sparse_state=True)
    view = kit.modal("M", kit.input("Day", "datepicker", optional=True), callback_id="m")
    bot.command("/sessions")(
        lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=view) and ack()
    )

    @bot.view("m")
    def naive(ack, view):
        ack(text=view["state"]["values"]["Day"]["value"]["selected_date"])

    ws.user("ana").slash("/sessions")
    assert ws.user("ana").modal().submit()["status"] == "trouble"
    assert ws.journal(kinds=["bad_ack"])[0]["title"] == "M"


def test_11_reads_the_first_page_only(api, ws):
    """A listing has more people than its first page, however large the limit looks."""
    first = api.users_list(limit=10)
    assert len(first["members"]) == 10
    everybody = set(ws.ids()["people"]) - {"hid"}
    assert {m["name"] for m in first["members"]} != everybody
    assert first["response_metadata"]["next_cursor"]


def test_12_checks_no_signature(ws, api, door):
    """A delivery with a wrong signature is refused by a careful bot and taken by a careless one."""
    for careful, status in ((True, 401), (False, 200)):
        app = App(
            signing_secret=ws.facts["signing_secret"],
            client=api,
            process_before_response=True,
            request_verification_enabled=careful,
        )
        app.command("/sessions")(lambda ack: ack())
        handler = SlackRequestHandler(app)
        door.handle = lambda handler=handler: handler.handle(request)
        assert ws.user("ana").slash("/sessions")["status"] == "ok"
        assert ws.again(tamper="signature")[0]["http"] == status
