"""Matching rules, by their visible labels: set in the settings of a program, told to each group."""

import pytest

from tests.flows.conftest import PATIENCE, program


@pytest.fixture(scope="module")
def ws(stage_of):
    """Four people in two teams, Ana and Ben in one of them; all take part without being asked."""
    ws = stage_of(4).ws
    handles = sorted(ws.ids()["people"], key=lambda name: (name not in ("ana", "ben"), name))
    ws.change("usergroup", handle="sales", members=handles[:2])
    ws.change("usergroup", handle="support", members=handles[2:4])
    program(ws, **{"Opt-in messages": "Off"})
    ws.user("ana").modal("Schedule a session").close(everything=True)
    return ws


def settings(ana):
    """The modal "Settings" of the only program."""
    ana.slash("/sessions programs", channel="general")
    ana.modal("Programs").press("Open")
    ana.modal("Program").press("Settings")
    return ana.modal("Settings")


def test_a_rule_is_chosen_and_told_to_those_it_brought_together(ws):
    """Without teams it is refused at their field; with them, people of different teams meet, and read so."""
    ana = ws.user("ana")
    modal = settings(ana)
    ws.wait_until(lambda: modal.options("Teams", "s") == ["@sales", "@support"], PATIENCE)
    assert modal.values["First rule"] == "No rule"
    modal.fill({"First rule": "Must be of different teams", "Second rule": "At least 2 shared working hours"})
    assert modal.submit()["errors"] == {"Teams": "Choose the user groups that are teams, or another rule."}
    modal = ana.modal("Settings")
    assert modal.values["First rule"] == "Must be of different teams"
    assert modal.fill({"Teams": ["sales", "support"]}).submit()["status"] == "ok"
    card = ana.modal("Program")
    assert "Must be of different teams, At least 2 shared working hours" in card.text()

    card.press("Schedule a session")
    modal = ana.modal("Schedule a session").fill({"Matching date": "2027-03-04", "Matching time": "09:00"})
    assert modal.submit()["status"] == "ok"
    ws.clock.advance_to("2027-03-04T10:00:00Z")
    ws.wait_until(lambda: all(ws.user(name).group_dms() for name in ("ana", "ben")), PATIENCE)

    for name in ("ana", "ben"):
        told = ws.user(name).group_dms()[0].wait_for(text="Meet your group", timeout=PATIENCE).text
        assert "Why you? Different teams." in told.replace("*", "")
        assert ("Ana Lima" in told) != ("Ben Okafor" in told)
