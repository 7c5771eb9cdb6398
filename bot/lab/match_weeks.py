"""Weeks of coffee for a community: each rule meets the same people in the same weeks, and is measured.

``python -m bot.lab.match_weeks [--quick]``
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from random import Random

from rich.console import Console
from rich.table import Table

from bot.lab.match_past import Outcome, Past, Rule
from bot.lab.match_peers_groups import peers

OURS = "bot.lab.match_ours"  # arms(size) of our engine


@dataclass(frozen=True)
class Setting:
    """A community: *people* of whom each comes to a round with probability *share*, in groups of *size*.

    The first of them, as many as *regulars*, always come.
    """

    people: int
    rounds: int
    size: int = 2
    share: float = 1.0
    regulars: int = 0
    counted: int | None = None  # repeats are counted in the first rounds only; all, if None

    def __str__(self) -> str:
        some = "" if self.share == 1 else f", {self.share:.0%} come"
        regulars = f" and {self.regulars} always" if self.regulars else ""
        return f"{self.people} people in groups of {self.size}{some}{regulars}, {self.rounds} rounds"


PAIRS = (Setting(24, 23), Setting(25, 24), Setting(40, 26, share=0.7), Setting(100, 26))
ODD = (Setting(9, 52), Setting(25, 52), Setting(25, 52, share=0.7, regulars=10))
EVEN = tuple(Setting(people, people - 1) for people in range(10, 41, 2))  # until a repeat is forced
TRIADS = tuple(Setting(people, 26, size=3) for people in (12, 15, 24, 25, 30, 60))
FOURS = (
    *(Setting(people, rounds, size=4, counted=20) for people, rounds in ((32, 20), (40, 20), (100, 35))),
    Setting(32, 20, size=4, share=0.75),
)


def attendance(setting: Setting, seed: int) -> Iterator[list[int]]:
    """Who comes, round by round: drawn from the seed alone, so the same for every rule."""
    rng = Random(f"who comes {seed}")  # noqa: S311 - to be repeated, not secret
    for _ in range(setting.rounds):
        drawn = [rng.random() < setting.share for _ in range(setting.people)]
        yield [person for person, comes in enumerate(drawn) if comes or person < setting.regulars]


@dataclass
class Weeks:
    """What was seen of one rule over the rounds of one seed."""

    first: int | None = None  # the first round in which two met again
    pairs: int = 0
    repeats: int = 0
    lost: int = 0  # fresh pairs that were possible that day, and were not made
    seats: int = 0
    missed: Counter[int] = field(default_factory=Counter)  # person: rounds present and in no group
    always: set[int] = field(default_factory=set)  # who came to every round
    seconds: list[float] = field(default_factory=list)

    @property
    def worst(self) -> int:
        """The most rounds that one person missed."""
        return max(self.missed.values(), default=0)

    @property
    def spread(self) -> int | None:
        """By how much sitting out differs among those who always came; None if nobody did."""
        missed = [self.missed[person] for person in self.always]
        return max(missed) - min(missed) if missed else None


def simulate(rule: Rule, setting: Setting, seed: int) -> Weeks:
    """One rule, week after week. A grouping that is none is a ValueError."""
    weeks, past = Weeks(always=set(range(setting.people))), Past()
    rng = Random(f"chance {seed}")  # noqa: S311 - to be repeated, not secret
    for present in attendance(setting, seed):
        began = time.perf_counter()
        made = rule(present, past, rng)
        weeks.seconds.append(time.perf_counter() - began)
        made = Outcome(made.groups, judged(made, present))
        _count(weeks, made, present, past, setting)
        past.add(made)
    return weeks


def judged(made: Outcome, present: Sequence[int]) -> tuple[int, ...]:
    """Who is left, whatever the rule says. Raises ValueError for strangers, doubles and loners in a group."""
    here, grouped = set(present), {person for group in made.groups for person in group}
    if not grouped <= here:
        raise ValueError(f"In a group, but not present: {sorted(grouped - here)}.")
    for group in made.groups:
        if len(set(group)) < max(2, len(group)):
            raise ValueError(f"This is no group of two or more different people: {group}.")
    return tuple(person for person in present if person not in grouped)


def _count(weeks: Weeks, made: Outcome, present: Sequence[int], past: Past, setting: Setting) -> None:
    pairs = [pair for group in made.groups for pair in combinations(group, 2)]
    repeats = sum(past.met(*pair) for pair in pairs)
    if repeats and weeks.first is None:
        weeks.first = past.now
    if past.now <= (setting.counted or setting.rounds):
        weeks.pairs += len(pairs)
        weeks.repeats += repeats
    weeks.seats += len(present)
    weeks.missed.update(made.left)
    weeks.always &= set(present)
    if setting.size == 2 and (repeats or made.left):
        weeks.lost += max(0, _most_fresh(present, past) - _fresh_groups(made, past))


def _fresh_groups(made: Outcome, past: Past) -> int:
    """Groups in which nobody had met anybody."""
    return sum(not any(past.met(*pair) for pair in combinations(group, 2)) for group in made.groups)


def _most_fresh(present: Sequence[int], past: Past) -> int:
    """How many pairs could be made today of people who never met: a maximum matching."""
    import rustworkx as rx

    graph: rx.PyGraph[int, int] = rx.PyGraph()
    graph.add_nodes_from(present)
    numbered = combinations(range(len(present)), 2)
    graph.add_edges_from(
        [(one, other, 1) for one, other in numbered if not past.met(present[one], present[other])]
    )
    return len(rx.max_weight_matching(graph, max_cardinality=True))


@dataclass(frozen=True)
class Row:
    """One rule in one setting, over all seeds: means where nothing else is said."""

    setting: Setting
    arm: str
    firsts: tuple[int | None, ...]  # by seed
    repeats: float
    repeat_percent: float
    lost: float | None  # pairs only
    left: float
    missed_percent: float  # of the seats of those present
    worst: float
    spread: float | None
    ms: float  # a round

    fresh: int  # seeds in which nobody met again and nobody was left

    @property
    def first(self) -> float | None:
        """The mean first round with a repeat, where a seed without one counts as the round after the last."""
        if not any(self.firsts):
            return None
        return _mean([first or self.setting.rounds + 1 for first in self.firsts])


def table(arms: Mapping[str, Rule], settings: Sequence[Setting], seeds: Sequence[int]) -> list[Row]:
    """Each rule in each setting, over the same seeds."""
    return [
        _row(setting, name, [simulate(rule, setting, seed) for seed in seeds])
        for setting in settings
        for name, rule in arms.items()
    ]


def _row(setting: Setting, arm: str, runs: Sequence[Weeks]) -> Row:
    left = [run.missed.total() for run in runs]
    spreads = [run.spread for run in runs if run.spread is not None]
    return Row(
        setting=setting,
        arm=arm,
        firsts=tuple(run.first for run in runs),
        repeats=_mean([run.repeats for run in runs]),
        repeat_percent=_percent(sum(run.repeats for run in runs), sum(run.pairs for run in runs)),
        lost=_mean([run.lost for run in runs]) if setting.size == 2 else None,
        left=_mean(left),
        missed_percent=_percent(sum(left), sum(run.seats for run in runs)),
        worst=_mean([run.worst for run in runs]),
        spread=_mean(spreads) if spreads else None,
        ms=1000 * _mean([second for run in runs for second in run.seconds]),
        fresh=sum(run.first is None and not run.missed for run in runs),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def show(rows: Sequence[Row], say: Console) -> None:
    """A table for each setting."""
    for setting in dict.fromkeys(row.setting for row in rows):
        of = f"; repeats of the first {setting.counted}" if setting.counted else ""
        grid = Table(title=f"{setting}{of}", title_justify="left")
        grid.add_column("rule")
        for name in (
            "first repeat",
            "repeats",
            "repeat %",
            "lost",
            "left",
            "missed %",
            "worst",
            "spread",
            "ms",
        ):
            grid.add_column(name, justify="right")
        for row in rows:
            if row.setting == setting:
                grid.add_row(row.arm, *_cells(row))
        say.print(grid)


def show_fresh(rows: Sequence[Row], say: Console) -> None:
    """In how many seeds no round had a repeat and nobody was left: a line for each rule."""
    settings = list(dict.fromkeys(row.setting for row in rows))
    grid = Table(title="seeds with n - 1 fresh rounds, of n people in pairs", title_justify="left")
    for name in ("rule", *(str(setting.people) for setting in settings)):
        grid.add_column(name, justify="left" if name == "rule" else "right")
    for arm in dict.fromkeys(row.arm for row in rows):
        grid.add_row(arm, *(str(row.fresh) for row in rows if row.arm == arm))
    say.print(grid)


def _cells(row: Row) -> Iterator[str]:
    seen = [first for first in row.firsts if first]
    latest = "none" if None in row.firsts else max(seen)
    yield f"{row.first:.1f} ({min(seen)} to {latest})" if row.first else "none"
    for figure in (row.repeats, row.repeat_percent, row.lost, row.left, row.missed_percent, row.worst):
        yield "-" if figure is None else f"{figure:.1f}"
    yield "-" if row.spread is None else f"{row.spread:.1f}"
    yield f"{row.ms:.2f}"


Arms = Callable[[int], Mapping[str, Rule]]


def run(settings: Sequence[Setting], seeds: Sequence[int], more: Sequence[Arms] = ()) -> Iterator[list[Row]]:
    """Measure the peers, and the arms of *more*, which get the size of the groups: rows for each setting."""
    for setting in settings:
        arms = dict(peers(setting.size))
        for others in more:
            arms |= others(setting.size)
        yield table(arms, [setting], seeds)


def main(arguments: Sequence[str]) -> None:
    """Every setting, or with ``--quick`` two seeds of the small ones; our engine too, where there is one."""
    quick = "--quick" in arguments
    settings = [one for one in (*PAIRS, *ODD, *TRIADS, *FOURS) if not quick or one.people < 60]
    ours = [import_module(OURS).arms] if find_spec(OURS) else []
    seeds, say = range(2 if quick else 10), Console(width=120)
    for setting in settings:
        few = seeds if setting.size == 2 else seeds[:4]  # a round of groups takes a second where all have met
        for rows in run([setting], few, ours):
            show(rows, say)
    show_fresh([row for rows in run(EVEN[:4] if quick else EVEN, seeds, ours) for row in rows], say)


if __name__ == "__main__":
    main(sys.argv[1:])
