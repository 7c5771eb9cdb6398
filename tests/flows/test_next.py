"""The next event: Sessions tells the local workspace what it waits for, and one jump goes there."""

from datetime import UTC, datetime

import pytest

from tests.flows.conftest import PATIENCE, keyed, program


@pytest.fixture(scope="module")
def ws(stage_of):
    """Twelve people, and no session planned."""
    return stage_of(12).ws


def told(ws, *when):
    """Wait until the workspace knows that this instant is next."""
    ws.wait_until(lambda: ws.clock.next() == datetime(*when, tzinfo=UTC).timestamp(), PATIENCE)


def test_a_round_can_be_seen_from_event_to_event(ws):
    """Opt-in, reminder, matching, follow-up: each is told once the one before has come, one jump away."""
    ws.wait_until(lambda: ws.clock.next() is None, PATIENCE)  # the module before may have planned something
    program(ws)
    ana = ws.user("ana")
    modal = ana.modal("Schedule a session").fill({"Opt-in date": "2027-03-03", "Opt-in time": "09:00"})
    modal.fill({"Matching date": "2027-03-10", "Matching time": "10:00", "Time zone": "Paris"}).submit()

    told(ws, 2027, 3, 3, 8)
    assert keyed(ws, "-opt-in") == []
    ws.clock.to_next()
    ws.wait_until(lambda: len(keyed(ws, "-opt-in")) == 12, PATIENCE)

    told(ws, 2027, 3, 10, 9)
    ana.press("Send a reminder", in_=ana.dm().wait_for(text="Session scheduled", timeout=PATIENCE))
    ana.modal("Send a reminder").fill({"Reminder date": "2027-03-06", "Reminder time": "09:00"}).submit()
    told(ws, 2027, 3, 6, 8)
    for handle in ("ana", "ben"):
        ws.user(handle).dm().wait_for(label="Join").press("Join")
    ws.clock.to_next()
    ws.wait_until(lambda: len(keyed(ws, "-reminder-")) == 10, PATIENCE)

    told(ws, 2027, 3, 10, 9)
    ws.clock.to_next()
    ws.wait_until(lambda: keyed(ws, "group-"), PATIENCE)

    week_later = datetime(2027, 3, 17, 9, tzinfo=UTC).timestamp()
    ws.wait_until(lambda: (ws.clock.next() or 0) >= week_later, PATIENCE)
    ws.clock.to_next()
    ws.wait_until(lambda: len(keyed(ws, "-follow-up-")) == 2, PATIENCE)
