"""The planning in a modal and in App Home: open it, turn its pages, send its picture."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import planning as blocks
from blocks.ids import Ids
from blocks.schedule import zone_options
from blocks.words import _
from domain.planning import CALENDAR, LIST, Look, look_of
from domain.schedule import find_zones
from handlers import access, guard, home, schedule
from handlers.context import metadata_of, number, submission_key
from services import pictures, planning
from services.access import Rights
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the buttons and selects of the planning."""
    on = guard.presses(app, deps)
    on(Ids.PLANNING_OPEN, open_calendar)
    for action_id in TURNS:
        on(action_id, turn)

    on(Ids.PLANNING_PICTURE, send_picture)

    @app.options(Ids.PLANNING_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=zone_options(find_zones(str(body.get("value") or ""))))


def open_calendar(deps: Deps, client: Any, body: Body, *, program_id: int = 0) -> Json:
    """Open the planning as a calendar, of one program if it is named; the answer to a command."""
    return _open(deps, client, body, Look(view=CALENDAR, program=program_id))


def open_list(deps: Deps, client: Any, body: Body, *, program_id: int = 0) -> Json:
    """Open the planning as a list, of one program if it is named; the answer to a command."""
    return _open(deps, client, body, Look(view=LIST, program=program_id))


def _open(deps: Deps, client: Any, body: Body, look: Look) -> Json:
    view = _drawn(deps, access.organizer(deps, body), look)
    used = body.get("view") or {}
    if used.get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)
    return {}


def _drawn(deps: Deps, rights: Rights, look: Look, note: str = "") -> Json:
    found = planning.read(deps.db, deps.team_id, rights, look, now=deps.clock())
    return blocks.modal(found, note)


# --- Turning -------------------------------------------------------------------------------------------


def _paged(look: Look, value: str) -> Look:
    return replace(look, month=value) if look.view == CALENDAR else replace(look, page=number(value))


TURNS: dict[str, Callable[[Look, str], Look]] = {
    Ids.PLANNING_PREVIOUS: _paged,
    Ids.PLANNING_NEXT: _paged,
    Ids.PLANNING_TODAY: lambda look, value: replace(look, month=""),
    Ids.PLANNING_SWITCH: lambda look, value: replace(look, view=value, page=0),
    Ids.PLANNING_ORDER: lambda look, value: replace(look, order=value, page=0),
    Ids.PLANNING_ZONE: lambda look, value: replace(look, zone=value),
    Ids.PLANNING_PROGRAM: lambda look, value: replace(look, program=number(value), page=0),
}


def turned(look: Look, body: Body) -> Look:
    """The look after what was pressed or chosen. It names where to go, so that twice is once."""
    action = body["actions"][0]
    change = TURNS.get(action["action_id"])
    return look_of(change(look, blocks.chosen(action)).as_dict()) if change else look


def turn(deps: Deps, client: Any, body: Body) -> None:
    """Draw the planning anew after a press or a choice."""
    rights = access.organizer(deps, body)
    view = body["view"]
    if view["type"] == "home":
        home.show(deps, client, body, change=lambda look: turned(look, body))
        return
    look = turned(look_of(metadata_of(view)), body)
    schedule.update(client, view, _drawn(deps, rights, look))


def send_picture(deps: Deps, client: Any, body: Body) -> None:
    """Owe the picture of what is shown, and say so; the job draws it."""
    rights = access.organizer(deps, body)
    view = body["view"]

    def owe(look: Look) -> str:
        pictures.ask(deps.db, deps.team_id, rights, look, key=submission_key(view))
        deps.hint()
        return _("The picture is on its way to your direct messages with me.")

    if view["type"] == "home":
        home.show(deps, client, body, note=lambda seen: owe(seen.look))
        return
    look = look_of(metadata_of(view))
    schedule.update(client, view, _drawn(deps, rights, look, owe(look)))
