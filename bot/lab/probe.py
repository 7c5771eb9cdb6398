"""Fail-points: where a planned fault strikes. Outside the laboratory they do nothing.

A plan is a directory of small files, one fault each, named ``<serial>.<role>.<point>.<target>.<nth>``. A
process of that role that passes that point counts the first such file down by renaming it (renaming is
atomic, so one passage counts once, in whichever process it happens). The passage that finds a 1 takes the
file away, writes down what it does, and strikes *target*:

- ``self`` or ``parent``: this process, or the one that started it, is killed,
- a role of ``run.json``, such as ``web`` or ``redis``: that process is killed; ``up`` is all of them,
- ``flushall``: Redis forgets everything,
- ``nap`` or ``sleep``: this process stands still until the campaign wakes it, sooner or later than its lease.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.redis_server import running_url
from services.ports import no_probe
from store.database import Database

Probe = Callable[[str], None]
STILL = ("nap", "sleep")
RUN = "run.json"  # in the plan's directory: a link to the file that the supervisor keeps
HISTORY = "history.jsonl"


def probe_of(directory: Path | None, role: str) -> Probe:
    """The probe of a process: nothing in production, the laboratory's hand otherwise."""
    if directory is None:
        return no_probe

    def probe(point: str) -> None:
        while True:
            plan = min(directory.glob(f"[0-9]*.{role}.{point}.*"), default=None)
            if plan is None or _passed(directory, plan):
                return

    return probe


def _passed(directory: Path, plan: Path) -> bool:
    """Count this passage for *plan*; False if another process changed the plan meanwhile."""
    head, _, nth = plan.name.rpartition(".")
    target = head.rpartition(".")[2]
    if int(nth) > 1:
        return _renamed(plan, directory / f"{head}.{int(nth) - 1}")
    if target == "flushall":
        if not _renamed(plan, directory / f"taken.{plan.name}"):
            return False
        _note(directory, plan, None)
        _flush(directory)
        return True
    pid = _pid_of(directory, target)
    if pid is None:
        return True  # it is dead already: the plan waits for a passage that finds it alive
    if not _renamed(plan, directory / f"taken.{plan.name}"):
        return False
    _note(directory, plan, pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP if target in STILL else signal.SIGKILL)
    return True


def _renamed(plan: Path, into: Path) -> bool:
    try:
        plan.rename(into)
    except FileNotFoundError:
        return False
    return True


def _note(directory: Path, plan: Path, pid: int | None) -> None:
    line = json.dumps({"plan": plan.name, "at": time.time(), "pid": pid}) + "\n"
    with (directory / HISTORY).open("a") as history:
        history.write(line)


def _pid_of(directory: Path, target: str) -> int | None:
    """The process that *target* means now; None if it does not live, or is none of the tree's."""
    if target == "self" or target in STILL:
        return os.getpid()
    running = _running(directory)
    if target == "parent":
        return os.getppid() if os.getppid() != running.get("up") else None
    pid, up = running.get(target), running.get("up")
    if target == "up":
        return up if up in _ancestors() else None
    return pid if pid is not None and _parent_of(pid) == up else None


def _ancestors() -> list[int]:
    """Who started us, and who started them: a job's process is a grandchild of ``sessions up``."""
    parent = os.getppid()
    return [parent, _parent_of(parent) or 0]


def _running(directory: Path) -> dict[str, int]:
    try:
        found: dict[str, int] = json.loads((directory / RUN).read_text())
    except (OSError, ValueError):
        return {}
    return found


def _parent_of(pid: int) -> int | None:
    """A number that was given to somebody else meanwhile must not be struck."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(words[1]) if words[0] not in "ZX" else None


def _flush(directory: Path) -> None:
    url = running_url((directory / RUN).resolve().parent / "redis")
    if url is None:
        return
    client = Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    with contextlib.suppress(RedisError, OSError):
        client.flushall()
    client.close()


class WatchedDatabase(Database):
    """Strikes right before and right after each commit too, by the name of the function it stands in."""

    def __init__(self, engine: Engine, probe: Probe) -> None:
        super().__init__(engine)
        self.probe = probe

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """As ``Database.transaction``, between two fail-points."""
        owner = sys._getframe(2).f_code.co_name  # 0 is here, 1 is contextlib
        with super().transaction() as session:
            yield session
            self.probe(f"before_commit_{owner}")
        self.probe(f"after_commit_{owner}")
