"""What mentees and mentors do for themselves: join, profile, choose, pause, leave."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from slack_bolt import App

from blocks import mentoring_choosing as choosing
from blocks import mentoring_mine as blocks
from blocks.mentoring_ids import MentoringIds
from blocks.words import _
from domain.errors import FieldRefusal, Refusal
from domain.members import PauseForm, end_of_break
from domain.mentoring import PreferencesForm, Press
from domain.mentoring_mine import Choosing, PreferencesSheet, at_fields
from handlers import guard
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from services import (
    mentoring_choices,
    mentoring_endings,
    mentoring_leaving,
    mentoring_mine,
    mentoring_offered,
    mentoring_people,
)
from services.mentoring_choices import OpenRequest
from services.mentoring_endings import EndForm
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    for action, role in JOINS.items():
        on(action, partial(_of_program, open_profile, role=role))
    on(MentoringIds.PROFILE_OPEN, partial(_of_program, open_profile))
    on(MentoringIds.PAUSE_OPEN, partial(_of_program, open_pause))
    on(MentoringIds.COME_BACK, partial(_of_program, come_back))
    on(MentoringIds.LEAVE, partial(_of_program, leave))
    on(MentoringIds.PREFERENCES_WITHDRAW, withdraw_in_form)
    on(MentoringIds.END_ASK_OPEN, open_end)
    _register_views(app, deps)


JOINS = {
    MentoringIds.JOIN_MENTEE: "mentee",
    MentoringIds.JOIN_MENTOR: "mentor",
    MentoringIds.JOIN_PEER: "",
}


def _register_views(app: App, deps: Deps) -> None:
    @app.view(MentoringIds.PROFILE_SAVE)
    def profiled(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save_profile(deps, client, found), at="goals")(ack=ack, body=body)

    @app.view(MentoringIds.PAUSE_SAVE)
    def paused(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save_pause(deps, client, found), at="until")(ack=ack, body=body)

    @app.view(MentoringIds.PREFERENCES_SAVE)
    def chosen(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: submit(deps, client, found), at="goal")(ack=ack, body=body)

    @app.view(MentoringIds.END_ASK_SAVE)
    def asked(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save_end(deps, client, found), at="reason")(ack=ack, body=body)

    @app.options(MentoringIds.MENTOR)
    def mentors(ack: Any, body: Body) -> None:
        with guard.to_actor(deps, body):
            ack(options=offer(deps, body))


def _of_program(do: Any, deps: Deps, client: Any, body: Body, **how: str) -> None:
    """``do`` for the program that a button names: "<program>" or "<program>.<message>"."""
    do(deps, client, body, number(value_of(body).partition(".")[0]), **how)


def _program_in(body: Body) -> int:
    """The program of a modal: a hint. Whoever submits it does so for themselves alone."""
    return number(str(metadata_of(body["view"]).get("program") or ""))


def _show(client: Any, body: Body, view: Json) -> None:
    """On top of the modal that was used, or alone where there is none."""
    used = body.get("view") or {}
    show = client.views_push if used.get("type") == "modal" else client.views_open
    show(trigger_id=body["trigger_id"], view=view)


def _update(view: Json) -> Json:
    return {"response_action": "update", "view": view}


# --- Profile -------------------------------------------------------------------------------------------


def open_profile(deps: Deps, client: Any, body: Body, program_id: int, role: str = "") -> None:
    """Open "Your profile"; *role* is chosen already where somebody joins by its button."""
    user_id = actor_of(body).user_id
    told = mentoring_mine.profile(deps.db, deps.team_id, program_id, user_id, role=role)
    _show(client, body, blocks.profile(told))


def save_profile(deps: Deps, client: Any, body: Body) -> Json:
    """Join, or change the profile."""
    user_id, program_id = actor_of(body).user_id, _program_in(body)
    form = blocks.read_profile(body["view"]["state"]["values"])
    before = mentoring_mine.profile(deps.db, deps.team_id, program_id, user_id)
    mentoring_people.save_profile(deps.db, deps.team_id, program_id, user_id, form, now=deps.clock())
    deps.hint()
    return {} if before.joined else _update(blocks.joined(replace(before, form=form)))


# --- Breaks, and leaving -------------------------------------------------------------------------------


def open_pause(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """Open "Pause Requests" of this program."""
    name, _zone = mentoring_mine.own_program(deps.db, deps.team_id, program_id, actor_of(body).user_id)
    _show(client, body, blocks.pause(program_id, name))


def save_pause(deps: Deps, client: Any, body: Body) -> Json:
    """Begin the break."""
    user_id, program_id, now = actor_of(body).user_id, _program_in(body), deps.clock()
    _name, zone = mentoring_mine.own_program(deps.db, deps.team_id, program_id, user_id)
    until = _until(body, zone, now)
    mentoring_people.pause(deps.db, deps.team_id, program_id, user_id, until=until, now=now)
    deps.hint()
    return {}


def _until(body: Body, zone: str, now: datetime) -> datetime | None:
    day = blocks.read_pause(body["view"]["state"]["values"])
    return end_of_break(PauseForm(good=day is None, until=day), zone_name=zone, now=now)


def come_back(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """[Come Back]: end the break; Home shows it."""
    user_id = actor_of(body).user_id
    mentoring_people.come_back(deps.db, deps.team_id, program_id, user_id, now=deps.clock())
    deps.hint()


def leave(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """[Leave Program], which was confirmed; Home shows it."""
    user_id = actor_of(body).user_id
    mentoring_leaving.leave(deps.db, deps.team_id, program_id, user_id, now=deps.clock())
    deps.hint()


# --- Mentor preferences --------------------------------------------------------------------------------


def open_preferences(deps: Deps, client: Any, body: Body, program_id: int) -> None:
    """Open "Mentor preferences", filled in with the draft that is kept."""
    _show(client, body, choosing.render(_sheet(deps, body, program_id)))


def _sheet(deps: Deps, body: Body, program_id: int) -> PreferencesSheet:
    return mentoring_offered.sheet(deps.db, deps.team_id, program_id, actor_of(body).user_id)


def offer(deps: Deps, body: Body) -> list[Json]:
    """The mentors that the list offers to whoever opened it, filtered by what was typed."""
    try:
        found = mentoring_offered.offered(
            deps.db,
            deps.team_id,
            number(str(metadata_of(body.get("view") or {}).get("program") or "")),
            actor_of(body).user_id,
            str(body.get("value") or ""),
            now=deps.clock(),
        )
    except Refusal as refusal:
        log.info("nothing_offered", why=type(refusal).__name__)
        return []
    return choosing.options(found)


def submit(deps: Deps, client: Any, body: Body) -> Json:
    """Store the list, and say what happens next. Whatever keeps it from that, the form stays filled in."""
    view, user_id, program_id = body["view"], actor_of(body).user_id, _program_in(body)
    form, now = choosing.read(view["state"]["values"]), deps.clock()
    wanted = PreferencesForm(tuple(one.participant_id for _at, one in form.filled), form.goal)
    key = submission_key(view)
    try:
        done = mentoring_choices.submit(deps.db, deps.team_id, program_id, user_id, wanted, key=key, now=now)
    except FieldRefusal as refusal:
        raise FieldRefusal(at_fields(refusal.problems, form)) from refusal
    except OpenRequest:
        return _update(_filled(deps, body, program_id, form))
    if done.state == "paused":
        return _update(_filled(deps, body, program_id, form, _(choosing.DRAFT)))
    deps.hint()
    told = mentoring_offered.submitted(deps.db, deps.team_id, program_id, user_id, now=now)
    return _update(choosing.after(told)) if told else {}


def _filled(deps: Deps, body: Body, program_id: int, form: Choosing, note: str = "") -> Json:
    """The modal as it was filled in, with what is true now."""
    return choosing.render(replace(_sheet(deps, body, program_id), form=form), note=note)


def withdraw_in_form(deps: Deps, client: Any, body: Body) -> None:
    """[Withdraw Request] in the modal: it goes on with the form, as it was filled in."""
    view, list_id = body["view"], number(value_of(body))
    press = Press(actor_of(body).user_id)
    mentoring_choices.withdraw(deps.db, deps.team_id, list_id, press, now=deps.clock())
    deps.hint()
    program_id = mentoring_mine.program_of_list(deps.db, deps.team_id, list_id)
    form = choosing.read(view["state"]["values"])
    drawn = _filled(deps, body, program_id, form, _("Your request is withdrawn."))
    client.views_update(view_id=view["id"], view=drawn)


# --- The end of a match --------------------------------------------------------------------------------


def open_end(deps: Deps, client: Any, body: Body) -> None:
    """Open "Ask to End Match" of one's own match."""
    match_id = number(value_of(body).partition(".")[0])
    told = mentoring_mine.own_match(deps.db, deps.team_id, match_id, actor_of(body).user_id)
    _show(client, body, blocks.ask_to_end(told))


def save_end(deps: Deps, client: Any, body: Body) -> Json:
    """End the match, or ask the organizers to."""
    user_id = actor_of(body).user_id
    match_id = number(str(metadata_of(body["view"]).get("match") or ""))
    told = mentoring_mine.own_match(deps.db, deps.team_id, match_id, user_id)
    reason, note = blocks.read_end(body["view"]["state"]["values"])
    done = mentoring_endings.ask_to_end(
        deps.db, deps.team_id, match_id, EndForm(reason, note), actor=user_id, now=deps.clock()
    )
    deps.hint()
    return _update(blocks.ended(told, done.state))
