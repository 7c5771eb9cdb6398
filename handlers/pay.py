"""The pay page, and what Stripe tells us."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from blocks import pay_page
from domain.billing import NoSuchLink, NotPayable
from domain.pay_page import Page, PayView
from handlers.browsers import in_their_language, origin, respond, see
from services import payments
from services.outside import ForgedEvent, NoPayments, PriceRefused
from services.ports import Deps

log = structlog.get_logger()

BIGGEST_EVENT = 512 * 1024  # bytes; Stripe's are smaller
AGAIN = 15  # seconds after which a page that waits for money looks again
JSON = "application/json"


def routes(found: Blueprint, deps: Callable[[], Deps | None]) -> None:
    """Add the routes."""

    def door(rule: str, act: Callable[..., AnyResponse], method: str) -> None:
        def opened(**given: str) -> AnyResponse:
            ready = deps()
            assert ready is not None  # noqa: S101 - for the type checker: pages look before
            return act(ready, **given)

        found.add_url_rule(rule, f"{act.__name__}_{method.lower()}", opened, methods=[method])

    door("/pay/<token>", page, "GET")
    door("/pay/<token>", pay, "POST")
    door("/stripe/webhook", hook, "POST")


def page(deps: Deps, token: str) -> AnyResponse:
    """What is to be paid, or how it stands. Looking makes no Checkout."""
    returned = "paid" in request.args
    try:
        unsure = payments.glance(deps, token, now=deps.clock(), returned=returned)
        told = _view(deps, token)
    except NoSuchLink:
        return _nobody()
    if unsure and told.page is Page.DUE:  # who has just paid is not asked to pay again
        told = replace(told, page=Page.PROCESSING)
    with in_their_language(told.locale):
        html = pay_page.pay(told, _here(token))
        refresh = AGAIN if told.page is Page.PROCESSING else 0
        return respond(html, form_to=[deps.reach.checkout], refresh=refresh)


def pay(deps: Deps, token: str) -> AnyResponse:
    """[Pay]: on to the Checkout that is open, or to a new one."""
    try:
        url = payments.open_checkout(deps, token, now=deps.clock())
    except NoSuchLink:
        return _nobody()
    except NotPayable:
        return see(_here(token))
    except NoPayments:
        return _instead(deps, token, pay_page.away, 503)
    except PriceRefused as why:
        log.warning("price_refused", team=deps.team_id, why=why.sentence)
        return _instead(deps, token, pay_page.refused, 409)
    finally:
        deps.hint()
    # browsers hold a form, and where it is redirected to, to the policy of its page
    if origin(url) == origin(deps.reach.checkout):
        return see(url)
    told = _view(deps, token)
    with in_their_language(told.locale):
        return respond(pay_page.leads_on(told, url), to=url)


def hook(deps: Deps) -> AnyResponse:
    """An event of Stripe: answered once it is kept. What is no event of Stripe is told so, and noted."""
    if deps.payments is None:
        raise NotFound
    request.max_content_length = BIGGEST_EVENT
    if request.mimetype != JSON:
        return _plain("not JSON", 415)
    body = request.get_data(cache=False)
    try:
        event = deps.payments.event(body, request.headers.get("Stripe-Signature", ""))
    except ForgedEvent as forged:
        payments.refused(deps.db, deps.team_id, type(forged).__name__, now=deps.clock())
        return _plain("refused", 400)
    if event is not None and payments.take(deps.db, deps.team_id, event, now=deps.clock()):
        deps.hint()
    return _plain("ok", 200)


def _view(deps: Deps, token: str) -> PayView:
    return payments.pay_view(deps.db, deps.team_id, deps.reach, token, now=deps.clock())


def _instead(deps: Deps, token: str, draw: Callable[[PayView, str], str], status: int) -> Response:
    told = _view(deps, token)
    with in_their_language(told.locale):
        answer = respond(draw(told, _here(token)), status, form_to=[deps.reach.checkout])
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _nobody() -> Response:
    with in_their_language():
        return respond(pay_page.no_such_link(), 404)


def _here(token: str) -> str:
    return f"/pay/{quote(token, safe='')}"


def _plain(text: str, status: int) -> Response:
    return Response(text + "\n", status=status, mimetype="text/plain")
