"""Money of memberships: what is asked for, when a payment is due, and what goes back.

Where each of it lives:

services/classes_money.py      what classes cost, and what would come back
services/classes_settling.py   what follows when a payment is made, or is not
services/classes_refunding.py  money that goes back, and [Mark as Paid]
services/classes_closing.py    the end of open Checkouts
services/classes_payable.py    what Stripe tells

All but the use cases with ``deps`` run in the caller's transaction, under the term's lock.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import DUE, Money, Turn
from domain.classes import Bought
from services import bills, charges, classes_activating
from services.classes import Held
from services.classes_closing import close
from services.classes_money import Money as MoneyOf
from services.classes_money import money_of, quote
from services.classes_payable import ClassesPayable, accounts
from services.classes_refunding import class_cancelled, mark_paid, refund, refund_left
from services.classes_settling import due_bill, failed, kept_over, next_part_at
from services.classes_settling import tell_to_pay as tell_part
from services.outside import Reach, Vault
from services.payables import Account
from services.ports import Chance
from store.classes_sold import Purchase
from store.payments import Bill

__all__ = [
    "MoneyOf", "ask", "class_cancelled", "close", "due_part", "keep", "kept_over", "mark_paid", "money_of",
    "pay_link", "quote", "refund", "refund_left", "tell_to_pay",
]  # fmt: skip
A_DAY = timedelta(days=1)
PAYS_LATER = (Bought.ACTIVE, Bought.ENDED)  # who has had all dates still owes what was agreed


# --- Asking --------------------------------------------------------------------------------------------


def ask(held: Held, one: Purchase, vault: Vault | None, chance: Chance) -> Bill | None:
    """Ask for the first payment, once; None if nothing is to pay. *vault* None: no link, pay at the desk."""
    if one.amount == 0:
        return None
    one.parts = max(one.parts, 1)
    return _ask(held, one, 0, one.amount, vault, chance)


def _ask(held: Held, one: Purchase, part: int, amount: int, vault: Vault | None, chance: Chance) -> Bill:
    payable = ClassesPayable(held, one)
    if vault is not None:
        return bills.ask(payable, one.name, amount, one.currency, vault=vault, chance=chance, part=part)
    found = bills.bill_of(held.tx, part=part, **payable.whose)
    if found is None:
        found = Bill(
            team_id=held.team_id, part=part, service=one.name, amount=amount, currency=one.currency,
            state=Money.REQUIRED.value, created_at=held.now, **payable.whose,
        )  # fmt: skip
        held.tx.add(found)
        held.tx.flush()
        payable.note("payment.asked", subject=f"bill {found.id}", amount=amount, currency=one.currency)
    return found


def tell_to_pay(held: Held, one: Purchase) -> None:
    """Owe the member C3 with the link to the payment that is due, once for each part and try."""
    bill = due_bill(held, one)
    if bill is not None:
        tell_part(held, one, bill.part)


def pay_link(tx: Session, reach: Reach, one: Purchase) -> str:
    """The address at which the payment that is due now is made; "" if none is, or it is paid at the desk."""
    if not reach.payments:
        return ""
    wanted = select(Bill).where(
        Bill.team_id == one.team_id, Bill.purchase_id == one.id,
        Bill.state.in_([state.value for state in DUE]),
    )  # fmt: skip
    bill = tx.scalars(wanted.order_by(Bill.part.desc()).limit(1)).one_or_none()
    return bills.pay_link(reach, f"purchase {one.key}", bill) if bill is not None else ""


def keep(held: Held, one: Purchase) -> None:
    """Money that came too late counts after all: for ``choose_other``, which then activates."""
    for account in accounts(held, one):
        bills.turn(account, Turn.KEPT)
    one.tries, one.pay_at = 0, next_part_at(held, one)


# --- Payments that are due -----------------------------------------------------------------------------


def due_part(held: Held, one: Purchase, vault: Vault | None, chance: Chance) -> bool:
    """``pay_at`` has come: ask for the next payment, or try anew what failed; whether anything changed.

    A card that Stripe keeps is charged; else the member gets the link. Three tries in seven days, then the
    purchase is suspended.
    """
    if one.pay_at is None or held.now < one.pay_at:
        return False
    if one.state not in PAYS_LATER:
        one.pay_at = None
        classes_activating.next_at(held, one)
        return True
    bill = due_bill(held, one)
    if bill is None:
        bill = _ask(held, one, one.parts, one.later_amount, vault, chance)
        one.parts, one.tries = bill.part + 1, 0
    if bill.state == Money.PROCESSING:
        one.pay_at = held.now + A_DAY  # it comes, or it fails
        classes_activating.next_at(held, one)
        return True
    one.pay_at = None  # until Stripe has answered
    if charges.charge(Account(ClassesPayable(held, one), bill)):
        classes_activating.next_at(held, one)
    else:
        failed(held, one, bill)
    return True
