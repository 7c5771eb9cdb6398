"""Payments of the stand-in: made by a Checkout, or by charging a card that was kept; and what cards do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.guests import stripe_rules as rules
from sandbox.guests.stripe_events import tell
from sandbox.guests.stripe_rules import Declined, Refused

if TYPE_CHECKING:
    from sandbox.hub import Hub

CREATE = frozenset({
    "amount", "currency", "customer", "payment_method", "confirm", "off_session", "description", "metadata",
    "automatic_payment_methods", "expand",
})  # fmt: skip
METHODS = frozenset({"enabled", "allow_redirects"})
# what kept cards do: (code, decline code, message); the codes are Stripe's, "Decline codes" and "Error codes"
ANSWERS = {
    "declined": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "authentication": (
        "authentication_required", "authentication_required", "This transaction requires authentication."
    ),
}  # fmt: skip
CARDS = ("work", *ANSWERS, "away")


def create(hub: Hub, given: Json) -> Json:
    """Charge a card that a customer had kept, whose owner is not there."""
    book = hub.world.stripe
    rules.only(given, CREATE)
    amount, currency = rules.amount_of(rules.needed(given, "amount"), given.get("currency"), "")
    customer, card = _kept(hub, given)
    for name in ("confirm", "off_session"):
        if rules.needed(given, name) != "true":
            raise Refused(f"Only payments with {name} are played here.", param=name)
    methods = given.get("automatic_payment_methods", {})
    rules.only(methods, METHODS, "automatic_payment_methods")
    if methods.get("allow_redirects") != "never":
        raise Refused("Somebody who is not there cannot be redirected.", param="return_url",
                      code="parameter_missing")  # fmt: skip
    if book.cards == "away":
        raise Refused("Stripe is away.", status=503, kind="api_error")
    intent = make(hub, amount, currency, customer=customer["id"], card=card["id"])
    intent |= {"description": given.get("description"), "metadata": rules.metadata(given.get("metadata"))}
    if book.cards in ANSWERS:
        code, why, message = ANSWERS[book.cards]
        failed = {"type": "card_error", "code": code, "decline_code": why, "message": message}
        intent |= {"status": "requires_payment_method", "last_payment_error": failed}
        tell(hub, "payment_intent.payment_failed", intent)
        raise Declined(failed | {"payment_intent": intent})
    arrive(hub, intent)
    return intent


def make(hub: Hub, amount: int, currency: str, *, customer: str | None, card: str | None) -> Json:
    """Write a payment that is on its way."""
    book = hub.world.stripe
    intent: Json = {
        "id": book.id("pi_"),
        "object": "payment_intent",
        "amount": amount,
        "amount_received": 0,
        "created": int(hub.clock.now()),
        "currency": currency,
        "customer": customer,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "payment_method": card,
        "status": "processing",
    }
    book.intents[intent["id"]] = intent
    return intent


def arrive(hub: Hub, intent: Json) -> None:
    """The money is here."""
    book = hub.world.stripe
    charge: Json = {
        "id": book.id("ch_"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "captured": True,
        "created": int(hub.clock.now()),
        "currency": intent["currency"],
        "disputed": False,
        "livemode": False,
        "metadata": {},
        "paid": True,
        "payment_intent": intent["id"],
        "refunded": False,
        "status": "succeeded",
    }
    book.charges[charge["id"]] = charge
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
    tell(hub, "charge.succeeded", charge)
    tell(hub, "payment_intent.succeeded", intent)


def listed(hub: Hub, given: Json) -> Json:
    """The payments (of a customer), newest first."""
    rules.only(given, frozenset({"customer"}) | rules.PAGES)
    every = reversed(hub.world.stripe.intents.values())
    found = [one for one in every if given.get("customer") in (None, one["customer"])]
    return rules.page(found, given, "/v1/payment_intents")


def new_card(hub: Hub, email: str, *, keep: bool) -> tuple[str | None, str]:
    """Somebody types a card: the customer that Stripe makes of them if it is to *keep* it, and the card."""
    book = hub.world.stripe
    customer = book.id("cus_") if keep else None
    if customer is not None:
        book.customers[customer] = {
            "id": customer, "object": "customer", "email": email, "name": "A. Payer", "livemode": False,
        }  # fmt: skip
    card: Json = {
        "id": book.id("pm_"), "object": "payment_method", "type": "card", "customer": customer,
        "card": {"brand": "visa", "last4": "4242"}, "livemode": False,
    }  # fmt: skip
    book.methods[card["id"]] = card
    return customer, card["id"]


def answer(hub: Hub, how: str) -> Json:
    """From now on kept cards *work*, are *declined*, want *authentication*, or Stripe is *away*."""
    if how not in CARDS:
        raise CannotDo(f"Cards cannot be {how!r}.", there=list(CARDS))
    hub.world.stripe.cards = how
    return {"cards": how}


def _kept(hub: Hub, given: Json) -> tuple[Json, Json]:
    book = hub.world.stripe
    customer = book.customers.get(str(rules.needed(given, "customer")))
    if customer is None:
        raise Refused("There is no such customer.", param="customer", code="resource_missing")
    card = book.methods.get(str(rules.needed(given, "payment_method")))
    if card is None or card["customer"] != customer["id"]:
        raise Refused("This customer has no such payment method.", param="payment_method",
                      code="resource_missing")  # fmt: skip
    return customer, card
