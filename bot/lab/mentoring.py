"""The large steps of a mentoring program: what each costs in statements, seconds and memory.

A company is written into a new database; then the product's own functions run, one after the other, as its
jobs call them. Only the sending is left out: Slack's pace decides about that, and it is told.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.lab.chaos import database
from bot.lab.company import ZONES
from bot.lab.meter import Meter, many, show
from domain.exports import COLUMNS, Export, What, table
from domain.mentoring import Settings
from domain.pace import SLACK
from services import (
    mentoring_approvals,
    mentoring_auto,
    mentoring_bulk,
    mentoring_exports,
    mentoring_input,
    mentoring_programs,
    mentoring_staging,
)
from services.mentoring import setup_of
from store import migrate
from store.core import PersonRow, Workspace
from store.database import Database, make_engine
from store.mentoring import Match, Participant
from store.outbox import Outbox

TEAM, BOSS = "T1", "UBOSS"
NOW = datetime(2027, 3, 17, 9, tzinfo=UTC)
PLACES = 4  # of each mentor at most, so that all mentees find one
SKILLS = [f"Skill {number}" for number in range(40)]
LANGUAGES = ["English", "French", "German", "Japanese", "Portuguese"]


def run(*, mentees: int, mentors: int, db: str, console: Console | None = None) -> int:
    """Measure and print; 0 if all were matched and all messages are owed once."""
    say = console or Console()
    with tempfile.TemporaryDirectory(prefix="sessions-") as folder, database(db, Path(folder)) as (url, _):
        engine = make_engine(url)
        migrate.upgrade(engine)
        rows = Database(engine)
        say.print(f"[dim]{mentees} mentees and {mentors} mentors are written ...[/dim]")
        program_id = _fill(rows, engine, mentees, mentors)
        meter = Meter(engine)
        _measure(meter, rows, program_id)
        owed, live = _owed(rows)
        engine.dispose()
    show(meter.steps, say, title=f"{mentees} mentees, {mentors} mentors, {db}")
    minutes = max(owed / SLACK["post"].per_second, live / SLACK["open"].per_second) / 60
    say.print(f"{live} matches are live, {owed} messages are owed; at Slack's pace: {minutes:.0f} minutes.")
    return 0 if live and owed == 3 * live else 1


def _measure(meter: Meter, db: Database, program_id: int) -> None:
    given = meter.step("read", lambda: _read(db, program_id), lambda found: f"{len(found.mentees)}")
    meter.step("think", lambda: mentoring_input.plan(given), lambda found: f"{len(found.pairs)} pairs")
    meter.step(
        "run",
        lambda: mentoring_auto.run(db, TEAM, program_id, actor=BOSS, key="first", now=NOW),
        lambda ran: f"{ran.staged} staged",
    )
    meter.step(
        "run again",
        lambda: mentoring_auto.run(db, TEAM, program_id, actor=BOSS, key="second", now=NOW),
        lambda ran: f"{ran.staged} staged",
    )
    meter.step(
        "dry approval",
        lambda: mentoring_approvals.dry(db, TEAM, program_id),
        lambda plan: f"{plan.people} people",
    )
    meter.step(
        "press",
        lambda: mentoring_staging.approve_all(db, TEAM, program_id, actor=BOSS, now=NOW),
        lambda count: f"{count} chosen",
    )
    meter.step("approve", lambda: _approve(db, program_id), lambda count: f"{count} batches")
    meter.step("export", lambda: _export(db, program_id), lambda size: f"{size / 1e6:.1f} MB")


def _read(db: Database, program_id: int) -> mentoring_input.Given:
    with Session(db.engine) as tx:
        return mentoring_input.read(tx, setup_of(tx, TEAM, program_id), now=NOW)


def _approve(db: Database, program_id: int) -> int:
    batches = 0
    while mentoring_bulk.approve_some(db, TEAM, program_id, now=NOW):
        batches += 1
    return batches


def _export(db: Database, program_id: int) -> int:
    wanted = Export(TEAM, What.MATCHES, (program_id,))
    with Session(db.engine) as tx:
        rows = mentoring_exports.ROWS[What.MATCHES](tx, wanted)
        return len(table(COLUMNS[What.MATCHES], rows))


def _owed(db: Database) -> tuple[int, int]:
    """Messages that are owed, and matches that are live."""
    with Session(db.engine) as tx:
        owed = select(func.count()).where(Outbox.kind.like("mentoring.%"))
        live = select(func.count()).where(Match.state == "active")
        return tx.scalars(owed).one(), tx.scalars(live).one()


# --- The company ---------------------------------------------------------------------------------------


def _fill(db: Database, engine: Engine, mentees: int, mentors: int) -> int:
    with Session(engine) as tx, tx.begin():
        tx.add(Workspace(team_id=TEAM, name="Bench", bot_user_id="UBOT", bot_id="B1"))
        tx.flush()
        people = [BOSS, *(_name(number) for number in range(mentees + mentors))]
        many(tx, PersonRow, [_person(name, number) for number, name in enumerate(people)])
    form = Settings(name="Bench", zone="Europe/Paris", default_places=PLACES, most_places=PLACES)
    program_id = mentoring_programs.create(db, TEAM, form, actor=BOSS, key="bench", now=NOW)
    with Session(engine) as tx, tx.begin():
        rows = [_participant(program_id, number, number < mentees) for number in range(mentees + mentors)]
        many(tx, Participant, rows)
    mentoring_programs.turn_on(db, TEAM, program_id, actor=BOSS, now=NOW)
    return program_id


def _name(number: int) -> str:
    return f"U{number:07}"


def _person(name: str, number: int) -> dict[str, Any]:
    return {"team_id": TEAM, "user_id": name, "name": f"Person {number}", "tz": ZONES[number % len(ZONES)]}


def _participant(program_id: int, number: int, mentee: bool) -> dict[str, Any]:
    rng = Random(number)  # noqa: S311 - to be repeated, not secret
    known = rng.sample(SKILLS, rng.randint(1, 6))
    return {
        "team_id": TEAM, "program_id": program_id, "user_id": _name(number), "mentee": mentee,
        "mentor": not mentee, "offers": [] if mentee else known, "wants": known if mentee else [],
        "languages": rng.sample(LANGUAGES, rng.randint(1, 2)), "department": f"Team {rng.randrange(12)}",
        "seniority": rng.randint(1, 5) if mentee else rng.randint(3, 9), "joined_at": NOW,
    }  # fmt: skip
