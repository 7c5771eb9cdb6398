"""Refunds: asked for by a press or a rule, owed to Stripe, done or failed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import money
from domain.billing import RECEIVED, Amount, Money
from domain.errors import Refusal
from domain.messages import Kind
from domain.text import say
from services.billed import opened
from services.bills import add_up, alarm, give_back, refunds
from services.checkouts import Settled
from services.delivery import product_time
from services.payables import Account
from store.database import Database
from store.outbox import Outbox
from store.payments import Refund


class NothingPaid(Refusal):
    """Nothing was paid."""


class InDispute(Refusal):
    """The bank of the payer has asked for this money: answer it in Stripe."""


def refund(
    db: Database, team_id: str, bill_id: int, amount: int | None, *, by: str, now: datetime, key: str = ""
) -> Settled:
    """[Refund]: give *amount* back, None: all that is left. *key* of the form: submitted twice, done once.

    Raises NothingPaid, InDispute, Refusal for more than is left, and what ``Payable.allow`` does.
    """
    with db.transaction() as tx:
        found = opened(tx, db, team_id, bill_id, now=now, by=by)
        found.payable.allow()
        said = _why_not(found, amount, key)
        if said is not None:
            return Settled(False, said)
        rest = Amount(amount or found.left, found.bill.currency)
        give_back(found, found.bill.intent, rest, "host", key=key)
        return Settled(
            True, say("{amount} is on its way back.", amount=money.shown(rest.minor, rest.currency))
        )


def _why_not(found: Account, amount: int | None, key: str) -> str | None:
    """Why a refund changes nothing; None if it is to be done. Raises Refusal where it cannot be."""
    bill = found.bill
    if bill.state not in RECEIVED:
        raise NothingPaid
    if bill.state == Money.DISPUTED:
        raise InDispute
    known = refunds(found)
    if bill.refunding or (key and any(one.key == f"refund-{bill.intent}-{key}"[:120] for one in known)):
        return say("A refund is on its way.")
    if not found.left:
        return say("All was given back already.")
    if amount is not None and not 0 < amount <= found.left:
        most = money.shown(found.left, bill.currency)
        raise Refusal(say("You can give back {most} at most.", most=most))
    return None


# --- What Stripe said ----------------------------------------------------------------------------------


def ended(tx: Session, db: Database, row: Outbox) -> None:
    """The fate of a PAYMENT_REFUND or PAYMENT_EXPIRE is known; the row is locked."""
    if row.state not in ("sent", "dead"):
        return
    refunded = row.kind == Kind.PAYMENT_REFUND
    wanted = select(Refund.bill_id).where(Refund.team_id == row.team_id, Refund.id == row.subject_id)
    bill_id = tx.scalar(wanted) if refunded else row.subject_id
    if bill_id is None:
        return
    found = opened(tx, db, row.team_id, bill_id, now=product_time(tx))
    if refunded:
        _decided(found, row)
    elif found.bill.checkout == row.params["checkout"] and found.bill.poll_at is not None:
        found.bill.poll_at = found.payable.now  # money may have come first: look
    found.payable.changed()


def _decided(found: Account, row: Outbox) -> None:
    """Stripe did it, or refused."""
    one = next((one for one in refunds(found) if one.id == row.subject_id), None)
    if one is None or one.state in ("done", "dropped"):
        return
    about = f"bill {found.bill.id}"
    one.done_at = found.payable.now
    if row.state == "sent":
        one.state, one.stripe_id, one.reason = "done", row.ts or "", ""
        add_up(found)
        found.payable.note("payment.refunded", subject=about, amount=one.amount, why=one.why)
        found.payable.refunded(found, one)
        return
    one.state, one.reason = "failed", row.reason
    found.bill.trouble = row.reason
    add_up(found)
    alarm(found, "refund", f"{one.id}", expected=[one.amount, one.currency], reason=row.reason)
    found.payable.refund_failed(found, one)
    found.payable.note("payment.refund_failed", subject=about)
