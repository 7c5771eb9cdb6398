"""Mentors assigned by score, and by ranked lists: seeded instances, and each way measured apart.

``python -m bot.lab.match_mentors [--quick]``
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from bot.lab import match_mentor_arms as arms
from bot.lab.match_instances import peak
from domain.matching.assignment import NOBODY, Pairs
from domain.matching.candidates import Compare, Must, Part, Rules, Scorer, candidates
from domain.matching.mentors import match
from domain.matching.ranked import blocking

Ints = NDArray[np.int64]
SEED = 7
SEATS = 0.95  # places for each mentee
LISTED = 5  # names on a ranked list
PATIENCE = 120.0  # seconds for one way
SIZES = ((1_000, 300), (10_000, 3_000), (50_000, 15_000))


@dataclass(frozen=True)
class Case:
    """One way on one instance. *job*: "scores" (50 candidates each), "whole" (and their lists), "ranked"."""

    job: str
    arm: str
    mentees: int
    mentors: int
    seed: int = SEED


@dataclass(frozen=True)
class Row:
    """What one way reached, alone in a process; nothing, and the problem, if it failed.

    *score* is the sum of scores in points for "scores" and "whole"; the mean rank for "ranked". *blocking*
    counts pairs that would rather have each other; only for "ranked".
    """

    case: Case
    matched: int | None = None
    score: float | None = None
    blocking: int | None = None
    seconds: float | None = None  # wall clock, without making the instance and without imports
    cpu: float | None = None  # processor seconds of the same
    mb: float | None = None  # the most memory that the process had, with the instance and all imports
    problem: str = ""


# --- Instances --------------------------------------------------------------------------------------------


def program(mentees: int, mentors: int, seed: int = SEED) -> tuple[Rules, Ints]:
    """Rules with the product's default weights on drawn attributes, and places for 95 in 100 mentees."""
    rng = np.random.default_rng([seed, mentees, mentors])

    def items(people: int, kinds: int, each: int) -> Ints:
        return np.asarray(rng.random((people, kinds)).argsort(axis=1) < each, dtype=np.int64)

    def languages(people: int) -> Ints:
        spoken = rng.random((people, 6)) < 0.2
        spoken[:, 0] |= rng.random(people) < 0.85
        return spoken.astype(np.int64)

    def hours(people: int) -> Ints:
        first = rng.integers(4, 14, people)[:, None]
        return np.asarray((np.arange(24) >= first) & (np.arange(24) < first + 8), dtype=np.int64)

    ours, theirs = languages(mentees), languages(mentors)
    parts = (
        Part("skills", 50, Compare.SHARED, items(mentees, 40, 3), items(mentors, 40, 6)),
        Part("languages", 15, Compare.SHARED, ours, theirs),
        Part("hours", 20, Compare.SHARED, hours(mentees), hours(mentors)),
        Part("department", 10, Compare.DIFFERENT, rng.integers(0, 20, mentees), rng.integers(0, 20, mentors)),
        Part("level", 5, Compare.NEAR, rng.integers(2, 7, mentees), rng.integers(2, 7, mentors), span=4),
    )
    managers = rng.integers(0, mentors, mentees)
    musts = (
        Must(Compare.SHARED, ours, theirs),
        Must(Compare.DIFFERENT, managers, np.arange(mentors)),
    )
    return Rules(parts, musts, minimum=2_000), _places(mentees, mentors, rng)


def ranked_lists(mentees: int, mentors: int, seed: int = SEED) -> tuple[Ints, Ints, Ints]:
    """Five different names each, how much each of them likes the mentee, and places for 95 in 100.

    Some mentors are named far more often than others: popularity is log-normal (sigma 0.75, an assumption).
    """
    rng = np.random.default_rng([seed, mentees, mentors])
    popular = rng.lognormal(0, 0.75, mentors - LISTED + 1).cumsum()
    names = np.sort(np.searchsorted(popular, rng.random((mentees, LISTED)) * popular[-1]), axis=1)
    for rank in range(1, LISTED):  # who is named twice stands for the next one, too
        names[:, rank] = np.maximum(names[:, rank], names[:, rank - 1] + 1)
    liking = rng.permutation(names.size).reshape(names.shape)
    return rng.permuted(names, axis=1), liking, _places(mentees, mentors, rng)


def _places(mentees: int, mentors: int, rng: np.random.Generator) -> Ints:
    more = int(SEATS * mentees) - mentors
    return np.asarray(1 + rng.multinomial(more, np.full(mentors, 1 / mentors)), dtype=np.int64)


# --- Measuring --------------------------------------------------------------------------------------------

SCORED: dict[str, Callable[[Pairs], Ints]] = {
    "first come": arms.first_come,
    "greedy by score": arms.greedy,
    "ours, scipy": arms.ours_scipy,
    "ours, ortools": arms.ours_ortools,
    "plain ortools": arms.plain_ortools,
    "linear_sum_assignment": arms.plain_scipy,
    "networkx": arms.networkx_flow,
}
WHOLE = {"ours, lists and all": 0, "ours, and the bound": 1}  # looks at all pairs after solving
RANKED: dict[str, Callable[[Ints, Ints, Ints], Ints]] = {
    "first come": arms.lists_first_come,
    "ours, stable": arms.ours_stable,
    "ours, most (scipy)": arms.ours_most_scipy,
    "ours, most (ortools)": arms.ours_most_ortools,
    "matching": arms.hospital_resident,
}
LARGEST = {"networkx": 1_000, "matching": 1_000, "linear_sum_assignment": 10_000}  # mentees; else no end


def rows(quick: bool) -> Iterator[Row]:
    """Every way on every instance; quickly, the smallest only."""
    for mentees, mentors in SIZES[: 1 if quick else None]:
        for job, ways in (("scores", SCORED), ("whole", WHOLE), ("ranked", RANKED)):
            for arm in ways:
                if mentees <= LARGEST.get(arm, mentees):
                    yield measure(Case(job, arm, mentees, mentors))


def measure(case: Case, *, patience: float = PATIENCE) -> Row:
    """Run one way in a new process, for at most *patience* seconds."""
    command = [sys.executable, "-m", "bot.lab.match_mentors", "--one", json.dumps(asdict(case))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=True)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Row(case, problem=f"not done in {patience:.0f} s")
    except subprocess.CalledProcessError as error:
        return Row(case, problem=(error.stderr.strip().splitlines() or ["died"])[-1][:60])
    return Row(case, **json.loads(done.stdout))


def one(case: Case) -> dict[str, float]:
    """Measure one case here: once small, so that everything is imported, then as asked."""
    _run(Case(case.job, case.arm, 60, 20))
    return _run(case)


def _run(case: Case) -> dict[str, float]:
    if case.job == "ranked":
        return _run_ranked(case)
    rules, capacity = program(case.mentees, case.mentors, case.seed)
    if case.job == "whole":
        clock = _Clock()
        found = match(rules, capacity, mentees=case.mentees, sweeps=WHOLE[case.arm])
        return clock.read() | {"matched": found.matched, "score": found.score / 100}
    scorer = Scorer(rules, case.mentees, case.mentors)
    listed = candidates(scorer, capacity > 0)
    pairs = Pairs(case.mentees, capacity, listed.mentee, listed.mentor, listed.score.astype(np.int64))
    del scorer, listed
    clock = _Clock()
    of = SCORED[case.arm](pairs)
    seen = clock.read()
    _check(of, capacity)
    chosen = of[pairs.mentee] == pairs.mentor
    return seen | {"matched": int(chosen.sum()), "score": int(pairs.worth[chosen].sum()) / 100}


def _run_ranked(case: Case) -> dict[str, float]:
    choices, liking, capacity = ranked_lists(case.mentees, case.mentors, case.seed)
    clock = _Clock()
    of = RANKED[case.arm](choices, liking, capacity)
    seen = clock.read()
    _check(of, capacity)
    mine = choices[of != NOBODY] == of[of != NOBODY, None]
    rank = float(1 + mine.argmax(axis=1).mean())
    swaps = len(blocking(choices, capacity, of, liking=liking))
    return seen | {"matched": int((of != NOBODY).sum()), "score": rank, "blocking": swaps}


def _check(of: Ints, capacity: Ints) -> None:
    if (np.bincount(of[of != NOBODY], minlength=len(capacity)) > capacity).any():
        raise ValueError("A mentor has more mentees than places.")


class _Clock:
    """Started when made; read once, before anything is judged."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        cpu = time.process_time() - self.cpu
        return {"seconds": time.perf_counter() - self.wall, "cpu": cpu, "mb": peak()}


# --- The command ------------------------------------------------------------------------------------------


def show(found: Sequence[Row], say: Console) -> None:
    """One table for each job and size."""
    for job, mentees in dict.fromkeys((row.case.job, row.case.mentees) for row in found):
        some = [row for row in found if (row.case.job, row.case.mentees) == (job, mentees)]
        grid = Table(
            title=f"{job}: {mentees:,} mentees, {some[0].case.mentors:,} mentors", title_justify="left"
        )
        grid.add_column("way")
        for name in ("matched", "mean rank" if job == "ranked" else "points", "blocking", "s", "cpu s", "MB"):
            grid.add_column(name, justify="right")
        for row in some:
            grid.add_row(row.case.arm, *_cells(row))
        say.print(grid)


def _cells(row: Row) -> list[str]:
    if row.problem:
        return [row.problem]
    swaps = "" if row.blocking is None else f"{row.blocking:,}"
    score = f"{row.score:.2f}" if row.case.job == "ranked" else f"{row.score:,.0f}"
    return [f"{row.matched:,}", score, swaps, f"{row.seconds:.3f}", f"{row.cpu:.3f}", f"{row.mb:.0f}"]


def main(arguments: Sequence[str]) -> None:
    """Every table, or with ``--quick`` those of seconds; ``--one`` is what a child process is told."""
    if arguments[:1] == ["--one"]:
        sys.stdout.write(json.dumps(one(Case(**json.loads(arguments[1])))))
        return
    show(list(rows("--quick" in arguments)), Console())


if __name__ == "__main__":
    main(sys.argv[1:])
