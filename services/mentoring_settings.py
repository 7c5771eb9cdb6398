"""The settings of a mentoring program: checked, stored, and read as the form that would save them."""

from collections.abc import Container
from datetime import date

from domain.calendar import check_weekend
from domain.errors import FieldRefusal
from domain.mentoring import MOST_CHOICES, PROCESSES, ROLES, TYPES, WORDINGS, Process, Settings
from domain.programs import LONGEST_NAME
from domain.schedule import UnknownZone, zone
from domain.text import on_one_line, say
from store.core import Program
from store.mentoring import Mentoring

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


def fill(setup: Mentoring, form: Settings) -> None:
    """Write checked settings into a program's row; its name, zone and organizers stand elsewhere."""
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
