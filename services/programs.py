"""Programs: create one, and read what a form about it must show."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import FieldRefusal, Refusal
from domain.facts import ProgramCard
from domain.forms import ProgramForm
from domain.schedule import UnknownZone, zone
from domain.text import on_one_line
from services import people
from store import queries
from store.core import Audience, Audit, Program
from store.database import Database


class NoSuchProgram(Refusal):
    """This program does not exist any more."""


def create(db: Database, team_id: str, form: ProgramForm, *, actor: str, key: str, now: datetime) -> int:
    """Store a program and its audience; its id. *key* tells a repeated request from a new one.

    Raises FieldRefusal at the fields "name", "channels" and "zone".
    """
    _check(form)
    name = on_one_line(form.name)
    try:
        with db.transaction() as tx:
            fresh = queries.first_time(tx, team_id, key, now=now)
            same = select(Program).where(Program.team_id == team_id, Program.name_key == name.casefold())
            known = tx.scalars(same).one_or_none()
            if known is not None and not fresh:
                return known.id  # this very request, told a second time
            if known is not None:
                raise FieldRefusal({"name": f"There is already a program called “{known.name}”."})
            program = _insert(tx, team_id, form, name, actor, now)
            return program.id
    except IntegrityError as error:  # two people chose the same name in the same moment
        raise FieldRefusal({"name": f"There is already a program called “{name}”."}) from error


def _check(form: ProgramForm) -> None:
    problems = {}
    if not 1 <= len(on_one_line(form.name)) <= 60:
        problems["name"] = "Give the program a name of 1 to 60 characters."
    if not (form.channels or form.people or form.everyone):
        problems["channels"] = "Choose channels, people, or everyone in the workspace."
    try:
        zone(form.zone)
    except UnknownZone as error:
        problems["zone"] = str(error)
    if problems:
        raise FieldRefusal(problems)


def _insert(tx: Session, team_id: str, form: ProgramForm, name: str, actor: str, now: datetime) -> Program:
    program = Program(
        team_id=team_id,
        kind="coffee",
        name=name,
        name_key=name.casefold(),
        zone=form.zone,
        group_size=form.group_size,
        opt_in=form.opt_in,
        include_guests=form.include_guests,
        created_by=actor,
        created_at=now,
    )
    tx.add(program)
    tx.flush()
    parts = [("channel", ref) for ref in form.channels] + [("person", ref) for ref in form.people]
    if form.everyone:
        parts.append(("everyone", "*"))
    people.want_channels(tx, team_id, form.channels)
    tx.add_all(Audience(team_id=team_id, program_id=program.id, part=part, ref=ref) for part, ref in parts)
    detail = {"name": name, "size": form.group_size, "opt_in": form.opt_in}
    tx.add(
        Audit(
            team_id=team_id,
            at=now,
            actor=actor,
            action="program.created",
            subject=f"program {program.id}",
            detail=detail,
        )
    )
    return program


def cards(db: Database, team_id: str) -> list[ProgramCard]:
    """All programs of the workspace by name."""
    with db.reading() as tx:
        rows = tx.scalars(select(Program).where(Program.team_id == team_id).order_by(Program.name_key))
        return [_card(tx, row) for row in rows]


def _card(tx: Session, program: Program) -> ProgramCard:
    unread = queries.audience_unread(tx, program)
    return ProgramCard(
        id=program.id,
        name=program.name,
        asks_first=program.asks_first,
        zone=program.zone,
        audience=queries.audience_name(tx, program),
        people=None if unread else queries.people_in(tx, program),
    )


def card(db: Database, team_id: str, program_id: int) -> ProgramCard:
    """One program. Raises NoSuchProgram."""
    with db.reading() as tx:
        program = queries.one_program(tx, team_id, program_id)
        if program is None:
            raise NoSuchProgram(NoSuchProgram.__doc__)
        return _card(tx, program)
