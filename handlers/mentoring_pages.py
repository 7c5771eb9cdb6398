"""The Matching page, drawn where it stands: in the actor's Home."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.mentoring_board import BoardLook, board_look_of
from domain.planning import Look
from handlers import home
from services.ports import Deps

Body = dict[str, Any]


def unchanged(look: BoardLook) -> BoardLook:
    """As it was."""
    return look


def show(
    deps: Deps,
    client: Any,
    body: Body,
    change: Callable[[BoardLook], BoardLook] = unchanged,
    *,
    said: str = "",
) -> None:
    """Draw the Matching page as the actor looks at it after *change*, with something *said* on top."""

    def changed(look: Look) -> Look:
        return replace(look, board=board_look_of(change(board_look_of(look.board)).as_dict()).as_dict())

    # the hash of a modal is not that of the Home behind it
    at_home = (body.get("view") or {}).get("type") == "home"
    found = body if at_home else {name: value for name, value in body.items() if name != "view"}
    home.show(deps, client, found, change=changed, note=lambda seen: said)
