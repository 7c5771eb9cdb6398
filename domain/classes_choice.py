"""Choosing classes: exactly as many as there are lessons a week, none of them at the time of another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refusal


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


def check(chosen: Sequence[Choice], k: int) -> None:
    """Raise BadChoice, which says what to do, unless these are *k* classes with a place that part in time."""
    raise NotImplementedError


def check_mine(chosen: Sequence[Lesson], mine: Sequence[Lesson]) -> None:
    """Raise BadChoice where a date of a chosen class overlaps a class that somebody has already."""
    raise NotImplementedError
