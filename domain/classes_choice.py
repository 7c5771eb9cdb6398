"""Choosing classes: exactly as many as there are lessons a week, none of them at the time of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from domain.classes_dates import Weekly, overlap
from domain.errors import Refusal
from domain.text import N_, say, say_n


@dataclass(frozen=True)
class Choice:
    """A weekly class that somebody may choose; *title* is "Yoga · Tue 18:00"."""

    id: int
    title: str
    weekday: int  # Monday is 0
    minute: int  # of the day
    minutes: int
    left: int = 1  # places


@dataclass(frozen=True)
class Lesson:
    """One date of a class, with the title of the class."""

    title: str
    starts_at: datetime
    ends_at: datetime


class BadChoice(Refusal):
    """Choose other classes."""


class SetAside(Refusal):
    """Staff may set this aside, with a reason."""


class Overlap(BadChoice, SetAside):
    """Two classes are at the same time."""


def check(chosen: Sequence[Choice], k: int) -> None:
    """Raise BadChoice, which says what to do, unless these are *k* classes with a place."""
    if len(chosen) != k:
        raise BadChoice(_how_many(len(chosen), k))
    for one in chosen:
        if one.left < 1:
            pattern = N_("{class_} is full. Choose another class or join its waitlist.")
            raise BadChoice(say(pattern, class_=one.title))


def check_times(chosen: Sequence[Choice]) -> None:
    """Raise Overlap where two chosen classes are at the same time of the week."""
    ordered = sorted(chosen, key=lambda one: (one.weekday, one.minute, one.id))
    for one, other in combinations(ordered, 2):
        if overlap(Weekly(one.weekday, one.minute), one.minutes,
                   Weekly(other.weekday, other.minute), other.minutes):  # fmt: skip
            raise Overlap(say("{one} and {other} overlap.", one=one.title, other=other.title))


def check_mine(chosen: Sequence[Lesson], mine: Sequence[Lesson]) -> None:
    """Raise Overlap where a date of a chosen class overlaps a class that somebody has already."""
    for one in chosen:
        for other in mine:
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                pattern = N_("{class_} overlaps your class {other}.")
                raise Overlap(say(pattern, class_=one.title, other=other.title))


def _how_many(chosen: int, k: int) -> str:
    if not chosen:
        return say_n("Choose {count} class.", "Choose {count} classes.", k)
    return say_n("Choose {count} class (you chose {chosen}).", "Choose {count} classes (you chose {chosen}).",
                 k, chosen=chosen)  # fmt: skip
