"""What messages of classes say: to members, to class staff, and to teachers.

A class is told by its title, such as "Yoga · Tue 18:00"; times are those of the term's zone.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.billing import Amount


@dataclass(frozen=True, kw_only=True)
class ToPerson:
    """What every message of classes begins with."""

    zone: str  # of the term
    reader_zone: str = ""
    locale: str = ""  # of the reader
    value: str = ""  # what its buttons carry: "<subject>.<message>"
    again: bool = False  # it may have arrived before


# --- Of a purchase --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked(ToPerson):
    """C1: staff were asked; *state* is the purchase's now."""

    membership: str
    answer_by: datetime | None
    state: str = "pending_approval"


@dataclass(frozen=True, kw_only=True)
class Request(ToPerson):
    """C2: staff are asked; who answered, once somebody has."""

    member: str
    membership: str
    classes: tuple[str, ...]
    state: str = "pending_approval"
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ToPay(ToPerson):
    """C3 and each later payment; without a *link* it is paid at the desk.

    *failed*: a card was charged in vain, and *reason* is what Stripe says about it.

    *what*: approved (C3), first (the first payment, without approval), due (a later one). *state*: open,
    paid, or over.
    """

    what: str
    membership: str
    amount: Amount
    until: datetime | None = None
    link: str = ""
    state: str = "open"
    failed: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Entered(ToPerson):
    """C4: what somebody is registered to. *left_out* counts dates of the window that were cancelled."""

    membership: str
    classes: tuple[str, ...]
    dates: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    left_out: int = 0
    state: str = "active"


@dataclass(frozen=True, kw_only=True)
class Over(ToPerson):
    """C5 to C8, and the other ends of a purchase.

    *what*: declined (C5), expired (C6), unallocated (C7), suspended (C8), cancelled, class_cancelled,
    refunded, ended, withdrawn. *asked*: it was staff's time to answer that ran out, not the member's to pay.
    *next_term* names a session whose memberships are on sale now. *open*: whether its button still works.
    *paying*: a payment is on its way.
    """

    what: str
    membership: str
    reason: str = ""
    amount: Amount | None = None
    until: datetime | None = None
    link: str = ""
    asked: bool = False
    class_: str = ""
    next_term: str = ""
    state: str = ""  # of the purchase now
    rating: str = ""  # how it was: good, so_so, bad
    open: bool = True
    paying: bool = False


# --- Of dates -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DateTold(ToPerson):
    """C9, C10, and what else happens to a date.

    *what*: moved (C9), cancelled (C10), added, back, no_place. *state* is the registration's now; *credit*:
    whether its make-up lesson is open; *open*: whether its buttons still work. *more* are further dates of
    the reader of which the same is true.
    """

    what: str
    class_: str
    starts_at: datetime
    was_at: datetime | None = None
    state: str = "registered"
    kept: bool = False  # [Keep] was pressed
    credit: bool = False
    open: bool = True
    more: tuple[datetime, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reminder(ToPerson):
    """C12; *state* is the registration's now."""

    class_: str
    starts_at: datetime
    days: int = 1  # from the reader's today to its day
    place: str = ""
    state: str = "registered"
    coming: bool = False
    open: bool = True


@dataclass(frozen=True, kw_only=True)
class Offer(ToPerson):
    """C11: a place is free, in a class, or at one date of it; *state* is the entry's now.

    *everybody*: the first who presses has it. *join*: whether one may join the waitlist again.
    *kept*: who waits for a membership reads in which of its classes the place is.
    """

    class_: str
    kept: tuple[str, ...] = ()
    starts_at: datetime | None = None  # of the one date
    until: datetime | None = None
    offered_at: datetime | None = None  # an end on that day is said by its time alone
    state: str = "offered"
    everybody: bool = False
    join: bool = False


# --- To class staff and teachers ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person of an attendance list; *value* is what its buttons carry."""

    name: str
    value: str
    state: str = "registered"
    coming: bool = False


@dataclass(frozen=True, kw_only=True)
class Attendance(ToPerson):
    """The list of one date, a page of it."""

    class_: str
    starts_at: datetime
    place: str = ""
    people: tuple[Attendee, ...] = ()
    registered: int = 0
    came: int = 0
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, kw_only=True)
class News(ToPerson):
    """What else somebody should know: *what* is one of ``blocks.classes_news.SENTENCES``.

    *open*: whether its buttons still work.
    """

    what: str
    member: str = ""
    membership: str = ""
    class_: str = ""
    term: str = ""
    starts_at: datetime | None = None
    amount: Amount | None = None
    reason: str = ""
    open: bool = True


# --- The calendar ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A date that is not at the time of its weekly entry."""

    slot: datetime
    starts_at: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """The entry of one class: every week from *first_at* to *last_at*, except for what is *left_out*.

    *extra* are dates beside the weekly ones. Its *uid* stays; a higher *sequence* replaces what was there.
    """

    uid: str
    sequence: int
    class_: str
    place: str
    first_at: datetime
    last_at: datetime
    minutes: int
    left_out: tuple[datetime, ...] = ()
    moved: tuple[Moved, ...] = ()
    extra: tuple[Moved, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class CalendarFile(ToPerson):
    """The classes of a purchase as a file."""

    membership: str
    at: datetime  # when it was made
    entries: tuple[Weekly, ...] = ()


ClassesFacts = (
    Asked | Request | ToPay | Entered | Over | DateTold | Reminder | Offer | Attendance | News | CalendarFile
)
