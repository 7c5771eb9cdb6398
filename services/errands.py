"""What Stripe is asked for, read at the last moment before it leaves; and what follows when it is done."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import Amount, Errand, ExpireOrder, RefundOrder
from domain.messages import Kind
from domain.text import N_
from services import charges, refunds
from services.delivery import Skip
from store.database import Database
from store.outbox import Outbox
from store.payments import Refund


def refund(tx: Session, row: Outbox) -> RefundOrder | Skip:
    """What Stripe is asked to give back."""
    found = tx.scalars(
        select(Refund)
        .where(Refund.team_id == row.team_id, Refund.id == row.subject_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or found.state != "asked":
        return Skip(N_("it is settled already"))
    return RefundOrder(found.intent, Amount(found.amount, found.currency), found.key)


def expire(tx: Session, row: Outbox) -> ExpireOrder | Skip:
    """A Checkout that is to be closed."""
    checkout = row.params.get("checkout")
    return ExpireOrder(str(checkout)) if checkout else Skip(N_("there is nothing to close"))


LOADERS: dict[Kind, Callable[[Session, Outbox], Errand | Skip]] = {
    Kind.PAYMENT_REFUND: refund,
    Kind.PAYMENT_EXPIRE: expire,
    Kind.PAYMENT_CHARGE: charges.load,
}


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """What Stripe was asked for is done, or refused."""
    (charges if row.kind == Kind.PAYMENT_CHARGE else refunds).ended(tx, db, row)
