"""Classes: the words of their states, how long things last, what may follow what, and the refusals.

A *term* is what people read as "session": a period with weekly classes. A *registration* is one person at one
date of a class; an *enrolment* is the standing wish for all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import Refusal
from domain.text import N_, say

LONGEST_TERM = 366  # days
MOST_PLACES = 500
MOST_WAITING = 200
WAITING = 10  # waitlist places of a new class
LESSONS = range(1, 8)  # a week
WEEKS = range(1, 53)
CHECKOUT = timedelta(minutes=31)  # so long places are held while somebody pays
APPROVAL_DAYS = 2  # business days that staff have to answer; the places are held
APPROVED = timedelta(hours=48)  # so long somebody who was approved may pay, at most until the first date
OFFER = timedelta(hours=48)  # so long a free place is kept for the first on the list
OFFER_ENDS = timedelta(hours=2)  # before the start: from then on everybody is asked
REMIND = timedelta(hours=24)
LIST = timedelta(minutes=10)  # before the start the teacher gets the list
UNDO = timedelta(hours=24)
TRIES = (timedelta(0), timedelta(days=3), timedelta(days=7))  # of a payment that fails, after the first
KEPT = timedelta(days=7)  # so long a suspended membership keeps its places
MEMBERS_FIRST = 3  # days in which only members of the term before may buy


class TermState(StrEnum):
    """Where a term stands."""

    DRAFT = "draft"  # no class is assigned yet
    OPEN = "open"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class ClassState(StrEnum):
    """Where a weekly class stands."""

    NEW = "new"  # belongs to no term
    ASSIGNED = "assigned"
    CANCELLED = "cancelled"


class DateState(StrEnum):
    """Where one date of a class stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class SaleState(StrEnum):
    """Where a membership stands."""

    ON_SALE = "on_sale"
    STOPPED = "stopped"
    CLOSED = "closed"  # its term is over


class Plan(StrEnum):
    """How a membership is paid for."""

    CARD = "card"
    RECURRING = "recurring"
    RENEW = "renew"


PLANS = {Plan.CARD: N_("Class card"), Plan.RECURRING: N_("Recurring payments"), Plan.RENEW: N_("Auto renew")}


class Unit(StrEnum):
    """What lies between two payments."""

    WEEK = "week"
    MONTH = "month"


class Late(StrEnum):
    """What somebody pays who joins after the first date."""

    PRORATED = "prorated"
    FULL = "full"
    CLOSED = "closed"  # nobody may after a certain week


class RefundRule(StrEnum):
    """What a member gets back who leaves after the start."""

    NONE = "none"
    PRORATED = "prorated"


class Mode(StrEnum):
    """What becomes of a free place that somebody waits for."""

    OFFER = "offer"
    AT_ONCE = "at_once"
    EVERYBODY = "everybody"


class Bought(StrEnum):
    """Where a purchase stands."""

    PENDING_APPROVAL = "pending_approval"
    AWAITING_PAYMENT = "awaiting_payment"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    PAID_UNALLOCATED = "paid_unallocated"  # paid after its places were given away


HELD = (Bought.PENDING_APPROVAL, Bought.AWAITING_PAYMENT)
STANDING = (Bought.ACTIVE, Bought.SUSPENDED)
LIVE = (*HELD, *STANDING, Bought.PAID_UNALLOCATED)  # one membership of one person at a time
# from which states a purchase may come into which
STEPS: Mapping[Bought, tuple[Bought, ...]] = {
    Bought.AWAITING_PAYMENT: (Bought.PENDING_APPROVAL,),
    Bought.ACTIVE: (
        Bought.PENDING_APPROVAL,
        Bought.AWAITING_PAYMENT,
        Bought.EXPIRED,
        Bought.SUSPENDED,
        Bought.PAID_UNALLOCATED,
    ),
    Bought.REJECTED: (Bought.PENDING_APPROVAL,),
    Bought.EXPIRED: HELD,
    Bought.SUSPENDED: (Bought.ACTIVE,),
    Bought.ENDED: STANDING,
    Bought.CANCELLED: (*HELD, *STANDING, Bought.PAID_UNALLOCATED),
    Bought.PAID_UNALLOCATED: (Bought.EXPIRED, Bought.CANCELLED, Bought.REJECTED),
}


class Attending(StrEnum):
    """Where one registration stands."""

    HELD = "held"  # of a purchase that is asked for, or to be paid
    OFFERED = "offered"  # kept for somebody on a waitlist
    REGISTERED = "registered"
    ON_HOLD = "on_hold"  # a payment failed
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    SKIPPED = "skipped"
    LATE_CANCELLED = "late_cancelled"
    REMOVED = "removed"


# these take one of a date's places: a date's *taken* is their number, in every committed state
TAKES = (
    Attending.HELD,
    Attending.OFFERED,
    Attending.REGISTERED,
    Attending.ON_HOLD,
    Attending.ATTENDED,
    Attending.NO_SHOW,
)
COUNTS = (*TAKES, Attending.LATE_CANCELLED)  # these count as a lesson of their week, but OFFERED does not
CAME = (Attending.REGISTERED, Attending.ATTENDED, Attending.NO_SHOW)


class Queue(StrEnum):
    """Where an entry of a waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    PLACED = "placed"
    PASSED = "passed"
    EXPIRED = "expired"
    LEFT = "left"


LISTED = (Queue.WAITING, Queue.OFFERED)


# --- What people fill in and press --------------------------------------------------------------------


@dataclass(frozen=True)
class NewTerm:
    """A term as it is filled in."""

    name: str
    starts_on: date
    ends_on: date
    zone: str
    closed_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class NewClass:
    """A class as it is filled in: one weekly class for each of its days."""

    type_id: int
    weekdays: tuple[int, ...]  # Monday is 0
    minute: int  # of the day
    minutes: int
    places: int
    teacher_id: str = ""
    place: str = ""
    waitlist_places: int = WAITING


@dataclass(frozen=True)
class NewMembership:
    """A membership as its four steps fill it in. *amount* in the currency's smallest unit."""

    term_id: int
    name: str
    amount: int
    currency: str
    lessons: int
    weeks: int
    classes: tuple[int, ...]
    description: str = ""
    custom: int | None = None  # the most purchases
    plan: Plan = Plan.CARD
    every: int = 1
    unit: Unit = Unit.MONTH
    times: int = 1
    late: Late = Late.PRORATED
    late_week: int = 2
    refund_rule: RefundRule = RefundRule.NONE
    online: bool = True
    intro: bool = False
    new_only: bool = True
    once: bool = True
    approval: bool = False


@dataclass(frozen=True)
class Done:
    """What a press came to; *changed* False: somebody was first, and *said* says what is so now.

    *id* is of what was made: a term, a class, a membership, a purchase or an entry of a waitlist.
    """

    changed: bool
    said: str = ""
    id: int = 0


# --- Refusals ------------------------------------------------------------------------------------------


class StaffOnly(Refusal):
    """Only class staff can do this."""


class MembersOnly(Refusal):
    """Only people of this workspace can do this."""


class NotYours(Refusal):
    """This belongs to somebody else."""


class NoSuchTerm(Refusal):
    """This session of classes is not there any more."""


class NoSuchClass(Refusal):
    """This class is not there any more."""


class NoSuchDate(Refusal):
    """This date is not there any more."""


class NoSuchMembership(Refusal):
    """This membership is not there any more."""


class NoSuchPurchase(Refusal):
    """This purchase is not there any more."""


class NoSuchPlace(Refusal):
    """This registration is not there any more."""


class NotOnSale(Refusal):
    """This membership is no longer on sale."""


class HaveItAlready(Refusal):
    """You already have this membership."""


class JustTaken(Refusal):
    """A place was taken by somebody else a moment ago."""

    def __init__(self, title: str) -> None:
        """*title* is the class's: "Yoga · Tue 18:00"."""
        super().__init__(say("{class_} was just taken.", class_=title))


class Stale(Refusal):
    """Somebody changed this meanwhile. Look at it again, then save."""
