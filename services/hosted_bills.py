"""Bills of participants: made with a session, sent with its messages, and ended with it."""

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.billing import DUE, LETS_IN, RECEIVED, AlreadyPaid, Amount, Fee, Money, Turn
from domain.errors import Refusal
from domain.hosted import own_refund
from domain.hosted_facts import Due
from domain.text import N_
from services.bills import ask, bill_of, close, drop, due_again, give_back, new_link, pay_link, turn
from services.hosted import Held, host_of
from services.hosted_payable import HostedPayable, accounts
from services.outside import Reach, Vault
from services.payables import Account
from services.ports import Chance
from store.hosted import HostedParticipant, HostedSession
from store.payments import Bill

NO_LONGER = N_("The host asks for no payment any more.")


class OnItsWay(Refusal):
    """A payment is on its way. Wait until it has arrived, or failed."""


def charge(held: Held, one: HostedParticipant, fee: Fee, *, vault: Vault, chance: Chance) -> Bill | None:
    """Ask somebody to pay: once, however often it is called. A price of 0 is no bill."""
    held.tx.flush()
    found = _account(held, one)
    if found is not None or not fee.amount:
        return found.bill if found else None
    return ask(
        HostedPayable(held, one), fee.service, fee.amount, fee.currency, vault=vault, chance=chance,
        service_id=fee.service_id or None,
    )  # fmt: skip


def change_fee(
    held: Held, one: HostedParticipant, fee: Fee | None, *, vault: Vault, chance: Chance
) -> Bill | None:
    """Ask for another price, or with None for nothing any more. The same price changes nothing.

    Raises AlreadyPaid once money is there, and OnItsWay.
    """
    found = _account(held, one)
    asks = fee is not None and fee.amount > 0
    if found is None:
        return charge(held, one, fee, vault=vault, chance=chance) if fee is not None else None
    bill = found.bill
    same = fee is not None and (fee.service, fee.amount, fee.currency) == (
        bill.service, bill.amount, bill.currency
    )  # fmt: skip
    if same and bill.state != Money.WAIVED:
        return bill
    if bill.state in RECEIVED:
        raise AlreadyPaid
    if bill.state == Money.PROCESSING:
        raise OnItsWay
    if fee is None or not asks:
        return _ask_nothing(held, found)
    turn(found, Turn.ASKED)
    bill.waived_why = bill.waived_by = ""
    bill.service_id, bill.service = fee.service_id or None, fee.service
    if (fee.amount, fee.currency) != (bill.amount, bill.currency):
        close(found)  # at the old price; nobody gets a new one before Stripe has closed it
        held.note("payment.price", subject=f"bill {bill.id}", was=bill.amount, amount=fee.amount)
    bill.amount, bill.currency = fee.amount, fee.currency
    held.tx.flush()
    return bill


def _ask_nothing(held: Held, found: Account) -> Bill | None:
    bill = found.bill
    if bill.number or bill.state == Money.WAIVED:  # Stripe knows it: money may still come
        if turn(found, Turn.WAIVED) is not None:
            bill.waived_why, bill.waived_by = NO_LONGER, held.by[:32] or held.session.host_id
            close(found)
        held.tx.flush()
        return bill
    held.note("payment.not_asked", subject=f"bill {bill.id}")
    held.tx.delete(bill)
    held.tx.flush()
    return None


def renew_link(held: Held, one: HostedParticipant, *, vault: Vault, chance: Chance) -> None:
    """Another address: its pay page leads to the session, so that whoever has the old link must not see it.

    The Checkout that is open names the old address, and leads back to the old link: it is closed. What went
    back to somebody who had declined is due again.
    """
    found = _account(held, one)
    if found is None:
        return
    new_link(found.payable, found.bill, vault=vault, chance=chance)
    if found.bill.state in DUE:
        close(found)
    due_again(found, ("declined", "late"))
    held.tx.flush()


def due_of(tx: Session, reach: Reach, one: HostedParticipant) -> Due | None:
    """What a participant still has to pay, and where; None where nothing is due, or they have paid."""
    bill = _bill(tx, one)
    if bill is None or bill.state not in DUE or bill.state == Money.PROCESSING:
        return None
    session = tx.get(HostedSession, one.session_id)
    rule = host_of(tx, one.team_id, session.host_id).cancellation_rule if session else ""
    return Due(Amount(bill.amount, bill.currency), pay_link(reach, one.key, bill), bill.service, rule)


def lets_in(tx: Session, one: HostedParticipant) -> bool:
    """Whether a participant's bill, if there is one, keeps the door open."""
    bill = _bill(tx, one)
    # what was waived stays so, whatever money came afterwards and goes back
    return bill is None or bill.state in LETS_IN or bool(bill.waived_by)


def is_coming(tx: Session, one: HostedParticipant) -> bool:
    """Whether somebody has paid, and the money is on its way."""
    bill = _bill(tx, one)
    return bill is not None and bill.state == Money.PROCESSING


def link_sent(tx: Session, participant_id: int) -> None:
    """A message with the payment link has left: called when the fate of an invitation is known."""
    tx.execute(
        update(Bill)
        .where(Bill.participant_id == participant_id, Bill.state == Money.REQUIRED.value)
        .values(state=Money.LINK_SENT.value)
        .execution_options(synchronize_session=False)
    )


# --- The session, or somebody's part in it, ends ------------------------------------------------------


def cancelled(held: Held, *, refund: bool) -> dict[int, Amount]:
    """The session is cancelled: open Checkouts are closed, refunds are owed.

    What goes back, by participant.
    """
    here = HostedParticipant.removed_at.is_(None)
    back = {
        found.bill.participant_id or 0: _end(found, refund, "cancelled") for found in accounts(held, here)
    }
    return {one: amount for one, amount in back.items() if amount is not None}


def left(held: Held, one: HostedParticipant, *, refund: bool | None) -> Amount | None:
    """Somebody declined or was removed; what goes back. *refund* None: by the rule of 24 hours."""
    found = _account(held, one)
    if found is None:
        return None
    if refund is None:
        return _end(found, own_refund(held.session.starts_at, held.now), "declined")
    return _end(found, refund, "removed")


def _end(found: Account, refund: bool, why: str) -> Amount | None:
    bill, rest = found.bill, found.left
    close(found)
    if not refund or not rest or bill.state == Money.DISPUTED:
        return None
    amount = Amount(rest, bill.currency)
    give_back(found, bill.intent, amount, why)
    return amount


def restored(held: Held) -> None:
    """A cancellation is undone: refunds that Stripe was not asked for yet are taken back.

    Who has got their money back already has to pay again.
    """
    for found in accounts(held, HostedParticipant.removed_at.is_(None)):
        _again(found, ("cancelled", "late"))


def back(held: Held, one: HostedParticipant) -> None:
    """Somebody who had declined accepts: what they got back is due again."""
    found = _account(held, one)
    if found is not None:
        _again(found, ("declined", "late"))


def _again(found: Account, why: Collection[str]) -> None:
    """Whoever is part of the session again pays as before; what came although it was waived goes back."""
    if found.bill.waived_by:
        return
    drop(found, why)
    turn(found, Turn.KEPT)
    due_again(found, why)
    found.payable.tx.flush()


def _account(held: Held, one: HostedParticipant) -> Account | None:
    held.tx.flush()
    return next(iter(accounts(held, HostedParticipant.id == one.id)), None)


def _bill(tx: Session, one: HostedParticipant) -> Bill | None:
    return bill_of(tx, participant_id=one.id)
