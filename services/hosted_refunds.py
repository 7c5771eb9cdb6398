"""Refunds: asked for by a press or a rule, owed to Stripe, done or failed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import money
from domain.errors import Refusal
from domain.hosted import Done, Money, NotYourSession
from domain.hosted_facts import Amount
from domain.hosted_payment import RECEIVED
from domain.messages import Kind
from domain.text import say
from services.delivery import product_time
from services.hosted import tell_guest
from services.hosted_bills import due_again
from services.hosted_money import Account, add_up, alarm, give_back, opened, refunds, tell_host
from services.hosted_onlookers import follow_in
from store.database import Database
from store.outbox import Outbox
from store.payments import Bill, Refund

TOLD_ALREADY = ("cancelled", "removed")  # the message that said so named the amount
UNDONE = ("cancelled", "declined", "removed", "late")  # who is part of the session again has to pay again


class NothingPaid(Refusal):
    """Nothing was paid."""


class InDispute(Refusal):
    """The bank of the payer has asked for this money: answer it in Stripe."""


def refund(
    db: Database,
    team_id: str,
    participant_id: int,
    amount: int | None,
    *,
    by: str,
    now: datetime,
    key: str = "",
) -> Done:
    """[Refund]: give *amount* back, None: all that is left. *key* of the form: submitted twice, done once.

    Raises NotYourSession, NoSuchGuest, NothingPaid, and Refusal for more than is left.
    """
    with db.transaction() as tx:
        found = opened(tx, db, team_id, Bill.participant_id == participant_id, now=now, by=by)
        if found.held.session.host_id != by:
            raise NotYourSession
        said = _why_not(found, amount, key)
        if said is None:
            rest = Amount(amount or found.left, found.bill.currency)
            give_back(found, found.bill.intent, rest, "host", key=key)
            said = say("{amount} is on its way back.", amount=money.shown(rest.minor, rest.currency))
            return Done(True, said, found.held.session.id)
        return Done(False, said, found.held.session.id)


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
    found = opened(tx, db, row.team_id, Bill.id == bill_id, now=product_time(tx))
    if refunded:
        _decided(found, row)
    elif found.bill.checkout == row.params["checkout"] and found.bill.poll_at is not None:
        found.bill.poll_at = found.held.now  # money may have come first: look
    follow_in(tx, db, row.team_id, found.held.session.host_id)


def _decided(found: Account, row: Outbox) -> None:
    """Stripe did it, or refused."""
    one = next((one for one in refunds(found) if one.id == row.subject_id), None)
    if one is None or one.state in ("done", "dropped"):
        return
    one.done_at = found.held.now
    if row.state == "sent":
        one.state, one.stripe_id, one.reason = "done", row.ts or "", ""
        add_up(found)
        _tell(found, one)
        if found.wanted:
            due_again(found, UNDONE)
        return
    one.state, one.reason = "failed", row.reason
    found.bill.trouble = row.reason
    add_up(found)
    back = [one.amount, one.currency]
    tell_host(found, "refund_failed", f"{one.id}", back=back, reason=row.reason)
    alarm(found, "refund", f"{one.id}", expected=back, reason=row.reason)
    found.held.note("payment.refund_failed", subject=f"bill {found.bill.id}")


def _tell(found: Account, one: Refund) -> None:
    """The payer hears what came back, and the host what they did not ask for."""
    found.held.note("payment.refunded", subject=f"bill {found.bill.id}", amount=one.amount, why=one.why)
    if one.why not in TOLD_ALREADY:
        tell_guest(found.held, Kind.HOSTED_REFUNDED, found.one, f"refunded-{one.id}", one.id)
    if one.why in ("declined", "twice", "late"):
        tell_host(found, "refunded", f"{one.id}", back=[one.amount, one.currency])
