"""The modals of scheduling: open, redraw while they are filled in, save."""

from dataclasses import replace
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from blocks import hidden
from blocks import schedule as blocks
from blocks.ids import Ids
from blocks.kit import modal, plain_date, section
from blocks.words import _
from domain import oneline
from domain.errors import Refusal
from domain.facts import ProgramCard
from domain.forms import ScheduleForm, suggested
from domain.schedule import find_zones, zone_names
from domain.text import say
from handlers import access, guard
from handlers.context import metadata_of, number, place_of, submission_key, value_of
from services import people, programs, reminders, scheduling
from services.access import Rights
from services.ports import Deps

Body = dict[str, Any]


class NoSuchName(Refusal):
    """There is no program of this name."""


def register(app: App, deps: Deps) -> None:
    """Listen to everything that belongs to scheduling."""
    _register_buttons(app, deps)
    _register_views(app, deps)

    @app.options(Ids.SCHEDULE_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=blocks.zone_options(find_zones(str(body.get("value") or ""))))


def _register_buttons(app: App, deps: Deps) -> None:
    on = guard.presses(app, deps)
    on(Ids.SCHEDULE_PROGRAM, redraw)
    on(Ids.SCHEDULE_NOW, redraw)
    on(Ids.SCHEDULE_GROUPS, redraw)
    on(Ids.SCHEDULE_ASK_FIRST, redraw)
    on(Ids.SCHEDULE_EDIT, open_edit)
    on(Ids.SCHEDULE_CANCEL, cancel)
    on(Ids.REMINDER_OPEN, open_reminder)


def _register_views(app: App, deps: Deps) -> None:
    @app.view(Ids.SCHEDULE_SAVE)
    def submitted(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save(deps, found), at="match_date")(ack=ack, body=body)

    @app.view(Ids.REMINDER_SAVE)
    def reminded(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_reminder(deps, found), at="reminder_date")(ack=ack, body=body)


def cards_of(deps: Deps, found: Rights) -> list[ProgramCard]:
    """The programs that somebody may schedule."""
    return [card for card in programs.cards(deps.db, deps.team_id) if found.manages(card.id)]


def open_modal(deps: Deps, client: Any, body: Body, *, line: str = "", program_id: int = 0) -> dict[str, Any]:
    """Open "Schedule a session", on the chosen program, or filled in with what was typed on one *line*."""
    found = access.organizer(deps, body)
    cards = cards_of(deps, found)
    names, now = [(card.id, card.name) for card in cards], deps.clock()
    wanted = oneline.read(line, names, now=now).program_id or program_id
    chosen = next((card for card in cards if card.id == wanted), cards[0] if cards else None)
    zone = chosen.zone if chosen else zone_of(deps, found.user_id)
    said = oneline.read(line, names, now=now, zone_name=zone)  # once more: "tomorrow" is meant there
    if line and not said.understood:
        raise NoSuchName(
            say("There is no program called “{name}”. Type /sessions schedule to choose one.", name=line)
        )
    form = said.fill(suggested(now, said.zone or zone), asks_first=chosen is None or chosen.asks_first)
    view = blocks.render(replace(form, program_id=chosen.id if chosen else None), cards, notes=said.notes)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    return {}


def zone_of(deps: Deps, user_id: str) -> str:
    """The time zone that forms start with for somebody: their own, if we know it."""
    person = people.find(deps.db, deps.team_id, user_id)
    return person.tz if person and person.tz in zone_names() else "Etc/UTC"


def redraw(deps: Deps, client: Any, body: Body) -> None:
    """Draw the modal anew after a choice that changes its fields; what was typed stays."""
    cards = cards_of(deps, access.organizer(deps, body))
    view = body["view"]
    form = _with_hidden(blocks.read(view["state"]["values"], metadata_of(view)), view)
    chosen = next((card for card in cards if card.id == form.program_id), None)
    if chosen is not None:
        form = _with_dates(form, chosen, suggested(deps.clock(), form.zone or chosen.zone))
    update(client, view, blocks.render(form, cards, edition=_edition(view)))


def _with_hidden(form: ScheduleForm, view: Body) -> ScheduleForm:
    """The form with what was typed before a choice hid the field."""
    return hidden.recalled(form, view["state"]["values"], metadata_of(view))


def update(client: Any, view: Body, drawn: dict[str, Any]) -> None:
    """Draw an open modal anew, unless a newer choice did so already."""
    try:
        client.views_update(view_id=view["id"], hash=view["hash"], view=drawn)
    except SlackApiError as error:  # a newer choice was faster, or the modal is closed: nothing to say
        if error.response.get("error") not in ("hash_conflict", "not_found"):
            raise


def _with_dates(form: ScheduleForm, chosen: ProgramCard, start: ScheduleForm) -> ScheduleForm:
    """The form with dates to start from in fields that show now and did not before."""
    if form.asks(chosen.asks_first) and form.opt_in_date is None and not form.now:
        form = replace(form, opt_in_date=start.opt_in_date, opt_in_time=start.opt_in_time)
    if not form.undated and form.match_date is None:
        form = replace(form, match_date=start.match_date, match_time=start.match_time)
    return form


def _edition(view: Body) -> int:
    return number(str(metadata_of(view).get("edition") or ""))


def save(deps: Deps, body: Body) -> dict[str, Any]:
    """Store the session; with a warning the modal asks once more."""
    found = access.organizer(deps, body)
    view = body["view"]
    form = blocks.read(view["state"]["values"], metadata_of(view))
    if form.series_id is not None:
        access.organizer_of_series(deps, body, form.series_id)
    if form.program_id is not None:
        access.organizer_of(deps, body, form.program_id)
    try:
        scheduling.save(
            deps.db,
            deps.team_id,
            form,
            actor=found.user_id,
            key=submission_key(view),
            chance=deps.chance,
            now=deps.clock(),
        )
    except scheduling.AreYouSure as warning:
        cards = cards_of(deps, found)
        asked = blocks.render(
            _with_hidden(form, view), cards, warning=warning.sentence, edition=_edition(view)
        )
        return {"response_action": "update", "view": asked}
    deps.hint()
    return {"response_action": "clear"}


def open_edit(deps: Deps, client: Any, body: Body) -> None:
    """Open the modal on a saved session."""
    found = access.organizer(deps, body)
    series_id = number(value_of(body))
    access.organizer_of_series(deps, body, series_id)
    form = scheduling.form_of(deps.db, deps.team_id, series_id)
    view = blocks.render(form, cards_of(deps, found))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def cancel(deps: Deps, client: Any, body: Body) -> None:
    """Cancel a series."""
    series_id = number(value_of(body))
    user_id = access.organizer_of_series(deps, body, series_id)
    scheduling.cancel(deps.db, deps.team_id, series_id, actor=user_id, place=place_of(body), now=deps.clock())
    deps.hint()


def open_reminder(deps: Deps, client: Any, body: Body) -> None:
    """Open "Send a reminder"."""
    series_id = number(value_of(body))
    access.organizer_of_series(deps, body, series_id)
    form, zone = reminders.reminder_start(deps.db, deps.team_id, series_id)
    view = blocks.render_reminder(form, series_id, zone)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def save_reminder(deps: Deps, body: Body) -> dict[str, Any]:
    """Plan the reminder, and say when it goes out."""
    view = body["view"]
    held = metadata_of(view)
    series_id, occurrence_id = (number(str(held.get(name) or "")) for name in ("series", "occurrence"))
    if occurrence_id:
        user_id = access.organizer_of_session(deps, body, occurrence_id)
    else:
        user_id = access.organizer_of_series(deps, body, series_id)
    form = blocks.read_reminder(view["state"]["values"], edit=bool(held.get("edit")))
    due, zone = reminders.remind(
        deps.db,
        deps.team_id,
        series_id,
        form,
        actor=user_id,
        key=submission_key(view),
        now=deps.clock(),
        occurrence_id=occurrence_id,
    )
    deps.hint()
    if form.now:
        told = _("The reminder goes out now, to those who have not answered yet.")
    else:
        told = _(
            "The reminder goes out on {when}, to those who have not answered by then.",
            when=plain_date(due, zone),
        )
    done = modal(_("Send a reminder"), [section(told)], callback_id=Ids.REMINDER_SAVE, close=_("Done"))
    return {"response_action": "update", "view": done}


def view_on(deps: Deps, program_id: int) -> dict[str, Any]:
    """The modal "Schedule a session" on a program that was just made."""
    cards = programs.cards(deps.db, deps.team_id)
    return blocks.render(_start(deps, cards, program_id), cards, edition=program_id)


def _start(deps: Deps, cards: list[ProgramCard], program_id: int) -> ScheduleForm:
    chosen = next(card for card in cards if card.id == program_id)
    return replace(suggested(deps.clock(), chosen.zone), program_id=program_id)
