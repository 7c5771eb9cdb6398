"""What the use cases need from beyond Slack, as interfaces: mail, texts, payments, a vault for secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.errors import Refusal, TryLater
from domain.letters import Mail, TextMessage
from domain.messages import Outcome
from domain.payments import Charge, Checkout, MoneyEvent, Order


class Mailer(Protocol):
    """Sends e-mail. Like a Messenger it never raises for what the server answers."""

    def send(self, mail: Mail) -> Outcome:
        """Hand *mail* to the server; UNKNOWN if it broke off after the text had gone out.

        A second time with the same key carries the same Message-ID.
        """
        ...


class Texter(Protocol):
    """Sends text messages through a gateway. Like a Messenger it never raises for what is answered."""

    def send(self, sms: TextMessage) -> Outcome:
        """Hand *sms* to the gateway. REFUSED with the reason "stopped" if its number wants no texts."""
        ...

    def trusts(self, authorization: str) -> bool:
        """Whether a request with this Authorization header comes from the gateway."""
        ...


class PriceRefused(Refusal):
    """Stripe did not accept this price."""


class NoPayments(TryLater):
    """Payment is not available right now. Try again in a minute."""


class ForgedEvent(Refusal):
    """This event does not come from Stripe, or it is too old."""


class Payments(Protocol):
    """Takes money, and gives it back. No card data ever comes here."""

    def open(self, order: Order) -> Checkout:
        """A Checkout session for *order*; the same key gives the same one.

        Raises PriceRefused with what Stripe says, and NoPayments when it cannot be reached.
        """
        ...

    def look(self, checkout_id: str) -> Checkout:
        """A Checkout as it is now. Raises NoPayments."""
        ...

    def expire(self, checkout_id: str) -> Checkout:
        """Close a Checkout that is open; what it is afterwards: paid, if the money came first.

        Raises NoPayments.
        """
        ...

    def refund(self, intent: str, amount: int, key: str) -> Outcome:
        """Give money back, once per *key*; SENT with Stripe's id as *ts*. Never raises."""
        ...

    def charge(self, asked: Charge, *, only_look: bool = False) -> Outcome:
        """Charge a card that Stripe keeps, once per key; SENT with the payment (an intent) as *ts*.

        REFUSED with the bank's reason where the card was declined, or its owner has to say yes in person.
        With *only_look* nothing is charged: SENT if it was before, REFUSED if not. Never raises.
        """
        ...

    def event(self, body: bytes, signature: str) -> MoneyEvent | None:
        """What a webhook tells; None if it is nothing that we listen to. Raises ForgedEvent."""
        ...


class Vault(Protocol):
    """Keeps secrets in the database: sealed, to be read again; or marked, to be found only."""

    def seal(self, text: str, place: str) -> str:
        """Encrypt *text* for one place, such as "code session-12": elsewhere it cannot be read."""
        ...

    def unseal(self, sealed: str, place: str) -> str:
        """Decrypt what was sealed for this place. Raises CannotUnseal."""
        ...

    def mark(self, text: str, purpose: str) -> str:
        """The keyed hash of *text*, 64 hexadecimal characters, under the newest key."""
        ...

    def marks(self, text: str, purpose: str) -> Sequence[str]:
        """The same under every key, the newest first: what it may be found by."""
        ...


class CannotUnseal(Refusal):
    """This was sealed with a key that is not in SESSIONS_SECRET_KEY any more. Ask an administrator."""


@dataclass(frozen=True)
class Reach:
    """How people without a Slack account are reached from here, and reach us."""

    url: str = ""  # where the web process is reached from outside, without a slash at the end; "": nowhere
    vault: Vault | None = None
    sender: str = ""  # the address that e-mails come from
    mail: bool = False
    texts: bool = False
    payments: bool = False
    hook: bool = False  # whether Stripe tells of each payment; else it is asked
    checkout: str = "https://checkout.stripe.com"  # where its pages for payers are
