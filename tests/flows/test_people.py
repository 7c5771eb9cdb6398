"""Who takes part while a session is open: people who come, go, and were never asked."""

import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now


@pytest.fixture(scope="module")
def ws(stage_of):
    """A workspace with an open session that nobody has answered."""
    ws = stage_of(8).ws
    program(ws)
    schedule_now(ws, "2027-03-08", repeat="Every 2 weeks on same days")
    ws.wait_until(lambda: len(keyed(ws, "-opt-in")) == 8, PATIENCE)
    return ws


def test_whoever_joins_the_channel_meanwhile_is_asked_too(ws):
    """A new member of #coffee gets the question within moments, once."""
    dora = ws.people_add("dora", name="Dora Novak", tz="Europe/Prague")

    dora.join("coffee")

    dora.dm().wait_for(label="Join", timeout=PATIENCE)
    assert sum(dora.name in message["recipients"] for message in keyed(ws, "-opt-in")) == 1


def test_only_the_person_asked_may_answer(ws):
    """Somebody else's press of the same button changes nothing and is told why."""
    ben, eve = ws.user("ben"), ws.people_add("eve", name="Eve Stone", tz="Europe/London")
    question = ben.dm().wait_for(label="Join", timeout=PATIENCE)
    value = next(
        element["value"]
        for block in question.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == "coffee.invitation.join"
    )
    eve.join("coffee")
    hers = eve.dm().wait_for(label="Join", timeout=PATIENCE)
    forged = [
        {**block, "elements": [{**e, "value": value} if "value" in e else e for e in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in hers.blocks
    ]

    told = eve.act("press", label="Join", channel=hers.channel, ts=hers.ts, blocks=forged)

    assert told["ephemeral"] == ["This question was sent to somebody else, so only they can answer it."]
    assert question.again().labels == ["Join", "Decline"]
