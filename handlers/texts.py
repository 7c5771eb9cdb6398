"""Message texts of a program: the list, one to be written, its preview, and back to ours."""

from typing import Any

from slack_bolt import App

from blocks import text_modals as blocks
from blocks import texts as said
from blocks.ids import Ids
from domain.errors import FieldRefusal
from domain.texts import AnyText, TextSheet, check, kind_of, kinds_of
from handlers import guard, schedule
from handlers.context import metadata_of, number, submission_key, value_of
from handlers.programs import go_back, manager
from services import texts
from services.ports import Deps
from services.texts import NoSuchText

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to everything that belongs to message texts."""
    on = guard.presses(app, deps)
    on(Ids.PROGRAM_TEXTS, open_list)
    on(Ids.TEXT_EDIT, open_one)
    on(Ids.TEXT_PREVIEW, preview)
    on(Ids.TEXT_DEFAULT, to_default)

    @app.view(Ids.TEXT_SAVE)
    def saved(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save(deps, client, found), at="text")(ack=ack, body=body)


def open_list(deps: Deps, client: Any, body: Body) -> None:
    """Open "Message texts" on top of the program's card, or "Templates" of a mentoring program."""
    view = blocks.render(_sheet(deps, body, number(value_of(body))))
    used = body.get("view") or {}
    opened = client.views_push if used.get("type") == "modal" else client.views_open
    opened(trigger_id=body["trigger_id"], view=view)


def _sheet(deps: Deps, body: Body, program_id: int) -> TextSheet:
    may = manager(deps, body, program_id)
    return texts.sheet(deps.db, deps.team_id, program_id, may.user_id, now=deps.clock())


def _named(deps: Deps, body: Body) -> tuple[TextSheet, AnyText]:
    """The text that the pressed button names."""
    program_id, _, name = value_of(body).partition(".")
    sheet, kind = _sheet(deps, body, number(program_id)), kind_of(name)
    if kind is None or kind not in kinds_of(mentoring=sheet.mentoring):
        raise NoSuchText
    return sheet, kind


def open_one(deps: Deps, client: Any, body: Body) -> None:
    """Open the modal in which one text is written."""
    sheet, kind = _named(deps, body)
    client.views_push(trigger_id=body["trigger_id"], view=blocks.render_one(sheet, kind))


def preview(deps: Deps, client: Any, body: Body) -> None:
    """Show what was typed as its readers would see it, or what is wrong with it."""
    sheet, kind = _named(deps, body)
    view = body["view"]
    typed, problem = blocks.read(view["state"]["values"]), ""
    try:
        check(kind, typed)
    except FieldRefusal as refusal:
        problem = refusal.problems["text"]
    schedule.update(
        client, view, blocks.render_one(sheet, kind, typed, problem=problem, edition=_edition(view))
    )


def _edition(view: Body) -> int:
    return number(str(metadata_of(view).get("edition") or ""))


def to_default(deps: Deps, client: Any, body: Body) -> None:
    """Put our own text into the input; [Save] keeps it."""
    sheet, kind = _named(deps, body)
    view = body["view"]
    drawn = blocks.render_one(sheet, kind, said.default(kind), edition=_edition(view) + 1)
    schedule.update(client, view, drawn)


def save(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Store the text, and go back to the list."""
    view = body["view"]
    held = metadata_of(view)
    program_id, kind = number(str(held.get("program") or "")), kind_of(str(held.get("text") or ""))
    may = manager(deps, body, program_id)
    if kind is None:
        raise NoSuchText
    typed = check(kind, blocks.read(view["state"]["values"]))
    texts.keep(
        deps.db,
        deps.team_id,
        program_id,
        kind,
        None if typed == said.default(kind) else typed,
        actor=may.user_id,
        key=submission_key(view),
        now=deps.clock(),
    )
    return go_back(client, view, blocks.render(_sheet(deps, body, program_id)))
