"""Money as Stripe tells of it: what is ordered, what a Checkout is, and what an event says.

Amounts are whole numbers of the currency's smallest unit; currencies are in capitals.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CheckoutState(StrEnum):
    """What a Checkout session of Stripe is. PROCESSING: it is complete, and the money is on its way."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True)
class Order:
    """One bill as it is put before its payer. *key* makes a repetition give the same Checkout.

    All else must then be the same too, *until* as well: store it before Stripe is asked. It is kept within
    what Stripe takes, 31 minutes and 23 hours from now.
    """

    bill_id: int
    key: str
    amount: int
    currency: str
    service: str
    until: datetime
    back_url: str  # where the payer comes back to, paid or not
    email: str = ""
    locale: str = ""
    owner: str = ""  # what tells it from that of another installation, or database, with the same Stripe
    keep: bool = False  # Stripe keeps the card for charges to come


@dataclass(frozen=True)
class Checkout:
    """A Checkout session, with *bill_id* and *owner* of its order.

    *intent* is what was paid, and what a refund gives back. *customer* and *card* are Stripe's names for a
    card that was to be kept; the card is told by a look only, not by an event.
    """

    id: str
    state: CheckoutState
    url: str = ""
    amount: int = 0
    currency: str = ""
    intent: str = ""
    bill_id: int = 0
    until: datetime | None = None
    owner: str = ""
    customer: str = ""
    card: str = ""


@dataclass(frozen=True)
class Charge:
    """Money that is asked of a card that Stripe keeps, once for each *key*; all else as in Order."""

    bill_id: int
    key: str
    amount: int
    currency: str
    service: str
    customer: str
    card: str
    owner: str


@dataclass(frozen=True)
class MoneyEvent:
    """An event of Stripe that we listen to; either of a Checkout, or of money that was paid (*intent*).

    *what* is checkout, refunded (*refunded* holds how much in all), disputed, or settled: a dispute ended,
    and *won* says whether the money stayed here.
    """

    id: str
    what: str
    checkout: Checkout | None = None
    intent: str = ""
    refunded: int = 0
    won: bool = False
