"""The area [Classes], drawn where it stands: in the actor's Home."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from blocks.words import _
from domain.classes_board import ClassesLook, classes_look_of
from domain.planning import Look
from handlers import home
from handlers.context import actor_of
from handlers.modals import at_home
from services.ports import Deps

Body = dict[str, Any]


def unchanged(look: ClassesLook) -> ClassesLook:
    """As it was."""
    return look


def opened(body: Body) -> str:
    """That the area is open in the Home tab, with a link to it where Slack says how the app is called."""
    told, app_id = _("Classes are open in the Home tab."), str(body.get("api_app_id") or "")
    if not app_id:
        return told
    return f"{told} <slack://app?team={actor_of(body).team_id}&id={app_id}&tab=home|{_('Open it')}>"


def show(
    deps: Deps,
    client: Any,
    body: Body,
    change: Callable[[ClassesLook], ClassesLook] = unchanged,
    *,
    said: str = "",
) -> None:
    """Draw the area as the actor looks at it after *change*, with something *said* on top for a while."""

    def changed(look: Look) -> Look:
        found = replace(change(classes_look_of(look.board)), said=said, said_at=deps.clock().timestamp())
        return replace(look, board=found.stored())

    # the hash of a modal is not that of the Home behind it
    found = body if at_home(body) else {name: one for name, one in body.items() if name != "view"}
    home.show(deps, client, found, change=changed)
