"""One worker's hands: they keep Slack's pace, and put down what they cannot finish."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import TryLater
from domain.messages import Kind
from domain.pace import SLACK, Pace, Speed
from jobs import outbox
from jobs.outbox import Sender
from services import coffee, delivery
from store.core import Reminder
from store.database import Database
from tests.builders import ADMIN, OPT_IN, World
from tests.conftest import Copies

NEVER = float("inf")


class Steady:
    """A steady clock that moves when somebody waits on it, or by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return time.time()

    def wait(self, seconds: float) -> None:
        """Wait without waiting."""
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Steady:
    """The steady clock of the sender."""
    found = Steady()
    monkeypatch.setattr(outbox, "time", found)
    return found


@pytest.fixture
def world(sqlite_copies: Copies) -> World:
    """Twelve questions are owed."""
    world = World(Database(sqlite_copies.fresh()), size=12)
    world.a_series()
    world.run()
    world.clock.now = OPT_IN
    (row,) = world.occurrences()
    coffee.open_round(world.db, world.team, row.id, chance=world.chance, now=OPT_IN)
    world.drain()  # the organizer's card
    coffee.ask(world.db, world.team, row.id, now=OPT_IN)
    world.messenger.posts.clear()
    return world


def sender(world: World, clock: Steady, speeds: dict[str, Speed], **deps: Any) -> Sender:
    """A sender whose waiting moves its clock."""
    found = Sender(replace(world.deps, **deps), Pace(speeds))
    found.pause = clock  # type: ignore[assignment]
    return found


def test_messages_go_out_at_slacks_pace(world: World, clock: Steady) -> None:
    """After the burst, each message waits for its turn, and all are sent."""
    sent_at: list[float] = []
    world.messenger.before = lambda method, where: sent_at.append(clock.now)
    sender(world, clock, {"post": Speed(2, 4)}).drain(NEVER)

    assert len(world.messenger.posts) == 12
    assert sent_at[:4] == [1000.0] * 4
    for number, at in enumerate(sent_at):
        assert sum(1 for one in sent_at if at - 1 < one <= at) <= 4 + 2, number
    assert clock.now == pytest.approx(1000 + (12 - 4) / 2)


def test_a_slow_method_does_not_hold_up_the_others(world: World, clock: Steady) -> None:
    """While posts must wait long, drawings go out; then the posts go on."""
    world.drain()
    world.messenger.calls.clear()
    world.press("U1")
    world.press("U2")
    world.clock.move(days=1)
    world.remind(1)
    (reminder,) = [row.id for row in _reminders(world)]
    coffee.remind(world.db, world.team, reminder, now=world.clock())
    sender(world, clock, {"post": Speed(0.1, 1)}).drain(NEVER)

    methods = [method for method, where in world.messenger.calls if ADMIN not in where]  # but for the card
    assert methods[:2] == ["replace", "replace"]
    assert methods.count("post") == 10
    assert max(clock.waits) <= 10


def _reminders(world: World) -> Any:
    with world.db.reading() as tx:
        return tx.scalars(select(Reminder)).all()


def test_one_conversation_gets_one_message_a_second(world: World, clock: Steady) -> None:
    """Two messages to one person are a second apart, also under a generous workspace limit."""
    world.drain()
    world.clock.move(days=1)
    for _ in range(2):
        world.remind(1)
        world.clock.move(hours=1)
        reminder = _reminders(world)[-1].id
        coffee.remind(world.db, world.team, reminder, now=world.clock())
    at: list[tuple[float, str]] = []
    world.messenger.before = lambda method, where: at.append((clock.now, where)) if method == "post" else None
    sender(world, clock, {"channel": Speed(1, 1)}).drain(NEVER)

    assert len([where for _, where in at if ADMIN not in where]) == 24
    for user in world.members:
        first, second = (now for now, where in at if where in (user, f"D{user}"))
        assert second - first >= 1


def test_what_cannot_be_sent_in_time_is_put_down(world: World, clock: Steady) -> None:
    """When the job's time is over, claimed messages are given back, and the next job sends them."""
    world.messenger.before = lambda method, where: setattr(clock, "now", clock.now + 10)
    attempts = sender(world, clock, {}).drain(clock.now + 25)

    assert attempts == len(world.messenger.posts) == 3
    assert [row.state for row in world.owed(Kind.COFFEE_OPT_IN)].count("pending") == 9
    world.messenger.before = lambda method, where: None
    sender(world, clock, {}).drain(NEVER)
    assert len(world.messenger.posts) == 12


def test_who_was_asleep_after_the_fence_does_not_send(world: World, clock: Steady) -> None:
    """A process that stood still between fence and post starts over: others may have looked meanwhile."""
    asleep: list[Callable[[], None]] = [lambda: setattr(clock, "now", clock.now + 3600)]

    def probe(point: str) -> None:
        if point == "after_fence" and asleep:
            asleep.pop()()

    found = sender(world, clock, {}, probe=probe)
    found.drain(NEVER)

    assert len(world.messenger.posts) == 12
    attempts = sorted(row.attempts for row in world.owed(Kind.COFFEE_OPT_IN))
    assert attempts == [1] * 11 + [2]


def test_an_answer_is_written_down_even_if_the_database_is_busy(
    world: World, clock: Steady, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Slack told us is not thrown away because of one lock."""
    real, tried = delivery.record, []

    def busy(*args: Any, **more: Any) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise TryLater("busy")
        real(*args, **more)

    monkeypatch.setattr(delivery, "record", busy)
    sender(world, clock, {}).drain(NEVER)

    assert world.outbox_states(Kind.COFFEE_OPT_IN) == {"sent"}
    assert len(tried) == 13


def test_the_built_in_speeds_send_a_round(world: World, clock: Steady) -> None:
    """With Slack's own figures a small round is sent at once, and a large one steadily."""
    sender(world, clock, dict(SLACK)).drain(NEVER)

    assert len(world.messenger.posts) == 12
    assert clock.waits == []
