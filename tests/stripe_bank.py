"""What payers and banks do, for the twin of Stripe and for the real adapter on the stand-in alike."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from bot.config import Settings
from bot.payments import StripePayments
from domain.messages import Outcome, Verdict
from domain.payments import MoneyEvent
from sandbox.client import Workspace
from sandbox.guests_client import Guests
from services.outside import Payments
from services.ports import Clock
from tests.fakes import FakePayments

Told = tuple[bytes, str]  # body and signature
DECLINED = {
    "declined": "Your card has insufficient funds.",
    "authentication": "This transaction requires authentication.",
}
PATIENCE = 10.0  # seconds until an event has come


class Bank(Protocol):
    """Lets things happen at Stripe. Each deed returns what its webhook brings."""

    payments: Payments

    def pay(self, checkout: str, *, amount: int | None = None) -> Told: ...
    def process(self, checkout: str) -> Told: ...
    def arrive(self, checkout: str) -> Told: ...
    def fail(self, checkout: str) -> Told: ...
    def dispute(self, intent: str) -> Told: ...
    def settle(self, intent: str, *, won: bool) -> Told: ...
    def refunded(self, intent: str) -> Told: ...
    def expired(self, checkout: str) -> Told: ...
    def cards(self, how: str) -> None: ...
    def charged(self) -> list[int]: ...
    def go_away(self) -> None: ...


class TwinBank:
    """The bank of the twin."""

    def __init__(self) -> None:
        self.twin = FakePayments()
        self.payments: Payments = self.twin

    def pay(self, checkout: str, *, amount: int | None = None) -> Told:
        return self.twin.tell(self.twin.pay(checkout, amount=amount))

    def process(self, checkout: str) -> Told:
        return self.twin.tell(self.twin.process(checkout))

    def arrive(self, checkout: str) -> Told:
        return self.twin.tell(self.twin.pay(checkout))

    def fail(self, checkout: str) -> Told:
        return self.twin.tell(self.twin.fail(checkout))

    def dispute(self, intent: str) -> Told:
        return self.twin.tell(self.twin.dispute(intent))

    def settle(self, intent: str, *, won: bool) -> Told:
        return self.twin.tell(self.twin.settle(intent, won=won))

    def refunded(self, intent: str) -> Told:
        return self.twin.tell(self.twin.tell_refunded(intent))

    def expired(self, checkout: str) -> Told:
        return self.twin.tell(self.twin.lapse(checkout))

    def cards(self, how: str) -> None:
        self.twin.charge_outcomes = [] if how == "work" else [Outcome(Verdict.REFUSED, reason=DECLINED[how])]

    def charged(self) -> list[int]:
        return [one.amount for one in self.twin.charges]

    def go_away(self) -> None:
        self.twin.away = True


class StandIn:
    """The bank of the stand-in: what it tells comes by signed webhooks to *inbox*."""

    def __init__(self, ws: Workspace, clock: Clock, inbox: "queue.Queue[Told]", **settings: str) -> None:
        self.ws = ws
        self.guests = Guests(ws)
        self.inbox = inbox
        given = {
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "s",
            "STRIPE_API_URL": ws.facts["stripe"],
            "STRIPE_API_KEY": ws.facts["stripe_key"],
            "STRIPE_WEBHOOK_SECRET": ws.facts["stripe_webhook_secret"],
        }
        self.payments: Payments = StripePayments(Settings.load(given | settings), clock, wait=5)

    def told(self, kind: str) -> Told:
        """The next event of this type that comes."""
        while True:
            body, signature = self.inbox.get(timeout=PATIENCE)
            if f'"type": "{kind}"'.encode() in body:
                return body, signature

    def pay(self, checkout: str, *, amount: int | None = None) -> Told:
        self.ws.post("/control/stripe/pay", checkout=checkout, amount=amount)
        return self.told("checkout.session.completed")

    def process(self, checkout: str) -> Told:
        self.ws.post("/control/stripe/pay", checkout=checkout, later=True)
        return self.told("checkout.session.completed")

    def arrive(self, checkout: str) -> Told:
        self.guests.settle(checkout)
        return self.told("checkout.session.async_payment_succeeded")

    def fail(self, checkout: str) -> Told:
        self.guests.settle(checkout, good=False)
        return self.told("checkout.session.async_payment_failed")

    def dispute(self, intent: str) -> Told:
        self.guests.dispute(intent)
        return self.told("charge.dispute.created")

    def settle(self, intent: str, *, won: bool) -> Told:
        self.guests.close_dispute(intent, won=won)
        return self.told("charge.dispute.closed")

    def refunded(self, intent: str) -> Told:
        return self.told("charge.refunded")

    def expired(self, checkout: str) -> Told:
        self.ws.clock.advance(86_400)
        return self.told("checkout.session.expired")

    def cards(self, how: str) -> None:
        self.guests.cards(how)

    def charged(self) -> list[int]:
        return [
            one["amount"] for one in self.guests.intents() if one["description"] and one["amount_received"]
        ]

    def go_away(self) -> None:
        self.ws.faults([{"match": {"method": "stripe.*"}, "do": {"status": 503}}])


def event_of(payments: Payments, told: Told) -> MoneyEvent:
    """What a webhook says, where it says something to us."""
    found = payments.event(*told)
    assert found is not None
    return found


@contextmanager
def inbox() -> Iterator[tuple[str, "queue.Queue[Told]"]]:
    """A place where webhooks come in: its address, and what came."""
    came: queue.Queue[Told] = queue.Queue()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.put((body, self.headers.get("Stripe-Signature", "")))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stripe/webhook", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
