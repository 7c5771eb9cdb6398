"""[Delivery] of hosted sessions, and its pages."""

from typing import Any

from slack_bolt import App

from blocks import hosted_ledger as blocks
from blocks.hosted_ids import HostedIds as Ids
from domain.errors import Refusal
from handlers import guard
from handlers.context import actor_of, number, value_of
from handlers.statistics import present
from services import hosted_ledger
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]


class AllHostsAreForAdministrators(Refusal):
    """Only administrators see what the sessions of all hosts sent."""


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.DELIVERY, show)
    on(Ids.DELIVERY_PREVIOUS, show)
    on(Ids.DELIVERY_NEXT, show)


def show(deps: Deps, client: Any, body: Body) -> None:
    """Show a page of it, in place of the page that was turned. Hosts see their own sessions."""
    who, _, page = value_of(body).partition(".")
    actor = actor_of(body).user_id
    everybody = who == "all"
    if everybody and not rights(deps, actor).admin:
        raise AllHostsAreForAdministrators
    found = hosted_ledger.ledger(
        deps.db, deps.team_id, actor, everybody=everybody, page=number(page), now=deps.clock()
    )
    here = (body.get("view") or {}).get("callback_id") == Ids.DELIVERY_VIEW
    present(client, body, blocks.view(found), in_place=here)
