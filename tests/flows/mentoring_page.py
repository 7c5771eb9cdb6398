"""The Matching page as an organizer uses it: rows are found by names, and pressed by their labels."""

import urllib.request
from collections.abc import Mapping
from typing import Any

from sandbox.client import Home, User, Workspace
from tests.flows.conftest import PATIENCE

LEAD = {"Program Type": "Cohort", "Matching Process": "Admin-led"}
APPROVAL = {"Matching Process": "User-led with Approval"}
ALONE = {"Matching Process": "User-led"}


def others(ws: Workspace) -> list[str]:
    """The handles of everybody but Ana, always in the same order."""
    return [one for one in ws.ids()["people"] if one not in ("ana", "sessions", "slackbot")]


def a_program(ws: Workspace, name: str, **form: Any) -> Home:
    """Ana creates a mentoring program; its Matching page."""
    ana = ws.user("ana")
    ana.slash("/sessions mentoring", channel="general")
    home = ana.home(open_=False)
    if "New Mentoring Program" not in home.labels:
        turn(home, "Mentoring programs", "New Mentoring Program")
    home.press("New Mentoring Program")
    modal = ana.modal("New Mentoring Program")
    assert modal.fill({"Name": name, "Time zone": "Europe/Paris", **form}).submit()["status"] == "ok"
    return page_of(ana, name)


def page_of(person: User, name: str) -> Home:
    """A program's Matching page, by the command."""
    person.slash(f"/sessions mentoring {name}", channel="general")
    return person.home(open_=False).wait_for(f"{name}: ", PATIENCE)


def turn(home: Home, label: str, shows: str) -> Home:
    """Press what turns the page, and wait for what it *shows*: an older drawing may still be on its way."""
    home.press(label)
    return home.user.ws.wait_until(lambda: home if shows in home.refresh().labels else None, PATIENCE)


def add(ws: Workspace, name: str, role: str, *handles: str) -> None:
    """Ana adds people as "Mentee" or "Mentor"; nobody is asked for a profile."""
    ana = ws.user("ana")
    page_of(ana, name).press("Add People")
    modal = ana.modal("Add People")
    assert modal.fill({"People": list(handles), "Role": [role]}).submit()["status"] == "ok"
    while ana.modals():
        ana.modal().close(everything=True)


def turned_on(ws: Workspace, name: str) -> Home:
    """Ana turns matching on."""
    home = page_of(ws.user("ana"), name)
    home.press("Turn on Matching")
    return home.wait_for("Matching is on", PATIENCE)


def row_of(home: Home, *handles: str) -> list[dict[str, Any]]:
    """The blocks of the row that names these people: its line, and what can be pressed below it."""
    people = home.user.ws.ids()["people"]
    names = [f"<@{people[one]}>" for one in handles]
    shown = home.facts["blocks"]
    for at, block in enumerate(shown):
        text = str((block.get("text") or {}).get("text") or "") if block["type"] == "section" else ""
        if block.get("accessory", {}).get("type") == "overflow" and all(one in text for one in names):
            following = shown[at + 1 : at + 2]
            return [block, *(one for one in following if one["type"] == "actions")]
    raise AssertionError(f"No row names {handles}: {home.text()}")


def press_in_row(home: Home, label: str, *handles: str, confirm: bool = True) -> dict[str, Any]:
    """Press a button, tick the box, or choose from ⋮ in the row of these people."""
    for block in row_of(home, *handles):
        elements = block.get("elements") or [block["accessory"]]
        for element in elements:
            shown = [str((element.get("text") or {}).get("text"))]
            shown += [one["text"]["text"] for one in element.get("options", ())]
            if label in shown:
                spot = {"block_id": block["block_id"], "action_id": element["action_id"], "home": True}
                value: object = label if element["type"] == "overflow" else None
                value = [label] if element["type"] == "checkboxes" else value
                told = home.user.act("use", label=label, value=value, confirm=confirm, **spot)
                home.refresh()
                return dict(told)
    raise AssertionError(f"The row of {handles} has no {label!r}.")


def choose_mentors(mentee: User, *mentors: str, goal: str = "Speak in front of people") -> str:
    """A mentee names mentors by their handles, best first, at Home; what the modal says at the end."""
    mentee.home().press("Choose Mentors")
    return submit_mentors(mentee, *mentors, goal=goal)


def submit_mentors(mentee: User, *mentors: str, goal: str = "Speak in front of people") -> str:
    """Fill the open modal "Mentor preferences" in, and submit it; what it says at the end."""
    modal = mentee.modal("Mentor preferences")
    for label, mentor in zip(("First choice", "Second choice", "Third choice"), mentors, strict=False):
        modal.choose(label, name_of(mentee.ws, mentor))
    modal.fill({"What do you want to work on?": goal})
    assert modal.submit()["status"] == "ok"
    said = mentee.modal("Mentor preferences").text()
    mentee.modal().close(everything=True)
    return said


def name_of(ws: Workspace, handle: str) -> str:
    """What somebody is called."""
    return str(next(iter(ws.snapshot().values()))["people"][handle]["name"])


def content_of(ws: Workspace, file: Mapping[str, Any]) -> str:
    """What stands in a file that the bot has sent."""
    bearer = {"Authorization": f"Bearer {ws.facts['bot_token']}"}
    request = urllib.request.Request(str(file["url"]), headers=bearer)  # noqa: S310  # of this computer
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8-sig"))
