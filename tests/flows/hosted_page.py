"""The area [1:1 Sessions] as a host uses it: tiles are found by names, the rest is pressed by its label."""

from typing import Any

from sandbox.client import Home, Modal, User, Workspace
from tests.flows.conftest import PATIENCE

EMAIL, TEXT, NOBODY = "Email", "Text", "System should not send invite"


def host_of(ws: Workspace, number: int) -> User:
    """Somebody who hosts, without an open modal; each story has one of its own, Ana is 0."""
    handles = [one for one in ws.ids()["people"] if one not in ("sessions", "slackbot")]
    found = ws.user(handles[number])
    close_all(found)
    return found


def dashboard(host: User) -> Home:
    """A host's area, opened."""
    home = host.home()
    if "New Session Now" not in home.labels:
        home.press("1:1 Sessions")
    return home.wait_for("Your time zone: ", PATIENCE)


def when(host: User, day: str, at: str) -> Modal:
    """[New Scheduled Session] up to its second step."""
    dashboard(host).press("New Scheduled Session")
    first = host.modal("New session").fill({"Date": day, "Time": at})
    assert first.submit()["status"] == "ok", host.modal().errors
    return host.modal("Add participant")


def person(host: User, name: str, how: str = EMAIL, address: str = "", **more: object) -> Modal:
    """Fill in a participant in the open form; *more* are other fields by their labels."""
    if host.modal().values["Session Invite and Reminders"] != how:
        host.modal().choose("Session Invite and Reminders", how)
    label = {EMAIL: "Email address", TEXT: "Phone number"}.get(how)
    form: dict[str, object] = {"Participant Name or Initials": name, **more}
    return host.modal().fill({**form, label: address} if label else form)


def book(
    host: User, name: str, address: str, *, day: str = "2027-03-03", at: str = "15:00", **more: object
) -> None:
    """Schedule a session with a guest who is invited by e-mail."""
    when(host, day, at)
    save(person(host, name, EMAIL, address, **more))


def save(form: Modal) -> None:
    """Press [Save]; what it shows afterwards stays open."""
    told = form.submit()
    assert told["status"] == "ok", told.get("errors")


def close_all(host: User) -> None:
    """Close whatever is open."""
    while host.modals():
        host.modal().close(everything=True)


def tile(home: Home, name: str) -> dict[str, Any]:
    """The block of a participant."""
    for block in home.facts["blocks"]:
        text = str((block.get("text") or {}).get("text") or "")
        if block["type"] == "section" and text.startswith(f"*{name}*"):
            return dict(block)
    raise AssertionError(f"No tile of {name}: {home.text()}")


def line(home: Home, name: str) -> dict[str, Any]:
    """The block of the session that this participant is part of: the nearest line above the tile."""
    blocks = home.facts["blocks"]
    at = blocks.index(next(one for one in blocks if _says(one).startswith(f"*{name}*")))
    return dict(next(one for one in reversed(blocks[:at]) if "participant" in _says(one)))


def _says(block: dict[str, Any]) -> str:
    return str((block.get("text") or {}).get("text") or "") if block["type"] == "section" else ""


def from_menu(home: Home, block: dict[str, Any], label: str) -> None:
    """Choose an entry of ⋮."""
    spot = {"block_id": block["block_id"], "action_id": block["accessory"]["action_id"], "home": True}
    home.user.act("use", label=label, value=label, confirm=True, **spot)
    home.refresh()


def under(home: Home, name: str, label: str) -> None:
    """Press a button below the session of this participant."""
    blocks = home.facts["blocks"]
    at = blocks.index(next(one for one in blocks if _says(one).startswith(f"*{name}*")))
    row = next(one for one in blocks[at:] if one["type"] == "actions")
    found = next(one for one in row["elements"] if one["text"]["text"] == label)
    spot = {"block_id": row["block_id"], "action_id": found["action_id"], "home": True}
    home.user.act("use", label=label, value=None, confirm=True, **spot)
    home.refresh()


def shows(home: Home, name: str, text: str) -> str:
    """Wait until the tile of somebody says this; the tile's text."""

    def look() -> str | None:
        try:
            said = _says(tile(home.refresh(), name))
        except AssertionError:
            return None
        return said if text in said else None

    return home.user.ws.wait_until(look, PATIENCE)
