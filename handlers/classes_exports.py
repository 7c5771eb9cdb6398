"""[Export] of class staff: sessions, registrations, memberships and waitlists as files."""

from typing import Any

from slack_bolt import App

from blocks import exports as blocks
from blocks.classes_ids import ClassesIds as Ids
from blocks.words import _
from domain.exports import OF_CLASSES
from handlers import guard
from handlers.context import actor_of
from services import classes, classes_exports
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    guard.presses(app, deps)(Ids.EXPORT, open_export)

    @app.view(Ids.EXPORT_SAVE)
    def chosen(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: export(deps, found), at="what")(ack=ack, body=body)


def open_export(deps: Deps, client: Any, body: Body) -> None:
    """Ask which file."""
    _staff(deps, body)
    hint = _("It comes as a direct message, to you alone.")
    client.views_open(trigger_id=body["trigger_id"], view=blocks.form(OF_CLASSES, hint, Ids.EXPORT_SAVE))


def export(deps: Deps, body: Body) -> dict[str, Any]:
    """Owe the file."""
    user, admin = _staff(deps, body)
    what, form = blocks.read_form(body["view"]["state"]["values"], OF_CLASSES)
    classes_exports.ask(
        deps.db, deps.team_id, user, what, form, admin=admin, key=str(body["view"]["id"]), now=deps.clock()
    )
    deps.hint()
    return {"response_action": "update", "view": guard.notice(blocks.under_way(what))}


def _staff(deps: Deps, body: Body) -> tuple[str, bool]:
    user = actor_of(body).user_id
    admin = rights(deps, user).admin
    classes.only_staff(deps.db, deps.team_id, user, admin=admin)
    return user, admin
