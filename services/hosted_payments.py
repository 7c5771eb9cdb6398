"""Payments by participants: the pay page, what Stripe tells of Checkouts, and what follows."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.hosted import Done, Fee
from domain.hosted_payment import PayView
from domain.payments import Checkout, MoneyEvent
from services.hosted_bills import back, cancelled, change_fee, charge, due_of, left, lets_in, restored
from services.hosted_refunds import refund
from services.ports import Deps, Reach
from store.database import Database
from store.outbox import Outbox

__all__ = [
    "back", "cancelled", "change_fee", "charge", "due_of", "ended", "left", "lets_in", "open_checkout",
    "pay_view", "poll", "refund", "restored", "take", "try_price", "waive",
]  # fmt: skip


def pay_view(db: Database, team_id: str, reach: Reach, token: str, *, now: datetime) -> PayView:
    """What the pay page of a link says. Raises NoSuchLink."""
    raise NotImplementedError


def open_checkout(deps: Deps, token: str, *, now: datetime) -> str:
    """[Pay]: the address of the Checkout to go to, the open one if there is one.

    Raises NoSuchLink, NotPayable (the page says why), PriceRefused and NoPayments.
    """
    raise NotImplementedError


def take(db: Database, team_id: str, found: MoneyEvent | Checkout, *, now: datetime) -> bool:
    """What Stripe tells, by an event or when asked: each event counts once; whether anything changed."""
    raise NotImplementedError


def poll(deps: Deps, bill_id: int, *, now: datetime) -> bool:
    """Ask Stripe about the Checkout of a bill; whether anything changed."""
    raise NotImplementedError


def waive(deps: Deps, participant_id: int, reason: str, *, by: str, now: datetime) -> Done:
    """[Waive Payment]: the Checkout is closed at Stripe first; money that came before wins.

    Raises NotYourSession, NoSuchGuest, NoPayments, and Refusal without a reason.
    """
    raise NotImplementedError


def try_price(deps: Deps, fee: Fee, *, now: datetime) -> None:
    """Whether Stripe takes a price, for a form to ask; silent when it is away. Raises PriceRefused."""
    raise NotImplementedError


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """The fate of a HOSTED_REFUND or HOSTED_EXPIRE is known; the row is locked."""
    raise NotImplementedError
