"""What a campaign showed, on the terminal and as JSON."""

import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.lab.chaos_faults import Faults
from bot.lab.chaos_plan import OTHERS, VICTIMS, Plan, Strike
from bot.lab.checker import Findings

PACKAGES = ("sessions-bot", "sqlalchemy", "rq", "redis", "slack-sdk", "slack-bolt", "gunicorn")
LABELS = {"flush": "FLUSHALL", "still": "stood still"}
SHOWN = 12  # findings of one kind


@dataclass
class Report:
    """The figures of one campaign."""

    plan: Plan
    database: str
    off: str
    history: bool
    data: Path
    findings: Findings = field(default_factory=Findings)
    struck: list[Strike] = field(default_factory=list)
    missed: list[Strike] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)  # seconds from being due to standing there
    to_quiet: list[float] = field(default_factory=list)  # seconds from a stage's last fault to quiet
    left: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    pressed: int = 0
    pressed_again: int = 0
    seconds: float = 0.0
    stuck: list[str] = field(default_factory=list)  # what did not happen in time

    def take(self, faults: Faults) -> None:
        """Copy what became of the faults."""
        self.struck, self.troubles = list(faults.struck), faults.troubles
        self.missed = list(faults.waiting.values())

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled, wrong, left over, or never struck.

        Without a guard it is good that the checker found something.
        """
        if self.off:
            return not self.findings.clean
        return self.findings.clean and not (self.stuck or self.missed or self.left)

    @property
    def faults(self) -> int:
        """How many faults happened."""
        return len(self.struck) + sum(self.troubles.values())

    def as_json(self) -> dict[str, Any]:
        """All figures."""
        found = self.findings
        return {
            "seed": self.plan.seed,
            "database": self.database,
            "off": self.off,
            "history": self.history,
            "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
            "people": self.plan.people,
            "messages": found.messages,
            "kills": sum(one.victim not in LABELS for one in self.struck),
            "strikes": dict(Counter(one.name for one in self.struck)),
            "never_struck": [one.name for one in self.missed],
            "troubles": dict(self.troubles),
            "lost": found.lost,
            "doubled": found.doubled,
            "wrong": found.wrong,
            "compensated": found.compensated,
            "repeated": found.repeated,
            "late_seconds": _spread(self.late),
            "to_quiet_seconds": _spread(self.to_quiet),
            "left": self.left,
            "rows": self.rows,
            "presses": self.pressed,
            "pressed_again": self.pressed_again,
            "seconds": round(self.seconds, 1),
            "stuck": self.stuck,
        }


def write(path: Path, reports: Sequence[Report]) -> None:
    """Keep the figures as JSON."""
    path.write_text(json.dumps([report.as_json() for report in reports], indent=2) + "\n")


def show(report: Report, say: Console) -> None:
    """Print the figures."""
    found, figures = report.findings, report.as_json()
    guard = f", without the guard [bold]{report.off}[/bold]" if report.off else ""
    history = "" if report.history else ", conversations unreadable"
    say.print(f"\n[bold]seed {report.plan.seed}[/bold] on {report.database}{history}{guard}")
    say.print(", ".join(f"{name} {number}" for name, number in figures["versions"].items()), style="dim")
    say.print(_strikes(report))
    rows = (
        ("messages", str(found.messages)),
        ("presses (repeated)", f"{report.pressed} ({report.pressed_again})"),
        ("kills", str(figures["kills"])),
        ("all faults", str(report.faults)),
        ("lost", str(len(found.lost))),
        ("doubled", str(len(found.doubled))),
        ("wrong state", str(len(found.wrong))),
        ("compensated", str(found.compensated)),
        ("repeated by policy", str(found.repeated)),
        ("left over", _words(report.left)),
        ("given up", _words({k: n for k, n in report.rows.items() if k.startswith("dead")})),
        ("late, s: p50 / p99 / max", " / ".join(f"{n:.2f}" for n in figures["late_seconds"])),
        ("last fault to quiet, s", " / ".join(f"{n:.2f}" for n in figures["to_quiet_seconds"])),
        ("took, s", f"{report.seconds:.0f}"),
    )
    table = Table(show_header=False, min_width=50)
    for row in rows:
        table.add_row(*row)
    say.print(table)
    for name, sentences in (("lost", found.lost), ("doubled", found.doubled), ("wrong", found.wrong)):
        for sentence in sentences[:SHOWN]:
            say.print(f"[red]{name}:[/red] {sentence}", highlight=False)
    for strike in report.missed:
        say.print(f"[red]never struck:[/red] {strike.name} (passage {strike.nth})", highlight=False)
    for sentence in report.stuck[:SHOWN]:
        say.print(f"[red]stuck:[/red] {sentence}", highlight=False)
    if report.off:
        says = (
            "is missed, as it should be" if report.good else "is not missed: either it or the checker is idle"
        )
        say.print(f"The guard [bold]{report.off}[/bold] {says}.")
    elif not report.good:
        say.print(f"The files of this run are in {report.data}.")
    elif report.faults:
        say.print(f"0 failures in {report.faults} faults: below {300 / report.faults:.2f} % (3/n, 95 %).")


def _strikes(report: Report) -> Table:
    table = Table(title="Faults by kind and place", title_justify="left")
    table.add_column("kind")
    table.add_column("times", justify="right")
    table.add_column("place")
    for victim in (*VICTIMS, *OTHERS):
        names = Counter(one.name for one in report.struck if one.victim == victim)
        if names:
            table.add_row(LABELS.get(victim, f"{victim} killed"), *_counted(names))
    methods: dict[str, Counter[str]] = {}
    for name, count in sorted(report.troubles.items()):
        method, deed = name.split(" ")
        methods.setdefault(method, Counter())[deed] += count
    for method, deeds in methods.items():
        table.add_row(method, *_counted(deeds))
    return table


def _counted(names: Counter[str]) -> tuple[str, str]:
    words = ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in sorted(names.items()))
    return str(names.total()), words


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "0"


def _spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Median, 99th percentile and largest."""
    if not seconds:
        return 0.0, 0.0, 0.0
    order = sorted(seconds)
    return order[len(order) // 2], order[min(len(order) - 1, len(order) * 99 // 100)], order[-1]
