"""Answers that become messages: what a command is acknowledged with, and response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import talk
from sandbox.answers import Json, SlackError
from sandbox.api.chat import check
from sandbox.clock import ticks
from sandbox.parcels import Outcome
from sandbox.state import SLACKBOT, Conversation, Person, ResponseTicket, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

RESPONSE_USES = 5
TRUE_WORDS = (True, "true", "1", 1)


def show_command_answer(
    hub: Hub, team: Team, person: Person, conv: Conversation, command: str, outcome: Outcome
) -> str:
    """Show what a command was acknowledged with; returns the error's name if it failed."""
    error = command_error(outcome)
    if error:
        text = f'{command} failed with the error "{error}"'
        talk.whisper(hub, team, conv, person.id, talk.Draft(text=text), author=SLACKBOT)
        return error
    answer = outcome.content()
    if isinstance(answer, dict):
        try:
            _say(hub, team, conv, person.id, answer)
        except SlackError as wrong:
            hub.journal.add(
                "bad_ack", what="command", delivery=outcome.delivery, text=wrong.error, body=outcome.text
            )
            return wrong.error
    elif outcome.text.strip():
        talk.whisper(hub, team, conv, person.id, talk.Draft(text=outcome.text))
    return ""


def command_error(outcome: Outcome) -> str:
    """How Slack names the failure of a command; "" when it was acknowledged."""
    if outcome.ok:
        return ""
    return "operation_timeout" if outcome.how in {"timeout", "lost"} else "dispatch_failed"


def respond(hub: Hub, ticket_id: str, body: Any) -> tuple[int, Json]:
    """Use a response_url once."""
    team, ticket = _ticket(hub, ticket_id)
    if team is None or ticket is None or ticket.uses >= RESPONSE_USES:
        return 404, {"ok": False, "error": "used_url"}
    if ticks() - ticket.born > hub.settings.response_seconds:
        return 404, {"ok": False, "error": "used_url"}
    if not isinstance(body, dict):
        return 400, {"ok": False, "error": "invalid_payload"}
    ticket.uses += 1
    try:
        _apply(hub, team, ticket, body)
    except SlackError as refusal:
        return 200, refusal.body()
    return 200, {"ok": True}


def _ticket(hub: Hub, ticket_id: str) -> tuple[Team | None, ResponseTicket | None]:
    for team in hub.world.teams.values():
        if ticket_id in team.tickets:
            return team, team.tickets[ticket_id]
    return None, None


def _apply(hub: Hub, team: Team, ticket: ResponseTicket, body: Json) -> None:
    conv = team.conversations[ticket.channel]
    original = talk.find_message(conv, ticket.ts, ticket.user) if ticket.ts else None
    if body.get("delete_original") in TRUE_WORDS:
        if original is not None:
            talk.erase(hub, team, conv, original)
        return
    # Without a word about it, an answer to a button takes the place of the message it stood in.
    replaces = body.get("replace_original", ticket.ts is not None and "response_type" not in body)
    if original is not None and replaces in TRUE_WORDS:
        change = {k: body[k] for k in ("text", "blocks", "metadata") if body.get(k) is not None}
        _checked(change)
        talk.edit(hub, team, conv, original, change)
        return
    _say(hub, team, conv, ticket.user, body, thread_ts=ticket.thread_ts)


def _say(
    hub: Hub, team: Team, conv: Conversation, user: str, body: Json, thread_ts: str | None = None
) -> None:
    draft = _checked(body)
    draft.thread_ts = body.get("thread_ts") or thread_ts
    if not draft.text and not draft.blocks:
        if "response_type" in body or "blocks" in body:
            raise SlackError("no_text")
        return
    if body.get("response_type") == "in_channel":
        talk.post(hub, team, conv, team.bot_user, draft)
    else:
        talk.whisper(hub, team, conv, user, draft)


def _checked(body: Json) -> talk.Draft:
    blocks = body.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    draft = talk.Draft(text=str(body.get("text") or ""), blocks=blocks)
    draft.metadata = body.get("metadata")
    check(draft)
    return draft
