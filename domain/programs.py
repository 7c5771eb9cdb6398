"""Programs: what may be entered about one, and what lists and cards show of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain import rules
from domain.errors import FieldRefusal, Refusal
from domain.forecast import Forecast
from domain.forms import ProgramForm
from domain.people import Person
from domain.schedule import UnknownZone, zone
from domain.text import N_, on_one_line, say

LONGEST_NAME = 60
SIZES = range(2, 9)
LONGEST_FOLLOW_UP = 60  # days
MOST_ICEBREAKERS = 100
LONGEST_ICEBREAKER = 200

OPT_INS = {"on": N_("On"), "off": N_("Off"), "mixed": N_("Mixed")}
LEFTOVERS = {
    "larger": N_("One larger group"),
    "smaller": N_("A smaller group"),
    "sit_out": N_("Sit out in turn"),
}
# what each field of the form is called, in the order in which it is shown
SETTINGS = {
    "name": N_("Name"),
    "group_size": N_("Group size"),
    "opt_in": N_("Opt-in messages"),
    "automatic": N_("Take part automatically"),
    "leftover": N_("Left over"),
    "rules": N_("Matching rules"),
    "teams": N_("Teams"),
    "ask_new": N_("New members"),
    "follow_up_days": N_("Follow-up"),
    "icebreakers": N_("Icebreakers"),
    "at_deadline": N_("At the deadline"),
    "channels": N_("Channels"),
    "usergroups": N_("User groups"),
    "people": N_("People"),
    "everyone": N_("Everyone in the workspace"),
    "include_guests": N_("Include guests"),
    "owners": N_("Owners"),
    "zone": N_("Time zone"),
}
AT_DEADLINE = {"send": N_("Send as they are"), "wait": N_("Wait for me")}


class NoSuchProgram(Refusal):
    """This program does not exist any more."""


@dataclass(frozen=True)
class ProgramLine:
    """A program in the list of programs."""

    id: int
    name: str
    state: str
    audience: str
    people: int | None  # None while its audience is still being read
    zone: str
    next_at: datetime | None
    open: int  # sessions that are open now
    kind: str = "coffee"
    on: bool = False  # of mentoring: whether matching is on


@dataclass(frozen=True)
class ProgramPage:
    """One page of the list of programs, those in use first."""

    lines: tuple[ProgramLine, ...]
    page: int
    pages: int
    may_create: bool
    reader_zone: str


@dataclass(frozen=True)
class ProgramSheet:
    """The card of one program."""

    line: ProgramLine
    form: ProgramForm  # its settings
    owners: tuple[str, ...]
    edited_texts: int
    may_archive: bool
    reader_zone: str
    unasked: int = 0  # planned sessions that ask nobody, though the program asks first by now
    forecast: Forecast | None = None


@dataclass(frozen=True)
class MentoringSheet:
    """The card of a mentoring program."""

    line: ProgramLine
    process: str
    wording: str
    stage: str
    organizers: tuple[str, ...]
    may_archive: bool


def check(form: ProgramForm) -> ProgramForm:
    """The form as it is stored. Raises FieldRefusal with a sentence per field."""
    problems: dict[str, str] = {}
    name = on_one_line(form.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        problems["name"] = say("Give the program a name of 1 to 60 characters.")
    if not (form.channels or form.usergroups or form.people or form.everyone):
        problems["channels"] = say("Choose channels, user groups, people, or everyone in the workspace.")
    try:
        zone(form.zone)
    except UnknownZone as error:
        problems["zone"] = error.sentence
    if form.group_size not in SIZES:
        problems["group_size"] = say("A group has 2 to 8 people.")
    if form.opt_in not in OPT_INS:
        problems["opt_in"] = say("Choose On, Off or Mixed.")
    if form.leftover not in LEFTOVERS:
        problems["leftover"] = say("Choose one of these.")
    if form.at_deadline not in AT_DEADLINE:
        problems["at_deadline"] = say("Choose one of these.")
    if form.follow_up_days is None or not 0 <= form.follow_up_days <= LONGEST_FOLLOW_UP:
        problems["follow_up"] = say("Enter a number of days from 0 to 60; 0 asks nobody.")
    icebreakers = tuple(line for text in form.icebreakers if (line := on_one_line(text)))
    problems |= _icebreaker_problem(icebreakers) | rules.problems(form.rules, form.teams)
    if problems:
        raise FieldRefusal(problems)
    return ProgramForm(
        **{
            **form.__dict__,
            "name": name,
            "icebreakers": icebreakers,
            "rules": tuple(filter(None, form.rules)),
            "teams": form.teams if rules.about_teams(form.rules) else (),
            "automatic": form.automatic if form.opt_in == "mixed" else (),
        }
    )


def _icebreaker_problem(icebreakers: tuple[str, ...]) -> dict[str, str]:
    if len(icebreakers) > MOST_ICEBREAKERS:
        sentence = say("These are {count} questions; 100 can be kept.", count=len(icebreakers))
        return {"icebreakers": sentence}
    long = next((number for number, one in enumerate(icebreakers, 1) if len(one) > LONGEST_ICEBREAKER), None)
    if long is not None:
        sentence = say("Question {number} is longer than 200 characters.", number=long)
        return {"icebreakers": sentence}
    return {}


def check_owners(owners: Iterable[Person]) -> None:
    """Refuse owners who cannot own a program. Raises FieldRefusal at "owners"."""
    for person in owners:
        if person.is_bot:
            raise FieldRefusal(
                {"owners": say("{name} is an app, so it cannot own a program.", name=person.name)}
            )
        if person.deleted or person.is_stranger:
            sentence = say(
                "{name} is not a member of this workspace, so they cannot own a program.", name=person.name
            )
            raise FieldRefusal({"owners": sentence})
