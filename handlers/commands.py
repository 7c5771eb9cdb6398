"""/sessions <words>: a table and a dispatch."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from slack_bolt import App

from blocks import exports as export_blocks
from blocks import kit, menu
from blocks.ids import Ids
from blocks.words import _
from handlers import (
    access,
    classes_board,
    exports,
    guard,
    hosted_words,
    members,
    mentoring_board,
    planning,
    programs,
    schedule,
)
from handlers.context import actor_of
from services.access import Rights, rights
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """A word of the command: who is offered it, and what it does with the rest of the line."""

    do: Callable[[Deps, Any, Body, str], Json]
    organizers: bool = True  # offered to admins and owners only; what it does decides again who may


WORDS: dict[str, Word] = {
    "help": Word(lambda deps, client, body, rest: show_menu(deps, body), organizers=False),
    "schedule": Word(lambda deps, client, body, rest: schedule.open_modal(deps, client, body, line=rest)),
    "planning": Word(lambda deps, client, body, rest: planning.open_calendar(deps, client, body)),
    "list": Word(lambda deps, client, body, rest: planning.open_list(deps, client, body)),
    "programs": Word(lambda deps, client, body, rest: programs.open_list(deps, client, body)),
    "me": Word(lambda deps, client, body, rest: members.open_view(deps, client, body), organizers=False),
    "mentoring": Word(mentoring_board.typed, organizers=False),
    "new": Word(lambda deps, client, body, rest: hosted_words.new(deps, client, body), organizers=False),
    "host": Word(lambda deps, client, body, rest: hosted_words.host(deps, client, body), organizers=False),
    "classes": Word(classes_board.typed, organizers=False),
    "export": Word(lambda deps, client, body, rest: exports.typed(deps, body, rest)),
}


def parse(text: str) -> tuple[str, str]:
    """ "  Schedule  coffee " -> ("schedule", "coffee"): the first word, and the rest."""
    word, _space, rest = text.strip().partition(" ")
    return word.lower(), rest.strip()


def register(app: App, deps: Deps) -> None:
    """Listen to /sessions, and to the buttons of its menu that nobody else listens to."""

    def answer(body: Body, client: Any) -> Json:
        word, rest = parse(str(body.get("text") or ""))
        found = WORDS.get(word or "help")
        return found.do(deps, client, body, rest) if found else show_menu(deps, body, unknown=word)

    @app.command("/sessions")
    def sessions(ack: Any, body: Body, client: Any) -> None:
        guard.command(deps, lambda found: answer(found, client))(ack=ack, body=body)

    @app.shortcut(Ids.SCHEDULE_OPEN)
    def shortcut(ack: Any, body: Body, client: Any) -> None:
        opener = guard.action(deps, lambda found: _opened(deps, client, found))
        opener(ack=ack, body=body, client=client)

    on = guard.presses(app, deps)
    on(Ids.SCHEDULE_OPEN, _opened)
    on(Ids.MENU_LIST, planning.open_list)
    on(Ids.MENU_EXPORT, _exports)


def offered(may: Rights) -> list[str]:
    """The words that somebody may use."""
    return [name for name, word in WORDS.items() if may.organizes or not word.organizers]


def show_menu(deps: Deps, body: Body, *, unknown: str = "") -> Json:
    """The private menu; a word we do not know is answered with the closest that this person may use."""
    may = rights(deps, actor_of(body).user_id)
    near = get_close_matches(unknown, offered(may), n=1, cutoff=0.5) if unknown else []
    text, blocks = menu.menu(organizes=may.organizes, unknown=unknown, closest=near[0] if near else "")
    return {"text": text, "blocks": blocks}


def _opened(deps: Deps, client: Any, body: Body) -> None:
    schedule.open_modal(deps, client, body)


def _exports(deps: Deps, client: Any, body: Body) -> None:
    """Show in a modal which files there are."""
    access.organizer(deps, body)
    _text, blocks = export_blocks.choices()
    view = kit.modal(_("Export"), blocks, callback_id=Ids.MENU_EXPORTS, close=_("Close"))
    client.views_open(trigger_id=body["trigger_id"], view=view)
