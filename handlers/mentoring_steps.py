"""The launch checklist of a mentoring program: steps, checks, support, and turning matching on and off."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import App

from blocks import mentoring_checks as check_blocks
from blocks import mentoring_modals as modals
from blocks.mentoring_ids import MentoringIds as Ids
from domain.mentoring import Done
from domain.mentoring_board import board_look_of
from handlers import guard
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from handlers.mentoring_access import organizer_of
from handlers.mentoring_pages import show
from services import access, home, mentoring_checks, mentoring_programs, mentoring_support
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.STEP_DONE, lambda deps, client, body: mark(deps, client, body, done=True))
    on(Ids.STEP_OPEN, lambda deps, client, body: mark(deps, client, body, done=False))
    on(Ids.TURN_ON, _turning(mentoring_programs.turn_on))
    on(Ids.TURN_OFF, _turning(mentoring_programs.turn_off))
    on(Ids.CHECK_NOW, check)
    on(Ids.HOW_TO, how_to)
    on(Ids.SUPPORT_OPEN, open_support)

    @app.view(Ids.SUPPORT_SEND)
    def asked(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: ask(deps, found), at="text")(ack=ack, body=body)


def _program(body: Body) -> int:
    return number(value_of(body).partition(".")[0])


def mark(deps: Deps, client: Any, body: Body, *, done: bool) -> None:
    """[Mark as Done] and [Mark as Not Done]."""
    program, _dot, step = value_of(body).partition(".")
    actor = organizer_of(deps, body, number(program))
    mentoring_programs.mark(
        deps.db, deps.team_id, number(program), step, done=done, actor=actor, now=deps.clock()
    )
    show(deps, client, body)


def _turning(turn: Callable[..., Done]) -> Callable[[Deps, Any, Body], None]:
    def turned(deps: Deps, client: Any, body: Body) -> None:
        actor = organizer_of(deps, body, _program(body))
        turn(deps.db, deps.team_id, _program(body), actor=actor, now=deps.clock())
        deps.hint()
        show(deps, client, body)

    return turned


def check(deps: Deps, client: Any, body: Body) -> None:
    """[Check now]: what is found stands below the step. It asks Slack for the scopes, a second at most."""
    organizer_of(deps, body, _program(body))
    found = mentoring_checks.check(deps)
    show(deps, client, body, lambda look: replace(look, checked=found))


def how_to(deps: Deps, client: Any, body: Body) -> None:
    """[How to]: the steps for what was found not to be OK."""
    user_id = organizer_of(deps, body, _program(body))
    look = home.look_at_home(deps.db, deps.team_id, user_id)
    view = check_blocks.how_to(board_look_of(look.board).checked)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def open_support(deps: Deps, client: Any, body: Body) -> None:
    """[Message Support], for organizers and participants; who may is asked when it is sent."""
    view = modals.support(_program(body))
    if (body.get("view") or {}).get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def ask(deps: Deps, body: Body) -> Json:
    """Send the question to the support contact."""
    view = body["view"]
    program = number(str(metadata_of(view).get("program") or ""))
    field = view["state"]["values"].get("text", {})
    text = next((str(one.get("value") or "") for one in field.values()), "")
    asker = access.rights(deps, actor_of(body).user_id)
    question = mentoring_support.Question(asker, text, f"support-{submission_key(view)}")
    mentoring_support.ask(deps.db, deps.team_id, program, question, admins=deps.admins, now=deps.clock())
    deps.hint()
    return {"response_action": "update", "view": modals.sent()}
