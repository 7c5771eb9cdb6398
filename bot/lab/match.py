"""``sessions bench match``: our engine beside other rules, other solvers and published bounds."""

import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from bot.lab import match_instances, match_job, match_mentors, match_plans, match_weeks
from bot.lab.match_instances import OURS, SEED, Case, measure

PEOPLE = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


def run(*, part: str = "all", quick: bool = False) -> int:
    """Print the tables of one *part*, or of all."""
    arguments = ["--quick"] if quick else []
    for name, (title, measured) in PARTS.items():
        if part in ("all", name):
            Console().rule(title)
            measured(arguments)
    return 0


def growth(arguments: Sequence[str]) -> None:
    """Time and memory of one round with 50 rounds of history and three rules, from 10 people on."""
    for size in (2, 4):
        grid = Table(title=f"one round in groups of {size}", title_justify="left")
        for name in ("people", "soft", "repeats", "cpu s", "us a person", "MB"):
            grid.add_column(name, justify="right")
        for people in PEOPLE[: 6 if "--quick" in arguments else None]:
            row = measure("ours", Case(OURS, people // size * size, size, SEED))
            cpu = row.cpu or 0.0
            each = f"{1e6 * cpu / people:.0f}"
            figures = (f"{row.soft:,}", str(row.repeats), f"{cpu:.3f}", each, f"{row.mb:.0f}")
            grid.add_row(f"{row.case.people:,}", *figures)
        Console().print(grid)


PARTS: dict[str, tuple[str, Callable[[list[str]], None]]] = {
    "plans": ("Plans while everybody comes, beside the best known", match_plans.main),
    "weeks": ("Week by week, beside the rules of other bots", match_weeks.main),
    "rounds": ("One round for many people, beside plain solvers", match_instances.main),
    "growth": ("One round, from 10 people to 100,000", growth),
    "mentors": ("Mentors and mentees, and ranked lists", match_mentors.main),
    "job": ("The whole matching job", match_job.main),
}


if __name__ == "__main__":
    sys.exit(run(quick="--quick" in sys.argv))
