"""The clock of the laboratory: it shows the workspace's time, and tells what comes next."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import LabClock, SystemClock
from sandbox.client import Workspace, launch

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
OPT_IN = START + timedelta(days=3)
NEVER = None


@pytest.fixture
def ws() -> Iterator[Workspace]:
    """A workspace of our own."""
    with launch(options=["--now", START.isoformat()]) as ws:
        yield ws


@pytest.fixture
def clock(ws: Workspace) -> LabClock:
    """A clock that asks the workspace each time."""
    return LabClock(f"{ws.facts['url']}/control/clock", fresh=0)


def test_it_shows_the_time_of_the_workspace(ws: Workspace, clock: LabClock) -> None:
    """Where the workspace jumps, the clock follows."""
    ws.clock.advance_to(OPT_IN)

    assert OPT_IN <= clock() < OPT_IN + timedelta(seconds=10)


def test_what_is_next_is_told_once(ws: Workspace, clock: LabClock) -> None:
    """The workspace hears of each new instant one time, beat after beat."""
    for instant in (OPT_IN, OPT_IN, OPT_IN, NEVER, NEVER):
        clock()
        clock.tell_next(lambda instant=instant: instant)

    heard = [entry["next"] for entry in ws.journal(kinds=["clock"])]
    assert heard == [OPT_IN.timestamp(), None]


def test_a_workspace_that_forgot_is_told_again(ws: Workspace, clock: LabClock) -> None:
    """After a reset the next beat tells it anew."""
    clock.tell_next(lambda: OPT_IN)
    ws.post("/control/reset")
    clock()
    clock.tell_next(lambda: OPT_IN)

    assert ws.clock.next() == OPT_IN.timestamp()


def test_time_goes_on_without_the_workspace() -> None:
    """Nobody there to ask or to tell: the last known time goes on."""
    clock = LabClock("http://127.0.0.1:9/control/clock")
    clock.tell_next(lambda: OPT_IN)

    assert abs(clock() - SystemClock()()) < timedelta(seconds=10)


def test_outside_the_laboratory_nobody_looks() -> None:
    """The real clock cannot jump: it does not even ask the database."""

    def looked() -> datetime:
        raise AssertionError("somebody looked")

    SystemClock().tell_next(looked)
