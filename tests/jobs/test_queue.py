"""Hints over a real Redis: one per turn, only what is on the list runs, and losing them costs nothing."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from domain.messages import Kind
from jobs import queue, runtime
from jobs.queue import HintQueue, ListedJob, NoQueue, Whisper
from services import work
from services.ports import Deps
from store.database import Database, make_engine
from tests.builders import OPT_IN, World
from tests.jobs.conftest import Server
from tests.plays import Plays


@pytest.fixture
def hints(redis_url: str) -> Iterator[HintQueue]:
    """The queue as processes use it."""
    found = HintQueue(redis_url)
    yield found
    found.redis.close()


def waiting(hints: HintQueue) -> list[str]:
    """The jobs that wait."""
    return list(hints.queue.job_ids)


def work_off(url: str) -> None:
    """What a worker does with all that waits, without a fork."""
    with Redis.from_url(url) as redis:
        own = Queue(queue.NAME, connection=redis, serializer="json", job_class=ListedJob)
        worker = SimpleWorker([own], connection=redis, serializer="json", job_class=ListedJob)
        worker.work(burst=True, logging_level="CRITICAL")


@pytest.fixture
def world(db: Database, plays: Plays) -> Iterator[World]:
    """A round whose opt-in messages are due; jobs find this workspace."""
    world = World(db, size=3, plays=plays)
    world.recall(planned)
    runtime.install(lambda: world.deps)
    yield world
    runtime._build.clear()
    runtime._built.clear()


def planned(world: World) -> None:
    """A session is saved, confirmed, and about to be opened."""
    world.a_series()
    world.run()
    world.clock.now = OPT_IN


# --- Hints ---------------------------------------------------------------------------------------------


def test_a_hint_said_twice_is_one(hints: HintQueue) -> None:
    """One hint per workspace and turn waits, however many say it; another turn is another hint."""
    assert hints.hint("T1", 7)
    assert hints.hint("T1", 7)
    assert hints.hint("T1", 8)
    assert hints.hint("T2", 7)

    assert waiting(hints) == ["work-T1-7", "work-T1-8", "work-T2-7"]


def test_a_hint_works(world: World, hints: HintQueue, redis_url: str) -> None:
    """A worker that hears the hint does all that is due, and takes the turn."""
    before = work.turn(world.db, world.team)
    hints.hint(world.team, before)
    work_off(redis_url)

    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]
    assert work.turn(world.db, world.team) == before + 1
    assert waiting(hints) == []
    assert hints.hint(world.team, before)  # a job that is done does not block its id
    assert waiting(hints) == [f"work-T1-{before}"]


def test_a_hint_worked_off_twice_does_nothing_more(world: World, hints: HintQueue, redis_url: str) -> None:
    """A doubled or repeated hint finds nothing to do."""
    for turn in (1, 2, 3):
        hints.hint(world.team, turn)
    work_off(redis_url)
    hints.hint(world.team, 1)
    work_off(redis_url)

    assert [len(world.messenger.to(user)) for user in world.members] == [1, 1, 1]


def test_a_hint_for_another_workspace_is_ignored(world: World, hints: HintQueue, redis_url: str) -> None:
    """A worker works for its own workspace only."""
    hints.hint("T2", 1)
    work_off(redis_url)

    assert world.messenger.to("U1") == []
    assert waiting(hints) == []


def test_a_job_that_fails_blocks_nothing_for_long(world: World, hints: HintQueue, redis_url: str) -> None:
    """A failed job leaves a trace for a minute, not for a year, and no later turn waits for it."""
    runtime.install(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
    hints.hint(world.team, 1)
    work_off(redis_url)
    assert hints.queue.failed_job_registry.get_job_ids() == ["work-T1-1"]
    assert 0 < hints.redis.ttl("rq:job:work-T1-1") <= 60
    runtime.install(lambda: world.deps)
    hints.hint(world.team, 2)
    work_off(redis_url)

    assert len(world.messenger.to("U1")) == 1


def test_runtime_builds_once_per_process(world: World) -> None:
    """What a job needs is built on first use, once."""
    built: list[int] = []

    def build() -> Deps:
        built.append(1)
        return world.deps

    runtime.install(build)
    assert built == []
    assert runtime.current() is runtime.current()
    assert built == [1]


# --- What a stranger puts into the queue ---------------------------------------------------------------


def stranger(redis_url: str, **more: Any) -> Queue:
    """A queue of the same name, as any program that reaches this Redis could use it."""
    return Queue(queue.NAME, connection=Redis.from_url(redis_url), **more)


@pytest.mark.parametrize("name", ["os.mkdir", "builtins.eval", "jobs.queue.work", "jobs.work.run_due"])
def test_g1_only_listed_jobs_run(world: World, redis_url: str, tmp_path: Path, name: str) -> None:
    """A name that is not on the list runs nothing, whoever queued it."""
    target = tmp_path / "made"
    own = stranger(redis_url, serializer="json")
    job = own.enqueue(name, str(target))
    work_off(redis_url)

    assert not target.exists()
    assert own.failed_job_registry.get_job_ids() == [job.id]
    assert world.messenger.to("U1") == []
    own.connection.close()


class Trap:
    """What runs when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_g2_a_pickled_job_is_not_read(world: World, redis_url: str, tmp_path: Path) -> None:
    """A payload that would run code when it is unpickled is refused unread."""
    target = tmp_path / "made"
    own = stranger(redis_url, serializer="pickle")
    own.enqueue("jobs.work.run", Trap(target))
    work_off(redis_url)

    assert not target.exists()
    assert world.messenger.to("U1") == []
    with pytest.raises(FileNotFoundError):
        target.stat()
    pickle.loads(pickle.dumps(Trap(target)))  # noqa: S301 - the trap does work where it is read
    assert target.exists()
    own.connection.close()


@pytest.mark.parametrize(
    "callback", ["success_callback_name", "failure_callback_name", "stopped_callback_name"]
)
def test_g4_a_callback_is_not_called(world: World, redis_url: str, tmp_path: Path, callback: str) -> None:
    """A listed job cannot bring an unlisted function along."""
    target = tmp_path / "made"
    own = stranger(redis_url, serializer="json")
    name = "jobs.work.run" if callback == "success_callback_name" else "os.listdir"
    job = Job.create(name, args=("T1",), connection=own.connection, serializer="json")
    setattr(job, f"_{callback}", "tests.jobs.test_queue.make_a_folder")
    os.environ["SESSIONS_TEST_FOLDER"] = str(target)
    own.enqueue_job(job)
    try:
        work_off(redis_url)
    finally:
        del os.environ["SESSIONS_TEST_FOLDER"]

    assert not target.exists()
    assert len(world.messenger.to("U1")) == (name == "jobs.work.run")
    own.connection.close()


def make_a_folder(*_: Any, **__: Any) -> None:
    """What a stranger would like to have called."""
    Path(os.environ["SESSIONS_TEST_FOLDER"]).mkdir()


def test_the_listed_jobs_are_ours() -> None:
    """The list holds one name: hints are all that Redis carries."""
    assert frozenset({"jobs.work.run"}) == queue.JOB_NAMES


# --- Without Redis -------------------------------------------------------------------------------------


def test_without_redis_a_hint_is_lost_quickly(redis_server: Server, redis_url: str) -> None:
    """A dead Redis is noticed at once, said once, and stops nobody."""
    hints = HintQueue(redis_url)
    redis_server.stop()
    started = time.monotonic()

    assert hints.hint("T1", 1) is False
    assert time.monotonic() - started < 3
    redis_server.start()
    assert hints.hint("T1", 1) is True
    hints.redis.close()


def test_no_queue_hears_nothing() -> None:
    """Where there is no Redis at all, the ticker learns that nobody heard it."""
    assert NoQueue().hint("T1", 1) is False


def test_a_press_never_waits_for_redis() -> None:
    """The web process only asks its thread to say it; hints of one moment become few."""
    slow, said, seen = threading.Event(), [], threading.Semaphore(0)

    def say() -> None:
        said.append(1)
        seen.release()
        slow.wait(10)

    whisper = Whisper(say)
    assert whisper.hint("T1", -1)
    assert seen.acquire(timeout=10)
    started = time.monotonic()
    for _ in range(100):
        assert whisper.hint("T1", -1)
    assert time.monotonic() - started < 1
    slow.set()
    assert seen.acquire(timeout=10)  # what was asked for while it spoke is said once more
    assert not seen.acquire(timeout=0.2)

    assert len(said) == 2


def test_a_failing_hint_does_not_silence_the_next() -> None:
    """The thread survives whatever Redis does."""
    seen = threading.Semaphore(0)

    def say() -> None:
        seen.release()
        raise ConnectionError

    whisper = Whisper(say)
    whisper.hint("T1", -1)
    assert seen.acquire(timeout=10)
    whisper.hint("T1", -1)

    assert seen.acquire(timeout=10)


# --- A forking worker ----------------------------------------------------------------------------------


def test_a_forked_worker_does_the_work(db: Database, db_url: str, redis_url: str) -> None:
    """The real worker forks for each job; the child builds its own connections, and stops when told."""
    world = World(db, size=3)
    world.a_series()
    world.clock.now = OPT_IN
    forked: Any = multiprocessing.get_context("fork").SimpleQueue()
    parent = os.getpid()

    def build() -> Deps:
        forked.put(os.getpid())
        return replace(world.deps, db=Database(make_engine(db_url)))

    def worker() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        runtime.install(build)
        queue.work(redis_url, in_child=lambda: forked.put(0))

    process = multiprocessing.get_context("fork").Process(target=worker)
    process.start()
    hints = HintQueue(redis_url)
    try:
        hints.hint(world.team, 1)
        assert forked.get() == 0
        assert forked.get() not in (parent, process.pid)
        pause = threading.Event()
        for _ in range(500):
            if world.outbox_states(Kind.COFFEE_OPT_IN) == {"sent"}:
                break
            pause.wait(0.02)
        assert len(world.owed(Kind.COFFEE_OPT_IN)) == 3
        assert world.outbox_states(Kind.COFFEE_OPT_IN) == {"sent"}
    finally:
        process.terminate()
        process.join(20)
        hints.redis.close()
    assert process.exitcode is not None


def test_times_are_not_passed_through_the_queue(hints: HintQueue) -> None:
    """Only ids travel: whoever tries to pass a time learns it at once."""
    with pytest.raises(TypeError):
        hints.queue.enqueue("jobs.work.run", datetime(2027, 1, 1, tzinfo=UTC))
