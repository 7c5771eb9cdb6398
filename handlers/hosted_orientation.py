"""Orientation sessions: asked for, taken, suggested, declined."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App

from blocks import hosted_orientation as blocks
from blocks.hosted_ids import HostedIds as Ids
from blocks.words import retold
from domain.errors import FieldRefusal, Refusal
from domain.hosted import Done
from domain.hosted_time import read_start
from domain.presses import Press
from domain.text import say
from handlers import guard, hosted_access
from handlers.context import actor_of, metadata_of, number, place_of, value_of
from services import hosted_orientation as orientations
from services.ports import Deps

Body = dict[str, Any]


def register(app: App, deps: Deps) -> None:
    """Listen to the form, and to the buttons of its messages."""
    on = guard.presses(app, deps)
    on(Ids.NEW_ORIENTATION, open_ask)
    on(Ids.ORIENT_ACCEPT, accept)
    on(Ids.ORIENT_SUGGEST, open_suggest)
    on(Ids.ORIENT_DECLINE, open_decline)

    @app.view(Ids.ORIENTATION_SAVE)
    def asked(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: save(deps, found), at="day")(ack=ack, body=body)

    @app.view(Ids.ORIENT_SUGGEST_SAVE)
    def suggested(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: suggest(deps, found), at="day")(ack=ack, body=body)

    @app.view(Ids.ORIENT_DECLINE_SAVE)
    def declined(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: decline(deps, found), at="text")(ack=ack, body=body)


def open_ask(deps: Deps, client: Any, body: Body) -> None:
    """Open the form. Raises NoSupport before anybody fills it in."""
    user = hosted_access.full_member(deps, body)
    orientations.supporters(deps, user)
    zone = orientations.zone(deps.db, deps.team_id, user)
    tomorrow = (deps.clock() + timedelta(days=1)).astimezone(ZoneInfo(zone)).date()
    client.views_open(trigger_id=body["trigger_id"], view=blocks.ask(tomorrow, zone=zone))


def save(deps: Deps, body: Body) -> dict[str, Any]:
    """Ask the support."""
    user = hosted_access.full_member(deps, body)
    form = blocks.read(body["view"]["state"]["values"])
    if len(form.text) < 2:
        raise FieldRefusal({"text": say("Write at least 2 characters.")})
    wish = orientations.Wish(_start(deps, user, form), form.text, f"orientation-{body['view']['id']}")
    support = orientations.supporters(deps, user)
    orientations.ask(deps.db, deps.team_id, wish, by=user, support=support, now=deps.clock())
    deps.hint()
    return {}


def accept(deps: Deps, client: Any, body: Body) -> None:
    """Take it, or take the time that was suggested."""
    session_id, press = press_of(body)
    vault = hosted_access.vault(deps)
    done = orientations.accept(
        deps.db,
        deps.team_id,
        session_id,
        press=press,
        by=actor_of(body).user_id,
        vault=vault,
        chance=deps.chance,
        now=deps.clock(),
    )
    _answer(deps, client, body, done)


def open_suggest(deps: Deps, client: Any, body: Body) -> None:
    """Open [Suggest Another Time]."""
    session_id, press = press_of(body)
    user = actor_of(body).user_id
    zone = orientations.zone(deps.db, deps.team_id, user)
    local = orientations.time_of(deps.db, deps.team_id, session_id, user).astimezone(ZoneInfo(zone))
    view = blocks.suggest(local.date(), local.time(), zone=zone, metadata=_metadata(session_id, press))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def suggest(deps: Deps, body: Body) -> dict[str, Any]:
    """Suggest another time."""
    user = actor_of(body).user_id
    session_id, press = _pressed(body)
    starts_at = _start(deps, user, blocks.read(body["view"]["state"]["values"]))
    done = orientations.suggest(
        deps.db, deps.team_id, session_id, starts_at, press=press, by=user, now=deps.clock()
    )
    deps.hint()
    return _unless_late(done)


def open_decline(deps: Deps, client: Any, body: Body) -> None:
    """Ask for a note."""
    session_id, press = press_of(body)
    orientations.time_of(deps.db, deps.team_id, session_id, actor_of(body).user_id)
    view = blocks.decline(metadata=_metadata(session_id, press))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def decline(deps: Deps, body: Body) -> dict[str, Any]:
    """Decline it."""
    session_id, press = _pressed(body)
    note = blocks.read(body["view"]["state"]["values"]).text
    done = orientations.decline(
        deps.db, deps.team_id, session_id, note, press=press, by=actor_of(body).user_id, now=deps.clock()
    )
    deps.hint()
    return _unless_late(done)


# --- What a press says ---------------------------------------------------------------------------------


def press_of(body: Body) -> tuple[int, Press]:
    """What was pressed about, and where: the value is "<session>.<message>"."""
    subject, _dot, message = value_of(body).partition(".")
    place = place_of(body)
    return number(subject), Press(number(message), place.channel, place.ts, place.response_url or "")


def _metadata(session_id: int, press: Press) -> dict[str, Any]:
    return {"session": session_id, "message": press.outbox_id, "url": press.response_url}


def _pressed(body: Body) -> tuple[int, Press]:
    found = metadata_of(body["view"])
    message, session = found.get("message"), found.get("session")
    press = Press(
        outbox_id=message if isinstance(message, int) else 0, response_url=str(found.get("url") or "")
    )
    return session if isinstance(session, int) else 0, press


def _start(deps: Deps, user: str, form: blocks.When) -> datetime:
    if form.day is None or form.at is None:
        raise FieldRefusal({"day" if form.day is None else "time": say("Choose a date and a time.")})
    zone = orientations.zone(deps.db, deps.team_id, user)
    try:
        return read_start(form.day, form.at, zone, now=deps.clock()).instant
    except FieldRefusal:
        raise
    except Refusal as refusal:
        raise FieldRefusal({"time": refusal.sentence}) from None


def _answer(deps: Deps, client: Any, body: Body, done: Done) -> None:
    deps.hint()
    if not done.changed and done.said:
        guard.whisper(client, body, retold(done.said))


def _unless_late(done: Done) -> dict[str, Any]:
    if done.changed:
        return {}
    return {"response_action": "update", "view": guard.notice(retold(done.said))}
