"""Bills, whatever they are for: amounts and states, what follows on what, and what money counts.

A bill never goes back from `paid` by what comes late or twice: see TURNS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import Refusal
from domain.payments import Charge

STRIPE_LEAST = timedelta(minutes=30)  # so long a Checkout can be paid at least, when it is made
SHORTEST = timedelta(minutes=31)  # of ours; Stripe's own limits are 30 minutes and 24 hours
LONGEST = timedelta(hours=23)
ENOUGH = timedelta(minutes=1)  # a Checkout that ends sooner is not given out any more
LOOK_EVERY = timedelta(minutes=1)
LOOK_SELDOM = timedelta(minutes=15)  # while Stripe cannot be asked
GLANCE = timedelta(seconds=5)  # so often somebody who waits before the page may have Stripe asked
GIVE_UP = timedelta(days=7)  # so long after its end nobody asks about a Checkout any more


class NoSuchLink(Refusal):
    """This link is not valid. Ask your host for a new one."""


class NotPayable(Refusal):
    """This cannot be paid now: the page of the link says why."""


class AlreadyPaid(Refusal):
    """Already paid."""


@dataclass(frozen=True)
class Amount:
    """Money: a whole number of the currency's smallest unit."""

    minor: int
    currency: str


@dataclass(frozen=True)
class Fee:
    """What somebody is asked to pay, in the currency's smallest unit; *service_id* 0: of no list."""

    service_id: int
    service: str
    amount: int
    currency: str


class Money(StrEnum):
    """Where a bill stands."""

    REQUIRED = "required"
    LINK_SENT = "link_sent"
    CHECKOUT_OPEN = "checkout_open"
    PROCESSING = "processing"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    EXPIRED = "expired"
    FAILED = "failed"  # the link stays usable
    WAIVED = "waived"
    DISPUTED = "disputed"
    PAID_UNALLOCATED = "paid_unallocated"  # paid for what is not to be


DUE = (
    Money.REQUIRED,
    Money.LINK_SENT,
    Money.CHECKOUT_OPEN,
    Money.PROCESSING,
    Money.EXPIRED,
    Money.FAILED,
)
LETS_IN = (Money.PAID, Money.PARTIALLY_REFUNDED, Money.WAIVED, Money.DISPUTED)


# --- From state to state -------------------------------------------------------------------------------


class Turn(StrEnum):
    """What may happen to a bill."""

    LINK_SENT = "link_sent"
    OPENED = "opened"  # a Checkout was made
    PROCESSING = "processing"  # its payer is through, and the money is on its way
    LAPSED = "lapsed"  # its time was over
    FAILED = "failed"  # no money came
    PAID = "paid"
    LATE = "late"  # paid for what is not to be, or after nothing was asked for any more
    TWICE = "twice"  # paid once more: given back at once
    MISMATCH = "mismatch"  # another amount or currency: not paid, and given back
    WAIVED = "waived"
    PART_BACK = "part_back"
    ALL_BACK = "all_back"
    DISPUTED = "disputed"
    WON = "won"  # the bank decided for us
    AGAIN = "again"  # what went back is due once more: it is to be after all
    KEPT = "kept"  # money that came too late is not too late any more
    ASKED = "asked"  # for a price again, after it was waived


class Effect(StrEnum):
    """What a turn brings along, besides the state."""

    TELL_PAID = "tell_paid"
    GIVE_BACK = "give_back"  # this payment, whole
    BY_RULE = "by_rule"  # whatever it is for says what becomes of this payment
    ALARM = "alarm"  # administrators
    TELL_DISPUTE = "tell_dispute"


@dataclass(frozen=True)
class Next:
    """Where a bill stands after a turn, and what else is to be done."""

    state: Money
    effects: tuple[Effect, ...] = ()


UNPAID = (Money.REQUIRED, Money.LINK_SENT, Money.CHECKOUT_OPEN, Money.PROCESSING, Money.EXPIRED, Money.FAILED)
HOLDS = (Money.PAID, Money.PARTIALLY_REFUNDED, Money.DISPUTED, Money.PAID_UNALLOCATED)  # money is with us
RECEIVED = (*HOLDS, Money.REFUNDED)
ALL = tuple(Money)


def _from(*states: Money, to: Money) -> dict[Money, Money]:
    return dict.fromkeys(states, to)


# Turns that lead nowhere from a state are not in its row: they change nothing there.
TURNS: Mapping[Turn, Mapping[Money, Money]] = {
    Turn.LINK_SENT: _from(Money.REQUIRED, to=Money.LINK_SENT),
    Turn.OPENED: _from(*(one for one in UNPAID if one is not Money.PROCESSING), to=Money.CHECKOUT_OPEN),
    Turn.PROCESSING: _from(*(one for one in UNPAID if one is not Money.PROCESSING), to=Money.PROCESSING),
    Turn.LAPSED: _from(Money.CHECKOUT_OPEN, to=Money.EXPIRED),
    Turn.FAILED: _from(*UNPAID, to=Money.FAILED),
    Turn.PAID: _from(*UNPAID, to=Money.PAID),
    Turn.LATE: _from(*UNPAID, Money.WAIVED, to=Money.PAID_UNALLOCATED),
    Turn.TWICE: {one: one for one in RECEIVED},
    Turn.MISMATCH: {**_from(*UNPAID, to=Money.FAILED), Money.WAIVED: Money.WAIVED},
    Turn.WAIVED: _from(*(one for one in UNPAID if one is not Money.PROCESSING), to=Money.WAIVED),
    Turn.PART_BACK: {
        **_from(Money.PAID, Money.PARTIALLY_REFUNDED, to=Money.PARTIALLY_REFUNDED),
        Money.PAID_UNALLOCATED: Money.PAID_UNALLOCATED, Money.DISPUTED: Money.DISPUTED,
    },
    Turn.ALL_BACK: _from(*HOLDS, to=Money.REFUNDED),
    Turn.DISPUTED: _from(*(one for one in HOLDS if one is not Money.DISPUTED), to=Money.DISPUTED),
    Turn.WON: _from(Money.DISPUTED, to=Money.PAID),
    Turn.AGAIN: _from(Money.REFUNDED, to=Money.REQUIRED),
    Turn.KEPT: _from(Money.PAID_UNALLOCATED, to=Money.PAID),
    Turn.ASKED: _from(Money.WAIVED, to=Money.REQUIRED),
}  # fmt: skip
EFFECTS: Mapping[Turn, tuple[Effect, ...]] = {
    Turn.PAID: (Effect.TELL_PAID,),
    Turn.LATE: (Effect.BY_RULE,),
    Turn.TWICE: (Effect.GIVE_BACK,),
    Turn.MISMATCH: (Effect.ALARM, Effect.GIVE_BACK),
    Turn.DISPUTED: (Effect.TELL_DISPUTE,),
}


def after(state: Money, turn: Turn) -> Next | None:
    """Where a bill stands after a turn, and what follows; None where the turn changes nothing."""
    to = TURNS[turn].get(state)
    return None if to is None else Next(to, EFFECTS.get(turn, ()))


# --- Which money counts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What one must know of a bill to say what a payment is to it.

    *known* are the payments that were taken already; *wanted* is whether what it is for is to be.
    """

    state: Money
    price: Amount
    known: frozenset[str]
    wanted: bool


def of_payment(bill: Standing, intent: str, got: Amount) -> Turn | None:
    """What a payment is to a bill; None if it was told before."""
    if intent in bill.known:
        return None
    if bill.state in RECEIVED:
        return Turn.TWICE
    if got != bill.price:
        return Turn.MISMATCH
    if not bill.wanted or bill.state is Money.WAIVED:
        return Turn.LATE
    return Turn.PAID


# --- When ----------------------------------------------------------------------------------------------


def checkout_until(now: datetime, ends_at: datetime) -> datetime:
    """How long a Checkout made now can be paid: until *ends_at*, within Stripe's limits."""
    return min(max(ends_at, now + SHORTEST), now + LONGEST)


def next_look(now: datetime, misses: int, until: datetime | None) -> datetime | None:
    """When Stripe is asked again after it could not be asked *misses* times in a row; None: never again."""
    if until is not None and now > until + GIVE_UP:
        return None
    return now + min(LOOK_EVERY * (1 << min(misses, 8)), LOOK_SELDOM)


# --- What Stripe is asked for --------------------------------------------------------------------------


@dataclass(frozen=True)
class RefundOrder:
    """What Stripe is asked to give back."""

    intent: str
    amount: Amount
    key: str
    locale: str = ""


@dataclass(frozen=True)
class ExpireOrder:
    """A Checkout that is to be closed."""

    checkout: str
    locale: str = ""


@dataclass(frozen=True)
class ChargeOrder:
    """What is asked of a card that Stripe keeps; *only_look*: whether it was charged before, and no more."""

    charge: Charge
    only_look: bool = False
    locale: str = ""


Errand = RefundOrder | ExpireOrder | ChargeOrder
