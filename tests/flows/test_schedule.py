"""Scheduling by the labels people see: the modal, its refusals, the confirmation and its buttons."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now

SERIAL = count(1)


@pytest.fixture(scope="module")
def beginning(stage_of):
    """One workspace for the module: it, what its first modal offered, and which program that went on with."""
    ws = stage_of(12).ws
    ana = ws.user("ana")
    ana.slash("/sessions schedule", channel="general")
    offered = ana.modal("Schedule a session").labels
    program(ws)
    return ws, offered, ana.modal("Schedule a session").values["Program"]


@pytest.fixture(scope="module")
def ws(beginning):
    """Every test makes a program of its own."""
    return beginning[0]


def day(ws, days):
    """A date so many days after the workspace's today."""
    return (datetime.fromtimestamp(ws.clock.now(), UTC) + timedelta(days=days)).date().isoformat()


def fresh(ws, **form):
    """A new program, with the modal open on it; its name."""
    name = f"Coffee {next(SERIAL)}"
    program(ws, name, **form)
    return name


def test_an_empty_workspace_starts_with_a_new_program(beginning):
    """Without a program the modal offers one, and goes on with it once it is made."""
    _, offered, chosen = beginning

    assert offered == ["New program"]
    assert chosen == "Coffee"


def test_the_shortcut_opens_the_modal(ws, ana):
    """The global shortcut "Schedule a session" does what the command does."""
    ana.shortcut("Schedule a session")

    assert ana.modal("Schedule a session")


def test_members_cannot_schedule(ws):
    """A member who types the command is told who can, and gets no modal."""
    ben = ws.user("ben")

    told = ben.slash("/sessions schedule", channel="general")

    assert told["ephemeral"] == ["Only admins and owners of a program can do this. Ask one of them."]
    assert ben.modals() == []


def test_an_unknown_word_gets_the_help_and_the_closest_match(ws, ana):
    """`/sessions shedule` is answered with a guess, never with silence."""
    (told,) = ana.slash("/sessions shedule", channel="general")["ephemeral"]

    assert "Did you mean `/sessions schedule`?" in told


def test_an_audience_of_one_is_refused(ws, ana):
    """A program whose channel has one person cannot be scheduled, and the sentence names the channel."""
    fresh(ws, Channels=["lonely"])
    modal = ana.modal("Schedule a session")
    ws.wait_until(lambda: "1 person" in modal.text() or _again(modal), PATIENCE)

    assert modal.submit()["errors"] == {"Program": "Nobody to match: #lonely has 1 person."}


def _again(modal):
    """Choose once more, so that the modal is drawn with what is known by now."""
    modal.choose("Program", modal.values["Program"])
    return False


def test_zones_are_found_by_typing(ws, ana):
    """ "par" offers Europe/Paris, and "new y" America/New_York."""
    fresh(ws)
    modal = ana.modal("Schedule a session")

    assert "Europe/Paris" in modal.options("Time zone", "par")
    assert modal.options("Time zone", "new y")[0] == "America/New_York"


@pytest.mark.parametrize(
    ("repeat", "lines"),
    [
        ("One time only", 1),
        ("Every week on same days", 6),
        ("Every 2 weeks on same days", 6),
        ("Every 3 weeks on same days", 6),
        ("Every 4 weeks on same days", 6),
    ],
)
def test_the_confirmation_shows_the_next_dates(ws, ana, repeat, lines):
    """Each of the five repeats is confirmed with its next six dates, or its only one."""
    name = fresh(ws)
    modal = ana.modal("Schedule a session").fill({"Repeat": repeat})
    assert modal.submit()["status"] == "ok"

    told = ana.dm().wait_for(text=f"Session scheduled: {name}", timeout=PATIENCE)

    assert repeat in told.text
    assert sum("→ groups" in line for line in told.text.splitlines()) == lines
    assert told.labels == ["Edit", "Send a reminder", "Cancel session"]


def test_another_session_in_the_same_days_is_saved_after_a_warning(ws, ana):
    """The modal says so and offers [Save anyway]."""
    name = fresh(ws)
    ana.modal("Schedule a session").submit()
    ana.dm().wait_for(text=f"Session scheduled: {name}", timeout=PATIENCE)
    ana.slash(f"/sessions schedule {name}", channel="general")
    modal = ana.modal("Schedule a session")

    modal.submit()

    assert "open in the same days" in ana.modal("Schedule a session").text()
    assert ana.modal("Schedule a session").facts["submit"] == "Save anyway"
    assert ana.modal("Schedule a session").submit()["closed"]


def test_edit_moves_what_is_planned(ws, ana):
    """[Edit] opens the modal on the next dates; saving confirms the new ones."""
    name = fresh(ws)
    ana.modal("Schedule a session").fill({"Repeat": "Every 2 weeks on same days"}).submit()
    told = ana.dm().wait_for(text=f"Session scheduled: {name}", timeout=PATIENCE)

    told.press("Edit")
    ana.modal("Schedule a session").fill({"Matching time": "17:45"}).submit()

    changed = ana.dm().wait_for(text=f"Session changed: {name}", timeout=PATIENCE)
    assert changed.text.count("5:45 PM") == 6


def test_cancelling_tells_those_who_were_asked(ws, ana):
    """The question is redrawn for everybody, and those who joined get one message."""
    name = fresh(ws)
    told = schedule_now(ws, day(ws, 8))
    ben = ws.user("ben")
    ben.dm().wait_for(text=name, label="Join", timeout=PATIENCE).press("Join")
    ben.dm().wait_for(text="You're in", timeout=PATIENCE)

    told.press("Cancel session")

    assert told.wait_for(f"Session cancelled: {name}", timeout=PATIENCE)
    ben.dm().wait_for(text=f"{name} was cancelled", timeout=PATIENCE)
    cy = next(m for m in keyed(ws, "-opt-in") if ben.name not in m["recipients"])
    reader = ws.user(cy["recipients"][0])
    reader.dm().wait_for(text="This session was cancelled.", timeout=PATIENCE)


def test_a_wall_time_that_does_not_exist_is_saved_and_explained(ws, ana):
    """02:30 on the night of the change is sent at 03:30, and the confirmation says so."""
    name = fresh(ws)
    modal = ana.modal("Schedule a session").fill(
        {"Matching date": "2028-03-26", "Matching time": "02:30", "Time zone": "Europe/Paris"}
    )
    modal.submit()

    told = ana.dm().wait_for(text=f"Session scheduled: {name}", timeout=PATIENCE)

    assert "02:30 does not exist on 26 March; it will be sent at 03:30." in told.text
