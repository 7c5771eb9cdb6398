"""Nothing runs for a while: what was due meanwhile is made good."""

from tests.flows.conftest import PATIENCE, keyed, program
from tests.flows.test_card import answer, opened


def test_what_was_missed_while_nothing_ran_is_made_good_and_told(stage_of):
    """All processes end, a matching and an opt-in pass, and they start again: done late, and told once."""
    stage = stage_of(6)
    ws, ana = stage.ws, stage.ws.user("ana")
    name, _ = opened(ws, matching="2027-03-08")
    for handle in ("ana", "ben"):
        answer(ws, handle, name, "Join")
    program(ws, "Tea")
    form = {"Opt-in date": "2027-03-08", "Opt-in time": "09:00", "Matching date": "2027-03-20"}
    assert ana.modal("Schedule a session").fill(form).submit()["status"] == "ok"
    ana.dm().wait_for(text="Session scheduled: Tea", timeout=PATIENCE)
    ws.user("ben").dm().wait_for(text="You're in", timeout=PATIENCE)

    stage.up.terminate()
    stage.up.wait(timeout=40)
    ws.clock.advance_to("2027-03-08T12:00:00Z")
    stage.restart()
    stage.connect()

    told = ana.dm().wait_for(text="Some things happened later than planned", timeout=PATIENCE)
    assert f"*{name}*: the groups were made 3 hours late" in told.text
    assert "*Tea*: people were asked 4 hours late" in told.text
    assert len(keyed(ws, "group-")) == 1
    assert len([one for one in ana.dm().messages() if "later than planned" in one.text]) == 1
