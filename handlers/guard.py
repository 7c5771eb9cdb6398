"""The honest answer: 200 means committed, and whoever pressed learns what happened.

A listener does its work and then answers; whatever it raises is turned into words here. "Not saved" is
said only when nothing was. All of it is said in the language of whoever acts, which is looked up only once a
word is needed: a Join that goes well asks nobody.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import structlog
from slack_bolt import App
from slack_sdk.errors import SlackClientError

from blocks.ids import Ids
from blocks.kit import escape, modal, section
from blocks.words import _, retold, speaking
from domain.errors import FieldRefusal, Refusal, TryLater
from domain.text import N_
from handlers.context import actor_of, place_of
from services import home, people
from services.ports import Deps

log = structlog.get_logger()

SLACK_ERRORS = (SlackClientError, OSError)  # whatever keeps a call to Slack from being answered well

SLACK_SILENT = N_("Slack did not answer in time, so this could not be shown. Please try again.")
NOT_SAVED = N_("Not saved: Sessions is busy. Please try again in a moment.")


def to_actor(deps: Deps, body: dict[str, Any]) -> AbstractContextManager[None]:
    """Speak the language of whoever acts; English to somebody we do not know, or while we cannot look."""

    def locale() -> str:
        try:
            return people.locale(deps.db, deps.team_id, actor_of(body).user_id)
        except Exception as error:
            log.info("language_unknown", error=type(error).__name__)
            return ""

    return speaking(locale)


def sentence_of(error: Exception, deps: Deps) -> str:
    """What a person reads about an error; a bug gets a reference number that is also in the log."""
    if isinstance(error, FieldRefusal):
        return " ".join(retold(problem) for problem in error.problems.values())
    if isinstance(error, Refusal):
        return retold(error.sentence)
    if isinstance(error, TryLater):
        return _(NOT_SAVED)
    if isinstance(error, SLACK_ERRORS):
        log.warning("slack_did_not_answer", error=type(error).__name__)
        return _(SLACK_SILENT)
    reference = deps.chance.token()[:8]
    log.error("listener_failed", reference=reference, exc_info=error)
    return _(
        "Not saved: something went wrong on our side. Tell your admin the reference {reference}.",
        reference=reference,
    )


def command(deps: Deps, listener: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., None]:
    """Guard a slash command; *listener* returns the private answer, {} for none."""

    def guarded(ack: Any, body: dict[str, Any]) -> None:
        with to_actor(deps, body):
            try:
                ack(**listener(body))
            except Exception as error:
                ack(text=sentence_of(error, deps))

    return guarded


def action(deps: Deps, listener: Callable[[dict[str, Any]], object]) -> Callable[..., None]:
    """Guard a button; what it could not do is said privately, beside the message."""

    def guarded(ack: Any, body: dict[str, Any], client: Any) -> None:
        with to_actor(deps, body):
            try:
                listener(body)
            except Exception as error:
                whisper(client, body, sentence_of(error, deps))
        if body.get("view"):
            at_home(deps, body)
        ack()

    return guarded


def each_of(action_id: str) -> re.Pattern[str]:
    """Buttons that stand side by side need names of their own: *action_id*, a dot, and one word more."""
    return re.compile(rf"{re.escape(action_id)}\.\w+")


def presses(app: App, deps: Deps) -> Callable[[str | re.Pattern[str], Callable[..., object]], None]:
    """``on(action_id, do)``: have a guarded *do*, which takes deps, client and body, hear of an element."""

    def on(action_id: str | re.Pattern[str], do: Callable[..., object]) -> None:
        @app.action(action_id)
        def listener(ack: Any, body: dict[str, Any], client: Any) -> None:
            action(deps, lambda found: do(deps, client, found))(ack=ack, body=body, client=client)

    return on


def view(deps: Deps, listener: Callable[[dict[str, Any]], dict[str, Any]], *, at: str) -> Callable[..., None]:
    """Guard a modal's submission; *listener* returns what ack() gets, *at* takes errors of no field."""

    def guarded(ack: Any, body: dict[str, Any]) -> None:
        with to_actor(deps, body):
            try:
                answer = listener(body)
                at_home(deps, body)
                ack(**answer)
            except FieldRefusal as refusal:
                problems = {name: retold(problem) for name, problem in refusal.problems.items()}
                ack(response_action="errors", errors=_shown(problems, body, at))
            except Exception as error:
                ack(response_action="errors", errors=_shown({at: sentence_of(error, deps)}, body, at))

    return guarded


def _shown(problems: dict[str, str], body: dict[str, Any], at: str) -> dict[str, str]:
    """Each sentence at its field; at *at* where the field is not part of the modal now."""
    ids = [block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"]
    fields = {block_id.partition(".")[0]: block_id for block_id in ids}  # "zone.4" is the field "zone"
    fallback = fields.get(at) or next(iter(ids), at)
    return {fields.get(name, fallback): text for name, text in problems.items()}


def event(deps: Deps, listener: Callable[[dict[str, Any]], None]) -> Callable[..., None]:
    """Guard an event: a refusal is logged; anything else is raised, and Slack delivers it again."""

    def guarded(ack: Any, body: dict[str, Any]) -> None:
        with to_actor(deps, body):
            try:
                listener(body)
            except Refusal as refusal:
                log.info("event_refused", why=type(refusal).__name__)
        ack()

    return guarded


def at_home(deps: Deps, body: dict[str, Any]) -> None:
    """What was just done in a view may change the actor's App Home: it is drawn anew, if they look at it."""
    try:
        if home.touch(deps.db, deps.team_id, actor_of(body).user_id):
            deps.hint()
    except Exception as error:  # a hint: what was done is done, and the next look tells
        log.info("home_not_owed", error=type(error).__name__)


def whisper(client: Any, body: dict[str, Any], text: str) -> None:
    """Say something to the presser alone. A hint: if it cannot be said, the message still tells the truth."""
    actor, place = actor_of(body), place_of(body)
    try:
        if place.channel:
            client.chat_postEphemeral(channel=place.channel, user=actor.user_id, text=text)
        elif (body.get("view") or {}).get("type") == "modal":
            client.views_push(trigger_id=body["trigger_id"], view=notice(text))
        else:
            client.views_open(trigger_id=body["trigger_id"], view=notice(text))
    except Exception as error:
        log.info("whisper_failed", error=type(error).__name__)


def notice(text: str) -> dict[str, Any]:
    """A modal that says one thing: where there is no message beside which it could be said."""
    return modal("Sessions", [section(escape(text, 3000))], callback_id=Ids.NOTICE, close=_("Close"))
