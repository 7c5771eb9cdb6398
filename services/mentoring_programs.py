"""Mentoring programs: create one, tick its launch steps, and turn matching on and off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.errors import FieldRefusal, Refusal
from domain.mentoring import Done, Ended, Process, Settings, Stage
from domain.mentoring_dates import END, step_at
from domain.text import say
from services import audit
from services import mentoring_asking as asking
from services import mentoring_clock as clock
from services.mentoring import changing, program_of, untouched
from services.mentoring_settings import check, check_calendar, check_organizers, fill
from store import queries
from store.core import Program
from store.database import Database
from store.mentoring import Mentoring, Preferences
from store.people import Owner

STEPS = ("integrations", "support")


class EndPassed(Refusal):
    """The end date of this program has passed. Change it in the settings first."""


def create(db: Database, team_id: str, form: Settings, *, actor: str, key: str, now: datetime) -> int:
    """Store a mentoring program; its id. Saying it twice with one *key* makes one program.

    Raises FieldRefusal at the form's fields.
    """
    checked = check(form)
    check_calendar(checked, now=now)
    try:
        with db.transaction() as tx:
            fresh = queries.first_time(tx, team_id, key, now=now)
            named = select(Program).where(
                Program.team_id == team_id, Program.name_key == checked.name.casefold()
            )
            same = tx.scalars(named).one_or_none()
            if same is not None and not fresh:
                return same.id
            if same is not None:
                raise taken(same.name)
            check_organizers(tx, team_id, checked.organizers)
            program = Program(
                team_id=team_id, kind="mentoring", name=checked.name, name_key=checked.name.casefold(),
                zone=checked.zone, group_size=2, created_by=actor, created_at=now,
            )  # fmt: skip
            tx.add(program)
            tx.flush()
            setup = Mentoring(team_id=team_id, program_id=program.id)
            fill(setup, checked)
            tx.add(setup)
            owners = [
                {"team_id": team_id, "program_id": program.id, "user_id": one} for one in checked.organizers
            ]
            queries.insert_new(tx, Owner, owners, keys=["team_id", "program_id", "user_id"])
            detail = {"name": program.name, "kind": "mentoring", "process": setup.process}
            audit.of_program(tx, program, "program.created", actor, now, detail)
            return program.id
    except IntegrityError as error:  # two people chose the same name in the same moment
        raise taken(checked.name) from error


def taken(name: str) -> FieldRefusal:
    """Names are unique in a workspace."""
    return FieldRefusal({"name": say("There is already a program called “{name}”.", name=name)})


def mark(
    db: Database, team_id: str, program_id: int, step: str, *, done: bool, actor: str, now: datetime
) -> Done:
    """[Mark as Done] and [Mark as Not Done] of a launch step: "integrations" or "support"."""
    if step not in STEPS:
        return untouched(step)
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        steps = dict(held.setup.steps)
        if done is (step in steps):
            return untouched(step)
        if done:
            steps[step] = {"by": actor, "at": now.isoformat()}
        else:
            del steps[step]
        held.setup.steps = steps
        held.note(f"program {program_id}", "step.done" if done else "step.open", step=step)
        return Done(changed=True, state=step)


def turn_on(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> Done:
    """[Turn on Matching]: nobody is messaged; requests that stood still go on. Raises Ended and EndPassed."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        setup = held.setup
        if setup.stage == Stage.ENDED:
            raise Ended
        if setup.matching_on:
            return untouched("on")
        zone = program_of(held.tx, setup).zone
        if setup.ends_on is not None and step_at(setup.ends_on, END, zone) <= now:
            raise EndPassed  # a draft that was forgotten would be over in the next minute
        off_at = setup.off_at or now
        setup.stage, setup.matching_on, setup.off_at = Stage.OPEN.value, True, None
        held.tx.flush()
        clock.thaw(held, off_at=off_at)
        waiting = select(Preferences).where(
            Preferences.team_id == team_id, Preferences.program_id == program_id, Preferences.state == "open"
        )
        for wish in held.tx.scalars(waiting.order_by(Preferences.id)).all():
            asking.go_on(held, wish)
        held.note(f"program {program_id}", "matching.on")
        return Done(changed=True, state="on")


def turn_off(db: Database, team_id: str, program_id: int, *, actor: str, now: datetime) -> Done:
    """[Turn off Matching]: requests are frozen, nobody is told."""
    with changing(db, team_id, program_id, now=now, by=actor) as held:
        if not held.setup.matching_on:
            return untouched("off")
        held.setup.matching_on, held.setup.off_at = False, now
        held.tx.flush()
        clock.freeze(held)
        held.note(f"program {program_id}", "matching.off")
        return Done(changed=True, state="off")


def picks(process: str) -> bool:
    """Whether mentees choose for themselves."""
    return process != Process.ADMIN
