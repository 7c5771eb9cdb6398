"""Invite mentees to choose their mentors: all, those who were selected, or one."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_invites as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from domain.errors import Refusal
from handlers import guard, mentoring_picker
from handlers.context import actor_of, metadata_of, number, pressed_at, submission_key, value_of
from handlers.mentoring_access import organizer_of, organizer_of_participant
from handlers.mentoring_setup import present
from services import mentoring_invites as invites
from services import texts
from services.mentoring_invites import Target
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.INVITE_ALL, open_all)
    on(Ids.BULK_OPEN, open_selected)
    on(Ids.INVITE_ONE, invite_one)
    on(Ids.INVITE_PREVIEW, preview)
    on(Ids.INVITE_DRY, dry_run)

    def submits(callback_id: str, do: Callable[..., Json]) -> None:
        @app.view(callback_id)
        def listener(ack: Any, body: Body, client: Any) -> None:
            guard.view(deps, lambda found: do(deps, client, found), at="bulk")(ack=ack, body=body)

    submits(Ids.INVITE_SEND, send)
    submits(Ids.INVITE_APPLY, send)
    mentoring_picker.register(app, deps)


def open_picker(deps: Deps, client: Any, body: Body, program_id: int, mentee_id: int) -> None:
    """Open [Match with Mentor] of a mentee, from wherever it is offered. Raises OrganizersOnly."""
    mentoring_picker.open_picker(deps, client, body, program_id, mentee_id)


# --- Who is invited ------------------------------------------------------------------------------------


def open_all(deps: Deps, client: Any, body: Body) -> None:
    """[Invite all Mentees]."""
    _prompt(deps, client, body, blocks.ALL)


def open_selected(deps: Deps, client: Any, body: Body) -> None:
    """[Perform Bulk Action on Selected]."""
    _prompt(deps, client, body, blocks.SELECTED)


def _prompt(deps: Deps, client: Any, body: Body, whom: str) -> None:
    program_id = number(value_of(body))
    user_id = organizer_of(deps, body, program_id)
    target = _target(deps, user_id, program_id, whom)
    if target.ids is not None and not target.ids:
        raise NobodySelected
    plan = invites.plan(deps.db, deps.team_id, program_id, target, now=deps.clock())
    present(client, body, blocks.prompt(plan, whom))


class NobodySelected(Refusal):
    """Nobody is selected. Tick people on the page first."""


def _target(deps: Deps, user_id: str, program_id: int, whom: str) -> Target:
    if whom == blocks.ALL:
        return invites.ALL
    return invites.selected(deps.db, deps.team_id, user_id, program_id)


def invite_one(deps: Deps, client: Any, body: Body) -> None:
    """[Invite to Match] of a row; whoever is skipped, it is said why."""
    participant_id = number(value_of(body))
    user_id, _program = organizer_of_participant(deps, body, participant_id)
    now = deps.clock()
    key = f"invite-{participant_id}-{pressed_at(body) or now.timestamp()}"
    invites.send_one(deps.db, deps.team_id, participant_id, actor=user_id, key=key, now=now)
    deps.hint()


# --- Looked at before ----------------------------------------------------------------------------------


def preview(deps: Deps, client: Any, body: Body) -> None:
    """[Preview Message]: on top, as it will look."""
    program_id = number(value_of(body))
    user_id = organizer_of(deps, body, program_id)
    sheet = texts.sheet(deps.db, deps.team_id, program_id, user_id, now=deps.clock())
    present(client, body, blocks.message(sheet))


def dry_run(deps: Deps, client: Any, body: Body) -> None:
    """[Dry Run]: exactly who would be invited."""
    program, _dot, whom = value_of(body).partition(".")
    program_id = number(program)
    user_id = organizer_of(deps, body, program_id)
    now = deps.clock()
    target = _target(deps, user_id, program_id, whom)
    plan = invites.plan(deps.db, deps.team_id, program_id, target, now=now)
    sheet = texts.sheet(deps.db, deps.team_id, program_id, user_id, now=now)
    present(client, body, blocks.dry_run(plan, whom, sheet))


def send(deps: Deps, client: Any, body: Body) -> Json:
    """[Send Messages], or [Apply This Plan] of a dry run, which sends only what was seen."""
    try:
        sentence = _send(deps, body)
    except Refusal as refusal:  # the modal may have no input at which it could stand
        sentence = refusal.sentence
    return {"response_action": "update", "view": blocks.result(sentence)}


def _send(deps: Deps, body: Body) -> str:
    view = body["view"]
    held = metadata_of(view)
    program_id = number(str(held.get("program") or ""))
    organizer_of(deps, body, program_id)
    user_id = actor_of(body).user_id
    came = invites.send(
        deps.db,
        deps.team_id,
        program_id,
        _target(deps, user_id, program_id, str(held.get("whom") or "")),
        actor=user_id,
        key=submission_key(view),
        now=deps.clock(),
        expects=str(held.get("digest") or ""),
    )
    deps.hint()
    return came.sentence
