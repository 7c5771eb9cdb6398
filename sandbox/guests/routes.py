"""Where the world outside is reached: what apps call, what guests open, and what tests ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.answers import CannotDo, Json
from sandbox.guests import (
    gateway,
    pages,
    stripe_api,
    stripe_checkout,
    stripe_events,
    stripe_intents,
    stripe_refunds,
)

if TYPE_CHECKING:
    from sandbox.hub import Hub


async def seen(hub: Hub, request: Request, body: Json) -> object:
    """E-mails and texts that arrived, oldest first, and the numbers that answered STOP."""
    return hub.world.post.as_json()


async def reply(hub: Hub, request: Request, body: Json) -> object:
    """Answer from a ``number`` with a ``text``."""
    return await gateway.reply(hub, str(body["number"]), str(body["text"]))


async def stripe(hub: Hub, request: Request, body: Json) -> object:
    """All that the stand-in for Stripe knows."""
    return hub.world.stripe.as_json()


async def send(hub: Hub, request: Request, body: Json) -> object:
    """Deliver an ``event`` again, so many ``times``, perhaps with a ``tamper``."""
    times = int(body.get("times", 1))
    return {
        "outcomes": await stripe_events.again(hub, str(body["event"]), times, str(body.get("tamper", "")))
    }


async def pay(hub: Hub, request: Request, body: Json) -> object:
    """Pay a ``checkout``, with another ``amount`` or ``currency`` if they are given, or ``later``."""
    return stripe_checkout.complete(
        hub, _known(hub, body), later=bool(body.get("later")), amount=body.get("amount"),
        currency=str(body.get("currency", "")),
    )  # fmt: skip


async def settle(hub: Hub, request: Request, body: Json) -> object:
    """Let money of a ``checkout`` that is on its way arrive, or fail unless ``good``."""
    return stripe_checkout.settle(hub, _known(hub, body), good=bool(body.get("good", True)))


async def refund(hub: Hub, request: Request, body: Json) -> object:
    """Give back an ``amount`` of what was paid by an ``intent``, in Stripe's own dashboard."""
    charge = hub.world.stripe.charge_of(str(body["intent"]))
    if charge is None:
        raise CannotDo(f"Nothing was paid by {body['intent']!r}.", there=list(hub.world.stripe.intents))
    left = charge["amount"] - charge["amount_refunded"]
    amount = int(body.get("amount") or left)
    if not 0 < amount <= left:
        raise CannotDo(f"At most {left} can be given back.")
    return stripe_refunds.give_back(hub, charge, amount, {})


async def cards(hub: Hub, request: Request, body: Json) -> object:
    """From now on kept cards do this: work, declined, authentication, or away."""
    return stripe_intents.answer(hub, str(body["how"]))


async def dispute(hub: Hub, request: Request, body: Json) -> object:
    """Let the payer of an ``intent`` dispute it; with ``won`` the bank decides."""
    return stripe_refunds.dispute(hub, str(body["intent"]), body.get("won"))


CONTROL: tuple[tuple[str, Callable[[Hub, Request, Json], Awaitable[object]], str], ...] = (
    ("/control/guests", seen, "GET"),
    ("/control/texts/reply", reply, "POST"),
    ("/control/stripe", stripe, "GET"),
    ("/control/stripe/send", send, "POST"),
    ("/control/stripe/pay", pay, "POST"),
    ("/control/stripe/settle", settle, "POST"),
    ("/control/stripe/refund", refund, "POST"),
    ("/control/stripe/cards", cards, "POST"),
    ("/control/stripe/dispute", dispute, "POST"),
)


def routes(hub: Hub) -> list[Route]:
    """What apps call and guests open."""

    async def texts(request: Request) -> Response:
        return await gateway.take(hub, request)

    async def api(request: Request) -> Response:
        return await stripe_api.serve(hub, request)

    async def checkout(request: Request) -> Response:
        return await pages.checkout(hub, request)

    async def answer(request: Request) -> Response:
        return await pages.reply(hub, request)

    async def kept_cards(request: Request) -> Response:
        return await pages.cards(hub, request)

    async def guests(request: Request) -> Response:
        return pages.guests(hub, request)

    async def mail(request: Request) -> Response:
        return pages.mail_as_html(hub, request)

    async def calendar(request: Request) -> Response:
        return pages.mail_calendar(hub, request)

    return [
        Route("/texts", texts, methods=["POST"]),
        Route("/stripe/v1/{path:path}", api, methods=["GET", "POST", "DELETE"]),
        Route("/stripe/checkout/{id}", checkout, methods=["GET", "POST"]),
        Route("/guests/", guests),
        Route("/guests/reply", answer, methods=["POST"]),
        Route("/guests/cards", kept_cards, methods=["POST"]),
        Route("/guests/mails/{n:int}", mail),
        Route("/guests/mails/{n:int}/invite.ics", calendar),
    ]


def _known(hub: Hub, body: Json) -> str:
    number = str(body["checkout"])
    if number not in hub.world.stripe.checkouts:
        raise CannotDo(f"There is no Checkout session {number!r}.", there=list(hub.world.stripe.checkouts))
    return number
