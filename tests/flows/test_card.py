"""The session card by the labels people see: live figures, other dates, reminders, the end."""

from itertools import count

import pytest

from tests.flows.conftest import PATIENCE, keyed, program, schedule_now

SERIAL = count(1)


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace for the module; every test makes a program of its own."""
    return stage_of(8).ws


def opened(ws, **more):
    """A session that asks now and matches on 8 March; its program's name, and its card."""
    name = f"Coffee {next(SERIAL)}"
    program(ws, name)
    schedule_now(ws, more.pop("matching", "2028-03-08"), **more)
    return name, card_of(ws, name)


def card_of(ws, name):
    """The card of a program's session in Ana's direct messages."""
    return ws.user("ana").dm().wait_for(text=f"Session: {name}", label="Cancel session", timeout=PATIENCE)


def answer(ws, handle, name, label):
    """Somebody presses a button of the newest question of a program, and reads the answer."""
    ws.user(handle).dm().wait_for(text=name, label=label, timeout=PATIENCE).press(label)


def figure(card, label):
    """What stands under a label of the card."""
    lines = card.again().text.splitlines()
    return lines[lines.index(f"*{label}*") + 1]


def test_the_card_counts_while_answers_come_in(ws, ana):
    """It is there when the session opens, counts every answer, and lists who gave which."""
    name, card = opened(ws)
    assert card.labels == [
        "Update schedule",
        "Send a reminder",
        "Match now",
        "Cancel session",
        "People",
        "Delivery",
        "Dry run",
    ]
    assert figure(card, "Asked") == "8"

    answer(ws, "ben", name, "Join")
    answer(ws, "ana", name, "Decline")
    ws.wait_until(lambda: (figure(card, "Joined"), figure(card, "Declined")) == ("1", "1"), PATIENCE)
    assert figure(card, "No answer") == "6"

    card.press("People")
    people = ana.modal("People")
    assert "8 people" in people.text()
    people.choose("Show", "Joined")
    ws.wait_until(lambda: "1 person" in people.refresh().text(), PATIENCE)
    assert "Ben Okafor" in people.text()


def test_the_matching_is_moved_while_the_session_is_open(ws, ana):
    """[Update schedule]: the members' messages show the new date, and the groups are made then."""
    name, card = opened(ws)
    answer(ws, "ben", name, "Join")
    card.press("Update schedule")
    modal = ana.modal("Update schedule")
    assert modal.submit()["status"] == "ok"
    ws.wait_until(lambda: not ana.modals(), PATIENCE)

    card.press("Update schedule")
    modal = ana.modal("Update schedule")
    assert (
        modal.fill({"Matching date": "2020-03-05"})
        .submit()["errors"]["Matching date"]
        .startswith("This is in the past")
    )
    told = modal.fill({"Matching date": "2028-03-10", "Apply to": "This session only"}).submit()
    assert told["status"] == "ok"
    ws.user("ben").dm().wait_for(text="March 10", timeout=PATIENCE)
    ws.wait_until(lambda: "March 10" in figure(card, "Matching date"), PATIENCE)


def test_a_reminder_is_planned_edited_and_called_off(ws, ana):
    """[Send a reminder], [Edit reminder], [Cancel reminder]: the card shows each, and nothing goes out."""
    name, card = opened(ws)
    card.press("Send a reminder")
    ana.modal("Send a reminder").fill({"Reminder date": "2028-03-06", "Reminder time": "09:00"}).submit()
    ana.modal("Send a reminder").close()
    ws.wait_until(lambda: "Edit reminder" in card.again().labels, PATIENCE)
    assert "March 6" in card.again().text

    card.press("Edit reminder")
    modal = ana.modal("Send a reminder")
    assert modal.values["Reminder date"] == "2028-03-06"
    modal.fill({"Reminder date": "2028-03-07"}).submit()
    ana.modal("Send a reminder").close()
    ws.wait_until(lambda: "March 7" in card.again().text, PATIENCE)

    card.press("Cancel reminder")
    ws.wait_until(lambda: "Send a reminder" in card.again().labels, PATIENCE)
    assert keyed(ws, "-reminder-") == []
    answer(ws, "ben", name, "Decline")


def test_a_session_is_matched_now(ws, ana):
    """[Match now] asks first, closes the answers and makes the groups."""
    name, card = opened(ws)
    card.press("Match now")
    ana.dm().wait_for(text="Fewer than two people have joined so far", timeout=PATIENCE)

    for handle in ("ana", "ben"):
        answer(ws, handle, name, "Join")
    card.press("Match now")

    ana.dm().wait_for(text=f"{name}: the groups are made", timeout=PATIENCE)
    ws.wait_until(lambda: "Matched: 1 group was made." in card.again().text, PATIENCE)
    assert card.again().labels == ["People", "Delivery", "Statistics"]


def test_the_groups_are_tried_before_they_are_made(ws, ana):
    """[Dry run] shows groups, nobody is told of them, and with these answers the round makes just these."""
    name, card = opened(ws)
    people = ws.get("/control/see/page", user="ana")["people"]
    for handle in [one["handle"] for one in people if not one["bot"]][:4]:
        answer(ws, handle, name, "Join")
    before = keyed(ws, "group-")
    card.press("Dry run")
    modal = ana.modal("Dry run")
    ws.wait_until(lambda: "2 groups of 4 people. 0 repeats" in modal.refresh().text(), PATIENCE)
    assert "Nothing is sent, nothing is kept" in modal.text()
    shown = [line.split(" ", 1)[1] for line in modal.text().splitlines() if line.startswith(("*1.*", "*2.*"))]
    assert len(shown) == 2
    assert keyed(ws, "group-") == before

    modal.close()
    card.press("Match now")
    ana.dm().wait_for(text=f"{name}: the groups are made", timeout=PATIENCE)
    ws.wait_until(lambda: len(keyed(ws, "group-")) == len(before) + 2, PATIENCE)
    told = [str(one) for one in keyed(ws, "group-")[len(before) :]]
    assert all(any(all(who in one for who in line.split(", ")) for one in told) for line in shown)


def test_one_session_of_a_series_is_cancelled(ws, ana):
    """[Cancel session] of a series asks which; a stale copy of the button says that it is over."""
    _, card = opened(ws, repeat="Every 4 weeks on same days", matching="2027-03-20")
    stale = card.again()
    card.press("Cancel session")
    modal = ana.modal("Cancel session")
    told = modal.fill({"Apply to": "This session only"}).submit()
    assert told["status"] == "ok"
    ws.wait_until(lambda: "Cancelled: nothing more is sent." in card.again().text, PATIENCE)

    ana.press("Match now", in_=stale, stale=True)
    ana.dm().wait_for(text="This session is not open any more", timeout=PATIENCE)
