"""Programs: create and change one, and read what a form about it must show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain import rules
from domain.errors import FieldRefusal, Refusal
from domain.facts import ProgramCard
from domain.forms import ProgramForm
from domain.people import Person
from domain.programs import NoSuchProgram, check, check_owners
from domain.text import say
from services import audit, people, settings_seen, usergroups
from services.audiences import follow
from services.organizers import hand_over
from store import queries
from store.base import Base
from store.core import Audience, Program
from store.database import Database
from store.people import Automatic, Owner


class Archived(Refusal):
    """This program is archived, so it cannot be changed any more."""


def create(db: Database, team_id: str, form: ProgramForm, *, actor: str, key: str, now: datetime) -> int:
    """Store a program, its audience and its owners; its id. *key* tells a repeated request from a new one.

    Raises FieldRefusal at the form's fields.
    """
    checked = check(form)
    try:
        with db.transaction() as tx:
            fresh = queries.first_time(tx, team_id, key, now=now)
            same = _called(tx, team_id, checked.name)
            if same is not None and not fresh:
                return same.id  # this very request, told a second time
            if same is not None:
                raise _taken(same.name)
            _check_owners(tx, team_id, checked.owners)
            program = Program(team_id=team_id, kind="coffee", created_by=actor, created_at=now)
            _fill(program, checked)
            tx.add(program)
            tx.flush()
            _write_people(tx, program, checked)
            audit.of_program(
                tx, program, "program.created", actor, now, {"name": program.name, **_settings(program)}
            )
            return program.id
    except IntegrityError as error:  # two people chose the same name in the same moment
        raise _taken(checked.name) from error


def change(
    db: Database,
    team_id: str,
    program_id: int,
    form: ProgramForm,
    *,
    actor: str,
    key: str,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Store the settings of a program; saying it twice with one *key* changes it once.

    They act on sessions to come. An open session keeps who was asked, and asks those who are new in the
    audience if the program does so. *seen* is what ``settings`` told of changes. Raises FieldRefusal at the
    form's fields, NoSuchProgram, Archived, and ChangedMeanwhile when somebody was faster.
    """
    checked = check(form)
    try:
        with db.transaction() as tx:
            program = changeable(tx, team_id, program_id)
            if not queries.first_time(tx, team_id, key, now=now):
                return
            if seen is not None:
                settings_seen.refuse_stale(tx, program, seen)
            same = _called(tx, team_id, checked.name)
            if same is not None and same.id != program.id:
                raise _taken(same.name)
            _check_owners(tx, team_id, checked.owners)
            before = as_form(tx, program)
            _fill(program, checked)
            tx.flush()
            _write_people(tx, program, checked)
            leaving = set(before.owners) - set(checked.owners)
            heir = actor if actor not in leaving else next(iter(sorted(checked.owners)), "")
            if leaving and heir:
                hand_over(tx, program, leaving, to=heir)
            changed = _changes(before, checked)
            if _audience(before) != _audience(checked) or before.include_guests != checked.include_guests:
                program.audience_at = now
                tx.flush()
                follow(tx, db, team_id, now=now, part=Audience.program_id == program.id)
            if changed:
                audit.of_program(tx, program, "program.changed", actor, now, changed)
    except IntegrityError as error:
        raise _taken(checked.name) from error


def changeable(tx: Session, team_id: str, program_id: int) -> Program:
    """A program that is about to be changed: nobody else changes it until we are done.

    Raises NoSuchProgram and Archived.
    """
    program = queries.one_program(tx, team_id, program_id, lock=True)
    if program is None:
        raise NoSuchProgram
    if program.state == "archived":
        raise Archived
    return program


def _called(tx: Session, team_id: str, name: str) -> Program | None:
    same = select(Program).where(Program.team_id == team_id, Program.name_key == name.casefold())
    return tx.scalars(same).one_or_none()


def _taken(name: str) -> FieldRefusal:
    return FieldRefusal({"name": say("There is already a program called “{name}”.", name=name)})


def _check_owners(tx: Session, team_id: str, owners: Iterable[str]) -> None:
    found = queries.people_by_id(tx, team_id, owners).values()
    check_owners(
        Person(row.user_id, row.name, deleted=row.deleted, is_bot=row.is_bot, is_stranger=row.is_stranger)
        for row in found
    )


def _fill(program: Program, form: ProgramForm) -> None:
    program.name, program.name_key = form.name, form.name.casefold()
    program.zone, program.group_size = form.zone, form.group_size
    program.opt_in, program.include_guests = form.opt_in, form.include_guests
    program.leftover, program.ask_new = form.leftover, form.ask_new
    program.follow_up_days = form.follow_up_days or 0
    program.icebreakers, program.at_deadline = list(form.icebreakers), form.at_deadline
    program.rules = rules.as_stored(form.rules, form.teams)


def _settings(program: Program) -> dict[str, Any]:
    return {"size": program.group_size, "opt_in": program.opt_in}


def _write_people(tx: Session, program: Program, form: ProgramForm) -> None:
    """The audience, the owners and those who take part automatically, as *form* has them."""
    people.want_channels(tx, program.team_id, form.channels)
    usergroups.want(tx, program.team_id, {*form.usergroups, *form.teams})
    _replace(tx, program, Audience, [{"part": part, "ref": ref} for part, ref in sorted(_audience(form))])
    _replace(tx, program, Owner, [{"user_id": one} for one in sorted(set(form.owners))])
    _replace(tx, program, Automatic, [{"user_id": one} for one in sorted(set(form.automatic))])


def _audience(form: ProgramForm) -> set[tuple[str, str]]:
    parts = {("channel", ref) for ref in form.channels} | {("usergroup", ref) for ref in form.usergroups}
    parts |= {("person", ref) for ref in form.people}
    return parts | ({("everyone", "*")} if form.everyone else set())


def _replace(tx: Session, program: Program, table: type[Base], rows: list[dict[str, str]]) -> None:
    columns = table.__table__.c
    mine = (columns.team_id == program.team_id) & (columns.program_id == program.id)
    tx.execute(delete(table).where(mine))
    wanted = [{"team_id": program.team_id, "program_id": program.id, **row} for row in rows]
    if wanted:
        queries.insert_new(tx, table, wanted, keys=[c.name for c in table.__table__.primary_key])


def _changes(before: ProgramForm, after: ProgramForm) -> dict[str, Any]:
    """What the audit log keeps of a change: each setting that is another one, as it was and as it is."""
    old, new = _for_audit(before), _for_audit(after)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}


def _for_audit(form: ProgramForm) -> dict[str, Any]:
    found = {
        name: list(value) if isinstance(value, tuple) else value for name, value in form.__dict__.items()
    }
    return {name: sorted(value) if name in _SETS else value for name, value in found.items()}


_SETS = ("channels", "usergroups", "people", "owners", "automatic", "teams")


def form_of(db: Database, team_id: str, program_id: int) -> ProgramForm:
    """A program as the form that would save it. Raises NoSuchProgram."""
    with db.reading() as tx:
        return as_form(tx, _one(tx, team_id, program_id))


def settings(db: Database, team_id: str, program_id: int) -> tuple[ProgramForm, int]:
    """The same, and which change of it is the newest. Raises NoSuchProgram."""
    with db.reading() as tx:
        program = _one(tx, team_id, program_id)
        return as_form(tx, program), settings_seen.newest(tx, program)


def as_form(tx: Session, program: Program) -> ProgramForm:
    """A program's row as the form that would save it."""
    parts: dict[str, list[str]] = {"channel": [], "usergroup": [], "person": [], "everyone": []}
    mine = (Audience.team_id == program.team_id) & (Audience.program_id == program.id)
    for part, ref in tx.execute(select(Audience.part, Audience.ref).where(mine).order_by(Audience.ref)):
        parts[part].append(ref)
    return ProgramForm(
        name=program.name,
        channels=tuple(parts["channel"]),
        usergroups=tuple(parts["usergroup"]),
        people=tuple(parts["person"]),
        everyone=bool(parts["everyone"]),
        include_guests=program.include_guests,
        owners=tuple(tx.scalars(_listed(Owner, program))),
        zone=program.zone,
        group_size=program.group_size,
        opt_in=program.opt_in,
        automatic=tuple(tx.scalars(_listed(Automatic, program))),
        leftover=program.leftover,
        rules=rules.chosen(program.rules),
        teams=rules.teams(program.rules),
        ask_new=program.ask_new,
        follow_up_days=program.follow_up_days,
        icebreakers=tuple(program.icebreakers),
        at_deadline=program.at_deadline,
    )


def _listed(table: type[Owner] | type[Automatic], program: Program) -> Any:
    mine = (table.team_id == program.team_id) & (table.program_id == program.id)
    return select(table.user_id).where(mine).order_by(table.user_id)


def _one(tx: Session, team_id: str, program_id: int) -> Program:
    program = queries.one_program(tx, team_id, program_id)
    if program is None:
        raise NoSuchProgram
    return program


def cards(db: Database, team_id: str) -> list[ProgramCard]:
    """All programs of the workspace that sessions can be scheduled for, by name."""
    with db.reading() as tx:
        usable = select(Program).where(
            Program.team_id == team_id, Program.state != "archived", Program.kind == "coffee"
        )
        return [_card(tx, row) for row in tx.scalars(usable.order_by(Program.name_key))]


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
        return _card(tx, _one(tx, team_id, program_id))
