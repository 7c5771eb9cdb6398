"""The ticker says that there is work, and does it when nobody comes: without Redis only time is lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Event
from typing import Any

import pytest

from domain.errors import TryLater
from domain.forms import ProgramForm, ReminderForm
from jobs import runtime, tick
from jobs.queue import HintQueue
from jobs.tick import Ticker
from jobs.work import run, run_due
from services import coffee, people, programs, work
from services.ports import Timing
from store.database import Database
from tests.builders import ADMIN, CHANNEL, MATCH, NOW, OPT_IN, World, a_person
from tests.fakes import InlineQueue, LostQueue
from tests.jobs.conftest import Server
from tests.plays import Plays


class SilentQueue(LostQueue):
    """Redis takes the hint, and no worker comes."""

    def hint(self, team_id: str, turn: int) -> bool:
        super().hint(team_id, turn)
        return True


@pytest.fixture
def world(db: Database, plays: Plays) -> World:
    """A round whose opt-in messages are due."""
    world = World(db, size=3, plays=plays)
    world.recall(planned)
    return world


def planned(world: World) -> None:
    """A session is saved, confirmed, and about to be opened."""
    world.a_series()
    world.run()
    world.clock.now = OPT_IN


def asked(world: World) -> list[int]:
    """How many messages each member has."""
    return [len(world.messenger.to(user)) for user in world.members]


def test_nothing_due_is_nothing_said(world: World) -> None:
    """An idle workspace costs one question to the database."""
    world.run()
    queue = SilentQueue()

    assert Ticker(replace(world.deps, queue=queue)).tick() is False
    assert queue.hints == []


def test_a_worker_that_hears_does_the_work(world: World) -> None:
    """The ticker hints and stays idle."""
    queue = InlineQueue(lambda team: run_due(world.deps))
    ticker = Ticker(replace(world.deps, queue=queue))

    assert ticker.tick() is False
    assert asked(world) == [1, 1, 1]
    assert ticker.tick() is False
    assert len(queue.hints) == 1


def test_without_a_queue_the_ticker_works(world: World) -> None:
    """A hint that nobody can hear is worked off on the spot: the round goes on without Redis."""
    ticker = Ticker(world.deps)
    assert ticker.tick() is True
    assert asked(world) == [1, 1, 1]
    world.all_join()
    assert ticker.tick() is True
    world.clock.now = MATCH
    assert ticker.tick() is True
    assert ticker.tick() is False

    assert len(world.messenger.groups()) == 1


def test_a_patient_ticker_waits_for_a_worker(world: World) -> None:
    """While a hint is young the ticker repeats it, and leaves the work to the workers."""
    queue = SilentQueue()
    ticker = Ticker(replace(world.deps, queue=queue))

    assert [ticker.tick() for _ in range(3)] == [False, False, False]
    assert len(set(queue.hints)) == 1
    assert asked(world) == [0, 0, 0]


def test_each_stage_of_a_round_is_told_before_it_comes(db: Database) -> None:
    """Opt-in, reminder, matching, follow-up, and then the opt-in of the next session."""
    world = World(db, size=3)
    ticker = Ticker(world.deps)

    def told() -> datetime | None:
        ticker.tell_next()
        return world.clock.next

    assert told() is None
    series_id = world.a_series(weeks=2)
    world.run()
    assert told() == OPT_IN
    world.clock.now = OPT_IN
    assert told() == MATCH  # not passed over, although nobody has opened the session yet
    world.run()
    world.remind(series_id, ReminderForm(date(2027, 3, 14), time(9)))
    assert told() == datetime(2027, 3, 14, 8, tzinfo=UTC)
    world.clock.now = told()
    world.run()
    assert told() == MATCH
    world.all_join()
    world.clock.now = MATCH
    assert told() == OPT_IN + timedelta(days=14)
    world.run()
    assert told() == MATCH + timedelta(days=7)
    world.clock.now = told()
    world.run()
    assert told() == OPT_IN + timedelta(days=14)


def impatient(world: World, queue: LostQueue) -> Ticker:
    """A ticker that waits for no worker."""
    return Ticker(replace(world.deps, queue=queue, timing=replace(Timing(), patience=timedelta(0))))


def test_when_no_worker_comes_the_ticker_works(world: World) -> None:
    """After its patience with one turn it does the work itself."""
    ticker = impatient(world, SilentQueue())

    assert ticker.tick() is False
    assert ticker.tick() is True
    assert asked(world) == [1, 1, 1]


def test_a_turn_that_was_taken_renews_the_patience(world: World) -> None:
    """Somebody is at work: the ticker waits anew instead of working beside them."""
    ticker = impatient(world, SilentQueue())
    for _ in range(3):
        assert ticker.tick() is False
        work.take(world.db, world.team)


def test_two_tickers_do_it_once(world: World) -> None:
    """Any number of copies may run."""
    tickers = [Ticker(world.deps), Ticker(world.deps)]
    for _ in range(2):
        for ticker in tickers:
            ticker.tick()

    assert asked(world) == [1, 1, 1]


def test_a_new_program_is_read_without_a_hint(world: World) -> None:
    """Rows say that a channel has to be read; no hint is needed for it."""
    world.run()
    world.directory.channels["C2"] = ("tea", ["U1", "U2"])
    form = ProgramForm(name="Tea", channels=("C2",), zone="Etc/UTC")
    programs.create(world.db, world.team, form, actor=ADMIN, key="k", now=NOW)

    assert Ticker(world.deps).tick() is True
    assert {card.name: card.people for card in programs.cards(world.db, world.team)} == {
        "Coffee": 3,
        "Tea": 2,
    }
    assert Ticker(world.deps).tick() is False


@pytest.mark.parametrize("error", [RuntimeError("a bug"), TryLater("busy")])
def test_the_heart_goes_on(world: World, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """A beat that fails is followed by the next one."""
    beats: list[int] = []
    stop = Event()

    def beat(self: Ticker) -> bool:
        beats.append(1)
        if len(beats) == 3:
            stop.set()
        raise error

    monkeypatch.setattr(Ticker, "tick", beat)
    tick.run(replace(world.deps, timing=replace(Timing(), tick=timedelta(milliseconds=1))), stop)

    assert len(beats) == 3


def test_the_heart_starts_whatever_the_calendar_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zone that a new tz database does not know stops no heart."""

    def unknown(*_: Any, **__: Any) -> None:
        raise LookupError("no such zone")

    monkeypatch.setattr("services.zones.resolve_again", unknown)
    stop = Event()
    stop.set()
    tick.run(world.deps, stop)


# --- One run -------------------------------------------------------------------------------------------


def test_a_bug_in_one_session_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that cannot be opened is logged; others open, and messages go out."""
    (first,) = world.occurrences()
    real = coffee.open_round

    def fails(db: Database, team_id: str, occurrence_id: int, **more: Any) -> str:
        if occurrence_id == first.id:
            raise RuntimeError("a bug")
        return real(db, team_id, occurrence_id, **more)

    monkeypatch.setattr(coffee, "open_round", fails)
    world.save(world.a_program(name="Tea"), now=True)
    world.run()

    assert asked(world) == [1, 1, 1]
    assert [row.state for row in world.occurrences()] == ["planned", "open"]


def test_a_run_that_takes_too_long_hands_on(world: World) -> None:
    """After its time one job stops, says that there is more, and the next one goes on."""
    queue = LostQueue()
    deps = replace(world.deps, queue=queue, timing=replace(Timing(), run=timedelta(0)))
    run_due(deps)
    assert queue.hints == [(world.team, work.turn(world.db, world.team))]
    assert asked(world) == [0, 0, 0]
    world.run()

    assert asked(world) == [1, 1, 1]


def test_a_busy_database_puts_the_work_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """TryLater ends the run without an error; the next beat finds the rows."""

    def busy(*_: Any, **__: Any) -> None:
        raise TryLater("busy")

    monkeypatch.setattr(coffee, "ask", busy)
    world.run()
    assert asked(world) == [0, 0, 0]
    monkeypatch.undo()
    world.run()

    assert asked(world) == [1, 1, 1]


def test_a_job_for_another_workspace_is_left_alone(world: World) -> None:
    """A worker built for one workspace ignores hints of others."""
    runtime.install(lambda: world.deps)
    run("T2")
    assert asked(world) == [0, 0, 0]
    run(world.team)
    assert asked(world) == [1, 1, 1]


def test_g3_a_flushed_redis_costs_time_only(world: World, redis_server: Server, redis_url: str) -> None:
    """Hints lost to FLUSHALL, and a Redis that dies, delay the round by the ticker's patience at most."""
    hints = HintQueue(redis_url)
    ticker = impatient(world, SilentQueue())
    ticker.deps = replace(ticker.deps, queue=hints)
    assert ticker.tick() is False
    hints.redis.flushall()
    assert ticker.tick() is True
    assert asked(world) == [1, 1, 1]
    world.all_join()
    redis_server.stop()
    world.clock.now = MATCH
    assert ticker.tick() is True
    redis_server.start()
    hints.redis.close()

    assert len(world.messenger.groups()) == 1
    assert world.outbox_states() == {"sent"}


def test_an_event_while_slack_is_away_is_not_lost(world: World) -> None:
    """People who came while Slack could not be read are asked when it can be again."""
    world.run()
    world.directory.away = True
    people.joined_channel(world.db, world.team, CHANNEL, "U9", event_id="E1", now=world.clock())
    world.run()
    world.directory.away = False
    people.changed(world.db, world.team, a_person("U9"), event_id="E2", now=world.clock())
    world.run()

    assert len(world.messenger.to("U9")) == 1
