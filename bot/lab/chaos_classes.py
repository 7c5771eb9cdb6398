"""``sessions chaos-classes``: terms with weekly classes while processes are killed and others fail.

A round is one term with a clock change inside. Members buy, pay at once, late or never, ask, are declined,
wait, skip, use make-up lessons and leave; staff move, call off, put back and add dates. Slack and Stripe fail
as the plan wants. Then the checker counts places, messages and money.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Engine, text

from bot.lab import chaos_classes_report, checker_classes_rows
from bot.lab.chaos import database, kept_up
from bot.lab.chaos_classes_owed import FEW, MEMBERS, TERMS
from bot.lab.chaos_classes_people import company
from bot.lab.chaos_classes_plan import ClassesPlan, draw
from bot.lab.chaos_classes_report import ClassesReport
from bot.lab.chaos_classes_term import TermPlay
from bot.lab.chaos_faults import Faults
from bot.lab.chaos_people import Ledger, until
from bot.lab.checker_classes import Lesson, Owed, Said, check_messages
from bot.lab.stage import Stage, StageError
from sandbox.guests_client import Guests
from store.database import make_engine

AT_ONCE = 3  # people who act at the same time
FEW_STAGES = frozenset({"setup", "buy", "pay", "leave", "change", "days"})  # where kills are worth most
BEGIN = "2027-03-01T08:00:00Z"


@dataclass
class ClassesOptions:
    """How to play."""

    seed: int = 7
    kills: int = 18
    few: bool = False  # fewer stops, one term
    speed: float = 0.05


def run(*, db: str, out: Path | None = None, console: Console | None = None, **how: Any) -> int:
    """Play on one database or both, as *how* (ClassesOptions) says; 0 if nothing was lost or doubled."""
    say = console or Console()
    options = ClassesOptions(**how)
    reports = []
    for kind in ("sqlite", "postgresql") if db == "both" else (db,):
        reports.append(play(options, kind, say))
        chaos_classes_report.show(reports[-1], say)
    if out is not None:
        chaos_classes_report.write(out, reports)
    return 0 if all(one.good for one in reports) else 1


def play(options: ClassesOptions, kind: str, say: Console) -> ClassesReport:
    """One campaign on one kind of database. The files stay when it failed."""
    plan = draw(options.seed, options.kills, stages=FEW_STAGES if options.few else frozenset())
    cast = FEW if options.few else MEMBERS
    data = Path(tempfile.mkdtemp(prefix="sessions-chaos-classes-"))
    report = ClassesReport(plan=plan, database=kind, data=data)
    began = time.monotonic()
    with database(kind, data) as (address, url):
        engine = make_engine(address)
        stage = Stage(
            workspace=company(cast),
            data=data,
            speed=options.speed,
            now=BEGIN,
            database_url=url,
            faults=data / "plan",
        )
        try:
            with stage:
                campaign = ClassesCampaign(stage, plan, report, engine, say, cast)
                with kept_up(stage, campaign.faults):
                    campaign.play()
        except (StageError, TimeoutError) as error:
            report.stuck.append(str(error))
        engine.dispose()
    report.seconds = time.monotonic() - began
    if report.good:
        shutil.rmtree(data, ignore_errors=True)
    return report


@dataclass
class ClassesCampaign:
    """One campaign against one stage."""

    stage: Stage
    plan: ClassesPlan
    report: ClassesReport
    engine: Engine
    say: Console
    cast: Sequence[str] = MEMBERS
    terms: list[TermPlay] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ws = self.stage.ws
        self.guests = Guests(self.ws)
        self.ledger = Ledger(self.ws)
        self.faults = Faults(self.plan, self.stage.faults or self.stage.data / "plan", self.ws)

    def play(self) -> None:
        """Play all rounds; count, whatever happens."""
        self.ws.settings(retry_factor=0.05)
        self.faults.link(self.stage.data / "sessions" / "run.json")
        try:
            for number in range(min(len(TERMS), self.plan.rounds)):
                self.terms.append(TermPlay(self, number))
                self.terms[-1].play()
                self.say.print(f"[dim]round {number + 1}: {len(self.faults.struck)} strikes so far[/dim]")
        except StageError as error:
            self.report.stuck.append(str(error))
        finally:
            self.faults.collect()
            self.judge()

    def act(self, deeds: Sequence[Callable[[], object]]) -> None:
        """Let some act at the same time. What one of them could not do is noted."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for waiting in [pool.submit(one) for one in deeds]:
                try:
                    waiting.result()
                except StageError as error:
                    self.report.stuck.append(str(error))
        self.report.operations += len(deeds)

    @contextmanager
    def trouble(self, number: int, stage: str, at: datetime) -> Iterator[None]:
        """Arm what is planned for a stage, move the clock, and wait for quiet when the stage was played."""
        self.faults.arm(number, stage)
        self.ws.clock.advance_to(max(at.timestamp(), self.ws.clock.now()))
        yield
        try:
            until(self._quiet, f"everything is settled after {stage} of round {number + 1}")
        except StageError as error:
            self.report.stuck.append(f"{error} {self.unsettled()}")
        self.faults.disarm()
        self.faults.collect()

    def _quiet(self) -> bool:
        """Whether nothing waits; looked at twice, because a jump of the clock is noticed at the next beat."""
        for _ in range(2):
            if self.unsettled() or not self.ws.quiet():
                return False
            time.sleep(0.1)
        return True

    def unsettled(self) -> dict[str, int]:
        """What is neither sent nor given up, and what is due and was not done."""
        now = datetime.fromtimestamp(self.ws.clock.now(), UTC)
        at = now.replace(tzinfo=None) if self.engine.dialect.name == "sqlite" else now
        due = ("class_term", "class_date", "class_purchase")
        wanted = [
            # App Home is drawn at leisure, and tells nobody anything
            "SELECT 'messages ' || state, count(*) FROM outbox WHERE kind <> 'home.redraw' "
            "AND state IN ('pending', 'leased', 'unknown') GROUP BY 1",
            "SELECT 'refunds asked', count(*) FROM refund WHERE state = 'asked' HAVING count(*) > 0",
            "SELECT 'offers due', count(*) FROM class_waiting WHERE state = 'offered' "
            "AND offer_until <= :now HAVING count(*) > 0",
            *(f"SELECT '{one} due', count(*) FROM {one} WHERE next_at <= :now HAVING count(*) > 0"  # noqa: S608
              for one in due),
        ]  # fmt: skip
        found: dict[str, int] = {}
        with suppress(OSError), self.engine.connect() as connection:
            for one in wanted:
                asked = connection.execute(text(one), {"now": at} if ":now" in one else {})
                found |= {what: count for what, count in asked}
        return found

    def judge(self) -> None:
        """Count messages, places and money."""
        report = self.report
        report.take(self.faults)
        report.left = self.unsettled()
        owed = {name: Owed(name) for name in ("ana", *self.cast)}
        for term in self.terms:
            term.owe(owed)
            report.presses += sum(one.presses for one in (term.ana, *term.people.values()))
        found = check_messages(list(owed.values()), self._said())
        rows = checker_classes_rows.read(self.engine)
        found.places = checker_classes_rows.check_places(rows)
        found.places += checker_classes_rows.check_coming(rows, self._coming())
        found.money = checker_classes_rows.check_money(rows, self.ws.get("/control/stripe"), self._money())
        for term in self.terms:
            for (who, what), state in term.states().items():
                stands = term.people[who].state(what)
                if stands != state:
                    found.wrong.append(f"{what} of {who}: {stands} instead of {state}")
        report.rows = {name.removeprefix("class_"): len(many) for name, many in rows.items()}
        report.findings = found

    def _money(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {
            (term.people[who].named(what), term.people[who].id): amounts
            for term in self.terms
            for (who, what), amounts in term.money().items()
        }

    def _coming(self) -> dict[str, list[Lesson]]:
        found: dict[str, list[Lesson]] = {}
        for term in self.terms:
            for who, lessons in term.coming().items():
                found.setdefault(term.people[who].id, []).extend(lessons)
        return found

    def _said(self) -> dict[str, list[Said]]:
        """What each person reads: all that was posted to them and not taken back."""
        effects = self.ledger.read()
        gone = {(one.channel, one.ts) for one in effects if one.what == "delete"}
        names = {number: handle for handle, number in self.ws.ids()["people"].items()}
        found: dict[str, list[Said]] = {}
        for one in effects:
            if one.what == "message" and (one.channel, one.ts) not in gone:
                for person in one.recipients:
                    at = datetime.fromtimestamp(float(one.ts), UTC)
                    found.setdefault(names.get(person, person), []).append(Said(one.text, at, one.key))
        return found
