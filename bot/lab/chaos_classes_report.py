"""What a campaign with classes showed, on the terminal and as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.lab.chaos_classes_plan import ClassesPlan
from bot.lab.chaos_faults import Faults
from bot.lab.chaos_plan import Strike
from bot.lab.checker_classes import ClassesFindings

SHOWN = 15  # findings of one kind


@dataclass
class ClassesReport:
    """The figures of one campaign."""

    plan: ClassesPlan
    database: str
    data: Path
    findings: ClassesFindings = field(default_factory=ClassesFindings)
    struck: list[Strike] = field(default_factory=list)
    missed: list[Strike] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    left: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # how many of each table were counted
    operations: int = 0  # what staff and members did
    presses: int = 0  # how often that was tried
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

    def groups(self) -> dict[str, list[str]]:
        """All that is wrong, by kind."""
        found = self.findings
        return {
            "lost": found.lost, "doubled": found.doubled, "wrong": found.wrong, "places": found.places,
            "money": found.money, "stuck": self.stuck,
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        return {
            "seed": self.plan.seed,
            "database": self.database,
            "operations": self.operations,
            "presses": self.presses,
            "kills": self.kills,
            "strikes": dict(Counter(one.name for one in self.struck)),
            "never_struck": [one.name for one in self.missed],
            "troubles": dict(self.troubles),
            "sent": dict(self.findings.sent),
            "rows": self.rows,
            **self.groups(),
            "left": self.left,
            "seconds": round(self.seconds, 1),
        }


def write(path: Path, reports: Sequence[ClassesReport]) -> None:
    """Keep the figures as JSON."""
    path.write_text(json.dumps([report.as_json() for report in reports], indent=2) + "\n")


def show(report: ClassesReport, say: Console) -> None:
    """Print the figures."""
    found = report.findings
    say.print(f"\n[bold]seed {report.plan.seed}[/bold] on {report.database}, classes")
    rows = (
        ("operations (tries)", f"{report.operations} ({report.presses})"),
        ("kills", f"{report.kills}: {_words(Counter(one.victim for one in report.struck))}"),
        ("faults outside", f"{report.troubles.total()}: {_words(report.troubles)}"),
        ("messages", f"{found.sent.total()}: {_words(found.sent)}"),
        ("counted", _words(report.rows)),
        ("lost", str(len(found.lost))),
        ("doubled", str(len(found.doubled))),
        ("wrong", str(len(found.wrong))),
        ("places off", str(len(found.places))),
        ("money off", str(len(found.money))),
        ("left over", _words(report.left)),
        ("took, s", f"{report.seconds:.0f}"),
    )
    table = Table(show_header=False, min_width=50)
    for row in rows:
        table.add_row(*row)
    say.print(table)
    for name, sentences in report.groups().items():
        for sentence in sentences[:SHOWN]:
            say.print(f"{name}: {sentence}", style="red", highlight=False, markup=False)
    if report.missed:
        say.print("no moment for: " + ", ".join(one.name for one in report.missed), style="dim")
    if not report.good:
        say.print(f"The files of this run are in {report.data}.")


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "0"
