"""[Delivery] of a session, its pages, and [Send again]."""

from typing import Any

from slack_bolt import App

from blocks import ledger as blocks
from blocks.ids import Ids
from handlers import access, guard
from handlers.context import metadata_of, number, value_of
from handlers.statistics import present
from services import ledger
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the ledger."""
    on = guard.presses(app, deps)
    on(Ids.LEDGER_OPEN, show)
    on(Ids.LEDGER_PREVIOUS, show)
    on(Ids.LEDGER_NEXT, show)
    on(Ids.LEDGER_AGAIN, send_again)
    on(Ids.LEDGER_ALL_AGAIN, send_again)


def show(deps: Deps, client: Any, body: Body) -> None:
    """Show a page of the ledger, in place of the page that was turned."""
    session, _, page = value_of(body).partition(".")
    occurrence_id = number(session)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    found = ledger.ledger(deps.db, deps.team_id, occurrence_id, page=number(page), reader=user_id)
    here = (body.get("view") or {}).get("callback_id") == Ids.LEDGER_VIEW
    present(client, body, blocks.view(found), in_place=here)


def send_again(deps: Deps, client: Any, body: Body) -> None:
    """Owe one failed message anew, or all of them, and show the page as it stands then."""
    session, _, message = value_of(body).partition(".")
    occurrence_id = number(session)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    came = ledger.send_again(
        deps.db, deps.team_id, occurrence_id, outbox_id=number(message), actor=user_id, now=deps.clock()
    )
    deps.hint()
    page = number(str(metadata_of(body.get("view") or {}).get("page") or ""))
    found = ledger.ledger(deps.db, deps.team_id, occurrence_id, page=page, reader=user_id)
    present(client, body, blocks.view(found, note=blocks.done(came.owed, came.not_possible)), in_place=True)
