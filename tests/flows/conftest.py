"""A stage for stories: the local workspace and real processes, which one module after the other plays on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from bot.lab.stage import Stage
from sandbox.client import Workspace
from sandbox.guests_client import Guests
from services import people, work
from store.base import Base
from store.core import Workspace as Team
from store.database import Database, make_engine

START = "2027-03-01T08:00:00Z"
PATIENCE = 60.0  # real seconds; only a story that goes wrong ever waits so long
SLOWEST = 8.0  # real seconds for an answer; Slack itself waits for three


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


@dataclass
class House:
    """Keeps the processes of Sessions, which take seconds to start, and gives them another workspace."""

    folder: Callable[[], Path]
    stage: Stage | None = None
    ends: ExitStack = field(default_factory=ExitStack)

    def stage_for(self, workspace: dict[str, Any]) -> Stage:
        """The stage with this workspace, as on its first day: nothing is known of the one before."""
        stage = self.stage
        if stage is None or not _is_idle(stage):
            self.ends.close()
            stage = Stage(workspace=workspace, data=self.folder(), now=START)
            self.stage = self.ends.enter_context(stage)
            return stage
        stage.slack.terminate()
        stage.slack.communicate()
        stage.children.remove(stage.slack)
        stage.workspace, stage.workspace_port = workspace, urlsplit(stage.url).port or 0
        stage.start_workspace()
        _forget(stage)
        stage.connect()
        return stage


def _is_idle(stage: Stage) -> bool:
    """Whether all processes are there, and have nothing left to do."""
    if stage.up.poll() is not None or stage.slack.poll() is not None:
        return False
    db = _database(stage)

    def nothing_is_due() -> bool:
        now = datetime.fromtimestamp(stage.ws.clock.now(), UTC)
        return stage.is_ready() and not work.due(db, now=now, fresh_after=now - people.FRESH)

    try:
        stage.ws.clear_faults()
        stage.ws.wait_until(nothing_is_due, PATIENCE)
        return stage.ws.quiet()
    except (TimeoutError, OSError):
        return False
    finally:
        db.engine.dispose()


def _forget(stage: Stage) -> None:
    """Empty the database, which is all that Sessions remembers."""
    db = _database(stage)
    with db.transaction() as tx:
        for table in reversed(Base.metadata.sorted_tables):
            if table is not Team.__table__:
                tx.execute(table.delete())
        tx.execute(update(Team).values(people_synced_at=None, gone_at=None, work_taken_at=None))
    db.engine.dispose()


def _database(stage: Stage) -> Database:
    return Database(make_engine(f"sqlite:///{stage.data}/sessions/sessions.db"))


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The stage of all modules of this folder."""
    house = House(lambda: tmp_path_factory.mktemp("stage"))
    with house.ends:
        yield house


@pytest.fixture(scope="module")
def stage_of(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stage]]:
    """Set the stage for this module: ask once. What is set in a way of its own ends with the module."""
    with ExitStack() as ends:

        def build(people: int = 12, **how: Any) -> Stage:
            if not how:
                stage = house.stage_for(company(people))
            else:
                data: Path = tmp_path_factory.mktemp("stage")
                stage = ends.enter_context(Stage(workspace=company(people), data=data, now=START, **how))
            # stories tell what happens, and not how fast a machine is that does much else meanwhile
            stage.ws.settings(ack_seconds=SLOWEST, trigger_seconds=SLOWEST)
            return stage

        yield build


@pytest.fixture
def guests(ws: Workspace) -> Guests:
    """The world outside Slack: mailboxes, telephones, browsers and Stripe."""
    return Guests(ws)


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
