"""[Statistics] of a program and of a session, and [Send to me]."""

from typing import Any

from slack_bolt import App

from blocks import statistics as blocks
from blocks.ids import Ids
from blocks.words import _
from handlers import access, guard
from handlers.context import number, pressed_at, value_of
from services import statistics
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the buttons of statistics."""
    on = guard.presses(app, deps)
    on(Ids.STATISTICS_PROGRAM, of_program)
    on(Ids.STATISTICS_SESSION, of_session)
    on(Ids.STATISTICS_SEND, send)


def of_program(deps: Deps, client: Any, body: Body) -> None:
    """Show the numbers of a program."""
    program_id = number(value_of(body))
    user_id = access.organizer_of(deps, body, program_id)
    report = statistics.of_program(deps.db, deps.team_id, program_id, reader=user_id)
    present(client, body, blocks.view(report))


def of_session(deps: Deps, client: Any, body: Body) -> None:
    """Show the numbers of a session."""
    occurrence_id = number(value_of(body))
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    report = statistics.of_session(deps.db, deps.team_id, occurrence_id, reader=user_id)
    present(client, body, blocks.view(report))


def send(deps: Deps, client: Any, body: Body) -> None:
    """Send the numbers, with a chart, to whoever pressed."""
    program, _dot, occurrence = value_of(body).partition(".")
    program_id, occurrence_id = number(program), number(occurrence)
    user_id = access.organizer_of(deps, body, program_id)
    if occurrence_id:
        access.organizer_of_session(deps, body, occurrence_id)
        report = statistics.of_session(deps.db, deps.team_id, occurrence_id, reader=user_id)
    else:
        report = statistics.of_program(deps.db, deps.team_id, program_id, reader=user_id)
    key = f"{user_id}-{program_id}-{occurrence_id}-{pressed_at(body)}"
    statistics.send(deps.db, deps.team_id, program_id, occurrence_id=occurrence_id, actor=user_id, key=key)
    deps.hint()
    present(client, body, blocks.view(report, note=_("Sent to your direct messages.")), in_place=True)


def present(client: Any, body: Body, view: dict[str, Any], *, in_place: bool = False) -> str:
    """Open a modal: on top of the one that was used, or in its place; its id."""
    used = body.get("view") or {}
    if used.get("type") != "modal":
        shown = client.views_open(trigger_id=body["trigger_id"], view=view)
    elif in_place:
        shown = client.views_update(view_id=used["id"], view=view)
    else:
        shown = client.views_push(trigger_id=body["trigger_id"], view=view)
    return str(shown["view"]["id"])
