"""The area [Classes] of App Home: tabs and pages, and the word of the command."""

from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks.classes_ids import ClassesIds as Ids
from domain.classes_board import TABS, ClassesLook
from domain.errors import Refusal
from handlers import classes_access, classes_pages, guard, home
from handlers.context import actor_of, number, value_of
from services import classes_board
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


class NoClasses(Refusal):
    """There are no classes yet."""


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.AREA, open_area)
    on(Ids.BACK, back)
    on(guard.each_of(Ids.TAB), open_tab)
    on(Ids.PREVIOUS, turn)
    on(Ids.NEXT, turn)


def typed(deps: Deps, client: Any, body: Body, rest: str) -> Json:
    """``/sessions classes``: show the area in the Home tab, and say so with a link to it."""
    open_area(deps, client, body)
    return {"text": classes_pages.opened(body)}


def open_area(deps: Deps, client: Any, body: Body) -> None:
    """[Classes]: staff's sessions, or what members may buy. Raises NoClasses."""
    may = rights(deps, actor_of(body).user_id)
    if not classes_board.may_open(deps.db, deps.team_id, may):
        raise NoClasses
    classes_pages.show(deps, client, body, lambda look: ClassesLook())


def back(deps: Deps, client: Any, body: Body) -> None:
    """Back to the normal Home."""
    home.show(deps, client, body, change=lambda look: replace(look, board={}))


def open_tab(deps: Deps, client: Any, body: Body) -> None:
    """A tab, its list from the first page; those of staff are for staff. Raises StaffOnly."""
    tab = value_of(body)
    if tab in TABS:
        classes_access.staff_of(deps, body)
    classes_pages.show(deps, client, body, lambda look: ClassesLook(tab=tab))


def turn(deps: Deps, client: Any, body: Body) -> None:
    """[Previous], [Next]."""
    page = number(value_of(body))
    classes_pages.show(deps, client, body, lambda look: replace(look, page=page))
