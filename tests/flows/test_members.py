"""A person's own part by the labels people see: breaks, a confidential list, one's data; and the words."""

import pytest

from tests.flows.conftest import PATIENCE, program, schedule_now


@pytest.fixture(scope="module")
def ws(stage_of):
    """An open session of eight people that nobody has answered."""
    ws = stage_of(8).ws
    program(ws)
    schedule_now(ws, "2027-03-08", repeat="Every 2 weeks on same days")
    ws.user("ben").dm().wait_for(label="Join", timeout=PATIENCE)
    return ws


def someone(ws, name):
    """A new member of #coffee, who has just been asked."""
    person = ws.people_add(name, name=f"{name.title()} Stone", tz="Europe/London")
    person.join("coffee")
    person.dm().wait_for(label="Join", timeout=PATIENCE)
    return person


def my_sessions(person):
    """They type /sessions me; the modal."""
    person.slash("/sessions me", channel="general")
    return person.modal("My sessions")


def test_a_break_and_the_way_back(ws):
    """[Pause until a date] withdraws the question; [Come back] under it is one click, and asks again."""
    ben = ws.user("ben")
    my_sessions(ben).press("Pause until a date")
    modal = ben.modal("Pause until a date").fill({"Program": "Coffee", "Back on": "2027-04-01"})
    assert modal.submit()["status"] == "ok"
    assert ben.modal("My sessions").text_has("until 1 April 2027")
    ben.modal().close(everything=True)

    question = ben.dm().wait_for(label="Come back", timeout=PATIENCE)
    assert question.labels == ["Come back"]
    question.press("Come back")

    again = ben.dm().wait_for(text="Still time to answer", timeout=PATIENCE)
    again.press("Join")
    ben.dm().wait_for(label="Change my answer", timeout=PATIENCE)
    assert my_sessions(ben).text_has("you're in")
    ben.modal().close(everything=True)


def test_who_leaves_is_let_go_and_who_returns_keeps_their_answer(ws):
    """Leaving the channel and being deactivated close the question; the way back restores the answer."""
    eve = someone(ws, "eve")
    eve.dm().messages()[-1].press("Join")
    eve.dm().wait_for(label="Change my answer", timeout=PATIENCE)

    eve.leave("coffee")
    closed = eve.dm().wait_for(text="not among the people", timeout=PATIENCE)
    assert closed.labels == []
    eve.join("coffee")
    assert eve.dm().wait_for(label="Change my answer", timeout=PATIENCE).ts == closed.ts


def test_the_confidential_list_is_shown_to_one_person_alone(ws):
    """Set by its labels, and not in the view of the one it names."""
    dan = someone(ws, "dan")
    my_sessions(dan).press("Change this list")
    assert dan.modal("Never match me with").fill({"People": ["ben"]}).submit()["status"] == "ok"
    assert dan.modal("My sessions").text_has("Ben Okafor")
    dan.modal().close(everything=True)

    ben = ws.user("ben")
    assert not my_sessions(ben).text_has("Dan Stone")
    ben.modal().close(everything=True)


def test_my_data_and_its_end(ws):
    """[Send me my data] is a file in one's own messages; [Erase my data] asks first, then says so."""
    gus = someone(ws, "gus")
    modal = my_sessions(gus)
    modal.press("Send me my data")
    ws.wait_until(lambda: [one for one in gus.files() if one["name"] == "my-data.json"], PATIENCE)

    gus.modal("My sessions").press("Erase my data")
    assert gus.modal("My sessions").text_has("Your data is erased.")
    gus.modal().close(everything=True)
    assert my_sessions(gus).text_has("You are taking a break from all programs")
    gus.modal().close(everything=True)


def test_the_menu_offers_each_person_their_own(ws):
    """A slip of the finger gets the closest word that this person may use."""
    ana, ben = ws.user("ana"), ws.user("ben")
    told = ana.slash("/sessions planing", channel="general")
    assert "Did you mean `/sessions planning`?" in str(told)
    told = ben.slash("/sessions shedule", channel="general")

    assert "/sessions schedule" not in str(told)
    assert "My sessions" in str(told)


def test_one_line_opens_the_modal_filled_in(ws):
    """And what was not understood is said in it; nothing is saved before [Save]."""
    ana = ws.user("ana")
    line = "coffee opt-in 4 June 9:00 match 10 June 9:00 Europe/Paris every 2 weeks with sprinkles"
    ana.slash(f"/sessions schedule {line}", channel="general")
    modal = ana.modal("Schedule a session")

    assert modal.text_has("I did not understand “sprinkles”.")
    assert modal.values["Opt-in date"] == "2027-06-04"
    assert modal.values["Matching time"] == "09:00"
    assert modal.values["Repeat"] == "Every 2 weeks on same days"
    assert modal.submit()["status"] == "ok"
    ana.dm().wait_for(text="Session scheduled: Coffee", timeout=PATIENCE)
