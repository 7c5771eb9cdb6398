"""``sessions bench ack``: a burst of presses against the real web process, and how soon each is acknowledged.

Beside it, in the same run and in turns, the same requests against an empty Bolt listener under the same
server and guard: what a press costs at least, on this machine at this hour.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from bot import redis_server
from bot.lab import ack_load
from bot.lab.ack_people import Asked, ask_everyone, company, press_of, requests
from bot.lab.chaos_people import until
from bot.lab.stage import Stage, StageError, free_port
from bot.redis_server import RedisServer
from store.database import make_engine

# the presses of one person, in order: each is a change, and the last one is the one that stands
PASSES = ("coffee.invitation.join", "coffee.invitation.decline", "coffee.invitation.join")
WARM_UP = 100  # requests before the first measured one, on both sides


@dataclass
class Arm:
    """One of the two servers, and what was measured of it."""

    name: str
    port: int
    process: int = 0  # gunicorn's parent; the work is done in its child
    cpu: float = 0.0  # seconds of processor time while presses were measured
    rates: list[float] = field(default_factory=list)  # presses a second, by pass
    millis: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def percentile(self, share: float) -> float:
        """The time within which this share of presses was acknowledged, in milliseconds."""
        order = sorted(self.millis)
        return order[min(len(order) - 1, int(share * len(order)))]

    @property
    def rate(self) -> float:
        """The median pass's presses a second."""
        return sorted(self.rates)[len(self.rates) // 2]


def run(*, presses: int, connections: int, console: Console | None = None) -> int:
    """Measure and print; 0 if every press was acknowledged and counted right."""
    say = console or Console()
    data = Path(tempfile.mkdtemp(prefix="sessions-ack-"))
    try:
        with Stage(workspace=company(presses), data=data, lab=False) as stage:
            arms, counted = _measure(stage, presses, connections, say)
    except StageError as error:
        say.print(f"[red]{error}[/red]")
        return 1
    finally:
        shutil.rmtree(data, ignore_errors=True)
    _show(arms, connections, say)
    say.print(f"In the database: {counted} of {presses} joined.")
    return 0 if counted == presses and all(set(arm.statuses) == {"200"} for arm in arms) else 1


def _measure(stage: Stage, presses: int, connections: int, say: Console) -> tuple[list[Arm], int]:
    engine = make_engine(f"sqlite:///{stage.data}/sessions/sessions.db")
    say.print(f"[dim]{presses} people are asked, through the modal and the worker ...[/dim]")
    asked = ask_everyone(stage.ws, engine, presses)
    stage.up.terminate()
    stage.up.wait(timeout=40)
    ana = next(one for one in asked if one.person == stage.ws.ids()["people"]["ana"])
    others = [one for one in asked if one is not ana]
    with _servers(stage) as arms:
        stage.ws.bot(f"http://127.0.0.1:{arms[0].port}/slack/events")
        payload = press_of(stage.ws, ana)
        burst = _Burst(stage, payload, ana, others, connections)
        for arm in arms:
            burst.warm_up(arm)
        for action in PASSES:
            for arm in arms:
                burst.fire(arm, action)
    counted = _accepted(engine)
    engine.dispose()
    return arms, counted


@dataclass
class _Burst:
    """The presses of everybody, ready to be fired at a server by a process of its own."""

    stage: Stage
    payload: dict[str, Any]
    first: Asked
    people: Sequence[Asked]
    connections: int

    def warm_up(self, arm: Arm) -> None:
        """Let a server open its connections, with presses that change nothing."""
        self._send(arm, [self.first] * WARM_UP, "coffee.invitation.decline")

    def fire(self, arm: Arm, action: str) -> None:
        """Everybody presses once."""
        before = _cpu(arm.process)
        told = self._send(arm, self.people, action)
        arm.cpu += _cpu(arm.process) - before
        arm.rates.append(len(self.people) / told["seconds"])
        arm.millis += told["millis"]
        arm.statuses.update(told["statuses"])

    def _send(self, arm: Arm, people: Sequence[Asked], action: str) -> dict[str, Any]:
        secret = self.stage.environment["SLACK_SIGNING_SECRET"]
        file = self.stage.data / "requests"
        file.write_bytes(
            ack_load.written(list(requests(self.payload, self.first, people, action, secret=secret)))
        )
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "bot.lab.ack_load", file, str(arm.port), str(self.connections)],
            stdout=subprocess.PIPE,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
        return told


@contextmanager
def _servers(stage: Stage) -> Iterator[list[Arm]]:
    """Run ``sessions web`` on the stage's database, with a Redis to hint to, and the empty listener."""
    arms = [Arm("sessions web", free_port()), Arm("empty Bolt listener", free_port())]
    modules = ("bot", "web"), ("bot.lab.ack_empty",)
    children = []
    try:
        with _redis(stage.data) as environment:
            for arm, module in zip(arms, modules, strict=True):
                children.append(_start(stage, arm, module, environment))
                arm.process = children[-1].pid
            for arm in arms:
                stage.port = arm.port
                until(stage.is_ready, f"{arm.name} is ready")
            yield arms
    finally:
        for child in children:
            child.terminate()
            child.wait(timeout=40)


def _start(
    stage: Stage, arm: Arm, module: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    with (stage.data / "servers.log").open("a") as log:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", *module],
            env={**stage.environment, **environment, "PORT": str(arm.port)},
            cwd=stage.data,
            stderr=log,
        )


@contextmanager
def _redis(data: Path) -> Iterator[dict[str, str]]:
    """A Redis for the hints, where there is one."""
    binary = redis_server.executable()
    if binary is None:
        yield {}
        return
    server = RedisServer.prepare(binary, data / "hints")
    process = subprocess.Popen(server.command)  # noqa: S603 - the binary that Sessions brings
    try:
        until(server.answers, "Redis answers")
        yield {"REDIS_URL": server.url}
    finally:
        process.terminate()
        process.wait(timeout=10)


def _cpu(parent: int) -> float:
    """Seconds of processor time that the children of a process have used."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    words = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(word[11]) + int(word[12]) for word in words) / os.sysconf("SC_CLK_TCK")


def _accepted(engine: Engine) -> int:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM invitation WHERE state = 'accepted'"))
        return int(found.scalar_one())


def _show(arms: Sequence[Arm], connections: int, say: Console) -> None:
    table = Table(
        title=f"{len(PASSES)} bursts each, {connections} connections, in turns", title_justify="left"
    )
    for name in ("", "presses", "p50 ms", "p99 ms", "max ms", "cpu ms", "per second", "by burst"):
        table.add_column(name, justify="left" if not name else "right")
    for arm in arms:
        spread = [f"{arm.percentile(share):.1f}" for share in (0.5, 0.99, 1.0)]
        spread.append(f"{arm.cpu / len(arm.millis) * 1000:.2f}")
        rates = ", ".join(f"{rate:.0f}" for rate in arm.rates)
        table.add_row(arm.name, str(len(arm.millis)), *spread, f"{arm.rate:.0f}", rates)
    say.print(table)
    product, empty = arms
    say.print(f"Throughput: [bold]{product.rate / empty.rate:.2f}[/bold] of the empty listener's.")
