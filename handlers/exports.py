"""/sessions export <what> [program], and every [Export]."""

import re
from difflib import get_close_matches
from typing import Any

from slack_bolt import App

from blocks import exports as blocks
from blocks.ids import Ids
from domain.errors import Refusal
from domain.exports import OF_CLASSES, OF_HOSTED, What
from domain.text import say
from handlers import access, guard
from handlers.context import number, pressed_at, value_of
from services import exports
from services.access import Rights
from services.ports import Deps

Body = dict[str, Any]
CHOICE = re.compile(rf"{re.escape(Ids.EXPORT)}(\.\w+)?")


def register(app: App, deps: Deps) -> None:
    """Listen to [Export], and to the names of the files there are."""

    @app.action(CHOICE)
    def pressed(ack: Any, body: Body, client: Any) -> None:
        def make(found: Body) -> None:
            guard.whisper(client, found, export(deps, found))

        guard.action(deps, make)(ack=ack, body=body, client=client)


def typed(deps: Deps, body: Body, words: str) -> dict[str, Any]:
    """Answer ``/sessions export``: owe the file, or show which there are."""
    may = access.organizer(deps, body)
    word, _, name = words.strip().partition(" ")
    if not word:
        text, shown = blocks.choices()
        return {"text": text, "blocks": shown}
    what = what_of(word.lower())
    program_id = exports.named(deps.db, deps.team_id, may, name) if name.strip() else exports.ALL
    return {"text": owed(deps, may, what, program_id, key=f"{may.user_id}-{body.get('trigger_id')}")}


def what_of(word: str) -> What:
    """The file that was typed. Raises Refusal with the closest there is, or all of them."""
    elsewhere = (*OF_HOSTED, *OF_CLASSES)  # hosts and class staff have theirs at Home
    known = [what.value for what in What if what not in elsewhere]
    if word in known:
        return What(word)
    closest = get_close_matches(word, known, n=1, cutoff=0.5)
    if closest:
        raise Refusal(
            say("There is no export “{word}”. Did you mean “{closest}”?", word=word, closest=closest[0])
        )
    raise Refusal(say("There is no export “{word}”. There are: {known}.", word=word, known=", ".join(known)))


def export(deps: Deps, body: Body) -> str:
    """Owe the file that the pressed button names; what is said at once."""
    may = access.organizer(deps, body)
    word, _, program = value_of(body).partition(".")
    return owed(deps, may, what_of(word), number(program), key=f"{may.user_id}-{word}-{pressed_at(body)}")


def owed(deps: Deps, may: Rights, what: What, program_id: int, *, key: str) -> str:
    """Owe a file, and say so."""
    exports.ask(deps.db, deps.team_id, may, what, program_id=program_id, key=key, now=deps.clock())
    deps.hint()
    return blocks.under_way(what)
