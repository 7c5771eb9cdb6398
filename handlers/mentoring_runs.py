"""Auto-matching, exports, and decisions that come back in a file."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_decisions as decision_blocks
from blocks import mentoring_runs as blocks
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _, n_
from domain.errors import FieldRefusal, Refusal
from domain.mentoring import MatchingPaused
from domain.mentoring_board import Tab
from domain.mentoring_decisions import MOST_BYTES
from domain.mentoring_runs import What
from domain.text import say
from handlers import guard, mentoring_exports
from handlers.context import metadata_of, number, pressed_at, submission_key, value_of
from handlers.mentoring_access import organizer_of
from handlers.mentoring_pages import show
from handlers.mentoring_staged import MatchingIsOff
from handlers.statistics import present
from services import access as rights
from services import (
    mentoring_approvals,
    mentoring_decisions,
    mentoring_places,
    mentoring_staging,
    mentoring_tasks,
)
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the buttons of runs, and to their modals."""
    on = guard.presses(app, deps)
    on(Ids.RUN_OPEN, open_run)
    on(Ids.DRY_RUN_OPEN, open_dry_run)
    on(Ids.RUN_PREVIOUS, turn_dry_run)
    on(Ids.RUN_NEXT, turn_dry_run)
    on(Ids.RUN_APPLY, apply_plan)
    on(Ids.APPROVAL_PREVIOUS, turn_approval)
    on(Ids.APPROVAL_NEXT, turn_approval)
    on(Ids.APPROVAL_APPLY, apply_approval)
    on(Ids.RESET_DISCARDS, reset_discards)
    on(Ids.APPLY_OPEN, open_decisions)
    on(Ids.DECISIONS_APPLY, apply_decisions)
    on(Ids.EXPORT, mentoring_exports.pressed)
    app.view(Ids.RUN_START)(_submitted(deps, start_run))
    app.view(Ids.DECISIONS_READ)(_submitted(deps, read_decisions))


def _submitted(deps: Deps, listener: Callable[[Deps, Body], Json]) -> Callable[..., None]:
    """Guard a submission whose modal has no field at which a refusal could stand: the modal says it."""

    def answered(body: Body) -> dict[str, Any]:
        try:
            return {"response_action": "update", "view": listener(deps, body)}
        except FieldRefusal:
            raise
        except Refusal as refusal:
            return {"response_action": "update", "view": guard.notice(guard.sentence_of(refusal, deps))}

    return guard.view(deps, answered, at=decision_blocks.FILE)


def _pressed(deps: Deps, body: Body) -> tuple[str, int, str]:
    """Who pressed, the program that the button names, which they organize, and what else it says."""
    program, _dot, more = value_of(body).partition(".")
    program_id = number(program)
    return organizer_of(deps, body, program_id), program_id, more


def _named(deps: Deps, body: Body) -> tuple[str, int]:
    """Who submitted, and the program that the modal is about, which they organize."""
    program_id = int(metadata_of(body["view"]).get("program") or 0)
    return organizer_of(deps, body, program_id), program_id


# --- Runs ----------------------------------------------------------------------------------------------


def open_run(deps: Deps, client: Any, body: Body) -> None:
    """Show what a run would look at."""
    _who, program_id, _more = _pressed(deps, body)
    found = mentoring_tasks.offer(deps.db, deps.team_id, program_id)
    present(client, body, blocks.offer(found))


def start_run(deps: Deps, body: Body) -> Json:
    """[Send to admin approval]: owe the run to the modal."""
    actor, program_id = _named(deps, body)
    task = mentoring_tasks.start(deps.db, deps.team_id, program_id, What.RUN, actor=actor)
    view = body["view"]
    admin = rights.rights(deps, actor).admin
    key = submission_key(view)
    mentoring_tasks.ask(deps.db, deps.team_id, task, modal=view["id"], admin=admin, key=key, submitted=True)
    deps.hint()
    return blocks.view(task)


def open_dry_run(deps: Deps, client: Any, body: Body) -> None:
    """Open the modal, and owe it the plan; in the staged tab, show who would be told by [Approve All]."""
    _who, _program, tab = _pressed(deps, body)
    if tab == Tab.STAGED:
        open_approval(deps, client, body)
        return
    _run(deps, client, body, What.DRY)


def turn_dry_run(deps: Deps, client: Any, body: Body) -> None:
    """Owe another page of the plan to the modal that is open."""
    _who, _program, more = _pressed(deps, body)
    page, _dot, digest = more.partition(".")
    _run(deps, client, body, What.DRY, digest=digest, page=number(page), in_place=True)


def apply_plan(deps: Deps, client: Any, body: Body) -> None:
    """[Apply This Plan]: owe the modal exactly what it shows, or the word that the list changed."""
    _who, _program, digest = _pressed(deps, body)
    _run(deps, client, body, What.APPLY, digest=digest, in_place=True)


def _run(
    deps: Deps,
    client: Any,
    body: Body,
    what: What,
    *,
    digest: str = "",
    page: int = 0,
    in_place: bool = False,
) -> None:
    actor, program_id, _more = _pressed(deps, body)
    task = mentoring_tasks.start(
        deps.db, deps.team_id, program_id, what, actor=actor, digest=digest, page=page
    )
    modal = present(client, body, blocks.view(task), in_place=in_place)
    admin = rights.rights(deps, actor).admin
    key = f"{modal}-{what.value}-{page}-{pressed_at(body)}"
    mentoring_tasks.ask(deps.db, deps.team_id, task, modal=modal, admin=admin, key=key)
    deps.hint()


# --- [Approve All], as it would be ---------------------------------------------------------------------


def open_approval(deps: Deps, client: Any, body: Body) -> None:
    """Show who would be told."""
    _who, program_id, _more = _pressed(deps, body)
    found = mentoring_approvals.dry(deps.db, deps.team_id, program_id)
    present(client, body, blocks.approval(found))


def turn_approval(deps: Deps, client: Any, body: Body) -> None:
    """Show another page of it."""
    _who, program_id, page = _pressed(deps, body)
    found = mentoring_approvals.dry(deps.db, deps.team_id, program_id, page=number(page))
    present(client, body, blocks.approval(found), in_place=True)


def apply_approval(deps: Deps, client: Any, body: Body) -> None:
    """[Apply This Plan]: approve what was shown, if nothing changed."""
    actor, program_id, digest = _pressed(deps, body)
    try:
        count = mentoring_approvals.apply(
            deps.db, deps.team_id, program_id, digest, actor=actor, now=deps.clock()
        )
    except MatchingPaused as paused:
        raise MatchingIsOff from paused
    deps.hint()
    name = mentoring_places.name_of_program(deps.db, deps.team_id, program_id)
    present(client, body, blocks.approving(name, count), in_place=True)


def reset_discards(deps: Deps, client: Any, body: Body) -> None:
    """[Reset Discards]: pairs that were discarded may be proposed again."""
    actor, program_id, _more = _pressed(deps, body)
    count = mentoring_staging.reset_discards(deps.db, deps.team_id, program_id, actor=actor, now=deps.clock())
    told = n_("{count} pair may be proposed again.", "{count} pairs may be proposed again.", count)
    show(deps, client, body, said=told if count else _("Nothing to reset: no pair was discarded."))


# --- Decisions -----------------------------------------------------------------------------------------


def open_decisions(deps: Deps, client: Any, body: Body) -> None:
    """Ask for the file."""
    _who, program_id, _more = _pressed(deps, body)
    name = mentoring_places.name_of_program(deps.db, deps.team_id, program_id)
    present(client, body, decision_blocks.ask(program_id, name))


def read_decisions(deps: Deps, body: Body) -> Json:
    """Owe the modal what the file says."""
    actor, program_id = _named(deps, body)
    view = body["view"]
    task = mentoring_decisions.start(deps.db, deps.team_id, program_id, actor=actor, address=_address(view))
    admin = rights.rights(deps, actor).admin
    key = submission_key(view)
    mentoring_decisions.ask(
        deps.db, deps.team_id, task, modal=view["id"], admin=admin, key=key, submitted=True
    )
    deps.hint()
    return decision_blocks.view(task)


def _address(view: Json) -> str:
    """Where the file can be read. Raises FieldRefusal."""
    field = view["state"]["values"].get(decision_blocks.FILE, {}).get(Ids.DECISIONS_FILE, {})
    files = field.get("files") or []
    if not files:
        raise FieldRefusal({decision_blocks.FILE: say("Choose a file.")})
    if int(files[0].get("size") or 0) > MOST_BYTES:
        large = say("This file is larger than {most} MB.", most=MOST_BYTES // 1_000_000)
        raise FieldRefusal({decision_blocks.FILE: large})
    return str(files[0].get("url_private_download") or files[0].get("url_private") or "")


def apply_decisions(deps: Deps, client: Any, body: Body) -> None:
    """[Apply Decisions]: owe the modal what came of the file that it shows."""
    actor, program_id, more = _pressed(deps, body)
    message, _dot, digest = more.partition(".")
    task = mentoring_decisions.shown(
        deps.db, deps.team_id, program_id, number(message), actor=actor, digest=digest
    )
    modal = present(client, body, decision_blocks.view(task), in_place=True)
    admin = rights.rights(deps, actor).admin
    key = f"{modal}-{message}-{pressed_at(body)}"
    mentoring_decisions.ask(deps.db, deps.team_id, task, modal=modal, admin=admin, key=key)
    deps.hint()
