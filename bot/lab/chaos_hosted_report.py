"""What a campaign with 1:1 sessions showed, on the terminal and as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.lab.chaos_faults import Faults
from bot.lab.chaos_hosted_plan import HostedPlan
from bot.lab.chaos_plan import Strike
from bot.lab.checker_hosted import HostedFindings

SHOWN = 12  # findings of one kind


@dataclass
class HostedReport:
    """The figures of one campaign."""

    plan: HostedPlan
    database: str
    data: Path
    findings: HostedFindings = field(default_factory=HostedFindings)
    struck: list[Strike] = field(default_factory=list)
    missed: list[Strike] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    left: dict[str, int] = field(default_factory=dict)
    operations: int = 0  # sessions booked, paid for, moved and cancelled
    presses: int = 0  # how often that was tried
    in_slack: int = 0  # messages to hosts
    seconds: float = 0.0
    stuck: list[str] = field(default_factory=list)  # what did not happen in time

    def take(self, faults: Faults) -> None:
        """Copy what became of the faults."""
        self.struck, self.troubles = list(faults.struck), faults.troubles
        self.missed = list(faults.waiting.values())

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled, wrong or left over."""
        return self.findings.clean and not (self.stuck or self.left)

    @property
    def kills(self) -> int:
        """How often a process, or all of them, were killed."""
        return sum(one.victim != "still" for one in self.struck)

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        found = self.findings
        return {
            "seed": self.plan.seed,
            "database": self.database,
            "operations": self.operations,
            "presses": self.presses,
            "kills": self.kills,
            "strikes": dict(Counter(one.name for one in self.struck)),
            "never_struck": [one.name for one in self.missed],
            "troubles": dict(self.troubles),
            "sent": dict(found.sent),
            "in_slack": self.in_slack,
            "lost": found.lost,
            "doubled": found.doubled,
            "repeats": found.repeats,
            "unsure": found.unsure,
            "wrong": found.wrong,
            "money": found.money,
            "late_seconds": round(max(found.late, default=0.0), 1),
            "left": self.left,
            "seconds": round(self.seconds, 1),
            "stuck": self.stuck,
        }


def write(path: Path, reports: Sequence[HostedReport]) -> None:
    """Keep the figures as JSON."""
    path.write_text(json.dumps([report.as_json() for report in reports], indent=2) + "\n")


def show(report: HostedReport, say: Console) -> None:
    """Print the figures."""
    found = report.findings
    say.print(f"\n[bold]seed {report.plan.seed}[/bold] on {report.database}, 1:1 sessions")
    rows = (
        ("operations (tries)", f"{report.operations} ({report.presses})"),
        ("kills", f"{report.kills}: {_words(Counter(one.victim for one in report.struck))}"),
        ("faults outside", f"{report.troubles.total()}: {_words(report.troubles)}"),
        ("sent to guests", f"{found.sent.total()}: {_words(found.sent)}"),
        ("sent to hosts", str(report.in_slack)),
        ("lost", str(len(found.lost))),
        ("doubled", str(len(found.doubled))),
        ("same Message-ID again", str(found.repeats)),
        ("given up, unsure", str(found.unsure)),
        ("wrong", str(len(found.wrong))),
        ("money off", str(len(found.money))),
        ("left over", _words(report.left)),
        ("latest reminder, s", f"{max(found.late, default=0.0):.1f}"),
        ("took, s", f"{report.seconds:.0f}"),
    )
    table = Table(show_header=False, min_width=50)
    for row in rows:
        table.add_row(*row)
    say.print(table)
    groups = (
        ("lost", found.lost),
        ("doubled", found.doubled),
        ("wrong", found.wrong),
        ("money", found.money),
    )
    for name, sentences in (*groups, ("stuck", report.stuck)):
        for sentence in sentences[:SHOWN]:
            say.print(f"[red]{name}:[/red] {sentence}", highlight=False)
    if report.missed:
        say.print("no moment for: " + ", ".join(one.name for one in report.missed), style="dim")
    if not report.good:
        say.print(f"The files of this run are in {report.data}.")


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "0"
