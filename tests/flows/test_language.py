"""Two languages in one workspace: Ana and Ben have set French in their Slack, Cleo has not."""

import pytest

from tests.flows.conftest import PATIENCE

PEOPLE = [
    {"handle": "ana", "name": "Ana Lima", "tz": "Europe/Paris", "admin": True, "locale": "fr-FR"},
    {"handle": "ben", "name": "Ben Okafor", "tz": "Europe/Paris", "locale": "fr-CA"},
    {"handle": "cleo", "name": "Cleo Stone", "tz": "Europe/London"},
]


@pytest.fixture(scope="module")
def ws(house):
    """A workspace of three."""
    company = {
        "workspace": {"id": "T0ACME", "name": "Acme"},
        "people": PEOPLE,
        "channels": [{"name": "general", "members": "all"}, {"name": "cafe", "members": "all"}],
    }
    return house.stage_for(company).ws


def test_everybody_reads_a_round_in_their_own_language(ws):
    """Ana schedules by French labels, Ben answers in French, Cleo in English; together they read English."""
    ana, ben, cleo = (ws.user(person["handle"]) for person in PEOPLE)
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Programmer une session").press("Nouveau programme")
    form = {"Nom": "Café", "Canaux": ["cafe"], "Fuseau horaire": "Europe/Paris"}
    assert ana.modal("Nouveau programme").fill(form).submit()["status"] == "ok"

    modal = ana.modal("Programmer une session").fill(
        {"Ou tout de suite": ["Envoyer les invitations maintenant"]}
    )
    modal.fill({"Date des groupes": "2027-02-01", "Heure des groupes": "10:00"})
    assert modal.submit()["status"] != "ok"
    assert modal.refresh().errors["Date des groupes"].startswith("Cette date est passée")
    assert modal.fill({"Date des groupes": "2027-03-08"}).submit()["status"] == "ok"
    ana.dm().wait_for(text="Session programmée : Café".replace(" :", "\u202f:"), timeout=PATIENCE)

    for person, label in ((ana, "Participer"), (ben, "Participer"), (cleo, "Join")):
        person.dm().wait_for(label=label, timeout=PATIENCE).press(label)
    ben.dm().wait_for(text="Vous participez", timeout=PATIENCE)
    cleo.dm().wait_for(text="You're in", timeout=PATIENCE)

    ws.clock.advance_to("2027-03-08T10:00:00Z")
    (group,) = ws.wait_until(cleo.group_dms, PATIENCE)
    group.wait_for(text="Meet your group: Café", timeout=PATIENCE)
    ana.dm().wait_for(text="les groupes sont formés", timeout=PATIENCE)
