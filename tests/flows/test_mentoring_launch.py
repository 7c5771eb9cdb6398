"""Launching a mentoring program: the first fourteen lines of docs/mentoring.md, by their labels."""

import pytest

from tests.flows.conftest import PATIENCE, keyed
from tests.flows.mentoring_page import (
    ALONE,
    APPROVAL,
    LEAD,
    a_program,
    add,
    others,
    page_of,
    turn,
    turned_on,
)

TABS = [
    "Unmatched Mentees",
    "Available Mentees",
    "Available Mentors",
    "Requests",
    "Staged by Admin",
    "Active Matches",
    "Ended",
]


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace; every test makes a program of its own, with people of its own."""
    return stage_of(16).ws


@pytest.fixture(scope="module")
def someone(ws):
    """People who take part in nothing yet, one after the other."""
    return iter(others(ws))


def step(home, label):
    """The two buttons' row of a launch step, and what is said of it."""
    blocks = home.facts["blocks"]
    at = next(n for n, one in enumerate(blocks) if f"*{label}*" in str(one.get("text")))
    return blocks[at]["text"]["text"], blocks[at + 1]["block_id"]


def becomes(home, label, text):
    """The step once it says *text*: an older drawing of the page may still be on its way."""
    home.user.ws.wait_until(lambda: text in step(home.refresh(), label)[0], PATIENCE)
    return step(home, label)


def use(home, label, block_id, action_id):
    """Press one of several buttons that read the same."""
    home.user.act("use", label=label, block_id=block_id, action_id=action_id, home=True)
    home.refresh()


def test_the_command_opens_the_page_in_home(ws, ana):
    """It answers with a link and publishes the page; a member has nothing to open there."""
    a_program(ws, "Entry")

    told = ana.slash("/sessions mentoring Entry", channel="general")

    assert "Mentoring is open in the Home tab." in str(told)
    ana.home(open_=False).wait_for("Entry: Matching page", PATIENCE)


def test_two_final_steps_are_checked_off(ws, ana):
    """Both stand under "Final steps" until somebody marks them as done, which can be taken back."""
    home = a_program(ws, "Steps")
    assert home.text_has("Final steps")
    for label in ("Check Your Integrations", "Contact Support"):
        said, row = step(home, label)
        assert "To do" in said

        use(home, "Mark as Done", row, "mentoring.step.done")

        said, row = becomes(home, label, "Done by <@")
        assert "1 March 2027" in said
    use(home, "Mark as Not Done", row, "mentoring.step.open")
    becomes(home, "Contact Support", "To do")


def test_integrations_are_really_checked(ws, ana):
    """[Check now] looks at scopes, worker and e-mail; [How to] says what to do where one is not right."""
    home = a_program(ws, "Checked")

    home.press("Check now")

    said, _ = step(home.wait_for("Scopes", PATIENCE), "Check Your Integrations")
    assert "OK" in said
    assert "mail" in said.lower()
    home.press("How to")
    assert ana.modal("How to").text()


def test_support_is_messaged(ws, ana):
    """[Message Support] reaches the support contact of the program, here a person."""
    ben = ws.user("ben")
    home = a_program(ws, "Supported")
    home.press("Settings")
    modal = ana.modal("Settings")
    modal.fill({"Support contact": "ben"})
    assert modal.submit()["status"] == "ok"
    home = page_of(ana, "Supported")
    _, row = step(home, "Contact Support")

    use(home, "Message Support", row, "mentoring.support.open")
    modal = ana.modal("Message Support")
    modal.fill({next(iter(modal.values)): "Which weights would you choose?"})
    assert modal.submit()["status"] == "ok"

    ben.dm().wait_for("Which weights would you choose?", PATIENCE)


def test_turning_matching_on_sends_nothing(ws, ana, someone):
    """The dialog names open steps, which block nothing, and says that nobody is messaged: nobody is."""
    home = a_program(ws, "Turned")
    add(ws, "Turned", "Mentee", next(someone))
    add(ws, "Turned", "Mentor", next(someone))
    home = page_of(ana, "Turned")

    asked = home.press("Turn on Matching", confirm=False)["confirm"]
    told = asked["text"]["text"]
    assert "Check Your Integrations and Contact Support" in told
    assert "No messages are sent now. You invite people in the next step." in told
    assert (asked["confirm"]["text"], asked["deny"]["text"]) == ("Turn on", "Cancel")
    assert home.refresh().text_has("Matching is off")
    turned_on(ws, "Turned")

    assert ws.quiet()
    assert [one for one in keyed(ws, "mentoring-") if "support" not in one["key"]] == []


def test_people_begin_once_matching_is_on_and_stop_when_it_is_off(ws, ana, someone):
    """Mentees can choose while it is on; turned off from the same place, requests are frozen silently."""
    a_program(ws, "Paused", **APPROVAL)
    mentee, mentor = next(someone), next(someone)
    add(ws, "Paused", "Mentee", mentee)
    add(ws, "Paused", "Mentor", mentor)
    asker = ws.user(mentee)
    assert "Choose Mentors" not in asker.home().labels
    home = turned_on(ws, "Paused")
    assert "Choose Mentors" in asker.home().labels

    asked = home.press("Turn off Matching", confirm=False)["confirm"]
    assert asked["text"]["text"] == "Requests are frozen, nobody is told."
    home.press("Turn off Matching")

    assert home.wait_for("Matching is off", PATIENCE)
    assert "Turn on Matching" in home.labels


def test_the_funnel_has_seven_tabs(ws, ana):
    """Each is a button; the counts stand in the line below them."""
    home = a_program(ws, "Funnel", **LEAD)
    add(ws, "Funnel", "Mentee", others(ws)[0])
    home = page_of(ana, "Funnel")

    assert home.text_has("Matching Funnel")
    assert [label for label in home.labels if label in TABS] == TABS
    assert home.text_has("Unmatched Mentees *1* · Available Mentees *1* · Available Mentors *0*")
    for tab in TABS:
        turn(home, tab, "Export")


def test_the_process_decides_the_steps(ws, ana):
    """Admin-led matches from the row; user-led invites; an evergreen program knows user-led only."""
    for name, form in (("Lead", LEAD), ("Approved", APPROVAL), ("Alone", ALONE)):
        a_program(ws, name, **form)
        add(ws, name, "Mentee", others(ws)[0])
        labels = page_of(ana, name).labels
        assert ("Match with Mentor" in labels) is (name == "Lead")
        assert ("Invite to Match" in labels) is (name != "Lead")
        assert ("Invite all Mentees" in labels) is (name != "Lead")
    home = page_of(ana, "Alone")
    turn(home, "Mentoring programs", "New Mentoring Program").press("New Mentoring Program")
    modal = ana.modal("New Mentoring Program")
    modal.fill({"Name": "Evergreen", "Program Type": "Evergreen", "Matching Process": "Admin-led"})

    assert modal.submit()["status"] == "errors"

    assert "user-led" in str(modal.errors)
    assert modal.values["Name"] == "Evergreen"


def test_pairing_is_another_word(ws, ana):
    """The setting renames what it names, and nothing else."""
    home = a_program(ws, "Words", **LEAD)
    add(ws, "Words", "Mentee", others(ws)[0])
    home = page_of(ana, "Words")
    home.press("Settings")
    modal = ana.modal("Settings")
    modal.fill({"Wording": "Pairing"})
    assert modal.submit()["status"] == "ok"

    home = page_of(ana, "Words")

    assert home.text_has("Words: Pairing page")
    assert {"Turn on Pairing", "Unpaired Mentees", "Active Pairings", "Run Auto-Pairing"} <= set(home.labels)
    assert {"Pair with Mentor", "Pairing Rules", "Staged by Admin"} <= set(home.labels)
