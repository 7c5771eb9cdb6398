"""The buttons of a session's card, wherever it is drawn: in a message, in a modal, in App Home."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from blocks import card as blocks
from blocks import card_modals as modals
from blocks import schedule as schedule_blocks
from blocks.ids import Ids
from domain.errors import Refusal
from handlers import access, dry_runs, guard, home, schedule
from handlers.context import metadata_of, number, place_of, submission_key, value_of
from services import answers, cards, live, reminders, rescheduling, steering
from services.ports import Deps
from services.scheduling import AreYouSure

Body = dict[str, Any]
Do = Callable[[Deps, Any, Body, int, str], None]  # with the session's id, and the actor's


def register(app: App, deps: Deps) -> None:
    """Listen to everything on a card."""

    @app.action(re.compile(r"^card\."))
    def pressed(ack: Any, body: Body, client: Any) -> None:
        guard.action(deps, lambda found: press(deps, client, found))(ack=ack, body=body, client=client)

    @app.view(Ids.CARD_UPDATE_SAVE)
    def updated(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_update(deps, found), at="match_date")(ack=ack, body=body)

    @app.view(Ids.CARD_CANCEL_SAVE)
    def cancelled(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save_cancel(deps, found), at="apply")(ack=ack, body=body)


def press(deps: Deps, client: Any, body: Body) -> None:
    """One press on a card. If the card says what is not true any more, it is refused, and drawn anew."""
    action_id = body["actions"][0]["action_id"]
    if action_id in TURNS:
        turn(deps, client, body)
        return
    occurrence_id = number(value_of(body))
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    try:
        PRESSES[action_id](deps, client, body, occurrence_id, user_id)
    except Refusal:
        place = place_of(body)
        live.redraw(deps.db, deps.team_id, occurrence_id, channel=place.channel, ts=place.ts)
        deps.hint()
        _draw_below(deps, client, body, occurrence_id, user_id)
        raise


def _show(client: Any, body: Body, view: dict[str, Any]) -> None:
    """Open a modal, on top of one that is open."""
    opener = client.views_push if (body.get("view") or {}).get("type") == "modal" else client.views_open
    opener(trigger_id=body["trigger_id"], view=view)


def _draw_below(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Draw the card anew in the modal or the Home whose button was pressed; messages are drawn by a job."""
    view = body.get("view") or {}
    if view.get("type") == "home":
        home.show(deps, client, body)
    if view.get("callback_id") == Ids.CARD_SHOW:
        found = cards.card(deps.db, deps.team_id, occurrence_id, reader=user_id)
        schedule.update(client, view, blocks.view(found))


# --- What opens a modal ----------------------------------------------------------------------------------


def show(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open a card in a modal of its own."""
    _show(client, body, blocks.view(cards.card(deps.db, deps.team_id, occurrence_id, reader=user_id)))


def open_update(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open "Update schedule" on the present dates."""
    found = rescheduling.start(deps.db, deps.team_id, occurrence_id, reader=user_id)
    _show(client, body, modals.update(found.card, found.form))


def open_reminder(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open "Send a reminder", filled in with the one that is planned if there is one."""
    form, zone = reminders.reminder_start(deps.db, deps.team_id, 0, occurrence_id=occurrence_id)
    _show(client, body, schedule_blocks.render_reminder(form, 0, zone, occurrence_id=occurrence_id))


def ask_cancel(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open "Cancel session", which asks for one or for all that follow."""
    steering.may_cancel(deps.db, deps.team_id, occurrence_id)
    found = cards.card(deps.db, deps.team_id, occurrence_id, reader=user_id)
    _show(client, body, modals.cancel(found))


def open_people(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open "People" on its first page."""
    _show(client, body, modals.people(answers.page(deps.db, deps.team_id, occurrence_id, reader=user_id)))


# --- What acts at once -----------------------------------------------------------------------------------


def cancel_reminder(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Call the planned reminder off."""
    reminders.cancel_reminder(deps.db, deps.team_id, occurrence_id, actor=user_id, now=deps.clock())
    _done(deps, client, body, occurrence_id, user_id)


def match_now(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Close the answers; a job makes the groups."""
    steering.match_now(deps.db, deps.team_id, occurrence_id, actor=user_id, now=deps.clock())
    _done(deps, client, body, occurrence_id, user_id)


def cancel_now(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Cancel a session that does not repeat; the dialog has asked already."""
    _cancel(deps, occurrence_id, user_id, following=False)
    _done(deps, client, body, occurrence_id, user_id)


def send_anyway(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    """Open a session that was skipped."""
    steering.send_anyway(deps.db, deps.team_id, occurrence_id, actor=user_id, now=deps.clock())
    _done(deps, client, body, occurrence_id, user_id)


def _cancel(deps: Deps, occurrence_id: int, user_id: str, *, following: bool) -> None:
    steering.cancel_session(
        deps.db,
        deps.team_id,
        occurrence_id,
        following=following,
        actor=user_id,
        chance=deps.chance,
        now=deps.clock(),
    )


def _done(deps: Deps, client: Any, body: Body, occurrence_id: int, user_id: str) -> None:
    deps.hint()
    _draw_below(deps, client, body, occurrence_id, user_id)


# --- What is submitted -----------------------------------------------------------------------------------


def save_update(deps: Deps, body: Body) -> dict[str, Any]:
    """Store the new dates; with a warning the modal asks once more."""
    view = body["view"]
    occurrence_id = _session_of(view)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    form = modals.read_update(view["state"]["values"], metadata_of(view))
    try:
        rescheduling.reschedule(
            deps.db,
            deps.team_id,
            occurrence_id,
            form,
            actor=user_id,
            key=submission_key(view),
            chance=deps.chance,
            now=deps.clock(),
        )
    except AreYouSure as warning:
        found = cards.card(deps.db, deps.team_id, occurrence_id, reader=user_id)
        return {"response_action": "update", "view": modals.update(found, form, warning=warning.sentence)}
    deps.hint()
    return {}


def save_cancel(deps: Deps, body: Body) -> dict[str, Any]:
    """Cancel this session only, or this and all following."""
    view = body["view"]
    occurrence_id = _session_of(view)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    _cancel(deps, occurrence_id, user_id, following=modals.read_which(view["state"]["values"]))
    deps.hint()
    return {}


def _session_of(view: Body) -> int:
    return number(str(metadata_of(view).get("occurrence") or ""))


# --- Pages of people -------------------------------------------------------------------------------------


def turn(deps: Deps, client: Any, body: Body) -> None:
    """Show another page of "People", or those of another answer."""
    view, action = body["view"], body["actions"][0]
    occurrence_id = _session_of(view)
    user_id = access.organizer_of_session(deps, body, occurrence_id)
    shown, number_of_page = str(metadata_of(view).get("shown") or "all"), number(value_of(body))
    if action["action_id"] == Ids.CARD_PEOPLE_SHOW:
        shown, number_of_page = str((action.get("selected_option") or {}).get("value") or "all"), 0
    found = answers.page(
        deps.db, deps.team_id, occurrence_id, shown=shown, number=number_of_page, reader=user_id
    )
    schedule.update(client, view, modals.people(found))


TURNS = frozenset({Ids.CARD_PEOPLE_SHOW, Ids.CARD_PEOPLE_PAGE, Ids.CARD_PEOPLE_BACK})
PRESSES: dict[str, Do] = {
    Ids.CARD_SHOW: show,
    Ids.CARD_UPDATE: open_update,
    Ids.CARD_REMIND: open_reminder,
    Ids.CARD_REMIND_CANCEL: cancel_reminder,
    Ids.CARD_MATCH: match_now,
    Ids.CARD_CANCEL: cancel_now,
    Ids.CARD_CANCEL_ASK: ask_cancel,
    Ids.CARD_SEND_ANYWAY: send_anyway,
    Ids.CARD_PEOPLE: open_people,
    Ids.CARD_DRY_RUN: dry_runs.show,
}
