"""A tree of child processes that are started again when they die, and ended together."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from bot.parent import tied
from bot.redis_server import RedisServer

log = structlog.get_logger()

GRACE = 30.0  # seconds that children get to finish
REDIS_GRACE = 5.0  # seconds that Redis gets after them
PAUSES = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)  # seconds to wait after the first, second ... death
STEADY = 10.0  # seconds of life after which a death counts as the first one again
UNREADABLE = 3  # deaths in a row after which Redis starts without its old file


def say(line: str) -> None:
    """Tell the person at the terminal one thing."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Child:
    """One process of the tree and how it has fared."""

    role: str
    command: Sequence[str]
    environment: Mapping[str, str]
    keep: tuple[int, ...] = ()  # file descriptors it inherits
    redis: RedisServer | None = None  # what it is, if it is Redis
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Start it, tied to this thread. Its own session keeps Ctrl-C at the terminal away from it."""
        self.process = subprocess.Popen(  # noqa: S603 - our own command lines
            tied(self.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            pass_fds=self.keep,
            start_new_session=True,
        )
        self.began = time.monotonic()

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def bury(self) -> None:
        """Note a death, and when to start again: at once after the first, later after each further one."""
        if self.process is None or self.lives:
            return
        log.warning("child_died", child=self.role, pid=self.process.pid, code=self.process.returncode)
        now = time.monotonic()
        self.deaths = 1 if now - self.began > STEADY else self.deaths + 1
        self.due = now + PAUSES[min(self.deaths, len(PAUSES)) - 1]
        self.process = None
        if self.redis is not None and self.deaths >= UNREADABLE:
            log.warning("redis_starts_anew")
            self.redis.forget()

    def kill(self) -> None:
        """End it now."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def send(self, number: int) -> None:
        """Send it a signal if it lives."""
        if self.process is not None and self.lives:
            self.process.send_signal(number)


@dataclass
class Tree:
    """The processes of one data directory. Belongs to the main thread: its end is what they are tied to."""

    data: Path
    children: list[Child] = field(default_factory=list)
    stops: int = 0  # how often somebody asked to stop
    noted: threading.Event = field(default_factory=threading.Event)  # every child was started once

    def run(self) -> None:
        """Keep every child alive until SIGTERM, SIGINT or SIGHUP; then end them. A second signal insists."""
        with self._signals() as wake:
            for child in self.children:
                if child.process is None:
                    child.start()
                say(f"{child.role:<10} process {child.process.pid if child.process else '-'}")
            self._note()
            self.noted.set()
            while not self.stops:
                self._revive()
                _sleep(wake, self._pause())
            self._end(wake)
        (self.data / "run.json").unlink(missing_ok=True)

    def _revive(self) -> None:
        for child in self.children:
            child.bury()
        due = [one for one in self.children if one.process is None and one.due <= time.monotonic()]
        for child in due:
            child.start()
        if due:
            self._note()

    def _pause(self) -> float:
        waits = [child.due - time.monotonic() for child in self.children if child.process is None]
        return max(0.0, min([*waits, 1.0]))  # a second: should a signal ever be missed

    def _end(self, wake: int) -> None:
        """Ask all to finish, Redis last, because the others talk to it until their end."""
        asked = self.stops
        for is_redis, grace in ((False, GRACE), (True, REDIS_GRACE)):
            group = [child for child in self.children if (child.redis is not None) is is_redis]
            until = time.monotonic() + grace
            for child in group:
                child.send(signal.SIGTERM)
            while any(child.lives for child in group):
                if time.monotonic() > until or self.stops > asked:
                    for child in group:
                        child.send(signal.SIGKILL)
                _sleep(wake, 0.1)

    def _note(self) -> None:
        """Write who runs under which process id, for people, tests and the fault campaign."""
        pids = {"up": os.getpid()}
        pids |= {child.role: child.process.pid for child in self.children if child.process is not None}
        fresh = self.data / "run.json.new"
        fresh.write_text(json.dumps(pids) + "\n")
        fresh.replace(self.data / "run.json")

    @contextlib.contextmanager
    def _signals(self) -> Iterator[int]:
        """Give a descriptor that becomes readable at every signal: no lock that a handler could meet."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT)}
        handlers[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._asked)
        handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        try:
            yield reading
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            os.close(reading)
            os.close(writing)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.stops += 1


def _sleep(wake: int, seconds: float) -> None:
    """Wait for a signal, *seconds* at most."""
    if select.select([wake], [], [], seconds)[0]:
        os.read(wake, 4096)
