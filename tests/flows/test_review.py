"""Review your matches, by the labels people see: 120 people in groups of four, two admins, sent once."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.flows.conftest import PATIENCE, keyed, program

TITLE = "Review your matches"
UNDATED = "In review, no matching date"


@pytest.fixture(scope="module")
def ws(stage_of):
    """A company of 120, and a draft of thirty groups nobody has heard of."""
    ws = stage_of(120).ws
    a_draft(ws, "Coffee")
    return ws


def a_draft(ws, name):
    """Ana schedules a session of a new program, which Ben owns too, to be reviewed before it is sent."""
    program(ws, name, **{"Group size": "4", "Owners": ["ana", "ben"]})
    ana = ws.user("ana")
    assert ana.modal("Schedule a session").choose("Groups", "Review before sending")["status"] == "ok"
    modal = ana.modal("Schedule a session")
    assert {"Opt-in date", "Matching date", "Repeat"} & set(modal.values) == set()
    assert modal.submit()["status"] == "ok"
    ana.dm().wait_for(f"Session scheduled: {name}", PATIENCE, label=TITLE).wait_for(UNDATED, PATIENCE)


def opened(person, name="Coffee"):
    """The draft of a program as somebody opens it from their newest message, once it is made."""
    while person.modals():
        person.modal().close(everything=True)

    def look():
        person.dm().wait_for(name, PATIENCE, label=TITLE).press(TITLE)
        modal = person.modal(TITLE)
        if "Group 1*" in modal.text():
            return modal
        modal.close(everything=True)
        return None

    return person.ws.wait_until(look, PATIENCE)


def groups(modal):
    """The people of each group on the page, by number."""
    found = re.findall(r"Group (\d+)\* · \d+ of 100[^\n]*\n([^\n]+)", modal.text())
    return {int(number): names.split(", ") for number, names in found}


def all_groups(modal):
    """The people of all groups: turns the pages to the end, and back."""
    found = dict(groups(modal))
    while "▶" in modal.labels:
        modal.press("▶")
        found |= groups(modal)
    while "◀" in modal.labels:
        modal.press("◀")
    return found


def lock(modal, number):
    """Press [Lock group] beside one group."""
    told = modal.user.act(
        "use", label="Lock group", block_id=f"group.{number}", action_id="review.group.lock",
        view=modal.facts["id"],
    )  # fmt: skip
    modal.refresh()
    return told


def edit(modal, label, title, form, submit=True):
    """Open the modal of an edit, fill it in, and submit it."""
    modal.press(label)
    top = modal.user.modal(title).fill(form)
    return top.submit() if submit else top


@pytest.fixture
def draft(ws):
    """Ana's view of the draft."""
    return opened(ws.user("ana"))


def test_thirty_groups_stand_on_three_pages(draft):
    """120 people, each once, ten groups to a page, with the numbers on top."""
    assert "30 groups · 120 people" in draft.text()
    assert "0 pairs meet again" in draft.text()
    assert sorted(groups(draft)) == list(range(1, 11))
    assert "Groups 1 to 10 of 30" in draft.text()

    found = all_groups(draft)

    assert sorted(found) == list(range(1, 31))
    assert sum(map(len, found.values())) == 120


def test_two_people_are_swapped_and_the_swap_is_undone(draft):
    """The people are found by typing; the draft shows the swap, and afterwards what it was."""
    before = groups(draft)
    first, second = before[1][0], before[2][0]

    told = edit(draft, "Swap two people", "Swap two people", {"First person": first, "Second person": second})

    assert told["status"] == "ok"
    draft.refresh()
    assert second in groups(draft)[1]
    assert first in groups(draft)[2]
    assert f"Last change: Ana Lima swapped {first} and {second}." in draft.text()
    draft.press("Undo")
    assert groups(draft) == before


def test_a_person_is_offered_with_their_group(draft):
    """The selects find people by name, and say where they are."""
    draft.press("Move")
    move = draft.user.modal("Move")

    assert move.options("Person", "Ben Ok") == ["Ben Okafor"]
    assert move.options("To group", "12")[0] == "Group 12"


def test_somebody_is_moved_removed_and_added(draft):
    """Each edit changes the draft; whoever is in no group is named on top."""
    before = groups(draft)
    who, other = before[3][0], before[3][1]

    assert edit(draft, "Move", "Move", {"Person": who, "To group": "Group 4"})["status"] == "ok"
    draft.refresh()
    assert len(groups(draft)[4]) == 5
    assert edit(draft, "Remove", "Remove", {"Person": other})["status"] == "ok"
    draft.refresh()
    assert f"In no group: {other}" in draft.text()
    assert edit(draft, "Add", "Add", {"Person": other, "To group": "Group 5"})["status"] == "ok"
    draft.refresh()

    assert other in groups(draft)[5]
    assert "In no group" not in draft.text()


def test_a_locked_group_stands_while_the_rest_is_regrouped(draft):
    """Locked groups refuse edits at the field, and regrouping leaves them alone."""
    before = groups(draft)
    lock(draft, 7)

    told = edit(draft, "Move", "Move", {"Person": before[1][0], "To group": "Group 7"})
    assert told["errors"] == {"To group": "Group 7 is locked. Unlock it first."}
    draft.user.modal("Move").close()
    draft.press("Regroup the rest")

    after = groups(draft)
    assert after[7] == before[7]
    assert after[1] != before[1]
    assert "Unlock group" in draft.labels


def test_the_second_of_two_admins_is_told_what_the_first_one_did(ws):
    """Ben's edit counts; Ana's, of what she saw before it, is refused and shown anew."""
    ana, ben = opened(ws.user("ana")), opened(ws.user("ben"))
    names = groups(ana)
    who = names[1][0]
    stale = edit(
        ana, "Swap two people", "Swap two people",
        {"First person": names[2][0], "Second person": names[3][0]}, submit=False,
    )  # fmt: skip
    assert edit(ben, "Move", "Move", {"Person": who, "To group": "Group 4"})["status"] == "ok"

    told = stale.submit()

    sentence = f"Ben Okafor moved {who} to group 4 a moment ago. Look again, then decide."
    assert told["errors"] == {"Second person": sentence}
    stale.close()
    ana.refresh()
    assert sentence in ana.text()
    assert who in groups(ana)[4]
    assert names[2][0] in groups(ana)[2]


def test_what_was_reviewed_is_sent_once_at_the_date(ws):
    """[Save & Exit] keeps the draft; a date is set, changed, and at that moment thirty groups are sent."""
    a_draft(ws, "Lunch")
    draft = opened(ws.user("ana"), "Lunch")
    names = groups(draft)
    form = {"First person": names[1][0], "Second person": names[2][0]}
    assert edit(draft, "Swap two people", "Swap two people", form)["status"] == "ok"
    draft.refresh()
    reviewed = {frozenset(names) for names in all_groups(draft).values()}
    soon = datetime.fromtimestamp(ws.clock.now(), UTC)
    for days in (2, 3):
        draft.press("Update matching date")
        when = {"Matching date": (soon + timedelta(days=days)).date().isoformat(), "Matching time": "10:00"}
        modal = draft.user.modal("Update matching date")
        modal.fill({**when, "Time zone": "Europe/Paris"})
        assert modal.submit()["status"] == "ok"
        draft.refresh()
    assert "none yet" not in draft.text()
    assert draft.submit()["status"] == "ok"
    assert draft.user.modals() == []

    ws.clock.advance_to((soon + timedelta(days=2)).replace(hour=12).isoformat())
    assert keyed(ws, "group-") == []
    ws.clock.advance_to((soon + timedelta(days=3)).replace(hour=12).isoformat())
    ws.wait_until(lambda: len(keyed(ws, "group-")) >= len(reviewed), PATIENCE)

    sent = [frozenset(name for name in one["recipients"] if name) for one in keyed(ws, "group-")]
    assert len(sent) == len(set(sent)) == len(reviewed)
    people = ws.get("/control/see/page", user="ana")["people"]
    names = {person["id"]: person["name"] for person in people}
    assert {frozenset(names.get(one, one) for one in group) for group in sent} == reviewed


def test_opt_in_and_review_go_together(ws):
    """Four are asked, three join; half a day before the date the groups are there, and wait for a word."""
    program(ws, "Tea", Channels=[], People=["ana", "ben", *some(ws, 2)], Owners=["ana", "ben"])
    ana = ws.user("ana")
    modal = ana.modal("Schedule a session").fill({"Groups": "Review before sending"})
    modal.fill({"Opt-in": ["Ask people to opt in first"], "Or at once": ["Send opt-in messages now"]})
    soon = datetime.fromtimestamp(ws.clock.now(), UTC)
    date = soon + timedelta(days=4)
    modal.fill({"Matching date": date.date().isoformat(), "Matching time": "10:00", "Time zone": "Paris"})
    assert modal.submit()["status"] == "ok"
    for name in ("ana", "ben", *some(ws, 1)):
        ws.user(name).dm().wait_for("Tea", PATIENCE, label="Join").press("Join")

    ws.clock.advance_to((date - timedelta(hours=12)).isoformat())
    ready = ana.dm().wait_for("Review your matches: Tea", PATIENCE, label=TITLE)
    assert "nothing is sent" in ready.text
    assert "1 group of 3 people" in ready.text
    ws.clock.advance_to((date + timedelta(hours=12)).isoformat())
    waits = ana.dm().wait_for("nobody has confirmed it, so nothing was sent", PATIENCE, label=TITLE)
    assert UNDATED in waits.text
    before = len(keyed(ws, "group-"))

    waits.press("Update matching date")
    modal = ana.modal("Update matching date")
    later = (date + timedelta(days=2)).date().isoformat()
    modal.fill({"Matching date": later, "Matching time": "10:00"})
    assert modal.submit()["status"] == "ok"
    ws.clock.advance_to((date + timedelta(days=2, hours=12)).isoformat())

    ws.wait_until(lambda: len(keyed(ws, "group-")) == before + 1, PATIENCE)
    waits.wait_for("Matched: 1 group was made.", PATIENCE)


def some(ws, count):
    """Handles of so many people who are neither Ana nor Ben."""
    people = [one["handle"] for one in ws.get("/control/see/page", user="ana")["people"] if not one["bot"]]
    return [handle for handle in people if handle not in ("ana", "ben")][:count]
