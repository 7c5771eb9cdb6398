"""[Dry run] of a session's card, and its pages: opened at once, filled in by a job."""

from typing import Any

from slack_bolt import App

from blocks import dry_run as blocks
from blocks.ids import Ids
from handlers import access, guard
from handlers.context import number, pressed_at, value_of
from handlers.statistics import present
from services import access as rights
from services import dry_runs
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to its pages."""
    on = guard.presses(app, deps)
    on(Ids.DRY_RUN_PREVIOUS, turn)
    on(Ids.DRY_RUN_NEXT, turn)


def show(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open the modal, and owe it the groups."""
    _present(deps, client, body, occurrence_id, user_id)


def turn(deps: Deps, client: Any, body: Body) -> None:
    """Owe another page to the modal that is open."""
    session, _, page = value_of(body).partition(".")
    occurrence_id = number(session)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    _present(deps, client, body, occurrence_id, user_id, page=number(page), in_place=True)


def _present(
    deps: Deps,
    client: Any,
    body: Body,
    occurrence_id: int,
    user_id: str,
    *,
    page: int = 0,
    in_place: bool = False,
) -> None:
    asked = dry_runs.start(deps.db, deps.team_id, occurrence_id, page=page)
    modal = present(client, body, blocks.view(asked), in_place=in_place)
    admin = rights.rights(deps, user_id).admin
    key = f"{modal}-{page}-{pressed_at(body)}"
    dry_runs.ask(deps.db, deps.team_id, asked, modal=modal, actor=user_id, admin=admin, key=key)
    deps.hint()
