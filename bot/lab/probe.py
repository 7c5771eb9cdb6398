"""Fail-points: where a planned fault strikes. Outside the laboratory they do nothing.

A plan is a directory of small files, one fault each, named ``<role>.<point>.<target>.<serial>``: the first
process of that role to reach that point takes the file away (renaming is atomic, so one process gets it),
writes down what it does, and kills *target*: itself, its parent, or any process by its id.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from services.ports import no_probe


def probe_of(directory: Path | None, role: str) -> Callable[[str], None]:
    """The probe of a process: nothing in production, the laboratory's hand otherwise."""
    if directory is None:
        return no_probe

    def probe(point: str) -> None:
        for plan in sorted(directory.glob(f"{role}.{point}.*")):
            taken = directory / f"taken.{plan.name}"
            try:
                plan.rename(taken)
            except FileNotFoundError:
                continue  # another process was faster
            _strike(directory, taken, plan.name.split(".")[2])
            return

    return probe


def _strike(directory: Path, taken: Path, target: str) -> None:
    pids = {"self": os.getpid(), "parent": os.getppid()}
    pid = pids.get(target) or _pid_of(directory, target)
    note = {"plan": taken.name, "at": time.monotonic(), "pid": pid}
    with (directory / "history.jsonl").open("a") as history:
        history.write(json.dumps(note) + "\n")
    taken.unlink(missing_ok=True)
    if pid:
        os.kill(pid, signal.SIGKILL)


def _pid_of(directory: Path, role: str) -> int | None:
    """The present process id of another role, from the file that the supervisor keeps."""
    try:
        running = json.loads((directory / "run.json").resolve().read_text())
    except (OSError, ValueError):
        return None
    pid = running.get(role)
    return pid if isinstance(pid, int) else None
