"""Puts planned faults in their places, and reads what became of them."""

import contextlib
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.lab import probe
from bot.lab.chaos_plan import Plan, Strike
from sandbox.client import Workspace


@dataclass
class Faults:
    """The faults of one campaign: strikes at fail-points of our processes, and the workspace's own."""

    plan: Plan
    directory: Path
    ws: Workspace
    struck: list[Strike] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)  # of the workspace, by method and deed
    waiting: dict[int, Strike] = field(default_factory=dict)  # by the serial that their file begins with
    serial: int = 0

    def link(self, run: Path) -> None:
        """Tell the fail-points where the supervisor writes down who lives."""
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / probe.RUN).symlink_to(run)

    def arm(self, number: int, stage: str) -> None:
        """Put what is planned for a stage in its place. What is still waiting there stays."""
        for strike in self.plan.at(number, stage):
            self.serial += 1
            self.waiting[self.serial] = strike
            (self.directory / f"{self.serial:03d}.{strike.name}.{strike.nth}").touch()
        self.ws.faults(self.plan.rules(number, stage))

    def disarm(self) -> None:
        """Let the workspace behave, and count what it did."""
        for rule in self.ws.fault_counts():
            deed = rule["do"] if isinstance(rule["do"], str) else next(iter(rule["do"]))
            if rule["hits"]:
                where = rule["match"].get("method") or rule["match"]["delivery"]
                self.troubles[f"{where} {deed}"] += rule["hits"]
        self.ws.clear_faults()

    def collect(self) -> None:
        """Note which strikes happened."""
        for file in self.directory.glob("taken.*"):
            serial = int(file.name.split(".")[1])
            self.struck.append(self.waiting.pop(serial))
            file.rename(self.directory / f"struck.{serial:03d}")

    def wake(self, naps: float, sleeps: float) -> None:
        """Let those go on that stood still for so many seconds."""
        for one in self._history():
            target = one["plan"].split(".")[-2]
            if target in probe.STILL and now() - one["at"] > (naps if target == "nap" else sleeps):
                resume(one["pid"])

    def _history(self) -> list[dict[str, Any]]:
        history = self.directory / probe.HISTORY
        return [json.loads(line) for line in history.read_text().splitlines()] if history.exists() else []

    def last(self, mark: int) -> float:
        """When the last fault happened, of those after a number of the journal; 0 for none."""
        strikes: list[float] = [one["at"] for one in self._history()]
        strikes += [one["at"] for one in self.ws.journal(mark, kinds=("fault",))]
        return max(strikes, default=0.0)

    def wants_deaf(self, number: int) -> bool:
        """Whether a round is played without the worker: as planned, or for strikes that wait for that."""
        late = number >= self.plan.rounds and all(one.deaf for one in self.waiting.values())
        return number == self.plan.deaf or late

    @property
    def count(self) -> int:
        """How many faults happened."""
        return len(self.struck) + sum(self.troubles.values())


@contextmanager
def frozen(pid: int | None) -> Iterator[None]:
    """Stop a process for the length of a block, so that others have to do without it."""
    if pid is None:
        yield
        return
    began = _born(pid)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if began is not None and _born(pid) == began:
            os.kill(pid, signal.SIGCONT)


def resume(pid: int) -> None:
    """Let a process go on if it stands still."""
    with contextlib.suppress(OSError):
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            os.kill(pid, signal.SIGCONT)


def _born(pid: int) -> str | None:
    """When a process began; tells it from a later one of the same number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


def now() -> float:
    """The wall clock, which the journal and the fail-points use too."""
    return time.time()
