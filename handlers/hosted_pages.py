"""How buttons and modals of hosted sessions are answered: with the area in App Home, or another modal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.hosted_board import HostedLook, hosted_look_of
from domain.planning import Look
from handlers import home
from handlers.modals import Json, again, at_home, closed, open_modal, submissions, told
from services.ports import Deps

Body = dict[str, Any]

__all__ = ["Json", "again", "at_home", "closed", "open_modal", "show", "submissions", "told", "unchanged"]


def unchanged(look: HostedLook) -> HostedLook:
    """As it was."""
    return look


def show(
    deps: Deps,
    client: Any,
    body: Body,
    change: Callable[[HostedLook], HostedLook] = unchanged,
    *,
    said: str = "",
) -> None:
    """Draw the area as the actor looks at it after *change*, with something *said* on top."""

    def changed(look: Look) -> Look:
        return replace(look, board=change(hosted_look_of(look.board)).as_dict())

    # the hash of a modal is not that of the Home behind it
    found = body if at_home(body) else {name: one for name, one in body.items() if name != "view"}
    home.show(deps, client, found, change=changed, note=lambda seen: said)
