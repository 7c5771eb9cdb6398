"""One bill that may be changed: how its state turns, what is owed to Stripe for it, and how it adds up."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.hosted import Money, NoSuchGuest, Presence, Stage, ends
from domain.hosted_facts import Amount
from domain.hosted_payment import Effect, Page, Turn, after, page_of
from domain.messages import Kind, Method
from services.hosted import Held, admins, hold, tell
from services.owing import Owed, owe
from store.database import Database
from store.hosted import HostedParticipant, HostedSession
from store.outbox import Outbox
from store.payments import Bill, Refund

NOT_TO_BE = (Stage.CANCELLED, Stage.REMOVED)


@dataclass(frozen=True)
class Account:
    """A bill and who has to pay it; the session is locked."""

    held: Held
    bill: Bill
    one: HostedParticipant

    @property
    def price(self) -> Amount:
        """What is asked for."""
        return Amount(self.bill.amount, self.bill.currency)

    @property
    def wanted(self) -> bool:
        """Whether the session is to be, with this participant in it."""
        return is_wanted(self.held.session, self.one)

    @property
    def page(self) -> Page:
        """What the pay page says."""
        return page_at(self.held.session, self.one, self.bill, self.held.now)

    @property
    def left(self) -> int:
        """What can still be given back of the payment that counts."""
        return max(0, self.bill.paid - self.bill.refunded - self.bill.refunding)


def is_wanted(session: HostedSession, one: HostedParticipant) -> bool:
    """Whether a session is to be, or was, with this participant in it."""
    here = one.removed_at is None and one.state != Presence.DECLINED
    return here and session.state not in NOT_TO_BE


def page_at(session: HostedSession, one: HostedParticipant, bill: Bill, now: datetime) -> Page:
    """What the pay page of a bill says."""
    over = now >= ends(session.starts_at, session.minutes)
    return page_of(Money(bill.state), wanted=is_wanted(session, one), over=over)


def opened(
    tx: Session, db: Database, team_id: str, which: ColumnElement[bool], *, now: datetime, by: str = ""
) -> Account:
    """The bill that *which* means, its session locked. Raises NoSuchGuest."""
    found = tx.scalar(
        select(HostedParticipant.session_id)
        .join(Bill, Bill.participant_id == HostedParticipant.id)
        .where(Bill.team_id == team_id, which)
    )
    if found is None:
        raise NoSuchGuest
    held = Held(tx, db, hold(tx, team_id, found), now, by)
    return next(iter(accounts(held, which)))


def accounts(held: Held, which: ColumnElement[bool]) -> list[Account]:
    """The bills of a session that is locked, as they are now."""
    held.tx.flush()
    wanted = (
        select(Bill, HostedParticipant)
        .join(HostedParticipant, HostedParticipant.id == Bill.participant_id)
        .where(HostedParticipant.session_id == held.session.id, which)
        .order_by(Bill.id)
        .execution_options(populate_existing=True)
    )
    return [Account(held, bill, one) for bill, one in held.tx.execute(wanted)]


def turn(account: Account, to: Turn) -> tuple[Effect, ...] | None:
    """Turn the bill, if it can from where it stands; what has to follow, None where nothing changes."""
    bill = account.bill
    follows = after(Money(bill.state), to)
    if follows is None:
        return None
    if follows.state.value != bill.state or follows.effects:
        about = f"bill {bill.id}"
        account.held.note(f"payment.{to.value}", subject=about, was=bill.state, state=follows.state.value)
    bill.state = follows.state.value
    return follows.effects


def owner_of(team_id: str, key: str) -> str:
    """What a Checkout carries beside the number of its bill, made of its participant's *key*.

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
    held = account.held
    key = f"payment-expire-{checkout}"[:120]
    owed = Owed(Kind.PAYMENT_EXPIRE, account.bill.id, key, params={"checkout": checkout}, method=Method.MONEY)
    owe(held.tx, held.db, held.team_id, [owed])


def give_back(account: Account, intent: str, amount: Amount, why: str, *, key: str = "") -> Refund:
    """Owe a payer money of one payment; with a *key* of the form that asked, once for it."""
    held, bill = account.held, account.bill
    before = [one for one in refunds(account) if one.intent == intent]
    row = Refund(
        team_id=held.team_id, bill_id=bill.id, key=f"refund-{intent}-{key or len(before)}"[:120],
        intent=intent, amount=amount.minor, currency=amount.currency, why=why, state="asked",
        asked_by=held.by[:32], asked_at=held.now,
    )  # fmt: skip
    held.tx.add(row)
    held.tx.flush()
    owed = Owed(Kind.PAYMENT_REFUND, row.id, f"payment-refund-{row.id}", method=Method.MONEY)
    owe(held.tx, held.db, held.team_id, [owed])
    held.note("payment.refund", subject=f"bill {bill.id}", amount=amount.minor, why=why)
    add_up(account)
    return row


def refunds(account: Account) -> list[Refund]:
    """All that went back for a bill, or was to; those that were dropped too."""
    account.held.tx.flush()
    wanted = select(Refund).where(Refund.bill_id == account.bill.id).order_by(Refund.id)
    return list(account.held.tx.scalars(wanted.execution_options(populate_existing=True)))


def drop(account: Account, why: Collection[str]) -> None:
    """Take back refunds for these reasons that Stripe was surely not asked for yet."""
    tx = account.held.tx
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


# --- People --------------------------------------------------------------------------------------------


def tell_host(account: Account, what: str, n: str, **params: Any) -> None:
    """Tell the host of something about the participant, once for this *n*."""
    key = f"news-{what}-{account.one.id}-{n}"
    tell(
        account.held, Kind.HOSTED_NEWS, account.one.id, account.held.session.host_id, key, what=what, **params
    )


def alarm(account: Account, what: str, n: str, **params: Any) -> None:
    """Tell every administrator, once for this *n*."""
    for admin in admins(account.held.tx, account.held.team_id):
        tell(account.held, Kind.HOSTED_ALARM, account.bill.id, admin, f"alarm-{what}-{n}-{admin}",
             what=what, **params)  # fmt: skip
