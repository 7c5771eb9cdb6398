"""A twin of Stripe that remembers: who pays, and how, is up to the test."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from domain.messages import Outcome, Verdict
from domain.payments import Charge, Checkout, CheckoutState, MoneyEvent, Order
from services.outside import ForgedEvent, NoPayments, PriceRefused
from store.database import refuse_network_inside_transaction

SMALLEST = {"USD": 50, "EUR": 50, "GBP": 30, "JPY": 50}  # what Stripe takes at least
SIGNED = "signed"


def nothing_happens(*_: object) -> None:
    """What happens before a call, unless a test says otherwise."""


@dataclass(frozen=True)
class Given:
    """Money that was given back."""

    id: str
    intent: str
    amount: int
    key: str


@dataclass
class FakePayments:
    """See ``services.outside.Payments``. *pay* and its like are what payers and banks do."""

    checkouts: dict[str, Checkout] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)  # each that made a Checkout
    refunds: list[Given] = field(default_factory=list)
    events: dict[str, MoneyEvent] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)  # method, and key or id
    away: bool = False
    refund_outcomes: list[Outcome] = field(default_factory=list)  # how the next ones end
    before: Callable[[str, str], None] = nothing_happens
    charges: list[Charge] = field(default_factory=list)  # of kept cards, that came through
    charge_outcomes: list[Outcome] = field(default_factory=list)  # how the next ones end
    cards: set[tuple[str, str]] = field(default_factory=set)  # customers, and the cards that are kept
    _charged: dict[str, Outcome] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _number: "count[int]" = field(default_factory=lambda: count(1))

    def _called(self, method: str, what: str) -> None:
        refuse_network_inside_transaction()
        self.before(method, what)
        self.calls.append((method, what))
        if self.away:
            raise NoPayments(NoPayments.__doc__)

    def open(self, order: Order) -> Checkout:
        self._called("open", order.key)
        if order.key in self._keys:
            return self.checkouts[self._keys[order.key]]
        if order.amount < SMALLEST.get(order.currency, 1):
            raise PriceRefused(f"The total must be at least {SMALLEST[order.currency]}.")
        number = f"cs_test_{next(self._number)}"
        self._keys[order.key] = number
        self.orders.append(order)
        self.checkouts[number] = Checkout(
            number, CheckoutState.OPEN, f"https://checkout.stripe.com/{number}", order.amount, order.currency,
            bill_id=order.bill_id, until=order.until, owner=order.owner,
        )  # fmt: skip
        return self.checkouts[number]

    def look(self, checkout_id: str) -> Checkout:
        self._called("look", checkout_id)
        return self._seen(checkout_id)

    def expire(self, checkout_id: str) -> Checkout:
        self._called("expire", checkout_id)
        if self._seen(checkout_id).state is CheckoutState.OPEN:
            self.lapse(checkout_id)
        return self.checkouts[checkout_id]

    def refund(self, intent: str, amount: int, key: str) -> Outcome:
        try:
            self._called("refund", key)
        except NoPayments as away:
            return Outcome(Verdict.UNKNOWN, reason=str(away))
        if self.refund_outcomes:
            return self.refund_outcomes.pop(0)
        for known in self.refunds:
            if known.key == key:
                return Outcome(Verdict.SENT, ts=known.id)
        paid = sum(c.amount for c in self.checkouts.values() if c.intent == intent)
        paid += sum(one.amount for one in self.charges if self._charged[one.key].ts == intent)
        left = paid - sum(one.amount for one in self.refunds if one.intent == intent)
        if paid and not left:
            return Outcome(Verdict.SENT)
        if amount > left:
            return Outcome(Verdict.REFUSED, reason="More than is left of this payment.")
        given = Given(f"re_{next(self._number)}", intent, amount, key)
        self.refunds.append(given)
        return Outcome(Verdict.SENT, ts=given.id)

    def charge(self, asked: Charge, *, only_look: bool = False) -> Outcome:
        try:
            self._called("charge", asked.key)
        except NoPayments as away:
            return Outcome(Verdict.UNKNOWN, reason=str(away))
        if asked.key in self._charged:
            return self._charged[asked.key]
        if only_look:
            return Outcome(Verdict.REFUSED, reason="not charged")
        if (asked.customer, asked.card) not in self.cards:
            return Outcome(Verdict.REFUSED, reason="There is no such card.")
        planned = self.charge_outcomes.pop(0) if self.charge_outcomes else None
        done = Outcome(Verdict.SENT, ts=f"pi_{next(self._number)}")
        if planned and planned.verdict is Verdict.REFUSED:
            done = planned
        else:  # it is done, and where the plan is UNKNOWN the answer gets lost
            self.charges.append(asked)
        self._charged[asked.key] = done
        return planned or done

    def event(self, body: bytes, signature: str) -> MoneyEvent | None:
        if signature != SIGNED:
            raise ForgedEvent(ForgedEvent.__doc__)
        return self.events.get(json.loads(body)["id"])

    # --- What happens at Stripe ----------------------------------------------------------------------------

    def pay(self, checkout_id: str, *, amount: int | None = None, currency: str = "") -> MoneyEvent:
        """The payer pays, another amount if one is given."""
        found = self.checkouts[checkout_id]
        return self._become(
            checkout_id, CheckoutState.PAID, intent=f"pi_{checkout_id}",
            amount=found.amount if amount is None else amount, currency=currency or found.currency,
            **self._keep(checkout_id),
        )  # fmt: skip

    def process(self, checkout_id: str) -> MoneyEvent:
        """The payer pays in a way that takes days."""
        return self._become(checkout_id, CheckoutState.PROCESSING, intent=f"pi_{checkout_id}")

    def fail(self, checkout_id: str) -> MoneyEvent:
        """Money that was on its way does not come."""
        return self._become(checkout_id, CheckoutState.FAILED)

    def lapse(self, checkout_id: str) -> MoneyEvent:
        """The time of a Checkout is over."""
        return self._become(checkout_id, CheckoutState.EXPIRED, url="")

    def tell(self, event: MoneyEvent) -> tuple[bytes, str]:
        """What its webhook brings: body and signature."""
        self.events[event.id] = event
        return json.dumps({"id": event.id}).encode(), SIGNED

    def tell_refunded(self, intent: str) -> MoneyEvent:
        """The event of all that was given back of a payment so far."""
        back = sum(one.amount for one in self.refunds if one.intent == intent)
        return self._told(MoneyEvent(self._event(), "refunded", intent=intent, refunded=back))

    def dispute(self, intent: str) -> MoneyEvent:
        """The payer's bank wants the money back."""
        return self._told(MoneyEvent(self._event(), "disputed", intent=intent))

    def settle(self, intent: str, *, won: bool) -> MoneyEvent:
        """The bank decides."""
        return self._told(MoneyEvent(self._event(), "settled", intent=intent, won=won))

    def open_ones(self) -> list[Checkout]:
        """The Checkouts that can be paid now."""
        return [one for one in self.checkouts.values() if one.state is CheckoutState.OPEN]

    def _seen(self, checkout_id: str) -> Checkout:
        if checkout_id not in self.checkouts:
            raise NoPayments(NoPayments.__doc__)
        return self.checkouts[checkout_id]

    def _become(self, checkout_id: str, state: CheckoutState, **changes: object) -> MoneyEvent:
        now = replace(self.checkouts[checkout_id], state=state, **changes)  # type: ignore[arg-type]
        self.checkouts[checkout_id] = now
        told = replace(now, card="")
        return self._told(MoneyEvent(self._event(), "checkout", checkout=told, intent=now.intent))

    def _keep(self, checkout_id: str) -> dict[str, str]:
        """The customer and the card, if the order was to keep it."""
        made = next((key for key, number in self._keys.items() if number == checkout_id), "")
        if not any(order.keep for order in self.orders if order.key == made):
            return {}
        number = next(self._number)
        self.cards.add((f"cus_{number}", f"pm_{number}"))
        return {"customer": f"cus_{number}", "card": f"pm_{number}"}

    def _told(self, event: MoneyEvent) -> MoneyEvent:
        self.events[event.id] = event
        return event

    def _event(self) -> str:
        return f"evt_{next(self._number)}"
