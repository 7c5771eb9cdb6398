"""What a bill is for, as payments see it: an interface that each area with bills answers to.

services/billed.py knows which area a bill belongs to. Whatever is called here runs in the transaction that
changes the bill, while the lock of what it is for is held.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from domain.billing import Amount, Money
from domain.pay_page import Page, PayView, page_of
from services.outside import Reach
from store.database import Database
from store.payments import Bill, Refund


class Late(StrEnum):
    """What becomes of money that came too late."""

    KEEP = "keep"  # it stays where it is until somebody decides
    BACK = "back"  # it goes back by itself
    COUNTS = "counts"  # it is not too late after all: the bill is paid


class Change(Protocol):
    """A transaction that holds the lock of something.

    *by* is a user id, "guest <participant>" for somebody outside Slack, or "" where time or Stripe does it.
    """

    @property
    def tx(self) -> Session:
        """The transaction."""
        ...

    @property
    def db(self) -> Database:
        """The database."""
        ...

    @property
    def team_id(self) -> str:
        """The workspace."""
        ...

    @property
    def now(self) -> datetime:
        """When it happens: product time."""
        ...

    @property
    def by(self) -> str:
        """Who does it."""
        ...


Holding = TypeVar("Holding", bound=Change)


@dataclass(frozen=True)
class Within(Generic[Holding]):
    """The part of a payable that is the change it happens in."""

    held: Holding

    @property
    def tx(self) -> Session:
        """The transaction."""
        return self.held.tx

    @property
    def db(self) -> Database:
        """The database."""
        return self.held.db

    @property
    def team_id(self) -> str:
        """The workspace."""
        return self.held.team_id

    @property
    def now(self) -> datetime:
        """When it happens."""
        return self.held.now

    @property
    def by(self) -> str:
        """Who does it."""
        return self.held.by


class Payable(Change, Protocol):
    """What somebody pays for."""

    @property
    def whose(self) -> dict[str, int]:
        """The column of a bill that names it, and its number there: {"participant_id": 7}."""
        ...

    @property
    def key(self) -> str:
        """A word of its own that never changes: links are sealed for it, Checkouts carry its hash."""
        ...

    @property
    def email(self) -> str:
        """The payer's address for Stripe's form, empty where it is not known."""
        ...

    @property
    def locale(self) -> str:
        """The payer's."""
        ...

    @property
    def wanted(self) -> bool:
        """Whether it is to be, or was."""
        ...

    @property
    def ends_at(self) -> datetime:
        """Until when its bills can be paid."""
        ...

    @property
    def keeps_card(self) -> bool:
        """Whether Stripe is to keep the card for what is due later."""
        ...

    def page(self, bill: Bill, reach: Reach) -> PayView:
        """What the pay page of a bill says; read without a lock."""
        ...

    def note(self, action: str, *, subject: str = "", **detail: Any) -> None:
        """Note a change in the audit log. No names, no addresses, no codes."""
        ...

    def allow(self) -> None:
        """Raise a Refusal unless *by* may waive its bills and give money back."""
        ...

    def paid(self, account: "Account", intent: str) -> None:
        """Money came that counts: tell it, and let in who paid."""
        ...

    def late(self, account: "Account", intent: str, got: Amount) -> Late:
        """Money came for what is not to be, or after the bill was waived; COUNTS: ``paid`` is called next."""
        ...

    def lapsed(self, account: "Account") -> None:
        """The Checkout that was open ended unpaid, or its payment failed. The link stays usable."""
        ...

    def refunded(self, account: "Account", refund: Refund) -> None:
        """Money went back."""
        ...

    def refund_failed(self, account: "Account", refund: Refund) -> None:
        """Money did not go back; administrators are told already."""
        ...

    def disputed(self, account: "Account") -> None:
        """The payer's bank asks for the money."""
        ...

    def charge_failed(self, account: "Account", why: str) -> None:
        """The card that Stripe keeps was not charged; *why* in Stripe's words. The link stays usable."""
        ...

    def changed(self) -> None:
        """Something about its bills changed: draw it anew for whoever looks at it."""
        ...


@dataclass(frozen=True)
class Account:
    """A bill and what it is for, which is locked."""

    payable: Payable
    bill: Bill

    @property
    def price(self) -> Amount:
        """What is asked for."""
        return Amount(self.bill.amount, self.bill.currency)

    @property
    def page(self) -> Page:
        """What the pay page says."""
        return page_at(self.payable, self.bill)

    @property
    def left(self) -> int:
        """What can still be given back of the payment that counts."""
        return max(0, self.bill.paid - self.bill.refunded - self.bill.refunding)


def page_at(payable: Payable, bill: Bill) -> Page:
    """What the pay page of a bill says."""
    return page_of(Money(bill.state), wanted=payable.wanted, over=payable.now >= payable.ends_at)
