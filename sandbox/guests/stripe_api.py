"""The API of the stand-in for Stripe: who may ask, what is asked, and answers kept for repeats."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from sandbox.answers import Json
from sandbox.guests import stripe_checkout, stripe_intents, stripe_refunds
from sandbox.guests.stripe_book import KEY, Kept
from sandbox.guests.stripe_rules import Declined, Refused, nested
from sandbox.guests.struck import answered

if TYPE_CHECKING:
    from sandbox.hub import Hub

Deed = Callable[["Hub", str, Json], Json]


def _read(hub: Hub, number: str, given: Json) -> Json:
    return stripe_checkout.expanded(hub, stripe_checkout.find(hub, number), given)


def _one(kind: str) -> Deed:
    def read(hub: Hub, number: str, given: Json) -> Json:
        found: Json | None = getattr(hub.world.stripe, kind).get(number)
        if found is None:
            raise Refused(f"There is no {number} here.", param="id", code="resource_missing", status=404)
        return found

    return read


def _account(hub: Hub, number: str, given: Json) -> Json:
    return {
        "id": "acct_local", "object": "account", "country": "US", "default_currency": "usd",
        "charges_enabled": True, "payouts_enabled": True, "details_submitted": True,
    }  # fmt: skip


def _balance(hub: Hub, number: str, given: Json) -> Json:
    return {"object": "balance", "livemode": False, "available": [], "pending": []}


# (verb, path with * for an id): name for fault rules, what it does
DEEDS: dict[tuple[str, str], tuple[str, Deed]] = {
    ("POST", "checkout/sessions"): (
        "stripe.checkout.create", lambda hub, _, given: stripe_checkout.create(hub, given)
    ),
    ("GET", "checkout/sessions"): (
        "stripe.checkout.list", lambda hub, _, given: stripe_checkout.listed(hub, given)
    ),
    ("GET", "checkout/sessions/*"): ("stripe.checkout.retrieve", _read),
    ("POST", "checkout/sessions/*/expire"): (
        "stripe.checkout.expire", lambda hub, number, _: stripe_checkout.expire(hub, number)
    ),
    ("POST", "refunds"): ("stripe.refunds.create", lambda hub, _, given: stripe_refunds.create(hub, given)),
    ("GET", "refunds"): ("stripe.refunds.list", lambda hub, _, given: stripe_refunds.listed(hub, given)),
    ("GET", "refunds/*"): ("stripe.refunds.retrieve", _one("refunds")),
    ("POST", "payment_intents"): (
        "stripe.payment_intents.create", lambda hub, _, given: stripe_intents.create(hub, given)
    ),
    ("GET", "payment_intents"): (
        "stripe.payment_intents.list", lambda hub, _, given: stripe_intents.listed(hub, given)
    ),
    ("GET", "customers/*"): ("stripe.customers.retrieve", _one("customers")),
    ("GET", "payment_methods/*"): ("stripe.payment_methods.retrieve", _one("methods")),
    ("GET", "payment_intents/*"): ("stripe.payment_intents.retrieve", _one("intents")),
    ("GET", "charges/*"): ("stripe.charges.retrieve", _one("charges")),
    ("GET", "events/*"): ("stripe.events.retrieve", _one("events")),
    ("GET", "account"): ("stripe.account.retrieve", _account),
    ("GET", "balance"): ("stripe.balance.retrieve", _balance),
}  # fmt: skip


async def serve(hub: Hub, request: Request) -> Response:
    """Answer one call of ``/stripe/v1/…``."""
    path = request.path_params["path"]
    body = (await request.body()).decode("utf-8", "replace")
    found, number = _deed(request.method, path)
    entry = hub.journal.add("stripe_call", method=found[0] if found else path, verb=request.method)
    try:
        _authorized(request)
        if found is None:
            raise Refused(f"There is nothing at {request.method} /v1/{path} here.", status=404)
        given = nested(body if request.method == "POST" else request.url.query)
        said = await _once(hub, request, found, number, given)
    except Refused as refused:
        said = _json(refused.body, refused.status)
    entry["status"] = said.status_code
    said.headers["Request-Id"] = f"req_{entry['n']}"
    return said


async def _once(hub: Hub, request: Request, found: tuple[str, Deed], number: str, given: Json) -> Response:
    """Work once for each idempotency key; what was answered is answered again, even that it failed."""
    book, now = hub.world.stripe, hub.clock.now()
    key = request.headers.get("idempotency-key", "")
    if not key or request.method != "POST":
        return await answered(
            hub, request, found[0], run=lambda: _json(found[1](hub, number, given)), refuse=_error
        )
    if len(key) > 255:
        raise Refused("An idempotency key has at most 255 characters.")
    asked = hashlib.sha256(f"{request.url.path} {json.dumps(given, sort_keys=True)}".encode()).hexdigest()
    kept = book.answer(key, now)
    if kept is not None:
        if kept.asked != asked:
            raise Refused("This key was used with other parameters.", kind="idempotency_error")
        return Response(kept.body, kept.status, {"Idempotent-Replayed": "true"}, "application/json")
    if key in book.busy:
        raise Refused("A request with this key is being worked on.", status=409, kind="idempotency_error",
                      code="idempotency_key_in_use")  # fmt: skip

    def run() -> Response:
        try:
            done = _json(found[1](hub, number, given))
        except Declined as declined:
            done = _json(declined.body, declined.status)
        book.kept[key] = Kept(now, asked, done.status_code, bytes(done.body))
        return done

    book.busy.add(key)
    try:
        said = await answered(hub, request, found[0], run=run, refuse=_error)
    finally:
        book.busy.discard(key)
    if said.status_code >= 500 and key in book.kept:  # it failed after it had begun, and will fail again
        book.kept[key] = Kept(now, asked, said.status_code, bytes(said.body))
    return said


def _deed(verb: str, path: str) -> tuple[tuple[str, Deed] | None, str]:
    for (wanted, pattern), found in DEEDS.items():
        parts, steps = path.split("/"), pattern.split("/")
        fits = len(parts) == len(steps) and all(s in ("*", p) for s, p in zip(steps, parts, strict=True))
        if wanted == verb and fits:
            return found, next((p for s, p in zip(steps, parts, strict=True) if s == "*"), "")
    return None, ""


def _authorized(request: Request) -> None:
    kind, _, word = request.headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        word = base64.b64decode(word).decode("utf-8", "replace").partition(":")[0]
    if word != KEY:
        raise Refused("This is no key of this account.", status=401)


def _error(status: int, why: str) -> Response:
    kind = "invalid_request_error" if 400 <= status < 500 else "api_error"
    return _json(
        {"error": {"type": kind, "code": why, "message": f"A fault was planned here: {why}."}}, status
    )


def _json(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, indent=2), status, media_type="application/json")
