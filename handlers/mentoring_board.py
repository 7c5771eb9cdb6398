"""/sessions mentoring and the Matching page: which program, which tab, which page, whom."""

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from slack_bolt import App

from blocks import kit
from blocks import mentoring_modals as modals
from blocks.mentoring_funnel import NONE
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _
from domain.mentoring_board import LONGEST_SEARCH, MOST_SELECTED, BoardLook, Choice, board_look_of
from domain.text import on_one_line
from handlers import guard, home, mentoring_access, mentoring_staged, mentoring_steps
from handlers.context import actor_of, metadata_of, number, value_of
from handlers.mentoring_pages import show
from services import access, mentoring_board
from services.home import look_at_home
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.AREA, open_area)
    on(Ids.BACK, back)
    for action_id, turn in TURNS.items():
        on(action_id, _turning(turn))
    on(Ids.SELECT, select)
    on(Ids.FILTER, narrow)
    on(Ids.SEARCH, open_search)

    @app.view(Ids.SEARCH_SAVE)
    def searched(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: search(deps, client, found), at="name")(ack=ack, body=body)

    mentoring_steps.register(app, deps)
    mentoring_staged.register(app, deps)


# --- Which program -------------------------------------------------------------------------------------


def typed(deps: Deps, client: Any, body: Body, rest: str) -> Json:
    """``/sessions mentoring [program]``: show it in the Home tab, and say so with a link to it."""
    choices = _choices(deps, body)
    if not rest:
        _open(deps, client, body, choices)
        return {"text": _opened(body)}
    found = next((one for one in choices if one.name.casefold() == rest.casefold()), None)
    if found is None:
        return {"text": _unknown(deps, body, choices, rest)}
    show(deps, client, body, lambda look: look.at(found.id))
    return {"text": _opened(body)}


def _choices(deps: Deps, body: Body) -> tuple[Choice, ...]:
    return mentoring_board.choices(deps.db, deps.team_id, access.rights(deps, actor_of(body).user_id))


def _open(deps: Deps, client: Any, body: Body, choices: tuple[Choice, ...]) -> None:
    """Show the only program, or the list; to whoever organizes none, their own Home."""
    if not access.rights(deps, actor_of(body).user_id).organizes:
        home.show(deps, client, body)
        return
    only = choices[0].id if len(choices) == 1 else 0
    show(deps, client, body, lambda look: look.at(only))


def _opened(body: Body) -> str:
    """The answer to the command; Slack opens an app's Home by this kind of link alone."""
    told, app_id = _("Mentoring is open in the Home tab."), str(body.get("api_app_id") or "")
    if not app_id:
        return told
    link = f"slack://app?team={actor_of(body).team_id}&id={app_id}&tab=home"
    return f"{told} <{link}|{_('Open it')}>"


def _unknown(deps: Deps, body: Body, choices: tuple[Choice, ...], rest: str) -> str:
    """No such program among theirs: the closest of them; one of somebody else's is refused by its name."""
    theirs = mentoring_board.program_called(deps.db, deps.team_id, rest)
    if theirs is not None:
        mentoring_access.organizer_of(deps, body, theirs)
    names = {one.name.casefold(): one.name for one in choices}
    near = get_close_matches(rest.casefold(), names, n=1, cutoff=0.4)
    shown = kit.escape(rest, 60)
    if not near:
        return _("I do not know the program “{word}”.", word=shown)
    closest = kit.escape(names[near[0]])
    return _("I do not know the program “{word}”. Did you mean “{closest}”?", word=shown, closest=closest)


def open_area(deps: Deps, client: Any, body: Body) -> None:
    """[Mentoring] on Home, or [Mentoring programs] on a page (its value is 0), or a program's [Open]."""
    value = value_of(body)
    if number(value):
        mentoring_access.organizer_of(deps, body, number(value))
        show(deps, client, body, lambda look: look.at(number(value)))
    elif value:
        show(deps, client, body, lambda look: look.at(0))
    else:
        _open(deps, client, body, _choices(deps, body))


def back(deps: Deps, client: Any, body: Body) -> None:
    """Back to the normal Home."""
    home.show(deps, client, body, change=lambda look: replace(look, board={}))


# --- How it is looked at -------------------------------------------------------------------------------

Turn = Callable[[BoardLook, str], BoardLook]
TURNS: dict[str | re.Pattern[str], Turn] = {
    Ids.PROGRAM: lambda look, value: look,
    guard.each_of(Ids.TAB): lambda look, value: look.opened(value),
    guard.each_of(Ids.SUB_TAB): lambda look, value: replace(look, sub_tab=value, page=0, filter=""),
    Ids.PREVIOUS: lambda look, value: replace(look, page=number(value)),
    Ids.NEXT: lambda look, value: replace(look, page=number(value)),
    Ids.REVIEW_STAGED: lambda look, value: look.opened(value),
    Ids.SEARCH_CLEAR: lambda look, value: replace(look, search="", page=0),
    Ids.SELECT_NONE: lambda look, value: look.unticked(),
}


def _turning(turn: Turn) -> Callable[[Deps, Any, Body], None]:
    """A press that changes only how the page is looked at; its value is "<program>.<where>"."""

    def turned(deps: Deps, client: Any, body: Body) -> None:
        program, _dot, where = value_of(body).partition(".")
        mentoring_access.organizer_of(deps, body, number(program))
        show(deps, client, body, lambda look: turn(look.at(number(program)), where))

    return turned


def select(deps: Deps, client: Any, body: Body) -> None:
    """Tick somebody, or untick them: then Slack names nobody, and the row's own name tells who it was."""
    action = body["actions"][0]
    participant = number([*str(action.get("block_id")).split("."), "", "", ""][2])
    actor, _program = mentoring_access.organizer_of_participant(deps, body, participant)
    ticked = str(participant) in kit.chosen(action)
    before = board_look_of(look_at_home(deps.db, deps.team_id, actor).board)
    full = ticked and participant not in before.ticked(participant, on=True).selected
    said = _("At most {count} people can be selected.", count=MOST_SELECTED) if full else ""
    show(deps, client, body, lambda look: look.ticked(participant, on=ticked), said=said)


def narrow(deps: Deps, client: Any, body: Body) -> None:
    """Show only some rows of the tab."""
    value = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
    program, _dot, wanted = value.partition(".")
    mentoring_access.organizer_of(deps, body, number(program))
    chosen = "" if wanted == NONE else wanted
    show(deps, client, body, lambda look: replace(look.at(number(program)), filter=chosen, page=0))


def open_search(deps: Deps, client: Any, body: Body) -> None:
    """Ask for a name."""
    program = number(value_of(body))
    mentoring_access.organizer_of(deps, body, program)
    client.views_open(trigger_id=body["trigger_id"], view=modals.search(program, ""))


def search(deps: Deps, client: Any, body: Body) -> Json:
    """Show who is called so."""
    program = number(str(metadata_of(body["view"]).get("program") or ""))
    mentoring_access.organizer_of(deps, body, program)
    field = body["view"]["state"]["values"].get("name", {})
    typed = next((str(one.get("value") or "") for one in field.values()), "")
    wanted = on_one_line(typed)[:LONGEST_SEARCH]
    show(deps, client, body, lambda look: replace(look.at(program), search=wanted, page=0))
    return {}
