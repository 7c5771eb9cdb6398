"""What the pay page says, whatever is to be paid for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.billing import HOLDS, Amount, Money


class Page(StrEnum):
    """What there is to say before a payment link."""

    DUE = "due"
    PROCESSING = "processing"
    PAID = "paid"
    WAIVED = "waived"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True)
class OfSession:
    """The session that somebody pays for, in their zone and in their host's."""

    title: str
    starts_at: datetime
    zone: str
    host_zone: str


@dataclass(frozen=True)
class OfMembership:
    """The membership that somebody pays for, or an instalment of it: *part* of *parts*, from 1."""

    title: str
    classes: tuple[str, ...] = ()
    first: date | None = None  # the days on which it begins and ends
    last: date | None = None
    part: int = 1
    parts: int = 1


@dataclass(frozen=True)
class PayView:
    """The pay page of one bill. *host* is who asks for the money, and *name* of whom."""

    page: Page
    about: OfSession | OfMembership
    name: str
    host: str
    service: str
    amount: Amount
    rule: str = ""  # the cancellation rule, shown before somebody pays
    back: Amount | None = None  # what was given back, or is on its way
    join: str = ""  # where they go once they have paid
    locale: str = ""


def page_of(state: Money, *, wanted: bool, over: bool) -> Page:
    """What the page says; *wanted* is whether what it is for is to be, *over* whether its time has passed."""
    if not wanted:
        return Page.CANCELLED
    if state is Money.REFUNDED:
        return Page.REFUNDED
    if state in (Money.WAIVED, Money.PAID_UNALLOCATED):  # the latter came although it was waived
        return Page.WAIVED
    if state in HOLDS:
        return Page.PAID
    if state is Money.PROCESSING:
        return Page.PROCESSING
    return Page.ENDED if over else Page.DUE
