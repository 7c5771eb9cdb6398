"""Set a mentoring program up: create it, its settings, its people, its rules."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import mentoring_settings as form_blocks
from blocks import mentoring_setup as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from domain import mentor_rules
from domain.errors import FieldRefusal
from domain.mentoring import Settings
from domain.text import say
from handlers import access, guard, mentoring_pages, schedule
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from handlers.mentoring_access import organizer_of
from services import (
    mentoring_adding,
    mentoring_changes,
    mentoring_programs,
    mentoring_settings,
    usergroups,
)
from services.access import rights
from services.mentoring_adding import Adding
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to it."""
    on = guard.presses(app, deps)
    on(Ids.NEW_OPEN, open_new)
    on(Ids.SETTINGS_OPEN, open_settings)
    on(Ids.RULES_OPEN, open_rules)
    on(Ids.PEOPLE_ADD, open_people)

    def submits(callback_id: str, do: Callable[..., Json], at: str) -> None:
        @app.view(callback_id)
        def listener(ack: Any, body: Body, client: Any) -> None:
            guard.view(deps, lambda found: do(deps, client, found), at=at)(ack=ack, body=body)

    submits(Ids.NEW_SAVE, create, "name")
    submits(Ids.SETTINGS_SAVE, save, "name")
    submits(Ids.RULES_SAVE, save_rules, "skills")
    submits(Ids.PEOPLE_SAVE, add, "people")


def present(client: Any, body: Body, view: Json) -> None:
    """Open a modal: on top of the one that was used, if there is one."""
    used = body.get("view") or {}
    opened = client.views_push if used.get("type") == "modal" else client.views_open
    opened(trigger_id=body["trigger_id"], view=view)


def _program_in(body: Body) -> int:
    """The program that a submitted modal is about; the rights are looked up anew."""
    return number(str(metadata_of(body["view"]).get("program") or ""))


# --- Create --------------------------------------------------------------------------------------------


def open_new(deps: Deps, client: Any, body: Body) -> None:
    """[New Mentoring Program]. Admins only."""
    access.admin(deps, body)
    present(client, body, new_view(deps, body))


def new_view(deps: Deps, body: Body, *, name: str = "") -> Json:
    """The empty form; in place of "New program" it keeps the *name*."""
    user_id = actor_of(body).user_id
    form = Settings(name=name, zone=schedule.zone_of(deps, user_id), organizers=(user_id,))
    return form_blocks.new(form)


def create(deps: Deps, client: Any, body: Body) -> Json:
    """Store the program, and show its page in Home."""
    user_id = access.admin(deps, body)
    view = body["view"]
    form = form_blocks.read(view["state"]["values"])
    program_id = mentoring_programs.create(
        deps.db, deps.team_id, form, actor=user_id, key=submission_key(view), now=deps.clock()
    )
    deps.hint()
    mentoring_pages.show(deps, client, body, lambda look: look.at(program_id))
    return {"response_action": "update", "view": blocks.created(form.name)}


# --- Settings ------------------------------------------------------------------------------------------


def open_settings(deps: Deps, client: Any, body: Body) -> None:
    """[Settings] of the Matching page, or of the program's card."""
    program_id = number(value_of(body))
    organizer_of(deps, body, program_id)
    form, seen = mentoring_settings.settings(deps.db, deps.team_id, program_id)
    present(client, body, form_blocks.render(form, program_id, seen=seen))


def save(deps: Deps, client: Any, body: Body) -> Json:
    """Store the settings, and say whom that concerns."""
    program_id = _program_in(body)
    user_id = organizer_of(deps, body, program_id)
    view = body["view"]
    held = metadata_of(view)
    changed = mentoring_changes.change(
        deps.db,
        deps.team_id,
        program_id,
        form_blocks.read(view["state"]["values"]),
        actor=user_id,
        key=submission_key(view),
        now=deps.clock(),
        seen=number(str(held["seen"])) if "seen" in held else None,
    )
    deps.hint()
    if not rights(deps, user_id).manages(program_id):  # whoever took themselves off manages it no more
        return {"response_action": "clear"}
    return {"response_action": "update", "view": blocks.saved(changed.over, changed.closed)}


# --- Matching Rules ------------------------------------------------------------------------------------


def open_rules(deps: Deps, client: Any, body: Body) -> None:
    """[Matching Rules]."""
    program_id = number(value_of(body))
    organizer_of(deps, body, program_id)
    rules, wording = mentoring_changes.rules(deps.db, deps.team_id, program_id)
    present(client, body, blocks.rules(rules, program_id, wording))


def save_rules(deps: Deps, client: Any, body: Body) -> Json:
    """Store them."""
    program_id = _program_in(body)
    user_id = organizer_of(deps, body, program_id)
    rules = mentor_rules.check(*blocks.read_rules(body["view"]["state"]["values"]))
    mentoring_changes.set_rules(deps.db, deps.team_id, program_id, rules, actor=user_id, now=deps.clock())
    return {}


# --- Add People ----------------------------------------------------------------------------------------


def open_people(deps: Deps, client: Any, body: Body) -> None:
    """[Add People]."""
    program_id = number(value_of(body))
    organizer_of(deps, body, program_id)
    form, _seen = mentoring_settings.settings(deps.db, deps.team_id, program_id)
    known = bool(usergroups.offered(deps.db, deps.team_id, ""))
    view = blocks.add_people(program_id, form.name, peers=form.roles == "peers", groups_known=known)
    present(client, body, view)


def add(deps: Deps, client: Any, body: Body) -> Json:
    """Add those who were chosen, and say how many there are."""
    program_id = _program_in(body)
    user_id = organizer_of(deps, body, program_id)
    chosen = blocks.read_people(body["view"]["state"]["values"])
    users = {*chosen.users, *usergroups.members(deps.db, deps.directory, deps.team_id, chosen.usergroups)}
    if not users:
        raise FieldRefusal({"people": say("Choose people or a user group.")})
    form = Adding(tuple(sorted(users)), chosen.mentee, chosen.mentor, chosen.ask)
    count, without = mentoring_adding.add(
        deps.db, deps.team_id, program_id, form, actor=user_id, now=deps.clock()
    )
    deps.hint()
    return {"response_action": "update", "view": blocks.added(count, without, asked=chosen.ask)}
