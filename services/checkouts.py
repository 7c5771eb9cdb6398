"""[Pay] and [Waive Payment]: a bill has one Checkout at Stripe at a time, or none."""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import (
    ENOUGH,
    LOOK_EVERY,
    RECEIVED,
    STRIPE_LEAST,
    Fee,
    Money,
    NotPayable,
    Turn,
    checkout_until,
)
from domain.errors import Refusal
from domain.pay_page import Page
from domain.payments import Checkout, CheckoutState, Order
from domain.text import on_one_line, say
from services.billed import opened
from services.bills import close_other, owner_of, turn
from services.looks import by_token
from services.outside import NoPayments, Payments, PriceRefused, Reach
from services.payables import Account
from services.ports import Deps
from services.takings import seen, take
from store.database import refuse_network_inside_transaction
from store.payments import Bill

T = TypeVar("T")
SOON = 2.0  # seconds of real time: Slack waits three for what becomes of a form
TRIES = 4  # others may pay, waive or cancel while Stripe is asked


# --- [Pay] ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Go:
    """The Checkout that is open."""

    url: str


@dataclass(frozen=True)
class Close:
    """A Checkout that has to be closed before there may be another."""

    checkout: str


def open_checkout(deps: Deps, token: str, *, now: datetime) -> str:
    """[Pay]: the address of the Checkout to go to, the open one if there is one.

    Raises NoSuchLink, NotPayable (the page says why), PriceRefused and NoPayments.
    """
    with deps.db.reading() as tx:
        bill_id = by_token(tx, deps.team_id, deps.reach, token).id
    stripe = _stripe(deps)
    for _ in range(TRIES):
        plan = _plan(deps, bill_id, token, now)
        if isinstance(plan, Close):
            take(deps.db, deps.team_id, stripe.expire(plan.checkout), now=now)
            continue
        url = plan.url if isinstance(plan, Go) else _made(deps, bill_id, plan, token, now)
        if url:
            return url
    raise NoPayments(NoPayments.__doc__)


def _plan(deps: Deps, bill_id: int, token: str, now: datetime) -> Go | Close | Order:
    """What [Pay] has to do. Which Checkout is made is stored before Stripe is asked for it."""
    with deps.db.transaction() as tx:
        account = opened(tx, deps.db, deps.team_id, bill_id, now=now)
        bill = account.bill
        if account.page is not Page.DUE:
            raise NotPayable
        until = bill.checkout_until
        if bill.checkout:
            usable = bill.checkout_url and until is not None and until - now >= ENOUGH
            return Go(bill.checkout_url) if usable else Close(bill.checkout)
        if until is None or until - now <= STRIPE_LEAST:  # else two tabs make the same one
            bill.number += 1
            bill.checkout_until = checkout_until(now, account.payable.ends_at)
        return _order(account, deps.reach, token)


def _order(account: Account, reach: Reach, token: str) -> Order:
    """What Stripe is asked for: the same key whenever, and only when, all else is the same."""
    bill, payable = account.bill, account.payable
    until = bill.checkout_until
    assert until is not None  # noqa: S101 - for the type checker; it was reserved
    back_url = f"{reach.url}/pay/{token}"
    email, locale = payable.email, payable.locale
    parts = (
        bill.team_id, bill.id, bill.number, bill.amount, bill.currency, bill.service, until, back_url, email,
        locale, *(["keep"] if payable.keeps_card else []),
    )  # fmt: skip
    key = f"pay-{hashlib.sha256(repr(parts).encode()).hexdigest()[:40]}"
    return Order(
        bill.id, key, bill.amount, bill.currency, bill.service, until, back_url, email, locale,
        owner=owner_of(bill.team_id, payable.key), keep=payable.keeps_card,
    )  # fmt: skip


def _made(deps: Deps, bill_id: int, order: Order, token: str, now: datetime) -> str:
    """Have a Checkout made, and keep it; its address, "" if something else was first."""
    try:
        made = _stripe(deps).open(order)
    except PriceRefused as refused:
        _note_trouble(deps, bill_id, refused.sentence, now)
        raise
    with deps.db.transaction() as tx:
        account = opened(tx, deps.db, deps.team_id, bill_id, now=now)
        bill = account.bill
        if bill.checkout == made.id and bill.checkout_url:
            return bill.checkout_url
        reserved = not bill.checkout and bill.checkout_until is not None
        mine = reserved and account.page is Page.DUE and _order(account, deps.reach, token) == order
        if not mine or made.state is not CheckoutState.OPEN:
            _not_given_out(account, made, mine)
            return ""
        turn(account, Turn.OPENED)
        bill.checkout, bill.checkout_url, bill.trouble = made.id, made.url, ""
        bill.checkout_until = made.until or order.until
        bill.poll_at, bill.misses = now + LOOK_EVERY, 0
        account.payable.changed()
        return made.url


def _not_given_out(account: Account, made: Checkout, mine: bool) -> None:
    """A Checkout that nobody is led to: closed if it is open, and counted if it was paid all the same."""
    if mine:
        account.bill.checkout_until = None  # the next one is another
    if made.state is CheckoutState.OPEN:
        close_other(account, made.id)
    else:
        seen(account, made)


def _note_trouble(deps: Deps, bill_id: int, why: str, now: datetime) -> None:
    with deps.db.transaction() as tx:
        opened(tx, deps.db, deps.team_id, bill_id, now=now).bill.trouble = why[:255]


def _stripe(deps: Deps) -> Payments:
    if deps.payments is None:
        raise NoPayments(NoPayments.__doc__)
    return deps.payments


def try_price(deps: Deps, *fees: Fee, now: datetime) -> None:
    """Whether Stripe takes these prices, for a form to ask; silent when it is away or slow.

    Stripe has no other way to ask than to make a Checkout; nobody gets to see it, and it ends by itself. A
    price that was in one before is not asked about again. Raises PriceRefused.
    """
    payments = deps.payments
    with deps.db.reading() as tx:
        fresh = [fee for fee in fees if not _was_taken(tx, deps.team_id, fee)]
    if payments is None or not fresh:
        return
    until = checkout_until(now, now)
    back_url = deps.reach.url or "https://example.com"
    orders = [
        Order(0, f"try-{deps.chance.token()}", fee.amount, fee.currency, fee.service, until, back_url)
        for fee in fresh
    ]
    with suppress(NoPayments):
        _soon(lambda: [payments.open(order) for order in orders])


def _was_taken(tx: Session, team_id: str, fee: Fee) -> bool:
    known = select(Bill.id).where(
        Bill.team_id == team_id, Bill.amount == fee.amount, Bill.currency == fee.currency,
        Bill.state.in_([Money.CHECKOUT_OPEN.value, *(one.value for one in RECEIVED)]),
    )  # fmt: skip
    return tx.scalar(known.limit(1)) is not None


def _soon(call: Callable[[], T]) -> T:
    """What Stripe answers while a form can wait for it. Raises NoPayments when it is too slow.

    The call goes on: what it does is found when Stripe is asked the next time.
    """
    refuse_network_inside_transaction()
    answer: Future[T] = Future()

    def ask() -> None:
        try:
            answer.set_result(call())
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=ask, name="stripe", daemon=True).start()
    try:
        return answer.result(SOON)
    except TimeoutError:
        raise NoPayments(NoPayments.__doc__) from None


# --- [Waive Payment] -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settled:
    """What became of a press; *changed* False: somebody was first, and *said* says what is so now."""

    changed: bool
    said: str


def waive(deps: Deps, bill_id: int, reason: str, *, by: str, now: datetime) -> Settled:
    """[Waive Payment]: the Checkout is closed at Stripe first; money that came before wins.

    Raises NoPayments, Refusal without a reason, and what ``Payable.allow`` does.
    """
    why = on_one_line(reason)[:255]
    if not why:
        raise Refusal(say("Write why."))
    for _ in range(TRIES):
        done = _waived(deps, bill_id, why, by, now)
        if isinstance(done, Settled):
            return done
        take(deps.db, deps.team_id, _closed(deps, done.checkout), now=now)
    raise NoPayments(NoPayments.__doc__)


def _closed(deps: Deps, checkout: str) -> Checkout:
    stripe = _stripe(deps)
    return _soon(lambda: stripe.expire(checkout))


def _waived(deps: Deps, bill_id: int, why: str, by: str, now: datetime) -> Settled | Close:
    """Waive a bill that nobody can pay any more, or say what has to be closed for that."""
    with deps.db.transaction() as tx:
        account = opened(tx, deps.db, deps.team_id, bill_id, now=now, by=by)
        bill = account.bill
        account.payable.allow()
        if bill.state in RECEIVED:
            return Settled(False, say("Already paid."))
        if bill.state == Money.PROCESSING:
            return Settled(False, say("A payment is on its way. Wait until it has arrived, or failed."))
        if bill.checkout and bill.state != Money.WAIVED:
            return Close(bill.checkout)
        if turn(account, Turn.WAIVED) is None:
            return Settled(False, say("Waived already."))
        bill.waived_why, bill.waived_by, bill.trouble = why, by, ""
        bill.checkout_url, bill.checkout_until = "", None
        return Settled(True, say("Waived."))
