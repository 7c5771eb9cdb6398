"""The settings of a mentoring program: checked, stored, and read as the form that would save them."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import calendar
from domain.calendar import NoBusinessDay, check_weekend
from domain.errors import FieldRefusal
from domain.mentoring import MOST_CHOICES, PROCESSES, ROLES, TYPES, WORDINGS, Process, Settings
from domain.people import Person
from domain.programs import LONGEST_NAME, check_owners
from domain.schedule import UnknownZone, zone
from domain.text import on_one_line, say
from services import mentoring_clock as clock
from services import settings_seen
from services.mentoring import program_of, setup_of
from store import queries
from store.core import Program
from store.database import Database
from store.mentoring import Mentoring
from store.people import Owner

CHOICES: dict[str, Container[str]] = {
    "type": TYPES,
    "process": PROCESSES,
    "roles": ROLES,
    "wording": WORDINGS,
}
NUMBERS = {
    "choices": (1, MOST_CHOICES),
    "default_places": (0, 20),
    "most_places": (1, 20),
    "mentors_per_mentee": (1, 5),
    "answer_days": (1, 30),
    "rhythm_days": (1, 90),
    "invite_again_days": (0, 90),
}


def check(form: Settings) -> Settings:
    """The settings as they are stored. Raises FieldRefusal at the form's fields."""
    problems: dict[str, str] = {}
    name = on_one_line(form.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        problems["name"] = say("Give the program a name of 1 to 60 characters.")
    try:
        zone(form.zone)
    except UnknownZone as error:
        problems["zone"] = error.sentence
    for field, known in CHOICES.items():
        if getattr(form, field) not in known:
            problems[field] = say("Choose one of these.")
    if form.type == "evergreen" and form.process == Process.ADMIN:
        problems["process"] = say("An evergreen program is user-led. Choose another process.")
    problems |= _number_problems(form)
    try:
        check_weekend(form.weekend)
    except FieldRefusal as refusal:
        problems |= refusal.problems
    if problems:
        raise FieldRefusal(problems)
    return Settings(**{**form.__dict__, "name": name})


def _number_problems(form: Settings) -> dict[str, str]:
    problems: dict[str, str] = {}
    for field, (least, most) in NUMBERS.items():
        if not least <= getattr(form, field) <= most:
            problems[field] = say("Choose a number from {least} to {most}.", least=least, most=most)
    if form.default_places > form.most_places:
        problems["default_places"] = say("Choose a number from 0 to {most}.", most=form.most_places)
    return problems


def check_calendar(form: Settings, *, now: datetime) -> None:
    """Refuse days off that leave nobody a day to answer. Raises FieldRefusal."""
    days = Mentoring(team_id="", program_id=0)
    fill(days, form)
    try:
        calendar.deadline(clock.calendar_of(days, now=now), now, days=form.answer_days, zone=form.zone)
    except NoBusinessDay as refusal:
        raise FieldRefusal({"holidays": refusal.sentence}) from refusal
    except FieldRefusal as refusal:  # the country, or a region of it
        raise FieldRefusal({"country": next(iter(refusal.problems.values()))}) from refusal


def check_organizers(tx: Session, team_id: str, organizers: Iterable[str]) -> None:
    """Refuse organizers who cannot be one. Raises FieldRefusal at "organizers"."""
    rows = queries.people_by_id(tx, team_id, organizers).values()
    try:
        check_owners(
            Person(row.user_id, row.name, deleted=row.deleted, is_bot=row.is_bot, is_stranger=row.is_stranger)
            for row in rows
        )
    except FieldRefusal as refusal:
        raise FieldRefusal({"organizers": refusal.problems["owners"]}) from refusal


def settings(db: Database, team_id: str, program_id: int) -> tuple[Settings, int]:
    """A program as the form that would save it, and its newest change. Raises NoSuchProgram."""
    with db.reading() as tx:
        setup = setup_of(tx, team_id, program_id)
        program = program_of(tx, setup)
        return read(tx, program, setup), settings_seen.newest(tx, program)


def read(tx: Session, program: Program, setup: Mentoring) -> Settings:
    """The same of rows that are at hand."""
    mine = (Owner.team_id == program.team_id) & (Owner.program_id == program.id)
    return as_form(
        program, setup, tuple(tx.scalars(select(Owner.user_id).where(mine).order_by(Owner.user_id)))
    )


def fill(setup: Mentoring, form: Settings) -> None:
    """Write checked settings into a program's row; its name, zone and organizers stand elsewhere."""
    if form.ends_on != setup.ends_on:
        setup.noticed = 0
    setup.ending_at = None  # found out anew, as the zone may be another one
    setup.digest_at = setup.digest_at if form.digest else None
    setup.type, setup.process, setup.roles, setup.wording = (
        form.type,
        str(form.process),
        form.roles,
        form.wording,
    )
    setup.choices, setup.answer_days = form.choices, form.answer_days
    setup.default_places, setup.most_places = form.default_places, form.most_places
    setup.mentors_per_mentee, setup.rhythm_days = form.mentors_per_mentee, form.rhythm_days
    setup.weekend, setup.holidays = sorted(form.weekend), [day.isoformat() for day in form.holidays]
    setup.country, setup.reply_required, setup.ends_on = form.country, form.reply_required, form.ends_on
    setup.may_search, setup.ending_asks, setup.keep_places = (
        form.may_search,
        form.ending_asks,
        form.keep_places,
    )
    setup.invite_again_days, setup.digest, setup.support = form.invite_again_days, form.digest, form.support


def as_form(program: Program, setup: Mentoring, organizers: tuple[str, ...]) -> Settings:
    """A program's rows as the form that would save them."""
    return Settings(
        name=program.name,
        zone=program.zone,
        organizers=organizers,
        type=setup.type,
        process=setup.process,
        roles=setup.roles,
        wording=setup.wording,
        choices=setup.choices,
        default_places=setup.default_places,
        most_places=setup.most_places,
        mentors_per_mentee=setup.mentors_per_mentee,
        answer_days=setup.answer_days,
        weekend=tuple(setup.weekend),
        holidays=tuple(date.fromisoformat(day) for day in setup.holidays),
        country=setup.country,
        reply_required=setup.reply_required,
        rhythm_days=setup.rhythm_days,
        ends_on=setup.ends_on,
        may_search=setup.may_search,
        ending_asks=setup.ending_asks,
        keep_places=setup.keep_places,
        invite_again_days=setup.invite_again_days,
        digest=setup.digest,
        support=setup.support,
    )
