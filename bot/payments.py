"""Payments by Stripe Checkout."""

from bot.config import Settings
from domain.messages import Outcome, Verdict
from domain.payments import Checkout, MoneyEvent, Order
from services.ports import ForgedEvent, NoPayments


class StripePayments:
    """See ``services.ports.Payments``. *wait* is in seconds."""

    def __init__(self, settings: Settings, *, wait: float) -> None:
        self.settings = settings
        self.wait = wait

    def open(self, order: Order) -> Checkout:
        """A Checkout session for an order."""
        raise NoPayments

    def look(self, checkout_id: str) -> Checkout:
        """A Checkout as it is now."""
        raise NoPayments

    def expire(self, checkout_id: str) -> Checkout:
        """Close a Checkout that is open."""
        raise NoPayments

    def refund(self, intent: str, amount: int, key: str) -> Outcome:
        """Give money back."""
        return Outcome(Verdict.LATER, reason="not built yet")

    def event(self, body: bytes, signature: str) -> MoneyEvent | None:
        """What a webhook tells."""
        raise ForgedEvent
