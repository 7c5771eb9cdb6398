"""An orientation: asked for at Home, taken by the support, with the host's own reminders and room."""

import pytest

from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import close_all, dashboard, host_of


@pytest.fixture(scope="module")
def ws(stage_of):
    """Ana, an administrator, Ben, who gives orientations, and others."""
    return stage_of(5).ws


def test_support_takes_an_orientation(ws):
    """Nobody is asked before somebody is set; then the first press takes it."""
    ana, ben, asker = (host_of(ws, number) for number in (0, 1, 2))
    dashboard(asker).press("Orientation Session")
    assert asker.modal().text_has("No support person is set. Ask an administrator.")
    close_all(asker)

    dashboard(ana).press("My Settings")
    assert ana.modal("My Settings").fill({"Orientation support": "ben"}).submit()["status"] == "ok"
    dashboard(asker).press("Orientation Session")
    form = asker.modal("Orientation session")
    form.fill({"Date": "2027-03-10", "Time": "15:00", "What do you need?": "How do I invite somebody?"})
    assert form.submit()["status"] == "ok"

    asked = ben.dm().wait_for(text="asks for an orientation on ", timeout=PATIENCE)
    assert "How do I invite somebody?" in asked.text or "How do I invite somebody?" in str(asked.facts)
    asked.press("Suggest Another Time")
    other = ben.modal("Suggest another time").fill({"Time": "17:00"})
    assert other.submit()["status"] == "ok"
    suggested = asker.dm().wait_for(label="Accept", timeout=PATIENCE)
    suggested.press("Accept")
    asker.dm().wait_for(text="Your orientation is set for ", timeout=PATIENCE)
    ws.wait_until(lambda: "Orientation" in dashboard(ben).text(), PATIENCE)
    assert "1 participant · Scheduled" in dashboard(ben).text()
