"""Memberships as they are offered: what members see of them, and what staff check before they save one."""

from dataclasses import dataclass
from datetime import datetime

from domain.classes import NewMembership


@dataclass(frozen=True)
class OfferedClass:
    """A class that may be chosen. *left* is the fewest places left at a date of the buyer's window."""

    id: int
    title: str  # "Yoga · Tue 18:00"
    left: int
    dates: int  # that somebody who buys now is registered to
    all_dates: int  # of the whole window
    weekday: int
    minute: int
    minutes: int
    teacher_id: str = ""
    place: str = ""


@dataclass(frozen=True)
class Offer:
    """A membership that is on sale, as one person sees it now."""

    id: int
    term_id: int
    term: str
    zone: str
    name: str
    description: str
    amount: int  # of the first payment as it is set, before it is prorated
    currency: str
    lessons: int
    weeks: int
    plan: str
    every: int
    unit: str
    times: int
    approval: bool
    intro: bool
    classes: tuple[OfferedClass, ...]
    left: int  # how many more can be sold
    purchase_id: int = 0  # the reader has it already
    listed: bool = False  # the reader is on its waitlist
    closed: str = ""  # why it cannot be bought now, in a sentence

    @property
    def full(self) -> bool:
        """Whether it bears the badge "Full"."""
        return self.left == 0


@dataclass(frozen=True)
class PreviewClass:
    """All dates of a class in a membership's window, as instants, and what lies at the same time."""

    title: str
    dates: tuple[datetime, ...]
    places: int
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MembershipPreview:
    """What is there to see before [Finish]: dates, clashes, what does not fit, and what members will read."""

    new: NewMembership
    zone: str
    classes: tuple[PreviewClass, ...]
    warnings: tuple[str, ...]
    texts: tuple[str, ...]


def check(new: NewMembership, *, charges: bool, terms_weeks: int = 0) -> None:
    """Raise FieldRefusal, at the names of ``NewMembership``'s fields, for what cannot be saved.

    *charges* is whether cards can be charged by themselves.
    """
    raise NotImplementedError
