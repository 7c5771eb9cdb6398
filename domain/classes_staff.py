"""What class staff see at Home: sessions, their classes and dates, what is sold, who asks and who bought."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.billing import Amount
from domain.classes import Bought, ClassState, DateState, SaleState, TermState
from domain.classes_board import Board


@dataclass(frozen=True)
class TermRow:
    """A term in the list; *members* is how many purchases stand, or are held."""

    id: int
    name: str
    starts_on: date
    ends_on: date
    state: TermState
    classes: int = 0
    members: int = 0


@dataclass(frozen=True)
class ClassRow:
    """A weekly class on the page of its term, or one that belongs to none and may be assigned to it.

    *left* is how many places every date that is ahead has at least; None without such a date.
    """

    id: int
    title: str
    minutes: int
    teacher: str
    place: str
    places: int
    state: ClassState
    dates: int = 0
    left: int | None = None
    waiting: int = 0
    picked: bool = False
    undo: bool = False  # [Cancel Class] can be taken back
    kind: str = ""  # what its class type is called


@dataclass(frozen=True)
class TermPage:
    """One term, opened: its classes and those that belong to no term yet."""

    row: TermRow
    zone: str
    closed_days: tuple[date, ...]
    version: int
    classes: tuple[ClassRow, ...]  # those of this page
    ids: tuple[int, ...]  # of all classes that can be picked
    has_types: bool


@dataclass(frozen=True)
class TypeRow:
    """A class type; *classes* is how many weekly classes are of it."""

    id: int
    name: str
    description: str
    minutes: int
    classes: int = 0


@dataclass(frozen=True)
class MembershipRow:
    """A membership in the list; *price* may be nothing."""

    id: int
    name: str
    term: str
    price: Amount
    lessons: int
    weeks: int
    sold: int
    custom: int | None
    online: bool
    state: SaleState
    left: int = 0  # so many more can be sold
    over: bool = False  # its term is


@dataclass(frozen=True)
class RequestRow:
    """Somebody asks for a membership. *until* is when the places are freed without an answer."""

    id: int
    user_id: str
    name: str
    membership: str
    classes: tuple[str, ...]
    asked_at: datetime
    until: datetime | None
    zone: str  # of the term


@dataclass(frozen=True)
class MemberRow:
    """What somebody bought: what we have of its price, what is to pay, and what Stripe can give back."""

    id: int
    user_id: str
    name: str
    membership: str
    term: str
    state: Bought
    classes: tuple[str, ...]
    paid: Amount
    due: Amount
    membership_id: int
    left: int = 0


@dataclass(frozen=True)
class StaffBoard(Board):
    """A page of class staff; of the lists only the one of its tab is filled."""

    reader: str = ""  # a user id
    page: int = 0
    pages: int = 1
    admin: bool = False
    terms: tuple[TermRow, ...] = ()
    term: TermPage | None = None
    types: tuple[TypeRow, ...] = ()
    memberships: tuple[MembershipRow, ...] = ()
    draft: bool = False  # of a membership
    requests: tuple[RequestRow, ...] = ()
    asking: int = 0  # requests in all, beside the tab
    members: tuple[MemberRow, ...] = ()


@dataclass(frozen=True)
class DateRow:
    """One date of a class, in its term's zone."""

    id: int
    starts_at: datetime
    minutes: int
    places: int
    taken: int
    state: DateState
    was_at: datetime | None = None
    why: str = ""
    undo: bool = False


@dataclass(frozen=True)
class Dates:
    """All dates of a class; *page* of them are shown."""

    class_id: int
    term_id: int
    title: str
    zone: str
    rows: tuple[DateRow, ...]
    page: int = 0
    pages: int = 1


@dataclass(frozen=True)
class QueueRow:
    """Somebody who waits; *nth* is their place in the list of what they wait for."""

    id: int
    nth: int
    name: str
    about: str
    joined_at: datetime
    offer_until: datetime | None
    with_name: str = ""
    day: datetime | None = None  # of the date that is waited for
    zone: str = "Etc/UTC"


@dataclass(frozen=True)
class Queues:
    """Who waits in a term, or for one class of it."""

    zone: str
    rows: tuple[QueueRow, ...]
    page: int = 0
    pages: int = 1
    value: str = ""  # what the buttons carry to come here again
