"""The area [Classes], drawn where it stands: in the actor's Home."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.classes_board import ClassesLook, classes_look_of
from domain.planning import Look
from handlers import home
from handlers.modals import at_home
from services.ports import Deps

Body = dict[str, Any]


def unchanged(look: ClassesLook) -> ClassesLook:
    """As it was."""
    return look


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
