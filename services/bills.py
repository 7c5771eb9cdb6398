"""Bills: how they are made, how their state turns, what is owed to Stripe for them, and how they add up."""

import hashlib
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import Amount, Effect, Money, Turn, after
from domain.messages import Kind, Method
from services.outside import Reach, Vault
from services.owing import Owed, owe
from services.payables import Account, Payable
from services.ports import Chance
from store.core import PersonRow
from store.outbox import Outbox
from store.payments import Bill, Refund

# --- Asking --------------------------------------------------------------------------------------------


def ask(
    payable: Payable,
    service: str,
    amount: int,
    currency: str,
    *,
    vault: Vault,
    chance: Chance,
    part: int = 0,
    service_id: int | None = None,
) -> Bill:
    """Ask for money, once for each *part* of what it is for, however often it is called."""
    found = bill_of(payable.tx, part=part, **payable.whose)
    if found is not None:
        return found
    bill = Bill(
        team_id=payable.team_id, part=part, service_id=service_id, service=service, amount=amount,
        currency=currency, state=Money.REQUIRED.value, created_at=payable.now, **payable.whose,
    )  # fmt: skip
    new_link(payable, bill, vault=vault, chance=chance)
    payable.tx.add(bill)
    payable.tx.flush()
    payable.note("payment.asked", subject=f"bill {bill.id}", amount=amount, currency=currency)
    return bill


def bill_of(tx: Session, *, part: int = 0, **whose: int) -> Bill | None:
    """The bill of something, as in ``Payable.whose``."""
    tx.flush()
    return tx.scalars(select(Bill).filter_by(part=part, **whose)).one_or_none()


def new_link(payable: Payable, bill: Bill, *, vault: Vault, chance: Chance) -> None:
    """Give a bill another link; the one before leads nowhere any more."""
    token = chance.token()
    bill.link_hash, bill.link_sealed = vault.mark(token, "pay"), vault.seal(token, _place(payable.key))


def pay_link(reach: Reach, key: str, bill: Bill) -> str:
    """The address of a pay page; *key* is its payable's. "" where nobody outside can reach us."""
    if reach.vault is None or not reach.url or not bill.link_sealed:
        return ""
    return f"{reach.url}/pay/{reach.vault.unseal(bill.link_sealed, _place(key))}"


def reseal(vault: Vault, key: str, bill: Bill) -> bool:
    """Seal and mark a link with the newest key; whether anything had to change. Raises CannotUnseal."""
    if not bill.link_sealed:
        return False
    token = vault.unseal(bill.link_sealed, _place(key))
    if bill.link_hash == vault.mark(token, "pay"):
        return False
    bill.link_hash, bill.link_sealed = vault.mark(token, "pay"), vault.seal(token, _place(key))
    return True


def _place(key: str) -> str:
    return f"pay {key}"


# --- From state to state -------------------------------------------------------------------------------


def turn(account: Account, to: Turn) -> tuple[Effect, ...] | None:
    """Turn the bill, if it can from where it stands; what has to follow, None where nothing changes."""
    bill = account.bill
    follows = after(Money(bill.state), to)
    if follows is None:
        return None
    if follows.state.value != bill.state or follows.effects:
        about = f"bill {bill.id}"
        account.payable.note(f"payment.{to.value}", subject=about, was=bill.state, state=follows.state.value)
    bill.state = follows.state.value
    return follows.effects


def owner_of(team_id: str, key: str) -> str:
    """What a Checkout carries beside the number of its bill, made of its payable's *key*.

    Numbers begin anew with each database, and all who share an account of Stripe hear of all that is paid.
    """
    return hashlib.sha256(f"{team_id} {key}".encode()).hexdigest()[:32]


# --- What is owed to Stripe ----------------------------------------------------------------------------


def close(account: Account) -> None:
    """Owe Stripe the end of a Checkout that may still be paid; one that is being made is not given out."""
    bill = account.bill
    bill.checkout_url = ""
    if not bill.checkout:
        bill.checkout_until = None
    elif bill.poll_at is not None:
        close_other(account, bill.checkout)


def close_other(account: Account, checkout: str) -> None:
    """The same for a Checkout that the bill does not name."""
    payable = account.payable
    key = f"payment-expire-{checkout}"[:120]
    owed = Owed(Kind.PAYMENT_EXPIRE, account.bill.id, key, params={"checkout": checkout}, method=Method.MONEY)
    owe(payable.tx, payable.db, payable.team_id, [owed])


def give_back(account: Account, intent: str, amount: Amount, why: str, *, key: str = "") -> Refund:
    """Owe a payer money of one payment; with a *key* of the form that asked, once for it."""
    payable, bill = account.payable, account.bill
    before = [one for one in refunds(account) if one.intent == intent]
    row = Refund(
        team_id=payable.team_id, bill_id=bill.id, key=f"refund-{intent}-{key or len(before)}"[:120],
        intent=intent, amount=amount.minor, currency=amount.currency, why=why, state="asked",
        asked_by=payable.by[:32], asked_at=payable.now,
    )  # fmt: skip
    payable.tx.add(row)
    payable.tx.flush()
    owed = Owed(Kind.PAYMENT_REFUND, row.id, f"payment-refund-{row.id}", method=Method.MONEY)
    owe(payable.tx, payable.db, payable.team_id, [owed])
    payable.note("payment.refund", subject=f"bill {bill.id}", amount=amount.minor, why=why)
    add_up(account)
    return row


def refunds(account: Account) -> list[Refund]:
    """All that went back for a bill, or was to; those that were dropped too."""
    account.payable.tx.flush()
    wanted = select(Refund).where(Refund.bill_id == account.bill.id).order_by(Refund.id)
    return list(account.payable.tx.scalars(wanted.execution_options(populate_existing=True)))


def drop(account: Account, why: Collection[str]) -> None:
    """Take back refunds for these reasons that Stripe was surely not asked for yet."""
    tx = account.payable.tx
    asked = [one for one in refunds(account) if one.state == "asked" and one.why in why]
    for one in asked:
        unseen = select(Outbox.id).where(
            Outbox.team_id == one.team_id, Outbox.key == f"payment-refund-{one.id}",
            Outbox.state.in_(["pending", "leased"]), Outbox.first_attempt_at.is_(None),
        )  # fmt: skip
        # a sender that holds the row is asking Stripe right now, or is about to
        row_id = tx.scalar(unseen.with_for_update(skip_locked=True))
        row = tx.get(Outbox, row_id, populate_existing=True) if row_id is not None else None
        if row is not None:
            row.state, row.reason, row.lease_token = "skipped", "taken back", None
            one.state = "dropped"
    add_up(account)


def add_up(account: Account) -> None:
    """What went back of the payment that counts, what is on its way, and the state that says so.

    Stripe's own sum, where a webhook brought it, holds what was given back in its dashboard as well.
    """
    bill = account.bill
    rows = [one for one in refunds(account) if bill.intent and one.intent == bill.intent]
    done = sum(one.amount for one in rows if one.state == "done")
    bill.refunded = min(bill.paid, max(bill.refunded, done))
    bill.refunding = sum(one.amount for one in rows if one.state == "asked")
    if bill.refunded:
        turn(account, Turn.ALL_BACK if bill.refunded == bill.paid else Turn.PART_BACK)
        if bill.state == Money.REFUNDED and bill.waived_by:
            bill.state = Money.WAIVED.value  # as it was before the money came


def due_again(account: Account, why: Collection[str]) -> None:
    """Ask anew where all went back for one of these reasons. Payments before stay known by their refunds."""
    bill = account.bill
    whys = [one.why for one in refunds(account) if one.intent == bill.intent and one.state == "done"]
    if not whys or whys[-1] not in why or turn(account, Turn.AGAIN) is None:
        return
    bill.paid = bill.refunded = bill.refunding = 0
    bill.intent = bill.checkout = bill.checkout_url = bill.trouble = ""
    bill.paid_at = bill.poll_at = bill.checkout_until = None


# --- Administrators ------------------------------------------------------------------------------------


def alarm(account: Account, what: str, n: str, **params: Any) -> None:
    """Tell every administrator, once for this *n*."""
    payable = account.payable
    admins = select(PersonRow.user_id).where(
        PersonRow.team_id == payable.team_id, PersonRow.is_admin, PersonRow.deleted.is_(False)
    )
    owed = [
        Owed(Kind.HOSTED_ALARM, account.bill.id, f"hosted-alarm-{what}-{n}-{admin}"[:120], recipient=admin,
             params={"what": what, **params})
        for admin in sorted(payable.tx.scalars(admins))
    ]  # fmt: skip
    owe(payable.tx, payable.db, payable.team_id, owed)
