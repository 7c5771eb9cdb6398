"""``sessions chaos-hosted``: 1:1 sessions with guests while processes are killed and others fail.

A round is one weekend on which clocks change. Each host has one session with one guest; it stays, is moved,
paid for, cancelled with the money back, cancelled while its reminder is due, or cancelled and put back.
Slack, mail server, gateway and Stripe fail as the plan wants. Then the checker counts what guests got.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import Engine, text

from bot.lab import chaos_hosted_report
from bot.lab.chaos import database, kept_up
from bot.lab.chaos_faults import Faults
from bot.lab.chaos_hosted_people import FEW, PARTS, PRICE, Pair, Part, company
from bot.lab.chaos_hosted_plan import HostedPlan, draw
from bot.lab.chaos_hosted_report import HostedReport
from bot.lab.chaos_hosted_weekend import FRIDAYS, START, Weekend
from bot.lab.chaos_people import Ledger, until
from bot.lab.checker_hosted import Told, check, check_money
from bot.lab.stage import Stage, StageError
from sandbox.guests_client import Guests
from store.database import make_engine

AT_ONCE = 3  # people who act at the same time
MINUTE = 61  # seconds after which Stripe is asked again
MAILED = {"mail.send drop_after", "mail.send drop_before"}  # whose end nobody knows


@dataclass
class HostedOptions:
    """How to play."""

    seed: int = 7
    kills: int = 14
    few: bool = False  # fewer sessions, and nothing on the day after
    speed: float = 0.05


def run(*, db: str, out: Path | None = None, console: Console | None = None, **how: Any) -> int:
    """Play on one database or both, as *how* (HostedOptions) says; 0 if nothing was lost or doubled."""
    say = console or Console()
    options = HostedOptions(**how)
    reports = []
    for kind in ("sqlite", "postgresql") if db == "both" else (db,):
        reports.append(play(options, kind, say))
        chaos_hosted_report.show(reports[-1], say)
    if out is not None:
        chaos_hosted_report.write(out, reports)
    return 0 if all(one.good for one in reports) else 1


def play(options: HostedOptions, kind: str, say: Console) -> HostedReport:
    """One campaign on one kind of database. The files stay when it failed."""
    plan = draw(options.seed, options.kills)
    parts = FEW if options.few else PARTS
    data = Path(tempfile.mkdtemp(prefix="sessions-chaos-hosted-"))
    report = HostedReport(plan=plan, database=kind, data=data)
    began = time.monotonic()
    with database(kind, data) as (address, url):
        engine = make_engine(address)
        stage = Stage(
            workspace=company(len(parts)),
            data=data,
            speed=options.speed,
            now=FRIDAYS[0].isoformat(),
            database_url=url,
            faults=data / "plan",
        )
        try:
            with stage:
                campaign = HostedCampaign(stage, plan, report, engine, say, parts, few=options.few)
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
class HostedCampaign:
    """One campaign against one stage."""

    stage: Stage
    plan: HostedPlan
    report: HostedReport
    engine: Engine
    say: Console
    parts: tuple[Part, ...]
    few: bool = False
    told: dict[str, Told] = field(default_factory=dict)  # by the guest's name
    pairs: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ws = self.stage.ws
        self.guests = Guests(self.ws)
        self.ledger = Ledger(self.ws)
        self.faults = Faults(self.plan, self.stage.faults or self.stage.data / "plan", self.ws)

    def play(self) -> None:
        """Play all rounds; count, whatever happens."""
        self.ws.settings(retry_factor=0.05)
        for pair in self._pairs(0):
            if pair.pays:
                pair.offer()
        self.faults.link(self.stage.data / "sessions" / "run.json")
        try:
            for number in range(min(len(FRIDAYS), self.plan.rounds)):
                self.round(number)
        finally:
            self.faults.collect()
            self.judge()

    def _pairs(self, number: int) -> list[Pair]:
        start = FRIDAYS[number] + START
        return [
            Pair(self.ws, self.guests, self.engine, number, n, part, start)
            for n, part in enumerate(self.parts)
        ]

    def round(self, number: int) -> None:
        """One weekend: booked and paid on Friday, reminded, changed, held on Sunday or on Monday."""
        pairs, friday = self._pairs(number), FRIDAYS[number]
        if number:
            self.ws.clock.advance_to(friday)
        self.pairs += pairs
        weekend = Weekend(self, number, pairs, friday + START)
        with self.trouble(number, "book"):
            self.act(pairs, weekend.book)
        for one in pairs:
            if one.cannot_pay():
                self.told[one.name].what = one.part.what
        with self.trouble(number, "pay"):
            self.act([one for one in pairs if one.pays], Pair.pay)
            self._goal(self._all_paid, "payments are known")
        weekend.play()
        self.say.print(f"[dim]round {number + 1}: {len(self.faults.struck)} strikes so far[/dim]")

    def act(self, pairs: list[Pair], act: Callable[[Pair], object]) -> None:
        """Let some act at the same time. What one of them could not do is noted."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for waiting in [pool.submit(act, one) for one in pairs]:
                try:
                    waiting.result()
                except StageError as error:
                    self.report.stuck.append(str(error))
        self.report.operations += len(pairs)

    def _all_paid(self) -> bool:
        """Whether the rows know of all payments; a minute later Stripe is asked of the others."""
        if all(
            one.row().get("bill") not in ("link_sent", "required", "checkout_open")
            for one in self.pairs
            if one.pays
        ):
            return True
        time.sleep(0.5)
        self.ws.clock.advance(MINUTE)
        return False

    @contextmanager
    def trouble(self, number: int, stage: str, at: datetime | None = None) -> Iterator[None]:
        """Arm what is planned for a stage, move the clock, and wait for quiet when the stage was played."""
        self.faults.arm(number, stage)
        if at is not None:
            self.ws.clock.advance_to(at)
        yield
        self._goal(self._quiet, f"everything is settled after {stage} of round {number + 1}")
        self.faults.disarm()
        self.faults.collect()

    def _goal(self, claim: Callable[[], bool], what: str) -> None:
        try:
            until(claim, what)
        except StageError as error:
            self.report.stuck.append(str(error))

    def _quiet(self) -> bool:
        """Whether nothing waits; looked at twice, because a jump of the clock is noticed at the next beat."""
        for _ in range(2):
            if self.unsettled() or not self.ws.quiet():
                return False
            time.sleep(0.1)
        return True

    def unsettled(self) -> dict[str, int]:
        """What is neither sent nor given up: messages, reminders that are due, refunds."""
        return {
            k: n
            for k, n in self.rows().items()
            if k.split()[1] in ("pending", "leased", "unknown", "due", "asked")
        }

    def rows(self) -> dict[str, int]:
        """Messages by their state, reminders that are overdue, refunds by their state."""
        now = datetime.fromtimestamp(self.ws.clock.now(), UTC)
        at = now.replace(tzinfo=None) if self.engine.dialect.name == "sqlite" else now
        wanted = (
            # App Home is drawn at leisure, and tells nobody anything
            "SELECT 'messages', state, count(*) FROM outbox WHERE kind <> 'home.redraw' GROUP BY 1, 2",
            "SELECT 'refunds', state, count(*) FROM refund GROUP BY 1, 2",
            "SELECT 'reminders', 'due', count(*) FROM hosted_reminder "
            "WHERE state = 'planned' AND due_at <= :now HAVING count(*) > 0",
            "SELECT 'sessions', 'due', count(*) FROM hosted_session "
            "WHERE next_at <= :now HAVING count(*) > 0",
        )
        found: dict[str, int] = {}
        with suppress(OSError), self.engine.connect() as connection:
            for one in wanted:
                asked = connection.execute(text(one), {"now": at} if ":now" in one else {})
                found |= {f"{what} {state}": count for what, state, count in asked}
        return found

    def judge(self) -> None:
        """Count what guests, and hosts, got; and where the money is."""
        report = self.report
        report.take(self.faults)
        report.left = self.unsettled()
        letters = {
            one.name: [*self.guests.mails(one.address), *self.guests.texts(one.address)] for one in self.pairs
        }
        for one in self.pairs:
            self.told[one.name].unsure = one.unsure()
        found = check(self.told.values(), letters, doubts=self._doubts())
        books = self.ws.get("/control/stripe")
        rows = {
            one.name: {"what": one.part.what, "pays": one.pays, "price": PRICE} | one.row()
            for one in self.pairs
        }
        self._told_of_unsure(found.lost)
        found.money = check_money(rows, books["charges"], books["refunds"])
        for one in self.pairs:
            row = rows[one.name]
            over = one.part.what in ("cancelled", "refunded")
            moved = self.few and one.part.what == "moved"
            held = "scheduled" if moved else "live" if self.few else "missed"
            if row["state"] != ("cancelled" if over else held) or row["sessions"] != 1:
                found.wrong.append(
                    f"{one.name} ({one.part.what}): {row['sessions']} sessions, {row['state']}"
                )
        self._hosts(found.doubled, found.lost)
        report.findings = found
        report.presses = sum(one.presses for one in self.pairs)

    def _told_of_unsure(self, lost: list[str]) -> None:
        """What was given up is not sent again; of an invitation the host hears that."""
        unsure = [one.name for one in self.told.values() if "invitation" in one.unsure]
        said = " ".join(e.text for e in self.ledger.read() if e.what in ("message", "update"))
        lost += [
            f"{name}: the host does not know that nobody knows"
            for name in unsure
            if f"The invitation to {name} " not in said
        ]

    def _doubts(self) -> int:
        """How many sendings had an end that nobody could know: kills, stops, and lines that broke."""
        broken = sum(count for name, count in self.faults.troubles.items() if name in MAILED)
        return broken + len(self.faults.struck)

    def _hosts(self, doubled: list[str], lost: list[str]) -> None:
        """No message in Slack stands there twice, and each payment was told once."""
        posted = [e for e in self.ledger.read() if e.what == "message" and e.key]
        gone = {(e.channel, e.ts) for e in self.ledger.read() if e.what == "delete"}
        keys = [e.key for e in posted if (e.channel, e.ts) not in gone]
        self.report.in_slack = len(keys)
        doubled += sorted({f"{key} in Slack" for key in keys if keys.count(key) > 1})
        said = [e.text for e in posted if (e.channel, e.ts) not in gone]
        for one in self.pairs:
            count = sum(text_.startswith(f"{one.name} paid 40.00 USD") for text_ in said)
            if one.pays and count != 1:
                (lost if not count else doubled).append(
                    f"{one.name}: the host was told {count} times of the payment"
                )
