"""A whole round, counted on the workspace's side, over both ways Slack can reach us; the larger with 500."""

from collections import Counter

import psycopg
import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now


@pytest.fixture(params=[500, 100], ids=["http-sqlite", "socket-postgresql"])
def people(request):
    """How many there are."""
    return request.param


@pytest.fixture
def ws(people, request, stage_of):
    """A workspace of 500, reached over HTTP with SQLite, or a smaller in Socket Mode with PostgreSQL."""
    if people == 500:
        return stage_of(people).ws
    server = request.getfixturevalue("postgresql_server")
    with psycopg.connect(server.get_uri(), autocommit=True) as owner:
        owner.execute("CREATE DATABASE whole_round")
    return stage_of(people, socket_mode=True, database_url=server.get_uri("whole_round")).ws


def test_everyone_is_asked_once_and_every_joiner_is_in_one_group(ws, people):
    """All are asked once, three fifths join, one declines, and each joiner gets exactly one group message."""
    joined, declined = people * 3 // 5, people // 5
    program(ws)
    schedule_now(ws, "2027-03-08")
    asked = ws.wait_until(lambda: _all_of(ws, "-opt-in", people), PATIENCE)
    order = sorted(asked, key=lambda message: message["recipients"])
    joiners = {message["recipients"][0] for message in order[:joined]}
    told = ws.press_many(
        [_press(message, "Join") for message in order[:joined]]
        + [_press(message, "Decline") for message in order[joined : joined + declined]],
        connections=16,
    )
    assert Counter(one["http"] for one in told) == {200: joined + declined}

    ws.clock.advance_to("2027-03-08T09:00:00Z")
    ws.user("ana").dm().wait_for(text="People in groups", timeout=PATIENCE)

    # one that could not be sent at once may come after the summary
    ws.wait_until(lambda: _in_groups(ws) >= joiners, PATIENCE)
    groups = keyed(ws, "group-")
    assert Counter(user for group in groups for user in group["recipients"]) == Counter(joiners)
    assert {len(group["recipients"]) for group in groups} == {2}
    assert set(Counter(message["key"] for message in keyed(ws, "")).values()) == {1}
    summary = ws.user("ana").dm().wait_for(text="People in groups").text.replace("\n", " ")
    counts = {"Asked": people, "Joined": joined, "Declined": declined, "No answer": declined}
    for label, count in {**counts, "Groups": joined // 2}.items():
        assert f"*{label}* {count}" in summary


def _all_of(ws, part, count):
    found = keyed(ws, part)
    assert len(found) <= count
    return found if len(found) == count else None


def _in_groups(ws):
    """Everybody who got a group message so far."""
    return {user for group in keyed(ws, "group-") for user in group["recipients"]}


def _press(message, label):
    return {
        "user": message["recipients"][0],
        "channel": message["channel"],
        "ts": message["ts"],
        "label": label,
    }
