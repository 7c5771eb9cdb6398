"""Checkout sessions of the stand-in: made, paid, expired. They live by the workspace's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.guests import stripe_intents
from sandbox.guests import stripe_rules as rules
from sandbox.guests.stripe_events import tell
from sandbox.guests.stripe_rules import Refused

if TYPE_CHECKING:
    from sandbox.hub import Hub

ITEM = frozenset({"quantity", "price_data"})
PRICE = frozenset({"currency", "unit_amount", "product_data"})
PRODUCT = frozenset({"name", "description"})
LISTED = frozenset({"payment_intent", "status"})
INTENT = frozenset({"description", "metadata", "setup_future_usage"})


def create(hub: Hub, given: Json) -> Json:
    """A new Checkout session."""
    book, now = hub.world.stripe, int(hub.clock.now())
    rules.only(given, rules.CREATE)
    if rules.needed(given, "mode") != "payment":
        raise Refused("Only the mode payment is played here.", param="mode")
    item = _item(given)
    number = book.id("cs_test_")
    session = {
        "id": number,
        "object": "checkout.session",
        "amount_subtotal": item["total"],
        "amount_total": item["total"],
        "cancel_url": rules.address(given["cancel_url"], "cancel_url") if "cancel_url" in given else None,
        "client_reference_id": _reference(given),
        "created": now,
        "currency": item["currency"],
        "customer": None,
        "customer_creation": _creation(given),
        "customer_details": None,
        "customer_email": _email(given),
        "expires_at": _expiry(given, now),
        "livemode": False,
        "locale": _locale(given),
        "metadata": rules.metadata(given.get("metadata")),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": rules.address(rules.needed(given, "success_url"), "success_url"),
        "ui_mode": "hosted",
        "url": f"{hub.origin}/stripe/checkout/{number}",
    }
    rules.only(_object(given, "payment_intent_data"), INTENT, "payment_intent_data")
    book.checkouts[number], book.items[number] = session, item
    hub.courier.background(_lapse_in_time(hub, number))
    return session


def find(hub: Hub, number: str) -> Json:
    """A Checkout session as it is now."""
    session = hub.world.stripe.checkouts.get(number)
    if session is None:
        raise Refused(f"There is no Checkout session {number}.", param="session", code="resource_missing",
                      status=404)  # fmt: skip
    if session["status"] == "open" and session["expires_at"] <= hub.clock.now():
        _lapse(hub, session)
    return session


def listed(hub: Hub, given: Json) -> Json:
    """The newest sessions first, of one payment or state if that is asked for."""
    rules.only(given, LISTED | rules.PAGES)
    found = [
        find(hub, number)
        for number, one in reversed(hub.world.stripe.checkouts.items())
        if all(given.get(name) in (None, one[name]) for name in LISTED)
    ]
    return rules.page(found, given, "/v1/checkout/sessions")


def expire(hub: Hub, number: str) -> Json:
    """Close a session that is open; any other is refused."""
    session = find(hub, number)
    if session["status"] != "open":
        raise Refused(f"This Checkout session is {session['status']}: only an open one can be expired.")
    _lapse(hub, session)
    return session


def complete(hub: Hub, number: str, *, later: bool, amount: int | None = None, currency: str = "") -> Json:
    """The payer pays: at once, or in a way that takes days. Another amount is one that Stripe never takes."""
    session = find(hub, number)
    if session["status"] != "open":
        raise CannotDo(f"This Checkout session is {session['status']}.")
    if amount is not None:
        session["amount_total"] = session["amount_subtotal"] = amount
    session["currency"] = currency.lower() or session["currency"]
    email = session["customer_email"] or "payer@example.com"
    session |= {"status": "complete", "url": None, "customer_details": {"email": email, "name": "A. Payer"}}
    customer, card = stripe_intents.new_card(hub, email, keep=session["customer_creation"] == "always")
    intent = stripe_intents.make(
        hub, session["amount_total"], session["currency"], customer=customer, card=card
    )
    session |= {"payment_intent": intent["id"], "customer": customer}
    if later:
        tell(hub, "checkout.session.completed", session)
        return session
    _arrive(hub, session, intent)
    tell(hub, "checkout.session.completed", session)
    return session


def settle(hub: Hub, number: str, *, good: bool) -> Json:
    """Money that was on its way arrives, or fails."""
    session = find(hub, number)
    intent = hub.world.stripe.intents.get(session["payment_intent"] or "")
    if intent is None or intent["status"] != "processing":
        raise CannotDo("No money is on its way for this Checkout session.")
    if good:
        _arrive(hub, session, intent)
        tell(hub, "checkout.session.async_payment_succeeded", session)
        return session
    intent["status"] = "requires_payment_method"
    tell(hub, "payment_intent.payment_failed", intent)
    tell(hub, "checkout.session.async_payment_failed", session)
    return session


def expanded(hub: Hub, session: Json, given: Json) -> Json:
    """The session with what was asked to be shown in full."""
    if "payment_intent" in _object(given, "expand").values() and session["payment_intent"]:
        return session | {"payment_intent": hub.world.stripe.intents[session["payment_intent"]]}
    return session


def _arrive(hub: Hub, session: Json, intent: Json) -> None:
    session["payment_status"] = "paid"
    stripe_intents.arrive(hub, intent)


async def _lapse_in_time(hub: Hub, number: str) -> None:
    await hub.clock.until(hub.world.stripe.checkouts[number]["expires_at"])
    if number in hub.world.stripe.checkouts:
        find(hub, number)


def _lapse(hub: Hub, session: Json) -> None:
    session |= {"status": "expired", "url": None}
    tell(hub, "checkout.session.expired", session)


def _item(given: Json) -> Json:
    items = rules.needed(given, "line_items")
    if not isinstance(items, dict) or list(items) != ["0"]:
        raise Refused("Exactly one line item is played here.", param="line_items")
    item = items["0"]
    rules.only(item, ITEM, "line_items[0]")
    price = _object(item, "price_data")
    rules.only(price, PRICE, "line_items[0][price_data]")
    product = _object(price, "product_data")
    rules.only(product, PRODUCT, "line_items[0][price_data][product_data]")
    quantity = rules.whole(item.get("quantity", "1"), "line_items[0][quantity]")
    amount, currency = rules.amount_of(price.get("unit_amount"), price.get("currency"))
    return {"name": str(rules.needed(product, "name")), "total": amount * quantity, "currency": currency}


def _object(given: Json, name: str) -> Json:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise Refused(f"{name} is no object.", param=name)
    return found


def _creation(given: Json) -> str:
    """Whether the payer becomes a customer, whose card can be charged later."""
    kept = _object(given, "payment_intent_data").get("setup_future_usage")
    if kept not in (None, "off_session"):
        raise Refused(
            "Only cards for off_session are kept here.", param="payment_intent_data[setup_future_usage]"
        )
    found = str(given.get("customer_creation", "if_required"))
    if found not in ("always", "if_required"):
        raise Refused(f"There is no customer_creation {found!r}.", param="customer_creation")
    return "always" if kept else found


def _reference(given: Json) -> str | None:
    found = given.get("client_reference_id")
    if found is not None and not 0 < len(str(found)) <= 200:
        raise Refused("client_reference_id has at most 200 characters.", param="client_reference_id")
    return found


def _email(given: Json) -> str | None:
    found = given.get("customer_email")
    if found is not None and not rules.EMAIL.fullmatch(str(found)):
        raise Refused("customer_email is no e-mail address.", param="customer_email", code="email_invalid")
    return found


def _locale(given: Json) -> str | None:
    found = given.get("locale")
    if found is not None and found not in rules.LOCALES:
        raise Refused(f"There is no locale {found!r}.", param="locale")
    return found


def _expiry(given: Json, now: int) -> int:
    if "expires_at" not in given:
        return now + rules.LATEST
    found = rules.whole(given["expires_at"], "expires_at")
    if not rules.SOONEST <= found - now <= rules.LATEST:
        raise Refused("expires_at lies 30 minutes to 24 hours from now.", param="expires_at")
    return found
