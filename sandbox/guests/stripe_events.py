"""Events of the stand-in for Stripe: signed, delivered in the background, and again if nobody takes them."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.clock import real_now
from sandbox.guests.stripe_book import SECRET, VERSION
from sandbox.parcels import Outcome
from sandbox.wire import post

if TYPE_CHECKING:
    from sandbox.hub import Hub

RETRIES_AFTER = (2.0, 20.0, 200.0)  # seconds of real time; Stripe itself goes on for three days
OLD = 600  # seconds; receivers refuse what is older than five minutes
SECONDS = 10.0
TAMPERS = frozenset({"", "forged", "old", "body", "unsigned"})


def tell(hub: Hub, kind: str, subject: Json) -> Json:
    """Write an event about *subject* as it is now, and deliver it in the background."""
    book = hub.world.stripe
    event: Json = {
        "id": book.id("evt_"),
        "object": "event",
        "api_version": VERSION,
        "created": int(hub.clock.now()),
        "data": {"object": json.loads(json.dumps(subject))},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    book.events[event["id"]] = event
    hub.journal.add("stripe_event", id=event["id"], name=kind)
    if hub.settings.stripe_webhook:
        hub.courier.background(_with_retries(hub, event))
    return event


async def again(hub: Hub, number: str, times: int, tamper: str) -> list[Json]:
    """Deliver an event as often as is asked for, spoiled by *tamper*; every outcome."""
    event = hub.world.stripe.events.get(number)
    if event is None:
        raise CannotDo(f"There is no event {number!r}.", there=list(hub.world.stripe.events))
    if tamper not in TAMPERS:
        raise CannotDo(f"An event cannot be spoiled by {tamper!r}.", there=sorted(TAMPERS))
    return [(await _carry(hub, event, tamper=tamper)).brief() for _ in range(times)]


async def _with_retries(hub: Hub, event: Json) -> None:
    for delay in (0.0, *RETRIES_AFTER):
        await asyncio.sleep(delay * hub.settings.retry_factor)
        rule = hub.faults.for_delivery(("stripe", event["type"]), outside=("guests",))
        carry = functools.partial(_carry, hub, event)
        outcome = await (hub.courier.struck(rule, carry) if rule else carry())
        if outcome.ok or outcome.how in ("lost", "not_connected"):  # lost is lost: no retry finds it
            return


async def _carry(hub: Hub, event: Json, *, tamper: str = "") -> Outcome:
    url = hub.settings.stripe_webhook
    if url is None:
        return Outcome("not_connected")
    body = json.dumps(event, indent=2).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (local stand-in)"}
    if tamper != "unsigned":
        headers["Stripe-Signature"] = signature(body, tamper)
    if tamper == "body":
        body = body.replace(b'"evt_', b'"Evt_', 1)
    outcome = await hub.courier.bring(functools.partial(post, url, body, headers, SECONDS))
    hub.journal.add(
        "stripe_delivery", id=event["id"], name=event["type"], how=outcome.how, status=outcome.status,
        tamper=tamper,
    )  # fmt: skip
    return outcome


def signature(body: bytes, tamper: str = "") -> str:
    """The header of a signed event: its real time, and the keyed hash of time and body."""
    at = int(real_now()) - (OLD if tamper == "old" else 0)
    secret = "whsec_of_somebody_else" if tamper == "forged" else SECRET
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark},v0={'0' * 64}"
