"""The area [1:1 Sessions] of App Home: which sessions are looked at, and the buttons under them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import hosted_modals as modals
from blocks import kit
from blocks.hosted_ids import HostedIds as Ids
from domain.errors import Refusal
from domain.hosted import TooLate
from domain.hosted_board import HostedLook
from domain.text import say
from handlers import guard, home, hosted_board_people, hosted_board_sessions
from handlers import hosted_pages as pages
from handlers.context import actor_of, number, value_of
from handlers.hosted_access import host_of
from services import hosted_dashboard, hosted_sessions
from services.access import rights
from services.ports import Deps

Body = dict[str, Any]


class AdministratorsOnly(Refusal):
    """Only administrators see the sessions of all hosts."""


def register(app: App, deps: Deps) -> None:
    """Listen to them."""
    on = guard.presses(app, deps)
    on(Ids.AREA, open_area)
    on(Ids.BACK, back)
    for action_id, turn in TURNS.items():
        on(action_id, _turning(turn))
    on(Ids.EVERYBODY, look_at_everybody)
    on(Ids.OPEN_SESSION, open_session)
    on(Ids.UNDO, undo)
    hosted_board_sessions.register(app, deps)
    hosted_board_people.register(app, deps)


# --- How it is looked at -------------------------------------------------------------------------------

Turn = Callable[[HostedLook, str], HostedLook]
TURNS: dict[str, Turn] = {
    Ids.PREVIOUS: lambda look, value: replace(look, page=number(value)),
    Ids.NEXT: lambda look, value: replace(look, page=number(value)),
    Ids.PAST: lambda look, value: replace(look, past=True, page=0),
    Ids.UPCOMING: lambda look, value: replace(look, past=False, page=0),
}


def open_area(deps: Deps, client: Any, body: Body) -> None:
    """[1:1 Sessions]: what is ahead."""
    pages.show(deps, client, body, lambda look: HostedLook())


def back(deps: Deps, client: Any, body: Body) -> None:
    """Back to the normal Home."""
    home.show(deps, client, body, change=lambda look: replace(look, board={}))


def _turning(turn: Turn) -> Callable[[Deps, Any, Body], None]:
    """A press that changes only how the area is looked at."""

    def turned(deps: Deps, client: Any, body: Body) -> None:
        pages.show(deps, client, body, lambda look: turn(look, value_of(body)))

    return turned


def look_at_everybody(deps: Deps, client: Any, body: Body) -> None:
    """[Sessions of All Hosts], and back to [My Sessions]: for administrators."""
    if not rights(deps, actor_of(body).user_id).admin:
        raise AdministratorsOnly
    everybody = value_of(body) == "1"
    pages.show(deps, client, body, lambda look: replace(look, everybody=everybody, page=0))


# --- Under a session -----------------------------------------------------------------------------------


def open_session(deps: Deps, client: Any, body: Body) -> None:
    """[Open Session]: all of its participants."""
    session_id = number(value_of(body))
    actor = host_of(deps, body, session_id)
    found = hosted_dashboard.opened(deps.db, deps.team_id, session_id, actor, now=deps.clock())
    pages.open_modal(client, body, modals.session(found))


def undo(deps: Deps, client: Any, body: Body) -> None:
    """[Undo]: take a cancellation back, for 10 minutes."""
    session_id = number(value_of(body))
    actor = host_of(deps, body, session_id)
    try:
        done = hosted_sessions.undo(deps.db, deps.team_id, session_id, by=actor, now=deps.clock())
    except TooLate:
        raise TooLate(say("A cancellation can be undone for 10 minutes.")) from None
    deps.hint()
    pages.show(deps, client, body, said=kit.escape(done.said))
