"""A stage for stories: the local workspace and the real processes, one per module."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.lab.stage import Stage
from sandbox.client import Workspace

START = "2027-03-01T08:00:00Z"
PATIENCE = 60.0  # real seconds; only a story that goes wrong ever waits so long


def company(people: int) -> dict[str, Any]:
    """A workspace with an admin called Ana and *people* - 1 others, all in #coffee."""
    zones = ["Europe/Paris", "America/New_York", "Asia/Tokyo"]
    return {
        "workspace": {"id": "T0ACME", "name": "Acme"},
        "people": [
            {"handle": "ana", "name": "Ana Lima", "tz": "Europe/Paris", "admin": True},
            {"handle": "ben", "name": "Ben Okafor", "tz": "Africa/Lagos"},
        ],
        "generate": {"people": people - 2, "seed": 7, "zones": zones},
        "channels": [
            {"name": "general", "members": "all"},
            {"name": "coffee", "members": "all"},
            {"name": "lonely", "members": ["ana"]},
        ],
    }


@pytest.fixture(scope="module")
def stage_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stage]]:
    """Set a stage; it ends with the module."""
    with ExitStack() as ends:

        def build(people: int = 12, **how: Any) -> Stage:
            data: Path = tmp_path_factory.mktemp("stage")
            return ends.enter_context(Stage(workspace=company(people), data=data, now=START, **how))

        yield build


@pytest.fixture
def ana(ws: Workspace) -> Any:
    """The admin, without an open modal."""
    ana = ws.user("ana")
    while ana.modals():
        ana.modal().close(everything=True)
    return ana


def program(ws: Workspace, name: str = "Coffee", **more: Any) -> None:
    """Ana types /sessions schedule and creates a program; the modal stays open on it."""
    ana = ws.user("ana")
    ana.slash("/sessions schedule", channel="general")
    ana.modal("Schedule a session").press("New program")
    form = {"Name": name, "Channels": ["coffee"], "Time zone": "Europe/Paris", **more}
    assert ana.modal("New program").fill(form).submit()["status"] == "ok"


def schedule_now(ws: Workspace, matching: str, at: str = "10:00", repeat: str = "One time only") -> Any:
    """Ana fills the open modal in, to ask now and match on a date; the confirmation."""
    ana = ws.user("ana")
    modal = ana.modal("Schedule a session").fill({"Or at once": ["Send opt-in messages now"]})
    modal.fill({"Matching date": matching, "Matching time": at, "Time zone": "Paris", "Repeat": repeat})
    name = modal.values["Program"]
    assert modal.submit()["status"] == "ok"
    return ana.dm().wait_for(text=f"Session scheduled: {name}\n", timeout=PATIENCE)


def keyed(ws: Workspace, part: str) -> list[dict[str, Any]]:
    """The bot's posts whose key holds *part*, from the workspace's journal."""
    found = []
    for message in ws.messages_sent():
        key = ((message.get("metadata") or {}).get("event_payload") or {}).get("k") or ""
        if message["what"] == "message" and part in key:
            found.append({**message, "key": key})
    return found
