"""The whole matching job beside the engine alone: read history, match, write the groups, owe the messages."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from bot.lab.company import ZONES
from bot.lab.match_instances import peak
from domain import coffee
from domain.rules import as_stored
from services import grouping
from services.coffee import match_round
from store import migrate
from store.base import Base
from store.coffee import Group, GroupMember
from store.core import Audience, Invitation, Occurrence, PersonRow, Program, SeriesRow, Workspace
from store.database import Database, make_engine

TEAM = "T1"
NOW = datetime(2027, 3, 17, 9, tzinfo=UTC)
CHUNK = 50_000
TITLES = [f"Title {number}" for number in range(12)]
RULES = ("title-differ", "hours-4", "newcomers")


@dataclass(frozen=True)
class Seen:
    """What one run took: CPU seconds of the engine and of the whole job, wall seconds of both, peak in MB."""

    people: int
    rounds: int
    engine: float
    job: float
    engine_wall: float
    job_wall: float
    mb: float
    groups: int
    repeats: int

    @property
    def ratio(self) -> float:
        """The job as a multiple of the engine, in CPU seconds."""
        return self.job / self.engine


def run(people: int, size: int, rounds: int) -> Seen:
    """Fill a new SQLite database, time the engine on what was read, then the job as a worker does it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(engine)
        db = Database(engine)
        occurrence_id = _fill(engine, people, size, rounds)
        alone, alone_wall = _engine(db, people)
        cpu, wall = time.process_time(), time.perf_counter()
        matched = match_round(db, TEAM, occurrence_id, now=NOW)
        job, job_wall = time.process_time() - cpu, time.perf_counter() - wall
        engine.dispose()
    groups = matched.groups if matched else ()
    return Seen(
        people, rounds, alone, job, alone_wall, job_wall, peak(), len(groups), sum(g.repeats for g in groups)
    )


def _engine(db: Database, people: int) -> tuple[float, float]:
    with Session(db.engine) as tx:
        program = tx.get_one(Program, 1)
        rules = grouping.rules(tx, program)
    here = [_name(number) for number in range(people)]
    coffee.matched(here[:40], rules, seed=1)  # lets it import what it needs
    cpu, wall = time.process_time(), time.perf_counter()
    coffee.matched(here, rules, seed=1)
    return time.process_time() - cpu, time.perf_counter() - wall


def _name(number: int) -> str:
    return f"U{number:07}"


def _fill(engine: Engine, people: int, size: int, rounds: int) -> int:
    """A company, a program for all of it, rounds of drawn groups, and one whose answers are in; its id."""
    day = timedelta(days=7)
    with Session(engine) as tx, tx.begin():
        tx.add(Workspace(team_id=TEAM, name="Bench", bot_user_id="UBOT", bot_id="B1"))
        tx.flush()
        tx.add(_program(size))
        tx.flush()
        tx.add(_series(rounds))
        tx.flush()
        tx.add(Audience(team_id=TEAM, program_id=1, part="everyone", ref="*"))
        for number in range(rounds + 1):
            tx.add(_occurrence(number, NOW - day * (rounds - number), matched=number < rounds))
        tx.flush()
        _many(
            tx, PersonRow, ({"team_id": TEAM, "user_id": _name(n), "name": _name(n)} for n in range(people))
        )
    for number in range(1, rounds + 1):
        with Session(engine) as tx, tx.begin():
            _groups(tx, number, people, size)
    with Session(engine) as tx, tx.begin():
        mine = {"team_id": TEAM, "occurrence_id": rounds + 1, "state": "accepted"}
        _many(tx, Invitation, ({**mine, "user_id": _name(n)} for n in range(people)))
    return rounds + 1


def _person(number: int) -> dict[str, Any]:
    name, rng = _name(number), Random(number)  # noqa: S311 - to be repeated, not secret
    return {
        "team_id": TEAM,
        "user_id": name,
        "name": name,
        "title": rng.choice(TITLES),
        "tz": rng.choice(ZONES),
    }


def _groups(tx: Session, occurrence: int, people: int, size: int) -> None:
    order = list(range(people))
    Random(occurrence).shuffle(order)  # noqa: S311 - to be repeated, not secret
    first = (occurrence - 1) * (people // size + 1) + 1
    mine = {"team_id": TEAM, "occurrence_id": occurrence}
    count = people // size
    _many(tx, Group, ({**mine, "id": first + n, "number": n, "icebreaker": "?"} for n in range(count)))
    _many(
        tx,
        GroupMember,
        (
            {**mine, "user_id": _name(who), "group_id": first + min(at // size, count - 1)}
            for at, who in enumerate(order)
        ),
    )


def _many(tx: Session, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            tx.execute(insert(table), chunk)
            chunk = []
    if chunk:
        tx.execute(insert(table), chunk)


def _program(size: int) -> Program:
    return Program(
        id=1, team_id=TEAM, kind="coffee", name="Bench", name_key="bench", zone="UTC", group_size=size,
        created_by=_name(0), created_at=NOW - timedelta(days=900), rules=as_stored(RULES, ()),
    )  # fmt: skip


def _series(rounds: int) -> SeriesRow:
    return SeriesRow(
        id=1, team_id=TEAM, program_id=1, created_by=_name(0), created_at=NOW - timedelta(days=900),
        anchor=(NOW - timedelta(days=7 * rounds)).date(), match_days=0, match_time="09:00", zone="UTC",
        weeks=1,
    )  # fmt: skip


def _occurrence(number: int, at: datetime, *, matched: bool) -> Occurrence:
    return Occurrence(
        id=number + 1, team_id=TEAM, program_id=1, series_id=1, number=number, zone="UTC", seed=number,
        state="matched" if matched else "open", opens_at=at - timedelta(days=1), match_at=at,
        tz_version="", colour="#336699", asked_at=at, opened_at=at, matched_at=at if matched else None,
    )  # fmt: skip


def measure(people: int, size: int, rounds: int) -> Seen:
    """The same in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bot.lab.match_job", "--one", json.dumps([people, size, rounds])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    return Seen(**json.loads(done.stdout.splitlines()[-1]))


def show(seen: list[Seen], say: Console) -> None:
    """One line for each size."""
    grid = Table(title="the whole matching job: history read, matched, written, owed", title_justify="left")
    for name in ("people", "rounds before", "engine s", "job s", "job / engine", "MB", "groups", "repeats"):
        grid.add_column(name, justify="right")
    for one in seen:
        figures = (f"{one.engine:.1f}", f"{one.job:.1f}", f"{one.ratio:.2f}", f"{one.mb:.0f}")
        grid.add_row(f"{one.people:,}", str(one.rounds), *figures, f"{one.groups:,}", str(one.repeats))
    say.print(grid)


def main(arguments: list[str]) -> None:
    """A thousand, ten thousand and a hundred thousand people; ``--quick``: the first only."""
    if arguments[:1] == ["--one"]:
        sys.stdout.write(json.dumps(asdict(run(*json.loads(arguments[1])))))
        return
    sizes = (1_000,) if "--quick" in arguments else (1_000, 10_000, 100_000)
    show([measure(people, 4, 20) for people in sizes], Console())


if __name__ == "__main__":
    main(sys.argv[1:])
