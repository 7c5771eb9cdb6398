"""What Stripe answers and tells, read into words of our own."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.messages import Outcome, Verdict
from domain.payments import Checkout, CheckoutState, MoneyEvent

FAILED_INTENTS = frozenset({"requires_payment_method", "canceled"})


def checkout(found: Any) -> Checkout:
    """Read a Checkout session, as an object of the library or as a dict of an event."""
    session = found if isinstance(found, dict) else found.to_dict()
    intent = session.get("payment_intent") or ""
    status = card = ""
    if isinstance(intent, dict):
        card = str(intent.get("payment_method") or "")
        intent, status = intent["id"], intent["status"]
    customer = str(session.get("customer") or "")
    until, told = session.get("expires_at"), session.get("metadata") or {}
    return Checkout(
        id=session["id"],
        state=_state(session, status),
        url=session.get("url") or "",
        amount=session.get("amount_total") or 0,
        currency=str(session.get("currency") or "").upper(),
        intent=intent,
        bill_id=_number(told.get("bill_id")),
        owner=str(told.get("owner") or ""),
        until=datetime.fromtimestamp(until, UTC) if until else None,
        customer=customer,
        card=card if customer else "",
    )


def _state(session: dict[str, Any], intent_status: str) -> CheckoutState:
    if session["status"] != "complete":
        return CheckoutState.OPEN if session["status"] == "open" else CheckoutState.EXPIRED
    if session["payment_status"] != "unpaid":
        return CheckoutState.PAID
    return CheckoutState.FAILED if intent_status in FAILED_INTENTS else CheckoutState.PROCESSING


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else 0


def told(event: dict[str, Any]) -> MoneyEvent | None:
    """Read an event. One of another account, of another product, or of another kind says nothing to us."""
    if event.get("account"):
        return None
    number, kind, found = event["id"], event["type"], event["data"]["object"]
    if kind in CHECKOUT_EVENTS:
        seen = checkout(found)
        if kind == "checkout.session.async_payment_failed":
            seen = replace(seen, state=CheckoutState.FAILED)
        return MoneyEvent(number, "checkout", seen, seen.intent) if seen.bill_id else None
    intent = found.get("payment_intent") or ""
    if kind == "charge.refunded":
        return MoneyEvent(number, "refunded", intent=intent, refunded=found["amount_refunded"])
    if kind == "charge.dispute.created":
        return MoneyEvent(number, "disputed", intent=intent)
    if kind == "charge.dispute.closed":
        return MoneyEvent(number, "settled", intent=intent, won=found["status"] != "lost")
    return None


CHECKOUT_EVENTS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)


def refund(made: Any) -> Outcome:
    """Read a refund: done, or refused."""
    if made.status in ("failed", "canceled"):
        return Outcome(Verdict.REFUSED, reason=str(made.failure_reason or made.status))
    return Outcome(Verdict.SENT, ts=made.id)


def charged(intent: dict[str, Any]) -> Outcome:
    """Read a payment of a card that was kept: charged, refused, or not decided yet."""
    if intent["status"] == "succeeded":
        return Outcome(Verdict.SENT, ts=intent["id"])
    if intent["status"] == "processing":  # a bank that takes its time: asked again later
        return Outcome(Verdict.UNKNOWN, reason="the bank has not answered yet")
    why = intent.get("last_payment_error") or {}
    return Outcome(Verdict.REFUSED, reason=str(why.get("message") or why.get("code") or intent["status"]))
