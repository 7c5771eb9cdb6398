"""Programs: the list, the card of one, and the modals that create and change it."""

from typing import Any

import structlog
from slack_bolt import App

from blocks import program as form_blocks
from blocks import program_cards as blocks
from blocks import schedule as schedule_blocks
from blocks.ids import Ids
from blocks.words import _
from domain.forms import ProgramForm
from domain.schedule import find_zones
from handlers import access, guard, mentoring_card, mentoring_pages, mentoring_setup, planning, schedule
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from services import program_cards, program_state, programs, usergroups
from services.access import Rights, rights
from services.ports import Deps

Body = dict[str, Any]
Json = dict[str, Any]

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to everything that belongs to programs."""
    _register_buttons(app, deps)

    @app.view(Ids.PROGRAM_CREATE)
    def created(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: create(deps, client, found), at="name")(ack=ack, body=body)

    @app.view(Ids.PROGRAM_SAVE)
    def changed(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: save(deps, client, found), at="name")(ack=ack, body=body)

    @app.options(Ids.PROGRAM_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=schedule_blocks.zone_options(find_zones(str(body.get("value") or ""))))

    @app.options(Ids.PROGRAM_TEAMS)
    @app.options(Ids.PROGRAM_USERGROUPS)
    def groups(ack: Any, body: Body) -> None:
        found = usergroups.offered(deps.db, deps.team_id, str(body.get("value") or ""))
        ack(options=form_blocks.usergroup_options(found))


def _register_buttons(app: App, deps: Deps) -> None:
    on = guard.presses(app, deps)
    on(Ids.PROGRAMS_OPEN, open_list)
    for turn in (Ids.PROGRAMS_BACK, Ids.PROGRAMS_PREVIOUS, Ids.PROGRAMS_NEXT):
        on(turn, open_list)
    on(Ids.PROGRAM_SHOW, show)
    on(Ids.PROGRAM_NEW, open_new)
    on(Ids.PROGRAM_OPT_IN, redraw)
    on(Ids.PROGRAM_KIND, choose_kind)
    on(Ids.PROGRAM_SCHEDULE, open_schedule)
    on(Ids.PROGRAM_SESSIONS, open_sessions)
    on(Ids.PROGRAM_SETTINGS, open_settings)
    on(Ids.PROGRAM_PAUSE, pause)
    on(Ids.PROGRAM_RESUME, resume)
    on(Ids.PROGRAM_ARCHIVE, archive)
    on(Ids.PROGRAM_RESTORE, restore)


def open_list(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Show the modal "Programs", in place of the modal that asked for it if there is one."""
    found = access.organizer(deps, body)
    page = program_cards.page(deps.db, deps.team_id, found, number(value_of(body)))
    _present(client, body, blocks.programs(page))
    return {}


def show(deps: Deps, client: Any, body: Body) -> None:
    """Show the card of the program that the pressed button names; of mentoring, its page in Home."""
    program_id = number(value_of(body))
    may, used = manager(deps, body, program_id), body.get("view") or {}
    if program_cards.is_mentoring(deps.db, deps.team_id, program_id):
        mentoring_pages.show(deps, client, body, lambda look: look.at(program_id))
        if used.get("type") != "modal":
            return
    _present(client, body, _card(deps, may, program_id))


def manager(deps: Deps, body: Body, program_id: int) -> Rights:
    """What the actor may do, who manages this program. Raises OrganizersOnly or NotYourProgram."""
    found = access.organizer(deps, body)
    if not found.manages(program_id):
        raise access.NotYourProgram
    return found


def _card(deps: Deps, may: Rights, program_id: int, note: str = "") -> Json:
    if program_cards.is_mentoring(deps.db, deps.team_id, program_id):
        return mentoring_card.view(deps, program_id, may, note)
    return blocks.card(program_cards.sheet(deps.db, deps.team_id, program_id, may), note=note)


def _present(client: Any, body: Body, view: Json) -> None:
    """Draw *view* over the modal that was used, or open it where there is none."""
    used = body.get("view") or {}
    if used.get("type") == "modal":
        schedule.update(client, used, view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def open_new(deps: Deps, client: Any, body: Body) -> None:
    """Open "New program", on top of the modal that offered it if there is one."""
    user_id = access.admin(deps, body)
    used = body.get("view") or {}
    form = ProgramForm(zone=schedule.zone_of(deps, user_id), owners=(user_id,))
    view = form_blocks.render(
        form, groups_known=_groups_known(deps), metadata={"from": str(used.get("callback_id") or "")}
    )
    if used.get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def _groups_known(deps: Deps) -> bool:
    return bool(usergroups.offered(deps.db, deps.team_id, ""))


def redraw(deps: Deps, client: Any, body: Body) -> None:
    """Draw a program's form anew after a choice that changes its fields; what was typed stays."""
    access.organizer(deps, body)
    view = body["view"]
    values = view["state"]["values"]
    form, handles, held = form_blocks.read(values), form_blocks.handles_in(values), metadata_of(view)
    known = _groups_known(deps)
    if view["callback_id"] == Ids.PROGRAM_CREATE:
        drawn = form_blocks.render(form, handles=handles, groups_known=known, metadata=held)
    else:
        program_id = number(str(held.get("program") or ""))
        drawn = form_blocks.render_settings(
            form, program_id, handles=handles, groups_known=known, seen=_seen(held)
        )
    schedule.update(client, view, drawn)


def _seen(held: Body) -> int | None:
    """The newest change that open settings show; None if they do not say."""
    return number(str(held["seen"])) if "seen" in held else None


def choose_kind(deps: Deps, client: Any, body: Body) -> None:
    """A mentoring program has a form of its own; what was typed as the name stays."""
    access.admin(deps, body)
    if form_blocks.kind_in(body["view"]["state"]["values"]) == "mentoring":
        schedule.update(client, body["view"], _mentoring(deps, body))


def _mentoring(deps: Deps, body: Body) -> Json:
    typed = form_blocks.read(body["view"]["state"]["values"])
    return mentoring_setup.new_view(deps, body, name=typed.name)


def create(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Store the program, and go on in the modal that offered to make one."""
    user_id = access.admin(deps, body)
    view = body["view"]
    if form_blocks.kind_in(view["state"]["values"]) == "mentoring":  # faster than the form was drawn anew
        return {"response_action": "update", "view": _mentoring(deps, body)}
    program_id = programs.create(
        deps.db,
        deps.team_id,
        form_blocks.read(view["state"]["values"]),
        actor=user_id,
        key=submission_key(view),
        now=deps.clock(),
    )
    deps.hint()
    if metadata_of(view).get("from") == Ids.PROGRAMS_LIST:
        note = _("Created. Next, choose the dates of its first session.")
        drawn = _card(deps, Rights(user_id, admin=True), program_id, note)
    else:
        drawn = schedule.view_on(deps, program_id)
    return go_back(client, view, drawn)


def go_back(client: Any, view: Body, drawn: Json) -> dict[str, Any]:
    """Close a modal over one that now shows *drawn*; where there is none below, this one shows it."""
    below = view.get("previous_view_id")
    if below and below != view["id"]:
        try:
            client.views_update(view_id=below, view=drawn)
            return {}
        except guard.SLACK_ERRORS as error:  # all is stored: go on in this modal
            log.info("modal_below_not_drawn", error=type(error).__name__)
    return {"response_action": "update", "view": drawn}


def open_schedule(deps: Deps, client: Any, body: Body) -> None:
    """Open "Schedule a session" on this program."""
    program_id = number(value_of(body))
    manager(deps, body, program_id)
    schedule.open_modal(deps, client, body, program_id=program_id)


def open_sessions(deps: Deps, client: Any, body: Body) -> None:
    """Open the planning of this program alone, as a list."""
    program_id = number(value_of(body))
    manager(deps, body, program_id)
    planning.open_list(deps, client, body, program_id=program_id)


def open_settings(deps: Deps, client: Any, body: Body) -> None:
    """Open "Settings" on top of the card."""
    program_id = number(value_of(body))
    manager(deps, body, program_id)
    form, seen = programs.settings(deps.db, deps.team_id, program_id)
    handles = usergroups.handles(deps.db, deps.team_id, {*form.usergroups, *form.teams})
    view = form_blocks.render_settings(
        form, program_id, handles=handles, groups_known=_groups_known(deps), seen=seen
    )
    client.views_push(trigger_id=body["trigger_id"], view=view)


def save(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Store the settings, and go back to the card."""
    view = body["view"]
    program_id = number(str(metadata_of(view).get("program") or ""))
    may = manager(deps, body, program_id)
    programs.change(
        deps.db,
        deps.team_id,
        program_id,
        form_blocks.read(view["state"]["values"]),
        actor=may.user_id,
        key=submission_key(view),
        now=deps.clock(),
        seen=_seen(metadata_of(view)),
    )
    deps.hint()
    still = rights(deps, actor_of(body).user_id)  # whoever took themselves off the owners manages it no more
    if not still.manages(program_id):
        return {"response_action": "clear"}
    return go_back(client, view, _card(deps, still, program_id, _("Saved.")))


def pause(deps: Deps, client: Any, body: Body) -> None:
    """Pause the program, and show its card so."""
    program_id = number(value_of(body))
    may = manager(deps, body, program_id)
    program_state.pause(deps.db, deps.team_id, program_id, actor=may.user_id, now=deps.clock())
    _present(client, body, _card(deps, may, program_id))


def resume(deps: Deps, client: Any, body: Body) -> None:
    """Go on with the program, and show its card so."""
    program_id = number(value_of(body))
    may = manager(deps, body, program_id)
    program_state.resume(deps.db, deps.team_id, program_id, actor=may.user_id, now=deps.clock())
    _present(client, body, _card(deps, may, program_id, _("Sessions take place again.")))


def archive(deps: Deps, client: Any, body: Body) -> None:
    """Archive the program, and show its card so."""
    user_id = access.admin(deps, body)
    program_id = number(value_of(body))
    program_state.archive(deps.db, deps.team_id, program_id, actor=user_id, now=deps.clock())
    deps.hint()
    _present(client, body, _card(deps, Rights(user_id, admin=True), program_id))


def restore(deps: Deps, client: Any, body: Body) -> None:
    """Bring an archived program back, and show its card so."""
    user_id = access.admin(deps, body)
    program_id = number(value_of(body))
    program_state.restore(deps.db, deps.team_id, program_id, actor=user_id, now=deps.clock())
    note = _("The program is back. Its sessions ended when it was archived: schedule a new one.")
    if program_cards.is_mentoring(deps.db, deps.team_id, program_id):
        note = _("The program is back, with its people. Its matches have ended, and matching is off.")
    _present(client, body, _card(deps, Rights(user_id, admin=True), program_id, note))
