"""What the stand-in for Stripe knows: Checkouts, payments, refunds, events, and answers kept for repeats."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from sandbox.answers import Json

KEY = "sk_test_local"
SECRET = "whsec_local"  # noqa: S105 - of the local workspace alone
VERSION = "2026-10-28.endive"  # of the API whose shapes are used
DAY = 86_400


@dataclass(frozen=True)
class Kept:
    """An answer that is given again to whoever repeats a request."""

    at: float
    asked: str  # the fingerprint of the request
    status: int
    body: bytes


@dataclass
class Book:
    """One account. Objects are JSON, as the API shows them, by id and in the order of their making."""

    checkouts: dict[str, Json] = field(default_factory=dict)
    intents: dict[str, Json] = field(default_factory=dict)
    charges: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    customers: dict[str, Json] = field(default_factory=dict)
    methods: dict[str, Json] = field(default_factory=dict)  # cards
    cards: str = "work"  # what kept ones do when they are charged: see stripe_intents.CARDS
    disputes: dict[str, Json] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)
    items: dict[str, Json] = field(default_factory=dict)  # the line item of each Checkout
    kept: dict[str, Kept] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)  # keys of requests that are being worked on
    serial: int = 0
    salt: str = field(default_factory=lambda: secrets.token_hex(8))  # after a reset no id comes again

    def id(self, prefix: str) -> str:
        """An id that nobody had before, and nobody can count."""
        self.serial += 1
        return prefix + hashlib.sha256(f"{self.salt}{prefix}{self.serial}".encode()).hexdigest()[:24]

    def answer(self, key: str, now: float) -> Kept | None:
        """The answer kept for an idempotency key; keys are forgotten after a day."""
        found = self.kept.get(key)
        return found if found is not None and now - found.at < DAY else None

    def charge_of(self, intent: str) -> Json | None:
        """The charge of a payment."""
        return next((one for one in self.charges.values() if one["payment_intent"] == intent), None)

    def as_json(self) -> Json:
        """Everything, for tests."""
        kinds = ("checkouts", "intents", "charges", "refunds", "customers", "methods", "disputes", "events")
        return {kind: list(getattr(self, kind).values()) for kind in kinds}
