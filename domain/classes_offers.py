"""Memberships as they are offered: what members see of them, and what staff check before they save one."""

from dataclasses import dataclass
from datetime import datetime

from domain.classes import LESSONS, WEEKS, Late, NewMembership, Plan
from domain.errors import FieldRefusal
from domain.money import CURRENCY, MOST_DIGITS
from domain.text import say, say_n

NAME = 80  # characters
DESCRIPTION = 1000
EVERY = range(1, 13)  # weeks or months between two payments
TIMES = range(1, 61)  # payments in all, of recurring payments
NEED_STRIPE = {
    Plan.RECURRING: say("Recurring payments need Stripe. Choose Class card or set up Stripe."),
    Plan.RENEW: say("Auto renew needs Stripe. Choose Class card or set up Stripe."),
}


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
    prorated: bool = False  # who joins late pays for the dates that are left alone

    @property
    def late(self) -> bool:
        """Whether dates of it are over for who buys it now."""
        return any(one.dates < one.all_dates for one in self.classes)

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


def check(new: NewMembership, *, charges: bool) -> None:
    """Raise FieldRefusal, at the names of ``NewMembership``'s fields, for what cannot be saved.

    *charges* is whether cards can be charged by themselves.
    """
    problems: dict[str, str] = {}
    if not 1 <= len(new.name.strip()) <= NAME:
        problems["name"] = say("Write a name of 1 to 80 characters.")
    if len(new.description) > DESCRIPTION:
        problems["description"] = say("Write at most {count} characters.", count=DESCRIPTION)
    if new.amount < 0 or len(str(new.amount)) > MOST_DIGITS:
        problems["amount"] = say("Write a price, for example 40.00.")
    if not CURRENCY.fullmatch(new.currency):
        problems["currency"] = say("Write a currency of three letters, for example USD.")
    if new.custom is not None and new.custom < 1:
        problems["custom"] = say("Write a whole number of 1 or more.")
    if new.lessons not in LESSONS:
        problems["lessons"] = say("Choose 1 to 7 lessons per week.")
    elif len(set(new.classes)) < new.lessons:
        problems["classes"] = say_n("Select at least {count} class.", "Select at least {count} classes.",
                                    new.lessons)  # fmt: skip
    if new.weeks not in WEEKS:
        problems["weeks"] = say("Choose 1 to 52 weeks.")
    problems |= _of_plan(new, charges)
    if problems:
        raise FieldRefusal(problems)


def _of_plan(new: NewMembership, charges: bool) -> dict[str, str]:
    problems: dict[str, str] = {}
    if new.plan != Plan.CARD:
        if not charges:
            problems["plan"] = NEED_STRIPE[new.plan]
        elif not new.amount:
            problems["plan"] = say("Nothing is to be paid. Choose Class card.")
        if new.every not in EVERY:
            problems["every"] = say("Choose 1 to 12.")
        if new.plan == Plan.RECURRING and new.times not in TIMES:
            problems["times"] = say("Choose 1 to 60 payments.")
    if new.late == Late.CLOSED and new.late_week not in WEEKS:
        problems["late_week"] = say("Choose 1 to 52 weeks.")
    return problems
