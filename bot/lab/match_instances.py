"""One round for many people: seeded instances, a referee that knows no engine, and solvers measured apart.

``python -m bot.lab.match_instances [--quick]``
"""

import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bot.lab.match_past import sizes

Numbers = NDArray[np.int32]

ROUNDS = 50
SEED = 7
PATIENCE = 900.0  # seconds for one solver
OURS = "bot.lab.match_ours:solve"  # our engine's solver


@dataclass(frozen=True)
class Wish:
    """A soft rule: in each pair of a group this trait should be the same, or else different."""

    name: str
    values: int
    same: bool
    weight: int


WISHES = (
    Wish("department", values=12, same=False, weight=4),
    Wish("zone", values=4, same=True, weight=2),
    Wish("level", values=5, same=False, weight=1),  # more than a group holds: all can differ
)


@dataclass(frozen=True)
class Instance:
    """People with traits and a past, all of them present, to be put into groups of *size*."""

    size: int
    traits: Numbers  # wishes x people: which value each person has
    past: Numbers  # rounds x people: the number of each person's group

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self.traits[0])


def instance(people: int, size: int, seed: int = SEED, rounds: int = ROUNDS) -> Instance:
    """Evenly drawn traits, and rounds of random groups in which everybody took part."""
    rng = np.random.default_rng([seed, people, size])
    traits = np.stack([rng.integers(wish.values, size=people, dtype=np.int32) for wish in WISHES])
    past = np.stack([_random_groups(people, size, rng) for _ in range(rounds)])
    return Instance(size, traits, past)


def _random_groups(people: int, size: int, rng: np.random.Generator) -> Numbers:
    lengths = sizes(people, size)
    groups = np.empty(people, np.int32)
    groups[rng.permutation(people)] = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return groups


# --- The referee ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """What a grouping costs: the weights of all wishes not met in all pairs, and pairs who met before."""

    soft: int
    repeats: int


def score(given: Instance, groups: Numbers) -> Score:
    """Judge a grouping: for each person the number of a group. What is no grouping is a ValueError."""
    _check(given, groups)
    one, other = pairs(groups)
    soft = 0
    for wish, trait in zip(WISHES, given.traits, strict=True):
        alike = trait[one] == trait[other]
        soft += wish.weight * int(np.count_nonzero(~alike if wish.same else alike))
    met = np.zeros(len(one), bool)
    for past in given.past:
        met |= past[one] == past[other]
    return Score(soft, int(np.count_nonzero(met)))


def _check(given: Instance, groups: Numbers) -> None:
    if groups.shape != (given.people,) or groups.min() < 0:
        raise ValueError(f"Not every one of {given.people} people has one group.")
    lengths = np.bincount(groups)
    found, wanted = set(lengths[lengths > 0].tolist()), set(sizes(given.people, given.size))
    allowed = wanted | {length for length in range(given.size - 1, given.size + 2) if length > 1}
    if not found <= allowed:
        raise ValueError(f"Groups of {given.size} cannot have these sizes: {sorted(found - allowed)}.")


def pairs(groups: Numbers) -> tuple[Numbers, Numbers]:
    """Every two people of one group, as two columns."""
    order = np.argsort(groups, kind="stable").astype(np.int32)
    sorted_groups = groups[order]
    ones, others = [], []
    for apart in range(1, int(np.bincount(groups).max())):
        together = sorted_groups[:-apart] == sorted_groups[apart:]
        ones.append(order[:-apart][together])
        others.append(order[apart:][together])
    return np.concatenate(ones), np.concatenate(others)


# --- Measuring --------------------------------------------------------------------------------------------

Solver = Callable[[Instance, Random], Numbers]


@dataclass(frozen=True)
class Case:
    """One instance, and who solves it."""

    solver: str  # module:function
    people: int
    size: int
    seed: int = SEED


@dataclass(frozen=True)
class Row:
    """What one solver reached, alone in a process; nothing, and the problem, if it failed."""

    arm: str
    case: Case
    soft: int | None = None
    repeats: int | None = None
    seconds: float | None = None  # wall clock, without making the instance and without imports
    cpu: float | None = None  # processor seconds of the same
    mb: float | None = None  # the most memory that the process had, with the instance and all imports
    problem: str = ""


def table(arms: Mapping[str, str], people: int, size: int, seeds: Sequence[int] = (SEED,)) -> Iterator[Row]:
    """Each solver (name: ``module:function``) on the same instances, each in a process of its own."""
    for seed in seeds:
        for arm, solver in arms.items():
            yield measure(arm, Case(solver, people, size, seed))


def measure(arm: str, case: Case, *, patience: float = PATIENCE) -> Row:
    """Run one solver in a new process, for at most *patience* seconds."""
    command = [sys.executable, "-m", "bot.lab.match_instances", "--one", json.dumps(asdict(case))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=True)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Row(arm, case, problem=f"not done in {patience:.0f} s")
    except subprocess.CalledProcessError as error:
        return Row(arm, case, problem=(error.stderr.strip().splitlines() or ["died"])[-1])
    return Row(arm, case, **json.loads(done.stdout))


def one(case: Case) -> dict[str, float]:
    """Solve one case here, and say what was seen."""
    module, _, name = case.solver.partition(":")
    solve: Solver = getattr(importlib.import_module(module), name)
    solve(instance(4 * case.size, case.size), Random(0))  # noqa: S311 - lets it import what it needs
    given = instance(case.people, case.size, case.seed)
    wall, cpu = time.perf_counter(), time.process_time()
    groups = solve(given, Random(case.seed))  # noqa: S311 - to be repeated, not secret
    seen = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    seen["mb"] = peak()
    return seen | asdict(score(given, np.asarray(groups, np.int32)))


def peak() -> float:
    """The most memory that this process had, in MB.

    Where Linux says it, its own word: getrusage() begins with the peak of the process that started this one.
    """
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes; bytes on macOS
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


# --- The command ------------------------------------------------------------------------------------------

HERE = "bot.lab.match_solvers"
PLAIN = {
    "random": f"{HERE}:at_random",
    "greedy, retries": f"{HERE}:greedy",
    "swaps, 10 sweeps": f"{HERE}:swaps",
}
BLOSSOM = {"blossom, rustworkx": f"{HERE}:blossom"}
SLOW_BLOSSOM = {"blossom, networkx": f"{HERE}:blossom_networkx"}


def cases(quick: bool) -> Iterator[tuple[int, int, dict[str, str]]]:
    """People, size and solvers of each table."""
    yield 100, 2, PLAIN | BLOSSOM | SLOW_BLOSSOM
    yield 1_000, 2, PLAIN | BLOSSOM | ({} if quick else SLOW_BLOSSOM)
    yield 1_000, 4, PLAIN
    if not quick:
        yield 10_000, 4, PLAIN
        yield 100_000, 4, PLAIN


def show(rows: Sequence[Row], say: Console) -> None:
    """One table of rows."""
    case = rows[0].case
    grid = Table(title=f"{case.people:,} people in groups of {case.size}", title_justify="left")
    grid.add_column("solver")
    for name in ("soft", "repeats", "seconds", "cpu s", "MB"):
        grid.add_column(name, justify="right")
    for row in rows:
        if row.problem:
            grid.add_row(row.arm, row.problem)
        else:
            grid.add_row(
                row.arm,
                f"{row.soft:,}",
                f"{row.repeats:,}",
                f"{row.seconds:.3f}",
                f"{row.cpu:.3f}",
                f"{row.mb:.0f}",
            )
    say.print(grid)


def main(arguments: Sequence[str]) -> None:
    """Every table, or with ``--quick`` those of seconds; ``--one`` is what a child process is told."""
    if arguments[:1] == ["--one"]:
        sys.stdout.write(json.dumps(one(Case(**json.loads(arguments[1])))))
        return
    ours = {"ours": OURS} if find_spec(OURS.partition(":")[0]) else {}
    for people, size, arms in cases("--quick" in arguments):
        show(list(table(arms | ours, people, size)), Console())


if __name__ == "__main__":
    main(sys.argv[1:])
