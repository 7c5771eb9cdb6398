"""RQ carries one sentence: "team T has due work, look now". The only file that imports it."""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Job

log = structlog.get_logger()

NAME = "sessions"
PAUSE = 0.1  # seconds between two hints of the web process: in a burst they would cost more than the answers
JOB_NAMES = frozenset({"jobs.work.run"})


class ListedJob(Job):
    """A job that runs only if its name is on the list, and calls nobody back.

    A queue is reachable by more programs than ours; its serializer alone would let any of them call any
    function.
    """

    @property
    def func(self) -> Callable[..., Any]:
        """The function, if it is listed."""
        if self.func_name not in JOB_NAMES:
            raise PermissionError("this job's name is not on the list")
        found: Callable[..., Any] = super().func
        return found

    success_callback = failure_callback = stopped_callback = property(lambda _self: None)


class HintQueue:
    """Hints over Redis. The turn is part of the job's id: one hint per turn waits, never more."""

    def __init__(self, url: str) -> None:
        # no retries: one lost reply would put the same job in the list twice
        self.redis = Redis.from_url(
            url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=0.5, socket_timeout=1
        )
        self.queue = Queue(NAME, connection=self.redis, serializer="json", job_class=ListedJob)

    def hint(self, team_id: str, turn: int) -> bool:
        """Say it once per turn; False if Redis is away."""
        try:
            self.queue.enqueue(
                "jobs.work.run",
                team_id,
                job_id=f"work-{team_id}-{turn}",
                unique=True,
                result_ttl=0,
                failure_ttl=60,
                job_timeout=120,
            )
        except DuplicateJobError:
            pass  # somebody said so already
        except (RedisError, OSError) as error:
            log.warning("hint_lost", team=team_id, error=type(error).__name__)
            return False
        return True


class NoQueue:
    """Where there is no Redis: nobody hears, and the ticker works itself."""

    def hint(self, team_id: str, turn: int) -> bool:
        """Nobody heard it."""
        return False


def workers(url: str) -> int | None:
    """How many workers listen; None if Redis is away."""
    patient = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    try:
        return int(Worker.count(connection=Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patient)))
    except (RedisError, OSError) as error:
        log.warning("workers_not_counted", error=type(error).__name__)
        return None


class Whisper:
    """Hints from the web process: said by a thread of their own, so that no answer ever waits for Redis.

    Hints of the same moment become one.
    """

    def __init__(self, say: Callable[[], object]) -> None:
        self.say = say
        self.wanted = threading.Event()
        self.thread: threading.Thread | None = None
        self.lock = threading.Lock()

    def hint(self, team_id: str, turn: int) -> bool:
        """Ask the thread to say it soon."""
        with self.lock:
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self.thread.start()
        self.wanted.set()
        return True

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self.wanted.wait()
            self.wanted.clear()
            try:
                self.say()
            except Exception as error:
                log.warning("hint_lost", error=type(error).__name__)
            pause.wait(PAUSE)


def work(url: str, *, in_child: Callable[[], None] = lambda: None) -> None:
    """Work off hints until told to stop; *in_child* runs first in every forked job."""

    class Horse(Worker):
        def main_work_horse(self, *args: Any, **kwargs: Any) -> None:
            in_child()
            super().main_work_horse(*args, **kwargs)

    connection = Redis.from_url(url)
    queue = Queue(NAME, connection=connection, serializer="json", job_class=ListedJob)
    Horse(
        [queue],
        connection=connection,
        serializer="json",
        job_class=ListedJob,
        worker_ttl=60,
        maintenance_interval=30,
        job_monitoring_interval=10,
    ).work(with_scheduler=False)
