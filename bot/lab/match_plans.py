"""Plans against the best that is known: how many weeks nobody meets twice, checked pair by pair.

``python -m bot.lab.match_plans [--quick]``
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rich.console import Console
from rich.table import Table

from domain.matching.plan import MOST_IN_GROUPS, circle_table, most_fresh_weeks, weeks

# CSPLib 010, for five to ten groups of the size; each is proved optimal. As collected in
# github.com/guwidoe/GroupMixer, backend/core/src/solver5/targets/solver5_target_matrix.v1.json.
BEST_KNOWN = {3: (7, 8, 10, 11, 13, 14), 4: (5, 7, 9, 10, 11, 13)}


@dataclass(frozen=True)
class Row:
    """The plan of *groups* groups of *size*; *best* weeks are known, else it is the bound."""

    groups: int
    size: int
    best: int
    weeks: int
    fault: str
    seconds: float


def fault(plan: Sequence[Sequence[Sequence[int]]], groups: int, size: int) -> str:
    """What makes this no plan; empty if everybody has one seat each week and no two meet twice."""
    met: set[tuple[int, ...]] = set()
    for number, week in enumerate(plan, start=1):
        if sorted(seat for group in week for seat in group) != list(range(groups * size)):
            return f"week {number} does not seat everybody once"
        if {len(group) for group in week} != {size}:
            return f"week {number} has groups of another size"
        for pair in (pair for group in week for pair in combinations(sorted(group), 2)):
            if pair in met:
                return f"{pair} meet again in week {number}"
            met.add(pair)
    return ""


def row(groups: int, size: int, best: int, seed: int = 1) -> Row:
    """Make one plan, and check it."""
    began = time.perf_counter()
    plan = weeks(groups * size, size, seed=seed)
    seconds = time.perf_counter() - began
    return Row(groups, size, best, len(plan), fault(plan, groups, size), seconds)


def cells() -> Iterator[Row]:
    """The twelve cells of the social golfer problem, five to ten groups of three and of four."""
    for size, known in BEST_KNOWN.items():
        for groups, best in enumerate(known, start=5):
            yield row(groups, size, best)


def others() -> Iterator[Row]:
    """Every other number of full groups that has a plan at all, against the bound by counting."""
    for size in range(3, 9):
        for groups in range(size, MOST_IN_GROUPS // size + 1):
            if size not in BEST_KNOWN or not 5 <= groups <= 10:
                yield row(groups, size, most_fresh_weeks(groups * size, size))


def faulty_circles(most: int) -> list[int]:
    """The numbers up to *most* for which the circle method fails: a seat taken twice, or a pair met twice."""
    return [n for n in range(2, most + 1) if not _full_circle(n)]


def _full_circle(n: int) -> bool:
    table = circle_table(n)
    one, two = table[..., 0], table[..., 1]
    met = np.zeros(n * n, dtype=bool)
    met[np.minimum(one, two) * n + np.maximum(one, two)] = True
    seated, week = np.zeros((len(table), n), dtype=bool), np.arange(len(table))[:, None]
    seated[week, one] = seated[week, two] = True
    everybody = seated.sum() == len(table) * (n - n % 2) and (seated.sum(axis=0) == n - 1).all()
    return bool(len(table) == n - 1 + n % 2 and met.sum() == n * (n - 1) // 2 and everybody)


def show(rows: Sequence[Row], title: str, best: str, say: Console) -> None:
    """One table of rows."""
    grid = Table(title=title, title_justify="left")
    for name in ("groups", "of", "weeks", best, "ms", "fault"):
        grid.add_column(name, justify="right")
    for one in rows:
        figures = (
            one.groups,
            one.size,
            one.weeks or "-",
            one.best,
            f"{one.seconds * 1000:.1f}",
            one.fault or "none",
        )
        grid.add_row(*map(str, figures))
    say.print(grid)


def main(arguments: Sequence[str]) -> None:
    """The twelve cells, all other groups of up to 120 people, and pairs up to 1,000; ``--quick``: to 200."""
    say, most = Console(), 200 if "--quick" in arguments else 1_000
    twelve = list(cells())
    show(twelve, "social golfer problem, full attendance", "best known", say)
    reached = sum(one.weeks == one.best and not one.fault for one in twelve)
    say.print(f"{reached} of {len(twelve)} reached\n")
    show(list(others()), f"other groups of up to {MOST_IN_GROUPS} people; -: no plan", "bound", say)
    began, wrong = time.perf_counter(), faulty_circles(most)
    seconds = time.perf_counter() - began
    say.print(f"pairs, every n from 2 to {most:,}: {len(wrong)} wrong, {seconds:.1f} s {wrong[:5] or ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
