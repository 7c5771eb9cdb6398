"""Payments by Stripe Checkout: the only module that knows Stripe.

Every call carries its own time limit, and Stripe's library repeats none: the outbox and the poll do, with the
same Idempotency-Key, so that what happened is not done again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot import stripe_answers
from bot.config import Settings
from domain.messages import Outcome, Verdict
from domain.payments import Charge, Checkout, MoneyEvent, Order
from services.outside import ForgedEvent, NoPayments, PriceRefused
from services.ports import Clock
from store.database import refuse_network_inside_transaction

if TYPE_CHECKING:
    from stripe import StripeClient

log = structlog.get_logger()
Answer = TypeVar("Answer")

TOLERANCE = 300  # seconds of real time: how old a signature may be, as Stripe advises
# Stripe takes 30 minutes to 24 hours from when it hears of it; source: Create a Checkout Session, expires_at
SOONEST, LATEST = timedelta(minutes=31), timedelta(hours=23)
LOCALES = frozenset([
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl",
    "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
])  # fmt: skip
# what is wrong with a price shows in these parameters and codes of an error
PRICE_PARAMETERS = ("line_items", "currency", "amount")
PRICE_CODES = frozenset({"amount_too_small", "amount_too_large"})
KEEPS_CARD = {
    "customer_creation": "always",
    "payment_intent_data": {"setup_future_usage": "off_session"},
}


class Spent(NoPayments):
    """Stripe failed with this key before, and repeats it for a day."""


class StripePayments:
    """See ``services.outside.Payments``. *wait* is in seconds, for each answer of Stripe."""

    def __init__(self, settings: Settings, clock: Clock, *, wait: float) -> None:
        self.key = settings.stripe_api_key or ""
        self.secrets = tuple(part for part in (settings.stripe_webhook_secret or "").split(",") if part)
        self.url = settings.stripe_api_url.rstrip("/")
        self.clock = clock
        self.wait = wait

    @cached_property
    def _stripe(self) -> "StripeClient":
        import stripe

        return stripe.StripeClient(
            self.key,
            base_addresses={"api": self.url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=self.wait),
        )

    def open(self, order: Order) -> Checkout:
        """A Checkout session for an order."""
        import stripe

        now = self.clock()
        asked: Any = _asked(order, min(max(order.until, now + SOONEST), now + LATEST))
        create = self._stripe.v1.checkout.sessions.create
        try:
            return stripe_answers.checkout(self._ask(lambda: create(asked, {"idempotency_key": order.key})))
        except (stripe.IdempotencyError, Spent):
            # Its first answer was lost, and the time has moved on; or Stripe failed, and says so for a day.
            # Nobody knows the address of what may have been made, so that it cannot be paid: another is safe.
            return self.open(replace(order, key=f"{order.key}-{asked['expires_at']}"))
        except stripe.InvalidRequestError as error:
            if error.param == "customer_email":  # Stripe is stricter; the payer can type it there
                return self.open(replace(order, email="", key=f"{order.key}-without-email"))
            raise _refusal(error) from error

    def look(self, checkout_id: str) -> Checkout:
        """A Checkout as it is now; Stripe tells only with the intent whether delayed money failed."""
        sessions = self._stripe.v1.checkout.sessions
        return stripe_answers.checkout(
            self._ask_safely(lambda: sessions.retrieve(checkout_id, {"expand": ["payment_intent"]}))
        )

    def expire(self, checkout_id: str) -> Checkout:
        """Close a Checkout that is open."""
        import stripe

        sessions = self._stripe.v1.checkout.sessions
        try:
            return stripe_answers.checkout(self._ask(lambda: sessions.expire(checkout_id)))
        except stripe.InvalidRequestError:  # it is not open any more: what is it?
            return self.look(checkout_id)

    def refund(self, intent: str, amount: int, key: str) -> Outcome:
        """Give money back.

        Stripe forgets an idempotency key after a day, so that what was given back is looked at first.
        """
        import stripe

        refunds = self._stripe.v1.refunds
        try:
            known = self._ask(lambda: refunds.list({"payment_intent": intent, "limit": 100}))
            for one in known.data:
                if (one.to_dict().get("metadata") or {}).get("key") == key:
                    return stripe_answers.refund(one)
            return stripe_answers.refund(self._give_back(intent, amount, key))
        except NoPayments as away:
            return _away(away)
        except stripe.InvalidRequestError as error:
            if error.code == "charge_already_refunded":
                return Outcome(Verdict.SENT)
            return Outcome(Verdict.REFUSED, reason=_message(error))
        except stripe.StripeError as error:
            return Outcome(Verdict.REFUSED, reason=_message(error))

    def _give_back(self, intent: str, amount: int, key: str, again: str = "") -> Any:
        """Refund once. Nothing came of what failed before: it was looked at."""
        refunds = self._stripe.v1.refunds
        try:
            return self._ask(
                lambda: refunds.create(
                    {"payment_intent": intent, "amount": amount, "metadata": {"key": key}},
                    {"idempotency_key": key + again},
                )
            )
        except Spent:
            return self._give_back(intent, amount, key, f"{again}-again")

    def charge(self, asked: Charge, *, only_look: bool = False) -> Outcome:
        """Charge a card that Stripe keeps.

        Stripe forgets an idempotency key after a day, so that what was charged is looked at first.
        """
        import stripe

        intents = self._stripe.v1.payment_intents
        try:
            known = self._ask(lambda: intents.list({"customer": asked.customer, "limit": 100}))
            for one in known.data:
                if (one.to_dict().get("metadata") or {}).get("key") == asked.key:
                    return stripe_answers.charged(one.to_dict())
            if only_look:
                return Outcome(Verdict.REFUSED, reason="not charged")
            return stripe_answers.charged(self._take(asked).to_dict())
        except NoPayments as away:
            return _away(away)
        except stripe.StripeError as error:
            return Outcome(Verdict.REFUSED, reason=_message(error))

    def _take(self, asked: Charge, again: str = "") -> Any:
        """Charge once. Nothing came of what failed before: it was looked at."""
        wanted: Any = {
            "amount": asked.amount,
            "currency": asked.currency.lower(),
            "customer": asked.customer,
            "payment_method": asked.card,
            "description": asked.service,
            "confirm": True,
            "off_session": True,
            # nobody is there whom a bank's page could be shown to
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": {"key": asked.key, "bill_id": str(asked.bill_id), "owner": asked.owner},
        }
        create = self._stripe.v1.payment_intents.create
        try:
            return self._ask(lambda: create(wanted, {"idempotency_key": asked.key + again}))
        except Spent:
            return self._take(asked, f"{again}-again")

    def event(self, body: bytes, signature: str) -> MoneyEvent | None:
        """What a webhook tells. While a secret is being replaced there are two, and either will do."""
        import stripe

        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise ForgedEvent(ForgedEvent.__doc__) from None
        for secret in self.secrets if signature.isascii() else ():
            try:
                told = self._stripe.construct_event(text, signature, secret, tolerance=TOLERANCE)
            except stripe.SignatureVerificationError:
                continue
            except ValueError:  # signed, but no event of the kind that we asked for
                return None
            return stripe_answers.told(told.to_dict())
        raise ForgedEvent(ForgedEvent.__doc__)

    def _ask_safely(self, call: Callable[[], Answer]) -> Answer:
        """The same where nothing that Stripe refuses is the caller's fault."""
        import stripe

        try:
            return self._ask(call)
        except stripe.StripeError as error:
            log.error("stripe_refused", code=error.code, status=error.http_status)
            raise NoPayments(NoPayments.__doc__) from error

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        """Call Stripe. Raises NoPayments when it cannot be reached, and else what its library does."""
        import stripe

        refuse_network_inside_transaction()
        try:
            return call()
        except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError):
            raise
        except stripe.StripeError as error:
            if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
                log.error("stripe_refuses_key", status=error.http_status)
            if (error.headers or {}).get("Idempotent-Replayed") == "true":
                raise Spent from error
            raise NoPayments(NoPayments.__doc__) from error


def _asked(order: Order, until: datetime) -> dict[str, Any]:
    bill = str(order.bill_id)
    price = {
        "currency": order.currency.lower(),
        "unit_amount": order.amount,
        "product_data": {"name": order.service},
    }
    language = order.locale.replace("_", "-")
    locale = language if language in LOCALES else language.partition("-")[0]
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": bill,
        "metadata": {"bill_id": bill, "owner": order.owner},
        "expires_at": int(until.timestamp()),
        "success_url": f"{order.back_url}?paid",  # our page then knows that money is to be there
        "cancel_url": order.back_url,
        **({"customer_email": order.email} if order.email else {}),
        **({"locale": locale} if locale in LOCALES else {}),
        **(KEEPS_CARD if order.keep else {}),
    }


def _away(away: NoPayments) -> Outcome:
    """Throttled is surely not done; anything else may be."""
    import stripe

    if isinstance(away.__cause__, stripe.RateLimitError):
        return Outcome(Verdict.LATER, reason="Stripe says rate limited")
    return Outcome(Verdict.UNKNOWN, reason="Stripe cannot be reached")


def _refusal(error: Any) -> Exception:
    """What a refused Checkout means: the price is wrong, or we are."""
    if error.code in PRICE_CODES or str(error.param or "").startswith(PRICE_PARAMETERS):
        return PriceRefused(_message(error))
    log.error("stripe_refused", code=error.code, param=error.param, status=error.http_status)
    return NoPayments(NoPayments.__doc__)


def _message(error: Any) -> str:
    return str(error.user_message or error.code or "Stripe refused it.")
