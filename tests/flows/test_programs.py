"""Programs, by their visible labels: made, set up, said in words of their own, paused and archived."""

import pytest

from tests.flows.conftest import PATIENCE, keyed


@pytest.fixture(scope="module")
def ws(stage_of):
    """Eight people in #coffee; Ana and Ben become @mentors once Sessions is at work."""
    ws = stage_of(8).ws
    ws.change("usergroup", handle="mentors", members=["ana", "ben"])
    return ws


def programs(user):
    """Type /sessions programs; the modal "Programs"."""
    user.slash("/sessions programs", channel="general")
    return user.modal("Programs")


def card(user):
    """Open the card of the only program."""
    programs(user).press("Open")
    return user.modal("Program")


def test_a_program_from_its_creation_to_its_archive(ws):
    """Everything an admin does with a program, and what its members see of it."""
    ana, ben = ws.user("ana"), ws.user("ben")
    create(ws, ana)
    set_up(ana)
    write(ana)
    run_a_session(ws, ana)
    others_keep_out(ws, ben)
    pause_and_archive(ws, ana)


def create(ws, ana):
    """Ana makes a program for #coffee and @mentors; wrong input is refused at its field and kept."""
    programs(ana).press("New program")
    modal = ana.modal("New program")
    ws.wait_until(lambda: modal.options("User groups", "men") == ["@mentors"], PATIENCE)
    modal.fill({"Name": "Tea", "Opt-in messages": "Mixed"})
    assert modal.submit()["errors"] == {
        "Channels": "Choose channels, user groups, people, or everyone in the workspace."
    }
    modal = ana.modal("New program")
    assert modal.values["Name"] == "Tea"
    modal.fill({"Channels": ["coffee"], "User groups": ["mentors"], "Take part automatically": ["ben"]})
    assert modal.submit()["status"] == "ok"
    assert "Mixed: 1 person takes part automatically" in ana.modal("Program").text()
    ws.wait_until(lambda: "#coffee and @mentors (8 people)" in programs(ana).text(), PATIENCE)


def set_up(ana):
    """In [Settings] every choice of the program is at hand, and is seen on the card."""
    card(ana).press("Settings")
    settings = ana.modal("Settings")
    settings.fill({"Name": "Coffee", "Left over": "A smaller group", "Follow-up": "3", "Group size": "3"})
    settings.fill({"Icebreakers": "Tea or coffee?", "At the deadline": "Send as they are"})
    assert settings.submit()["status"] == "ok"
    shown = ana.modal("Program").text()
    assert "Saved." in shown
    assert "A smaller group" in shown
    assert "After 3 days" in shown
    assert "1 question of your own" in shown


def write(ana):
    """In [Message texts] the opt-in message is written anew; a wrong variable is refused with its name."""
    ana.modal("Program").press("Message texts")
    edit = {"action_id": "program.text.open", "block_id": "text.opt_in"}
    ana.act("use", label="Edit", **edit)
    text = ana.modal("Opt-in message").fill({"Text": "Dear {first_name}, {day}?"})
    assert text.submit()["errors"]["Text"].startswith("{day} means nothing here.")
    text = ana.modal("Opt-in message").fill({"Text": "Dear {first_name}, coffee on {match_date}?"})
    text.press("Preview")
    assert "Dear Ana, coffee on " in ana.modal("Opt-in message").text()
    assert ana.modal("Opt-in message").submit()["status"] == "ok"
    assert "edited" in ana.modal("Message texts").text()
    ana.modal("Message texts").close(everything=True)


def run_a_session(ws, ana):
    """The members read the program's own words; whoever was picked takes part without a question."""
    card(ana).press("Schedule a session")
    modal = ana.modal("Schedule a session").fill({"Or at once": ["Send opt-in messages now"]})
    assert modal.values["Program"] == "Coffee"
    modal.fill({"Matching date": "2027-03-05", "Matching time": "10:00", "Repeat": "Every week on same days"})
    assert modal.submit()["status"] == "ok"
    asked = ana.dm().wait_for(label="Join", timeout=PATIENCE)
    assert "Dear Ana, coffee on " in asked.text
    told = ws.user("ben").dm().wait_for(label="Change my answer", timeout=PATIENCE)
    assert "You take part automatically" in told.text
    asked.press("Join")
    ws.wait_until(lambda: len(keyed(ws, "-opt-in")) == 7, PATIENCE)
    assert len(keyed(ws, "-automatic")) == 1


def others_keep_out(ws, ben):
    """Ben is no owner: he reads so, and nothing opens."""
    told = ben.slash("/sessions programs", channel="general")
    assert "Only admins and owners of a program can do this." in " ".join(told["ephemeral"])


def pause_and_archive(ws, ana):
    """[Pause] and [Resume] turn sessions off and on; [Archive] ends them, and those who joined are told."""
    card(ana).press("Pause")
    assert "Paused." in ana.modal("Program").text()
    ana.modal("Program").press("Resume")
    assert "Sessions take place again." in ana.modal("Program").text()
    ana.modal("Program").press("Archive")
    assert "Archived." in ana.modal("Program").text()
    ana.dm().wait_for(text="An organizer cancelled the session you joined", timeout=PATIENCE)
    assert "Archived" in programs(ana).text()
    ana.slash("/sessions schedule", channel="general")
    assert "There is no program yet." in ana.modal("Schedule a session").text()
