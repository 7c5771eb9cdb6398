"""What happens outside Slack, for tests: the guests' e-mails and texts, their browser, and their money.

    guests = Guests(ws)
    invitation = guests.mail("joey@example.com", subject="Session with")
    page = guests.browse(invitation.link("/join/"))
    guests.pay(page.press("Pay Now").press("Pay 40.00 USD").url)
    guests.text("+15145550123").code

Everything goes over HTTP. Faults are those of the workspace, such as
``ws.faults([{"match": {"method": "mail.send"}, "do": {"status": 451}}])``. Methods are mail.send, text.send,
stripe.checkout.create, stripe.checkout.retrieve, stripe.checkout.expire, stripe.refunds.create and
stripe.payment_intents.create; deliveries are the types of events, such as checkout.session.completed, or
stripe for them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.client import TIMEOUT, Json, NotThere, Workspace
from sandbox.guests_browser import Page, browse

CODE = re.compile(r"\b\d{3}-\d{3}-\d{3}\b")
LINK = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;]")
Found = TypeVar("Found")


class Letter:
    """An e-mail or a text that arrived."""

    def __init__(self, facts: Json) -> None:
        self.facts = facts
        self.n: int = facts["n"]  # its number; what arrives later has a higher one
        self.to: str = facts["to"]
        self.text: str = facts["text"]
        self.at: float = facts["at"]  # by the workspace's clock, in seconds since 1970

    @property
    def links(self) -> list[str]:
        """Every address in it, in order."""
        return LINK.findall(self.text)

    def link(self, part: str) -> str:
        """The first address that contains *part*. Raises NotThere."""
        for link in self.links:
            if part in link:
                return link
        raise NotThere(f"There is no link with {part!r} in it.", self.links)

    @property
    def code(self) -> str:
        """The access code in it, as it is written: 123-456-789. Raises NotThere."""
        found = CODE.search(self.text)
        if found is None:
            raise NotThere("There is no access code in it.", [self.text])
        return found[0]


class Mail(Letter):
    """An e-mail: *text* is its plain part."""

    def __init__(self, facts: Json) -> None:
        super().__init__(facts)
        self.subject: str = facts["subject"]
        self.sender: str = facts["sender"]
        self.html: str = facts["html"]
        self.calendar: str = facts["calendar"]  # the .ics that came with it, or ""
        self.method: str = facts["method"]  # REQUEST or CANCEL, or ""
        self.message_id: str = facts["message_id"]
        self.headers: dict[str, str] = facts["headers"]


class Guests:
    """The world of the guests of one workspace."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws

    def mails(self, to: str = "") -> list[Mail]:
        """The e-mails that arrived (for *to*), oldest first."""
        return [Mail(one) for one in self._post()["mails"] if to in ("", one["to"])]

    def texts(self, to: str = "") -> list[Letter]:
        """The text messages that arrived (for *to*), oldest first."""
        return [Letter(one) for one in self._post()["texts"] if to in ("", one["to"])]

    def mail(self, to: str, *, subject: str = "", text: str = "", after: int = 0) -> Mail:
        """The newest e-mail to *to* that says this, waited for; only those with a number above *after*."""

        def look() -> Mail | None:
            fit = [m for m in self.mails(to) if subject in m.subject and text in m.text and m.n > after]
            return fit[-1] if fit else None

        return self._wait(look, f"an e-mail to {to}", lambda: [f"{m.to}: {m.subject}" for m in self.mails()])

    def text(self, to: str, *, text: str = "", after: int = 0) -> Letter:
        """The newest text message to *to* that says this, waited for."""

        def look() -> Letter | None:
            fit = [one for one in self.texts(to) if text in one.text and one.n > after]
            return fit[-1] if fit else None

        return self._wait(look, f"a text to {to}", lambda: [f"{one.to}: {one.text}" for one in self.texts()])

    def reply(self, number: str, text: str) -> Json:
        """Answer from this number: STOP, START or anything; tells how the bot took it."""
        return self._do("/control/texts/reply", number=number, text=text)

    def browse(self, url: str) -> Page:
        """Open an address as a guest does, in a browser of their own without JavaScript."""
        return browse(url)

    def pay(self, url: str, *, how: str = "card") -> Page:
        """Pay on the Checkout page at *url*, and come back to where it leads.

        *how*: card is paid at once, later is on its way until ``settle``.
        """
        page = browse(url)
        (pay,) = [label for label in page.buttons if label.startswith("Pay ")]
        return page.press(pay, how=how)

    def cancel(self, url: str) -> Page:
        """Go back from the Checkout page without paying."""
        return browse(url).press("Cancel")

    def settle(self, checkout: str, *, good: bool = True) -> Json:
        """Let money that was on its way arrive, or fail."""
        return self._do("/control/stripe/settle", checkout=checkout, good=good)

    def take(self, checkout: str, *, amount: int, currency: str = "") -> Json:
        """Pay another amount than was asked for, which Stripe itself would never let happen."""
        return self._do("/control/stripe/pay", checkout=checkout, amount=amount, currency=currency)

    def cards(self, how: str) -> Json:
        """From now on cards that Stripe keeps do this when they are charged.

        *how*: work, declined, authentication (their owner has to say yes in person), or away (Stripe is).
        """
        return self._do("/control/stripe/cards", how=how)

    def intents(self) -> list[Json]:
        """Every payment, by a Checkout or by a kept card, oldest first."""
        return self._list("intents")

    def dispute(self, intent: str) -> Json:
        """The payer asks their bank for the money back; ``close_dispute`` ends it."""
        return self._do("/control/stripe/dispute", intent=intent)

    def close_dispute(self, intent: str, *, won: bool) -> Json:
        """The bank decides."""
        return self._do("/control/stripe/dispute", intent=intent, won=won)

    def give_back(self, intent: str, amount: int | None = None) -> Json:
        """Refund in Stripe's own dashboard, behind the bot's back."""
        return self._do("/control/stripe/refund", intent=intent, amount=amount)

    def checkouts(self) -> list[Json]:
        """Every Checkout session, as Stripe's API shows it, oldest first."""
        return self._list("checkouts")

    def refunds(self) -> list[Json]:
        """Every refund, oldest first."""
        return self._list("refunds")

    def events(self, kind: str = "") -> list[Json]:
        """Every event (of this type), oldest first; whether it was delivered is in the journal."""
        return [one for one in self._list("events") if kind in ("", one["type"])]

    def send(self, event: str, *, times: int = 1, tamper: str = "") -> list[Json]:
        """Deliver an event (again); each outcome has ``how`` and ``http``.

        *tamper*: forged (signed with another secret), old (ten minutes old), body (a byte changed), unsigned.
        """
        told: list[Json] = self._do("/control/stripe/send", event=event, times=times, tamper=tamper)[
            "outcomes"
        ]
        return told

    def webhook(self, url: str | None) -> None:
        """Where Stripe tells its events; None for nowhere, and then only asking finds them."""
        self.ws.settings(stripe_webhook=url)

    def _post(self) -> Json:
        return dict(self.ws.get("/control/guests"))

    def _list(self, what: str) -> list[Json]:
        return list(self.ws.get("/control/stripe")[what])

    def _do(self, path: str, **body: Any) -> Json:
        return dict(self.ws.post(path, body))

    def _wait(self, look: Callable[[], Found | None], what: str, there: Callable[[], list[str]]) -> Found:
        try:
            return self.ws.wait_until(look, TIMEOUT)
        except TimeoutError:
            raise NotThere(f"There is no such thing as {what}.", there()) from None
