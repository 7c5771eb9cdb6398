"""What Stripe tells of money: each event counts once, in whatever order they come, whoever is first."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.billing import Amount, Effect, Money, Standing, Turn, of_payment
from domain.money import shown
from domain.payments import Checkout, CheckoutState, MoneyEvent
from domain.text import N_, say
from services import audit
from services.billed import open_of, opened
from services.bills import add_up, alarm, close_other, give_back, owner_of, refunds, turn
from services.payables import Account, Late
from store import queries
from store.core import Inbox
from store.database import Database
from store.payments import Bill, Refund

CLOSED = {CheckoutState.EXPIRED: Turn.LAPSED, CheckoutState.FAILED: Turn.FAILED}


def take(db: Database, team_id: str, found: MoneyEvent | Checkout, *, now: datetime) -> bool:
    """What Stripe tells, by an event or when asked: each event counts once; whether anything changed."""
    with db.transaction() as tx:
        event = found if isinstance(found, MoneyEvent) else None
        if event and not queries.first_time(tx, team_id, f"stripe-{event.id}", now=now):
            return False
        bill_id = _bill_id(tx, db, team_id, found, now)
        if bill_id is None:
            if event and event.checkout is None:
                _remember(tx, team_id, event, now)
            return False
        account = opened(tx, db, team_id, bill_id, now=now)
        changed = seen(account, found) if isinstance(found, Checkout) else _told(account, found)
        if changed:
            account.payable.changed()
        return changed


def refused(db: Database, team_id: str, why: str, *, now: datetime) -> None:
    """Note an event that does not come from Stripe, once a minute: whoever sends many fills no table."""
    with db.transaction() as tx:
        if queries.first_time(tx, team_id, f"stripe-refused-{now:%Y-%m-%dT%H:%M}", now=now):
            audit.of_hosted(tx, team_id, "stripe webhook", "payment.event_refused", now, why=why)


def _bill_id(
    tx: Session, db: Database, team_id: str, found: MoneyEvent | Checkout, now: datetime
) -> int | None:
    """Which bill it is about; None if it is none of ours, or none yet."""
    checkout = found if isinstance(found, Checkout) else found.checkout
    mine = select(Bill.id).where(Bill.team_id == team_id)
    if checkout is not None:
        known = tx.scalar(mine.where(Bill.checkout == checkout.id).limit(1))
        return known or _numbered(tx, db, team_id, checkout, now)
    intent = found.intent
    if not intent:
        return None
    back = select(Refund.bill_id).where(Refund.team_id == team_id, Refund.intent == intent).limit(1)
    return tx.scalar(mine.where(Bill.intent == intent).limit(1)) or tx.scalar(back)


def _numbered(tx: Session, db: Database, team_id: str, checkout: Checkout, now: datetime) -> int | None:
    """The bill whose number a Checkout carries, if it is the one that it was made for."""
    payable = open_of(tx, db, team_id, checkout.bill_id, now=now, lock=False)
    mine = payable is not None and checkout.owner == owner_of(team_id, payable.key)
    return checkout.bill_id if mine else None


def _told(account: Account, event: MoneyEvent) -> bool:
    if event.checkout is not None:
        return _told_of(account, event.checkout)
    if event.intent != account.bill.intent:  # of a payment that goes back whole
        return False
    if event.what == "refunded":
        return _refunded(account, event.refunded)
    return _disputed(account, event)


def _told_of(account: Account, checkout: Checkout) -> bool:
    """A Checkout in an event, which does not name the card: Stripe is asked for it."""
    bill = account.bill
    changed = seen(account, checkout)
    if account.payable.keeps_card and checkout.id == bill.checkout and checkout.customer and not bill.card:
        bill.poll_at = account.payable.now
    return changed


# --- Checkouts -----------------------------------------------------------------------------------------


def seen(account: Account, checkout: Checkout) -> bool:
    """A Checkout as Stripe shows it; whether anything changed."""
    bill = account.bill
    mine = checkout.id == bill.checkout
    if checkout.state is CheckoutState.PAID:
        return _paid(account, checkout)
    if not mine:
        return False
    if checkout.state is CheckoutState.PROCESSING:
        return turn(account, Turn.PROCESSING) is not None
    if checkout.state in CLOSED:
        _forget_checkout(bill)
        if turn(account, CLOSED[checkout.state]) is None:
            return False
        account.payable.lapsed(account)
        return True
    return False


def _paid(account: Account, checkout: Checkout) -> bool:
    bill = account.bill
    changed = bool(checkout.intent) and received(
        account, checkout.intent, Amount(checkout.amount, checkout.currency)
    )
    if checkout.intent == bill.intent:
        changed = _keep_card(account, checkout) or changed
    if checkout.id == bill.checkout:  # paid: it is as closed as it can be
        bill.poll_at, bill.checkout_url = None, ""
        if bill.intent != checkout.intent:
            _forget_checkout(bill)
    elif changed and bill.checkout and bill.poll_at is not None and bill.state != Money.FAILED:
        bill.checkout_url = ""
        close_other(account, bill.checkout)
    return changed


def _keep_card(account: Account, checkout: Checkout) -> bool:
    """The card that Stripe keeps for what is due later; whether it was not known yet."""
    bill = account.bill
    if not account.payable.keeps_card or not checkout.card or bill.card == checkout.card:
        return False
    bill.customer, bill.card = checkout.customer, checkout.card
    return True


def _forget_checkout(bill: Bill) -> None:
    """Nothing is open any more: who presses again gets a new one."""
    bill.checkout = bill.checkout_url = ""
    bill.checkout_until = bill.poll_at = None


def received(account: Account, intent: str, got: Amount) -> bool:
    """Money arrived; whether it was not known yet."""
    bill = account.bill
    known = frozenset({bill.intent, *(one.intent for one in refunds(account))})
    what = of_payment(Standing(Money(bill.state), account.price, known, account.payable.wanted), intent, got)
    effects = turn(account, what) if what is not None else None
    if what is None or effects is None:
        return False
    if what in (Turn.PAID, Turn.LATE):
        bill.intent, bill.paid, bill.paid_at, bill.trouble = intent, got.minor, account.payable.now, ""
    for effect in effects:
        _follow(account, what, effect, intent, got)
    _early(account, intent)
    return True


def _follow(account: Account, what: Turn, effect: Effect, intent: str, got: Amount) -> None:
    """Do what a payment brings along."""
    if effect is Effect.TELL_PAID:
        account.payable.paid(account, intent)
    elif effect is Effect.BY_RULE:
        _late(account, intent, got)
    elif effect is Effect.ALARM:
        expected = shown(account.price.minor, account.price.currency)
        pattern = N_("Amount differs: expected {expected}, got {got}.")
        account.bill.trouble = say(pattern, expected=expected, got=shown(got.minor, got.currency))
        price = [account.price.minor, account.price.currency]
        alarm(account, "amount", intent, expected=price, got=[got.minor, got.currency])
    elif effect is Effect.GIVE_BACK:
        give_back(account, intent, got, "twice" if what is Turn.TWICE else "mismatch")


def _late(account: Account, intent: str, got: Amount) -> None:
    """Money that came too late: it goes back, stays until somebody decides, or counts after all."""
    becomes = account.payable.late(account, intent, got)
    if becomes is Late.BACK:
        give_back(account, intent, got, "late")
    elif becomes is Late.COUNTS and turn(account, Turn.KEPT) is not None:
        account.bill.waived_why = account.bill.waived_by = ""
        account.payable.paid(account, intent)


# --- Money that was paid -------------------------------------------------------------------------------


def _refunded(account: Account, total: int) -> bool:
    """Stripe's sum of what went back, from here or from its dashboard. It only grows."""
    bill = account.bill
    if total <= bill.refunded:
        return False
    bill.refunded = min(bill.paid, total)
    add_up(account)
    return True


def _disputed(account: Account, event: MoneyEvent) -> bool:
    if event.what == "disputed":
        if turn(account, Turn.DISPUTED) is None:
            return False
        account.payable.disputed(account)
        _early(account, event.intent)  # its end may have been told before
        return True
    if event.what != "settled" or not event.won:
        return False
    if turn(account, Turn.WON) is None:
        _remember(account.payable.tx, account.payable.team_id, event, account.payable.now)
        return False
    add_up(account)
    return True


def _remember(tx: Session, team_id: str, event: MoneyEvent, now: datetime) -> None:
    """An event may come before the payment that it is about: what it said waits for it."""
    if event.intent:
        key = f"stripe-early-{event.intent}-{event.what}-{event.refunded}-{int(event.won)}"
        queries.first_time(tx, team_id, key, now=now)


def _early(account: Account, intent: str) -> None:
    """What was told of this payment before it was known."""
    if intent != account.bill.intent:
        return
    start = f"stripe-early-{intent}-"
    wanted = select(Inbox.dedupe_key).where(
        Inbox.team_id == account.payable.team_id, Inbox.dedupe_key >= start, Inbox.dedupe_key < start + "~"
    )
    for key in sorted(account.payable.tx.scalars(wanted)):  # disputed, refunded, settled
        what, refunded, won = key.removeprefix(start).split("-")
        _told(account, MoneyEvent("", what, intent=intent, refunded=int(refunded), won=won == "1"))
