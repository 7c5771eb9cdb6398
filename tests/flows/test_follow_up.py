"""After the matching, by the labels people see: did you meet, what came of it, and files."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now

WEEK = timedelta(days=7).total_seconds()


@pytest.fixture(scope="module")
def ws(stage_of):
    """A company of four, of whom everybody joined, brought together in pairs."""
    ws = stage_of(4).ws
    program(ws)
    tomorrow = datetime.fromtimestamp(ws.clock.now(), UTC) + timedelta(days=1)
    schedule_now(ws, tomorrow.date().isoformat())
    for message in ws.wait_until(lambda: all_asked(ws), PATIENCE):
        reader = ws.user(message["recipients"][0])
        reader.dm().wait_for(label="Join", timeout=PATIENCE).press("Join")
        reader.dm().wait_for(text="You're in", timeout=PATIENCE)
    ws.clock.advance_to(tomorrow.replace(hour=12))
    ws.wait_until(lambda: all(ws.user(name).group_dms() for name in ("ana", "ben")), PATIENCE)
    return ws


def all_asked(ws):
    """The questions, once all four are out."""
    found = keyed(ws, "-opt-in")
    return found if len(found) == 4 else None


def group_message(person):
    """The message of somebody's group."""
    return person.group_dms()[0].wait_for(text="Meet your group", timeout=PATIENCE)


def test_did_you_meet(ws):
    """From the group's message to the follow-up, to the end of the session, and to the summary."""
    ana, ben = ws.user("ana"), ws.user("ben")
    told = group_message(ben)
    assert {"We met", "Not yet"} <= set(told.labels)

    told.press("Not yet")
    told.wait_for("Ben Okafor says: not yet.", PATIENCE)
    told.press("We met")
    told.wait_for("Ben Okafor says you met.", PATIENCE)
    assert {"We met", "Not yet"} <= set(told.again().labels)

    ws.clock.advance(WEEK)
    asked = ana.dm().wait_for(text="Did you meet?", label="We did not meet", timeout=PATIENCE)
    asked.press("We did not meet")
    asked.wait_for("Noted: you did not meet", PATIENCE)
    assert not ben.dm().text_has("Did you meet?")

    ws.clock.advance(WEEK)
    summary = ana.dm().wait_for(text="the groups are made", timeout=PATIENCE)
    summary.wait_for("Did they meet?", PATIENCE)


def test_what_came_of_it(ws):
    """[Statistics] and [Delivery] stand under the summary; the numbers come as a message with a chart."""
    ana = ws.user("ana")
    summary = ana.dm().wait_for(text="the groups are made", label="Statistics", timeout=PATIENCE)

    summary.press("Statistics")
    modal = ana.modal("Statistics")
    assert "100 %" in modal.text()
    modal.press("Send to me")
    ana.dm().wait_for(text="Statistics: Coffee", timeout=PATIENCE)
    ana.modal("Statistics").close(everything=True)

    summary.press("Delivery")
    modal = ana.modal("Delivery")
    assert "Ben Okafor" in modal.text()
    assert "Nobody can see who has read a message" in modal.text()
    modal.close(everything=True)


def test_a_file_comes_to_the_organizer(ws):
    """/sessions export answers at once; the file comes by direct message, and to nobody else."""
    ana = ws.user("ana")
    assert "What would you like" in " ".join(ana.slash("/sessions export")["ephemeral"])
    assert "Did you mean “answers”?" in " ".join(ana.slash("/sessions export anwsers")["ephemeral"])

    said = ana.slash("/sessions export answers coffee")
    assert "comes to you in direct messages" in " ".join(said["ephemeral"])

    file = ws.wait_until(lambda: next(iter(ana.files()), None), PATIENCE)
    assert file["name"] == "sessions-answers.csv"
    assert ws.user("ben").files() == []
    assert "Only admins" in " ".join(ws.user("ben").slash("/sessions export answers")["ephemeral"])
