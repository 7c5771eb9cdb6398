"""What may be filled in for a term, a class type and a class; and what staff are told no for."""

from collections.abc import Mapping
from datetime import date

from domain.classes import LONGEST_TERM, MOST_PLACES, MOST_WAITING, NewClass, NewTerm
from domain.errors import FieldRefusal, Refusal
from domain.schedule import UnknownZone, zone
from domain.text import on_one_line, say, say_n

LONGEST_CLASS = 480  # minutes
LONGEST_NAME = 80
_PLACE = 500  # characters


class NoSuchType(Refusal):
    """This class type is not there any more."""


class TermOver(Refusal):
    """This session of classes is over."""


class DateOver(Refusal):
    """This date is over, or was cancelled."""


class TooLateToUndo(Refusal):
    """This can be undone for 24 hours only."""


class HasRegistrations(Refusal):
    """Members are registered to this class. Use Cancel Class: it tells them and refunds."""


class NothingSelected(Refusal):
    """Select at least one class."""


def name_of(typed: str) -> str:
    """A name as it is kept. Raises FieldRefusal at "name"."""
    name = on_one_line(typed)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise FieldRefusal({"name": say("Write a name of 1 to 80 characters.")})
    return name


def check_term(new: NewTerm) -> None:
    """Raises FieldRefusal at each of "name", "ends_on" and "zone" that is wrong."""
    problems = dict[str, str]()
    try:
        name_of(new.name)
    except FieldRefusal as wrong:
        problems |= wrong.problems
    if new.ends_on < new.starts_on:
        problems["ends_on"] = say("The end date lies before the start date.")
    elif (new.ends_on - new.starts_on).days >= LONGEST_TERM:
        problems["ends_on"] = say("A session has at most {count} days.", count=LONGEST_TERM)
    try:
        zone(new.zone)
    except UnknownZone as wrong:
        problems["zone"] = wrong.sentence
    _refuse(problems)


def check_class(new: NewClass) -> None:
    """Raises FieldRefusal at each field of a class that is wrong."""
    problems = dict[str, str]()
    if not new.weekdays or not set(new.weekdays) <= set(range(7)):
        problems["weekdays"] = say("Choose at least one day.")
    if not 0 <= new.minute < 1440:
        problems["minute"] = say("Choose a time of the day.")
    if not 1 <= new.minutes <= LONGEST_CLASS:
        problems["minutes"] = say("Write a whole number from 1 to {most}.", most=LONGEST_CLASS)
    if not 1 <= new.places <= MOST_PLACES:
        problems["places"] = say("Write a whole number from 1 to {most}.", most=MOST_PLACES)
    if not 0 <= new.waitlist_places <= MOST_WAITING:
        problems["waitlist_places"] = say("Write a whole number from 0 to {most}.", most=MOST_WAITING)
    if len(new.place) > _PLACE:
        problems["place"] = say("Write at most {most} characters.", most=_PLACE)
    _refuse(problems)


def check_minutes(minutes: int) -> None:
    """Raises FieldRefusal at "minutes" for a length that no class can have."""
    if not 1 <= minutes <= LONGEST_CLASS:
        raise FieldRefusal({"minutes": say("Write a whole number from 1 to {most}.", most=LONGEST_CLASS)})


def too_few_places(taken: int, places: int) -> FieldRefusal:
    """Why a class cannot have that few places: "9 people are registered. Remove 1 first."."""
    people = say_n("{count} person is registered.", "{count} people are registered.", taken)
    return FieldRefusal(
        {"places": say("{people} Remove {count} first.", people=people, count=taken - places)}
    )


def known_name(name: str, starts_on: date, ends_on: date) -> FieldRefusal:
    """Why a term cannot have that name: "A session with this name exists: Autumn 2026 (7 Sep to 18 Dec)."."""
    found = say("{name} ({start} to {end})", name=name, start=short(starts_on), end=short(ends_on))
    return FieldRefusal({"name": say("A session with this name exists: {session}.", session=found)})


def short(day: date) -> str:
    """ "7 Sep"."""
    return say("{day} {month}", day=day.day, month=MONTHS[day.month - 1])


MONTHS = (
    say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun"),
    say("Jul"), say("Aug"), say("Sep"), say("Oct"), say("Nov"), say("Dec"),
)  # fmt: skip


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise FieldRefusal(problems)
