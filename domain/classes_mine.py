"""What members see at Home: memberships for sale, and their own with all dates."""

from dataclasses import dataclass
from datetime import datetime

from domain.billing import Amount
from domain.classes import HELD, STANDING, Attending, Bought, DateState, Plan, Queue
from domain.classes_board import Board
from domain.classes_offers import Offer
from domain.errors import Refusal

MOST_MINE = 8  # memberships of one person that are shown; Home holds 100 blocks
MOST_WAITING = 10


@dataclass(frozen=True)
class MyClass:
    """A class of a membership; *place* is where it is, or a link."""

    title: str  # "Yoga · Tue 18:00"
    teacher: str = ""
    place: str = ""


@dataclass(frozen=True)
class Mine:
    """A membership that somebody has or asked for."""

    purchase_id: int
    membership_id: int
    name: str
    term: str
    zone: str
    state: Bought
    plan: Plan
    classes: tuple[MyClass, ...]
    ahead: int = 0  # dates
    next_at: datetime | None = None
    hold_until: datetime | None = None
    kept_until: datetime | None = None
    due: Amount | None = None
    pay_link: str = ""
    stopped: bool = False  # no more payments follow
    credits: tuple[int, ...] = ()  # registrations with a make-up lesson that was not used
    reader_zone: str = ""

    @property
    def standing(self) -> bool:
        """Whether it is bought, and not over."""
        return self.state in STANDING

    @property
    def held(self) -> bool:
        """Whether it waits for an answer or a payment."""
        return self.state in HELD

    @property
    def renews(self) -> bool:
        """Whether [Stop Renewal] does something."""
        return self.standing and self.plan is Plan.RENEW and not self.stopped


@dataclass(frozen=True)
class MyDate:
    """One date of a membership, as its member sees it."""

    registration_id: int
    title: str
    starts_at: datetime
    minutes: int
    place: str
    state: Attending
    date_state: DateState
    make_up: bool = False
    credit: str = ""  # the state of the make-up lesson that it gave: open, used, void; "" if it gave none
    was_at: datetime | None = None  # before it was moved
    over: bool = False  # it has begun
    full: bool = False

    @property
    def may_skip(self) -> bool:
        """[Skip This One]."""
        return not self.over and self.state is Attending.REGISTERED and self.date_state is DateState.PLANNED

    @property
    def may_undo(self) -> bool:
        """[Undo Skip], unless its make-up lesson was used."""
        back = self.state in (Attending.SKIPPED, Attending.LATE_CANCELLED)
        here = not self.over and self.date_state is DateState.PLANNED and not self.full
        return back and here and self.credit != "used"

    @property
    def may_make_up(self) -> bool:
        """[Use Make-up]."""
        return self.credit == "open"


@dataclass(frozen=True)
class MyWait:
    """What somebody waits for; *nth* is their place in the list."""

    waiting_id: int
    title: str
    zone: str
    state: Queue
    nth: int
    starts_at: datetime | None = None  # of a single date
    offer_until: datetime | None = None
    reader_zone: str = ""


@dataclass(frozen=True)
class Day:
    """A date that a make-up lesson can be used for, or whose waitlist can be joined: *left* places."""

    date_id: int
    title: str
    starts_at: datetime
    left: int = 0


class CreditUsed(Refusal):
    """This make-up lesson was used already."""


@dataclass(frozen=True)
class Opened:
    """A membership with its dates, a page of them."""

    mine: Mine
    dates: tuple[MyDate, ...]


@dataclass(frozen=True)
class MemberBoard(Board):
    """The page of a member: the lists, or the membership that is *opened*."""

    offers: tuple[Offer, ...] = ()
    mine: tuple[Mine, ...] = ()
    waits: tuple[MyWait, ...] = ()
    opened: Opened | None = None
    page: int = 0  # of the offers, or of the dates that are opened
    pages: int = 1
    member: bool = True  # may buy: no bot, and nobody of another workspace
    more: int = 0  # memberships of the reader that are not shown
