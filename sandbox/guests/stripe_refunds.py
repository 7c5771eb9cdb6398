"""Money that goes back, at the stand-in: refunds, and disputes, in which a bank takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.guests import stripe_rules as rules
from sandbox.guests.stripe_events import tell
from sandbox.guests.stripe_rules import Refused

if TYPE_CHECKING:
    from sandbox.hub import Hub

CREATE = frozenset({"payment_intent", "charge", "amount", "metadata", "reason", "expand"})
REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})


def create(hub: Hub, given: Json) -> Json:
    """Give back all that is left of a payment, or an amount of it."""
    rules.only(given, CREATE)
    charge = _charge(hub, given)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise Refused("This charge was refunded already.", code="charge_already_refunded")
    if charge["disputed"]:
        raise Refused("This charge is disputed.", code="charge_disputed")
    amount = rules.whole(given["amount"], "amount") if "amount" in given else left
    if not 0 < amount <= left:
        most = rules.shown(left, charge["currency"])
        raise Refused(f"At most {most} can be refunded.", param="amount")
    if "reason" in given and given["reason"] not in REASONS:
        raise Refused("There is no such reason.", param="reason")
    return give_back(hub, charge, amount, rules.metadata(given.get("metadata")))


def give_back(hub: Hub, charge: Json, amount: int, metadata: dict[str, str]) -> Json:
    """Write the refund, and tell of it."""
    book = hub.world.stripe
    refund = {
        "id": book.id("re_"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": int(hub.clock.now()),
        "currency": charge["currency"],
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": None,
        "status": "succeeded",
    }
    book.refunds[refund["id"]] = refund
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    tell(hub, "refund.created", refund)
    tell(hub, "charge.refunded", charge)
    return refund


def listed(hub: Hub, given: Json) -> Json:
    """The refunds of a payment, newest first."""
    rules.only(given, frozenset({"payment_intent", "charge"}) | rules.PAGES)
    found = [
        one
        for one in reversed(hub.world.stripe.refunds.values())
        if all(given.get(name) in (None, one[name]) for name in ("payment_intent", "charge"))
    ]
    return rules.page(found, given, "/v1/refunds")


def dispute(hub: Hub, intent: str, won: bool | None) -> Json:
    """The payer's bank asks for the money; with *won* it has decided."""
    book = hub.world.stripe
    charge = book.charge_of(intent)
    if charge is None:
        raise CannotDo(f"Nothing was paid by {intent!r}.", there=list(book.intents))
    known = next((one for one in book.disputes.values() if one["payment_intent"] == intent), None)
    if won is None and known is None:
        known = {
            "id": book.id("dp_"),
            "object": "dispute",
            "amount": charge["amount"],
            "charge": charge["id"],
            "currency": charge["currency"],
            "payment_intent": intent,
            "reason": "fraudulent",
            "status": "needs_response",
        }
        book.disputes[known["id"]] = known
        charge["disputed"] = True
        tell(hub, "charge.dispute.created", known)
    elif won is not None and known is not None:
        known["status"] = "won" if won else "lost"
        tell(hub, "charge.dispute.closed", known)
    else:
        raise CannotDo("There is no dispute to decide." if known is None else "It is disputed already.")
    return known


def _charge(hub: Hub, given: Json) -> Json:
    book = hub.world.stripe
    if ("payment_intent" in given) == ("charge" in given):
        raise Refused("Name either payment_intent or charge.", param="charge", code="parameter_missing")
    intent = book.intents.get(str(given.get("payment_intent")))
    if "payment_intent" in given and intent is None:
        raise Refused("There is no such payment_intent.", param="payment_intent", code="resource_missing",
                      status=404)  # fmt: skip
    found = book.charges.get(str(given.get("charge"))) if intent is None else book.charge_of(intent["id"])
    if found is None:
        raise Refused("There is no charge to refund.", param="charge", code="resource_missing", status=404)
    return found
