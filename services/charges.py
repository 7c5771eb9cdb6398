"""Charging the card that Stripe keeps: owed once for each try, and what follows."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import DUE, ChargeOrder, Money, Turn
from domain.messages import Kind, Method
from domain.payments import Charge
from domain.text import N_
from services.billed import open_of, opened
from services.bills import close, owner_of, turn
from services.delivery import Skip, database, product_time
from services.owing import Owed, owe
from services.payables import Account
from services.takings import received
from store.database import Database
from store.outbox import Outbox
from store.payments import Bill

LONG_AGO = datetime.min.replace(tzinfo=UTC)
NOT_DUE = N_("nothing is to be paid any more")
UNDECIDED = ("pending", "leased", "unknown")


def charge(account: Account) -> bool:
    """Owe one try to charge the card kept for what this bill is for; whether there is one now.

    Nothing is owed for a bill that is not due, while the try before is undecided, and where no card is kept.
    The link of the bill stays usable: what is paid twice goes back. What became of the try is told to
    ``Payable.paid`` (or ``late``), or to ``Payable.charge_failed``.
    """
    payable, bill = account.payable, account.bill
    if not is_due(account) or _undecided(account) or not _find_card(account):
        return False
    bill.tries += 1
    params = {"try": bill.tries, "customer": bill.customer, "card": bill.card}
    owed = Owed(Kind.PAYMENT_CHARGE, bill.id, _key(bill), params=params, method=Method.MONEY)
    owe(payable.tx, payable.db, payable.team_id, [owed])
    payable.note("payment.charge", subject=f"bill {bill.id}", amount=bill.amount, tried=bill.tries)
    return True


def is_due(account: Account) -> bool:
    """Whether a bill waits for money that is not on its way, for something that is to be."""
    return account.payable.wanted and account.bill.state in DUE and account.bill.state != Money.PROCESSING


def load(tx: Session, row: Outbox) -> ChargeOrder | Skip:
    """What is asked of the card. Once it was asked, it is only looked whether that was done."""
    wanted = select(Bill).where(Bill.team_id == row.team_id, Bill.id == row.subject_id)
    bill = tx.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    payable = open_of(tx, database(tx), row.team_id, row.subject_id, now=product_time(tx), lock=False)
    if bill is None or payable is None:
        return Skip(NOT_DUE)
    due = is_due(Account(payable, bill))
    if not due and row.attempts <= 1:
        return Skip(NOT_DUE)
    customer, card = str(row.params["customer"]), str(row.params["card"])
    owner = owner_of(row.team_id, payable.key)
    parts = (owner, bill.id, row.params["try"], bill.amount, bill.currency, customer, card)
    key = f"charge-{hashlib.sha256(repr(parts).encode()).hexdigest()[:40]}"
    asked = Charge(bill.id, key, bill.amount, bill.currency, bill.service, customer, card, owner)
    return ChargeOrder(asked, only_look=not due)


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """The fate of a PAYMENT_CHARGE is known; the row is locked."""
    if row.state not in ("sent", "dead"):
        return
    account = opened(tx, db, row.team_id, row.subject_id, now=product_time(tx))
    bill = account.bill
    if row.state == "sent" and row.ts:
        if received(account, row.ts, account.price):
            close(account)  # a Checkout that is open all the same
    elif row.state == "dead" and is_due(account):
        if bill.state != Money.CHECKOUT_OPEN:  # else its payer may be paying right now
            turn(account, Turn.FAILED)
        bill.trouble = row.reason
        account.payable.charge_failed(account, row.reason)
    account.payable.changed()


def _undecided(account: Account) -> bool:
    """Whether nobody knows yet what became of the try before."""
    bill = account.bill
    wanted = select(Outbox.state).where(Outbox.team_id == bill.team_id, Outbox.key == _key(bill))
    return account.payable.tx.scalar(wanted) in UNDECIDED


def _key(bill: Bill) -> str:
    return f"payment-charge-{bill.id}-{bill.tries}"


def _find_card(account: Account) -> bool:
    """Have the bill name the card that was kept last, by whichever bill of the same; whether there is one."""
    tx, bill = account.payable.tx, account.bill
    tx.flush()
    wanted = select(Bill).filter_by(**account.payable.whose).where(Bill.card != "", Bill.customer != "")
    kept = sorted(tx.scalars(wanted), key=lambda one: one.paid_at or LONG_AGO)
    if kept:
        bill.customer, bill.card = kept[-1].customer, kept[-1].card
    return bool(kept)
