"""/sessions <words>: a table and a dispatch."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from slack_bolt import App

from blocks import menu
from blocks.ids import Ids
from handlers import exports, guard, programs, schedule
from handlers.context import actor_of
from services import people
from services.ports import Deps


def parse(text: str) -> tuple[str, str]:
    """ "  Schedule  coffee " -> ("schedule", "coffee"): the first word, and the rest."""
    word, _, rest = text.strip().partition(" ")
    return word.lower(), rest.strip()


def register(app: App, deps: Deps) -> None:
    """Listen to /sessions."""

    def answer(body: dict[str, Any], client: Any) -> dict[str, Any]:
        word, rest = parse(str(body.get("text") or ""))
        words: dict[str, Callable[[], dict[str, Any]]] = {
            "": lambda: show_menu(body),
            "help": lambda: show_menu(body),
            "schedule": lambda: schedule.open_modal(deps, client, body, program=rest),
            "programs": lambda: programs.open_list(deps, client, body),
            "export": lambda: exports.typed(deps, body, rest),
        }
        if word in words:
            return words[word]()
        closest = get_close_matches(word, [w for w in words if w], n=1, cutoff=0.5)
        return show_menu(body, unknown=word, closest=closest[0] if closest else "")

    def show_menu(body: dict[str, Any], **found: str) -> dict[str, Any]:
        text, blocks = menu.menu(admin=people.is_admin(deps, actor_of(body).user_id), **found)
        return {"text": text, "blocks": blocks}

    @app.command("/sessions")
    def sessions(ack: Any, body: dict[str, Any], client: Any) -> None:
        guard.command(deps, lambda found: answer(found, client))(ack=ack, body=body)

    @app.shortcut(Ids.SCHEDULE_OPEN)
    def shortcut(ack: Any, body: dict[str, Any], client: Any) -> None:
        opener = guard.action(deps, lambda found: _opened(deps, client, found))
        opener(ack=ack, body=body, client=client)

    @app.action(Ids.SCHEDULE_OPEN)
    def pressed(ack: Any, body: dict[str, Any], client: Any) -> None:
        opener = guard.action(deps, lambda found: _opened(deps, client, found))
        opener(ack=ack, body=body, client=client)


def _opened(deps: Deps, client: Any, body: dict[str, Any]) -> None:
    schedule.open_modal(deps, client, body)
