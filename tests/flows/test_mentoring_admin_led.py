"""An organizer matches: lines 15 to 29 of docs/mentoring.md, by their labels."""

import pytest

from tests.flows.conftest import PATIENCE, keyed
from tests.flows.mentoring_page import LEAD, a_program, add, others, page_of, press_in_row, turn, turned_on


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace; every test makes a program of its own, with people of its own."""
    return stage_of(40).ws


@pytest.fixture(scope="module")
def someone(ws):
    """People who take part in nothing yet, one after the other."""
    return iter(others(ws))


def lead(ws, name, someone, *, mentees=1, mentors=1, **form):
    """An admin-led program with matching on: its page, its mentees and its mentors."""
    a_program(ws, name, **{**LEAD, **form})
    asking, asked = [next(someone) for _ in range(mentees)], [next(someone) for _ in range(mentors)]
    add(ws, name, "Mentee", *asking)
    add(ws, name, "Mentor", *asked)
    return turned_on(ws, name), asking, asked


def name_of(ws, handle):
    """What somebody is called."""
    return next(iter(ws.snapshot().values()))["people"][handle]["name"]


def profile_of(ws, ana, home, mentee, mentor):
    """Open [Match with Mentor] in a row, and a mentor's profile in it."""
    press_in_row(home, "Match with Mentor", mentee)
    picker = ana.modal("Match with Mentor")
    line = next(one for one in picker.facts["blocks"] if f"*{name_of(ws, mentor)}*" in str(one.get("text")))
    ana.act("use", label="View Profile", block_id=line["block_id"], action_id=line["accessory"]["action_id"])
    return ana.modal("Mentor Profile")


def staged(ws, ana, name, *pairs):
    """Stage these pairs from the table; the tab [Staged by Admin]."""
    for mentee, mentor in pairs:
        home = turn(page_of(ana, name), "Unmatched Mentees", "Run Auto-Matching")
        profile_of(ws, ana, home, mentee, mentor).press("Assign to Staged Matches")
        ana.modal().close(everything=True)
    return turn(page_of(ana, name), "Staged by Admin", "Discard")


def test_a_mentee_is_matched_from_the_table(ws, ana, someone):
    """Row, list of mentors, profile, staged: nobody is told, and the tab shows it with who staged it."""
    home, [mentee], [mentor, _] = lead(ws, "Table", someone, mentors=2)
    sent = len(keyed(ws, "mentoring-"))

    press_in_row(home, "Match with Mentor", mentee)
    picker = ana.modal("Match with Mentor")
    assert picker.text_has("1 of 1 place left") or picker.text_has("1 of 1 places left")
    assert "Find a mentor" in picker.labels
    ana.modal().close(everything=True)
    profile = profile_of(ws, ana, page_of(ana, "Table"), mentee, mentor)
    assert {"Assign to Staged Matches", "Assign to Active Matches"} <= set(profile.labels)
    profile.press("Assign to Staged Matches")
    assert ana.modal().wait_for("Staged. Nobody was told.", PATIENCE)
    ana.modal().close(everything=True)

    home = turn(page_of(ana, "Table"), "Staged by Admin", "Approve")
    assert "Discard" in home.labels
    assert home.text_has("Staged by @Ana Lima")
    assert ws.quiet()
    assert len(keyed(ws, "mentoring-")) == sent


def test_an_active_match_tells_both(ws, ana, someone):
    """The dialog says that two people will be told now; each gets the message, and both get a group."""
    home, [mentee], [mentor] = lead(ws, "Active", someone)
    profile = profile_of(ws, ana, home, mentee, mentor)

    asked = profile.press("Assign to Active Matches", confirm=False)["confirm"]
    assert "2 people will be told now." in asked["text"]["text"]
    profile.press("Assign to Active Matches")

    for one in (mentee, mentor):
        message = ws.user(one).dm().wait_for("Mentorship assignment", PATIENCE)
        assert "Active" in message.text
        assert {"Propose a Time", "Log a Session"} <= set(message.labels)
    [together] = ws.wait_until(ws.user(mentee).group_dms, PATIENCE)
    together.wait_for("Mentorship assignment", PATIENCE)
    ana.modal().close(everything=True)
    home = page_of(ana, "Active")
    home.press("Active Matches")
    assert home.wait_for(f"@{name_of(ws, mentee)}", PATIENCE)


def test_staged_matches_are_approved_and_discarded(ws, ana, someone):
    """A dialog asks before anybody is told; what is approved is active, what is discarded is gone."""
    _, [one, two], [first, second] = lead(ws, "Decided", someone, mentees=2, mentors=2)
    home = staged(ws, ana, "Decided", (one, first), (two, second))

    asked = press_in_row(home, "Approve", one, first, confirm=False)["confirm"]
    assert asked["title"]["text"] == "Approve match?"
    assert asked["text"]["text"] == f"@{name_of(ws, one)} and @{name_of(ws, first)} will be told now."
    assert (asked["confirm"]["text"], asked["deny"]["text"]) == ("Approve", "Cancel")
    press_in_row(home, "Approve", one, first)
    assert home.wait_for("Approved 1 match.", PATIENCE)
    ws.user(one).dm().wait_for("Mentorship assignment", PATIENCE)
    press_in_row(home, "Discard", two, second)

    assert home.wait_for("Staged by Admin *0* · Active Matches *1*", PATIENCE)
    home.press("Active Matches")
    assert home.wait_for(f"@{name_of(ws, one)}", PATIENCE)
    assert not ws.user(two).dm().messages()


def test_all_staged_matches_are_approved_or_discarded(ws, ana, someone):
    """The buttons above the list act on all staged rows."""
    _, asking, asked_for = lead(ws, "Both", someone, mentees=3, mentors=3)
    home = staged(ws, ana, "Both", *list(zip(asking, asked_for, strict=True))[:2])

    asked = home.press("Approve All", confirm=False)["confirm"]
    assert asked["text"]["text"] == "Approve 2 matches? 4 people will be told now."
    home.press("Approve All")

    assert home.wait_for("Approved 2 matches.", PATIENCE)
    assert home.wait_for("Staged by Admin *0* · Active Matches *2*", PATIENCE)
    home = staged(ws, ana, "Both", (asking[2], asked_for[2]))
    home.press("Discard All")
    assert home.wait_for("Staged by Admin *0*", PATIENCE)
    assert not ws.user(asking[2]).dm().messages()


def test_auto_matching_stages(ws, ana, someone):
    """It stages the best matches by the rules; nothing is live before it is approved: a banner says so."""
    home, asking, _ = lead(ws, "Auto", someone, mentees=2, mentors=2)
    home.press("Matching Rules")
    rules = ana.modal("Matching Rules")
    assert len(rules.values) >= 6
    rules.fill({next(one for one in rules.values if "inimum" in one): "0"})
    assert rules.submit()["status"] == "ok"
    sent = len(keyed(ws, "mentoring-"))
    home = page_of(ana, "Auto")
    for tab in ("Available Mentees", "Available Mentors", "Unmatched Mentees"):
        turn(home, tab, "Run Auto-Matching")

    home.press("Run Auto-Matching")
    run = ana.modal("Run Auto-Matching")
    assert run.text_has("This stages the best matches by your matching rules. Nothing goes live.")
    assert run.facts["submit"] == "Send to admin approval"
    assert run.submit()["status"] == "ok"
    ana.modal().wait_for("2", PATIENCE)
    ws.wait_until(lambda: page_of(ana, "Auto").text_has("Staged by Admin *2*") or None, PATIENCE)
    ana.modal().close(everything=True)

    home = page_of(ana, "Auto")
    turn(home, "Active Matches", "Review Staged Matches")
    assert home.text_has("2 staged matches wait for approval.")
    turn(home, "Review Staged Matches", "Approve All")
    assert ws.quiet()
    assert len(keyed(ws, "mentoring-")) == sent
    home.press("Approve All")
    for one in asking:
        ws.user(one).dm().wait_for("Mentorship assignment", PATIENCE)


def test_staged_matches_are_exported(ws, ana, someone):
    """[Export] sends the staged matches as a file to the organizer alone."""
    _, [mentee], [mentor] = lead(ws, "Signed", someone)
    home = staged(ws, ana, "Signed", (mentee, mentor))

    home.press("Export")

    def arrived():
        return [one["name"] for one in ana.files() if one["name"].startswith("sessions-staged")]

    assert "sessions-staged.csv" in ws.wait_until(arrived, PATIENCE)
    assert ws.user(mentor).files() == []
