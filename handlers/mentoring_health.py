"""[Monitor Health], a word to a match that needs one, and [End match]."""

from typing import Any

import structlog
from slack_bolt import App

from blocks import mentoring_end, mentoring_health
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.words import _
from domain.mentoring import Done
from domain.mentoring_meetings import MatchOver
from handlers import guard, mentoring_meetings
from handlers.context import actor_of, metadata_of, number, submission_key, value_of
from handlers.mentoring_access import organizer_of, organizer_of_match
from handlers.mentoring_meetings import show
from services import mentoring_endings, mentoring_nudges, mentoring_pairs
from services import mentoring_health as health
from services.mentoring_endings import EndForm
from services.ports import Deps

Body = dict[str, Any]

log = structlog.get_logger()


def register(app: App, deps: Deps) -> None:
    """Listen to it, and to the meetings of matches."""
    mentoring_meetings.register(app, deps)
    on = guard.presses(app, deps)
    on(Ids.HEALTH_OPEN, open_page)
    on(guard.each_of(Ids.HEALTH_TURN), turn)
    on(Ids.HEALTH_NUDGE, nudge)
    on(Ids.HEALTH_WRITE, open_word)
    on(Ids.HEALTH_MORE, more)
    on(Ids.MATCH_END, lambda deps, client, body: open_end(deps, client, body, number(value_of(body))))

    @app.view(Ids.MATCH_ENDED)
    def ended(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: end(deps, client, found), at="reason")(ack=ack, body=body)

    @app.view(Ids.HEALTH_WRITTEN)
    def written(ack: Any, body: Body, client: Any) -> None:
        guard.view(deps, lambda found: write(deps, client, found), at="text")(ack=ack, body=body)


# --- The page ------------------------------------------------------------------------------------------


def open_page(deps: Deps, client: Any, body: Body) -> None:
    """Open the page of the program that the pressed button names."""
    program_id, tab, page = _wanted(value_of(body))
    organizer_of(deps, body, program_id)
    show(client, body, _page(deps, body, program_id, tab, page))


def turn(deps: Deps, client: Any, body: Body) -> None:
    """Show another view, list or page in the modal that is open."""
    program_id, tab, page = _wanted(value_of(body))
    organizer_of(deps, body, program_id)
    client.views_update(view_id=body["view"]["id"], view=_page(deps, body, program_id, tab, page))


def _wanted(value: str) -> tuple[int, str, int]:
    """What a button's value names: "<program>.<tab>.<page>", of which the last two may be missing."""
    program, _dot, rest = value.partition(".")
    tab, _dot, page = rest.partition(".")
    return number(program), tab, number(page)


def _page(deps: Deps, body: Body, program_id: int, tab: str, page: int, note: str = "") -> dict[str, Any]:
    reader = actor_of(body).user_id
    found = health.page(
        deps.db, deps.team_id, program_id, tab=tab, number=page, reader=reader, now=deps.clock()
    )
    return mentoring_health.view(found, note)


def _stands(view: Body) -> dict[str, Any]:
    """Which page a modal shows, so that it can be drawn anew; {} if it is none."""
    if view.get("callback_id") != Ids.HEALTH_VIEW:
        return {}
    held = metadata_of(view)
    return {name: held.get(name) for name in ("tab", "page")}


# --- A word to both ------------------------------------------------------------------------------------


def nudge(deps: Deps, client: Any, body: Body) -> None:
    """Remind both people of a match, and say so on the page."""
    match_id = number(value_of(body))
    actor, program_id = organizer_of_match(deps, body, match_id)
    done = mentoring_nudges.nudge(deps.db, deps.team_id, match_id, actor=actor, now=deps.clock())
    deps.hint()
    at = _stands(body.get("view") or {})
    if at:
        tab, page = str(at["tab"] or ""), number(str(at["page"]))
        view = _page(deps, body, program_id, tab, page, _of_nudge(done))
        client.views_update(view_id=body["view"]["id"], view=view)
    else:
        guard.whisper(client, body, _of_nudge(done))


def _of_nudge(done: Done) -> str:
    if done.changed:
        return _("Both will be reminded now.")
    if done.at is not None:
        return _("They were nudged less than 3 days ago.")
    return _("This match has ended.")


def open_word(deps: Deps, client: Any, body: Body) -> None:
    """Open the modal in which an organizer writes to both."""
    match_id = number(value_of(body))
    organizer_of_match(deps, body, match_id)
    pair = mentoring_pairs.pair(deps.db, deps.team_id, match_id)
    if not pair.active:
        raise MatchOver
    show(client, body, mentoring_end.render_word(pair, metadata=_stands(body.get("view") or {})))


def write(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """Send what was written to both."""
    view = body["view"]
    match_id = number(str(metadata_of(view).get("match")))
    actor, program_id = organizer_of_match(deps, body, match_id)
    text, key = mentoring_end.read_word(view["state"]["values"]), submission_key(view)
    mentoring_nudges.write(deps.db, deps.team_id, match_id, text, actor=actor, key=key, now=deps.clock())
    deps.hint()
    _draw_below(deps, client, body, program_id, _("Your message goes to both now."))
    return {}


def _draw_below(deps: Deps, client: Any, body: Body, program_id: int, note: str) -> None:
    """Draw the page anew that lies below a submitted modal, if one does."""
    view = body["view"]
    held, below = metadata_of(view), view.get("previous_view_id")
    if "tab" not in held or not below or below == view["id"]:
        return
    drawn = _page(deps, body, program_id, str(held["tab"] or ""), number(str(held.get("page"))), note)
    try:
        client.views_update(view_id=below, view=drawn)
    except guard.SLACK_ERRORS as error:  # all is stored, and the next look tells
        log.info("modal_below_not_drawn", error=type(error).__name__)


# --- The end of a match --------------------------------------------------------------------------------


def more(deps: Deps, client: Any, body: Body) -> None:
    """What was chosen in ⋮: its value is "<what>.<match>"."""
    chosen = (body["actions"][0].get("selected_option") or {}).get("value") or ""
    what, _dot, match = str(chosen).partition(".")
    if what == "end":
        open_end(deps, client, body, number(match))


def open_end(deps: Deps, client: Any, body: Body, match_id: int) -> None:
    """Open [End match], on top of the modal that asked for it if there is one."""
    organizer_of_match(deps, body, match_id)
    pair = mentoring_pairs.pair(deps.db, deps.team_id, match_id)
    if not pair.active:
        raise MatchOver
    show(client, body, mentoring_end.render(pair, metadata=_stands(body.get("view") or {})))


def end(deps: Deps, client: Any, body: Body) -> dict[str, Any]:
    """End the match."""
    view = body["view"]
    match_id = number(str(metadata_of(view).get("match")))
    actor, program_id = organizer_of_match(deps, body, match_id)
    form = EndForm(**mentoring_end.read(view["state"]["values"]))
    done = mentoring_endings.end(deps.db, deps.team_id, match_id, form, actor=actor, now=deps.clock())
    deps.hint()
    note = _("The match has ended.") if done.changed else _("This match was over already.")
    _draw_below(deps, client, body, program_id, note)
    return {}
